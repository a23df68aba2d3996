"""Relations between replies other than being the same: what must follow when a question changes.

Metamorphic relations (Chen, Cheung and Yiu 1998): nobody need know the right answer to see
that two answers do not go together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from msgspec import Struct

from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN, Text
from chatbot_qa.domain.values import Share
from chatbot_qa.examine.agreeing import Match
from chatbot_qa.text.excerpt import listed, shown
from chatbot_qa.text.fold import fold

Holds = Literal["converts", "subset", "opposite"]


class Relation(Struct, frozen=True, kw_only=True):
    """A question that changes the first one, and what must hold between the two replies."""

    ask: Annotated[Text | None, "The changed question, asked in a session of its own"] = None
    then: Annotated[Text | None, "The changed question, asked next in the same session"] = None
    holds: Annotated[
        Holds,
        "converts: the number is `times` the first; subset: it lists nothing that the first "
        "did not; opposite: the yes has become a no",
    ]
    times: Annotated[float | None, "With converts: by how much the number is multiplied"] = None
    tolerance: Annotated[Share, "With converts: how far off it may be"] = Share(0.01)
    where: Annotated[Where, GIVEN] = NOWHERE


def holds(relation: Relation, first: str, second: str) -> Match:
    """Whether the relation holds between the first reply and the one to the changed question."""
    return _RELATIONS[relation.holds](relation, first, second)


def _converts(relation: Relation, first: str, second: str) -> Match:
    from chatbot_qa.text.numbers import numbers

    ours, theirs = numbers(first), numbers(second)
    if not ours or not theirs or relation.times is None:
        which = "the first reply" if not ours else "the reply to the changed question"
        return Match("unsure", "values", f"no number stands in {which}")
    wanted = [value * relation.times for one in ours for value in one.values]
    tolerance = float(relation.tolerance)
    for one in theirs:
        for value in one.values:
            if any(abs(value - it) <= abs(it) * tolerance + 1e-9 for it in wanted):
                reason = f"{second[one.start : one.end]} is {relation.times:g} times the first"
                return Match("agree", "values", reason)
    here = " and ".join(second[one.start : one.end] for one in theirs)
    there = " and ".join(f"{value:g}" for value in dict.fromkeys(wanted))
    reason = f"{here}, where {relation.times:g} times the first is {there}"
    return Match("disagree", "values", reason, tuple((one.start, one.end) for one in theirs))


_ITEM = re.compile(r"(?m)^\s*(?:[-*•]|\d+[.)])\s+(.+?)\s*$")
_OF_ITEM = re.compile(r"\s+[–—-]\s+|:\s|\s\(|\*\*")


def items(text: str) -> tuple[str, ...]:
    """What a reply lists: its points, or else the parts of its one enumeration; () if none."""
    points = _ITEM.findall(text)
    if not points:
        points = _enumerated(text)
    names = (next((part for part in _OF_ITEM.split(point) if part.strip()), "") for point in points)
    return tuple(fold(name).strip(" .;,*") for name in names if name.strip())


_AND = r"(?:and|or|und|oder|y|o|et|ou|e)"
_ENUMERATION = re.compile(rf"[^.:;!?\n]*(?:,[^.:;!?\n]*)+?\b{_AND}\b[^.;!?\n]*")
_JOINTS = re.compile(rf",\s*{_AND}\s+|,\s*|\s+{_AND}\s+")


def _enumerated(text: str) -> list[str]:
    """The parts of "…: tents, stoves and maps"; only behind a colon, where it begins clearly."""
    _, colon, rest = text.partition(":")
    found = _ENUMERATION.match(rest) if colon else None
    return [part for part in _JOINTS.split(found.group()) if part.strip()] if found else []


def _subset(_: Relation, first: str, second: str) -> Match:
    ours, theirs = items(first), items(second)
    if not ours or not theirs:
        which = "the first reply" if not ours else "the reply to the changed question"
        return Match("unsure", "lists", f"{which} lists nothing")
    new = tuple(one for one in theirs if one not in ours)
    if not new:
        return Match("agree", "lists", "it lists nothing that the first reply did not")
    return Match("disagree", "lists", f"it lists {listed(new, 'and')}, which the first did not")


_YES = re.compile(
    r"(?:yes|yeah|yep|sure|of course|certainly|absolutely|correct|right|ja|jawohl|klar|sí|si|"
    r"claro|oui|bien sûr|sim)\b"
)
_NO = re.compile(
    r"(?:no|nope|not at all|certainly not|unfortunately not|incorrect|nein|leider nicht|non|não)\b"
)


def polarity(text: str) -> str:
    """``yes`` or ``no`` where a reply opens with it; else ""."""
    words = fold(text).lstrip("\"'*¡¿ ")
    if _NO.match(words):
        return "no"
    return "yes" if _YES.match(words) else ""


def _opposite(_: Relation, first: str, second: str) -> Match:
    ours, theirs = polarity(first), polarity(second)
    if not ours or not theirs:
        which = "the first reply" if not ours else "the reply to the changed question"
        return Match("unsure", "yes or no", f"{which} does not open with yes or no")
    if ours == theirs:
        return Match("disagree", "yes or no", f"both say {shown(ours)}")
    return Match("agree", "yes or no", f"{theirs}, where the first is {ours}")


_RELATIONS: Mapping[Holds, Callable[[Relation, str, str], Match]] = {
    "converts": _converts,
    "subset": _subset,
    "opposite": _opposite,
}
