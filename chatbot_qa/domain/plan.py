"""What to say, and to whom: messages, plans and trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Protocol, runtime_checkable

from msgspec import Struct, field

from chatbot_qa.domain.values import Data, JsonValue

if TYPE_CHECKING:
    from chatbot_qa.domain.transcript import Exchange


class Line(Struct, frozen=True):
    """One line of a dialogue: ``role`` is ``user`` or ``bot``."""

    role: str
    text: str


class Tool(Struct, frozen=True, kw_only=True):
    """A function that a bot may call: what it is told of it, and what it is given back."""

    name: Annotated[str, "The function's name"]
    description: Annotated[str, "What it does, for the bot to read"] = ""
    parameters: Annotated[Data | None, "A JSON Schema of its arguments"] = None
    returns: Annotated[Data | None, "What every call is answered with"] = None
    function: Annotated[str, "A function of yours that answers, as module:name"] = ""


class Call(Struct, frozen=True):
    """A request beside the dialogue, such as one that makes a test user."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JsonValue = None


REQUESTS = "(requests)"
"""Names the target, and the session with it, that requests beside the dialogue go to."""


class Message(Struct, frozen=True):
    """What the user sends: a text, or a click on a button, with files.

    ``files`` are paths. ``opens``: nothing is sent, the bot speaks first.
    ``call`` is no message but a request to another server than the bot's.
    """

    text: str = ""
    click: str = ""
    files: tuple[str, ...] = ()
    opens: bool = False
    call: Call | None = None


class Say(Struct, frozen=True):
    """One message to one session.

    ``wait`` is the pause before it and ``within`` the deadline of its reply, both in
    seconds (``within`` 0: the target's own deadline). Where no reply is expected, silence
    until then is a reply without messages, and not a fault. ``turn`` is the author's number
    of the turn where it is not that of the exchange: others were left out, or came between.
    """

    message: Message
    to: str = "bot"
    wait: float = 0.0
    within: float = 0.0
    reply_expected: bool = True
    turn: int = 0


class Closes(Protocol):
    """A plan that has something to send at the end."""

    def closing(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """What is sent after everything, one after another, however the dialogue ended."""
        ...


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
    system prompt that the suite asks for (None: the target's own). ``history`` is what was
    said before it, ``tools`` are functions that the bot may call. ``temperature`` is how
    freely a model words its replies (None: the target's own); few targets take one.
    """

    target: str = ""
    system: str | None = None
    history: tuple[Line, ...] = ()
    tools: tuple[Tool, ...] = ()
    temperature: float | None = None


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

    ``budget`` bounds the whole conversation in seconds (0: no bound of its own). One that is
    ``shared`` is replayed once in a run, for all that want it. Where it ``closes``, its plan
    has ``closing(so_far)``, which says what is sent at its end, however it ended. ``worth`` says
    what a call is worth that is spent on it, where it may wait: under a budget those that are
    worth most are replayed first.
    """

    case: CaseId
    plan: Plan
    seed: int
    sessions: Mapping[str, Opening] = field(default_factory=_one_bot)
    repeat: int = 0
    budget: float = 0.0
    shared: bool = False
    closes: bool = False
    worth: Callable[[], float] | None = None
