"""A missing button is no failure of a bot whose target can offer none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .talking import Talk, buttons, cases_of, talk

WHY = "the target `shop` reads none"
CHECKED = """
    conversations:
      - id: asks
        turns:
          - say: Hello
            expect: [{CHECK}]
"""
CLICKED = """
    conversations:
      - id: clicks
        turns:
          - say: Hello
          - click: "Yes"
            expect: [replies]
"""
SAVED = """
    conversations:
      - id: saves
        turns:
          - say: Hello
            save: {ticket: {button: "T-"}, word: {after: "Hi"}}
            expect: [replies]
          - say: ${ticket}
            expect: [replies]
"""


def held(text: str, *answers: str, why: str = WHY) -> Talk:
    (case,) = cases_of(text)
    return talk(replace(case, buttonless=why), *answers)


@pytest.mark.parametrize("check", ['buttons: ["Yes"]', "buttons: {count: 2}"])
def test_a_check_of_buttons_is_an_error_that_says_why(check: str) -> None:
    done = held(CHECKED.replace("CHECK", check), "Hi there")
    assert done.outcomes == [("buttons", 1, "broken")]
    assert done.findings[0].reason.endswith(f": {WHY}")
    assert done.ruling == "error"
    assert held(CHECKED.replace("CHECK", check), "Hi there", why="").ruling == "failed"


def test_what_asks_for_none_holds() -> None:
    for check in ('not_buttons: ["Yes"]', "buttons: {count: 0}"):
        assert held(CHECKED.replace("CHECK", check), "Hi there").ruling == "passed"


def test_other_checks_fail_as_ever() -> None:
    done = held(CHECKED.replace("CHECK", "contains: Bye"), "Hi there")
    assert done.ruling == "failed"
    assert WHY not in done.findings[0].reason


def test_a_button_that_is_to_be_pressed_is_an_error() -> None:
    done = held(CLICKED, "Hi there")
    assert ("click", 2, "broken") in done.outcomes
    assert done.ruling == "error"
    assert WHY in done.finding("click").reason
    assert held(CLICKED, "Hi there", why="").ruling == "failed"


def test_a_value_that_is_saved_from_a_button_is_an_error() -> None:
    done = held(SAVED, "Hi there")
    (saved,) = [one for one in done.findings if one.check == "save"]
    assert (saved.outcome, saved.reason.endswith(WHY)) == ("broken", True)
    missed = held(SAVED, "Goodbye")
    outcomes = sorted(one.outcome for one in missed.findings if one.check == "save")
    assert outcomes == ["broken", "failed"]


def test_a_bot_with_buttons_is_not_excused() -> None:
    (case,) = cases_of(CLICKED)
    done = talk(case, buttons("Hi", "No"))
    assert done.ruling == "failed"
