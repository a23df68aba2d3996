"""Suites as test files: what is collected, what is selected, what comes out."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from aiohttp import web

from ..pipeline.served import serving
from .pytesting import DESK, QUICK, SHOWN, journal, only_run, rulings, run, suite, verdicts, write

pytest_plugins = ["pytester"]


@pytest.fixture
def here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NO_PROXY", "*")
    write(pytester.path, "desk.yaml", DESK)
    return pytester.path


def test_each_case_is_an_item_and_a_failure_is_shown_as_everywhere(
    pytester: pytest.Pytester, here: Path
) -> None:
    result = run(pytester, "-rs", "--junitxml=out.xml")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines(SHOWN.splitlines(), consecutive=True)
    result.stdout.fnmatch_lines(["SKIPPED * desk.yaml:34: not built yet"])
    folder = only_run(here)
    result.stdout.fnmatch_lines([f"chatbot-qa: .chatbot-qa/runs/{folder.name}"])
    assert rulings(folder) == {
        "remembers[p]": "failed",
        "remembers[b]": "failed",
        "greets": "passed",
        "later": "skipped",
        "suite": "passed",
    }
    assert {path.name for path in folder.iterdir()} == {
        "journal.jsonl",
        "verdicts.jsonl",
        "report.html",
        "junit.xml",
    }
    cases = ET.parse(here / "out.xml").getroot().iter("testcase")
    told = {case.get("name"): [child.tag for child in case] for case in cases}
    assert told["remembers[p]"] == ["properties", "failure"]
    assert told["greets"] == ["properties"]
    assert told["later"] == ["properties", "skipped"]


def test_items_are_selected_by_name_word_and_tag(pytester: pytest.Pytester, here: Path) -> None:
    write(here, "other.yml", suite("Other", "socks", more="tags: [other]"))
    write(here, "chatbot-qa.yaml", "targets:\n  shop:\n    kind: demo\n")
    write(here, "data.yaml", "users: [anna]\n  suite: no\n")
    write(here, "broken.yaml", "{ [: ")
    write(here, "suite.txt", DESK)
    everything = {
        "desk.yaml::remembers[p]",
        "desk.yaml::remembers[b]",
        "desk.yaml::greets",
        "desk.yaml::later",
        "desk.yaml::suite",
        "other.yml::socks",
    }
    mine = everything - {"other.yml::socks"}

    def collected(*words: str) -> set[str]:
        result = run(pytester, "--collect-only", "-q", "--strict-markers", *words)
        return {line for line in result.outlines if "::" in line}

    assert collected() == everything
    assert collected("-m", "smoke-test") == mine - {"desk.yaml::suite"}
    assert collected("-m", "fast or other") == {"desk.yaml::greets", "other.yml::socks"}
    assert collected("-k", "area:front") == {"desk.yaml::greets"}
    assert collected("desk.yaml::remembers[b]", "other.yml") == {
        "desk.yaml::remembers[b]",
        "other.yml::socks",
    }
    assert not (here / ".chatbot-qa").exists()


def test_only_what_is_selected_is_asked(pytester: pytest.Pytester, here: Path) -> None:
    result = run(pytester, "desk.yaml::greets", "desk.yaml::suite", "-v", "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["desk.yaml::greets PASSED*", "SKIPPED * where all cases*"])
    folder = only_run(here)
    assert rulings(folder) == {"greets": "passed"}
    assert [line["event"] for line in journal(folder)] == [
        "run", "trial", "exchange", "end", "ended",
    ]  # fmt: skip
    assert "stopped" not in journal(folder)[-1]


def test_what_failed_last_is_run_again(pytester: pytest.Pytester, here: Path) -> None:
    pytester.runpytest_subprocess(*QUICK, "-q").assert_outcomes(passed=2, failed=2, skipped=1)
    again = pytester.runpytest_subprocess(*QUICK, "-q", "--lf", "--chatbot-target", "demo")
    again.assert_outcomes(passed=2)


async def _never(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets that event")


def test_the_first_failure_ends_the_run_where_pytest_is_told_so(
    pytester: pytest.Pytester, here: Path
) -> None:
    calm = suite("Calm", "socks", "shoes", "shirts").replace("30 days", "99 days", 1)
    write(here, "calm.yaml", calm)
    with serving() as bot:
        bot.faults[2] = _never
        to = ("--chatbot-target", "http", "--chatbot-url", bot.url, "--chatbot-concurrency", "1")
        result = run(pytester, "calm.yaml", "-x", *to)
    result.assert_outcomes(failed=1)
    folder = only_run(here)
    assert rulings(folder) == {"socks": "failed", "shoes": "error"}
    assert journal(folder)[-1]["stopped"] == "stopping after 1 failures"
    assert (folder / "report.html").exists()


def test_an_interrupted_run_ends_in_good_order(pytester: pytest.Pytester, here: Path) -> None:
    write(here, "calm.yaml", suite("Calm", "socks", "shoes", "shirts"))
    with serving() as bot:
        bot.faults[2] = _never
        words = ("--chatbot-target", "http", "--chatbot-url", bot.url, "--chatbot-concurrency", "1")
        child = pytester.popen(
            [sys.executable, "-m", "pytest", *QUICK, "calm.yaml", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        bot.before = lambda number: child.send_signal(signal.SIGINT) if number == 2 else None
        printed = child.communicate(timeout=60)[0].decode()
    assert child.returncode == pytest.ExitCode.INTERRUPTED, printed
    assert "Traceback" not in printed
    folder = only_run(here)
    assert rulings(folder) == {"socks": "passed", "shoes": "error"}
    assert journal(folder)[-1]["stopped"] == "interrupted"
    assert (folder / "report.html").exists()


def test_bad_suites_are_collection_errors_in_the_words_of_lint(
    pytester: pytest.Pytester, here: Path
) -> None:
    bad = suite("Desk", "socks").replace("contains:", "contians:")
    write(here, "a/bad.yaml", bad)
    write(here, "b/twin.yaml", suite("Desk", "socks"))
    write(here, "c/lost.yaml", suite("Lost", "socks", target="shpo"))
    result = run(pytester)
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        [
            "error[[]unknown-check[]]: *contians*",
            "  --> a/bad.yaml:8:13",
            "   = help: *contains*",
            "error[[]unknown-target[]]: there is no target `shpo`",
            "  --> c/lost.yaml:2:9",
            "error[[]duplicate-suite[]]: another suite is named “Desk” too, in *",
        ]
    )
    assert not (here / ".chatbot-qa").exists()
    outside = write(here.parent / f"{here.name}-outside", "bad.yaml", bad)
    result = run(pytester, str(outside))
    result.stdout.fnmatch_lines([f"  --> {outside}:8:13"])


def test_a_warning_is_told_once(pytester: pytest.Pytester, here: Path) -> None:
    (here / "desk.yaml").unlink()
    write(here, "calm.yaml", suite("Calm", "socks").replace("- contains: 30 days", "[]"))
    result = run(pytester, "-q")
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["  calm.yaml:4: SuiteWarning: [[]no-checks[]] *"])
    result = run(pytester, "-q", "-W", "error")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["[[]no-checks[]] *"])


def test_what_cannot_be_asked_is_an_error_and_no_failure(
    pytester: pytest.Pytester, here: Path
) -> None:
    (here / "desk.yaml").unlink()
    write(here, "calm.yaml", suite("Calm", "socks", "shoes"))
    with serving() as bot:
        url = bot.url
    to = ("--chatbot-target", "http", "--chatbot-url", url, "--junitxml=out.xml")
    result = run(pytester, *to)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "error[[]refused[]]: nothing answers at *: the connection was refused",
            "   = request: curl *",
            f"   = again: chatbot-qa run calm.yaml --case socks --target http --url {url}",
        ]
    )
    cases = list(ET.parse(here / "out.xml").getroot().iter("testcase"))
    assert [[child.tag for child in case] for case in cases] == [["properties", "error"]] * 2

    write(here, "chatbot-qa.yaml", "profiles:\n  pr:\n    fail_on: failed\n")
    result = run(pytester, *to, "--chatbot-profile", "pr")
    result.assert_outcomes(xfailed=2)
    assert result.ret == 0


def test_a_run_that_cannot_begin_tells_every_item_why(
    pytester: pytest.Pytester, here: Path
) -> None:
    write(here, "test_mine.py", "def test_mine():\n    assert True\n")
    result = run(pytester, "--chatbot-target", "nobody")
    result.assert_outcomes(passed=1, errors=5)
    assert result.stdout.str().count("\nerror: there is no target `nobody`\n  = help:") == 5
    assert not (here / ".chatbot-qa").exists()


def test_a_run_that_breaks_off_tells_every_item_that_waits(
    pytester: pytest.Pytester, here: Path
) -> None:
    write(here, "calm.yaml", suite("Calm", "socks", "shoes", target="quits"))
    write(here, "quits.py", "def reply(message: str) -> str:\n    raise KeyboardInterrupt\n")
    config = "targets:\n  quits:\n    kind: python\n    function: quits:reply\n"
    write(here, "chatbot-qa.yaml", config)
    result = run(pytester, "calm.yaml")
    result.assert_outcomes(errors=2)
    words = "error: the run broke off: KeyboardInterrupt was raised in it"
    assert result.outlines.count(words) == 3  # for each item, and of the run


def test_a_run_folder_that_cannot_be_made_is_told_to_every_item(
    pytester: pytest.Pytester, here: Path
) -> None:
    write(here, "taken", "a file")
    result = run(pytester, "desk.yaml", "--chatbot-out", "taken/run")
    result.assert_outcomes(errors=5)
    assert result.outlines.count("error: taken/run: Not a directory") == 5


def test_a_profile_is_obeyed(pytester: pytest.Pytester, here: Path) -> None:
    write(
        here,
        "chatbot-qa.yaml",
        "profiles:\n  pr:\n    tags: [fast]\n    seed: 7\n    reports: [junit]\n"
        "    budget:\n      calls: 5\n",
    )
    result = run(pytester, "--chatbot-profile", "pr")
    result.assert_outcomes(passed=1, deselected=4)
    folder = only_run(here)
    assert rulings(folder) == {"greets": "passed"}
    assert journal(folder)[0]["run"]["seed"] == 7
    assert not (folder / "report.html").exists()
    result = run(pytester, "--chatbot-profile", "night")
    result.stdout.fnmatch_lines(["error: there is no profile 'night'"])


def test_a_budget_ends_the_run_and_every_case_says_so(
    pytester: pytest.Pytester, here: Path
) -> None:
    (here / "desk.yaml").unlink()
    write(here, "calm.yaml", suite("Calm", "socks", "shoes", "shirts"))
    write(here, "chatbot-qa.yaml", "defaults:\n  budget:\n    calls: 1\n")
    result = run(pytester, "--chatbot-concurrency", "1", "--chatbot-out", "mine")
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["*the budget of 1 call is spent*"] * 2)
    assert rulings(here / "mine")["socks"] == "passed"


def test_two_runs_of_one_seed_say_and_judge_the_same(pytester: pytest.Pytester, here: Path) -> None:
    for out in ("one", "two"):
        run(pytester, "--chatbot-seed", "5", "--chatbot-out", out, "-q")
    first, second = (verdicts(here / out)[:-1] for out in ("one", "two"))  # one tells latency
    assert [line["id"] for line in first] == ["remembers", "remembers", "greets", "later"]
    assert first == second
    result = run(pytester, "--chatbot-out", "one", "-q")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: one already holds a run: name another with --chatbot-out"])


def test_secrets_are_not_needed_to_collect_and_never_written(
    pytester: pytest.Pytester, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "desk.yaml").unlink()
    write(
        here,
        "secret.yaml",
        """
suite: Secret desk
target: demo
secrets: [DESK_TOKEN]
conversations:
  - id: tells
    title: My token is ${secret:DESK_TOKEN}
    turns:
      - say: My name is ${who}.
      - say: What is my name?
        expect:
          - recalls: ${who}
    examples:
      - who: ${secret:DESK_TOKEN}
      - who: Ivan
""",
    )
    listed = run(pytester, "--collect-only", "-q")
    assert listed.outlines[:2] == ["secret.yaml::tells[1]", "secret.yaml::tells[2]"]
    result = run(pytester)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["error[[]missing-secret[]]: the secret DESK_TOKEN has no value"])
    monkeypatch.setenv("DESK_TOKEN", "Xylophonia")
    result = run(pytester, "--alluredir", "told", "--junitxml=out.xml", "-v")
    result.assert_outcomes(passed=2)
    assert "Xylophonia" not in result.stdout.str()
    files = [path for path in here.rglob("*") if path.is_file()]
    assert len(files) > 8
    assert [path for path in files if b"Xylophonia" in path.read_bytes()] == []
