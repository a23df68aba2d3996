"""What a target is: it opens sessions, and a session answers messages.

Targets raise ``Busy`` or ``Fault`` and never wait or retry themselves: only
``replay/limits.py`` does, because only it knows the limits and the deadlines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar, runtime_checkable

from msgspec import Struct, field

from chatbot_qa.domain.plan import Line, Message, Opening
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.registry import MARK, TargetSpec

C = TypeVar("C", bound=Callable[..., Any])


class Busy(Exception):
    """The target asks us to come back later; nothing was processed.

    ``retry_after`` is in seconds, None where it did not say. ``note`` is what is
    reported if it stays so.
    """

    def __init__(self, note: FaultNote, retry_after: float | None = None) -> None:
        super().__init__(note.message)
        self.note = note
        self.retry_after = retry_after


class Fault(Exception):
    """No reply came. ``safe_to_retry`` where asking again cannot be heard twice by the bot."""

    def __init__(self, note: FaultNote, *, safe_to_retry: bool = False) -> None:
        super().__init__(note.message)
        self.note = note
        self.safe_to_retry = safe_to_retry


class Start(Struct, frozen=True):
    """What a session is opened with.

    ``name`` is unique to the session within a run and the same in every run of one
    seed; ``seed`` is derived from it. A target may use either to be repeatable.
    """

    opening: Opening
    name: str
    seed: int


class Session(Protocol):
    """One fresh dialogue with a target."""

    async def say(self, message: Message, deadline: float) -> Reply:
        """Send one message and await its reply.

        ``deadline`` is a time of the running loop's clock (``loop.time()``); the caller
        cancels at it. Raises ``Busy`` or ``Fault``.
        """
        ...

    def again(self) -> str:
        """The last request as a line that repeats it (curl), secrets masked; "" for none."""
        ...

    async def close(self) -> None:
        """Let go of what the session holds. Called once, also after a fault."""
        ...


class Target(Protocol):
    """A chatbot that can be talked to."""

    @property
    def fingerprint(self) -> str:
        """What it is, without credentials: part of the key of every trial."""
        ...

    @property
    def local(self) -> bool:
        """Whether it answers without any network call."""
        ...

    async def open(self, start: Start) -> Session:
        """Begin a fresh dialogue. Raises ``Busy`` or ``Fault``."""
        ...

    async def close(self) -> None:
        """Let go of connections and models. Called once, at the end of the run."""
        ...


@runtime_checkable
class Wavers(Protocol):
    """A target whose replies a seed may not repeat; ``wavers`` says why, "" where it does."""

    @property
    def wavers(self) -> str: ...


@runtime_checkable
class Readies(Protocol):
    """A target that takes long until its first session, as a model that is loaded."""

    async def ready(self) -> None:
        """Get ready; raises ``Fault``, which opening a session then raises too.

        ``UsageError`` where the person at the keyboard must mend something: it stops the run.
        """
        ...


def no_extras(opening: Opening, who: str) -> None:
    """Raise ``Fault`` where a bot is given tools or a temperature, and takes none."""
    if opening.temperature is not None:
        message = f"the suite sets temperatures, and {who} takes none"
        hint = "leave temperatures: out, or ask a model over the OpenAI wire"
        raise Fault(FaultNote("no-temperature", f"{message}; {hint}"))
    if opening.tools:
        names = ", ".join(tool.name for tool in opening.tools)
        message = f"the suite gives tools ({names}), and {who} takes none"
        raise Fault(FaultNote("no-tools", f"{message}; leave tools: out, or ask another target"))


def no_files(message: Message, who: str) -> None:
    """Raise ``Fault`` where files are sent to a bot that takes none."""
    if message.files:
        note = FaultNote("no-files", f"a turn sends files, and {who} takes none")
        raise Fault(note)


class Surroundings(Struct, frozen=True):
    """What a target may know of its surroundings.

    ``folder`` is where the configuration stands, against which paths are read.
    ``secrets`` maps the names of secrets to their values; ``in_flight`` is how many
    requests at once it must be ready for.
    """

    folder: str = "."
    secrets: Mapping[str, str] = field(default_factory=dict)
    in_flight: int = 10


History = Sequence[Line]
"""A dialogue so far, the user's newest message last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionOptions:
    """The keys of a target that is a function."""

    thread: Annotated[bool, "Call it in a thread, so that a slow one holds up no other"] = True


def target(name: str, options: type | None = None) -> Callable[[C], C]:
    """Mark ``make(options, surroundings) -> Target`` as the target kind ``name``.

    ``options`` is a frozen dataclass; its annotated fields become YAML keys. Without it
    the marked thing is itself the bot: a function of the message or of the history, or a
    class with ``say``, as ``targets/python.py`` takes them.
    """

    def mark(make: C) -> C:
        spec = (
            TargetSpec(name, options, make)
            if options is not None
            else TargetSpec(name, FunctionOptions, _Wrap(name, make))
        )
        setattr(make, MARK, spec)
        return make

    return mark


class _Wrap(Struct, frozen=True):
    """Makes a target of a function; frozen, so that two loads of one are equal."""

    name: str
    function: Callable[..., Any]

    def __call__(self, options: FunctionOptions, surroundings: Surroundings) -> Target:
        from chatbot_qa.targets.python import FunctionTarget

        return FunctionTarget(self.function, self.name, surroundings, thread=options.thread)
