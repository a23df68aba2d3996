"""Conversations that begin in the middle, or by the bot, or with what cannot be had."""

from __future__ import annotations

from typing import Any

import pytest

from chatbot_qa.domain.plan import Line, Message, Opening, Tool
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import Data, JsonPath
from chatbot_qa.targets.base import Fault, Start, Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import Greeting, Messages, Naming, StartCall
from tests.targets.asking import PATIENCE, go, say
from tests.targets.fakes import Asked, Server, by, serving

OPENS = Message(opens=True)
BEFORE = (Line("bot", "Hello"), Line("user", "I am Ada"), Line("bot", "Hi Ada"))
STARTED = {"id": "s1", "welcome": "Good day", "messages": [{"text": "A", "buttons": ["B"]}]}


def _answer(asked: Asked) -> Any:
    if asked.path == "/start":
        return STARTED
    return {"reply": "heard", "messages": ["heard"]}


def bot(server: Server, **keys: Any) -> HttpTarget:
    if keys.get("session") == "server":
        keys["start"] = StartCall(url=f"{server.url}/start")
    return make(HttpOptions(url=f"{server.url}/chat", **keys), Surroundings())


def talk(
    *messages: Message, opening: Opening | None = None, **keys: Any
) -> tuple[list[Reply], list[Asked]]:
    """The replies to these messages in a session with this opening, and what was asked."""

    async def ask() -> tuple[list[Reply], list[Asked]]:
        async with serving(by(_answer)) as server:
            target = bot(server, **keys)
            try:
                session = await target.open(Start(opening or Opening(), "name", 7))
                replies = [await session.say(message, PATIENCE) for message in messages]
                return replies, server.asked
            finally:
                await target.close()

    return go(ask())


def fault_of(*messages: Message, **keys: Any) -> Fault:
    with pytest.raises(Fault) as told:
        talk(*messages, **keys)
    return told.value


class TestHistory:
    def test_stands_before_what_is_said(self) -> None:
        opening = Opening(history=BEFORE, system="Be kind.")
        naming = Naming(system="system")
        _, (asked,) = talk(Message("Who am I?"), opening=opening, session="history", history=naming)
        assert [tuple(line.values()) for line in asked.json["messages"]] == [
            ("system", "Be kind."),
            ("assistant", "Hello"),
            ("user", "I am Ada"),
            ("assistant", "Hi Ada"),
            ("user", "Who am I?"),
        ]

    def test_beside_the_message_it_goes_too(self) -> None:
        body = Data({"past": "${history}", "now": "${message}"})
        _, (asked,) = talk(Message("Hi"), opening=Opening(history=BEFORE), body=body)
        assert [line["content"] for line in asked.json["past"]] == ["Hello", "I am Ada", "Hi Ada"]

    def test_a_server_that_keeps_the_conversation_cannot_be_told_what_it_said(self) -> None:
        found = fault_of(opening=Opening(history=BEFORE))
        assert found.note.kind == "no-history"
        assert "history_mode: replay_user_turns" in found.note.message

    @pytest.mark.parametrize(
        ("lines", "keys"),
        [(BEFORE, {"history_mode": "replay_user_turns"}), (BEFORE[1:2], {})],
        ids=["as configured", "where the user alone spoke"],
    )
    def test_the_users_lines_are_said_again(
        self, lines: tuple[Line, ...], keys: dict[str, Any]
    ) -> None:
        replies, asked = talk(Message("Who am I?"), opening=Opening(history=lines), **keys)
        assert [one.json["message"] for one in asked] == ["I am Ada", "Who am I?"]
        assert len({one.json["session_id"] for one in asked}) == 1
        assert [reply.text for reply in replies] == ["heard"]


class TestGreetings:
    def test_can_be_taken_from_the_answer_to_start(self) -> None:
        greeting = Greeting(reply=JsonPath("$.welcome"))
        replies, asked = talk(OPENS, Message("Hi"), session="server", greeting=greeting)
        assert [reply.text for reply in replies] == ["Good day", "heard"]
        assert [one.path for one in asked] == ["/start", "/chat"]

    def test_have_messages_with_parts_where_replies_have(self) -> None:
        greeting = Greeting(reply=JsonPath("$.messages"))
        (reply,), _ = talk(OPENS, session="server", greeting=greeting, messages=Messages())
        assert reply.messages == (BotMessage("A", ("B",)),)

    def test_that_nobody_wants_to_see_change_nothing(self) -> None:
        greeting = Greeting(reply=JsonPath("$.welcome"))
        (reply,), _ = talk(Message("Hi"), session="server", greeting=greeting)
        assert reply.text == "heard"

    def test_that_are_not_there_are_a_fault(self) -> None:
        greeting = Greeting(reply=JsonPath("$.nothing"))
        found = fault_of(OPENS, session="server", greeting=greeting)
        assert found.note.kind == "no-reply-text"
        assert "$.nothing" in found.note.message

    def test_come_once(self) -> None:
        greeting = Greeting(reply=JsonPath("$.welcome"))
        found = fault_of(OPENS, OPENS, session="server", greeting=greeting)
        assert found.note.kind == "no-greeting"

    def test_can_be_made_to_come_by_an_event(self) -> None:
        greeting = Greeting(body=Data({"event": "join", "who": "${session}", "p": "${system}"}))
        body = Data({"m": "${message}", "p": "${system}"})
        keys = {"greeting": greeting, "body": body, "opening": Opening(system="Be kind.")}
        (reply,), (asked,) = talk(OPENS, **keys)
        assert reply.text == "heard"
        assert asked.json == {"event": "join", "who": asked.json["who"], "p": "Be kind."}
        assert asked.json["who"]

    @pytest.mark.parametrize("words", ["/greet", ""])
    def test_can_be_made_to_come_by_words(self, words: str) -> None:
        _, (asked,) = talk(OPENS, greeting=Greeting(say=words))
        assert asked.json["message"] == words

    def test_are_the_bots_first_line_of_the_history(self) -> None:
        greeting = Greeting(body=Data({"messages": "${history}", "event": "join"}))
        _, (first, second) = talk(OPENS, Message("Hi"), session="history", greeting=greeting)
        assert first.json == {"messages": [], "event": "join"}
        assert [line["content"] for line in second.json["messages"]] == ["heard", "Hi"]

    def test_that_nobody_told_how_to_get_are_a_fault_with_its_mend(self) -> None:
        found = fault_of(OPENS)
        assert found.note.kind == "no-greeting"
        assert "give it greeting: with reply:" in found.note.message


def test_tools_cannot_be_had() -> None:
    found = fault_of(opening=Opening(tools=(Tool(name="look_up"),)))
    assert found.note.kind == "no-tools"
    assert "look_up" in found.note.message


def test_nothing_is_sent_for_an_opening_that_cannot_be_had() -> None:
    async def ask() -> list[Asked]:
        async with serving(by(_answer)) as server:
            target = bot(server, session="server")
            for opening in (Opening(history=BEFORE), Opening(system="Be kind.")):
                with pytest.raises(Fault):
                    await target.open(Start(opening, "name", 7))
            session = await target.open(Start(Opening(), "name", 7))
            await say(session, "Hi")
            await target.close()
            return server.asked

    assert [one.path for one in go(ask())] == ["/start", "/chat"]
