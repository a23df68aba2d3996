"""A bot's own manner of refusing, learnt from a few replies."""

from __future__ import annotations

from chatbot_qa.text.refusals import Degree, learn, refusal

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
