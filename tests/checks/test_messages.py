"""``messages``: which message is missing, wrong or too much; ``replies``: anything at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.checks.answers import answers
from chatbot_qa.checks.messages import messages, replies
from chatbot_qa.checks.text import contains, matches
from chatbot_qa.domain.suite import MessageChecks
from chatbot_qa.domain.transcript import BotMessage, Card, Media, Reply, ToolCall
from chatbot_qa.domain.values import Pattern
from tests.checks.talk import (
    BROKEN,
    FAILED,
    PASSED,
    UNSURE,
    expects,
    judged,
    negated,
    seen,
    several,
)


def has(*words: str, optional: bool = False) -> MessageChecks:
    checks = tuple(expects(contains, value=word) for word in words)
    return MessageChecks(checks=checks, optional=optional)


def listed(reply: Reply, *items: MessageChecks):
    return judged(messages, seen(reply), items=items)


def test_in_order() -> None:
    assert listed(several("one", "two"), has("one"), has("two")).outcome is PASSED
    turned = listed(several("two", "one"), has("one"), has("two"))
    assert turned.outcome is FAILED
    assert "message 1 of 2" in turned.reason


def test_every_check_of_an_item_counts() -> None:
    assert listed(several("one two"), has("one", "two")).outcome is PASSED
    wrong = listed(several("one"), has("one", "two"))
    assert wrong.reason == 'message 1 of 1: contains: the reply does not contain "two"'


def test_a_message_is_judged_alone() -> None:
    assert listed(several("one", "two"), has("one", "two"), has("two")).outcome is FAILED


def test_an_optional_message_may_be_missing() -> None:
    items = (has("one"), has("wait", optional=True), has("two"))
    assert listed(several("one", "two"), *items).outcome is PASSED
    assert listed(several("one", "wait", "two"), *items).outcome is PASSED
    other = listed(several("one", "hurry", "two"), *items)
    assert other.outcome is FAILED
    assert "message 2 of 3" in other.reason


def test_optional_ones_are_matched_with_foresight() -> None:
    items = (has("a", optional=True), has("a"))
    assert listed(several("a"), *items).outcome is PASSED
    assert listed(several("a", "a"), *items).outcome is PASSED


def test_the_missing_one_is_named() -> None:
    found = listed(several("one", "three"), has("one"), has("two"), has("three"))
    assert found.outcome is FAILED
    assert found.reason == "listed message 2 (contains) is missing"


def test_the_one_too_many_is_quoted() -> None:
    found = listed(several("one", "an advert", "two"), has("one"), has("two"))
    assert found.outcome is FAILED
    assert found.reason == 'message 2 of 3 is one too many: "an advert"'


def test_the_one_too_many_without_words_is_told_by_what_it_shows() -> None:
    extra = BotMessage("", ("Yes", "No"), (Card("Shoes"),), (Media("https://a.example"),))
    found = listed(Reply((BotMessage("one"), extra)), has("one"))
    assert found.reason == (
        'message 2 of 2 is one too many: the card "Shoes", the button "Yes", the button "No", media'
    )
    empty = listed(several("one", ""), has("one"))
    assert empty.reason == "message 2 of 2 is one too many: nothing"


def test_thousands_of_messages_are_no_trouble() -> None:
    found = listed(several(*["spam"] * 5000), has("one"), has("two"))
    assert found.outcome is FAILED
    assert "more" in found.reason


def test_doubt_stays_doubt() -> None:
    doubtful = MessageChecks(checks=(expects(answers, value="the blue tin"),))
    found = listed(several("one", "Perhaps the green box."), has("one"), doubtful)
    assert found.outcome is UNSURE
    assert "message 2 of 2" in found.reason
    wrong = listed(several("two", "Perhaps the green box."), has("one"), doubtful)
    assert wrong.outcome is FAILED


def test_a_broken_check_is_no_failure_of_the_bot() -> None:
    endless = expects(matches, value=Pattern(r"(x+x+)+y"))
    item = MessageChecks(checks=(endless,))
    assert listed(several("x" * 5000), item).outcome is BROKEN


def test_what_only_warns_decides_nothing() -> None:
    from msgspec.structs import replace

    warned = MessageChecks(checks=(replace(expects(contains, value="two"), warn_only=True),))
    assert listed(several("one"), warned).outcome is PASSED


def test_the_number_alone() -> None:
    assert judged(messages, seen(several("a", "b")), count=2).outcome is PASSED
    found = judged(messages, seen(several("a")), count=2)
    assert (found.outcome, found.reason) == (FAILED, "the reply has 1 message, not 2")
    assert negated(messages, seen(several("a")), count=2).outcome is PASSED


@given(
    st.lists(st.sampled_from("abc"), max_size=5), st.lists(st.booleans(), min_size=5, max_size=5)
)
def test_the_messages_listed_themselves_always_fit(texts: list[str], optional: list[bool]) -> None:
    items = tuple(has(text, optional=may) for text, may in zip(texts, optional, strict=False))
    if items:
        assert listed(several(*texts), *items).outcome is PASSED
        needed = [text for text, may in zip(texts, optional, strict=False) if not may]
        assert listed(several(*needed), *items).outcome is PASSED


SOMETHING = [
    Reply((BotMessage("Hi"),)),
    Reply((BotMessage("", buttons=("Yes",)),)),
    Reply((BotMessage("", cards=(Card("A"),)),)),
    Reply((BotMessage("", media=(Media("https://a.example"),)),)),
    Reply((), calls=(ToolCall("look"),)),
]
NOTHING = [
    Reply(()),
    Reply((BotMessage(""), BotMessage(" \n"))),
    Reply((), data={"intent": "none"}),
]


@pytest.mark.parametrize("reply", SOMETHING)
def test_what_is_a_reply(reply: Reply) -> None:
    assert judged(replies, seen(reply)).outcome is PASSED
    assert negated(replies, seen(reply)).outcome is FAILED


@pytest.mark.parametrize("reply", NOTHING)
def test_what_is_none(reply: Reply) -> None:
    assert judged(replies, seen(reply)).outcome is FAILED
    silent = negated(replies, seen(reply))
    assert (silent.outcome, silent.reason) == (PASSED, "the bot said nothing")
    assert silent.check == "no_reply"
