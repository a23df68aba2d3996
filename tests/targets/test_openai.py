"""The wire of chat completions, held against the official client on the same server."""

from __future__ import annotations

import asyncio
from typing import Any

import openai
import pytest

from chatbot_qa.domain.transcript import BotMessage, Reply, Usage
from chatbot_qa.domain.values import Data, Money
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.openai import OpenAIOptions, make
from chatbot_qa.targets.pricing import Price
from tests.targets.asking import busy, dialogue, fault, go
from tests.targets.fakes import Asked, Handler, Server, answering, by, chunked, response, serving
from tests.targets.openai_wire import (
    KEY,
    PIECES,
    USAGE,
    ask,
    bot,
    completion,
    only,
    piece,
    stream,
)


def test_is_found_by_its_name() -> None:
    assert Registry().targets["openai"].options is OpenAIOptions


class TestRequests:
    def test_the_whole_conversation_is_sent_each_time(self) -> None:
        echo = by(lambda asked: completion({"content": f"#{len(asked.json['messages'])}"}))
        replies, server = ask(echo, "Hello", 'Say "hi"\n', "Bye", system="Be kind.")
        assert [reply.text for reply in replies] == ["#2", "#4", "#6"]
        assert server.asked[0].path == "/v1/chat/completions"
        assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
        assert [line["content"] for line in server.asked[-1].json["messages"]] == [
            "Be kind.",
            "Hello",
            "#2",
            'Say "hi"\n',
            "#4",
            "Bye",
        ]
        assert server.connections == 1

    def test_parameters_are_sent_where_given(self) -> None:
        plain = answering(completion({"content": "x"}))
        _, server = ask(plain)
        assert set(server.asked[0].json) == {"model", "messages"}
        _, server = ask(plain, temperature=0, stop=("END",), extra=Data({"top_k": 1}), seed=3)
        sent = server.asked[0].json
        assert sent.pop("messages") == [{"role": "user", "content": "Hello"}]
        assert sent == {"model": "m-1", "temperature": 0, "stop": ["END"], "top_k": 1, "seed": 3}

    def test_the_suites_system_prompt_goes_before_the_targets_own(self) -> None:
        plain = answering(completion({"content": "x"}))
        for given, sent in ((None, "own"), ("suite", "suite"), ("", "")):
            _, server = ask(plain, system=given, own="own")
            assert server.asked[0].json["messages"][0] == {"role": "system", "content": sent}

    def test_without_a_key_none_is_sent(self) -> None:
        async def run() -> Server:
            async with serving(answering(completion({"content": "x"}))) as server:
                options = OpenAIOptions(base_url=server.url, model="m")
                await dialogue(make(options, Surroundings()), "Hi")
                return server

        asked = go(run()).asked[0]
        assert "authorization" not in asked.headers
        assert asked.path == "/chat/completions"

    @pytest.mark.parametrize(
        ("base", "path"),
        [
            ("/v1/", "/v1/chat/completions"),
            ("/v1/chat/completions", "/v1/chat/completions"),
            ("/d/m?api-version=2", "/d/m/chat/completions?api-version=2"),
        ],
    )
    def test_the_address_is_completed(self, base: str, path: str) -> None:
        async def run() -> Server:
            async with serving(answering(completion({"content": "x"}))) as server:
                await dialogue(bot(server.url, base_url=server.url + base), "Hi")
                return server

        assert go(run()).asked[0].path == path


