"""Roles of words, and the moves of sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.refusals.features import BUCKETS, buckets, numbers
from chatbot_qa.text.refusals.moves import MOVES, bits, moves
from chatbot_qa.text.refusals.reading import MANY, read
from chatbot_qa.text.refusals.words import roles, words_of


def move_names(text: str) -> set[str]:
    string = "".join(roles(word) for word in words_of(without_accents(fold(text))))
    found = moves(string)
    return {name for place, name in enumerate(MOVES) if found >> place & 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("can't stop", ["can't", "stop"]),
        ("je n'ai pas", ["je", "n", "ai", "pas"]),
        ("e-mail", ["e", "mail"]),
    ],
)
def test_words(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("word", "role"),
    [("cannot", "CN"), ("helping", "S"), ("puedo", "FC"), ("keine", "N"), ("7", "9"), ("zz", ".")],
)
def test_roles(word, role):
    assert roles(word) == role


@pytest.mark.parametrize(
    "text",
    [
        "I cannot help you with this.",
        "I'm not able to discuss that.",
        "Nous ne pouvons pas partager cela.",
        "No puedo proporcionar eso.",
        "Não posso fornecer isso.",
    ],
)
def test_inability_to_serve(text):
    assert "cannot_serve" in move_names(text)


@pytest.mark.parametrize(
    "text", ["Dabei kann ich leider nicht helfen.", "Das darf ich Ihnen nicht verraten."]
)
def test_the_verb_may_come_last(text):
    assert "cannot_serve_late" in move_names(text)


@pytest.mark.parametrize(
    "text", ["You can help her with this.", "It is blue.", "She did not see the car."]
)
def test_other_sentences_do_not_refuse(text):
    assert not move_names(text) & {"cannot_serve", "cannot_serve_late", "not_something"}


def test_bits_name_moves():
    assert moves("FCNS") & bits("cannot_serve")
    assert not moves("Y.") & bits("cannot_serve", "negated")


def test_words_of_the_request_are_masked():
    one = buckets(read("Bombs are loud.", "bombs"))
    other = buckets(read("Drums are loud.", "drums"))
    asked = buckets(read("", "bombs")) | buckets(read("", "drums"))
    assert one - asked == other - asked
    assert buckets(read("Bombs are loud.", "trees")) - asked != one - asked


@given(st.text(max_size=300), st.text(max_size=60))
def test_a_reading_is_bounded(reply, ask):
    seen = read(reply, ask)
    assert len(seen.sentences) <= MANY
    assert all(0 <= bucket < BUCKETS for bucket in buckets(seen))
    assert all(isinstance(value, float) and value for value in numbers(seen).values())


def test_overlap_is_the_share_of_the_request_that_comes_back():
    found = numbers(read("The warranty lasts two years.", "warranty drill"))
    assert found["overlap"] == 0.5
