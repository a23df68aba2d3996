from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, Reply, text_reply
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import MARK, Registry, TargetSpec
from chatbot_qa.targets.base import FunctionOptions, History, Surroundings, target
from chatbot_qa.targets.python import FunctionTarget, PythonOptions, make
from tests.targets.asking import dialogue, fault, go, say, start

ROOT = Path(__file__).parents[2]


def bot(thing: Any, *, thread: bool = True) -> FunctionTarget:
    return FunctionTarget(thing, "shop.py:bot", Surroundings(str(ROOT)), thread=thread)


def replies(thing: Any, *said: str, system: str | None = None, thread: bool = True) -> list[Reply]:
    return go(dialogue(bot(thing, thread=thread), *(said or ("Hello",)), system=system))


def texts(thing: Any, *said: str, **keys: Any) -> list[str]:
    return [reply.text for reply in replies(thing, *said, **keys)]


def test_is_found_by_its_name_and_needs_no_network() -> None:
    assert Registry().targets["python"].options is PythonOptions
    assert bot(str.upper).local


class TestWhatItIsCalledWith:
    def test_the_message(self) -> None:
        def by_name(message: Any) -> str:
            return message.upper()

        def by_type(words: str, shout: bool = True) -> str:
            return words.upper() if shout else words

        def by_being_alone(x):  # type: ignore[no-untyped-def]
            return x.upper()

        async def awaited(message: str) -> str:
            return message.upper()

        for thing in (by_name, by_type, by_being_alone, awaited, str.upper, lambda m: m.upper()):
            for thread in (True, False):
                assert texts(thing, "hello", thread=thread) == ["HELLO"]

    def test_the_history(self) -> None:
        def by_type(lines: History) -> str:
            return " / ".join(f"{line.role}: {line.text}" for line in lines)

        def by_name(history):  # type: ignore[no-untyped-def]
            return by_type(history)

        def by_another_type(lines: list[Any]) -> str:
            return by_type(lines)

        for thing in (by_type, by_name, by_another_type):
            assert texts(thing, "a", "b")[1] == "user: a / bot: user: a / user: b"

    def test_more_than_one_thing(self) -> None:
        def reply(message, history, *, system=None, seed):  # type: ignore[no-untyped-def]
            return f"{message} {len(history)} {system} {seed}"

        assert texts(reply, "a", system="S") == ["a 1 S 7"]
        assert texts(reply, "a") == ["a 1 None 7"]

    def test_a_click_is_said(self) -> None:
        async def ask() -> Reply:
            session = await bot(str.upper).open(start())
            return await session.say(Message(click="yes"), 0)

        assert go(ask()).text == "YES"

    def test_a_parameter_that_says_nothing_is_refused(self) -> None:
        def reply(message: str, context: dict[str, str]) -> str:
            return message

        with pytest.raises(UsageError, match="parameter context") as told:
            bot(reply)
        assert "history" in told.value.hint

    def test_a_system_prompt_that_it_does_not_take_is_a_fault(self) -> None:
        found = go(fault(bot(str.upper), system="Be kind."))
        assert found.note.kind == "no-system-prompt"


class TestClasses:
    def test_one_instance_a_session(self) -> None:
        class Bot:
            def __init__(self, system: str = "?") -> None:
                self.heard: list[str] = [system]

            def say(self, message: str) -> str:
                self.heard.append(message)
                return " ".join(self.heard)

        async def ask() -> list[str]:
            one = bot(Bot)
            anna, bert = await one.open(start("anna", system="S")), await one.open(start("bert"))
            said = [(anna, "a"), (bert, "b"), (anna, "c")]
            return [(await say(session, words)).text for session, words in said]

        assert go(ask()) == ["S a", "? b", "S a c"]

    def test_async_and_closed_once(self) -> None:
        closed: list[str] = []

        class Bot:
            async def say(self, message: str) -> str:
                return message.upper()

            async def close(self) -> None:
                closed.append("yes")

        assert texts(Bot, "a") == ["A"]
        assert closed == ["yes"]

    def test_a_static_say(self) -> None:
        class Bot:
            @staticmethod
            def say(message: str) -> str:
                return message.upper()

        assert texts(Bot, "a") == ["A"]

    def test_one_without_say_is_refused(self) -> None:
        with pytest.raises(UsageError, match="a class without say"):
            bot(type("Bot", (), {}))


