"""One dialogue from ordinary code, a message at a time: for people who write Python tests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from chatbot_qa.domain.plan import Message, Opening, Say
from chatbot_qa.domain.settings import Budget, Limits
from chatbot_qa.domain.transcript import Exchange, Reply
from chatbot_qa.errors import ChatbotQaError
from chatbot_qa.replay.limits import Allowance, Gate, no_line
from chatbot_qa.replay.live import redacted
from chatbot_qa.targets.base import Session, Start, Target
from chatbot_qa.text.redact import Redactor


class NoReplyError(ChatbotQaError):
    """The bot could not be asked; ``hint`` is the request that repeats it."""


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
        self._runner = asyncio.Runner()
        loop = self._runner.get_loop()
        self._gate = Gate(limits, 1, Allowance(Budget(), loop.time), loop)
        self._session: Session | None = None
        self._opened = 0
        self._said: list[Exchange] = []

    @property
    def said(self) -> Sequence[Exchange]:
        """All exchanges of the session so far."""
        return tuple(self._said)

    def new_session(self, system: str | None = None) -> None:
        """Begin afresh, with a system prompt if one is given; the next message opens it."""
        self._end_session()
        self._session = self._runner.run(self._open(system))

    def say(self, text: str) -> Reply:
        """Send a message and return the reply; raises ``NoReplyError`` where none comes."""
        if self._session is None:
            self._session = self._runner.run(self._open(None))
        exchange = self._runner.run(self._exchange(self._session, text))
        if exchange.reply is None:
            fault = exchange.fault
            message = fault.message if fault else "no reply came"
            raise NoReplyError(message, fault.again if fault else "")
        self._said.append(exchange)
        return exchange.reply

    async def _open(self, system: str | None) -> Session:
        self._opened += 1
        self._said = []
        start = Start(Opening(system=system), f"{self._name}/{self._opened}", self._seed)
        opened = await self._gate.ask(lambda _: self._target.open(start), no_line, counts=False)
        if opened.value is None:
            raise NoReplyError(opened.fault.message if opened.fault else "no session was opened")
        return opened.value

    async def _exchange(self, session: Session, text: str) -> Exchange:
        message = Message(text)
        answered = await self._gate.ask(
            lambda deadline: session.say(message, deadline), session.again
        )
        exchange = Exchange(
            Say(message), answered.value, 0.0, answered.seconds, answered.fault, answered.attempts
        )
        return redacted(exchange, self._redact) if self._redact else exchange

    def _end_session(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            self._runner.run(session.close())

    def close(self) -> None:
        """End the session and let go of the target."""
        self._end_session()
        self._runner.run(self._target.close())
        self._runner.close()

    def __enter__(self) -> Dialogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
