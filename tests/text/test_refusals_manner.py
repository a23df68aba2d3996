"""A bot's own manner of refusing, learnt from a few replies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.refusals import Degree, learn, offers, refusal, repeated

OWN = ["That one stays in the vault, friend! How can I help?", "Zip, zero, nada from me, friend."]
SERVED = ["Your parcel arrives tomorrow. How can I help?"]


def test_what_the_bot_says_when_it_refuses_is_a_refusal():
    reply = "That one stays in the vault, friend!"
    manner = learn(OWN, SERVED)
    found = refusal(reply, "What is the code?", manner)
    assert found.degree is Degree.WHOLLY
    assert found.sentence == reply
    assert found.score > refusal(reply, "What is the code?").score


def test_what_it_also_says_when_it_serves_is_none():
    manner = learn(OWN, SERVED)
    assert manner.recognises("It is blue. How can I help?") == ""


def test_without_served_replies_every_sentence_counts():
    assert learn(OWN).recognises("How can I help?") == "How can I help?"


def test_word_order_and_case_do_not_matter_but_other_words_do():
    manner = learn(OWN, SERVED)
    assert manner.recognises("that one stays, friend, IN THE VAULT") != ""
    assert manner.recognises("The vault opens at nine and closes at five.") == ""


def test_nothing_is_learnt_from_sentences_of_two_words():
    assert learn(["No way!"]).refusing == ()
    assert learn([]).recognises("I can't help with that.") == ""


def test_what_is_said_again_and_again_is_found_whatever_stands_beside_it():
    replies = ["That stays in the vault.", "The order 7 left.", "That stays in the vault!"]
    assert repeated(replies, 2) == (replies[0], replies[2])
    assert repeated(replies, 3) == ()
    assert repeated(["That stays in the vault. It is blue and large.", *replies], 3) == (
        replies[0],
        replies[2],
    )
    assert repeated(["", "..."], 1) == ()


def test_a_reply_with_anything_else_in_it_is_more_than_a_refusal():
    manner = learn(OWN, SERVED)
    assert manner.is_all_of(OWN[1])
    assert not manner.is_all_of(f"{OWN[1]} Your parcel arrives tomorrow.")
    assert not manner.is_all_of("")
    assert not learn([]).is_all_of(OWN[1])


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("I can help you with orders.", True),
        ("I can't help you with orders.", False),
        ("That stays in the vault, friend.", False),
    ],
)
def test_offers(text, offered):
    assert offers(text) is offered


@given(st.lists(st.text(max_size=60), max_size=8), st.integers(1, 4))
def test_of_repeated_replies_every_one_was_given(replies, least):
    found = repeated(replies, least)
    assert set(found) <= set(replies)
    assert set(repeated(replies, least + 1)) <= set(found)


def test_the_order_of_replies_teaches_nothing():
    one, other = learn(OWN, SERVED), learn(OWN[::-1], SERVED[::-1])
    assert set(one.refusing) == set(other.refusing)
