"""What to say, and to whom: messages, plans and trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct, field

if TYPE_CHECKING:
    from chatbot_qa.domain.transcript import Exchange
    from chatbot_qa.domain.values import JsonValue


class Message(Struct, frozen=True):
    """What the user sends: a text, or a click on a button."""

    text: str = ""
    click: str = ""


class Say(Struct, frozen=True):
    """One message to one session.

    ``wait`` is the pause before it and ``within`` the deadline of its reply, both in
    seconds (``within`` 0: the target's own deadline).
    """

    message: Message
    to: str = "bot"
    wait: float = 0.0
    within: float = 0.0


@runtime_checkable
class Plan(Protocol):
    """What to say next, given the exchanges so far. Frozen, picklable and pure."""

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """The messages to send now, together; an empty sequence ends the trial."""
        ...

    def texts(self) -> Sequence[str]:
        """What it would say, as far as that is known before any reply."""
        ...

    def identity(self) -> JsonValue:
        """JSON data that is the same for two plans that say the same things."""
        ...


class Opening(Struct, frozen=True):
    """How a fresh session begins.

    ``target`` names whom it talks to ("" is the target under test), ``system`` is the
    system prompt that the suite asks for (None: the target's own).
    """

    target: str = ""
    system: str | None = None


class CaseId(Struct, frozen=True):
    """Names a case for good: the suite's name, the case's id and the row of its examples."""

    suite: str
    case: str
    row: str = ""

    def __str__(self) -> str:
        return f"{self.case}[{self.row}]" if self.row else self.case


def _one_bot() -> Mapping[str, Opening]:
    return {"bot": Opening()}


class Trial(Struct, frozen=True):
    """One replay of one plan in one or more named fresh sessions.

    ``budget`` bounds the whole conversation in seconds (0: no bound of its own).
    """

    case: CaseId
    plan: Plan
    seed: int
    sessions: Mapping[str, Opening] = field(default_factory=_one_bot)
    repeat: int = 0
    budget: float = 0.0
