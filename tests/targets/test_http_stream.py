"""Replies that come as server-sent events, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import JsonPath
from chatbot_qa.targets.base import Busy, Fault, Session, Surroundings
from chatbot_qa.targets.http import make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import Messages, Stream
from tests.targets.asking import PATIENCE, go, start
from tests.targets.fakes import Asked, Handler, answering, chunked, serving

DELTA = JsonPath("$.delta")
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"Connection: close\r\n\r\n"
)


def told(handler: Handler, stream: Stream, within: float = PATIENCE, **keys: Any) -> Reply:
    """The reply that is read in a stream."""

    async def ask() -> Reply:
        async with serving(handler) as server:
            options = HttpOptions(url=server.url, stream=stream, **keys)
            target = make(options, Surroundings())
            try:
                return await _say(await target.open(start()), within)
            finally:
                await target.close()

    return go(ask())


async def _say(session: Session, within: float) -> Reply:
    return await session.say(Message("Hi"), asyncio.get_running_loop().time() + within)


def events(*blocks: str) -> Handler:
    return chunked([block.encode() for block in blocks])


def pausing(*blocks: str, pause: float) -> Handler:
    """The blocks, then silence with the connection open."""

    async def handle(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        for block in blocks:
            writer.write(block.encode())
            await writer.drain()
        await asyncio.sleep(pause)

    return handle


PIECES = Stream(piece=DELTA)
ANSWERS = Stream(each="answer")


@pytest.mark.parametrize(
    ("stream", "blocks", "text"),
    [
        (PIECES, ['data: {"delta": "Hel"}\n\nda', 'ta: {"delta": "lo"}\n\n'], "Hello"),
        (PIECES, ['data: {"delta": "a"}\n\ndata: {"done": true}\n\ndata: [DONE]\n\n'], "a"),
        (PIECES, [': ping\n\nevent: x\ndata: {"delta": "ü"}\n\n'], "ü"),
        (Stream(), ["data: Hel\n\ndata:lo\n\ndata:  you\n\n"], "Hello you"),
        (Stream(), ["data: one\ndata: two\n\n"], "one\ntwo"),
        (Stream(event="token"), ["event: log\ndata: x\n\nevent: token\ndata: y\n\n"], "y"),
        (Stream(event="message"), ["data: a\n\nevent: message\ndata: b\n\n"], "ab"),
        (Stream(end="<end>"), ["data: a\n\ndata: <end>\n\ndata: b\n\n"], "a"),
        (Stream(end_event="end"), ["data: a\n\nevent: end\ndata: all\n\ndata: b\n\n"], "a"),
        (
            Stream(piece=JsonPath("$.choices[*].text")),
            ['data: {"choices": [{"text": "a"}, {"text": "b"}]}\n\n'],
            "ab",
        ),
    ],
)
def test_pieces_are_joined_to_one_message(stream: Stream, blocks: list[str], text: str) -> None:
    reply = told(events(*blocks), stream)
    assert reply.messages == (BotMessage(text),)
    assert reply.first_token is not None
    assert 0 < reply.first_token < PATIENCE


def test_buttons_and_values_come_with_any_event() -> None:
    blocks = (
        'data: {"delta": "Which?", "intent": "order"}\n\n',
        'event: end\ndata: {"buttons": ["A", "B"], "intent": "buy", "delta": "Which?"}\n\n',
    )
    reply = told(
        events(*blocks),
        Stream(piece=DELTA, end_event="end"),
        buttons=JsonPath("$.buttons"),
        data={"intent": JsonPath("$.intent")},
    )
    assert reply.messages == (BotMessage("Which?", ("A", "B")),)
    assert reply.data == {"intent": "buy"}


def test_each_event_can_be_an_answer_of_its_own() -> None:
    blocks = (
        'data: {"messages": [{"text": "a"}], "n": 1}\n\n',
        'data: {"messages": ["b", "c"], "n": 2}\n\n',
    )
    data = {"n": JsonPath("$.n")}
    reply = told(events(*blocks), ANSWERS, messages=Messages(), data=data)
    assert [message.text for message in reply.messages] == ["a", "b", "c"]
    assert reply.data == {"n": 2}


def test_the_whole_answer_can_stand_in_the_last_event() -> None:
    stream = Stream(each="answer", event="never", end_event="final")
    block = 'event: token\ndata: x\n\nevent: final\ndata: {"reply": "Hello"}\n\n'
    assert told(events(block), stream).text == "Hello"


def test_an_answer_that_does_not_stream_is_read_as_any() -> None:
    reply = told(answering({"reply": "Hello"}), ANSWERS)
    assert (reply.text, reply.first_token) == ("Hello", None)


def test_a_server_that_leaves_the_connection_open_is_done_when_it_is_quiet() -> None:
    handler = pausing("data: a\n\n", "data: b\n\n", pause=PATIENCE)
    assert told(handler, Stream(), reply_complete_after=0.1).text == "ab"


def test_a_server_that_has_said_its_end_is_not_waited_for() -> None:
    handler = pausing("data: a\n\n", "data: [DONE]\n\n", pause=PATIENCE)
    assert told(handler, Stream()).text == "a"


def test_a_bot_that_only_ends_said_nothing() -> None:
    assert told(events("data: [DONE]\n\n"), PIECES) == Reply(())


@pytest.mark.parametrize(
    ("block", "stream", "kind", "words"),
    [
        ("data: {nope\n\n", PIECES, "not-json", "{nope"),
        ("data: {nope\n\n", ANSWERS, "not-json", "{nope"),
        ('data: {"text": "a"}\n\n', PIECES, "no-reply-text", "nothing at $.delta in any event"),
        ('data: {"text": "a"}\n\n', ANSWERS, "no-reply-text", "nothing at $.reply in any event"),
        ('data: {"error": "oh"}\n\n', ANSWERS, "error-reply", "it has error"),
        ("event: error\ndata: out of memory\n\n", PIECES, "error-reply", "out of memory"),
        ("data: a\n\n", Stream(end="END"), "cut", "before the reply was complete"),
        ("data: a\n\n", Stream(end_event="end"), "cut", "before the reply was complete"),
        (": ping\n\n", Stream(), "empty", "without a single event"),
        (f"data: {'x' * 2_000_000}\n\n" * 6, Stream(), "too-large", "max_reply"),
    ],
)
def test_what_is_no_reply_is_a_fault(block: str, stream: Stream, kind: str, words: str) -> None:
    with pytest.raises(Fault) as raised:
        told(events(block), stream)
    note = raised.value.note
    assert (note.kind, words in note.message) == (kind, True), note
    assert note.again.startswith("curl ")
    assert not raised.value.safe_to_retry


def test_a_connection_that_breaks_is_a_fault() -> None:
    async def cut(_: Asked, writer: asyncio.StreamWriter) -> None:
        head = HEAD.replace(b"Connection: close", b"Transfer-Encoding: chunked")
        writer.write(head + b"9\r\ndata: a\n\n\r\nff\r\ndata")
        await writer.drain()
        writer.close()

    with pytest.raises(Fault) as raised:
        told(cut, Stream())
    assert raised.value.note.kind == "cut"


def test_a_busy_server_is_busy() -> None:
    with pytest.raises(Busy) as raised:
        told(answering(b"slow down", "429 x", ("Retry-After: 3",)), Stream())
    assert raised.value.retry_after == 3


def test_nothing_by_the_deadline_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        told(pausing(": ping\n\n", pause=PATIENCE), Stream(), within=0.1)


@pytest.mark.parametrize("quiet", [None, PATIENCE])
def test_a_reply_that_was_not_complete_by_the_deadline_is_a_fault(quiet: float | None) -> None:
    """It is no silence, and its beginning is not judged for all of it."""
    with pytest.raises(Fault) as raised:
        told(pausing("data: a\n\n", pause=PATIENCE), Stream(), 0.5, reply_complete_after=quiet)
    assert raised.value.note.kind == "unfinished"
    assert "was not complete by the deadline" in raised.value.note.message


def test_the_stream_is_asked_for() -> None:
    async def ask() -> Asked:
        async with serving(events("data: a\n\n")) as server:
            target = make(HttpOptions(url=server.url, stream=Stream()), Surroundings())
            await _say(await target.open(start()), PATIENCE)
            await target.close()
            return server.asked[0]

    assert go(ask()).headers["accept"].startswith("text/event-stream")
