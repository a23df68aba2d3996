"""Repeats through the command: each is really sent again, resumed, judged again, foreseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from chatbot_qa.stats.designs import Question, design

from .command import Ended, exchanges, rulings, verdicts, write
from .served import Served
from .shaped import Asked, shaped

Command = Callable[..., Ended]

SUITE = """\
suite: Again
conversations:
  - id: often
    repeat: 5
    turns:
      - say: I am ${unique}.
      - say: How long can I send it back?
        expect:
          - contains: 30 days
  - id: decided
    repeat: {good: 95%, bad: 70%, cap: 24}
    turns:
      - say: How long can I, ${canary}, send it back?
        expect:
          - contains: 30 days
  - id: once
    turns:
      - say: Hello
        expect:
          - answers
"""
PASSES = design(Question(0.95, 0.70), 24).passes_in[0]


def run(command: Command, bot: Served, *more: str) -> Ended:
    return command(
        *("run", "again.yaml", "--target", "http", "--url", bot.url, "--seed", "7"), *more
    )


def test_each_repeat_is_really_sent_again(here: Path, command: Command, bot: Served) -> None:
    write(here, "again.yaml", SUITE)
    ended = run(command, bot, "--out", "run")
    assert ended.code == 0, ended.all
    assert len(bot.said) == 5 * 2 + PASSES + 1
    assert Counter(bot.said).most_common(1) == [("How long can I send it back?", 5)]
    assert len({text for text in bot.said if text.startswith("I am ")}) == 5
    assert len({text for text in bot.said if "How long can I, " in text}) == PASSES


def test_each_repeat_is_a_session_of_its_own(here: Path, command: Command) -> None:
    def answer(asked: Asked) -> tuple[int, object]:
        return 200, {"reply": "You have 30 days."}

    write(here, "again.yaml", SUITE)
    with shaped(answer) as bot:
        command(*("run", "again.yaml", "--target", "http", "--url", f"{bot.address}/chat"))
        asked = [one for one in bot.asked if one.path == "/chat"]
    sessions = Counter(one.body["session_id"] for one in asked)
    assert Counter(sessions.values()) == {2: 5, 1: PASSES + 1}


def test_a_run_that_was_cut_short_is_gone_on_with(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "again.yaml", SUITE)
    few = run(command, bot, "--out", "run", "--max-calls", "14", "--concurrency", "1")
    assert few.code == 3
    first = len(bot.said)
    assert 0 < first <= 14
    went_on = command("run", "--resume", "run")
    assert went_on.code == 0, went_on.all
    assert len(bot.said) < first + 5 * 2 + PASSES + 1
    assert set(rulings(here / "run").values()) == {"passed"}
    run(command, bot, "--out", "whole")
    assert verdicts(here / "run") == verdicts(here / "whole")
    assert set(exchanges(here / "run")) == set(exchanges(here / "whole"))


def test_judging_again_gives_the_same_verdicts_without_the_bot(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "again.yaml", SUITE)
    run(command, bot, "--out", "run")
    bot.stop()
    before = verdicts(here / "run")
    assert command("judge", "run").code == 0
    assert verdicts(here / "run") == before
    write(here, "again.yaml", SUITE.replace("30 days", "14 days"))
    assert command("judge", "run").code == 1
    assert rulings(here / "run") == {"often": "failed", "decided": "failed", "once": "passed"}


def test_a_dry_run_says_at_least_where_it_cannot_know(here: Path, command: Command) -> None:
    write(here, "again.yaml", SUITE)
    asked = command("run", "again.yaml", "--target", "demo", "--dry-run")
    soonest = design(Question(0.95, 0.70), 24).soonest(0, 0)
    assert f"3 cases, at least {5 * 2 + soonest + 1} calls; nothing was asked" in asked.out
    write(here, "again.yaml", SUITE.replace("repeat: {good: 95%, bad: 70%, cap: 24}", "repeat: 2"))
    asked = command("run", "again.yaml", "--target", "demo", "--dry-run")
    assert f"3 cases, {5 * 2 + 2 + 1} calls; nothing was asked" in asked.out


def test_the_example_passes_and_notices_a_bot_that_is_flaky(here: Path, command: Command) -> None:
    example = Path(__file__).parents[2] / "suites" / "flaky.yaml"
    write(here, "flaky.yaml", example.read_text(encoding="utf-8"))
    assert command("run", "flaky.yaml", "--seed", "1").code == 0
    flaky = command("run", "flaky.yaml", "--seed", "1", "--target", "demo", "--set", "flaky=30%")
    assert flaky.code == 1
    assert "(its repeats differ)" in flaky.all


def test_a_request_that_is_sent_again_is_counted_and_no_repeat(
    here: Path, command: Command
) -> None:
    asked: list[Asked] = []

    def answer(one: Asked) -> tuple[int, object]:
        asked.append(one)
        return (429, {}) if len(asked) == 2 else (200, {"reply": "You have 30 days."})

    write(here, "again.yaml", SUITE)
    with shaped(answer) as bot:
        ended = command("run", "again.yaml", "--target", "http", "--url", f"{bot.address}/chat",
                        "--out", "run", "--concurrency", "1")  # fmt: skip
    assert ended.code == 0, ended.all
    assert "retried: 1 request was sent again, which changes no verdict" in ended.out
    told = {one["id"]: one for one in verdicts(here / "run")}
    assert sum(one.get("retries", 0) for one in told.values()) == 1
    assert told["decided"]["repeats"] == {"passed": PASSES, "of": PASSES}


def test_under_a_budget_repeats_wait_for_the_other_cases_and_are_judged_alike(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "again.yaml", SUITE)
    most = str(5 * 2 + 1 + 3)
    ended = run(command, bot, "--out", "run", "--max-calls", most, "--concurrency", "1")
    assert ended.code == 3
    found = rulings(here / "run")
    assert found == {"often": "passed", "once": "passed", "decided": "inconclusive"}
    before = {one["id"]: one for one in verdicts(here / "run")}
    assert before["decided"]["repeats"]["of"] in (2, 3)
    command("judge", "run")
    after = {one["id"]: one for one in verdicts(here / "run")}
    for name in found:
        assert after[name]["verdict"] == before[name]["verdict"]
        assert after[name].get("repeats") == before[name].get("repeats")
    assert command("run", "--resume", "run").code == 0
    assert len(bot.said) <= 5 * 2 + 1 + PASSES + 1
