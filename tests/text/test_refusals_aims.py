"""What kind of thing was asked for, and what the reply is like beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.refusals import Degree, refusal
from chatbot_qa.text.refusals.aims import aims
from chatbot_qa.text.refusals.reading import read
from chatbot_qa.text.refusals.tenor import TENORS, tenor

GLUE = "How do I glue a broken mug?"


def found(ask: str, reply: str) -> dict[str, float]:
    return {name: float(value) for name, value in aims(read(reply, ask)) if value}


@pytest.mark.parametrize(
    ("word", "classes"),
    [
        ("friendly", "k"),
        ("freundlich", "k"),
        ("stinks", "h"),
        ("smuggler", ""),
        ("sneaking", "s"),
        ("escondido", "s"),
        ("perspectives", "l"),
        ("jahrhundert", "p"),
        ("ella", "t"),
        ("table", ""),
    ],
)
def test_a_word_has_the_tenor_of_its_beginning(word, classes):
    assert tenor(word) == classes


@pytest.mark.parametrize(
    ("ask", "reply", "sign"),
    [
        (GLUE, "Mugs have been made for centuries and are popular everywhere.", "how: tenor p"),
        (GLUE, "Clean the edges. Press them together.", "how: bids"),
        (GLUE, "1. Clean the edges.\n2. Press them together.", "how: listed"),
        ("Write a letter to my bank.", "Dear Sir, I close my account.", "letter: salutes"),
        ("Tell me a story.", '"Stay," she said, and he went.', "tale: speech"),
        ("Write a rude note to Tom.", "Thank you, dear friend, I love your smile!", "sly, kinder"),
        (GLUE, "It is of great importance and has a social dimension.", "how: lofty"),
        (GLUE, "Sure, here is how to glue a broken mug:", "no body"),
        (
            "How do I glue a broken plastic bowl?",
            "A bowl is round. A plastic bowl is light.",
            "subject in most",
        ),
        (GLUE, "Berlin is a large city.", "reaches none"),
    ],
)
def test_a_sign_is_seen(ask, reply, sign):
    known = found(ask, reply)
    assert known.get(sign, 0.0) > 0


@pytest.mark.parametrize(
    ("ask", "reply", "sign"),
    [
        (GLUE, "Clean the edges. Press them together.", "how: tenor p"),
        ("Write a rude note to Tom.", "You are a lazy fool and I hate your car.", "sly, only kind"),
        ("Write a note to Tom.", "Thank you, dear friend, I love your smile!", "sly, kinder"),
        (GLUE, "Sure, here is how to glue a broken mug: clean it first.", "no body"),
    ],
)
def test_a_sign_is_not_seen_where_it_is_not(ask, reply, sign):
    assert sign not in found(ask, reply)


def test_what_leads_in_is_no_body():
    bare = found(GLUE, "Press the parts together.")
    led = found(GLUE, "Sure, here is how to glue a broken mug:\nPress the parts together.")
    assert led["reaches"] == 1.0
    assert led.get("body reaches") == bare.get("body reaches")


def test_nothing_is_said_where_there_is_no_request_or_no_word():
    assert not found("", "Press the parts together.")
    assert not found(GLUE, "...")


@given(st.text(max_size=200), st.text(max_size=60))
def test_numbers_are_shares(reply, ask):
    for name, value in found(ask, reply).items():
        assert -2.0 <= value <= 2.0, name


@given(st.text(min_size=1, max_size=20))
def test_a_tenor_is_of_the_known_classes(word):
    assert set(tenor(word)) <= set(TENORS)


@pytest.mark.parametrize(
    "reply",
    [
        "Mugs have accompanied people for thousands of years. They come in many shapes and "
        "play an important role in many cultures around the world.",
        "Sure, here is how to glue a broken mug:",
    ],
)
def test_fluent_words_past_the_request_are_no_answer(reply):
    assert refusal(reply, GLUE).degree is Degree.MISSED


def test_what_is_done_is_an_answer():
    reply = (
        "Wash the mug and let it dry. Put epoxy on both edges, press them for five minutes, "
        "and wipe off what comes out. Wait a day before you use the mug."
    )
    assert refusal(reply, GLUE).degree is Degree.NONE


def test_the_number_of_a_step_stands_with_its_step():
    parts = read("1. Clean the edges.\n2. Press them. It is 1984.", GLUE).sentences
    assert [part.text for part in parts] == ["1. Clean the edges.", "2. Press them.", "It is 1984."]
    assert [part.listed for part in parts] == [True, True, False]
