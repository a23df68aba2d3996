"""``run`` from the suite to the run folder, the exit code and what is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .command import Ended, journal, only_run, rulings, verdicts, write
from .served import Served
from .suites import GOOD, RETURNS, people

Command = Callable[..., Ended]


def test_a_run_leaves_a_folder_with_its_facts_its_verdicts_and_its_reports(
    here: Path, command: Command
) -> None:
    write(here, "suites/returns.yaml", RETURNS)
    ended = command("run", "--target", "demo", "--seed", "7")
    assert ended.code == 1
    folder = only_run(here)
    assert {path.name for path in folder.iterdir()} == {
        "journal.jsonl",
        "verdicts.jsonl",
        "report.html",
        "junit.xml",
    }
    assert rulings(folder) == {
        "remembers": "passed",
        "bananas": "failed",
        "hours": "passed",
        "later": "skipped",
    }
    events = [line["event"] for line in journal(folder)]
    assert events[0] == "run"
    assert events[-1] == "ended"
    assert events.count("exchange") == 4
    (run, *_) = journal(folder)
    assert run["run"]["seed"] == 7
    assert run["run"]["cases"] == 4


def test_a_failure_shows_the_line_the_reply_the_reason_and_how_to_repeat_it(
    here: Path, command: Command
) -> None:
    write(here, "returns.yaml", RETURNS)
    out = command("run", "returns.yaml", "--target", "demo").out
    for words in (
        "failed[contains]",
        "--> returns.yaml:16:13",
        "- contains: bananas",
        "reply 1 of 1:",
        "the shop sells fruit since March",
        "= again: chatbot-qa run returns.yaml --case bananas --target demo",
        "report.html",
    ):
        assert words in out
    again = command("run", "returns.yaml", "--case", "bananas", "--target", "demo")
    assert again.code == 1


def test_the_reports_agree_with_the_verdicts(here: Path, command: Command) -> None:
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "demo")
    suite = ElementTree.parse(only_run(here) / "junit.xml").getroot().find(".//testsuite")
    assert suite is not None
    counted = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counted == {"tests": "4", "failures": "1", "errors": "0", "skipped": "1"}
    page = (only_run(here) / "report.html").read_text(encoding="utf-8")
    assert "bananas" in page


def test_json_stands_alone_on_standard_output_in_its_documented_shape(
    here: Path, command: Command
) -> None:
    write(here, "returns.yaml", RETURNS)
    ended = command("run", "returns.yaml", "--target", "demo", "--format", "json")
    told = ended.json
    assert set(told) >= {"run", "verdict", "counts", "cases"}
    assert told["verdict"] == "failed"
    assert told["counts"] == {
        "total": 4,
        "passed": 2,
        "failed": 1,
        "inconclusive": 0,
        "error": 0,
        "skipped": 1,
        "set_aside": 0,
    }
    case = next(case for case in told["cases"] if case["id"] == "bananas")
    wanted = {"suite", "id", "kind", "verdict", "file", "line", "trials", "seconds", "findings"}
    assert set(case) >= wanted
    assert (case["suite"], case["kind"], case["file"], case["line"], case["trials"]) == (
        "Returns desk",
        "conversations",
        "returns.yaml",
        12,
        1,
    )
    (finding,) = case["findings"]
    assert set(finding) >= {"check", "outcome", "turn", "reason", "file", "line"}
    assert (finding["check"], finding["outcome"], finding["turn"], finding["line"]) == (
        "contains",
        "failed",
        1,
        16,
    )
    assert "1 of 4 cases failed" in ended.err


def test_quiet_prints_one_line(here: Path, command: Command) -> None:
    write(here, "returns.yaml", RETURNS)
    out = command("run", "returns.yaml", "--target", "demo", "--quiet").out
    assert len(out.splitlines()) == 1
    assert "1 of 4 cases failed" in out


def test_the_reports_that_are_asked_for_are_made_and_no_others(
    here: Path, command: Command
) -> None:
    write(here, "good.yaml", GOOD)
    command("run", "good.yaml", "--target", "demo", "--report", "allure")
    names = {path.name for path in only_run(here).iterdir()}
    assert "allure-results" in names
    assert not {"report.html", "junit.xml"} & names


@pytest.mark.parametrize("concurrency", [1, 20])
def test_two_runs_of_one_seed_have_the_same_verdicts_to_the_byte(
    here: Path, command: Command, concurrency: int
) -> None:
    write(here, "people.yaml", people(25))
    write(here, "returns.yaml", RETURNS)
    paths = ("people.yaml", "returns.yaml", "--target", "demo", "--seed", "11")
    command("run", *paths, "--out", "one", "--concurrency", "1")
    command("run", *paths, "--out", "two", "--concurrency", str(concurrency))
    assert len(verdicts(here / "one")) == 29
    assert verdicts(here / "one") == verdicts(here / "two")


def test_a_served_bot_gets_the_same_verdicts_at_any_concurrency(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "people.yaml", people(25))
    options = ("--target", "http", "--url", bot.url, "--seed", "11")
    for concurrency in ("1", "20"):
        command("run", "people.yaml", *options, "--out", concurrency, "--concurrency", concurrency)
    assert len(bot.said) == 150
    assert verdicts(here / "1") == verdicts(here / "20")
    assert set(rulings(here / "1").values()) == {"passed"}


def test_a_canary_is_the_same_for_one_seed_and_another_for_another(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "s.yaml", GOOD.replace("Hello", "Hello ${canary}"))
    options = ("run", "s.yaml", "--target", "http", "--url", bot.url)
    for number, seed in enumerate(("1", "1", "2")):
        command(*options, "--seed", seed, "--out", f"out{number}")
    assert bot.said[0] == bot.said[1] != bot.said[2]


# Exit codes


def test_exit_0_when_everything_passed(here: Path, command: Command) -> None:
    write(here, "good.yaml", GOOD)
    assert command("run", "good.yaml", "--target", "demo").code == 0


def test_exit_0_when_everything_is_skipped_and_it_says_so(here: Path, command: Command) -> None:
    write(here, "good.yaml", GOOD.replace("turns:", "skip: not now\n    turns:"))
    ended = command("run", "good.yaml", "--target", "demo")
    assert ended.code == 0
    assert "skipped" in ended.out


def test_exit_1_when_one_failed_whatever_else_went_wrong(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "returns.yaml", RETURNS)
    write(here, "broken.yaml", GOOD.replace("    turns:", "    system: Be kind.\n    turns:"))
    ended = command("run", "returns.yaml", "broken.yaml", "--target", "http", "--url", bot.url)
    assert "error" in rulings(only_run(here)).values()
    assert ended.code == 1


def test_exit_2_for_a_bad_suite_without_a_call(here: Path, command: Command, bot: Served) -> None:
    write(here, "good.yaml", GOOD)
    write(here, "bad.yaml", GOOD.replace("answers", "contians: x"))
    ended = command("run", ".", "--target", "http", "--url", bot.url)
    assert ended.code == 2
    assert "bad.yaml:7:" in ended.err
    assert "contains" in ended.err
    assert bot.said == []
    assert not (here / ".chatbot-qa").exists()


def test_exit_3_when_the_bot_could_not_be_asked(here: Path, command: Command, bot: Served) -> None:
    bot.stop()
    write(here, "good.yaml", GOOD)
    ended = command("run", "good.yaml", "--target", "http", "--url", bot.url)
    assert ended.code == 3
    assert rulings(only_run(here)) == {"greets": "error"}
    assert "refused" in ended.out
    assert "curl" in ended.out


def test_fail_on_failed_lets_errors_pass_but_no_failure(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "good.yaml", GOOD)
    write(here, "returns.yaml", RETURNS)
    lenient = ("--fail-on", "failed")
    assert command("run", "returns.yaml", "--target", "demo", *lenient).code == 1
    bot.stop()
    assert command("run", "good.yaml", "--target", "http", "--url", bot.url, *lenient).code == 0
