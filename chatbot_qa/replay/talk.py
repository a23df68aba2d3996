"""One dialogue from ordinary code, a message at a time: for people who write Python tests."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from chatbot_qa.domain.plan import Message, Opening, Say
from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import Exchange, FaultNote, Reply
from chatbot_qa.errors import ChatbotQaError, Stopped, UsageError
from chatbot_qa.replay.limits import Allowance, no_line
from chatbot_qa.replay.live import redacted
from chatbot_qa.replay.metered import Meter, gate
from chatbot_qa.targets.base import Busy, Fault, Session, Start, Target
from chatbot_qa.text.redact import Redactor

T = TypeVar("T")

NO_REPLY = FaultNote("reply", "no reply came")


class NoReplyError(ChatbotQaError):
    """The bot could not be asked, as ``fault`` says; ``hint`` repeats the request, masked."""

    def __init__(self, note: FaultNote) -> None:
        super().__init__(note.message, note.again)
        self.fault = note
        if note.again:
            self.add_note(f"again: {note.again}")


class Dialogue:
    """A dialogue with a target. Close it, or use it in a ``with`` statement.

    ``said`` are all exchanges so far, secrets masked.
    """

    def __init__(
        self, target: Target, limits: Limits, redact: Redactor, name: str, seed: int
    ) -> None:
        self._target = target
        self._limits = limits
        self._redact = redact
        self._name = name
        self._seed = seed
        # without a factory it would become the loop of the whole thread, which is not ours
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        loop = self._runner.get_loop()
        budget = Budget()
        allowance = Allowance(budget, loop.time)
        self._gate = gate(limits, 1, allowance, loop, meter=Meter(budget), name=name)
        self._session: Session | None = None
        self._opened = 0
        self._said: list[Exchange] = []

    @property
    def said(self) -> Sequence[Exchange]:
        """All exchanges of the session so far."""
        return tuple(self._said)

    def new_session(self, system: str | None = None) -> None:
        """Begin afresh, with a system prompt if one is given.

        Raises ``NoReplyError`` where no session can be opened.
        """
        __tracebackhide__ = True
        self._end_session()
        self._session = self._run(self._open(system))

    def say(self, text: str = "", *, click: str = "") -> Reply:
        """Send a message, or click a button, and return the reply.

        Raises ``NoReplyError`` where none comes.

        What was said and not answered stands in ``said``, too, with its fault.
        """
        __tracebackhide__ = True
        if self._session is None:
            self._session = self._run(self._open(None))
        exchange = self._run(self._exchange(self._session, Message(text, click)))
        self._said.append(exchange)
        if exchange.reply is None:
            raise NoReplyError(exchange.fault or NO_REPLY)
        return exchange.reply

    def _run(self, asking: Coroutine[Any, Any, T]) -> T:
        __tracebackhide__ = True
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._runner.run(asking)
        asking.close()
        raise UsageError(
            "a dialogue cannot be held from async code",
            "write an ordinary test, def test_…, or await it in a thread: asyncio.to_thread",
        )

    async def _open(self, system: str | None) -> Session:
        self._opened += 1
        self._said = []
        start = Start(Opening(system=system), f"{self._name}/{self._opened}", self._seed)
        opened = await self._gate.ask(lambda _: self._target.open(start), no_line, counts=False)
        if opened.value is None:
            raise NoReplyError(self._redact.redact_fault(opened.fault or NO_REPLY))
        return opened.value

    async def _exchange(self, session: Session, message: Message) -> Exchange:
        at = time.time()
        try:
            answered = await self._gate.ask(
                lambda deadline: session.say(message, deadline), session.again
            )
        except Stopped as stopped:
            raise UsageError(stopped.reason, "leave that limit out") from stopped
        exchange = Exchange(
            Say(message), answered.value, at, answered.seconds, answered.fault, answered.attempts
        )
        return redacted(exchange, self._redact) if self._redact else exchange

    def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(Busy, Fault):  # the bot's goodbye decides nothing
                self._run(session.close())

    def close(self) -> None:
        """End the session and let go of the target."""
        try:
            self._end_session()
        finally:
            self._run(self._target.close())
            self._runner.close()

    def __enter__(self) -> Dialogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
