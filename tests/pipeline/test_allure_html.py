"""``report --html``: Allure's own HTML, with the history of three runs, seen in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .allure_browser import allure, seen, served
from .command import Ended, write
from .suites import RETURNS

Command = Callable[..., Ended]
HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=document.title='owned'>"
)


@pytest.fixture(params=[3, 2])
def major(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    version: int = request.param
    if version == 2 and shutil.which("java") is None:
        pytest.skip("there is no Java here")
    monkeypatch.setenv("PATH", f"{allure(version)}{os.pathsep}{os.environ['PATH']}")
    return version


def results(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]


def conversations(html: Path) -> list[Path]:
    """The pages of conversations that are attached in a report."""
    pages = (html / "data" / "attachments").glob("*.html")
    return [path for path in pages if "<title>conversation</title>" in path.read_text("utf-8")]


def test_a_report_has_the_history_of_three_runs_and_the_conversation(
    here: Path, command: Command, major: int
) -> None:
    write(here, "bot.py", f'def reply(message):\n    return """30 days, 2 EUR {HOSTILE}"""\n')
    write(here, "chatbot-qa.yaml", "targets:\n  own: {kind: python, function: 'bot.py:reply'}\n")
    write(here, "returns.yaml", RETURNS)
    for name in ("one", "two", "three"):
        command("run", "returns.yaml", "--target", "own", "--out", name)
        write(here, f"{name}/allure-html/stale.html", "of an artifact")
        ended = command("report", name, "--html", "--format", "json")
        assert ended.code == 0, ended.all
        assert len(ended.json["cases"]) == 4
    html = here / "three" / "allure-html"
    assert not (html / "stale.html").exists()
    assert (html / "trust.html").exists()
    if major == 3:
        command("report", "three", "--html")  # made again, it takes its place in the history
        lines = (here / ".chatbot-qa" / "allure-history.jsonl").read_text("utf-8").splitlines()
        assert len(lines) == 3
        (case,) = [
            one for one in results(html / "data" / "test-results")
            if str(one["fullName"]).endswith(": hours")
        ]  # fmt: skip
        assert len(case["history"]) == 2  # type: ignore[arg-type]
        place = f"#{case['id']}"
    else:
        trend = json.loads((html / "history" / "history-trend.json").read_text("utf-8"))
        assert len(trend) == 3
        place = "#suites"
    with served(html) as address:
        for shown in ("", place):
            dom, console = seen(f"{address}/{shown}", here / "profile")
            assert "owned" not in (re.search(r"<title>(.*?)</title>", dom) or [""])[0]
            assert not [line for line in console.splitlines() if "ERROR" in line], console
        page = conversations(html)[0].relative_to(html)
        shown, _ = seen(f"{address}/{page}", here / "profile")
        assert "30 days, 2 EUR" in shown
        assert "<title>conversation</title>" in shown


def test_a_reply_of_a_million_characters_is_cut_on_every_page_and_none_calls_elsewhere(
    here: Path, command: Command, major: int
) -> None:
    write(here, "bot.py", f"def reply(message):\n    return {HOSTILE!r} * 12_000\n")
    write(here, "chatbot-qa.yaml", "targets:\n  own: {kind: python, function: 'bot.py:reply'}\n")
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "own", "--out", "run")
    assert command("report", "run", "--html").code == 0
    html = here / "run" / "allure-html"
    kept = [path for path in html.rglob("*") if path.suffix in (".html", ".json")]
    assert sum(path.stat().st_size for path in kept) < 1_500_000
    for path in html.glob("*.html"):
        assert "googletagmanager" not in path.read_text("utf-8")
    pages = conversations(html)
    assert all("uncut”" in path.read_text("utf-8") for path in pages)
    whole = [path.read_text("utf-8") for path in pages[0].parent.glob("*.txt")]
    assert len(whole) == len(pages) == 3
    assert all(HOSTILE * 12_000 in text for text in whole)
    with served(here / "run") as address:
        for place in (
            f"allure-html/data/attachments/{pages[0].name}", "report.html#Returns%20desk%2Fhours"
        ):  # fmt: skip
            dom, _ = seen(f"{address}/{place}", here / "profile")
            assert re.search(r"[\d,]{7,} more characters", dom)
            assert "owned" not in (re.search(r"<title>(.*?)</title>", dom) or [""])[0]


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
        (
            '[ "$1" = --version ] && echo 3.18.0'
            ' || { echo "told nobody: $ALLURE_NO_ANALYTICS" >&2; exit 7; }',
            "told nobody: true",
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
