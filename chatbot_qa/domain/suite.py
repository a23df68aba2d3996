"""What an author wrote, once it has been read: texts, expectations, turns, cases, suites.

The annotations here are the suite language: ``spec`` reads YAML and makes the JSON Schema by
them. The string in ``Annotated[T, "…"]`` is what schema and reference page say about a key; a
field annotated with ``GIVEN`` is no YAML key but filled in by the loader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Struct

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.settings import (
    USUAL_ERRORS,
    ErrorRates,
    Model,
    Repeat,
    RepeatRule,
    TargetSettings,
    Varied,
)
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.values import Data, Duration, JsonPath, Pattern
from chatbot_qa.domain.verdict import Aside, Link

GIVEN = object()
"""Marks a field that the loader fills in; it is no key of the YAML."""


class At(Struct, frozen=True):
    """Marks a field of expectations with where they stand; without it they stand where the
    field's own type stands (as in ``all_of``)."""

    scope: Literal["turn", "conversation", "group"]


class Named(Struct, frozen=True):
    """Marks a key that is a check by its own name: what stands after it is the check's value."""

    check: str


NAME = re.compile(r"\$(\$?)\{([^{}]*)\}")
"""``${name}``, and ``$${name}`` which stands for itself (group 1 is then ``$``)."""


