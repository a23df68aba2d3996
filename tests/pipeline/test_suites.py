"""Whole suites: what is expected of all their replies, and how they are configured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Ended, journal, only_run, rulings, verdicts, write
from .served import Served
from .suites import GOOD, RETURNS

Command = Callable[..., Ended]


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
  - latency: {p95: LIMIT}
"""


def whole(limit: str) -> str:
    rows = "\n".join(f"      - {{id: r{n}, n: {n}}}" for n in range(25))
    return (SLOW % rows).replace("LIMIT", limit)


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
