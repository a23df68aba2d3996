"""Requests of one moment come into one batch, and what goes wrong is told to each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.models.batching import Batches
from tests.targets.asking import go

Model = Callable[[Sequence[int]], Sequence[int]]


class Doubles:
    """A model that doubles numbers; ``batches`` are those that it was given."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.loaded = 0
        self.threads: set[int] = set()

    def load(self) -> Model:
        self.loaded += 1
        self.threads.add(threading.get_ident())
        return self

    def __call__(self, things: Sequence[int]) -> list[int]:
        self.threads.add(threading.get_ident())
        self.batches.append(list(things))
        return [2 * thing for thing in things]


async def gathered(batches: Batches[int, int], things: Sequence[int]) -> list[int]:
    try:
        return await asyncio.gather(*(batches.ask(thing) for thing in things))
    finally:
        await batches.close()


def test_requests_of_one_moment_share_batches_and_each_gets_its_own_answer() -> None:
    model = Doubles()
    assert go(gathered(Batches("m", model.load, 4), range(10))) == list(range(0, 20, 2))
    assert model.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_the_model_is_loaded_once_in_the_thread_that_it_works_in() -> None:
    model = Doubles()

    async def asked() -> None:
        batches = Batches("m", model.load, 2)
        await asyncio.gather(*(batches.ready() for _ in range(5)))
        assert await batches.ask(1) == 2
        assert await batches.ask(4) == 8
        await batches.close()

    go(asked())
    assert model.loaded == 1
    assert len(model.threads) == 1
    assert threading.get_ident() not in model.threads


def test_nothing_is_loaded_before_somebody_asks() -> None:
    model = Doubles()
    go(Batches("m", model.load, 2).close())
    assert model.loaded == 0


def test_a_model_that_breaks_is_a_fault_for_all_of_its_batch_and_no_more() -> None:
    def load() -> Model:
        def model(things: Sequence[int]) -> list[int]:
            if 0 in things:
                raise RuntimeError("out of memory")
            return list(things)

        return model

    async def asked() -> list[int | BaseException]:
        batches = Batches("tiny", load, 2)
        found = await asyncio.gather(
            *(batches.ask(thing) for thing in (0, 1, 2, 3)), return_exceptions=True
        )
        await batches.close()
        return found

    one, two, *rest = go(asked())
    assert rest == [2, 3]
    assert isinstance(one, Fault)
    assert isinstance(two, Fault)
    assert one.note.kind == "model"
    assert one.note.message == "the model tiny broke: RuntimeError: out of memory"
    assert not one.safe_to_retry


def test_too_few_answers_are_a_fault_and_nobody_waits_for_ever() -> None:
    with pytest.raises(Fault, match="broke"):
        go(gathered(Batches("m", lambda: lambda things: things[1:], 4), [1, 2]))


@pytest.mark.parametrize(
    ("error", "raised"), [(OSError("gone"), Fault), (UsageError("no cuda", ""), UsageError)]
)
def test_what_the_user_can_mend_is_told_as_that_by_loading_it(
    error: Exception, raised: type[Exception]
) -> None:
    def load() -> Callable[[Sequence[int]], Sequence[int]]:
        raise error

    async def loaded() -> None:
        one = Batches("m", load, 1)
        try:
            await one.load()
        finally:
            await one.close()

    with pytest.raises(raised):
        go(loaded())


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError("no such file"), "cannot be loaded: OSError: no such file"),
        (UsageError("no cuda here", "leave it out"), "cannot be loaded: no cuda here; leave it"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_a_fault_whenever_it_is_asked(
    error: Exception, told: str
) -> None:
    def load() -> Model:
        raise error

    async def asked() -> None:
        batches = Batches("m", load, 2)
        for _ in range(2):
            with pytest.raises(Fault, match=told):
                await batches.ready()
        with pytest.raises(Fault, match=told):
            await batches.ask(1)
        await batches.close()

    go(asked())


def test_who_gives_up_waiting_is_left_out_and_the_others_are_answered() -> None:
    model = Doubles()
    held, loaded = threading.Event(), threading.Event()

    def load() -> Model:
        loaded.set()
        held.wait(10)
        return model.load()

    async def asked() -> None:
        batches = Batches("m", load, 8)
        first = asyncio.ensure_future(batches.ask(1))
        await asyncio.to_thread(loaded.wait, 10)
        gone = asyncio.ensure_future(batches.ask(2))
        last = asyncio.ensure_future(batches.ask(3))
        await asyncio.sleep(0)
        gone.cancel()
        held.set()
        assert await first == 2
        assert await last == 6
        await batches.close()

    go(asked())
    assert model.batches == [[1], [3]]


def test_one_who_gives_up_while_it_loads_does_not_stop_the_loading() -> None:
    model = Doubles()
    held, loaded = threading.Event(), threading.Event()

    def load() -> Model:
        loaded.set()
        held.wait(10)
        return model.load()

    async def asked() -> None:
        batches = Batches("m", load, 8)
        gone = asyncio.ensure_future(batches.ready())
        await asyncio.to_thread(loaded.wait, 10)
        gone.cancel()
        waiting = asyncio.ensure_future(batches.ask(5))
        await asyncio.sleep(0)
        held.set()
        assert await waiting == 10
        await batches.close()

    go(asked())
    assert model.loaded == 1
