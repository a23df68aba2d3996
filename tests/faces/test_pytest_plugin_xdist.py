"""Under xdist each worker replays its own, and one run folder comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..pipeline.served import serving
from .pytesting import (
    DESK,
    PATIENCE,
    QUICK,
    SHOWN,
    allure,
    journal,
    only_run,
    rulings,
    run,
    suite,
    write,
)

pytest_plugins = ["pytester"]
pytest.importorskip("xdist")


@pytest.fixture
def here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NO_PROXY", "*")
    return pytester.path


def test_workers_make_one_run_and_one_verdict_an_item(
    pytester: pytest.Pytester, here: Path
) -> None:
    write(here, "desk.yaml", DESK)
    write(here, "test_mine.py", "def test_mine():\n    assert True\n")
    result = run(pytester, "-n", "2", "--alluredir", "told", "--chatbot-out", "mine")
    result.assert_outcomes(passed=3, failed=2, skipped=1)
    result.stdout.fnmatch_lines(SHOWN.splitlines(), consecutive=True)
    result.stdout.fnmatch_lines(["chatbot-qa: mine"])
    assert {path.name for path in (here / "mine").iterdir()} == {
        "journal.jsonl",
        "verdicts.jsonl",
        "report.html",
        "junit.xml",
    }
    assert rulings(here / "mine") == {
        "remembers[p]": "failed",
        "remembers[b]": "failed",
        "greets": "passed",
        "later": "skipped",
        "suite": "passed",
    }
    events = [line["event"] for line in journal(here / "mine")]
    assert events[0] == "run"
    assert events[-1] == "ended"
    assert events.count("run") == events.count("ended") == 1
    assert events.count("end") == 3
    told = {name: result["status"] for name, result in allure(here / "told").items()}
    assert told.pop("test_mine") == "passed"
    assert told == rulings(here / "mine")


def test_what_a_suite_expects_as_a_whole_can_fail_the_session(
    pytester: pytest.Pytester, here: Path
) -> None:
    slow = "\nexpect:\n  - latency:\n      max: 1ms\n"
    write(
        here,
        "slow.yaml",
        suite("Slow", "socks", "shoes", target="{kind: demo, latency: 2ms}") + slow,
    )
    result = run(pytester, "-n", "2", "--dist", "loadfile")
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["failed[[]latency[]]: *", "FAILED slow.yaml::suite*"])
    assert rulings(only_run(here)) == {"socks": "passed", "shoes": "passed", "suite": "failed"}


def test_a_suite_is_judged_as_a_whole_only_where_all_of_it_runs(
    pytester: pytest.Pytester, here: Path
) -> None:
    write(here, "desk.yaml", DESK)
    write(
        here,
        "conftest.py",
        "import pytest\n"
        "@pytest.hookimpl(wrapper=True, tryfirst=True)\n"
        "def pytest_collection_modifyitems(items):\n"
        "    yield\n"
        "    del items[:2]\n",
    )
    result = run(pytester, "-n", "1", "-rs")
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED * desk.yaml:41: it is judged where all cases *"])


def test_limits_and_budget_are_divided(pytester: pytest.Pytester, here: Path) -> None:
    write(here, "calm.yaml", suite("Calm", *(f"sort{n}" for n in range(8)), target="shop"))
    with serving() as bot:
        write(
            here,
            "chatbot-qa.yaml",
            f"targets:\n  shop:\n    kind: http\n    url: {bot.url}\n"
            "defaults:\n  budget:\n    calls: 4\n",
        )
        result = run(pytester, "-n", "2")
        assert len(bot.said) <= 4
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] == len(bot.said)
    assert outcomes["passed"] + outcomes["errors"] == 8
    result.stdout.fnmatch_lines(["*the budget of 2 calls is spent*"])


def test_a_session_that_stops_early_keeps_what_it_got_to(
    pytester: pytest.Pytester, here: Path
) -> None:
    calm = suite("Calm", *(f"sort{n}" for n in range(12))).replace("30 days", "99 days", 1)
    write(here, "calm.yaml", calm + "\nexpect:\n  - latency:\n      max: 30s\n")
    result = run(pytester, "-n", "1", "-x")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    folder = only_run(here)
    found = rulings(folder)
    assert found["sort0"] == "failed"
    assert "suite" not in found
    assert "error" not in found.values()
    assert "stopping after 1 failures" in journal(folder)[-1]["stopped"]
    assert [path for path in folder.iterdir() if path.is_dir()] == []


def test_a_worker_that_dies_costs_its_case_and_no_more(
    pytester: pytest.Pytester, here: Path
) -> None:
    write(here, "calm.yaml", suite("Calm", "socks", "shoes", "shirts", target="dies"))
    write(
        here,
        "dies.py",
        "import os\n"
        "def answer(message: str) -> str:\n"
        "    if 'shoes' in message:\n"
        "        os._exit(9)\n"
        "    return 'You have 30 days.'\n",
    )
    write(
        here, "chatbot-qa.yaml", "targets:\n  dies:\n    kind: python\n    function: dies:answer\n"
    )
    result = pytester.runpytest_subprocess(
        *QUICK, "-p", "no:cacheprovider", "-n", "1", timeout=PATIENCE
    )
    result.assert_outcomes(passed=2, failed=1)
    folder = only_run(here)
    assert rulings(folder) == {"socks": "passed", "shirts": "passed"}
    assert journal(folder)[-1]["stopped"] == "a part of it was killed"
