"""``asks_for`` and ``hands_over``; how they read is in tests/text."""

from __future__ import annotations

import pytest

from chatbot_qa.checks.requests import asks_for, hands_over
from chatbot_qa.domain.transcript import BotMessage, Reply
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, negated, seen

AGENT = "I'm connecting you with an agent."


def test_asked_not_asked_and_unclear() -> None:
    asked = seen("What is your order number?")
    assert judged(asks_for, asked, value="order number").outcome is PASSED
    assert negated(asks_for, asked, value="order number").outcome is FAILED
    told = seen("Your order number is A-1.")
    assert judged(asks_for, told, value="order number").outcome is FAILED
    assert negated(asks_for, told, value="order number").outcome is PASSED
    other = seen("What is your email?")
    assert judged(asks_for, other, value="order number").outcome is UNSURE
    assert negated(asks_for, other, value="order number").outcome is UNSURE


def test_handed_over_not_and_unclear() -> None:
    assert judged(hands_over, seen(AGENT)).outcome is PASSED
    assert negated(hands_over, seen(AGENT)).outcome is FAILED
    assert judged(hands_over, seen("You have 30 days.")).outcome is FAILED
    offer = judged(hands_over, seen("Hello. Would you like to talk to an agent?"))
    assert offer.outcome is UNSURE
    assert offer.quotes[0].text == "Would you like to talk to an agent?"


@pytest.mark.parametrize("name", ["handover", "hands_over"])
def test_the_bots_own_data_decides(name: str) -> None:
    yes = seen(Reply((BotMessage("Hello"),), data={name: True}))
    no = seen(Reply((BotMessage(AGENT),), data={name: False}))
    assert judged(hands_over, yes).outcome is PASSED
    assert judged(hands_over, no).outcome is FAILED
    other = seen(Reply((BotMessage(AGENT),), data={name: "to the billing desk"}))
    assert judged(hands_over, other).outcome is PASSED
