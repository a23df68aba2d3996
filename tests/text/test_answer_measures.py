from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.answer_measures import amounts_in, by_number, by_time
from chatbot_qa.text.answer_parts import question
from chatbot_qa.text.answer_reply import said
from chatbot_qa.text.answer_times import times


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2 weeks", "14 days", True),
        ("two years", "24 months", True),
        ("48 hours", "2 days", True),
        ("one month", "30 days", False),
        ("30 weeks", "30 days", False),
        ("$5", "5 dollars", True),
        ("2.18 billion", "2,180,000,000", True),
        ("5", "6", False),
    ],
)
def test_the_same_amount(first, second, same):
    (one,), (other,) = amounts_in(first), amounts_in(second)
    assert one.same(other) is same
    assert other.same(one) is same


@given(st.integers(1, 500))
def test_weeks_are_seven_days(weeks):
    (one,), (other,) = amounts_in(f"{weeks} weeks"), amounts_in(f"{7 * weeks} days")
    assert one.same(other)


@pytest.mark.parametrize(
    ("meant", "reply", "sign"),
    [
        ("30 days", "You have 30 days.", "number: same"),
        ("14 days", "You have two weeks.", "number: same"),
        ("30 days", "You have 14 days.", "number: other of the unit"),
        ("30 days", "You have 30 weeks.", "number: other of the unit"),
        ("100 days", "You have 99 days.", "number: close"),
        ("30 days", "It costs 30 euros.", "number: other unit"),
        ("30 days", "It costs 5 euros.", "number: other"),
        ("30 days", "You have time.", "no number"),
    ],
)
def test_signs_of_a_number(meant, reply, sign):
    (amount,) = amounts_in(meant)
    found = by_number(amount, said(reply))
    assert [name for name in found if "number:" in name or name == "no number"][-1] == sign


@pytest.mark.parametrize(
    ("meant", "reply", "sign"),
    [
        ("1972", "It opened on June 3, 1972.", "time: same"),
        ("June 3, 1972", "It opened in 1972.", "time: coarser"),
        ("1972", "It opened in 1985.", "time: other"),
        ("1972", "It opened in 1973.", "time: near"),
        ("1972", "It opened long ago.", "no time"),
    ],
)
def test_signs_of_a_time(meant, reply, sign):
    assert by_time(question("When did it open?"), times(meant), said(reply))[sign] == 1.0


def test_a_year_of_the_question_is_no_answer():
    asked = question("Who won the cup of 1972, and when was the next?")
    assert by_time(asked, times("1976"), said("After 1972 it was held in 1976."))["first time"]
