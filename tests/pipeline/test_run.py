"""``run`` from the suite to the run folder, the exit code and what is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chatbot_qa.domain.values import Duration
from chatbot_qa.targets.demo.options import DemoOptions

from .command import Ended, journal, only_run, rulings, verdicts, write
from .served import Served, serving
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


# Selection


def selected(here: Path, command: Command, *words: str) -> tuple[int, set[str]]:
    write(here, "returns.yaml", RETURNS)
    write(here, "people.yaml", people(3))
    ended = command("run", "returns.yaml", "people.yaml", "--target", "demo", *words)
    return ended.code, set(rulings(only_run(here)))


def test_a_case_is_selected_by_its_id_with_all_its_rows(here: Path, command: Command) -> None:
    rows = {f"remembers-name[p{n}]" for n in range(3)}
    assert selected(here, command, "--case", "remembers-name") == (0, rows)


def test_a_case_is_selected_by_its_id_and_row(here: Path, command: Command) -> None:
    assert selected(here, command, "--case", "remembers-name[p1]", "--case", "hours") == (
        0,
        {"remembers-name[p1]", "hours"},
    )


def test_cases_are_selected_by_tag(here: Path, command: Command) -> None:
    assert selected(here, command, "--tag", "memory") == (0, {"remembers"})


@pytest.mark.parametrize(
    ("words", "told", "mend"),
    [
        (("--case", "remember"), "there is no case 'remember'", "remembers"),
        (("--case", "hours", "--case", "bananos"), "no case 'bananos'", "bananas"),
        (("--case", "remembers-name[p7]"), "no case 'remembers-name[p7]'", "remembers-name[p"),
        (("--case", "hours[p1]"), "no case 'hours[p1]'", "hours"),
        (("--tag", "memorie"), "no case has the tag 'memorie'", "facts, memory"),
        (("--tag", "memory", "--case", "hours"), "no case is selected", "--case, --tag"),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_selection_that_cannot_be_meant_is_refused_and_answered(
    here: Path, command: Command, words: tuple[str, ...], told: str, mend: str, dry: tuple[str, ...]
) -> None:
    write(here, "returns.yaml", RETURNS)
    write(here, "people.yaml", people(3))
    ended = command("run", "returns.yaml", "people.yaml", "--target", "demo", *words, *dry)
    assert ended.code == 2
    assert told in ended.err
    assert mend in ended.err
    assert not (here / ".chatbot-qa").exists()


def test_failed_repeats_what_did_not_pass_in_the_last_run(here: Path, command: Command) -> None:
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "demo")
    first = only_run(here)
    ended = command("run", "returns.yaml", "--target", "demo", "--failed")
    assert ended.code == 1
    (second,) = set(first.parent.iterdir()) - {first}
    assert rulings(second) == {"bananas": "failed"}


def test_failed_says_so_when_there_was_no_run_or_nothing_failed(
    here: Path, command: Command
) -> None:
    write(here, "good.yaml", GOOD)
    ended = command("run", "good.yaml", "--target", "demo", "--failed")
    assert ended.code == 2
    assert "no earlier run" in ended.err
    command("run", "good.yaml", "--target", "demo")
    ended = command("run", "good.yaml", "--target", "demo", "--failed")
    assert ended.code == 2
    assert "every case passed" in ended.err


# Ending early


def test_fail_fast_asks_nothing_after_the_first_failure(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "returns.yaml", RETURNS)
    to = ("--target", "http", "--url", bot.url)
    ended = command("run", "returns.yaml", *to, "--fail-fast", "--concurrency", "1")
    assert ended.code == 1
    assert bot.said[-1] == "Hello"
    assert rulings(only_run(here)) == {"remembers": "passed", "bananas": "failed"}
    assert "--fail-fast" in ended.out
    assert (only_run(here) / "report.html").exists()


def test_fail_fast_stops_a_bot_that_answers_at_once(here: Path, command: Command) -> None:
    write(here, "returns.yaml", RETURNS)
    command("run", "returns.yaml", "--target", "demo", "--fail-fast", "--concurrency", "1")
    assert list(rulings(only_run(here))) == ["remembers", "bananas"]


def test_a_budget_of_calls_ends_the_run_in_good_order(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "people.yaml", people())
    to = ("--target", "http", "--url", bot.url)
    ended = command("run", "people.yaml", *to, "--max-calls", "10", "--concurrency", "1")
    assert len(bot.said) == 10
    assert ended.code == 3
    assert "the budget of 10 calls is spent" in ended.out
    found = list(rulings(only_run(here)).values())
    assert found == ["passed"] * 3 + ["error"]
    assert (only_run(here) / "junit.xml").exists()


def test_a_budget_that_is_just_enough_ends_nothing(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "people.yaml", people(3))
    to = ("--target", "http", "--url", bot.url)
    assert command("run", "people.yaml", *to, "--max-calls", "9").code == 0


def test_a_budget_of_time_ends_the_run_in_good_order(here: Path, command: Command) -> None:
    write(here, "people.yaml", people())
    with serving(DemoOptions(latency=Duration(0.2))) as bot:
        to = ("--target", "http", "--url", bot.url)
        ended = command("run", "people.yaml", *to, "--max-time", "0.1", "--concurrency", "1")
    assert ended.code == 3
    assert len(bot.said) <= 1
    assert "the budget of 0.1 s is spent" in ended.out
    assert (only_run(here) / "report.html").exists()


# Dry run


def test_a_dry_run_says_what_would_be_said_and_asks_nothing(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "returns.yaml", RETURNS)
    ended = command("run", "returns.yaml", "--target", "http", "--url", bot.url, "--dry-run")
    assert ended.code == 0
    assert bot.said == []
    assert "My order number is A-1042." in ended.out
    assert "4 cases, 4 calls; nothing was asked" in ended.out
    assert "cost unknown" in ended.out
    assert not (here / ".chatbot-qa").exists()


def test_a_dry_run_in_json(here: Path, command: Command, bot: Served) -> None:
    write(here, "people.yaml", people(2))
    to = ("--target", "http", "--url", bot.url)
    told = command("run", "people.yaml", *to, "--dry-run", "--format", "json").json
    assert bot.said == []
    assert told["calls"] == 6
    assert [case["id"] for case in told["cases"]] == ["remembers-name[p0]", "remembers-name[p1]"]
    assert told["cases"][1]["says"][0] == "Hello, my name is Bo1."
    assert set(told["cost"]) == {"http"}


# Suites as a whole


SLOW = """\
suite: Slow
target: {kind: demo, latency: 20ms}
conversations:
  - id: hello
    turns:
      - say: Hello ${n}
    examples:
