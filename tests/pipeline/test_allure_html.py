"""``report --html``: Allure's own HTML, with the history of three runs, seen in a browser."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .command import Ended, write
from .suites import RETURNS

Command = Callable[..., Ended]
HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=document.title='owned'>"
)


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
    pytest.skip(f"there is no `allure` {major} here")


@pytest.fixture(params=[3, 2])
def major(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    version: int = request.param
    if version == 2 and shutil.which("java") is None:
        pytest.skip("there is no Java here")
    monkeypatch.setenv("PATH", f"{allure(version)}{os.pathsep}{os.environ['PATH']}")
    return version


@contextmanager
def served(folder: Path) -> Iterator[str]:
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


def results(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]


def test_a_report_has_the_history_of_three_runs_and_the_conversation(
    here: Path, command: Command, major: int
) -> None:
    write(here, "bot.py", f'def reply(message):\n    return """30 days, 2 EUR {HOSTILE}"""\n')
    write(here, "chatbot-qa.yaml", "targets:\n  own: {kind: python, function: 'bot.py:reply'}\n")
    write(here, "returns.yaml", RETURNS)
    for name in ("one", "two", "three"):
        command("run", "returns.yaml", "--target", "own", "--out", name)
        ended = command("report", name, "--html", "--format", "json")
        assert ended.code == 0, ended.all
        assert len(ended.json["cases"]) == 4
    html = here / "three" / "allure-html"
    assert (html / "trust.html").exists()
    if major == 3:
        lines = (here / ".chatbot-qa" / "allure-history.jsonl").read_text("utf-8").splitlines()
        assert len(lines) == 3
        (case,) = [
            one for one in results(html / "data" / "test-results")
            if str(one["fullName"]).endswith(": hours")
        ]  # fmt: skip
        assert len(case["history"]) == 2  # type: ignore[arg-type]
        page = f"#{case['id']}"
    else:
        trend = json.loads((html / "history" / "history-trend.json").read_text("utf-8"))
        assert len(trend) == 3
        page = "#suites"
    with served(html) as address:
        for place in ("", page):
            dom, console = seen(f"{address}/{place}", here / "profile")
            assert "owned" not in (re.search(r"<title>(.*?)</title>", dom) or [""])[0]
            assert not [line for line in console.splitlines() if "ERROR" in line], console
        attached = "data/attachments"
        pages = [path for path in (html / attached).iterdir() if path.suffix == ".html"]
        shown, _ = seen(f"{address}/{attached}/{pages[0].name}", here / "profile")
        assert "30 days, 2 EUR" in shown
        assert "<title>conversation</title>" in shown


def test_without_allure_it_says_how_to_get_one(
    here: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "demo", "--out", "run")
    ended = command("report", "run", "--html")
    assert ended.code == 2
    assert "npm install --global allure" in ended.err


@pytest.mark.skipif(os.name == "nt", reason="a script stands for the command")
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo unknown", "does not tell its version"),
        (
            '[ "$1" = --version ] && echo 3.18.0 || { echo no room >&2; exit 7; }',
            "ended with 7: no room",
        ),
    ],
)
def test_an_allure_that_fails_is_told(
    here: Path, command: Command, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    write(here, "bin/allure", f"#!/bin/sh\n{script}\n").chmod(0o755)
    monkeypatch.setenv("PATH", f"{here / 'bin'}{os.pathsep}{os.environ['PATH']}")
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "demo", "--out", "run")
    ended = command("report", "run", "--html")
    assert ended.code in (2, 3)
    assert told in ended.err
