from __future__ import annotations

import pytest

from chatbot_qa.checks.text import (
    asks_question,
    contains,
    contains_all,
    contains_any,
    ends_with,
    equals,
    length,
    matches,
    number,
    one_of,
    similar,
    starts_with,
)
from chatbot_qa.domain.values import Pattern
from tests.checks.talk import BROKEN, FAILED, PASSED, judged, negated, seen, several, whole


@pytest.mark.parametrize(
    ("reply", "value", "outcome"),
    [
        ("You have 30 days.", "30 days", PASSED),
        ("You have 30\u00a0DAYS.", "30  days", PASSED),
        ("It’s “here” – now", 'it\'s "here" - NOW', PASSED),
        ("You have 31 days.", "30 days", FAILED),
        ("Cafe\u0301", "café", PASSED),
        ("Cafe", "café", FAILED),
    ],
)
def test_contains_folds_what_people_type_differently(reply, value, outcome):
    assert judged(contains, seen(reply), value=value).outcome is outcome


def test_contains_exactly_folds_nothing():
    assert judged(contains, seen("30 Days"), value="30 days", exactly=True).outcome is FAILED
    assert judged(contains, seen("30 days"), value="30 days", exactly=True).outcome is PASSED


def test_contains_reads_across_messages_and_replies():
    assert judged(contains, seen(several("You have", "30 days")), value="have 30").outcome is PASSED
    assert judged(contains, whole("no", "30 days"), value="30 days").outcome is PASSED
    assert judged(contains, whole("no", "never"), value="30 days").outcome is FAILED


def test_the_reasons_of_contains_read_well_both_ways():
    assert judged(contains, seen("no"), value="yes").reason == 'the reply does not contain "yes"'
    assert negated(contains, seen("oh yes"), value="yes").reason == 'the reply contains "yes"'
    assert judged(contains, whole("no"), value="yes").reason.startswith("the conversation does")


def test_a_failing_not_contains_quotes_the_words_around_the_place():
    reply = "word " * 200 + "the Secret  Menu is here " + "word " * 200
    finding = negated(contains, seen(reply), value="secret menu")
    assert finding.outcome is FAILED
    (quote,) = finding.quotes
    assert quote.label == "reply 1 of 1"
    assert "the Secret  Menu is here" in quote.text
    assert len(quote.text) < 300


def test_a_short_reply_is_quoted_whole():
    (quote,) = negated(contains, seen("oh yes"), value="yes").quotes
    assert quote.text == "oh yes"


def test_contains_any_needs_one():
    assert judged(contains_any, seen("a month"), values=("30 days", "A Month")).outcome is PASSED
    finding = judged(contains_any, seen("a year"), values=("30 days", "a month"))
    assert finding.outcome is FAILED
    assert finding.reason == 'the reply contains none of "30 days" and "a month"'


def test_not_contains_any_names_the_one_that_is_there():
    finding = negated(contains_any, seen("I don't know"), values=("sorry", "i don’t know"))
    assert finding.outcome is FAILED
    assert "i don’t know" in finding.reason
    assert "sorry" not in finding.reason


def test_contains_all_names_what_is_missing():
    assert judged(contains_all, seen("b and a"), values=("a", "b")).outcome is PASSED
    finding = judged(contains_all, seen("only apples"), values=("apples", "pears", "plums"))
    assert finding.outcome is FAILED
    assert finding.reason == 'the reply does not contain "pears" or "plums"'


@pytest.mark.parametrize(
    ("reply", "value", "outcome"),
    [
        ("On its way.", "on its way", PASSED),
        ("on its way", "On its way.", PASSED),
        ("On its way!", "on its way", FAILED),
        ("On its way...", "on its way", FAILED),
        ("It is on its way.", "on its way", FAILED),
    ],
)
def test_equals_folds_the_final_full_stop_only(reply, value, outcome):
    assert judged(equals, seen(reply), value=value).outcome is outcome
    assert judged(one_of, seen(reply), values=("other", value)).outcome is outcome


def test_equals_exactly():
    assert judged(equals, seen("Yes."), value="Yes", exactly=True).outcome is FAILED
    assert judged(one_of, seen("Yes."), values=("Yes",), exactly=True).outcome is FAILED
    assert judged(equals, seen("Yes"), value="Yes", exactly=True).outcome is PASSED


def test_starts_and_ends():
    assert judged(starts_with, seen("  HELLO there"), value="hello").outcome is PASSED
    assert judged(starts_with, seen("Oh, hello"), value="hello").outcome is FAILED
    assert judged(ends_with, seen("Anything  else? "), value="anything else?").outcome is PASSED
    assert judged(ends_with, seen("Anything else? Bye"), value="else?").outcome is FAILED
    assert judged(starts_with, seen("HELLO"), value="hello", exactly=True).outcome is FAILED
    assert judged(ends_with, seen("HELLO"), value="hello", exactly=True).outcome is FAILED


