"""The Responses API, held against the official client on the same server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import openai
import pytest

from chatbot_qa.domain.plan import Line, Message, Opening, Tool
from chatbot_qa.domain.transcript import BotMessage, Reply, ToolCall, Usage
from chatbot_qa.domain.values import Data, Money
from chatbot_qa.targets.openai import OpenAIOptions
from chatbot_qa.targets.openai.answers import told
from chatbot_qa.targets.pricing import Price
from tests.targets.asking import go
from tests.targets.fakes import Asked, Handler, Server, answering, by, chunked, serving
from tests.targets.openai_wire import KEY, bot, held, hold, hold_fault, lines_of, stream
from tests.targets.test_openai_tools import FIND, SCHEMA, one_after_another

REASONING = {
    "id": "rs_1",
    "type": "reasoning",
    "summary": [{"type": "summary_text", "text": "An order is asked for."}],
}
CALL = {
    "id": "fc_1",
    "type": "function_call",
    "status": "completed",
    "call_id": "call_1",
    "name": "find_order",
    "arguments": '{"order": "A-1"}',
}


def message(*texts: str) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "output_text", "text": text, "annotations": []} for text in texts],
    }


def answer(*output: Any, status: str = "completed", **more: Any) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "model": "m-1-2026",
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 1_000,
            "input_tokens_details": {"cached_tokens": 400, "cache_write_tokens": 0},
            "output_tokens": 20,
            "output_tokens_details": {"reasoning_tokens": 12},
            "total_tokens": 1_020,
        },
    } | more


def asked(
    handler: Handler, *said: str | Message, opening: Opening | None = None, **keys: Any
) -> tuple[Sequence[Reply], Server]:
    return hold(handler, opening or Opening(), *said, api="responses", **keys)


class TestRequests:
    def test_all_of_the_conversation_is_input_and_the_prompt_instructions(self) -> None:
        echo = by(lambda asked: answer(message(f"#{len(asked.json['input'])}")))
        history = (Line("user", "Hi"), Line("bot", "Hello!"))
        opening = Opening(system="Be kind.", history=history)
        replies, server = asked(echo, "One", "Two", opening=opening)
        assert [reply.text for reply in replies] == ["#3", "#5"]
        assert server.asked[0].path == "/v1/responses"
        assert server.asked[1].json == {
            "model": "m-1",
            "instructions": "Be kind.",
            "input": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello!"},
                {"role": "user", "content": "One"},
                {"role": "assistant", "content": "#3"},
                {"role": "user", "content": "Two"},
            ],
        }

    def test_settings_have_its_names(self) -> None:
        _, server = asked(
            answering(answer(message("x"))),
            temperature=0.5,
            max_completion_tokens=9,
            reasoning_effort="low",
            response_format="json_object",
            stream=True,
            extra=Data({"store": False, "reasoning": {"summary": "auto"}}),
        )
        sent = server.asked[0].json
        del sent["input"]
        assert sent == {
            "model": "m-1",
            "temperature": 0.5,
            "max_output_tokens": 9,
            "reasoning": {"effort": "low", "summary": "auto"},
            "text": {"format": {"type": "json_object"}},
            "stream": True,
            "store": False,
        }

    def test_a_schema_is_sent_with_a_name(self) -> None:
        _, server = asked(answering(answer(message("{}"))), response_format=Data(SCHEMA))
        assert server.asked[0].json["text"] == {
            "format": {"type": "json_schema", "name": "reply", "schema": SCHEMA}
        }

    def test_a_bot_that_opens_is_sent_its_prompt_as_a_line(self) -> None:
        opening = Opening(system="Greet the customer.")
        handler = answering(answer(message("Welcome!")))
        replies, server = asked(handler, Message(opens=True), "Hello", opening=opening)
        assert replies[0].text == "Welcome!"
        first, second = (one.json for one in server.asked)
        assert first["input"] == [{"role": "developer", "content": "Greet the customer."}]
        assert "instructions" not in first
        assert [line["role"] for line in second["input"]] == ["developer", "assistant", "user"]

    @pytest.mark.parametrize(
        ("keys", "words"),
        [
            ({"seed": 1}, "seed: the Responses API takes none"),
            ({"stop": ("END",)}, "stop: the Responses API takes none"),
            ({"max_tokens": 1, "max_completion_tokens": 2}, "one and the same"),
        ],
    )
    def test_what_it_does_not_have_is_refused(self, keys: Any, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            OpenAIOptions(model="m", api="responses", **keys)


class TestReplies:
    def test_words_tokens_money_and_what_was_thought(self) -> None:
        price = {"m-1": Price(input=2.0, output=10.0, cached_input=1.0)}
        (reply,), _ = asked(answering(answer(REASONING, message("Good ", "day"))), prices=price)
        assert reply == Reply(
            (BotMessage("Good day"),),
            usage=Usage(1_000, 20),
            cost=Money(0.0018, "USD"),
            data={"reasoning": "An order is asked for.", "reasoning_tokens": 12},
        )

    def test_every_message_is_one(self) -> None:
        (reply,), _ = asked(answering(answer(message("Let me see."), message("Done."))))
        assert [one.text for one in reply.messages] == ["Let me see.", "Done."]

    def test_a_refusal_is_what_the_bot_says(self) -> None:
        refused = {**message(), "content": [{"type": "refusal", "refusal": "No."}]}
        (reply,), _ = asked(answering(answer(refused)))
        assert (reply.text, reply.data["refusal"]) == ("No.", "No.")

    @pytest.mark.parametrize(
        ("reason", "finish"),
        [("max_output_tokens", "length"), ("content_filter", "content_filter")],
    )
    def test_why_it_ended_is_told_as_elsewhere(self, reason: str, finish: str) -> None:
        cut = answer(message("cut"), status="incomplete", incomplete_details={"reason": reason})
        (reply,), _ = asked(answering(cut))
        assert (reply.text, reply.data["finish_reason"]) == ("cut", finish)

    def test_nothing_said_is_an_empty_reply(self) -> None:
        (reply,), _ = asked(answering(answer(REASONING)))
        assert reply.messages == (BotMessage(""),)

    def test_a_response_that_failed_is_a_fault(self) -> None:
        error = {"code": "server_error", "message": "gpu fell off"}
        found = hold_fault(
            answering(answer(status="failed", error=error)), Opening(), api="responses"
        )
        assert found.note.kind == "error-reply"
        assert "gpu fell off" in found.note.message

    @pytest.mark.parametrize("body", [{}, {"output": "x"}, []])
    def test_what_is_no_response_is_a_fault(self, body: Any) -> None:
        found = hold_fault(answering(body), Opening(), api="responses")
        assert found.note.kind == "no-reply-text"


class TestTools:
    def test_a_call_is_answered_with_the_items_before_it(self) -> None:
        handler = one_after_another(answer(REASONING, CALL), answer(message("Sent.")))
        (reply,), server = asked(handler, "Where?", opening=Opening(tools=(FIND,)))
        assert reply.text == "Sent."
        result = {"status": "sent", "days": 2}
        assert reply.calls == (ToolCall("find_order", {"order": "A-1"}, result, "call_1"),)
        assert reply.usage == Usage(2_000, 40)
        assert reply.data["reasoning_tokens"] == 24
        first, second = (one.json for one in server.asked)
        assert first["tools"] == [
            {
                "type": "function",
                "name": "find_order",
                "description": "Looks an order up.",
                "parameters": SCHEMA,
                "strict": False,
            }
        ]
        output = {"type": "function_call_output", "call_id": "call_1"}
        assert second["input"] == [
            {"role": "user", "content": "Where?"},
            REASONING,
            CALL,
            {**output, "output": told(result)},
        ]

    def test_what_the_server_does_not_keep_is_not_referred_to(self) -> None:
        sealed = {**REASONING, "id": "rs_2", "encrypted_content": "…"}
        handler = one_after_another(answer(REASONING, sealed, CALL), answer(message("Sent.")))
        opening = Opening(tools=(FIND,))
        _, server = asked(handler, opening=opening, extra=Data({"store": False}))
        _, kept, call, _ = lines_of(server, "input")
        assert kept == sealed
        assert "id" not in call
        assert call["call_id"] == "call_1"

    def test_a_call_without_an_id_gets_one_to_be_answered_by(self) -> None:
        handler = one_after_another(answer({**CALL, "call_id": ""}), answer(message("Sent.")))
        (reply,), server = asked(handler, opening=Opening(tools=(FIND,)))
        _, call, given = lines_of(server, "input")
        assert call["call_id"] == given["call_id"] == reply.calls[0].id == "call_0"

    def test_a_call_that_nobody_answers_ends_the_reply(self) -> None:
        handler = one_after_another(answer(CALL), answer(message("Ok.")))
        opening = Opening(tools=(Tool(name="find_order"),))
        replies, server = asked(handler, "a", "b", opening=opening)
        assert replies[0].messages == ()
        assert replies[0].calls[0].result is None
        output = {"type": "function_call_output", "call_id": "call_1", "output": "null"}
        assert lines_of(server, "input")[-2:] == [output, {"role": "user", "content": "b"}]


def events(*output: Any, ending: str = "completed", **more: Any) -> bytes:
    """A stream as the API sends it; more goes into the response at its end."""
    made: list[Any] = [{"type": "response.created", "response": answer(status="in_progress")}]
    for number, item in enumerate(output):
        about = {"output_index": number, "item_id": item["id"], "content_index": 0}
        made.append({"type": "response.output_item.added", "item": item, **about})
        for part in item.get("content", ()):
            for word in part["text"].split(" "):
                delta = {"type": "response.output_text.delta", "delta": word, "logprobs": []}
                made.append({**delta, **about})
        made.append({"type": "response.output_item.done", "item": item, **about})
    response = answer(*output, status=ending) | more
    made.append({"type": f"response.{ending}", "response": response})
    numbered = [{**one, "sequence_number": number} for number, one in enumerate(made)]
    lines = (f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in numbered)
    return "".join(lines).encode()


class TestStreams:
    def test_pieces_make_a_reply_with_the_time_of_the_first_word(self) -> None:
        raw = events(REASONING, message("Good day"))
        blocks = [raw[at : at + 13] for at in range(0, len(raw), 13)]
        replies, server = asked(chunked(blocks), "a", "b", stream=True)
        assert [reply.text for reply in replies] == ["Good day", "Good day"]
        assert replies[0].usage == Usage(1_000, 20)
        assert replies[0].first_token is not None
        assert server.asked[0].json["stream"] is True
        assert "stream_options" not in server.asked[0].json
        assert server.connections == 1

    def test_the_first_word_is_not_the_first_thought(self) -> None:
        begun, rest = events(message("Good day")).split(b"event: response.output_text.delta", 1)

        async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
            await chunked([begun])(asked, _Later(writer))
            await asyncio.sleep(0.05)
            block = b"event: response.output_text.delta" + rest
            writer.write(f"{len(block):x}\r\n".encode() + block + b"\r\n0\r\n\r\n")

        (reply,), _ = asked(handle, stream=True)
        assert reply.first_token is not None
        assert reply.first_token >= 0.05

    def test_calls_come_in_pieces(self) -> None:
        delta = {"type": "response.function_call_arguments.delta", "delta": "{", "item_id": "fc_1"}
        head = stream(delta, end="")
        handler = chunked([head + events(CALL)])
        (reply,), _ = asked(handler, opening=Opening(tools=(Tool(name="find_order"),)), stream=True)
        assert reply.calls[0].arguments == {"order": "A-1"}
        assert reply.first_token is not None

    def test_an_end_without_what_came_before_is_put_together(self) -> None:
        (reply,), _ = asked(chunked([events(message("Good day"), output=[])]), stream=True)
        assert reply.text == "Good day"

    def test_words_alone_will_do(self) -> None:
        pieces = [
            {"type": "response.output_text.delta", "delta": "Good "},
            {"type": "response.output_text.delta", "delta": "day"},
            {"type": "response.completed", "response": {"usage": None}},
        ]
        (reply,), _ = asked(chunked([stream(*pieces, end="")]), stream=True)
        assert (reply.text, reply.usage) == ("Good day", None)

    @pytest.mark.parametrize(
        ("raw", "kind", "words"),
        [
            (events(message("Good day")).split(b"event: response.completed")[0], "cut", "ended"),
            (
                events(ending="failed", error={"code": "x", "message": "gpu fell off"}),
                "error-reply",
                "gpu fell off",
            ),
            (
                b'event: error\ndata: {"type": "error", "code": "x", "message": "too long"}\n\n',
                "error-reply",
                "too long",
            ),
        ],
    )
    def test_what_goes_wrong(self, raw: bytes, kind: str, words: str) -> None:
        found = hold_fault(chunked([raw]), Opening(), api="responses", stream=True)
        assert found.note.kind == kind
        assert words in found.note.message


class _Later:
    """A writer whose chunked response does not end yet."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        if data != b"0\r\n\r\n":
            self._writer.write(data)

    async def drain(self) -> None:
        await self._writer.drain()


