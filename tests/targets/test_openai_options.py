"""What the keys of the target ``openai`` come to: addresses, keys, formats, refusals."""

from __future__ import annotations

import asyncio
from typing import Any

import openai
import pytest

from chatbot_qa.domain.plan import Opening
from chatbot_qa.domain.settings import Config
from chatbot_qa.domain.values import Data
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import target_settings
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.openai import OpenAIOptions, make
from chatbot_qa.targets.openai.options import Azure
from tests.targets.asking import dialogue, fault, go
from tests.targets.fakes import Server, answering, serving
from tests.targets.openai_wire import KEY, ask, bot, completion, held, hold

PLAIN = answering(completion({"content": "x"}))
SCHEMA = {"type": "object", "properties": {"days": {"type": "integer"}}}


class TestFormats:
    @pytest.mark.parametrize(
        ("given", "sent"),
        [
            ("json_object", {"type": "json_object"}),
            ("text", {"type": "text"}),
            ({"type": "json_object"}, {"type": "json_object"}),
            (SCHEMA, {"type": "json_schema", "json_schema": {"name": "reply", "schema": SCHEMA}}),
            (
                {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": {}}},
                {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": {}}},
            ),
            (
                {"type": "json_schema", "name": "a", "schema": SCHEMA},
                {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}},
            ),
        ],
    )
    def test_replies_in_json(self, given: Any, sent: Any) -> None:
        _, server = ask(PLAIN, response_format=given)
        assert server.asked[0].json["response_format"] == sent

    @pytest.mark.parametrize("given", ["json", Data(["json_object"])])
    def test_what_is_no_format_is_refused(self, given: Any) -> None:
        with pytest.raises(ValueError, match="response_format: wants"):
            OpenAIOptions(model="m", response_format=given)

    def test_reasoning_effort_is_sent(self) -> None:
        _, server = ask(PLAIN, reasoning_effort="high")
        assert server.asked[0].json["reasoning_effort"] == "high"


class TestAzure:
    def _ours_and_theirs(self, **keys: Any) -> Server:
        async def run() -> Server:
            async with serving(PLAIN) as server:
                azure = Azure(endpoint=server.url + "/", **keys)
                options = OpenAIOptions(model="gpt-x", azure=azure)
                target = make(options, Surroundings(secrets={"OPENAI_API_KEY": KEY}))
                await held(target, Opening(), "Hello")
                await asyncio.to_thread(self._official, server.url, **keys)
                return server

        return go(run())

    @staticmethod
    def _official(url: str, api_version: str, deployment: str | None = None) -> None:
        with openai.AzureOpenAI(
            azure_endpoint=url,
            azure_deployment=deployment,
            api_version=api_version,
            api_key=KEY,
            max_retries=0,
        ) as client:
            messages: Any = [{"role": "user", "content": "Hello"}]
            client.chat.completions.create(model="gpt-x", messages=messages)

    @pytest.mark.parametrize("keys", [{}, {"deployment": "mine"}])
    def test_a_deployment_is_asked_as_the_official_client_asks_it(self, keys: Any) -> None:
        server = self._ours_and_theirs(api_version="2024-10-21", **keys)
        ours, theirs = server.asked
        assert (ours.method, ours.path, ours.json) == (theirs.method, theirs.path, theirs.json)
        assert ours.headers["api-key"] == theirs.headers["api-key"] == KEY
        assert "authorization" not in ours.headers

    def test_responses_are_asked_of_the_resource(self) -> None:
        body = {"output": [{"type": "message", "content": "Hi"}]}

        async def run() -> Server:
            async with serving(answering(body)) as server:
                azure = Azure(endpoint=server.url, deployment="mine", api_version="v1")
                options = OpenAIOptions(model="gpt-x", azure=azure, api="responses")
                await dialogue(make(options, Surroundings()), "Hello")
                return server

        (asked,) = go(run()).asked
        assert asked.path == "/openai/responses?api-version=v1"
        assert asked.json["model"] == "mine"

    def test_an_address_of_azures_gets_its_header(self) -> None:
        async def run() -> Server:
            async with serving(PLAIN) as server:
                base = "http://shop.openai.azure.com/openai/v1"
                await held(bot("", base_url=base, proxy=server.url), Opening(), "Hello")
                return server

        (asked,) = go(run()).asked
        assert asked.path == "http://shop.openai.azure.com/openai/v1/chat/completions"
        assert asked.headers["api-key"] == KEY
        assert "authorization" not in asked.headers

    def test_the_key_is_masked(self) -> None:
        async def run() -> Any:
            async with serving(answering({"error": {"message": "x"}})) as server:
                azure = Azure(endpoint=server.url)
                options = OpenAIOptions(model="gpt-x", azure=azure, api_key="written-out-key")
                return await fault(make(options, Surroundings()))

        again = go(run()).note.again
        assert "api-key" in again
        assert "written-out-key" not in again

    def test_what_its_filter_stops_is_told(self) -> None:
        found = {"jailbreak": {"filtered": True, "detected": True}}
        error = {
            "code": "content_filter",
            "message": "The response was filtered",
            "innererror": {
                "code": "ResponsibleAIPolicyViolation",
                "content_filter_result": found,
            },
        }
        (reply,), _ = hold(answering({"error": error}, "400 Bad Request"), Opening())
        assert reply.data == {"finish_reason": "content_filter", "content_filter": found}
        results = {"hate": {"filtered": True, "severity": "high"}}
        filtered = completion({"content": ""}, "content_filter")
        filtered["choices"][0]["content_filter_results"] = results
        (reply,), _ = hold(answering(filtered), Opening())
        assert reply.data == {"finish_reason": "content_filter", "content_filter": results}


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"azure": Azure(endpoint="https://x"), "base_url": "https://y"}, "leave base_url: out"),
        ({"tool_rounds": 0}, "tool_rounds: must be 1 or more"),
    ],
)
def test_contradictions_are_refused(keys: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        OpenAIOptions(model="m", **keys)


@pytest.mark.parametrize(
    ("api", "extra", "words"),
    [
        ("chat", {"messages": []}, "messages is what a suite says"),
        ("chat", {"response_format": {}}, "response_format has a key of its own"),
        ("responses", {"input": "x"}, "input is what a suite says"),
        ("responses", {"instructions": "x"}, "instructions has a key of its own"),
        ("responses", {"previous_response_id": "x"}, "have the server keep the conversation"),
    ],
)
def test_further_keys_that_are_none_are_refused(api: Any, extra: Any, words: str) -> None:
    with pytest.raises(UsageError) as told:
        bot("http://127.0.0.1:9", api=api, extra=extra)
    assert words in told.value.message
    assert told.value.hint


def test_further_keys_may_be_own_keys_of_the_other_api() -> None:
    _, server = ask(PLAIN, extra=Data({"instructions": "x"}))
    assert server.asked[0].json["instructions"] == "x"


def test_the_fingerprint_tells_apis_and_tags_apart() -> None:
    url = "http://127.0.0.1:9"
    prints = [
        bot(url, **keys).fingerprint
        for keys in ({}, {"api": "responses"}, {"think_tags": "keep"}, {"tool_rounds": 2})
    ]
    assert len(set(prints)) == 4
    azure = {"base_url": "https://api.openai.com/v1", "azure": Azure(endpoint=url, deployment="a")}
    assert f"{url}/openai/deployments/a" in bot(url, **azure).fingerprint


def test_what_is_missing_is_told_with_the_options_that_give_it() -> None:
    with pytest.raises(UsageError) as told:
        target_settings("openai", Config(), Registry())
    assert "`model`" in told.value.message
    assert "--model … and --base-url …" in told.value.hint
