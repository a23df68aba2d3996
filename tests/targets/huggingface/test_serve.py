"""A server of one's own: started, waited for, asked and ended, with a stand-in for the program."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface import serve
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from chatbot_qa.targets.models.folder import Weights
from tests.targets.asking import go

from .making import TINY, talk, target
from .tiny_gguf import written

SERVER = """
import http.server, json, os, sys, time
given = sys.argv[1:]
port = int(given[given.index("--port") + 1])
open(os.environ["HF_TEST_NOTES"], "a").write(f"{os.getpid()} {' '.join(given)}\\n")
if "--breaks" in given:
    sys.exit("no such quantization")
time.sleep(0.3)
begun = time.monotonic()
class Bot(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        late = "--never" in given or time.monotonic() - begun < 0.3
        self.answer(503 if late else 200, b"{}")
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers.get("Authorization", "no key")
        del asked["messages"][:-1]
        said = f"{json.dumps(asked, sort_keys=True)} {key}"
        message = {"choices": [{"message": {"content": said}, "finish_reason": "stop"}]}
        self.answer(200, json.dumps(message).encode())
http.server.ThreadingHTTPServer(("127.0.0.1", port), Bot).serve_forever()
"""


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program ``vllm`` on the PATH that writes to this file that it was started."""
    if sys.platform == "win32":
        pytest.skip("the stand-in is a script of POSIX")
    program = tmp_path / "bin" / "vllm"
    program.parent.mkdir()
    (tmp_path / "server.py").write_text(SERVER, encoding="utf-8")
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path / "server.py"} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HF_TEST_NOTES", str(tmp_path / "notes"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-this-server")
    return tmp_path / "notes"


def ended(notes: Path) -> bool:
    """Whether the one program that was started is over, or will be in a moment."""
    (line,) = notes.read_text().splitlines()
    for _ in range(50):
        try:
            os.kill(int(line.split()[0]), 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


async def held(bot: Any, *said: str) -> list[str]:
    try:
        return [reply.text for reply in await talk(bot, said)]
    finally:
        await bot.close()


def test_it_is_started_once_asked_and_ended(notes: Path) -> None:
    bot = target(serve="vllm", temperature=0, max_new_tokens=9, top_k=3)
    first, second = go(held(bot, "Hi", "Bye"))
    assert first == (
        '{"max_tokens": 9, "messages": [{"content": "Hi", "role": "user"}], '
        f'"model": "{TINY.resolve()}", "temperature": 0, "top_k": 3}} no key'
    )
    assert '"content": "Bye"' in second
    (line,) = notes.read_text().splitlines()
    assert line.split()[1:4] == ["serve", str(TINY.resolve()), "--host"]
    assert ended(notes)


def test_one_that_ends_says_why(notes: Path) -> None:
    with pytest.raises(Fault) as raised:
        go(held(target(serve="vllm", serve_arguments=("--breaks",)), "Hi"))
    assert "vllm ended with exit code 1" in raised.value.note.message
    assert "no such quantization" in raised.value.note.message


def test_one_that_is_never_ready(notes: Path) -> None:
    bot = target(serve="vllm", serve_arguments=("--never",), serve_within=1.5)
    with pytest.raises(Fault) as raised:
        go(held(bot, "Hi"))
    assert "vllm was not ready within 1.5 s; serve_within: allows more" in (
        raised.value.note.message
    )
    assert ended(notes)


def test_it_says_what_it_is(notes: Path) -> None:
    one, other = target(serve="vllm"), target(serve="vllm", temperature=1)
    assert one.fingerprint.startswith(f"huggingface {TINY} ")
    told = "(557,952 parameters, 2.2 MB, licence: as-this-project) served by vllm "
    assert told in one.fingerprint
    assert one.fingerprint != other.fingerprint
    assert one.local
    assert not notes.exists()


def test_no_such_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sysconfig, "get_path", lambda name: "")
    with pytest.raises(UsageError) as raised:
        target(serve="vllm")
    assert raised.value.message == "serve: there is no program vllm here"
    assert raised.value.hint == "pip install vllm"


def test_a_program_beside_a_python_that_is_not_on_the_path(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(
        sysconfig, "get_path", lambda name: str(tmp_path / "bin") if name == "scripts" else ""
    )
    (first,) = go(held(target(serve="vllm"), "Hi"))
    assert '"content": "Hi"' in first
    assert ended(notes)


class TestCommand:
    @pytest.mark.parametrize(
        ("options", "line"),
        [
            (
                {"serve": "vllm", "dtype": "bfloat16", "device": "cpu"},
                "serve /m --host 127.0.0.1 --port 80 --dtype bfloat16 --device cpu",
            ),
            (
                {"serve": "transformers", "trust_remote_code": True, "serve_arguments": ("-x",)},
                "serve /m --host 127.0.0.1 --port 80 --trust-remote-code -x",
            ),
            (
                {"serve": "llama.cpp", "serve_arguments": ("-ngl", "99")},
                "--model /m --host 127.0.0.1 --port 80 -ngl 99",
            ),
        ],
    )
    def test_each_server_is_told_in_its_own_way(self, options: Any, line: str) -> None:
        chosen = HuggingFaceOptions(model="m", **options)
        assert " ".join(serve.arguments_of(chosen, Weights("m", Path("/m"), ""), 80)) == line

    def test_a_model_of_llama_cpp_is_one_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda name, **_: f"/bin/{name}")
        with pytest.raises(UsageError, match=r"there is no file .*m\.gguf"):
            target(folder=str(tmp_path), model="m.gguf", serve="llama.cpp")
        (tmp_path / "m.gguf").write_bytes(b"PK..")
        with pytest.raises(UsageError, match="is no file in GGUF"):
            target(folder=str(tmp_path), model="m.gguf", serve="llama.cpp")
        written(tmp_path / "m.gguf", {"general.license": "mit"}, {"a": ((2,), bytes(8))})
        one = target(folder=str(tmp_path), model="m.gguf", serve="llama.cpp").fingerprint
        assert "(2 parameters, 0.0 MB, licence: mit) served by llama.cpp" in one
        written(tmp_path / "m.gguf", {"general.license": "mit"}, {"a": ((2,), bytes([1] * 8))})
        assert target(folder=str(tmp_path), model="m.gguf", serve="llama.cpp").fingerprint != one
