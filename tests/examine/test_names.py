"""What stands for a name, a secret, a system prompt; and what makes two trials the same."""

from __future__ import annotations

import dataclasses
import pickle

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.registry import Registry
from chatbot_qa.replay.sources import Identities

from .talking import cases_of, key, talk

TWO = """
    conversations:
      - id: two
        turns:
          - say: Hello
            expect:
              - contains: welcome
          - say: How long?
            expect:
              - contains: 30 days
              - not_contains: 14 days
"""


def test_a_check_whose_value_is_unset_for_a_row_is_skipped_and_never_passed() -> None:
    bare, filled = cases_of("""
    conversations:
      - id: rows
        turns:
          - say: hello
            expect:
              - contains: ${word}
              - not_contains: ${other}
        examples:
          - {id: bare, other: x}
          - {id: filled, word: hi, other: x}
    """)
    assert talk(bare, "hi").outcomes == [("contains", 1, "skipped"), ("not_contains", 1, "passed")]
    assert talk(filled, "hi").outcomes[0] == ("contains", 1, "passed")
    assert talk(filled, "ho").ruling == "failed"


UNSAID = """
    conversations:
      - id: unsaid
        {system}
        turns:
          - say: Hello{again}
          - say: About ${{word}}.
            expect:
              - contains: word
          - say: Bye
        examples:
          - {{id: bare}}
          - {{id: filled, word: hats}}
"""


@pytest.mark.parametrize("again", ["", "\n            save:\n              x: {after: 'x'}"])
def test_a_turn_whose_value_is_unset_for_a_row_is_an_error_and_not_said(again: str) -> None:
    bare, filled = cases_of(UNSAID.format(system="", again=again))
    assert talk(filled, "x 1", "word", "b").said == ["Hello", "About hats.", "Bye"]
    done = talk(bare, "x 1", "b")
    assert done.said == ["Hello", "Bye"]
    assert ("say", 2, "broken") in done.outcomes
    assert ("contains", 2, "not_reached") in done.outcomes
    assert done.ruling == "error"
    assert done.finding("say").reason == "not said: ${word} has no value in this row"


def test_a_system_prompt_whose_value_is_unset_for_a_row_is_an_error() -> None:
    bare, filled = cases_of(UNSAID.format(system="system: You sell ${word}.", again=""))
    assert talk(bare).ruling == "error"
    assert talk(bare).finding("system").reason == "not said: ${word} has no value in this row"
    assert talk(filled, "a", "word", "b").trials[0].sessions["bot"].system == "You sell hats."


SECRET = """
    secrets: [PIN]
    conversations:
      - id: secret
        system: The pin is ${secret:PIN}.
        turns:
          - say: My pin is ${secret:PIN}.
            expect:
              - recalls: ${secret:PIN}
"""


def test_a_secret_is_said_but_checks_see_its_mask() -> None:
    (case,) = cases_of(SECRET, {"PIN": "hunter2000"})
    done = talk(case, "Your pin is ‹secret:PIN›, is it?")
    assert done.said == ["My pin is hunter2000."]
    assert done.ruling == "passed"
    assert "hunter2000" not in repr((done.verdict, done.trials[0].plan.identity()))
    assert "hunter2000" not in repr(done.trials[0].plan.texts())


def test_the_bot_is_given_the_system_prompt_with_its_secret() -> None:
    (case,) = cases_of(SECRET, {"PIN": "hunter2000"})
    (trial,) = talk(case, "‹secret:PIN›").trials
    assert trial.sessions["bot"].system == "The pin is hunter2000."


def test_without_a_system_prompt_the_target_has_its_own() -> None:
    (case,) = cases_of(TWO)
    (trial,) = talk(case, "a", "b").trials
    assert trial.sessions["bot"].system is None


def keys(text: str) -> list[str]:
    found = []
    for case in cases_of(text):
        (trial,) = next(Registry().kinds["conversations"].examine(case, 7))
        found.append(key(trial))
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("contains: welcome", "contains: something else"),
        ("not_contains: 14 days", "latency: 5s"),
        ("id: two", "id: two\n        title: Two turns"),
        ("id: two", "id: two\n        severity: critical"),
    ],
)
def test_what_is_expected_or_told_of_a_case_does_not_change_its_key(
    before: str, after: str
) -> None:
    changed = TWO.replace(before, after)
    assert changed != TWO
    assert keys(TWO) == keys(changed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("say: Hello", "say: Hello!"),
        ("id: two", "id: other"),
        ("id: two", "id: two\n        system: Be kind."),
        ("- say: How long?", "- say: Hm.\n          - say: How long?"),
    ],
)
def test_what_is_said_changes_the_key(before: str, after: str) -> None:
    changed = TWO.replace(before, after)
    assert changed != TWO
    assert keys(TWO) != keys(changed)


def test_the_key_knows_the_target_and_the_seed() -> None:
    (case,) = cases_of(TWO)
    (trial,) = next(Registry().kinds["conversations"].examine(case, 7))
    other = Identities({"bot": "demo 2"}, {"Talks": "bot"})
    assert len({key(trial), key(replace(trial, seed=8)), key(replace(trial, repeat=1))}) == 3
    assert other.key(trial) != key(trial)


def test_a_plan_can_be_sent_to_another_process() -> None:
    (case,) = cases_of(TWO)
    (trial,) = next(Registry().kinds["conversations"].examine(case, 7))
    again = pickle.loads(pickle.dumps(trial))
    assert key(again) == key(trial)
    assert again.plan.next(()) == trial.plan.next(())


def test_replies_of_a_recorded_run_have_no_times_to_judge() -> None:
    (case,) = cases_of("""
    conversations:
      - id: fast
        turns:
          - say: hello
            expect:
              - latency: 100ms
    """)
    assert talk(case, "x").ruling == "failed"
    recorded = talk(case, "x", live=False)
    assert recorded.outcomes == [("latency", 1, "not_measured")]
    assert recorded.ruling == "skipped"


COST = """
    conversations:
      - id: cheap
        turns:
          - say: hello
            expect: [TURN]
        expect: [WHOLE]
"""


@pytest.mark.parametrize(
    ("turn", "whole", "ruling"),
    [
        ("{cost: 0.01 USD}", "", "inconclusive"),
        ("", "{cost: 0.01 USD}", "inconclusive"),
        ("{cost: 0.01 USD}", "{latency: 2s}", "passed"),
        ("replies, {cost: 0.01 USD}", "", "passed"),
    ],
)
def test_a_cost_that_nobody_knows_passes_no_case(turn: str, whole: str, ruling: str) -> None:
    (case,) = cases_of(COST.replace("TURN", turn).replace("WHOLE", whole))
    told = talk(case, "x")
    assert ("cost", int("cost" in turn), "not_measured") in told.outcomes
    assert told.ruling == ruling


def test_a_check_that_crashes_is_an_error_and_no_failure() -> None:
    (case,) = cases_of(TWO)

    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nothing to share")

    turn = case.turns[0]  # type: ignore[attr-defined]
    expectation = replace(turn.expect[0], function=crash)
    broken = dataclasses.replace(case, turns=(replace(turn, expect=(expectation,)),))  # type: ignore[call-arg]
    done = talk(broken, "welcome")
    assert done.verdict is not None
    assert done.verdict.ruling is Ruling.ERROR
    assert "ZeroDivisionError" in done.verdict.reason
