"""The chatbot that the benchmarks talk to: a quick mock server, or else the demo bot."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.process import COMMAND

MOCK = Path(__file__).parents[2] / "shared" / "bench" / "mock_server.py"
NEEDED = ("httptools", "uvloop", "orjson")
IS_MOCK = MOCK.exists() and all(find_spec(name) for name in NEEDED)
NAME = "the mock server of ../shared/bench" if IS_MOCK else "the demo bot, slower than a mock"


@dataclass(frozen=True, slots=True)
class Bot:
    """A server that answers at ``url``: ``/v1`` speaks OpenAI's wire, ``/chat`` generic HTTP."""

    url: str

    def forget(self) -> None:
        """Drop its sessions, so that no measurement pays for those before it."""
        if IS_MOCK:
            urllib.request.urlopen(f"{self.url}/reset", data=b"{}", timeout=10).close()


@contextmanager
def serving(latency: float) -> Iterator[Bot]:
    """Serve a bot that takes ``latency`` seconds for a reply."""
    milliseconds = f"{latency * 1000:g}"
    if IS_MOCK:
        url = f"http://127.0.0.1:{_free_port()}"
        port = url.rpartition(":")[2]
        words = [sys.executable, str(MOCK), "--port", port, "--latency-ms", milliseconds]
    else:
        words = [COMMAND, "demo-bot", "--port", "0", "--fault", f"latency={milliseconds}ms"]
    with _running(words) as first_line:
        yield Bot(url if IS_MOCK else first_line.split()[-1])


@contextmanager
def _running(words: Sequence[str]) -> Iterator[str]:
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            sys.exit(f"the server did not start: {' '.join(words)}")
        yield line
    finally:
        process.terminate()
        process.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
