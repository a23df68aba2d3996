"""Tools that a suite declares: sent, called, answered, and asked again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from chatbot_qa.domain.plan import Message, Opening, Tool
from chatbot_qa.domain.transcript import BotMessage, ToolCall, Usage
from chatbot_qa.domain.values import Data, Money
from chatbot_qa.targets.base import Busy
from chatbot_qa.targets.openai.answers import told
from chatbot_qa.targets.pricing import Price
from tests.targets.asking import go
from tests.targets.fakes import Asked, Handler, answering, by, chunked, response, serving
from tests.targets.openai_wire import (
    KEY,
    bot,
    completion,
    held,
    hold,
    hold_fault,
    lines_of,
    piece,
    stream,
)

SCHEMA = {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}
FIND = Tool(
    name="find_order",
    description="Looks an order up.",
    parameters=Data(SCHEMA),
    returns=Data({"status": "sent", "days": 2}),
)


def calling(name: str, arguments: Any = '{"order": "A-1"}', call_id: str = "c1") -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def wanting(*calls: Any, content: Any = None) -> dict[str, Any]:
    return completion({"content": content, "tool_calls": list(calls)}, "tool_calls")


def one_after_another(*answers: Any) -> Handler:
    """Each answer once, in order; asked further, the server says so."""
    left: Iterator[Any] = iter(answers)
    return by(lambda _: next(left, {"error": {"message": "asked once too often"}}))


def using(source: str, folder: Path) -> Tool:
    (folder / "shop_tools.py").write_text(source, encoding="utf-8")
    return Tool(name="find_order", parameters=Data(SCHEMA), function="shop_tools.py:find")


class TestCannedResults:
    def test_a_call_is_answered_and_the_model_asked_again(self) -> None:
        handler = one_after_another(
            wanting(calling("find_order")), completion({"content": "It is on its way."})
        )
        (reply,), server = hold(handler, Opening(tools=(FIND,)), "Where is A-1?")
        assert reply.messages == (BotMessage("It is on its way."),)
        result = {"status": "sent", "days": 2}
        assert reply.calls == (ToolCall("find_order", {"order": "A-1"}, result, "c1"),)
        assert reply.usage == Usage(2_000, 40)
        assert "tool_calls" not in reply.data
        assert "finish_reason" not in reply.data
        first, second = (asked.json for asked in server.asked)
        assert first["tools"] == second["tools"]
        assert first["tools"] == [
            {
                "type": "function",
                "function": {
                    "name": "find_order",
                    "description": "Looks an order up.",
                    "parameters": SCHEMA,
                },
            }
        ]
        asked, called, given = second["messages"]
        assert asked == {"role": "user", "content": "Where is A-1?"}
        assert called["role"] == "assistant"
        assert called["tool_calls"][0]["id"] == "c1"
        assert json.loads(called["tool_calls"][0]["function"]["arguments"]) == {"order": "A-1"}
        assert given == {
            "role": "tool",
            "tool_call_id": "c1",
            "content": '{"status":"sent","days":2}',
        }

    def test_the_conversation_goes_on_with_what_was_called(self) -> None:
        handler = one_after_another(
            wanting(calling("find_order")),
            completion({"content": "Sent."}),
            completion({"content": "Bye."}),
        )
        replies, server = hold(handler, Opening(tools=(FIND,)), "Where?", "Thanks")
        assert [reply.text for reply in replies] == ["Sent.", "Bye."]
        assert replies[1].calls == ()
        roles = [line["role"] for line in lines_of(server)]
        assert roles == ["user", "assistant", "tool", "assistant", "user"]

    def test_words_on_the_way_are_messages_of_the_reply(self) -> None:
        handler = one_after_another(
            wanting(calling("find_order"), content="One moment."), completion({"content": "Sent."})
        )
        (reply,), server = hold(handler, Opening(tools=(FIND,)))
        assert [message.text for message in reply.messages] == ["One moment.", "Sent."]
        assert lines_of(server)[1]["content"] == "One moment."

    def test_several_calls_at_once_and_one_after_another(self) -> None:
        handler = one_after_another(
            wanting(
                calling("find_order", call_id="a"), calling("find_order", '{"order": "B"}', "b")
            ),
            wanting(calling("find_order", '{"order": "C"}', "c")),
            completion({"content": "All sent."}),
        )
        (reply,), server = hold(handler, Opening(tools=(FIND,)))
        assert [call.arguments["order"] for call in reply.calls] == ["A-1", "B", "C"]
        lines = lines_of(server)
        assert [line.get("tool_call_id") for line in lines if line["role"] == "tool"] == [*"abc"]

    def test_a_text_goes_back_as_it_is(self) -> None:
        tool = Tool(name="find_order", returns=Data("no such order"))
        handler = one_after_another(wanting(calling("find_order")), completion({"content": "x"}))
        (reply,), server = hold(handler, Opening(tools=(tool,)))
        assert lines_of(server)[-1]["content"] == "no such order"
        assert reply.calls[0].result == "no such order"
        parameters = server.asked[0].json["tools"][0]["function"]["parameters"]
        assert parameters == {"type": "object", "properties": {}}

    def test_money_is_summed_and_unknown_as_soon_as_a_part_is(self) -> None:
        prices = {"m-1": Price(input=1.0, output=10.0)}
        called = wanting(calling("find_order"))
        ended = completion({"content": "x"})
        (reply,), _ = hold(one_after_another(called, ended), Opening(tools=(FIND,)), prices=prices)
        assert reply.cost == Money(0.0024, "USD")
        for answers in (({**called, "usage": None}, ended), (called, {**ended, "usage": None})):
            (reply,), _ = hold(one_after_another(*answers), Opening(tools=(FIND,)), prices=prices)
            assert (reply.usage, reply.cost) == (None, None)

    def test_tools_of_the_configuration_stay(self) -> None:
        own = {"type": "function", "function": {"name": "own"}}
        _, server = hold(
            answering(completion({"content": "x"})),
            Opening(tools=(FIND,)),
            extra=Data({"tools": [own]}),
        )
        names = [tool["function"]["name"] for tool in server.asked[0].json["tools"]]
        assert names == ["own", "find_order"]


class TestWhatGoesBack:
    """Some servers want to see again what came with a call, until its round is over."""

    ABOUT = (
        ("reasoning_content", "hm"),
        ("reasoning", "hm"),
        ("reasoning_details", [{"type": "reasoning.text", "text": "hm"}]),
        ("extra_content", {"google": {"thought_signature": "c2ln"}}),
    )

    @pytest.mark.parametrize(("name", "value"), ABOUT)
    def test_what_came_with_a_call_goes_back_with_it(self, name: str, value: Any) -> None:
        called = wanting(calling("find_order"))
        called["choices"][0]["message"][name] = value
        ended = completion({"content": "x", name: value})
        again = completion({"content": "y"})
        handler = one_after_another(called, ended, again)
        _, server = hold(handler, Opening(tools=(FIND,)), "a", "b")
        assert server.asked[1].json["messages"][1][name] == value
        assert lines_of(server)[3] == {"role": "assistant", "content": "x"}

    @pytest.mark.parametrize(("name", "value"), ABOUT)
    def test_so_does_what_came_in_pieces(self, name: str, value: Any) -> None:
        call = {"index": 0, **calling("find_order")}
        raw = stream(piece({name: value}), piece({"tool_calls": [call]}), piece({}, "tool_calls"))
        done = stream(piece({"content": "x"}), piece({}, "stop"))
        answers = iter([raw, done])

        async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
            await chunked([next(answers)])(asked, writer)

        _, server = hold(handle, Opening(tools=(FIND,)), stream=True)
        assert lines_of(server)[1][name] == value


class TestUnanswered:
    @pytest.mark.parametrize(
        "opening",
        [
            Opening(),
            Opening(tools=(Tool(name="find_order"),)),
            Opening(tools=(Tool(name="other", returns=Data(1)),)),
        ],
    )
    def test_the_reply_ends_with_the_call(self, opening: Opening) -> None:
        handler = one_after_another(wanting(calling("find_order")), completion({"content": "Ok."}))
        (reply, further), server = hold(handler, opening, "Where?", "Well?")
        assert reply.messages == ()
        assert reply.calls == (ToolCall("find_order", {"order": "A-1"}, None, "c1"),)
        assert reply.data["finish_reason"] == "tool_calls"
        assert further.text == "Ok."
        assert lines_of(server)[-2:] == [
            {"role": "tool", "tool_call_id": "c1", "content": "null"},
            {"role": "user", "content": "Well?"},
        ]

    def test_of_several_calls_none_is_answered_unless_all_are(self) -> None:
        tools = (FIND, Tool(name="hand_over"))
        handler = one_after_another(
            wanting(calling("find_order"), calling("hand_over", "{}", "c2"))
        )
        (reply,), server = hold(handler, Opening(tools=tools))
        assert [(call.name, call.result) for call in reply.calls] == [
            ("find_order", None),
            ("hand_over", None),
        ]
        assert len(server.asked) == 1

    def test_calls_before_the_end_keep_what_they_were_answered_with(self) -> None:
        handler = one_after_another(
            wanting(calling("find_order")), wanting(calling("hand_over", "{}", "c2"))
        )
        (reply,), _ = hold(handler, Opening(tools=(FIND, Tool(name="hand_over"))))
        assert [call.result for call in reply.calls] == [{"status": "sent", "days": 2}, None]
        assert reply.messages == ()

    def test_the_call_of_old_servers_is_a_call(self) -> None:
        message = {"content": None, "function_call": {"name": "find", "arguments": "{}"}}
        handler = answering(completion(message, "function_call"))
        (reply, _), server = hold(handler, Opening(), "a", "b")
        assert reply.calls == (ToolCall("find", {}),)
        assert [line["role"] for line in lines_of(server)] == ["user", "assistant", "user"]


class TestFunctions:
    @pytest.mark.parametrize(
        "source",
        [
            "def find(order):\n    return {'order': order}\n",
            "async def find(order):\n    return {'order': order}\n",
            "async def _find(order):\n    return {'order': order}\n"
            "def find(**arguments):\n    return _find(**arguments)\n",
        ],
    )
    def test_a_function_of_the_users_answers(self, source: str, tmp_path: Path) -> None:
        handler = one_after_another(wanting(calling("find_order")), completion({"content": "x"}))
        tool = using(source, tmp_path)
        (reply,), server = hold(handler, Opening(tools=(tool,)), folder=str(tmp_path))
        assert reply.calls[0].result == {"order": "A-1"}
        assert lines_of(server)[-1]["content"] == '{"order":"A-1"}'

    @pytest.mark.parametrize(
        ("source", "arguments", "error"),
        [
            ("def find(order): raise KeyError('gone')", '{"order": "A"}', "KeyError: 'gone'"),
            ("def find(order): raise SystemExit", '{"order": "A"}', "SystemExit"),
            ("async def find(order): raise OSError('x')", '{"order": "A"}', "OSError: x"),
            ("def find(order): ...", '{"number": 1}', "unexpected keyword argument 'number'"),
            ("def find(order): ...", '{"order": ', 'the arguments are no JSON object: {"order": '),
            ("def find(order): ...", "[1]", "the arguments are no JSON object: [1]"),
        ],
    )
    def test_what_goes_wrong_is_told_to_the_model_and_kept(
        self, source: str, arguments: str, error: str, tmp_path: Path
    ) -> None:
        handler = one_after_another(
            wanting(calling("find_order", arguments)), completion({"content": "Sorry."})
        )
        tool = using(source + "\n", tmp_path)
        (reply,), server = hold(handler, Opening(tools=(tool,)), folder=str(tmp_path))
        assert reply.text == "Sorry."
        assert error in reply.calls[0].result["error"]
        assert lines_of(server)[-1]["content"] == told(reply.calls[0].result)

    def test_what_is_no_json_is_a_fault_of_the_suites(self, tmp_path: Path) -> None:
        tool = using("def find(order):\n    return object()\n", tmp_path)
        handler = one_after_another(wanting(calling("find_order")))
        found = hold_fault(handler, Opening(tools=(tool,)), folder=str(tmp_path))
        assert found.note.kind == "bad-tool"
        assert "returned what is no JSON" in found.note.message
        assert not found.safe_to_retry

    def test_a_slow_function_holds_up_nobody(self, tmp_path: Path) -> None:
        tool = using("import time\ndef find(order):\n    time.sleep(0.3)\n", tmp_path)

        async def run() -> float:
            waiting = asyncio.Event()

            async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
                done = asked.json["messages"][-1]["role"] == "tool"
                answer = completion({"content": "x"}) if done else wanting(calling("find_order"))
                writer.write(response(json.dumps(answer).encode()))
                waiting.set()

            async with serving(handle) as server:
                target = bot(server.url, folder=str(tmp_path))
                talk = asyncio.create_task(held(target, Opening(tools=(tool,)), "a"))
                await waiting.wait()
                loop = asyncio.get_running_loop()
                longest, before = 0.0, loop.time()
                while not talk.done():
                    await asyncio.sleep(0.01)
                    longest, before = max(longest, loop.time() - before), loop.time()
                await talk
                return longest

        assert go(run()) < 0.25


class TestRounds:
    def test_a_model_that_only_calls_is_a_fault_in_words(self) -> None:
        handler = answering(wanting(calling("find_order")))
        found = hold_fault(handler, Opening(tools=(FIND,)), tool_rounds=2)
        assert found.note.kind == "tool-rounds"
        assert "called tools 3 times over" in found.note.message
        assert "tool_rounds: allows more" in found.note.message
        assert not found.safe_to_retry

    def test_as_many_rounds_as_allowed_are_allowed(self) -> None:
        called = wanting(calling("find_order"))
        handler = one_after_another(called, called, completion({"content": "x"}))
        (reply,), _ = hold(handler, Opening(tools=(FIND,)), tool_rounds=2)
        assert len(reply.calls) == 2

    def test_a_round_that_is_asked_again_does_not_call_again(self, tmp_path: Path) -> None:
        tool = using(
            "calls = []\ndef find(order):\n    calls.append(order)\n    return len(calls)\n",
            tmp_path,
        )
        answers = iter(
            [
                (wanting(calling("find_order")), "200 OK"),
                ({"error": {"message": "slow down"}}, "429 x"),
                (completion({"content": "There."}), "200 OK"),
            ]
        )

        async def handle(_: Asked, writer: asyncio.StreamWriter) -> None:
            answer, status = next(answers)
            writer.write(response(json.dumps(answer).encode(), status))

        async def run() -> Any:
            async with serving(handle) as server:
                target = bot(server.url, folder=str(tmp_path))
                message = Message("Where?")
                with pytest.raises(Busy):
                    session = await _opened(target, tool)
                    await session.say(message, 0.0)
                reply = await session.say(message, 0.0)
                await target.close()
                return reply, server

        reply, server = go(run())
        assert reply.text == "There."
        assert [call.result for call in reply.calls] == [1]
        assert reply.usage == Usage(2_000, 40)
        assert len(server.asked) == 3
        assert server.asked[1].json == server.asked[2].json


async def _opened(target: Any, tool: Tool) -> Any:
    from chatbot_qa.targets.base import Start

    return await target.open(Start(Opening(tools=(tool,)), "case/bot", 7))


class TestStreams:
    def test_calls_come_in_pieces_and_the_first_word_is_timed_from_the_message(self) -> None:
        def part(function: Any, **more: Any) -> Any:
            return piece({"tool_calls": [{"index": 0, "function": function, **more}]})

        called = stream(
            part({"name": "find_order", "arguments": ""}, id="c1", type="function"),
            part({"arguments": '{"order": '}),
            part({"arguments": '"A-1"}'}),
            piece({}, "tool_calls"),
        )
        spoken = stream(piece({"content": "Sent."}), piece({}, "stop"))

        async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
            done = asked.json["messages"][-1]["role"] == "tool"
            await asyncio.sleep(0.05)
            await chunked([spoken if done else called])(asked, writer)

        (reply,), server = hold(handle, Opening(tools=(FIND,)), stream=True)
        assert reply.text == "Sent."
        assert reply.calls[0].arguments == {"order": "A-1"}
        assert reply.first_token is not None
        assert reply.first_token >= 0.1
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("tools", "words"),
    [
        ((FIND, FIND), "two tools of this name"),
        ((Tool(name="t", parameters=Data("x")),), "wants a JSON Schema"),
        ((Tool(name="t", returns=Data(1), function="a:b"),), "cannot both answer"),
        ((Tool(name="t", function="nowhere.py:find"),), "there is no file"),
        ((Tool(name="t", function="find"),), "module:name"),
    ],
)
def test_tools_that_make_no_sense_are_told_before_anything_is_sent(
    tools: tuple[Tool, ...], words: str
) -> None:
    found = hold_fault(answering(completion({"content": "x"})), Opening(tools=tools))
    assert found.note.kind == "bad-tool"
    assert words in found.note.message


def test_the_official_client_sends_the_same_rounds() -> None:
    """Its requests and ours are the same, but for what a message may leave out."""

    def fresh() -> Callable[[Asked], Any]:
        def answer(asked: Asked) -> Any:
            last = asked.json["messages"][-1]
            done = last["role"] == "tool"
            return completion({"content": "Sent."}) if done else wanting(calling("find_order"))

        return answer

    def official(url: str) -> str:
        messages: list[Any] = [{"role": "user", "content": "Where?"}]
        tools: Any = [
            {
                "type": "function",
                "function": {
                    "name": FIND.name,
                    "description": FIND.description,
                    "parameters": SCHEMA,
                },
            }
        ]
        with openai.OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0) as client:
            made = client.chat.completions.create(model="m-1", messages=messages, tools=tools)
            message = made.choices[0].message
            messages.append(message)
            for call in message.tool_calls or ():
                content = told(FIND.returns)
                messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
            made = client.chat.completions.create(model="m-1", messages=messages, tools=tools)
            return made.choices[0].message.content or ""

    async def run() -> None:
        async with serving(by(fresh())) as server:
            (reply,) = await held(bot(server.url), Opening(tools=(FIND,)), "Where?")
            assert reply.text == await asyncio.to_thread(official, server.url)
            ours, theirs = server.asked[:2], server.asked[2:]
            assert [one.path for one in ours] == [one.path for one in theirs]
            for mine, other in zip(ours, theirs, strict=True):
                assert _without_nothing(mine.json) == _without_nothing(other.json)

    go(run())


def _without_nothing(data: Any) -> Any:
    """The same without keys that hold null, which a message need not have."""
    if isinstance(data, list):
        return [_without_nothing(one) for one in data]
    if not isinstance(data, dict):
        return data
    return {key: _without_nothing(value) for key, value in data.items() if value is not None}
