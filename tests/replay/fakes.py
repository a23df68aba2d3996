"""Targets made for these tests: they answer in memory, and fail when they are told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chatbot_qa.domain.plan import CaseId, Message, Say, Trial
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.transcript import Exchange, FaultNote, Reply, Transcript, text_reply
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.examine.base import Asking
from chatbot_qa.targets.base import Busy, Fault, Start

Answer = Callable[[str, int], str | Exception | None]
"""From what is said and how many were said before, to the reply; None never comes."""


@dataclass
class FakeSession:
    target: FakeTarget
    name: str
    closed: bool = False
    said: list[str] = field(default_factory=list)

    async def say(self, message: Message, deadline: float) -> Reply:
        self.target.active += 1
        self.target.most_active = max(self.target.most_active, self.target.active)
        self.target.heard.append((self.name, message.text))
        try:
            await asyncio.sleep(self.target.latency)
            answer = self.target.answer(message.text, len(self.said))
            if answer is None:
                await asyncio.Event().wait()
            if isinstance(answer, BaseException):
                raise answer
        finally:
            self.target.active -= 1
        self.said.append(message.text)
        return text_reply(str(answer))

    def again(self) -> str:
        return f"curl -d {self.name}"

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeTarget:
    answer: Answer = lambda text, _number: f"you said {text}"
    latency: float = 0.0
    fingerprint: str = "fake 1"
    local: bool = True
    heard: list[tuple[str, str]] = field(default_factory=list)
    sessions: list[FakeSession] = field(default_factory=list)
    active: int = 0
    most_active: int = 0
    closed: bool = False
    refuses: Exception | None = None

    async def open(self, start: Start) -> FakeSession:
        if self.refuses:
            raise self.refuses
        session = FakeSession(self, start.name)
        self.sessions.append(session)
        return session

    async def close(self) -> None:
        self.closed = True


@dataclass(frozen=True)
class Lines:
    """A plan that says its lines one after another."""

    lines: tuple[str, ...]

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        if len(so_far) < len(self.lines):
            return (Say(Message(self.lines[len(so_far)])),)
        return ()

    def texts(self) -> Sequence[str]:
        return self.lines

    def identity(self) -> object:
        return list(self.lines)


def trial(*lines: str, case: str = "one", repeat: int = 0, budget: float = 0.0) -> Trial:
    return Trial(CaseId("fakes", case), Lines(lines), 7, repeat=repeat, budget=budget)


def case(name: str = "one") -> Case:
    return Case(id=name, suite="fakes")


def asks_once(name: str, *lines: str) -> Asking[Verdict]:
    """An examination that passes when its one trial came back without a fault."""
    one = case(name)
    (transcript,) = yield (trial(*lines, case=name),)
    ruling = Ruling.ERROR if transcript.fault else Ruling.PASSED
    return Verdict(one.case_id, "fakes", ruling, one.where, trials=(transcript.key,))


def texts(transcript: Transcript) -> list[str]:
    return [exchange.text for exchange in transcript.exchanges]


def busy(retry_after: float | None) -> Busy:
    return Busy(FaultNote("status", "429 too many requests"), retry_after)


def fault(*, safe: bool) -> Fault:
    return Fault(FaultNote("refused", "connection refused"), safe_to_retry=safe)
