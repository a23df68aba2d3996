"""The gate before a real server that takes few requests at once, and says so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.domain.values import Duration
from chatbot_qa.replay.limits import Allowance, Answered, Gate
from chatbot_qa.targets.base import Busy, Surroundings, Target
from chatbot_qa.targets.http import HttpOptions, make
from tests.targets.asking import go, start
from tests.targets.fakes import Asked, response, serving


@dataclass
class Narrow:
    """Takes ``most`` requests at once and refuses the others, as a busy server does."""

    most: int
    status: str = "429 Too Many Requests"
    headers: tuple[str, ...] = ("Retry-After: 0.05",)
    active: int = 0
    refused: int = 0
    at_once: list[int] = field(default_factory=list)

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if self.active >= self.most:
            self.refused += 1
            writer.write(response(b"{}", self.status, self.headers))
            return
        self.active += 1
        self.at_once.append(self.active)
        await asyncio.sleep(0.02)
        self.active -= 1
        writer.write(response(b'{"reply": "yes"}'))


async def asked(
    target: Target, gate: Gate, number: int, within: float = 0.0
) -> list[Answered[Reply]]:
    """That many one-message dialogues, all at once as far as the gate lets them."""

    async def one(name: str) -> Answered[Reply]:
        session = await target.open(start(name))
        return await gate.ask(lambda end: session.say(Message("hi"), end), session.again, within)

    try:
        return await asyncio.gather(*(one(str(n)) for n in range(number)))
    finally:
        await target.close()


def gate(limits: Limits, in_flight: int) -> Gate:
    loop = asyncio.get_running_loop()
    return Gate(limits, in_flight, Allowance(Budget(), loop.time), loop)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_server_that_takes_few_at_once_is_asked_few_at_once(status: str) -> None:
    server = Narrow(4, status)

    async def ask() -> list[Answered[Reply]]:
        async with serving(server) as served:
            target = make(HttpOptions(url=f"{served.url}/chat"), Surroundings(in_flight=32))
            return await asked(target, gate(Limits(), 32), 120)

    answers = go(ask())
    assert [answer.fault for answer in answers if answer.fault] == []
    assert max(answer.attempts for answer in answers) <= 3
    assert server.refused >= 28  # the first 32 went at once
    assert server.refused <= 60  # and from then on few were too many
    assert max(server.at_once) == 4


@pytest.mark.parametrize("widest", [2, 10, 24])
def test_the_width_recovers_one_by_one_when_the_server_takes_more_again(widest: int) -> None:
    """As many are in flight again as before after about half of ``widest`` squared replies."""

    async def ask() -> list[tuple[int, int]]:
        before = gate(Limits(), widest)
        most = 1  # the server's own limit, lifted when it answered a hundred
        active, answered = 0, 0
        seen: list[tuple[int, int]] = []

        async def send(_: float) -> str:
            nonlocal active, answered
            if answered < 100 and active >= most:
                raise Busy(FaultNote("busy", "429"), 0.001)
            active += 1
            seen.append((answered, active))
            for _turn in range(3):
                await asyncio.sleep(0)
            active, answered = active - 1, answered + 1
            return "yes"

        number = 100 + widest * widest + 4 * widest
        answers = await asyncio.gather(*(before.ask(send, lambda: "") for _ in range(number)))
        assert [one.fault for one in answers if one.fault] == []
        return seen

    seen = go(ask())
    assert {active for answered, active in seen if answered < 100} == {1}
    back = next(answered for answered, active in seen if active == widest)
    assert back - 100 <= widest * (widest + 2) / 2 + widest
    widths = [active for answered, active in seen if 100 < answered < back]
    assert all(now <= max(widths[:place] or [1]) + 1 for place, now in enumerate(widths))
    assert max(active for _, active in seen) == widest


@pytest.mark.parametrize("most", [1, 3])
def test_a_server_that_stays_narrow_refuses_nobody_for_good(most: int) -> None:
    """It is tried now and then whether it takes more, which at most every other request pays."""
    server = Narrow(most, headers=("Retry-After: 0.01",))

    async def ask() -> list[Answered[Reply]]:
        async with serving(server) as served:
            target = make(HttpOptions(url=f"{served.url}/chat"), Surroundings(in_flight=12))
            return await asked(target, gate(Limits(), 12), 100)

    answers = go(ask())
    assert [answer.fault for answer in answers if answer.fault] == []
    assert max(server.at_once) == most
    assert server.refused <= 75


def test_whoever_waits_for_a_place_again_gives_back_one_when_cancelled() -> None:
    server = Narrow(0)

    async def ask() -> list[Answered[Reply]]:
        async with serving(server) as served:
            options = HttpOptions(url=f"{served.url}/chat")
            before = gate(Limits(retries=100, timeout=Duration(30)), 8)
            target = make(options, Surroundings(in_flight=64))
            waiting = asyncio.ensure_future(asked(target, before, 8))
            while server.refused < 10:  # by now they are sent again, one after another
                await asyncio.sleep(0.01)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            server.most = 64
            return await asked(make(options, Surroundings(in_flight=64)), before, 100)

    answers = go(ask())
    assert [answer.fault for answer in answers if answer.fault] == []
    assert 6 <= max(server.at_once) <= 8


def test_who_is_sent_again_goes_before_who_was_not_sent_yet() -> None:
    async def ask() -> list[str]:
        before = gate(Limits(), 2)
        sent: list[str] = []

        async def one(name: str) -> None:
            async def send(deadline: float) -> str:
                sent.append(name)
                await asyncio.sleep(0.01)
                if sent.count(name) == 1 and name in "ab":
                    raise Busy(FaultNote("busy", "429"), 0.02)
                return name

            await before.ask(send, lambda: "")

        await asyncio.gather(*(one(name) for name in "abcd"))
        return sent

    sent = go(ask())
    assert sent[:2] == ["a", "b"]
    assert set(sent[2:4]) == {"a", "b"}
    assert sent[4:] == ["c", "d"]


def test_what_is_sent_again_stays_within_its_deadline() -> None:
    server = Narrow(0, headers=("Retry-After: 0.1",))

    async def ask() -> tuple[list[Answered[Reply]], float]:
        loop = asyncio.get_running_loop()
        async with serving(server) as served:
            target = make(HttpOptions(url=f"{served.url}/chat"), Surroundings(in_flight=8))
            began = loop.time()
            answers = await asked(target, gate(Limits(retries=100), 8), 8, within=0.35)
            return answers, loop.time() - began

    answers, seconds = go(ask())
    assert {answer.fault and answer.fault.kind for answer in answers} == {"busy"}
    assert seconds < 2


@pytest.mark.parametrize("cancelled_before", [False, True])
def test_what_needs_no_place_is_late_also_in_a_task_that_is_being_ended(
    cancelled_before: bool,
) -> None:
    async def held_open() -> None:
        await asyncio.Event().wait()

    async def ending() -> str:
        before = gate(Limits(), 1)
        try:
            if cancelled_before:
                await asyncio.Event().wait()
        finally:
            with pytest.raises(TimeoutError):
                await before.within(0.01, held_open)
        return "done"

    async def hold() -> object:
        task = asyncio.ensure_future(ending())
        await asyncio.sleep(0)
        if cancelled_before:
            task.cancel()
        (end,) = await asyncio.gather(task, return_exceptions=True)
        return end

    end = go(hold())
    assert isinstance(end, asyncio.CancelledError) if cancelled_before else end == "done"


def test_a_cancellation_from_elsewhere_is_not_taken_for_lateness() -> None:
    async def hold() -> None:
        before = gate(Limits(), 1)
        waiting = asyncio.Event().wait
        task = asyncio.ensure_future(before.within(60, waiting))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        go(hold())


@pytest.mark.parametrize("seconds", [0.0, 0.0002, 0.0004, 0.0006, 0.001])
def test_deadlines_so_near_that_the_loop_is_called_back_at_once_are_kept(seconds: float) -> None:
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not for this system")

    async def hold() -> list[bool]:
        before = gate(Limits(), 9)
        silent = asyncio.Event().wait
        held = [before.within(seconds * n, silent) for n in (1, 2, 1, 3)]
        found = await asyncio.gather(*held, return_exceptions=True)
        return [isinstance(one, TimeoutError) for one in found]

    assert uvloop.run(asyncio.wait_for(hold(), 30)) == [True] * 4
