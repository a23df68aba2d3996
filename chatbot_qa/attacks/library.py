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
from chatbot_qa.text.converters import CONVERTERS

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
    wrong = next(flaws(family), None)
    if wrong:
        raise ValueError(wrong)
    return family


def _only(data: Any, known: set[str], what: str) -> None:
    unknown = sorted(set(data) - known) if isinstance(data, dict) else []
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no key of {what}")


def flaws(family: Family) -> Iterator[str]:
    """What is wrong with a family that was read, each as a sentence."""
    if not _NAME.fullmatch(family.family):
        yield f"the family {family.family!r} has a name of other than letters, digits, - and _"
    seen = set[str]()
    for one in family.members:
        if one.id in seen:
            yield f"two attacks are called {one.id!r} in the family {family.family!r}"
        seen.add(one.id)
        for wrong in _wrong(one):
            yield f"the attack {one.id!r} {wrong}"


def _wrong(one: Attack) -> Iterator[str]:
    if not _NAME.fullmatch(one.id):
        yield "has an id of other than letters, digits, - and _"
    if not one.turns:
        yield "says nothing: `turns:` is empty"
    if one.owasp not in OWASP:
        yield f"names {one.owasp!r}, which is none of {', '.join(OWASP)}"
    if one.atlas and not _ATLAS.fullmatch(one.atlas):
        yield f"names {one.atlas!r}, which has not the form of a technique, AML.T0051.000"
    for name in one.through:
        if any(part not in CONVERTERS for part in name.split("+")):
            yield f"goes through {name!r}, and there is no such disguise"
    marks = {mark for text in texts_of(one) for mark in marks_in(text)}
    wants = {"ask": {"ask", "ask_1"}, "token": {"token", "left"}, "planted": {"token"}}
    wanted = wants.get(one.aim, set())
    if wanted and not wanted & marks:
        yield f"has the aim `{one.aim}`, and no `{{{min(wanted)}}}` in its texts"
    if one.aim == "planted" and not any(said.as_ for said in one.said):
        yield "has the aim `planted`, and nobody else in it: `as: another`"
    if one.clean and not one.document:
        yield "has a clean text and no `document:`"


def texts_of(one: Attack) -> tuple[str, ...]:
    """Every template of an attack that is sent, its other words included."""
    spoken = (text for said in one.said for text in (said.say, *said.again))
    return (*spoken, *one.history, *((one.document,) if one.document else ()))


def chosen(names: Iterable[str], own: tuple[Family, ...]) -> tuple[Family, ...]:
    """The families of those names, all where none is named; ``own`` go before those of a name.

    Raises ``KeyError`` with the name that no family has.
    """
    known = {one.family: one for one in (*families(), *own)}
    wanted = tuple(dict.fromkeys(names)) or tuple(known)
    return tuple(known[name] for name in wanted)
