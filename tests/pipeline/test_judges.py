"""A model that judges, from chatbot-qa.yaml to the verdict; here it is a function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Ended, journal, only_run, rulings, write

Command = Callable[..., Ended]

CONFIG = """\
judges:
  strict:
    kind: python
    function: judge.py:judge
"""
JUDGE = """\
def judge(message):
    with open("asked", "a") as asked:
        asked.write("x")
    says = "no" if "bananas" in message else "yes"
    return '{"reason": "so it seems", "verdict": "%s"}' % says
"""
SUITE = """\
suite: Judged
target: demo
conversations:
  - id: window
    turns:
      - say: How long can I return a jacket?
        expect:
          - rubric: Names the number of days
          - contains: 30 days
"""


@pytest.fixture
def judged(here: Path) -> Path:
    write(here, "chatbot-qa.yaml", CONFIG)
    write(here, "judge.py", JUDGE)
    write(here, "a.yaml", SUITE)
    return here


def asked(here: Path) -> int:
    """How often the judge was asked."""
    path = here / "asked"
    return len(path.read_text()) if path.exists() else 0


def test_the_judge_decides_and_its_answer_is_a_fact_of_the_run(
    judged: Path, command: Command
) -> None:
    assert command("run", "a.yaml").code == 0
    assert asked(judged) == 1
    (info, *events) = journal(only_run(judged))
    assert set(info["run"]["targets"]) == {"demo", "judge:strict"}
    said = [one["say"].get("text", "") for one in events if one["event"] == "exchange"]
    assert any("Names the number of days" in text for text in said)


def test_judging_again_asks_neither_the_bot_nor_the_judge_twice(
    judged: Path, command: Command
) -> None:
    command("run", "a.yaml")
    assert command("judge", "latest").code == 0
    assert asked(judged) == 1


def test_a_rubric_that_was_changed_is_asked_of_the_judge_and_nothing_of_the_bot(
    judged: Path, command: Command
) -> None:
    command("run", "a.yaml")
    write(judged, "a.yaml", SUITE.replace("the number of days", "bananas"))
    ended = command("judge", "latest")
    assert ended.code == 1
    assert asked(judged) == 2
    assert command("judge", "latest").code == 1
    assert asked(judged) == 2  # it is recorded now
    trials = [one for one in journal(only_run(judged)) if one["event"] == "trial"]
    assert len(trials) == 3


def test_a_judge_that_breaks_is_an_error_and_no_failure(judged: Path, command: Command) -> None:
    write(judged, "judge.py", "def judge(message):\n    raise RuntimeError('no credit')\n")
    ended = command("run", "a.yaml")
    assert ended.code == 3
    assert rulings(only_run(judged)) == {"window": "error"}
    assert "no credit" in ended.out


def test_without_a_judge_the_case_is_inconclusive_and_lint_says_so_before(
    judged: Path, command: Command
) -> None:
    (judged / "chatbot-qa.yaml").unlink()
    linted = command("lint", "a.yaml")
    assert linted.code == 0
    assert "warning[no-judge]" in linted.all
    assert command("run", "a.yaml").code == 3
    assert rulings(only_run(judged)) == {"window": "inconclusive"}


def test_a_judge_whose_key_is_not_set_judges_what_is_recorded(
    judged: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("run", "a.yaml")
    keyed = "judges:\n  strict:\n    kind: openai\n    model: m\n    api_key: ${secret:JUDGE_KEY}\n"
    write(judged, "chatbot-qa.yaml", keyed)
    monkeypatch.delenv("JUDGE_KEY", raising=False)
    assert command("judge", "latest").code == 0


def test_calls_of_a_judge_are_not_taken_off_the_budget_of_the_bot(
    judged: Path, command: Command
) -> None:
    assert command("run", "a.yaml", "--max-calls", "1").code == 0


def test_offline_refuses_a_judge_behind_a_network(judged: Path, command: Command) -> None:
    wired = "judges:\n  far:\n    kind: openai\n    model: m\n    base_url: http://127.0.0.1:1/v1\n"
    write(judged, "chatbot-qa.yaml", wired)
    ended = command("run", "a.yaml", "--offline")
    assert ended.code == 2
    assert "judge:far" in ended.err
