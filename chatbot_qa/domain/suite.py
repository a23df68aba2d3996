"""What an author wrote, once it has been read: texts, expectations, turns, cases, suites.

The annotations here are the suite language: ``spec`` reads YAML by them and makes the
JSON Schema from them. The string in ``Annotated[T, "…"]`` is what the schema and the
reference page say about a key; a field annotated with ``GIVEN`` is no YAML key but
filled in by the loader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Struct

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.settings import TargetSettings
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.values import JsonPath, Pattern
from chatbot_qa.domain.verdict import Link

GIVEN = object()
"""Marks a field that the loader fills in; it is no key of the YAML."""


class At(Struct, frozen=True):
    """Marks a field of expectations with where they stand; without it they stand where the
    field's own type stands (as in ``all_of``)."""

    scope: Literal["turn", "conversation", "group"]


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


class Late(Protocol):
    """An argument that holds ``${name}`` and so gets its value when it is needed."""

    def resolve(self, names: Names) -> Any:
        """The value; raises ``Unset`` or ``Unfit``."""
        ...


class Expectation(Struct, frozen=True):
    """One check as it stands in a suite, its arguments read as far as they could be.

    ``function`` is the check itself; ``fixed`` are its arguments known at load, ``late``
    those that wait for a row or for a saved value.
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

    @property
    def name(self) -> str:
        """The name as the author wrote it, ``not_`` included."""
        return f"not_{self.check}" if self.negated else self.check

    def arguments(self, names: Names) -> Mapping[str, Any]:
        """All arguments with their values; raises ``Unset`` or ``Unfit``."""
        if not self.late:
            return self.fixed
        return {**self.fixed, **{key: late.resolve(names) for key, late in self.late.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One ``say`` of the user with what is expected of the reply."""

    say: Annotated[Text, "What the user types"]
    expect: Annotated[tuple[Expectation, ...], "Checks of the reply", At("turn")] = ()
    save: Annotated[Mapping[str, Save], "Values of the reply that later turns use as ${name}"] = (
        field(default_factory=dict)
    )
    where: Annotated[Where, GIVEN] = NOWHERE


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
    where: Annotated[Where, GIVEN] = NOWHERE
    suite: Annotated[str, GIVEN] = ""
    row: Annotated[str, GIVEN] = ""
    parameters: Annotated[tuple[tuple[str, str], ...], GIVEN] = ()
    names: Annotated[CaseNames | None, GIVEN] = None

    @property
    def case_id(self) -> CaseId:
        """The name under which its verdict is filed."""
        return CaseId(self.suite, self.id, self.row)

    def __str__(self) -> str:
        return str(self.case_id)


TargetChoice = str | Mapping[str, Any] | TargetSettings
"""A name from chatbot-qa.yaml, a built-in kind, a mapping with ``kind``, or such a one as read."""


class Declared(Struct, frozen=True):
    """A case as it was declared, before its rows: ``expand`` in ``spec`` makes the cases."""

    kind: str
    case: Case
    values: Mapping[str, Text] = msgspec.field(default_factory=dict)
    rows: Any = None


class Suite(Struct, frozen=True):
    """One YAML file of cases; ``target_at`` is where it names its target, if it does."""

    name: str
    file: str
    where: Where
    target: TargetChoice | None = None
    values: Mapping[str, Text] = msgspec.field(default_factory=dict)
    phrases: Mapping[str, tuple[Text, ...]] = msgspec.field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    declared: Sequence[Declared] = ()
    expect: tuple[Expectation, ...] = ()
    about: Mapping[str, Any] = msgspec.field(default_factory=dict)
    target_at: Where = NOWHERE
