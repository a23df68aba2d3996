"""Checks that ask a model inside checks made of checks: asked only while that can matter."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.base import Asker, Pending, inquire, judge
from chatbot_qa.checks.logic import all_of, any_of, at_least
from chatbot_qa.checks.messages import messages
from chatbot_qa.checks.rubric import rubric
from chatbot_qa.checks.text import contains
from chatbot_qa.domain.plan import CaseId, Message, Say
from chatbot_qa.domain.suite import MessageChecks
from chatbot_qa.domain.transcript import Exchange, Transcript, text_reply
from chatbot_qa.domain.verdict import Finding
from tests.checks.talk import BROKEN, FAILED, PASSED, UNSURE, expects, seen, several

ASKER = Asker(CaseId("suite", "case"), 7, ("strict",))
ASKS = expects(rubric, value="Is polite")
HAS, HAS_NOT = expects(contains, value="30"), expects(contains, value="40")
ANSWERS = {
    "y": '{"reason": "it says please", "verdict": "yes"}',
    "n": '{"reason": "it is rude", "verdict": "no"}',
    "?": '{"reason": "hard to tell", "verdict": "unsure"}',
    "x": "I am a teapot",
}


def asked(function: Any, answers: str, reply: Any = "30 days", **arguments: Any) -> Finding:
    """What a check comes to whose judge gives these answers, one after another."""
    begun = inquire(expects(function, **arguments), replace(seen(reply), asker=ASKER))
    if isinstance(begun, Finding):
        assert answers == ""
        return begun
    assert isinstance(begun, Pending)
    asking = begun.ask()
    next(asking)
    for place, letter in enumerate(answers):
        told = Exchange(Say(Message("?")), text_reply(ANSWERS[letter]), 0.0, 0.0)
        try:
            asking.send([Transcript("k", (told,))])
        except StopIteration as end:
            assert place == len(answers) - 1, "it asked less than it was told"
            found: Finding = end.value
            return found
    raise AssertionError("it asked for more")


@pytest.mark.parametrize(
    ("function", "arguments", "answers", "outcome"),
    [
        (all_of, {"checks": (ASKS, HAS_NOT)}, "", FAILED),
        (all_of, {"checks": (ASKS, HAS)}, "y", PASSED),
        (all_of, {"checks": (ASKS, HAS)}, "n", FAILED),
        (all_of, {"checks": (ASKS, HAS)}, "?", UNSURE),
        (all_of, {"checks": (ASKS, HAS)}, "x", BROKEN),
        (all_of, {"checks": (ASKS, ASKS)}, "n", FAILED),
        (all_of, {"checks": (ASKS, ASKS)}, "yy", PASSED),
        (any_of, {"checks": (ASKS, HAS)}, "", PASSED),
        (any_of, {"checks": (ASKS, HAS_NOT)}, "y", PASSED),
        (any_of, {"checks": (ASKS, HAS_NOT)}, "n", FAILED),
        (any_of, {"checks": (ASKS, ASKS)}, "y", PASSED),
        (any_of, {"checks": (ASKS, ASKS)}, "nn", FAILED),
        (at_least, {"of": (HAS, HAS, ASKS), "count": 2}, "", PASSED),
        (at_least, {"of": (HAS, HAS_NOT, ASKS), "count": 2}, "y", PASSED),
        (at_least, {"of": (HAS, HAS_NOT, ASKS), "count": 2}, "n", FAILED),
        (at_least, {"of": (HAS, HAS_NOT, ASKS), "count": 2}, "?", UNSURE),
    ],
)
def test_a_model_inside(function: Any, arguments: Any, answers: str, outcome: Any) -> None:
    assert asked(function, answers, **arguments).outcome is outcome


def item(*checks: Any, optional: bool = False) -> MessageChecks:
    return MessageChecks(checks=checks, optional=optional)


@pytest.mark.parametrize(
    ("items", "answers", "outcome"),
    [
        ((item(HAS), item(ASKS)), "y", PASSED),
        ((item(HAS), item(ASKS)), "n", FAILED),
        ((item(HAS), item(ASKS)), "?", UNSURE),
        ((item(HAS), item(ASKS)), "x", BROKEN),
        ((item(HAS_NOT), item(ASKS)), "", FAILED),
        ((item(HAS, ASKS), item(ASKS)), "yn", FAILED),
        ((item(HAS), item(HAS, optional=True), item(ASKS)), "y", PASSED),
        ((item(HAS), item(HAS, optional=True), item(ASKS)), "n", UNSURE),
    ],
)
def test_a_model_asked_of_one_message(items: Any, answers: str, outcome: Any) -> None:
    found = asked(messages, answers, several("30 days", "Goodbye"), items=items)
    assert found.outcome is outcome
    if answers == "n":
        assert "message 2 of 2: rubric: the judge strict says no" in found.reason


def test_where_no_model_is_asked_it_is_open() -> None:
    evidence = replace(seen("30 days"), asker=ASKER)
    assert judge(expects(all_of, checks=(ASKS, HAS)), evidence).outcome is UNSURE
    assert judge(expects(messages, items=(item(ASKS),)), evidence).outcome is UNSURE
