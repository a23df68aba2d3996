from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.answer_parts import alternatives, question
from chatbot_qa.text.answer_reply import said
from chatbot_qa.text.answer_signs import Shape, compared
from chatbot_qa.text.answer_weights import BASES, RIGHT_FROM, WEIGHTS, WRONG_TO
from chatbot_qa.text.answers import SHIPPED, Rightness, Scale, compare, likelihood

NAMES = st.lists(st.from_regex(r"[A-Z][a-z]{4,8}", fullmatch=True), min_size=2, max_size=2)


@given(st.text(), st.text(), st.text())
def test_any_texts_can_be_compared(reference, reply, ask):
    assert compare(reference, reply, ask).reason


@given(NAMES.map(" ".join))
def test_a_name_said_as_it_stands_is_right(name):
    assert compare(name, f"It was written by {name}.", "Who wrote it?").rightness is Rightness.RIGHT


@given(NAMES.map(" ".join))
def test_a_name_that_is_denied_is_never_right(name):
    found = compare(name, f"It was not {name}.", "Who wrote it?")
    assert found.rightness is Rightness.WRONG


@given(st.integers(1500, 2020), st.integers(3, 400))
def test_another_year_is_never_right(year, apart):
    later = min(year + apart, 2099)
    found = compare(str(year), f"It opened in {later}.", "When did it open?")
    assert found.rightness is Rightness.WRONG
    assert found.reason == "the reply gives another date"


@given(st.integers(2, 98), st.integers(1, 500))
def test_another_number_of_days_is_never_right(days, more):
    reply = f"You have {days + more} days to return it."
    found = compare(f"{days} days", reply, "How long do I have to return it?")
    assert found.rightness is Rightness.WRONG
    assert found.reason == "the reply gives another number"


@pytest.mark.parametrize(
    ("reference", "reply", "reason"),
    [
        ("Ann Lee", "It was written by Ann Lee.", 'the reply says "Ann Lee"'),
        ("Ann Lee", "It was not Ann Lee.", 'the reply denies "Ann Lee"'),
        ("Ann Lee", "I have no idea, Ann Lee perhaps.", 'the reply is not sure of "Ann Lee"'),
        (
            "Ann Lee",
            "Bob Moss wrote it; Ann Lee drew the pictures.",
            'the reply says "Ann Lee" of something else',
        ),
        ("Ann Lee", "I don't know.", "the reply says that it does not know"),
        ("Ann Lee", "It was Bob Moss.", "the reply names none of it"),
        (
            "30 days",
            "Nobody will take it back within 30 days, and you cannot return it in 30 days.",
            'the reply says "30 days"',
        ),
        (
            "30 days",
            "You cannot return it in 30 days.",
            'the reply has "30 days" behind a negation',
        ),
        ("by post", "Send it by mail.", "the reply uses none of the words of the answer"),
        ("!?", "Yes.", "the answer has no word or number to look for"),
    ],
)
def test_the_reason_says_why(reference, reply, reason):
    assert compare(reference, reply, "Who wrote it?").reason == reason


def test_words_of_the_question_are_no_evidence():
    ask = "What colour is the jacket?"
    assert compare("blue jacket", "A red jacket is a jacket.", ask).rightness is not Rightness.RIGHT
    assert compare("blue jacket", "The jacket is blue.", ask).rightness is Rightness.RIGHT


def test_one_alternative_is_enough_and_the_best_one_counts():
    ask = "When did it open?"
    assert compare("1998/2015", "It opened in 2015.", ask).rightness is Rightness.RIGHT
    assert compare("1998/2015", "It opened in 2003.", ask).rightness is Rightness.WRONG


def test_every_weight_is_of_a_sign_that_occurs():
    """A sign that was renamed would lose its weight in silence."""
    replies = [
        ("Who was it?", "Ann Lee/Bob Moss/Carl Dunn", "However, it was not Ann, and not Zed Lee."),
        ("Who was it?", "Ann Mary Lee", "It was probably Ann Lee, however."),
        ("When was it?", "June 1972", "In 1972, 1980 and 1990, the 1970s, or in June 1972."),
        ("How many?", "5 days", "There are 5 days, 6 or 7 days, and 8 weeks."),
        ("Where?", "a green field", "There is a field of grass."),
    ]
    seen = {
        sign
        for ask, reference, reply in replies
        for option in compared(question(ask), alternatives(reference), said(reply))
        for sign in option.signs
    }
    alone = {sign for sign in WEIGHTS if " & " not in sign}
    assert {"a list", "of the list", "but", "hedged", "not", "share", "echo"} <= alone & seen
    assert {"named in head", "partly", "time: same", "number: same"} <= alone & seen
    assert set(BASES) == set(Shape)
    assert 0 < WRONG_TO < RIGHT_FROM < 1


def test_the_likelihood_grows_with_what_speaks_for_it():
    def of(reply: str) -> float:
        (option,) = compared(question("Who wrote it?"), ("Ann Lee",), said(reply))
        return likelihood(option)

    assert of("Bob Moss wrote it.") < of("Bob Lee and Ann Moss wrote it.") < of("Ann Lee wrote it.")


def test_another_scale_decides_otherwise():
    strict = Scale(SHIPPED.weights, SHIPPED.bases, 0.9999, 0.0)
    lenient = Scale({}, dict.fromkeys(Shape, 0.0), 0.5, 0.1)
    ask, right, other = "Who wrote it?", "Ann Lee wrote it.", "Bob Moss wrote it."
    assert compare("Ann Lee", right, ask, strict).rightness is Rightness.UNSURE
    assert compare("Ann Lee", other, ask, strict).rightness is Rightness.UNSURE
    assert compare("Ann Lee", other, ask, lenient).rightness is Rightness.RIGHT
    assert compare("Ann Lee", "It was not Ann Lee.", ask, lenient).rightness is Rightness.WRONG


def test_a_not_of_the_question_is_no_denial():
    ask, name = 'Who sang "Never Mind"?', "Ann Lee"
    assert compare(name, "Never Mind is by Ann Lee.", ask).rightness is Rightness.UNSURE
    assert compare(name, "It is by Ann Lee.", ask).rightness is Rightness.RIGHT
    assert compare(name, "It was never Ann Lee.", "Who sang it?").rightness is Rightness.WRONG


def test_a_long_reply_is_read_for_many_alternatives():
    words = [f"{chr(97 + i % 26)}word{'x' * (i % 7)}" for i in range(4000)]
    reference = "/".join(f"Name{'abcdefghij'[i % 10]} Lee{chr(97 + i)}" for i in range(26))
    reply = f"It was Namea Leea. {' '.join(words)}"
    assert compare(reference, reply, "Who was it?").rightness is Rightness.RIGHT
