"""Which cases are asked, how far, and what is said beforehand: selection, budgets, dry runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot_qa.domain.values import Duration
from chatbot_qa.targets.demo.options import DemoOptions

from .command import Ended, only_run, rulings, write
from .served import Served, serving
from .suites import GOOD, RETURNS, people

Command = Callable[..., Ended]


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


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("Returns desk › hours",), {"hours"}),
        (("People › remembers-name[p1]", "hours"), {"remembers-name[p1]", "hours"}),
        (("People › remembers-name",), {f"remembers-name[p{n}]" for n in range(3)}),
    ],
)
def test_a_case_is_selected_as_reports_name_it(
    here: Path, command: Command, words: tuple[str, ...], ids: set[str]
) -> None:
    asked = [word for name in words for word in ("--case", name)]
    assert selected(here, command, *asked) == (0, ids)


def test_one_of_anything_is_counted_as_one(here: Path, command: Command) -> None:
    write(here, "good.yaml", GOOD)
    ended = command("run", "good.yaml", "--target", "demo", "--dry-run")
    assert "\n1 case, 1 call; nothing was asked\n" in ended.out
    assert "  demo: 1 call, no price" in ended.out


def test_cases_are_selected_by_tag(here: Path, command: Command) -> None:
    assert selected(here, command, "--tag", "memory") == (0, {"remembers"})


@pytest.mark.parametrize(
    ("words", "told", "mend"),
    [
        (("--case", "remember"), "there is no case 'remember'", "remembers"),
        (("--case", "hours", "--case", "bananos"), "no case 'bananos'", "bananas"),
        (("--case", "remembers-name[p7]"), "no case 'remembers-name[p7]'", "remembers-name[p"),
        (("--case", "hours[p1]"), "no case 'hours[p1]'", "hours"),
        (("--case", "People › hours"), "no case 'People › hours'", "remembers-name"),
        (("--case", "Nobody › hours"), "no case 'Nobody › hours'", "hours"),
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
    assert "no case failed last time" in ended.err


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