%s
expect:
  - latency: {p95: 1us}
"""


def whole(limit: str) -> str:
    rows = "\n".join(f"      - {{id: r{n}, n: {n}}}" for n in range(25))
    return (SLOW % rows).replace("1us", limit)


@pytest.mark.parametrize(("limit", "code"), [("5s", 0), ("2ms", 1)])
def test_a_suite_is_judged_as_a_whole_under_a_name_of_its_own(
    here: Path, command: Command, limit: str, code: int
) -> None:
    write(here, "slow.yaml", whole(limit))
    assert command("run", "slow.yaml").code == code
    last = verdicts(only_run(here))[-1]
    assert (last["id"], last["kind"]) == ("suite", "suite")
    assert last["verdict"] == ("failed" if code else "passed")
    assert last["line"] == 34


def test_a_part_of_a_suite_is_not_judged_as_a_whole(here: Path, command: Command) -> None:
    write(here, "slow.yaml", whole("2ms"))
    assert command("run", "slow.yaml", "--case", "hello[r1]").code == 0
    assert list(rulings(only_run(here))) == ["hello[r1]"]


def test_a_suite_that_failed_as_a_whole_is_named_with_a_command_that_repeats_it(
    here: Path, command: Command
) -> None:
    write(here, "slow.yaml", whole("2ms"))
    ended = command("run", "slow.yaml")
    assert "= again: chatbot-qa run slow.yaml\n" in ended.out


# Configuration


CONFIG = """\
targets:
  shop:
    kind: http
    url: %s
  inside:
    kind: demo
