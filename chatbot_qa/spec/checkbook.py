"""The checks of a registry as they are written: under every name, with their arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from chatbot_qa.domain.suite import Expectation
from chatbot_qa.domain.values import Pattern
from chatbot_qa.registry import Argument, CheckSpec, Registry
from chatbot_qa.spec.annotations import form_for, form_of
from chatbot_qa.spec.shapes import Form
from chatbot_qa.spec.walk import annotation_parts, check_fields


class Slot(Struct, frozen=True):
    """One argument of a check, ready to be read into.

    ``texts``: several texts may stand in it, and so the wordings of a phrase.
    ``checks``: other checks stand in it. ``filled``: an empty text in it is a mistake,
    since it would fit any reply.
    """

    argument: Argument
    form: Form
    texts: bool
    checks: bool
    filled: bool


class CheckForm(Struct, frozen=True):
    """A check as it is written: its arguments by name; a bare value fills the first.

    ``plain`` says that a text is all it needs, so that the usual line is read quickly.
    """

    spec: CheckSpec
    slots: Mapping[str, Slot]
    first: Slot | None
    required: tuple[str, ...]
    plain: bool


@cache
def check_form(spec: CheckSpec) -> CheckForm:
    """The form of a check, made once of its signature."""
    slots = {argument.name: _slot(argument, spec.name) for argument in spec.arguments}
    first = next(iter(slots.values()), None)
    required = tuple(name for name, slot in slots.items() if slot.argument.required)
    plain = first is not None and first.form is form_of(str) and len(required) <= 1
    plain = plain and set(required) <= set(list(slots)[:1])
    return CheckForm(spec, slots, first, required, plain)


def _slot(argument: Argument, check: str) -> Slot:
    parts = set(annotation_parts(argument.type))
    checks = Expectation in parts or any(map(check_fields, parts))
    form = form_for(f"the argument `{argument.name}` of the check `{check}`", argument.type)
    words = bool(parts & {str, Pattern})
    texts = words and "list" in form.kinds and not checks
    return Slot(argument, form, texts, checks, argument.required and words)


class Named(Struct, frozen=True):
    """A check by the name that was written; ``negated`` where that was its negation's."""

    form: CheckForm
    negated: bool


class CheckBook:
    """Finds checks by every name that they go under. One a reader."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[str, Named | None] = {}

    def get(self, name: str) -> Named | None:
        """The check of that name, be it a ``not_…`` or a twin with a name of its own."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> Named | None:
        checks = self._registry.checks
        spec = checks.get(name)
        if spec:
            return Named(check_form(spec), False)
        if name.startswith("not_"):
            spec = checks.get(name.removeprefix("not_"))
            return Named(check_form(spec), True) if spec and spec.twin == "" else None
        twin = next((spec for spec in checks if spec.twin == name), None)
        return Named(check_form(twin), True) if twin else None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may be written, those that ``not_`` makes left out."""
        specs = tuple(self._registry.checks)
        return tuple(sorted({spec.name for spec in specs} | {s.twin for s in specs if s.twin}))

    @property
    def negations(self) -> tuple[str, ...]:
        """The names that ``not_`` makes."""
        return tuple(f"not_{spec.name}" for spec in self._registry.checks if spec.twin == "")


def usage(form: CheckForm, name: str) -> str:
    """What a check takes, and an example to paste."""
    alike: dict[str, list[str]] = {}
    for argument, slot in form.slots.items():
        alike.setdefault(_described(slot), []).append(f"`{argument}`")
    taken = "; ".join(f"{', '.join(names)} ({words})" for words, names in alike.items())
    return f"`{name}` takes {taken or 'nothing'}. For example:\n{example(form, name)}"


def _described(slot: Slot) -> str:
    argument, words = slot.argument, slot.form.words
    if argument.required:
        return words
    default = argument.default
    if isinstance(default, bool | int | float | str):
        told = str(default).lower() if isinstance(default, bool) else str(default)
        return f"{words}; {told} if left out"
    return f"{words}, may be left out"


_EXAMPLE = re.compile(r"^Example:\n((?:[ ]+.*\n?|\n)+)", re.MULTILINE)


def example(form: CheckForm, name: str) -> str:
    """The example of a check's own docstring, or one made of its arguments."""
    found = _EXAMPLE.search(form.spec.doc)
    if found and name == form.spec.name:
        lines = found[1].rstrip().splitlines()
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        return "\n".join("  " + line[indent:] for line in lines)
    if not form.required:
        return f"  - {name}"
    if len(form.required) == 1 and form.first and form.required[0] == form.first.argument.name:
        return f"  - {name}: …"
    return f"  - {name}: {{{', '.join(f'{key}: …' for key in form.required)}}}"