KEYS = {"temperature": 0.5, "max_output_tokens": 9, "reasoning": {"effort": "low"}}


class TestAgainstTheOfficialClient:
    """The official client makes the same requests and reads the same replies."""

    def _both(self, handler: Handler, streams: bool) -> tuple[Reply, Any]:
        def official(url: str) -> Any:
            with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
                keys: Any = KEYS | ({"stream": True} if streams else {})
                made = client.responses.create(
                    model="m-1",
                    instructions="Be kind.",
                    input=[{"role": "user", "content": "Grüße 👋"}],
                    **keys,
                )
                return list(made) if streams else made

        async def run() -> tuple[Reply, Any]:
            async with serving(handler) as server:
                target = bot(
                    server.url,
                    api="responses",
                    temperature=0.5,
                    max_tokens=9,
                    reasoning_effort="low",
                    stream=streams,
                )
                (reply,) = await held(target, Opening(system="Be kind."), "Grüße 👋")
                theirs = await asyncio.to_thread(official, server.url)
                mine, other = server.asked
                assert (mine.method, mine.path, mine.json) == (other.method, other.path, other.json)
                for name in ("authorization", "content-type", "accept"):
                    assert mine.headers[name] == other.headers[name]
                return reply, theirs

        return go(run())

    def test_whole(self) -> None:
        reply, theirs = self._both(answering(answer(REASONING, message("Guten Tag"))), False)
        assert reply.text == theirs.output_text
        assert reply.usage == Usage(theirs.usage.input_tokens, theirs.usage.output_tokens)

    def test_streaming(self) -> None:
        reply, theirs = self._both(chunked([events(message("Guten Tag"))]), True)
        assert reply.text == theirs[-1].response.output_text
        assert theirs[-1].type == "response.completed"

    def test_rounds(self) -> None:
        """Its items go back as ours do."""

        def respond(one: Asked) -> Any:
            last = one.json["input"][-1]
            done = last.get("type") == "function_call_output"
            return answer(message("Sent.")) if done else answer(REASONING, CALL)

        def official(url: str) -> str:
            tool = {"type": "function", "name": FIND.name, "description": FIND.description}
            tools: Any = [{**tool, "parameters": SCHEMA, "strict": False}]
            said: Any = [{"role": "user", "content": "Where?"}]
            with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
                made = client.responses.create(model="m-1", input=said, tools=tools)
                said += made.output
                for item in made.output:
                    if item.type == "function_call":
                        output = {"type": "function_call_output", "output": told(FIND.returns)}
                        said.append({**output, "call_id": item.call_id})
                made = client.responses.create(model="m-1", input=said, tools=tools)
                return str(made.output_text)

        async def run() -> None:
            async with serving(by(respond)) as server:
                target = bot(server.url, api="responses")
                (reply,) = await held(target, Opening(tools=(FIND,)), "Where?")
                assert reply.text == await asyncio.to_thread(official, server.url)
                assert [one.json for one in server.asked[:2]] == [
                    one.json for one in server.asked[2:]
                ]

        go(run())
