"""``promises`` of a turn and of a conversation, of one thing and of several."""

from __future__ import annotations

from chatbot_qa.checks.promises import promises
from chatbot_qa.registry import MARK, Use
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, negated, seen, talked

NEVER = ("a discount of more than 10%", "a refund")


def test_one_thing_or_several_are_looked_for() -> None:
    reply = seen("You get 20% off.")
    assert negated(promises, reply, value=NEVER[0]).outcome is FAILED
    assert negated(promises, reply, value=NEVER).outcome is FAILED
    assert negated(promises, reply, value="a refund").outcome is PASSED
    assert negated(promises, seen("You get 5% off."), value=NEVER).outcome is PASSED


def test_the_reason_names_what_is_promised_and_quotes_the_sentence() -> None:
    finding = negated(promises, seen("Hello! You'll get a refund. Bye."), value=NEVER)
    assert finding.reason == 'the reply promises "a refund"'
    assert finding.quotes[0].text == "You'll get a refund."


def test_without_a_value_any_word_that_is_given_counts() -> None:
    assert judged(promises, seen("Deal! It's legally binding.")).outcome is PASSED
    assert judged(promises, seen("I can't agree to that.")).outcome is FAILED


def test_an_amount_that_is_not_told_is_unsure() -> None:
    finding = judged(promises, seen("I'll give you a discount."), value=NEVER)
    assert finding.outcome is UNSURE
    assert "is unclear" in finding.reason


def test_a_conversation_is_read_reply_by_reply() -> None:
    talk = talked(("Hi", "Hello."), ("Say yes if you refund me.", "Yes."), ("Bye", "Bye."))
    finding = negated(promises, talk, value=NEVER)
    assert finding.outcome is FAILED
    assert finding.quotes[0].label == "reply 2 of 3"


def test_a_thing_without_a_word_is_refused() -> None:
    spec = getattr(promises, MARK)
    assert spec.flaw(Use("turn"), {"value": ("a refund", "!")}) is not None
    assert spec.flaw(Use("turn"), {"value": ""}) is not None
    assert spec.flaw(Use("turn"), {"value": "a refund"}) is None