def test_matches():
    assert (
        judged(matches, seen("ticket AB-1234."), value=Pattern(r"[A-Z]{2}-\d{4}")).outcome is PASSED
    )
    assert (
        judged(matches, seen("ticket ab-1234."), value=Pattern(r"[A-Z]{2}-\d{4}")).outcome is FAILED
    )
    finding = judged(matches, seen("ab-1234"), value=Pattern("AB"), ignore_case=True)
    assert finding.outcome is PASSED


def test_a_pattern_without_end_is_broken_and_no_failure_of_the_bot(monkeypatch):
    monkeypatch.setattr("chatbot_qa.text.patterns.PATIENCE", 0.05)
    finding = judged(matches, seen("a" * 5000 + "b"), value=Pattern(r"(a|aa)+$"))
    assert finding.outcome is BROKEN
    assert "still searching" in finding.reason


def test_similar_scores():
    near = judged(
        similar, seen("Your parcel is on the way to you"), value="Your parcel is on its way to you."
    )
    assert near.outcome is PASSED
    assert near.score is not None
    assert 0.85 < near.score < 1
    assert judged(similar, seen("Nothing of the kind"), value="Your parcel").outcome is FAILED
    assert judged(similar, seen("same"), value="Same.", at_least=1.0).outcome is PASSED
    assert judged(similar, seen("some"), value="same", at_least=0.75).outcome is PASSED
    assert judged(similar, seen("some"), value="same", at_least=0.76).outcome is FAILED


@pytest.mark.parametrize(
    ("bounds", "outcome"),
    [
        ({"at_most": 2, "unit": "sentences"}, PASSED),
        ({"at_most": 1, "unit": "sentences"}, FAILED),
        ({"at_least": 2, "unit": "sentences"}, PASSED),
        ({"at_least": 3, "unit": "sentences"}, FAILED),
        ({"exactly": 5, "unit": "words"}, PASSED),
        ({"exactly": 4, "unit": "words"}, FAILED),
        ({"exactly": 0, "unit": "words"}, FAILED),
        ({"at_most": 21}, PASSED),
        ({"at_most": 20}, FAILED),
        ({}, BROKEN),
    ],
)
def test_length(bounds, outcome):
    assert judged(length, seen(" Sure thing. It is on. "), **bounds).outcome is outcome


def test_length_says_how_long_it_is():
    finding = judged(length, seen("one two"), at_least=3, unit="words")
    assert finding.reason == "the reply has 2 words, fewer than 3"


@pytest.mark.parametrize(
    ("reply", "arguments", "outcome"),
    [
        ("You have thirty days.", {"value": 30.0, "unit": "days"}, PASSED),
        ("You have 30 calendar days.", {"value": 30.0, "unit": "day"}, PASSED),
        ("You have 30 hours.", {"value": 30.0, "unit": "days"}, FAILED),
        ("It is $1,234.50.", {"value": 1234.5, "unit": "USD"}, PASSED),
        ("Das kostet 1.234,50 €.", {"value": 1234.5, "unit": "EUR"}, PASSED),
        ("It is 29.", {"value": 30.0, "tolerance": "1"}, PASSED),
        ("It is 28.", {"value": 30.0, "tolerance": "1"}, FAILED),
        ("It is 27.", {"value": 30.0, "tolerance": "10%"}, PASSED),
        ("It is 26.", {"value": 30.0, "tolerance": "10%"}, FAILED),
        ("It is 30.", {"value": 30.0, "tolerance": "much"}, BROKEN),
        ("It is 30.", {"value": 30.0, "tolerance": "-1"}, BROKEN),
        ("Order A-30 is here.", {"value": 30.0}, FAILED),
        ("Either 14 or 30 will do.", {"value": 30.0}, PASSED),
    ],
)
def test_number(reply, arguments, outcome):
    assert judged(number, seen(reply), **arguments).outcome is outcome


def test_number_says_which_it_found():
    finding = judged(number, seen("14 days"), value=30.0, unit="days")
    assert finding.reason == 'the reply does not name 30 days; it names "14"'


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("What is your order number?", PASSED),
        ("Which one? I can wait.", PASSED),
        ("¿Cuál es su pedido?", PASSED),
        ("ご注文番号は何ですか。", PASSED),
        ("See https://shop.example/?id=1 for it.", FAILED),
        ("```\nwhat?\n```\nDone.", FAILED),
        ("Done.", FAILED),
    ],
)
def test_asks_question(reply, outcome):
    assert judged(asks_question, seen(reply)).outcome is outcome
