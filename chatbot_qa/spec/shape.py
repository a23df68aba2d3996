"""The keys of the files themselves, in one place for the reader and for the JSON Schema.

What a case of a kind may hold is said by its case type, what a check takes by its
function; here is the rest: the top level of a suite and of ``chatbot-qa.yaml``, a suite's
``defaults``, and what a case and a turn may hold beside their own keys. The sections of
the case kinds stand at a suite's top level too, under the names in ``registry.kinds``.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, NewType, TypeGuard

from msgspec import NODEFAULT, Struct, field, structs

from chatbot_qa.domain.settings import ErrorRates, History, Limits, Profile, Repeat
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN, At, Expectation, Hook, SeverityName, Text, Turn
from chatbot_qa.domain.verdict import Link
from chatbot_qa.registry import Argument

OWN = "x-"
"""A key at the top of a suite that begins so is its author's own, for anchors and notes."""

TargetKey = NewType("TargetKey", object)
"""A target as a mapping: ``kind``, the options of that kind, and ``limits``."""


class DefaultsKeys(Struct, frozen=True, kw_only=True):
    """``defaults:`` of a suite: what each of its cases has unless it says otherwise."""

    severity: Annotated[SeverityName | None, "How much a failure matters"] = None
    owner: Annotated[str | None, "Who is asked when a case fails"] = None
    tags: Annotated[tuple[str, ...], "Added to the tags of each case"] = ()
    system: Annotated[Text | None, "The system prompt that the bot is given"] = None
    on_failure: Annotated[
        Literal["continue", "stop"] | None, "Whether to go on talking after a failed check"
    ] = None
    expect_each_reply: Annotated[tuple[Expectation, ...], "Checks of every reply", At("turn")] = ()
    repeat: Annotated[
        Repeat | None,
        "How often each conversation is replayed: a number, or good, bad and cap, until decided",
    ] = None
    errors: Annotated[
        ErrorRates | None, "How often the suite may be wrong where it repeats until decided"
    ] = None
    where: Annotated[Where, GIVEN] = NOWHERE


class PartKeys(Struct, frozen=True, kw_only=True):
    """A part that takes arguments; one that takes none may be the list of its turns alone."""

    turns: Annotated[tuple[Turn, ...], "What is said, in order"]
    with_: Annotated[tuple[str, ...], "The names of its arguments, for ${name} in its turns"] = ()


class IncludeKeys(Struct, frozen=True, kw_only=True):
    """Which part stands here."""

    use: Annotated[str, "The name of the part, under parts at the top of the file"]
    from_: Annotated[str, "A file of parts to take it from, its path as seen from this file"] = ""
    with_: Annotated[Mapping[str, Text], "The arguments of the part"] = field(default_factory=dict)


class SuiteKeys(Struct, frozen=True, kw_only=True):
    """The top level of a suite, without the sections of the case kinds."""

    suite: Annotated[str, "The suite's name; it names the suite for good, over all runs"]
    title: Annotated[Text | None, "Shown in reports beside the name"] = None
    target: Annotated[
        str | TargetKey | None,
        "The chatbot under test: a name from chatbot-qa.yaml, a built-in kind such as demo, "
        "or a mapping with kind. --target overrides it",
    ] = None
    owner: Annotated[str, "Who is asked when a case fails"] = ""
    tags: Annotated[tuple[str, ...], "Tags of every case"] = ()
    links: Annotated[tuple[Link, ...], "Issues, test plans and pages, of every case"] = ()
    vars: Annotated[Mapping[str, Text], "Values for ${name}, for all cases"] = field(
        default_factory=dict
    )
    phrases: Annotated[
        Mapping[str, tuple[Text, ...]],
        "Wording variants under a name, for say_each and for checks that take several texts",
    ] = field(default_factory=dict)
    secrets: Annotated[
        tuple[Text, ...],
        "Names of secrets for ${secret:NAME}, read from the environment or an untracked .env",
    ] = ()
    parts: Annotated[
        Mapping[str, tuple[Turn, ...] | PartKeys], "Turns under a name, for include in the turns"
    ] = field(default_factory=dict)
    defaults: Annotated[DefaultsKeys, "What each case has unless it says otherwise"] = field(
        default_factory=DefaultsKeys
    )
    before_all: Annotated[tuple[Hook, ...], "Requests before the first case"] = ()
    before_each: Annotated[tuple[Hook, ...], "Requests before each replay of a case"] = ()
    after_each: Annotated[tuple[Hook, ...], "Requests after each, also where it failed"] = ()
    after_all: Annotated[tuple[Hook, ...], "Requests after the last case"] = ()
    expect: Annotated[tuple[Expectation, ...], "Checks of the suite as a whole", At("group")] = ()
    where: Annotated[Where, GIVEN] = NOWHERE


