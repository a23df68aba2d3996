"""An `allure` of this machine, a server of the folder that it builds, and a browser to look."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def allure(major: int) -> Path:
    """The folder of an `allure` of this version; CI installs both and names them."""
    named = os.environ.get(f"ALLURE_{major}")
    if named:
        return Path(named)
    found = shutil.which("allure")
    if found:
        done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        if re.search(rf"\b{major}\.\d+\.\d+", done.stdout):
            return Path(found).parent
    pytest.skip(f"there is no `allure` {major} here, nor does ALLURE_{major} name its folder")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder while it is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def seen(address: str, profile: Path) -> tuple[str, str]:
    """The page as a browser has it, and what it wrote on its console."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("there is no Chromium here")
    words = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--virtual-time-budget=15000", "--enable-logging=stderr", f"--user-data-dir={profile}",
        "--dump-dom", address,
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    said = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return done.stdout, said