class TestReplies:
    @pytest.mark.parametrize(
        ("value", "reply"),
        [
            ("hi", text_reply("hi")),
            (["a", "b"], Reply((BotMessage("a"), BotMessage("b")))),
            ([], Reply(())),
            (text_reply("x"), text_reply("x")),
            ({"text": "x", "data": {"a": 1}}, Reply((BotMessage("x"),), data={"a": 1})),
            (
                {"messages": ["x", "y"], "buttons": ["Yes"]},
                Reply((BotMessage("x"), BotMessage("y", ("Yes",)))),
            ),
            ({"messages": [], "buttons": ["Go"]}, Reply((BotMessage("", ("Go",)),))),
        ],
    )
    def test_what_is_taken_for_one(self, value: Any, reply: Reply) -> None:
        assert replies(lambda message: value) == [reply]

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (None, "NoneType, not a text; did it forget"),
            (b"hi", "bytes, not a text"),
            ({"txet": "hi"}, "unknown key 'txet'"),
            ({}, "not one of text and messages"),
            ({"text": None}, "a message that is no text but NoneType"),
            ({"messages": "hi"}, "messages that are no list"),
            ({"text": "hi", "buttons": "Yes"}, "buttons that are no list"),
            ({"text": "hi", "data": 1}, "data that is no mapping"),
            ([1], "a message that is no text but int"),
        ],
    )
    def test_what_is_not(self, value: Any, words: str) -> None:
        found = go(fault(bot(lambda message: value)))
        assert found.note.kind == "bad-reply"
        assert words in found.note.message


class TestFaults:
    def test_an_exception_names_the_users_own_line(self) -> None:
        def reply(message: str) -> str:
            return {}["order"]

        async def later(message: str) -> str:
            return int("x")  # type: ignore[return-value]

        for thing, words in ((reply, "KeyError: 'order'"), (later, "ValueError: invalid literal")):
            for thread in (True, False):
                found = go(fault(bot(thing, thread=thread)))
                assert found.note.kind == "exception"
                assert f"shop.py:bot raised {words}" in found.note.message
                line = thing.__code__.co_firstlineno + 1
                assert found.note.message.endswith(f"(tests/targets/test_python.py:{line})")
                assert not found.safe_to_retry

    def test_a_function_that_ends_the_program_does_not(self) -> None:
        for thread in (True, False):
            found = go(fault(bot(lambda message: sys.exit(3), thread=thread)))
            assert "SystemExit: 3" in found.note.message

    def test_stop_iteration_does_not_hang(self) -> None:
        assert "StopIteration" in go(fault(bot(lambda message: next(iter(()))))).note.message

    def test_an_exception_while_a_class_is_made(self) -> None:
        class Bot:
            def __init__(self) -> None:
                raise RuntimeError("no model")

            def say(self, message: str) -> str:
                return message

        assert "RuntimeError: no model" in go(fault(bot(Bot))).note.message


class TestThreads:
    def test_slow_functions_do_not_wait_for_each_other(self) -> None:
        together = threading.Barrier(8)

        def reply(message: str) -> str:
            together.wait(10)
            return message

        async def ask() -> list[str]:
            one = bot(reply)
            sessions = [await one.open(start(str(number))) for number in range(8)]
            said = await asyncio.gather(*(say(session, "hi") for session in sessions))
            await one.close()
            return [reply.text for reply in said]

        assert go(ask()) == ["hi"] * 8

    def test_a_function_that_hangs_holds_up_neither_the_others_nor_the_end(self) -> None:
        hang = threading.Event()

        def reply(message: str) -> str:
            if message == "hang":
                hang.wait()
            return message

        async def ask() -> str:
            one = bot(reply)
            session = await one.open(start())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await say(session, "hang")
            after = await say(session, "go on")
            await one.close()
            return after.text

        assert go(ask()) == "go on"
        names = {thread.name: thread for thread in threading.enumerate()}
        assert names["chatbot-qa-function"].daemon
        hang.set()

    def test_threads_are_used_again(self) -> None:
        seen: set[int] = set()

        def reply(message: str) -> str:
            seen.add(threading.get_ident())
            return message

        replies(reply, *"abcdef")
        assert len(seen) == 1
        assert threading.get_ident() not in seen
        seen.clear()
        replies(reply, thread=False)
        assert seen == {threading.get_ident()}


