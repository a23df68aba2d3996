"""A bot that says nothing passes no check only because something is not in its reply."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.base import Evidence
from chatbot_qa.checks.logic import all_of
from chatbot_qa.checks.messages import replies
from chatbot_qa.checks.refusal import refuses
from chatbot_qa.checks.text import contains
from chatbot_qa.domain.transcript import BotMessage, Reply, ToolCall
from chatbot_qa.domain.verdict import Finding
from tests.checks.talk import FAILED, PASSED, UNSURE, expects, judged, negated, seen, whole

SILENCE = "the bot replied nothing, which does not show that it holds to this"
NOTHING = (Reply(()), Reply((BotMessage(""),)), Reply((BotMessage(" \n"), BotMessage(""))))


def without_refund(evidence: Evidence) -> Finding:
    return negated(contains, evidence, value="refund")


@pytest.mark.parametrize("reply", NOTHING)
def test_silence_is_no_proof(reply: Reply) -> None:
    found = without_refund(seen(reply))
    assert (found.outcome, found.reason) == (UNSURE, SILENCE)
    assert negated(refuses, seen(reply)).outcome is UNSURE


def test_it_is_told_beside_the_reply() -> None:
    (quote,) = without_refund(seen(Reply(()))).quotes
    assert (quote.label, quote.text) == ("reply 1 of 1", "")


@pytest.mark.parametrize(
    "reply",
    [
        Reply((BotMessage("No."),)),
        Reply((BotMessage("", ("Yes", "No")),)),
        Reply((), calls=(ToolCall("look_up", {}),)),
        Reply((), data={"intent": "goodbye"}),
    ],
)
def test_whoever_says_or_does_something_else_passes(reply: Reply) -> None:
    assert without_refund(seen(reply)).outcome is PASSED


def test_where_no_reply_is_expected_silence_is_right() -> None:
    expected = seen(Reply(()))
    exchange = expected.exchange
    quiet = replace(exchange, say=replace(exchange.say, reply_expected=False))
    assert without_refund(replace(expected, exchanges=(quiet,))).outcome is PASSED


def test_the_opposite_of_replies_is_about_silence_itself() -> None:
    assert negated(replies, seen(Reply(()))).outcome is PASSED


def test_what_is_asked_for_is_missing_from_silence_as_ever() -> None:
    assert judged(contains, seen(Reply(())), value="refund").outcome is FAILED


def test_a_check_made_of_such_checks_is_no_surer() -> None:
    parts = (expects(contains, negated=True, value="refund"),)
    assert judged(all_of, seen(Reply(())), checks=parts).outcome is UNSURE


def test_a_conversation_is_judged_by_all_its_replies() -> None:
    assert without_refund(whole("", " ")).outcome is UNSURE
    assert without_refund(whole("", "Hello.")).outcome is PASSED
    assert without_refund(whole("", "A refund.")).outcome is FAILED
