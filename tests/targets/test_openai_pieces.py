"""Completions in pieces are put together as if they had come whole, however they are cut."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.targets.openai import OpenAIOptions
from chatbot_qa.targets.openai.chat import Chat, ChatPieces
from chatbot_qa.targets.openai.responses import ResponsePieces, Responses
from tests.targets.openai_wire import piece

CALLS = st.lists(
    st.tuples(st.sampled_from(["find", "cancel"]), st.dictionaries(st.text(), st.integers())),
    max_size=3,
)


_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def cut(text: str, at: int) -> list[str]:
    """The text in pieces of a length."""
    return [text[begin : begin + at] for begin in range(0, len(text), at)]


def deltas(calls: Any, at: int, *, indexed: bool, known: bool) -> list[Any]:
    """Calls as servers stream them: with or without an index, with or without ids."""
    found: list[Any] = []
    for number, (name, arguments) in enumerate(calls):
        about = {"index": number} if indexed else {}
        first = {**about, "function": {"name": name, "arguments": ""}, "type": "function"}
        found.append({**first, "id": f"c{number}"} if known else first)
        for part in cut(json.dumps(arguments), at):
            found.append({**about, "function": {"arguments": part}})
    return found


@_patient
@given(
    st.text(),
    st.text(),
    CALLS,
    st.integers(1, 9),
    st.sampled_from([(True, True), (True, False), (False, True), (False, False)]),
)
def test_pieces_make_the_whole(
    said: str, thought: str, calls: Any, at: int, form: tuple[bool, bool]
) -> None:
    indexed, known = form
    pieces = ChatPieces("remove")
    for part in cut(thought, at):
        pieces.add(piece({"reasoning": part}))
    for part in cut(said, at):
        pieces.add(piece({"content": part}))
    for delta in deltas(calls, at, indexed=indexed, known=known):
        pieces.add(piece({"tool_calls": [delta]}))
    assert not pieces.complete
    pieces.add(piece({}, "stop"))
    assert pieces.complete
    whole = pieces.whole()
    message = whole["choices"][0]["message"]
    assert message.get("content", "") == said
    assert message.get("reasoning", "") == thought
    found = message.get("tool_calls", [])
    assert [
        (call["function"]["name"], json.loads(call["function"]["arguments"])) for call in found
    ] == calls
    assert [call.get("id") for call in found] == [
        f"c{number}" if known else None for number in range(len(calls))
    ]


_KEYS = """
choices message delta content tool_calls function index usage reasoning output type summary
arguments response item status finish_reason prompt_tokens total_tokens thinking
"""
KEYS = _KEYS.split()
TYPES = ("message", "function_call", "reasoning", "response.output_item.done", "response.completed")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.sampled_from(TYPES),
    lambda children: st.lists(children) | st.dictionaries(st.sampled_from(KEYS), children),
)
OPTIONS = OpenAIOptions(model="m")


@_patient
@given(st.lists(JSON))
def test_nothing_that_a_server_sends_breaks_a_stream(sent: list[Any]) -> None:
    chat, response = ChatPieces("remove"), ResponsePieces("remove")
    for one in sent:
        for piece_ in (one, {"choices": [{"delta": one}]}, {"type": TYPES[-1], "response": one}):
            chat.add(piece_)
            response.add(piece_)
    assert Chat(OPTIONS, {}).read(chat.whole(), None)
    Responses(OPTIONS, {}).read(response.whole(), None)


@_patient
@given(JSON)
def test_nothing_that_a_server_sends_breaks_an_answer(sent: Any) -> None:
    api = Chat(OPTIONS, {})
    api.read(sent, None)
    answered = api.read({"choices": [{"message": {"content": sent, "tool_calls": sent}}]}, None)
    assert answered is not None
    assert json.loads(answered.line)["role"] == "assistant"
    other = Responses(OPTIONS, {})
    other.read(sent, None)
    other.read({"output": sent}, None)
    assert other.read({"output": [sent]}, None) is not None