class TestLoading:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Iterator[Path]:
        before, modules = list(sys.path), set(sys.modules)
        (tmp_path / "bots").mkdir()
        (tmp_path / "bots" / "shop.py").write_text(
            "from shelf import GREETING\n\ndef reply(message):\n    return GREETING + message\n"
            "class Bots:\n    class Loud:\n        def say(self, message):\n"
            "            return message.upper()\n"
            "SIZE = 3\n"
        )
        (tmp_path / "bots" / "shelf.py").write_text("GREETING = 'Hello '\n")
        (tmp_path / "my_bot_module.py").write_text("def reply(message):\n    return message\n")
        (tmp_path / "broken.py").write_text("import json\nx = json.loads('nope')\n")
        (tmp_path / "typo.py").write_text("def reply(message:\n    pass\n")
        yield tmp_path
        sys.path[:] = before
        for name in set(sys.modules) - modules:
            del sys.modules[name]

    def _make(self, reference: str, folder: Path) -> FunctionTarget:
        return make(PythonOptions(function=reference), Surroundings(folder=str(folder)))

    @pytest.mark.parametrize(
        ("reference", "reply"),
        [
            ("bots/shop.py:reply", "Hello anna"),
            ("bots/shop.py:Bots.Loud", "ANNA"),
            ("my_bot_module:reply", "anna"),
        ],
    )
    def test_files_and_modules_beside_the_configuration(
        self, folder: Path, reference: str, reply: str
    ) -> None:
        made = self._make(reference, folder)
        assert made.fingerprint == f"python {reference}"
        assert go(dialogue(made, "anna"))[0].text == reply
        assert go(dialogue(self._make(reference, folder), "anna"))[0].text == reply

    @pytest.mark.parametrize(
        ("reference", "words", "hint"),
        [
            ("bots/shop.py", "names no function", "path/to/file.py:name"),
            ("bots/shap.py:reply", "there is no file", "folder of chatbot-qa.yaml"),
            ("bots/shop.py:replay", "there is no replay in bots/shop.py", "did you mean reply?"),
            ("bots/shop.py:SIZE", "SIZE in bots/shop.py is no function but a int", "class"),
            ("no_such_module_here:reply", "No module named 'no_such_module_here'", "importable"),
            ("broken.py:reply", "JSONDecodeError: Expecting value", "importable"),
            ("broken.py:reply", "(broken.py:2)", "importable"),
            ("typo.py:reply", "SyntaxError", "importable"),
        ],
    )
    def test_mistakes_are_told_before_the_run(
        self, folder: Path, reference: str, words: str, hint: str
    ) -> None:
        with pytest.raises(UsageError) as told:
            self._make(reference, folder)
        assert words in told.value.message
        assert hint in told.value.hint


class TestADecoratedFunction:
    def test_is_a_kind_of_target(self) -> None:
        @target("parrot")
        def parrot(history: History) -> str:
            return history[-1].text

        spec: TargetSpec = getattr(parrot, MARK)
        assert (spec.name, spec.options) == ("parrot", FunctionOptions)
        made = spec.make(spec.options(), Surroundings())
        assert made.fingerprint == "python parrot"
        assert go(dialogue(made, "Polly"))[0].text == "Polly"

    def test_is_still_what_it_was(self) -> None:
        @target("parrot")
        async def parrot(message: str) -> str:
            return message

        assert asyncio.run(parrot("x")) == "x"
