"""Live replay: one trial's conversation with real sessions, journaled as it happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.events import Event, Exchanged, TrialFinished, TrialStarted
from chatbot_qa.domain.plan import Closes, Say, Trial
from chatbot_qa.domain.transcript import Exchange, FaultNote, Reply, Transcript
from chatbot_qa.replay.limits import Answered, Gate, no_line
from chatbot_qa.replay.sources import Identities, departs
from chatbot_qa.runlog.codec import Recorded
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.targets.base import Busy, Fault, Session, Start, Target
from chatbot_qa.text.redact import Redactor

SILENCE = ("timeout", "no-reply-text")
"""The faults that are none where no reply is expected."""

GOODBYE = 10.0
"""Seconds that a bot has to end a session."""


class Bot(Struct, frozen=True):
    """A target with the gate before it."""

    target: Target
    gate: Gate
    conversation_timeout: float | None = None


class Live(Struct, frozen=True):
    """Everything that live replay needs besides the trials.

    ``bots`` maps target names to targets; ``now`` gives seconds since the epoch.
    """

    bots: Mapping[str, Bot]
    identities: Identities
    journal: Journal
    redact: Redactor
    emit: Callable[[Event], None]
    now: Callable[[], float]


class LiveSource:
    """Transcripts from the targets themselves, except where the journal already has them."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._shared: dict[str, asyncio.Future[Transcript]] = {}

    async def fetch(self, trial: Trial) -> Transcript:
        """Replay the trial, or take it from the journal if it is finished there."""
        live = self._live
        key = live.identities.key(trial)
        if not trial.shared:
            return await self._fetch(trial, key)
        if key not in self._shared:
            self._shared[key] = asyncio.ensure_future(self._fetch(trial, key))
        return await asyncio.shield(self._shared[key])

    async def _fetch(self, trial: Trial, key: str) -> Transcript:
        live = self._live
        if live.journal.finished(key):
            recorded = live.journal.transcript(key)
            if recorded is not None and not departs(trial.plan, recorded):
                return recorded
        dialogue = _Dialogue(live, trial, key)
        fault = await dialogue.play()
        dialogue.record(TrialFinished(key, fault))
        return Transcript(key, tuple(dialogue.exchanges), fault)


class _Dialogue:
    """One trial while it is being replayed: its open sessions and what was said so far."""

    def __init__(self, live: Live, trial: Trial, key: str) -> None:
        self._live = live
        self._trial = trial
        self._key = key
        self._sessions: dict[str, Session] = {}
        self._unwritten: list[Recorded] = [TrialStarted(key, trial.case, trial.repeat)]
        self.exchanges: list[Exchange] = []

    def record(self, event: Recorded) -> None:
        """Write an event to the journal, then tell of it.

        The trial's beginning is written together with what comes first in it.
        """
        live = self._live
        if not self._unwritten:
            live.journal.append(event)
            live.emit(event)
            return
        events, self._unwritten = [*self._unwritten, event], []
        live.journal.append(*events)
        for one in events:
            live.emit(one)

    async def play(self) -> FaultNote | None:
        """Say everything that the plan wants said; the fault that ended it early, if one did."""
        budget = self._budget()
        try:
            if budget is None:
                return await self._turns()
            async with asyncio.timeout(budget):
                return await self._turns()
        except TimeoutError:
            return FaultNote("timeout", f"the conversation was not over within {budget:g} s")
        finally:
            if self._trial.closes:
                await self._say_last_words()
            await self._close()

    async def _say_last_words(self) -> None:
        """Send what the plan has for the end, one after another, whatever becomes of each."""
        plan = cast("Closes", self._trial.plan)
        for say in plan.closing(tuple(self.exchanges)):
            self._keep(await self._exchange(say))

    def _bot(self, name: str) -> Bot:
        opening = self._trial.sessions[name]
        target = opening.target or self._live.identities.suites[self._trial.case.suite]
        return self._live.bots[target]

    def _budget(self) -> float | None:
        if self._trial.budget:
            return self._trial.budget
        bounds = [
            bound
            for name in self._trial.sessions
            if (bound := self._bot(name).conversation_timeout) is not None
        ]
        return min(bounds, default=None)

    async def _turns(self) -> FaultNote | None:
        plan = self._trial.plan
        while says := plan.next(self.exchanges):
            if len(says) == 1:
                came = [await self._exchange(says[0])]
            else:
                came = await asyncio.gather(*(self._exchange(say) for say in says))
            for exchange in came:
                self._keep(exchange)
            for exchange in came:
                if exchange.fault is not None:
                    return exchange.fault
        return None

    async def _exchange(self, say: Say) -> Exchange:
        if say.wait:
            await asyncio.sleep(say.wait)
        bot = self._bot(say.to)
        session = self._sessions.get(say.to)
        if session is None:
            opened = await self._open(say.to, bot)
            if opened.value is None:
                return self._exchanged(say, None, opened)
            session = self._sessions[say.to] = opened.value
        message = say.message
        answered = await bot.gate.ask(
            lambda deadline: session.say(message, deadline),
            session.again,
            say.within,
            counts=not self._trial.sessions[say.to].target,
        )
        if not say.reply_expected and answered.fault and answered.fault.kind in SILENCE:
            return Exchange(say, Reply(()), self._live.now() - answered.seconds, answered.seconds)
        return self._exchanged(say, answered.value, answered)

    def _exchanged(self, say: Say, reply: Reply | None, answered: Answered[Any]) -> Exchange:
        at = self._live.now() - answered.seconds
        return Exchange(say, reply, at, answered.seconds, answered.fault, answered.attempts)

    async def _open(self, name: str, bot: Bot) -> Answered[Session]:
        trial = self._trial
        unique = f"{trial.case.suite}/{trial.case}/{trial.repeat}/{name}"
        seed = blake2b(f"{trial.seed}/{unique}".encode(), digest_size=8).digest()
        start = Start(trial.sessions[name], unique, int.from_bytes(seed, "big"))
        return await bot.gate.ask(lambda _: bot.target.open(start), no_line, counts=False)

    def _keep(self, exchange: Exchange) -> None:
        live = self._live
        if live.redact:
            exchange = redacted(exchange, live.redact)
        number = len(self.exchanges) + 1
        self.record(Exchanged(self._key, self._trial.case, number, exchange))
        self.exchanges.append(exchange)

    async def _close(self) -> None:
        """End the sessions; the dialogue is over, and how its bots take leave decides nothing."""
        for name, session in self._sessions.items():
            with contextlib.suppress(Busy, Fault, TimeoutError):
                await self._bot(name).gate.within(GOODBYE, session.close)


def redacted(exchange: Exchange, redact: Redactor) -> Exchange:
    """The exchange with every secret masked, before anyone sees it."""
    reply, fault = exchange.reply, exchange.fault
    return replace(
        exchange,
        say=replace(exchange.say, message=redact.redact_message(exchange.say.message)),
        reply=None if reply is None else redact.redact_reply(reply),
        fault=None if fault is None else redact.redact_fault(fault),
    )