class Unset(LookupError):
    """A ``${name}`` that has no value here: not set for this row, or never saved."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Unfit(ValueError):
    """A value that, once filled in, does not fit the argument that it was written for."""


class Names(Protocol):
    """Looks up ``${name}``: row over case over suite, then saved values and functions."""

    def __call__(self, name: str) -> str:
        """The value of a name; raises ``Unset``."""
        ...


class Text(Struct, frozen=True):
    """A text as it was typed, which may hold ``${name}``."""

    source: str
    where: Where = NOWHERE

    @property
    def names(self) -> tuple[str, ...]:
        """The names it needs, in order; none for a plain text."""
        if "${" not in self.source:
            return ()
        return tuple(m.group(2).strip() for m in NAME.finditer(self.source) if not m.group(1))

    def render(self, names: Names) -> str:
        """The text with every ``${name}`` filled in; raises ``Unset``."""
        if "${" not in self.source:
            return self.source
        return NAME.sub(
            lambda m: m.group(0)[1:] if m.group(1) else names(m.group(2).strip()), self.source
        )


class CaseNames(Names, Protocol):
    """The names of one case."""

    def masked(self) -> CaseNames:
        """The same names, each secret replaced by its mask: what checks and keys may see."""
        ...

    def with_saved(self, saved: Mapping[str, str]) -> CaseNames:
        """The same names, and these values that were saved from replies."""
        ...

    def at(self, repeat: int) -> CaseNames:
        """The same names for another repeat: what is drawn differs."""
        ...


class Late(Protocol):
    """An argument that holds ``${name}`` and so gets its value when it is needed."""

    def resolve(self, names: Names) -> Any:
        """The value; raises ``Unset`` or ``Unfit``."""
        ...


class Expectation(Struct, frozen=True):
    """One check as it stands in a suite, its arguments read as far as they could be.

    ``function`` is the check itself; ``fixed`` are its arguments known at load, ``late``
    those that wait for a row or for a saved value. ``twin`` is the name of its negation
    where that is not ``not_`` and the name.
    """

    check: str
    function: Callable[..., Any]
    version: int
    where: Where
    negated: bool = False
    fixed: Mapping[str, Any] = msgspec.field(default_factory=dict)
    late: Mapping[str, Late] = msgspec.field(default_factory=dict)
    because: Text | None = None
    warn_only: bool = False
    twin: str = ""

    @property
    def name(self) -> str:
        """The name as the author wrote it, ``not_`` included."""
        if not self.negated:
            return self.check
        return self.twin or f"not_{self.check}"

    def arguments(self, names: Names) -> Mapping[str, Any]:
        """All arguments with their values; raises ``Unset`` or ``Unfit``."""
        if not self.late:
            return self.fixed
        return {**self.fixed, **{key: late.resolve(names) for key, late in self.late.items()}}


class MessageChecks(Struct, frozen=True, kw_only=True):
    """What one message of a reply must be: the item of a list under ``messages:``.

    In YAML ``optional: true`` stands among the checks themselves.
    """

    checks: Annotated[tuple[Expectation, ...], "Checks of the message", At("turn")]
    optional: Annotated[bool, "Whether the message may be missing"] = False


class Save(Struct, frozen=True, kw_only=True):
    """Where in a reply a value stands that later turns use as ``${name}``: one of these."""

    after: Annotated[
        Text | None, "The word after this text, up to white space or a closing mark"
    ] = None
    matches: Annotated[
        Pattern | None, "A regular expression: its first group, or else all of it"
    ] = None
    json_path: Annotated[JsonPath | None, "A path into a reply that is JSON, or into its data"] = (
        None
    )
    button: Annotated[Pattern | None, "The label of the first button that matches"] = None
    where: Annotated[Where, GIVEN] = NOWHERE


class Turn(Struct, frozen=True, kw_only=True):
    """What the user does next (``say``, ``click`` or ``bot_starts``), and what is expected."""

    say: Annotated[Text | None, "What the user types"] = None
    click: Annotated[Text | None, "The label of a button of the reply before, to be pressed"] = None
    bot_starts: Annotated[bool, "The user says nothing: the bot speaks first"] = False
    expect: Annotated[tuple[Expectation, ...], "Checks of the reply", At("turn")] = ()
    save: Annotated[Mapping[str, Save], "Values of the reply that later turns use as ${name}"] = (
        msgspec.field(default_factory=dict)
    )
    when: Annotated[
        tuple[Expectation, ...],
        "Checks of the reply before; the turn is left out where one does not hold",
        At("turn"),
    ] = ()
    as_: Annotated[str, "Who speaks: one of the case's users, the first if not given"] = ""
    new_session: Annotated[bool, "Whether this user comes back, in a fresh session"] = False
    pause: Annotated[Duration | None, "How long the user waits before"] = None
    within: Annotated[
        Duration | None, "How long the reply may take; with no_reply, how long none may come"
    ] = None
    files: Annotated[tuple[Text, ...], "Files sent along, their paths as seen from the suite"] = ()
    where: Annotated[Where, GIVEN] = NOWHERE

    @property
    def said(self) -> Text | None:
        """What is typed or pressed; None where the bot speaks first."""
        return self.say or self.click

    @property
    def silent(self) -> bool:
        """Whether the bot is to say nothing."""
        return any(one.negated and one.check == "replies" for one in self.expect)


class HistoryLine(Struct, frozen=True, kw_only=True):
    """One line that was said before the conversation begins: by the user or by the bot."""

    user: Annotated[Text | None, "What the user said"] = None
    bot: Annotated[Text | None, "What the bot said"] = None
    where: Annotated[Where, GIVEN] = NOWHERE


class Dialogues(Struct, frozen=True, kw_only=True):
    """A file of dialogues, of which what the user said is taken."""

    file: Annotated[str, "A .jsonl file, its path as seen from the suite"]
    texts: Annotated[tuple[tuple[str, ...], ...], GIVEN] = ()


class Hook(Struct, frozen=True, kw_only=True):
    """A request beside the conversations, such as one that makes a test user."""

    url: Annotated[Text, "Where to"]
    method: Annotated[
        Literal["GET", "POST", "PUT", "PATCH", "DELETE"] | None,
        "POST where there is a body, else GET",
    ] = None
    headers: Annotated[Mapping[str, Text], "Its headers"] = msgspec.field(default_factory=dict)
    body: Annotated[Data | None, "The JSON to send; its texts may hold ${name}"] = None
    save: Annotated[Mapping[str, Save], "Values of its answer for ${name}"] = msgspec.field(
        default_factory=dict
    )
    where: Annotated[Where, GIVEN] = NOWHERE


class Hooks(Struct, frozen=True):
    """The requests of a suite: before and after all of its cases, and each replay of one.

    ``names`` are those of the suite, which the requests around all cases know.
    """

    before_all: tuple[Hook, ...] = ()
    before_each: tuple[Hook, ...] = ()
    after_each: tuple[Hook, ...] = ()
    after_all: tuple[Hook, ...] = ()
    names: CaseNames | None = None

    def __bool__(self) -> bool:
        return bool(self.before_all or self.before_each or self.after_each or self.after_all)


NO_HOOKS = Hooks()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Why a case goes on running without its verdict counting, who sees to it, how long.

    ``where`` is where its last day stands.
    """

    reason: Annotated[str, "Why the verdict does not count"]
    owner: Annotated[str, "Who sees to it that it counts again"]
    until: Annotated[date, "The last day on which it does not count, such as 2026-12-31"]
    where: Annotated[Where, GIVEN] = NOWHERE


class ExpectedFailure(SetAside):
    """A case that fails for a reason which is known."""

    __slots__ = ()