class TestReplies:
    def test_text_and_tokens(self) -> None:
        reply = only(answering(completion({"content": "Good day"})))
        assert reply == Reply((BotMessage("Good day"),), usage=Usage(1_000, 20))

    @pytest.mark.parametrize(
        ("message", "finish", "text", "data"),
        [
            ({"content": [{"type": "text", "text": "a"}, {"type": "x"}]}, "stop", "a", {}),
            ({"content": None, "refusal": "No."}, "stop", "No.", {"refusal": "No."}),
            ({"content": None}, "content_filter", "", {"finish_reason": "content_filter"}),
            ({"content": "cut"}, "length", "cut", {"finish_reason": "length"}),
            (
                {"content": None, "tool_calls": [{"id": "1"}]},
                "tool_calls",
                "",
                {"tool_calls": [{"id": "1"}], "finish_reason": "tool_calls"},
            ),
        ],
    )
    def test_what_is_no_plain_text(self, message: Any, finish: str, text: str, data: Any) -> None:
        reply = only(answering(completion(message, finish)))
        assert (reply.text, reply.data) == (text, data)

    def test_a_prompt_that_the_servers_filter_stops_is_a_reply(self) -> None:
        body = {"error": {"code": "content_filter", "message": "filtered"}}
        reply = only(answering(body, "400 Bad Request"))
        assert (reply.text, reply.data) == ("", {"finish_reason": "content_filter"})

    def test_cost_by_the_table_of_prices(self) -> None:
        price = Price(input=2.0, output=10.0, cached_input=1.0, currency="EUR")
        handler = answering(completion({"content": "x"}))
        assert only(handler, prices={"m-1": price}).cost == Money(0.0022, "EUR")
        assert only(handler, prices={"m-1-2026": price}).cost == Money(0.0022, "EUR")
        usage = {**USAGE, "prompt_tokens_details": {"cached_tokens": 5}}
        half_cached = answering(completion({"content": "x"}, usage=usage))
        assert only(half_cached, prices={"m-1": price}).cost == Money(43e-6, "EUR")

    def test_an_unknown_cost_is_unknown(self) -> None:
        price = {"m-1": Price(input=2.0, output=10.0)}
        assert only(answering(completion({"content": "x"}))).cost is None
        assert only(answering(completion({"content": "x"}, usage=None)), prices=price).cost is None

    @pytest.mark.parametrize("answer", [{}, {"choices": []}, [], "x", {"choices": [{"text": "x"}]}])
    def test_what_is_no_completion_is_a_fault(self, answer: Any) -> None:
        async def run() -> object:
            async with serving(answering(answer)) as server:
                return await fault(bot(server.url))

        assert go(run()).note.kind == "no-reply-text"

    def test_an_error_with_status_200_is_a_fault(self) -> None:
        async def run() -> object:
            async with serving(answering({"error": {"message": "overloaded"}})) as server:
                return await fault(bot(server.url))

        found = go(run())
        assert found.note.kind == "error-reply"
        assert "overloaded" in found.note.message
        assert found.safe_to_retry
        assert '"$OPENAI_API_KEY"' in found.note.again

    def test_a_busy_server(self) -> None:
        async def run() -> object:
            async with serving(answering({}, "429 x", ("Retry-After: 3",))) as server:
                return await busy(bot(server.url))

        assert go(run()).retry_after == 3


class TestStreams:
    def test_pieces_make_a_reply_with_the_time_of_the_first(self) -> None:
        (reply,), server = ask(chunked([stream(*PIECES)]), stream=True)
        assert reply.text == "Grüße, 👋 Anna"
        assert reply.usage == Usage(9, 3)
        assert reply.first_token is not None
        assert reply.first_token >= 0
        assert server.asked[0].json["stream_options"] == {"include_usage": True}

    def test_blocks_may_be_cut_anywhere_and_lines_end_as_they_like(self) -> None:
        raw = b": keep-alive\n\n" + stream(*PIECES)
        for data in (raw, raw.replace(b"\n", b"\r\n")):
            blocks = [data[at : at + 7] for at in range(0, len(data), 7)]
            assert only(chunked(blocks), stream=True).text == "Grüße, 👋 Anna"

    def test_the_connection_is_used_again(self) -> None:
        _, server = ask(chunked([stream(*PIECES)]), "a", "b", "c", stream=True)
        assert server.connections == 1

    def test_tool_calls_are_put_together(self) -> None:
        def call(function: Any, **more: Any) -> Any:
            return piece({"tool_calls": [{"index": 0, "function": function, **more}]})

        reply = only(
            chunked(
                [
                    stream(
                        call({"name": "find", "arguments": ""}, id="1", type="function"),
                        call({"arguments": '{"a"'}),
                        call({"arguments": ":1}"}),
                        piece({}, "tool_calls"),
                    )
                ]
            ),
            stream=True,
        )
        function = {"name": "find", "arguments": '{"a":1}'}
        assert reply.data["tool_calls"] == [{"id": "1", "type": "function", "function": function}]

    def test_a_server_that_does_not_stream_is_read_all_the_same(self) -> None:
        reply = only(answering(completion({"content": "whole"})), stream=True)
        assert (reply.text, reply.first_token) == ("whole", None)

    def test_a_stream_may_end_without_a_word_once_it_is_complete(self) -> None:
        assert only(chunked([stream(*PIECES, end="")]), stream=True).usage == Usage(9, 3)

    @pytest.mark.parametrize(
        ("raw", "kind", "words"),
        [
            (stream(*PIECES[:2], end=""), "cut", "ended before the reply was complete"),
            (stream(PIECES[1], {"error": {"message": "gpu fell off"}}), "error-reply", "gpu fell"),
            (stream(end="event: error\ndata: {}\n\n"), "error-reply", "reports an error"),
            (b"data: {nope}\n\n", "not-json", "{nope}"),
        ],
    )
    def test_what_goes_wrong_in_the_middle(self, raw: bytes, kind: str, words: str) -> None:
        async def run() -> object:
            async with serving(chunked([raw])) as server:
                return await fault(bot(server.url, stream=True))

        found = go(run())
        assert found.note.kind == kind
        assert words in found.note.message

    def test_a_connection_that_breaks_is_safe_to_ask_again(self) -> None:
        async def cut(_: Asked, writer: asyncio.StreamWriter) -> None:
            kind = ("Content-Type: text/event-stream",)
            writer.write(response(stream(PIECES[1], end=""), headers=kind, length=9_999))
            await writer.drain()
            writer.close()

        async def run() -> object:
            async with serving(cut) as server:
                return await fault(bot(server.url, stream=True))

        found = go(run())
        assert found.note.kind == "cut"
        assert found.safe_to_retry

    def test_an_endless_stream_is_cut_off(self) -> None:
        blocks = [stream(*[piece({"content": "x" * 1_000})] * 50, end="")] * 50

        async def run() -> object:
            async with serving(chunked(blocks)) as server:
                return await fault(bot(server.url, stream=True, max_reply=100_000))

        assert go(run()).note.kind == "too-large"


