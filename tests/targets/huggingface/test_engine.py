"""The engine: everybody who asks is answered, whatever becomes of the others."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chatbot_qa.domain.transcript import FaultNote
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.huggingface.asking import Asked, Full, Made
from chatbot_qa.targets.huggingface.engine import Engine
from tests.targets.asking import go

UNKNOWN = FaultNote("?", "no fault")


class Row:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.given_up = False


class Model:
    """Answers all that wait at the second step; does as the name of a session says."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.steps = 0
        self.widest = 0
        self.dropped: list[str] = []
        self.thread = threading.current_thread().name

    @property
    def busy(self) -> bool:
        return bool(self.rows)

    def begin(self, asked: Asked) -> Row:
        if asked.session == "fault":
            raise Fault(FaultNote("template", "no such role"))
        if asked.session == "breaks":
            raise KeyError("content")
        row = Row(asked)
        self.rows.append(row)
        return row

    def step(self) -> list[Any]:
        self.rows = [row for row in self.rows if not row.given_up]
        if any(row.asked.session == "explodes" for row in self.rows):
            raise RuntimeError("no such kernel")
        self.steps += 1
        self.widest = max(self.widest, len(self.rows))
        if self.steps % 2:
            return []
        done, self.rows = self.rows, []
        return [(row, _came(row.asked.session)) for row in done]

    def drop(self, session: str) -> None:
        self.dropped.append(session)


def _came(session: str) -> Made | Exception:
    if session == "full":
        return Full("there is no memory for a conversation of 9 tokens")
    return Made(f"reply to {session}", "stop", 1, 1, 0, 0.1)


def asked(session: str) -> Asked:
    return Asked(session, None, (), None, 7, 0.0)


def engine(load: Callable[[], Any]) -> Engine:
    return Engine("m", load)


async def _all(one: Engine, *sessions: str) -> list[str]:
    """What comes of asking in all of these sessions at once."""
    came = await asyncio.gather(
        *(one.ask(asked(session)) for session in sessions), return_exceptions=True
    )
    return [
        one.text
        if isinstance(one, Made)
        else getattr(one, "note", FaultNote("?", str(one))).message
        for one in came
    ]


async def closed(one: Engine, *sessions: str) -> list[str]:
    try:
        return await _all(one, *sessions)
    finally:
        await one.close()


def test_all_are_answered_together_in_one_thread() -> None:
    model = Model()
    sessions = [str(number) for number in range(20)]
    assert go(closed(engine(lambda: model), *sessions)) == [
        f"reply to {session}" for session in sessions
    ]
    assert model.widest > 1


def test_the_model_is_made_in_the_thread_and_once() -> None:
    made: list[Model] = []

    def load() -> Model:
        made.append(Model())
        return made[-1]

    go(closed(engine(load), "a", "b"))
    assert [one.thread.startswith("chatbot-qa-model") for one in made] == [True]


def test_one_that_cannot_begin_is_told_and_the_others_go_on() -> None:
    assert go(closed(engine(Model), "a", "fault", "breaks", "full", "b")) == [
        "reply to a",
        "no such role",
        "the model m broke: KeyError: 'content'",
        "m: there is no memory for a conversation of 9 tokens",
        "reply to b",
    ]


def test_where_the_model_breaks_all_hear_of_it_and_whoever_comes_later() -> None:
    async def held() -> list[str]:
        one = engine(Model)
        try:
            first = await _all(one, "a", "explodes")
            return [*first, *await _all(one, "late")]
        finally:
            await one.close()

    assert go(held()) == ["the model m broke: RuntimeError: no such kernel"] * 3


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError("gone"), "the model m cannot be loaded: OSError: gone"),
        (UsageError("no cuda", "take cpu"), "the model m cannot be loaded: no cuda; take cpu"),
    ],
)
def test_where_it_cannot_be_loaded_all_hear_of_it(error: Exception, words: str) -> None:
    def load() -> Model:
        raise error

    assert go(closed(engine(load), "a", "b")) == [words] * 2


@pytest.mark.parametrize(
    ("error", "raised"), [(OSError("gone"), Fault), (UsageError("no cuda", ""), UsageError)]
)
def test_what_the_user_can_mend_is_told_as_that_by_loading_it(
    error: Exception, raised: type[Exception]
) -> None:
    def load() -> Model:
        raise error

    async def loaded() -> None:
        one = engine(load)
        try:
            await one.load()
        finally:
            await one.close()

    with pytest.raises(raised):
        go(loaded())


def test_one_that_gives_up_leaves_and_its_memory_may_go() -> None:
    async def held() -> Model:
        model = Model()
        one = engine(lambda: model)
        try:
            await one.ready()
            asking = asyncio.create_task(one.ask(asked("gone")))
            await asyncio.sleep(0)
            asking.cancel()
            one.over("gone")
            assert await _all(one, "other") == ["reply to other"]
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert await _all(one, "another") == ["reply to another"]
        finally:
            await one.close()
        return model

    model = go(held())
    assert model.dropped == ["gone"]
    assert not model.busy


def test_it_ends_while_somebody_waits() -> None:
    class Slow(Model):
        def step(self) -> list[Any]:
            return []

    async def held() -> None:
        one = engine(Slow)
        asking = asyncio.create_task(one.ask(asked("a")))
        await one.ready()
        await asyncio.sleep(0.01)
        await one.close()
        asking.cancel()

    go(held())
