from __future__ import annotations

import pytest

from chatbot_qa.checks.choice import multiple_choice
from chatbot_qa.registry import Registry, Use
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, negated, seen

CITIES = ("Berlin", "Rome", "Paris")


@pytest.mark.parametrize("value", ["B", "b", "(b)", "Rome", "rome."])
def test_the_right_one_is_named_by_letter_or_text(value):
    found = judged(multiple_choice, seen("The answer is B."), value=value, choices=CITIES)
    assert found.outcome is PASSED
    assert found.reason == 'the reply chooses B ("Rome"): the reply says so'
    found = judged(multiple_choice, seen("Paris"), value=value, choices=CITIES)
    assert found.outcome is FAILED
    assert found.reason == 'the reply chooses C ("Paris"), not B'


def test_several_or_none_are_unsure_and_stay_so_negated():
    for reply in ("Rome or Paris", "I don't know"):
        for judges in (judged, negated):
            found = judges(multiple_choice, seen(reply), value="B", choices=CITIES)
            assert found.outcome is UNSURE
    assert judged(multiple_choice, seen(" "), value="B", choices=CITIES).outcome is FAILED


@pytest.mark.parametrize(
    ("arguments", "says", "at"),
    [
        ({"value": "D", "choices": CITIES}, "none of its choices", ("value",)),
        ({"value": "Ro", "choices": CITIES}, "none of its choices", ("value",)),
        ({"value": "A", "choices": ("x",)}, "1 choices", ("choices",)),
        ({"value": "A", "choices": ("x", "X.")}, "twice", ("choices", 1)),
        ({"value": "A", "choices": ("x", " ")}, "empty", ("choices", 1)),
        ({"value": "A", "choices": ("B", "A")}, "text of another", ("value",)),
    ],
)
def test_what_makes_no_sense_is_told_beforehand(arguments, says, at):
    found = Registry().checks["multiple_choice"].flaw(Use("turn"), arguments)
    assert found is not None
    assert says in found.message
    assert found.at == at


def test_letters_that_are_texts_in_their_order_are_no_riddle():
    assert (
        Registry()
        .checks["multiple_choice"]
        .flaw(Use("turn"), {"value": "A", "choices": ("A", "B")})
        is None
    )