SETTINGS: dict[str, Any] = {
    "temperature": 0.5,
    "max_tokens": 9,
    "seed": 3,
    "stop": ["END"],
    "reasoning_effort": "low",
    "response_format": {"type": "json_object"},
}
MESSAGES: tuple[Any, ...] = (
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "Grüße 👋"},
)


class TestAgainstTheOfficialClient:
    """The official client makes the same requests and reads the same replies."""

    def _both(self, handler: Handler, **client_keys: Any) -> tuple[Reply, Any, Server]:
        keys = {**SETTINGS, "stop": ("END",), "stream": "stream" in client_keys}

        async def run() -> tuple[Reply, Any, Server]:
            async with serving(handler) as server:
                (reply,) = await dialogue(bot(server.url, **keys), "Grüße 👋", system="Be kind.")
                theirs = await asyncio.to_thread(self._official, server.url, **client_keys)
                return reply, theirs, server

        return go(run())

    def _official(self, url: str, **keys: Any) -> Any:
        with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
            made = client.chat.completions.create(
                model="m-1", messages=list(MESSAGES), **SETTINGS, **keys
            )
            return list(made) if "stream" in keys else made

    @staticmethod
    def _same(server: Server) -> None:
        ours, theirs = server.asked
        assert (ours.method, ours.path) == (theirs.method, theirs.path)
        assert ours.json == theirs.json
        for name in ("authorization", "content-type", "accept"):
            assert ours.headers[name] == theirs.headers[name]

    def test_whole(self) -> None:
        reply, theirs, server = self._both(answering(completion({"content": "Guten Tag"})))
        self._same(server)
        assert reply.text == theirs.choices[0].message.content
        assert reply.usage == Usage(theirs.usage.prompt_tokens, theirs.usage.completion_tokens)

    def test_streaming(self) -> None:
        raw = stream(*PIECES)
        blocks = [raw[at : at + 11] for at in range(0, len(raw), 11)]
        options = {"include_usage": True}
        reply, theirs, server = self._both(chunked(blocks), stream=True, stream_options=options)
        self._same(server)
        text = "".join(one.choices[0].delta.content or "" for one in theirs if one.choices)
        assert reply.text == text
        usage = next(one.usage for one in theirs if one.usage)
        assert reply.usage == Usage(usage.prompt_tokens, usage.completion_tokens)


def test_the_fingerprint_tells_settings_apart_and_holds_no_key() -> None:
    url = "http://127.0.0.1:9"
    plain = bot(url)
    assert bot(url, api_key="written-out").fingerprint == plain.fingerprint
    assert bot(url, prices={"m-1": Price(input=1, output=1)}).fingerprint == plain.fingerprint
    for keys in ({"temperature": 1.0}, {"model": "m-2"}, {"system": "x"}, {"stream": True}):
        assert bot(url, **keys).fingerprint != plain.fingerprint


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"base_url": "localhost:8000"}, "base_url: "),
        ({"extra": ["a"]}, "extra: wants keys with values"),
        ({"extra": {"temperature": 1}}, "temperature has a key of its own"),
        ({"api_key": "${secret:NOPE}"}, "the secret NOPE has no value"),
    ],
)
def test_mistakes_are_told_before_anything_is_sent(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as told:
        bot("http://127.0.0.1:9", **keys)
    assert words in told.value.message
    assert told.value.hint
