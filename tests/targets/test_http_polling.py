"""Replies that are fetched by polling, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.domain.values import Data, JsonPath
from chatbot_qa.targets.base import Fault, Session, Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import Greeting, Messages, Poll, StartCall
from tests.targets.asking import PATIENCE, go, say, start
from tests.targets.fakes import Asked, Handler, Server, answering, by, response, serving

OFTEN = 0.005
QUIET = 0.25
ANSWERS = Messages()


def bot(server: Server, poll: dict[str, Any] | None = None, **keys: Any) -> HttpTarget:
    asked = {"url": f"{server.url}/poll/${{session}}", "every": OFTEN, **(poll or {})}
    keys = {"messages": ANSWERS, "reply_complete_after": QUIET, **keys}
    return make(HttpOptions(url=f"{server.url}/say", poll=Poll(**asked), **keys), Surroundings())


class Inbox:
    """A server that takes a message, and gives what it has ready one poll after another.

    Each item is what one poll gives; None is an answer without a message.
    """

    def __init__(self, *given: Any, ack: Any = b"", status: str = "202 x") -> None:
        self.given = list(given)
        self._ack = answering(ack, status)

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if not asked.path.startswith("/poll"):
            await self._ack(asked, writer)
            return
        item = self.given.pop(0) if self.given else None
        handler = item if callable(item) else answering(item if item is not None else said())
        await handler(asked, writer)


def said(*texts: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"text": text} for text in texts], **more}


def talk(
    handler: Handler,
    converse: Callable[[Session], Awaitable[Any]],
    poll: dict[str, Any] | None = None,
    **keys: Any,
) -> tuple[Any, Server]:
    """What a conversation comes to, and the server that it was held with."""

    async def ask() -> tuple[Any, Server]:
        async with serving(handler) as server:
            target = bot(server, poll, **keys)
            try:
                return await converse(await target.open(start())), server
            finally:
                await target.close()

    return go(ask())


async def hi(session: Session) -> Reply:
    return await say(session, "Hi")


async def hi_twice(session: Session) -> list[list[str]]:
    return [texts(await say(session, "Hi")) for _ in range(2)]


def texts(reply: Reply) -> list[str]:
    return [message.text for message in reply.messages]


async def refused(session: Session) -> Fault:
    with pytest.raises(Fault) as told:
        await say(session, "Hi")
    return told.value


def test_messages_are_gathered_until_the_bot_is_quiet() -> None:
    reply, server = talk(Inbox(None, said("a"), None, None, said("b", "c")), hi)
    assert texts(reply) == ["a", "b", "c"]
    assert server.asked[0].json["message"] == "Hi"
    session = server.asked[0].json["session_id"]
    assert {(one.method, one.path) for one in server.asked[1:]} == {("GET", f"/poll/{session}")}
    assert reply.first_token is not None
    assert OFTEN < reply.first_token < PATIENCE


def test_a_bot_that_says_it_is_done_is_not_waited_for() -> None:
    inbox = Inbox(said("a", state="busy"), said("b", state="Completed"), said("late"))
    done = {"done": JsonPath("$.state"), "done_is": "completed"}
    reply, _ = talk(inbox, hi, done, reply_complete_after=PATIENCE)
    assert texts(reply) == ["a", "b"]


@pytest.mark.parametrize("flag", [True, "true"])
def test_done_is_true_if_nothing_else_is_said(flag: Any) -> None:
    inbox = Inbox(said("a", done=None), said("b", done=False), said(done=flag))
    reply, _ = talk(inbox, hi, {"done": JsonPath("$.done")}, reply_complete_after=PATIENCE)
    assert texts(reply) == ["a", "b"]


def test_a_bot_that_is_done_without_a_word_said_nothing() -> None:
    done = {"done": JsonPath("$.done")}
    assert talk(Inbox(said(done=True)), hi, done)[0].messages == ()


def test_a_cursor_says_what_was_read() -> None:
    inbox = Inbox(said("a", mark="1"), said("b", mark=2), said(mark=2), said())
    cursor = {"url": "", "cursor": JsonPath("$.mark")}

    async def ask() -> tuple[Reply, Server]:
        async with serving(inbox) as server:
            cursor["url"] = f"{server.url}/poll?after=${{cursor}}"
            target = bot(server, cursor)
            reply = await hi(await target.open(start()))
            await target.close()
            return reply, server

    reply, server = go(ask())
    assert texts(reply) == ["a", "b"]
    paths = [one.path for one in server.asked[1:]]
    assert paths[:3] == ["/poll?after=", "/poll?after=1", "/poll?after=2"]
    assert set(paths[3:]) == {"/poll?after=2"}


def test_of_all_of_the_conversation_only_what_is_new_counts() -> None:
    everything: list[str] = []

    async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/say":
            everything.extend(["one", "two"] if not everything else ["three"])
        await answering(said(*everything))(asked, writer)

    replies, _ = talk(handle, hi_twice, {"gives": "all"})
    assert replies == [["one", "two"], ["three"]]


def test_values_come_with_the_messages_and_the_last_one_stands() -> None:
    inbox = Inbox(said("a", slots={"n": 1}), said(slots={"n": 2}, intent="x"))
    data = {"n": JsonPath("$.slots.n"), "intent": JsonPath("$.intent")}
    assert talk(inbox, hi, data=data)[0].data == {"n": 2, "intent": "x"}


def test_an_id_of_the_message_can_be_asked_after() -> None:
    async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/say":
            await answering({"job": {"id": 7}})(asked, writer)
        else:
            done = len(server_asked) > 2
            server_asked.append(asked)
            state = {"state": "done", "reply": "ready"} if done else {"state": "running"}
            await answering(state)(asked, writer)

    server_asked: list[Asked] = []

    async def ask() -> Reply:
        async with serving(handle) as server:
            job = {
                "url": f"{server.url}/jobs",
                "method": "POST",
                "body": Data({"job": "${id}"}),
                "id": JsonPath("$.job.id"),
                "done": JsonPath("$.state"),
                "done_is": "done",
            }
            target = bot(server, job, messages=None)
            reply = await hi(await target.open(start()))
            await target.close()
            return reply

    assert texts(go(ask())) == ["ready"]
    assert all(one.json == {"job": 7} for one in server_asked)
    assert len(server_asked) == 4


def test_an_id_that_is_not_there_is_a_fault() -> None:
    async def ask() -> Fault:
        async with serving(answering({"job": None})) as server:
            job = {"url": f"{server.url}/poll/${{id}}", "id": JsonPath("$.job.id")}
            target = bot(server, job)
            found = await refused(await target.open(start()))
            await target.close()
            return found

    found = go(ask())
    assert found.note.kind == "no-id"
    assert "$.job.id" in found.note.message


def test_a_job_that_is_done_without_a_reply_is_a_fault() -> None:
    done = {"done": JsonPath("$.done")}
    found, _ = talk(Inbox({"done": True, "state": "x"}), refused, done, messages=None)
    assert found.note.kind == "no-reply-text"
    assert "$.reply" in found.note.message


@pytest.mark.parametrize(
    ("answer", "kind"),
    [({"messages": {"x": 1}}, "unreadable-reply"), ({"error": "oh"}, "error-reply")],
)
def test_what_cannot_be_read_is_no_silence(answer: Any, kind: str) -> None:
    assert talk(Inbox(answer), refused)[0].note.kind == kind


async def within(session: Session, seconds: float) -> Reply:
    return await session.say(Message("Hi"), asyncio.get_running_loop().time() + seconds)


def test_what_came_by_the_deadline_is_the_reply() -> None:
    inbox = Inbox(said("a"))
    reply, _ = talk(inbox, lambda session: within(session, 0.5), reply_complete_after=PATIENCE)
    assert texts(reply) == ["a"]


def test_nothing_by_the_deadline_is_a_timeout() -> None:
    async def wait(session: Session) -> bool:
        with pytest.raises(TimeoutError):
            await within(session, 0.1)
        return True

    assert talk(Inbox(), wait)[0]


def test_a_poll_that_hangs_ends_when_the_bot_was_quiet_long_enough() -> None:
    async def hang(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(PATIENCE)

    reply, server = talk(Inbox(said("a"), hang), hi)
    assert texts(reply) == ["a"]
    assert len(server.asked) == 3


def test_a_busy_server_is_asked_later_and_the_message_not_sent_again() -> None:
    busy = answering(b"slow down", "429 x", ("retry-after-ms: 20",))
    reply, server = talk(Inbox(busy, busy, said("a")), hi)
    assert texts(reply) == ["a"]
    assert [one.path for one in server.asked].count("/say") == 1


def test_a_server_that_stays_busy_is_a_fault_at_the_deadline() -> None:
    async def wait(session: Session) -> Fault:
        with pytest.raises(Fault) as told:
            await within(session, 0.2)
        return told.value

    async def busy(asked: Asked, writer: asyncio.StreamWriter) -> None:
        status = "202 x" if asked.path == "/say" else "429 x"
        writer.write(response(b"slow down", status))

    found, _ = talk(busy, wait)
    assert found.note.kind == "busy"
    assert "slow down" in found.note.message
    assert not found.safe_to_retry


@pytest.mark.parametrize("status", ["500 x", "404 x"])
def test_a_poll_that_fails_has_no_message_sent_twice(status: str) -> None:
    found, server = talk(Inbox(answering(b"", status)), refused)
    assert found.note.kind == "status"
    assert not found.safe_to_retry
    assert "/poll/" in found.note.again
    assert len(server.asked) == 2


def test_a_message_that_is_not_taken_is_not_polled_for() -> None:
    found, server = talk(Inbox(ack={"detail": "no"}, status="400 x"), refused)
    assert (found.note.kind, len(server.asked)) == ("status", 1)


def test_a_bot_that_speaks_first_is_listened_to() -> None:
    async def listen(session: Session) -> list[list[str]]:
        first = await session.say(Message(opens=True), asyncio.get_running_loop().time() + PATIENCE)
        return [texts(first), texts(await hi(session))]

    replies, server = talk(_then(Inbox(said("Welcome")), said("Hello")), listen)
    assert replies == [["Welcome"], ["Hello"]]
    assert server.asked[0].path.startswith("/poll/")


def _then(inbox: Inbox, answer: Any) -> Handler:
    """The inbox, with this answer put into it when a message comes."""

    async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/say":
            inbox.given.append(answer)
        await inbox(asked, writer)

    return handle


def test_a_bot_that_is_made_to_speak_first_is_polled_too() -> None:
    async def listen(session: Session) -> list[str]:
        opened = Message(opens=True)
        return texts(await session.say(opened, asyncio.get_running_loop().time() + PATIENCE))

    greeting = Greeting(body=Data({"event": "join", "id": "${session}"}))
    found, server = talk(Inbox(said("Welcome")), listen, greeting=greeting)
    assert found == ["Welcome"]
    assert server.asked[0].json["event"] == "join"


def test_bot_framework_by_direct_line() -> None:
    """Start a conversation, post an activity, and poll with the watermark."""
    activities: list[dict[str, Any]] = []

    def answer(asked: Asked) -> Any:
        if asked.path == "/conversations":
            return {"conversationId": "c1"}
        if asked.method == "POST":
            activities.append({**asked.json, "id": "1"})
            activities.append({"type": "typing", "from": {"id": "bot"}})
            activities.append({"type": "message", "from": {"id": "bot"}, "text": "Good day"})
            return {"id": "1"}
        at = int(asked.path.partition("watermark=")[2] or 0)
        return {"activities": activities[at:], "watermark": str(len(activities))}

    async def ask() -> Reply:
        async with serving(by(answer)) as server:
            at = f"{server.url}/conversations"
            options = HttpOptions(
                url=f"{at}/${{session}}/activities",
                body=Data(
                    {
                        "type": "message",
                        "from": {"id": "qa", "role": "user"},
                        "text": "${message}",
                    }
                ),
                session="server",
                start=StartCall(url=at, id=JsonPath("$.conversationId")),
                messages=Messages(shape="bot-framework"),
                poll=Poll(
                    url=f"{at}/${{session}}/activities?watermark=${{cursor}}",
                    cursor=JsonPath("$.watermark"),
                    every=OFTEN,
                ),
                reply_complete_after=QUIET,
            )
            target = make(options, Surroundings())
            session = await target.open(start())
            assert texts(await hi(session)) == ["Good day"]
            reply = await hi(session)
            await target.close()
            return reply

    assert texts(go(ask())) == ["Good day"]