profiles:
  pr:
    target: shop
    tags: [memory]
    concurrency: 2
    seed: 5
    reports: [junit]
"""


def test_a_profile_says_what_the_options_leave_open(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "chatbot-qa.yaml", CONFIG % bot.url)
    write(here, "returns.yaml", RETURNS)
    assert command("run", "returns.yaml", "--profile", "pr", "--out", "one").code == 0
    assert rulings(here / "one") == {"remembers": "passed"}
    assert len(bot.said) == 2
    assert journal(here / "one")[0]["run"]["seed"] == 5
    assert (here / "one" / "junit.xml").exists()
    assert not (here / "one" / "report.html").exists()
    options = ("--profile", "pr", "--tag", "facts", "--target", "inside", "--seed", "6")
    assert command("run", "returns.yaml", *options, "--out", "two").code == 0
    assert rulings(here / "two") == {"hours": "passed"}
    assert len(bot.said) == 2
    assert journal(here / "two")[0]["run"]["seed"] == 6


def test_an_unknown_profile_is_answered(here: Path, command: Command) -> None:
    write(here, "chatbot-qa.yaml", CONFIG % "http://127.0.0.1:1")
    write(here, "good.yaml", GOOD)
    ended = command("run", "good.yaml", "--profile", "nightly")
    assert ended.code == 2
    assert "the profiles are: pr" in ended.err


def test_two_suites_talk_to_two_targets_in_one_run(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "chatbot-qa.yaml", CONFIG % bot.url)
    write(here, "one.yaml", GOOD.replace("conversations:", "target: shop\nconversations:"))
    write(here, "two.yaml", RETURNS.replace("conversations:", "target: inside\nconversations:"))
    command("run", "one.yaml", "two.yaml")
    assert bot.said == ["Hello"]
    assert set(journal(only_run(here))[0]["run"]["targets"]) == {"shop", "inside"}
    assert rulings(only_run(here))["greets"] == "passed"


def test_offline_refuses_a_target_that_needs_the_network(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "good.yaml", GOOD)
    ended = command("run", "good.yaml", "--target", "http", "--url", bot.url, "--offline")
    assert ended.code == 2
    assert "--offline forbids network calls" in ended.err
    assert bot.said == []
    assert command("run", "good.yaml", "--target", "demo", "--offline").code == 0


def test_two_suites_of_one_name_are_refused(here: Path, command: Command) -> None:
    write(here, "one.yaml", GOOD)
    write(here, "two.yaml", GOOD)
    ended = command("run", "one.yaml", "two.yaml", "--target", "demo")
    assert ended.code == 2
    assert "Good" in ended.err


def test_a_folder_that_holds_a_run_is_not_written_over(here: Path, command: Command) -> None:
    write(here, "good.yaml", GOOD)
    command("run", "good.yaml", "--target", "demo", "--out", "out")
    before = (here / "out" / "journal.jsonl").read_bytes()
    ended = command("run", "good.yaml", "--target", "demo", "--out", "out")
    assert ended.code == 2
    assert "--resume out" in ended.err
    assert (here / "out" / "journal.jsonl").read_bytes() == before


@pytest.mark.parametrize("out", ["taken", "taken/run"])
def test_a_run_folder_that_cannot_be_made_is_told_in_words(
    here: Path, command: Command, out: str
) -> None:
    write(here, "good.yaml", GOOD)
    write(here, "taken", "a file")
    ended = command("run", "good.yaml", "--target", "demo", "--out", out)
    assert ended.code == 3
    assert ended.err.startswith("error: taken")