class Quarantine(SetAside):
    """A case whose verdicts nobody can rely on yet."""

    __slots__ = ()


SeverityName = Literal["blocker", "critical", "normal", "minor", "trivial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing to find out about the bot. Every case kind adds its own keys to these."""

    id: Annotated[str, "Names the case for good; letters, digits, - and _"]
    title: Annotated[Text | None, "Shown in reports instead of the id"] = None
    severity: Annotated[SeverityName, "How much a failure matters"] = "normal"
    owner: Annotated[str, "Who is asked when it fails"] = ""
    tags: Annotated[tuple[str, ...], "For --tag and for reports"] = ()
    links: Annotated[tuple[Link, ...], "Issues, test plans and pages"] = ()
    topic: Annotated[str, "Cases of one topic stand or fall together; the case id if not given"] = (
        ""
    )
    skip: Annotated[str, "Set the case aside, for this reason"] = ""
    expected_failure: Annotated[
        ExpectedFailure | None, "It is known to fail: it runs, and does not count until a day"
    ] = None
    quarantine: Annotated[
        Quarantine | None, "It cannot be relied on yet: it runs, and does not count until a day"
    ] = None
    where: Annotated[Where, GIVEN] = NOWHERE
    suite: Annotated[str, GIVEN] = ""
    row: Annotated[str, GIVEN] = ""
    parameters: Annotated[tuple[tuple[str, str], ...], GIVEN] = ()
    names: Annotated[CaseNames | None, GIVEN] = None
    aside: Annotated[Aside | None, GIVEN] = None
    hooks: Annotated[Hooks, GIVEN] = NO_HOOKS
    judges: Annotated[tuple[str, ...], GIVEN] = ()
    nli: Annotated[Model | None, GIVEN] = None
    embeddings: Annotated[Model | None, GIVEN] = None
    language_model: Annotated[Model | None, GIVEN] = None
    calibrations: Annotated[tuple[Known, ...], GIVEN] = ()
    buttonless: Annotated[str, GIVEN] = ""

    @property
    def case_id(self) -> CaseId:
        """The name under which its verdict is filed."""
        return CaseId(self.suite, self.id, self.row)

    @property
    def asks_models(self) -> bool:
        """Whether its examination may ask models, besides what its checks ask them."""
        return False

    def __str__(self) -> str:
        return str(self.case_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedCase(Case):
    """The key of every kind whose cases may be replayed again and again.

    ``errors`` are its suite's; the ``sharing`` cases that repeat until decided share its alpha.
    """

    repeat: Annotated[
        Repeat | None,
        "How often it is replayed, each time in fresh sessions: a number of repeats, all of which "
        "must pass, or good, bad and cap, to repeat until it is decided",
    ] = None
    errors: Annotated[ErrorRates, GIVEN] = USUAL_ERRORS
    sharing: Annotated[int, GIVEN] = 1

    @property
    def alpha(self) -> float:
        """How often this case may fail though the bot is good."""
        return self.errors.alpha / self.sharing

    @property
    def asks_more(self) -> bool:
        """Whether more may be asked than is foreseen: until it is decided."""
        return isinstance(self.repeat, RepeatRule)


TargetChoice = str | Mapping[str, Any] | Varied | TargetSettings
"""A name or a kind, either with options of a command line, a mapping with ``kind``, or as read."""


class Declared(Struct, frozen=True):
    """A case as it was declared, before its rows: ``expand`` in ``spec`` makes the cases."""

    kind: str
    case: Case
    values: Mapping[str, Text] = msgspec.field(default_factory=dict)
    rows: Any = None


class Suite(Struct, frozen=True):
    """One YAML file of cases.

    ``target_at`` is where it names its target; ``secrets`` are the names that it asks for, with
    the places. ``repeat`` and ``errors`` are what its ``defaults`` say of repeats.
    """

    name: str
    file: str
    where: Where
    target: TargetChoice | None = None
    values: Mapping[str, Text] = msgspec.field(default_factory=dict)
    phrases: Mapping[str, tuple[Text, ...]] = msgspec.field(default_factory=dict)
    secrets: Mapping[str, Where] = msgspec.field(default_factory=dict)
    declared: Sequence[Declared] = ()
    expect: tuple[Expectation, ...] = ()
    about: Mapping[str, Any] = msgspec.field(default_factory=dict)
    target_at: Where = NOWHERE
    hooks: Hooks = NO_HOOKS
    repeat: Repeat | None = None
    errors: ErrorRates | None = None