class RowsFile(Struct, frozen=True, kw_only=True):
    """``examples:`` as a file."""

    file: Annotated[str, "A .csv or .jsonl file, its path as seen from the suite"]
    split: Annotated[str | None, "Cuts a cell into several texts at this mark"] = None
    id: Annotated[str | None, "The column that names the case"] = None


class CaseExtras(Struct, frozen=True, kw_only=True):
    """What a case of any kind may hold beside the keys of its type."""

    vars: Annotated[Mapping[str, Text], "Values for ${name}, over those of the suite"] = field(
        default_factory=dict
    )
    examples: Annotated[
        tuple[Mapping[str, Text | tuple[Text, ...] | None], ...] | RowsFile | None,
        "One case a row: a list of mappings, or a file",
    ] = None
    matrix: Annotated[
        Mapping[str, tuple[Text, ...]] | None, "One case for each combination of these values"
    ] = None


class TurnExtras(Struct, frozen=True, kw_only=True):
    """What a turn may hold beside the keys of its type."""

    say_each: Annotated[
        Text | tuple[Text, ...] | None,
        "Instead of say: one case for each of these wordings; a list, or ${name} of phrases",
    ] = None
    include: Annotated[IncludeKeys | None, "The turns of a part; nothing else stands beside it"] = (
        None
    )


class TargetKeys(Struct, frozen=True, kw_only=True):
    """What a target may hold beside the options of its kind."""

    kind: Annotated[str, "What sort of target it is"]
    limits: Annotated[Limits, "How hard it may be pressed"] = field(default_factory=Limits)


class ConfigKeys(Struct, frozen=True, kw_only=True):
    """The top level of ``chatbot-qa.yaml``."""

    targets: Annotated[Mapping[str, TargetKey], "Chatbots under test, by name"] = field(
        default_factory=dict
    )
    judges: Annotated[
        Mapping[str, str | TargetKey],
        "Models that judge replies, by name; the first where none is named",
    ] = field(default_factory=dict)
    nli: Annotated[
        str | TargetKey | None,
        "The model that says whether one text follows from another: one of the targets or judges, "
        "or a mapping with kind",
    ] = None
    embeddings: Annotated[
        str | TargetKey | None,
        "The model that says how near two texts are: one of the targets, or a mapping with kind",
    ] = None
    language_model: Annotated[
        str | TargetKey | None,
        "The model that says how likely a text is: one of the targets, or a mapping with kind",
    ] = None
    calibrations: Annotated[
        Mapping[str, str],
        "By check, the file that `chatbot-qa calibrate CHECK LABELS.jsonl --write FILE` wrote: "
        "verdicts then show what your own labels say of the check",
    ] = field(default_factory=dict)
    history: Annotated[
        str | History | None,
        "Where every run is remembered, for baselines, trends and drift: a file or a postgresql:// "
        "URL, or a mapping with store, keep and main",
    ] = None
    profiles: Annotated[Mapping[str, Profile], "Options of run under a name, for --profile"] = (
        field(default_factory=dict)
    )
    defaults: Annotated[Profile, "Options of run where no profile is named"] = field(
        default_factory=Profile
    )
    secrets: Annotated[
        tuple[Text, ...], "Names of secrets, read from the environment or an untracked .env"
    ] = ()
    where: Annotated[Where, GIVEN] = NOWHERE


_NONE = (MISSING, NODEFAULT)


@cache
def keys(shape: type) -> tuple[Argument, ...]:
    """The YAML keys of a type, in order: its fields without those that the loader fills.

    A field whose name is a word of Python's ends in ``_``, and its key does not: ``as_``.
    """
    hints = typing.get_type_hints(shape, include_extras=True)
    return tuple(
        Argument(item.name.rstrip("_"), hints[item.name], _default(item))
        for item in fields_of(shape)
        if GIVEN not in getattr(hints[item.name], "__metadata__", ())
    )


def is_shape(thing: object) -> TypeGuard[type]:
    """Whether a type is one whose fields are keys: a dataclass, or a struct of msgspec."""
    return isinstance(thing, type) and (is_dataclass(thing) or issubclass(thing, Struct))


def fields_of(shape: Any) -> tuple[Any, ...]:
    """The fields of such a type, each with a name, a default and a default factory."""
    return structs.fields(shape) if issubclass(shape, Struct) else fields(shape)


def _default(item: Any) -> Any:
    if item.default_factory not in _NONE:
        return item.default_factory()
    return inspect.Parameter.empty if item.default in _NONE else item.default
