"""Servers that speak the wire nearly: an answer of each, written after its public documentation.

``recorded/*.yaml`` name the server and version that they imitate, how it deviates, and what
is to be read of it; the official client reads the same, unless it is said why not.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import openai
import pytest
import yaml

from chatbot_qa.domain.plan import Opening, Tool
from chatbot_qa.domain.transcript import Reply, ToolCall, Usage
from chatbot_qa.domain.values import Data
from chatbot_qa.targets.base import Fault
from tests.readme import ROOT
from tests.targets.asking import go
from tests.targets.fakes import Handler, answering, chunked, serving
from tests.targets.openai_wire import KEY, bot, completion, held, hold, lines_of

FOLDER = Path(__file__).parent / "recorded"
RECORDED = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.yaml"))
}
KEYS = {"server", "deviates", "keys", "status", "body", "official", "reply", "fault"}
PAGE = ROOT / "docs" / "openai.md"
SERVERS = (
    "vLLM",
    "Ollama",
    "LM Studio",
    "llama.cpp server",
    "Gemini's compatible endpoint",
    "Anthropic's compatible endpoint",
    "Azure OpenAI",
)


def serve(recorded: Any) -> Handler:
    """A server that answers as recorded: a text is a stream, cut into small blocks."""
    body = recorded["body"]
    if not isinstance(body, str):
        return answering(body, recorded.get("status", "200 OK"))
    data = body.encode() + b"\n"
    return chunked([data[at : at + 50] for at in range(0, len(data), 50)])


def ask(recorded: Any) -> Reply:
    replies, _ = hold(serve(recorded), Opening(), **recorded.get("keys", {}))
    return replies[0]


def some(key: str, *, official: bool = False) -> Any:
    names = [
        name
        for name, one in RECORDED.items()
        if key in one and not (official and "official" in one)
    ]
    return pytest.mark.parametrize("name", names)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recording_says_what_it_is(name: str) -> None:
    recorded = RECORDED[name]
    assert set(recorded) <= KEYS
    assert {"server", "deviates", "body"} <= set(recorded)
    assert ("reply" in recorded) != ("fault" in recorded)
    assert len(recorded["deviates"]) > 20


@pytest.mark.parametrize("server", SERVERS)
def test_there_are_recordings_of_every_server(server: str) -> None:
    assert [one for one in RECORDED.values() if one["server"].startswith(server)]


@some("reply")
def test_the_reply_is_read(name: str) -> None:
    recorded = RECORDED[name]
    expected, reply = recorded["reply"], ask(recorded)
    assert reply.text == expected["text"]
    usage = expected.get("usage")
    assert reply.usage == (None if usage is None else Usage(*usage))
    calls = tuple(
        ToolCall(function, arguments, id=call_id)
        for function, arguments, call_id in expected.get("calls", ())
    )
    assert reply.calls == calls
    beside = {k: v for k, v in reply.data.items() if not (calls and k in _OF_CALLS)}
    assert beside == expected.get("data", {})
    if recorded.get("keys", {}).get("stream"):
        assert reply.first_token is not None


_OF_CALLS = ("tool_calls", "finish_reason")


@some("fault")
def test_the_fault_is_told(name: str) -> None:
    recorded = RECORDED[name]
    expected = recorded["fault"]
    with pytest.raises(Fault) as told:
        ask(recorded)
    note = told.value.note
    assert note.kind == expected["kind"]
    assert expected["words"] in note.message
    if "again" in expected:
        assert told.value.safe_to_retry is expected["again"]


@some("reply", official=True)
def test_the_official_client_reads_the_same(name: str) -> None:
    recorded = RECORDED[name]
    keys = recorded.get("keys", {})

    async def run() -> tuple[str, Reply]:
        async with serving(serve(recorded)) as server:
            (reply,) = await held(bot(server.url, **keys), Opening(), "Hello")
            return await asyncio.to_thread(official, server.url, **keys), reply

    theirs, reply = go(run())
    assert theirs == reply.text


def official(url: str, api: str = "chat", stream: bool = False) -> str:
    """The text as the official client reads it."""
    said: Any = [{"role": "user", "content": "Hello"}]
    with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
        if api == "responses" and stream:
            events = list(client.responses.create(model="m", input=said, stream=True))
            return "".join(one.delta for one in events if one.type == "response.output_text.delta")
        if api == "responses":
            return str(client.responses.create(model="m", input=said).output_text)
        if stream:
            pieces = client.chat.completions.create(model="m", messages=said, stream=True)
            return "".join(one.choices[0].delta.content or "" for one in pieces if one.choices)
        made = client.chat.completions.create(model="m", messages=said)
        return made.choices[0].message.content or ""


def test_what_belongs_to_a_call_goes_back_with_it() -> None:
    """Gemini wants its signatures to come back, and every call an id."""
    tool = Tool(name="find_order", returns=Data("sent"))
    raw = RECORDED["gemini-stream-calls"]["body"].encode() + b"\n"
    done = f"data: {json.dumps(_finished())}\n\ndata: [DONE]\n\n".encode()
    answers = iter([raw, done])

    async def handle(asked: Any, writer: Any) -> None:
        await chunked([next(answers)])(asked, writer)

    (reply,), server = hold(handle, Opening(tools=(tool,)), stream=True)
    assert reply.text == "On their way."
    called, *given = lines_of(server)[1:]
    assert called["tool_calls"][0]["extra_content"] == {"google": {"thought_signature": "c2ln"}}
    assert "index" not in called["tool_calls"][0]
    ids = ["function-call-1", "function-call-2"]
    assert [call["id"] for call in called["tool_calls"]] == ids
    assert [one["tool_call_id"] for one in given] == ids


def _finished() -> Any:
    answer = completion({"content": "On their way."})
    choice = answer["choices"][0]
    return {**answer, "choices": [{**choice, "delta": choice.pop("message")}]}


def test_a_call_without_an_id_gets_one_to_be_answered_by() -> None:
    tool = Tool(name="find_order", returns=Data("sent"))
    answers = iter([RECORDED["llama-cpp-call-without-id"]["body"], completion({"content": "Ok."})])

    async def handle(asked: Any, writer: Any) -> None:
        await answering(next(answers))(asked, writer)

    _, server = hold(handle, Opening(tools=(tool,)))
    called, given = lines_of(server)[1:]
    assert called["tool_calls"][0]["id"] == given["tool_call_id"] == "call_0"


def test_the_page_tells_of_every_deviation() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", page, re.M))
    assert rows == {name: f"{one['server']} | {one['deviates']}" for name, one in RECORDED.items()}
