"""The built-in catalogue: attacks as data, a YAML file a family in ``catalogue/``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from chatbot_qa.attacks.taxonomy import OWASP
from chatbot_qa.attacks.wording import marks_in
from chatbot_qa.domain.attack import Attack, Family
from chatbot_qa.domain.source import Where
from chatbot_qa.text.excerpt import shown

_ATLAS = re.compile(r"AML\.T\d{4}(?:\.\d{3})?")
_NAME = re.compile(r"[A-Za-z0-9_-]+")


@cache
def families() -> tuple[Family, ...]:
    """The families that come with the package, by name."""
    import yaml

    folder = files("chatbot_qa.attacks") / "catalogue"
    found = sorted(one.name for one in folder.iterdir() if one.name.endswith(".yaml"))
    texts = ((folder / name).read_text(encoding="utf-8") for name in found)
    return tuple(family_of(yaml.load(text, _loader(yaml))) for text in texts)


def _loader(yaml: Any) -> Any:
    """The fast loader where libyaml is there."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def family_of(data: Any) -> Family:
    """A family of what its YAML holds; raises ``ValueError`` where it holds something else."""
    if isinstance(data, dict):
        known = {field.name for field in msgspec.structs.fields(Family)}
        _only(data, known - {"where"}, "a family")
        for one in data.get("attacks", ()):
            _only(one, {field.name for field in msgspec.structs.fields(Attack)}, "an attack")
    family: Family = msgspec.convert(data, Family)
    for _, wrong in flaws(family):
        raise ValueError(wrong)
    return family


def _only(data: Any, known: set[str], what: str) -> None:
    unknown = sorted(set(data) - known) if isinstance(data, dict) else []
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no key of {what}")


def flaws(family: Family) -> Iterator[tuple[Where, str]]:
    """What is wrong with a family that was read: where, and a sentence."""
    if not _NAME.fullmatch(family.family):
        name = shown(family.family)
        yield family.where, f"the family {name} has a name of other than letters, digits, - and _"
    seen = set[str]()
    for one in family.members:
        if one.id in seen:
            yield one.where, f"two attacks are called `{one.id}` in the family `{family.family}`"
        seen.add(one.id)
        for wrong in _wrong(one):
            yield one.where, f"the attack `{one.id}` {wrong}"


_WANTS = {"ask": ("ask", "ask_1"), "token": ("token", "left"), "planted": ("token",)}
"""What stands in the texts of an attack with such an aim: one of these marks."""


def _wrong(one: Attack) -> Iterator[str]:
    from chatbot_qa.text.converters import CONVERTERS

    if not _NAME.fullmatch(one.id):
        yield "has an id of other than letters, digits, - and _"
    if not one.turns:
        yield "says nothing: `turns:` is empty"
    if one.owasp not in OWASP:
        yield f"names {one.owasp}, and OWASP's list goes from LLM01 to LLM10"
    if one.atlas and not _ATLAS.fullmatch(one.atlas):
        yield f"names {one.atlas}, and a technique looks like AML.T0051.000"
    for name in one.through:
        if any(part not in CONVERTERS for part in name.split("+")):
            yield f"goes through `{name}`, and there is no such disguise"
    marks = {mark for text in texts_of(one) for mark in marks_in(text)}
    wanted = _WANTS.get(one.aim, ())
    if wanted and marks.isdisjoint(wanted):
        yield f"has the aim `{one.aim}`, and no `{{{wanted[0]}}}` in its texts"
    if one.aim == "planted" and not any(said.as_ for said in one.said):
        yield "has the aim `planted`, and nobody else in it: `as: another`"
    if marks & {"tool", "other_tool"} and "tool" not in one.needs:
        yield "names a function, and does not say that it needs one: `needs: [tool]`"
    if one.aim == "call" and not marks & {"tool", "other_tool"}:
        yield "has the aim `call`, and no `{tool}` or `{other_tool}` in its texts"
    if one.clean and not one.document:
        yield "has a clean text and no `document:`"
    if "tool" in one.needs and not one.document:
        yield "needs a function, and has no `document:` for it to return"


def texts_of(one: Attack) -> tuple[str, ...]:
    """Every template of an attack that is sent, its other words included."""
    spoken = (text for said in one.said for text in (said.say, *said.again))
    return (*spoken, *one.history, *((one.document,) if one.document else ()))


def chosen(names: Iterable[str], own: tuple[Family, ...]) -> tuple[Family, ...]:
    """The families of those names, all where none is named; of two of a name the ``own`` counts.

    Raises ``KeyError`` with the name that no family has.
    """
    known = {one.family: one for one in (*families(), *own)}
    wanted = tuple(dict.fromkeys(names)) or tuple(known)
    return tuple(known[name] for name in wanted)
