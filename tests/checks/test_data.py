"""``data``, ``json`` and ``calls_tool``."""

from __future__ import annotations

import pytest

from chatbot_qa.checks.base import Evidence
from chatbot_qa.checks.data import calls_tool, data, json
from chatbot_qa.domain.transcript import BotMessage, Reply, ToolCall
from tests.checks.talk import FAILED, PASSED, exchange, judged, negated, no_names, seen

KNOWN = {
    "intent": "return",
    "a.b": "dotted",
    "slots": {"zip": "02134", "seats": 2, "price": 1.5, "window": True, "seat": None},
    "entities": [{"name": "order", "value": "A-1042"}, {"name": "size", "value": 42}],
}


def knows(paths, known=KNOWN):
    return judged(data, seen(Reply((BotMessage("ok"),), data=known)), paths=paths)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("intent", "return"),
        ("a.b", "dotted"),
        ("slots.zip", "02134"),
        ("slots.seats", "2"),
        ("slots.price", "1.50"),
        ("slots.window", "true"),
        ("slots.seat", "null"),
        ("slots.seat", None),
        ("entities.0.value", "A-1042"),
        ("entities.1.value", "42"),
        ("$.slots.zip", "02134"),
        ("$.entities[*].name", ["order", "size"]),
        ("entities.0", {"name": "order", "value": "A-1042"}),
        ("entities.1", {"name": "size", "value": 42.0}),
        ("slots", {"zip": "02134", "seats": 2, "price": 1.5, "window": True, "seat": None}),
    ],
)
def test_what_the_bot_knows(path, wanted) -> None:
    found = knows({path: wanted})
    assert found.outcome is PASSED
    assert path in found.reason


@pytest.mark.parametrize(
    ("path", "wanted", "says"),
    [
        ("intent", "Return", 'intent is "return", not Return'),
        ("slots.zip", "2134", 'slots.zip is "02134", not 2134'),
        ("slots.seats", "02", "slots.seats is 2, not 02"),
        ("slots.seats", "true", "slots.seats is 2, not true"),
        ("slots.window", "1", "slots.window is true, not 1"),
        ("slots.seat", "", "slots.seat is null, not empty"),
        ("slots", "02134", "slots is {"),
        ("email", "x", "email is not there; there are intent, a.b, slots, entities"),
        ("slots.email", "x", "email is not there in slots; there are zip, seats"),
        ("entities.2.name", "x", "2 is not there in entities; there is a list of 2"),
        ("intent.name", "x", "name is not there in intent; there is a single value"),
        ("$.slots.email", "x", "$.slots.email is not there"),
        ("entities.0", {"name": "order", "value": "A-1"}, 'entities.0["value"] is "A-1042"'),
        ("entities.0", {"name": "order"}, 'entities.0["value"] is too much'),
        ("slots", {"zip": "02134"}, "is too much"),
        ("slots", ["02134", 2], "slots is {"),
        ("entities", {"name": "order"}, "entities is ["),
        ("intent", ["return"], 'intent is "return", not ["return"]'),
        ("$.entities[*].name", ["order"], "is too much"),
    ],
)
def test_what_it_does_not(path, wanted, says) -> None:
    found = knows({path: wanted})
    assert found.outcome is FAILED
    assert says in found.reason
    assert [quote.label for quote in found.quotes] == ["the bot's data"]


def test_a_row_fills_in_text_and_the_bot_may_hold_a_number() -> None:
    """``[${order}]`` is read as a number where the row says 77120."""
    assert knows({"orders": [77120, True]}, {"orders": ["77120", "true"]}).outcome is PASSED
    assert knows({"orders": [77120]}, {"orders": ["77121"]}).outcome is FAILED
    assert knows({"orders": [77120]}, {"orders": ["077120"]}).outcome is FAILED


def test_no_data_at_all() -> None:
    found = knows({"intent": "return"}, {})
    assert found.outcome is FAILED
    assert "does the target map any" in found.reason


def test_each_path_is_told() -> None:
    found = knows({"intent": "buy", "slots.seats": "3"})
    assert found.reason == 'intent is "return", not buy; slots.seats is 2, not 3'


def test_negated() -> None:
    reply = seen(Reply((BotMessage("ok"),), data=KNOWN))
    assert negated(data, reply, paths={"intent": "buy"}).outcome is PASSED
    assert negated(data, reply, paths={"intent": "return"}).outcome is FAILED


def test_a_reply_that_is_json() -> None:
    assert judged(json, seen("{}")).outcome is PASSED
    assert judged(json, seen("It is:\n```json\n[1]\n```")).outcome is PASSED
    assert judged(json, seen("Hello")).outcome is FAILED
    assert judged(json, seen("[1, 2]"), paths={"1": "2"}).outcome is PASSED
    assert judged(json, seen('{"a": {"b": 1, "c": 2}}'), paths={"a.b": "1"}).outcome is PASSED
    assert judged(json, seen('{"a": {"b": 1}}'), paths={"a.b": "2"}).outcome is FAILED
    assert judged(json, seen("Hello"), paths={"a.b": "2"}).outcome is FAILED


CALLS = Reply(
    (BotMessage("Done."),),
    calls=(
        ToolCall("look_up", {"order": "A-1", "deep": {"n": 1}}),
        ToolCall("look_up", '{"order": "A-2"}'),
        ToolCall("refund"),
    ),
)


def called(**arguments):
    return judged(calls_tool, seen(CALLS), **arguments)


def test_a_call_by_name_and_arguments() -> None:
    assert called(name="refund").outcome is PASSED
    assert called(name="look_up", arguments={"order": "A-1"}).outcome is PASSED
    assert called(name="look_up", arguments={"deep.n": "1"}).outcome is PASSED
    assert called(name="look_up", arguments={"order": "A-2"}).outcome is PASSED
    assert called(name="look_up", times=2).outcome is PASSED
    assert called(name="look_up", arguments={"order": "A-1"}, times=1).outcome is PASSED


def test_another_call() -> None:
    missing = called(name="cancel")
    assert missing.outcome is FAILED
    assert missing.reason == 'the bot did not call cancel; it called "look_up" and "refund"'
    other = called(name="look_up", arguments={"order": "A-3"})
    assert other.outcome is FAILED
    assert other.reason == ('the bot called look_up with other arguments: order is "A-1", not A-3')
    assert "look_up(" in other.quotes[0].text
    assert called(name="refund", arguments={"order": "A-1"}).outcome is FAILED
    assert called(name="look_up", times=1).reason == "the bot called look_up 2 times, not 1"
    assert called(name="refund", times=2).outcome is FAILED
    assert called(name="Refund").outcome is FAILED


def test_no_call() -> None:
    found = judged(calls_tool, seen("Done."), name="refund")
    assert (found.outcome, found.reason) == (FAILED, "the bot did not call refund")
    assert negated(calls_tool, seen("Done."), name="refund").outcome is PASSED
    assert negated(calls_tool, seen(CALLS), name="refund").outcome is FAILED


def test_calls_of_a_whole_conversation() -> None:
    both = (exchange(CALLS), exchange("ok"))
    whole = Evidence(both, 0, no_names)
    assert judged(calls_tool, whole, name="look_up", times=2).outcome is PASSED
    assert judged(calls_tool, Evidence(both, 2, no_names), name="look_up").outcome is FAILED
