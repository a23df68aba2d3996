"""Where the values of two replies exclude each other, and where they are the same.

Two values exclude each other only in one place of what is said: where the question wants
such a value and each reply has one, or where the clauses around them say the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from chatbot_qa.text.agreement_units import DIMENSIONS
from chatbot_qa.text.changed_words import word_set
from chatbot_qa.text.claim import Claim, Kind
from chatbot_qa.text.claims import Claims
from chatbot_qa.text.clauses import clauses
from chatbot_qa.text.numbers import bare
from chatbot_qa.text.wanted import wanted


class Replies(Struct, frozen=True):
    """What two replies claim, and the question with what it claims itself."""

    ours: Claims
    theirs: Claims
    asked: Claims
    ask: str


def own(values: Sequence[Claim], asked: Claims) -> list[Claim]:
    """The values that are not those of the question."""
    return [one for one in values if not any(one.same(it) for it in asked.values)]


_SAID_ALIKE = 0.6
"""The share of words in common from which two clauses say the same of their values."""


def conflicts(pair: Replies) -> list[tuple[Claim, Claim]]:
    """Values, first and second, that exclude each other: of one slot, in one place."""
    ours, theirs = own(pair.ours.values, pair.asked), own(pair.theirs.values, pair.asked)
    found = []
    for slot in dict.fromkeys(one.slot for one in ours):
        here = [one for one in ours if one.slot == slot]
        there = [one for one in theirs if one.slot == slot]
        if not there or any(one.same(it) or _near(one, it) for one in here for it in there):
            continue
        if any(_said_bare(one, theirs) for one in here) or any(
            _said_bare(it, ours) for it in there
        ):
            continue
        if _exclusive(pair, here, there):
            found += list(zip(here, there, strict=False))
    return found or _bound_apart(pair)


def _said_bare(one: Claim, others: Sequence[Claim]) -> bool:
    """Whether the other reply has the number too, with a unit where this has none."""
    return one.slot == (Kind.NUMBER, "") and any(
        it.kind is Kind.NUMBER and not it.readings.isdisjoint(one.readings) for it in others
    )


def _bound_apart(pair: Replies) -> list[tuple[Claim, Claim]]:
    """The same number as the most in one reply and as the least in the other."""
    return [
        (one, other)
        for one in pair.ours.values
        for other in pair.theirs.values
        if one.against(other)
        and one.slot == other.slot
        and not one.readings.isdisjoint(other.readings)
        and _placed_alike(_around(pair.ours, one), _around(pair.theirs, other))
    ]


def _placed_alike(around: frozenset[str], about: frozenset[str]) -> bool:
    return around == about or alike(around, about) >= _SAID_ALIKE


def _near(one: Claim, other: Claim) -> bool:
    """Whether they may be one value said with more or less care: 5 days, 3 to 5 business days."""
    if one.unit != other.unit or one.against(other):
        return False
    if one.unit in DIMENSIONS and one.ends is None and other.ends is None and _close(one, other):
        return True
    if one.kind is Kind.DAY and one.detail and other.detail and one.detail != other.detail:
        return False
    if (one.ends is None) != (other.ends is None):
        low, high = one.ends or other.ends or (0, 0)
        alone = other if one.ends else one
        return any(isinstance(it, float) and low <= it <= high for it in alone.readings)
    return not one.readings.isdisjoint(other.readings)


_CLOSE = 0.05
"""How far two amounts may be apart that are one, rounded: a mile, 1.6 km."""
_MONTH = 30.44 * 86400
_DURATIONS = {"time": 1.0, "months": _MONTH}


def _close(one: Claim, other: Claim, scale: float = 1.0) -> bool:
    return any(
        abs(a - b * scale) <= _CLOSE * abs(b * scale)
        for a in one.readings
        for b in other.readings
        if isinstance(a, float) and isinstance(b, float)
    )


def may_be_one(pair: Replies) -> bool:
    """Whether an amount of one is about one of the other: 30 days, one month."""
    if any(_near(one, it) for one in pair.ours.values for it in pair.theirs.values if one.unit):
        return True
    return any(
        _close(one, other, _DURATIONS[other.unit] / _DURATIONS[one.unit])
        for one in pair.ours.values
        for other in pair.theirs.values
        if {one.unit, other.unit} <= _DURATIONS.keys()
    )


def shared_values(pair: Replies) -> list[tuple[Claim, Claim]]:
    """The values that both have, first and second, each at one place of the other at most."""
    free = list(pair.theirs.values)
    found = []
    for one in pair.ours.values:
        other = next((it for it in free if one.same(it)), None)
        if other is not None:
            free.remove(other)
            found.append((one, other))
    return found


def rivals(pair: Replies) -> bool:
    """Whether each reply has a value that the other lacks where one only may be right.

    Those are values of one slot, names that share a part, a day or a number that can be
    read in two ways, and a time of either half of the day.
    """
    ours, theirs = own(pair.ours.values, pair.asked), own(pair.theirs.values, pair.asked)
    left = [one for one in ours if not any(one.same(it) for it in theirs)]
    more = [one for one in theirs if not any(one.same(it) for it in ours)]
    if any(_rival(one, other) for one in left for other in more):
        return True
    return any(
        _half_open(one, other) or _written_apart(one, other)
        for one in ours
        for other in theirs
        if one.same(other)
    )


def _rival(one: Claim, other: Claim) -> bool:
    if {one.kind, other.kind} == {Kind.NUMBER, Kind.TIME}:
        return _hour_alone(*sorted((one, other), key=lambda it: it.kind))
    if one.slot != other.slot or _near(one, other):
        return False
    if one.kind is Kind.NAME:
        return not one.readings.isdisjoint(other.readings)
    return True


def _hour_alone(number: Claim, time: Claim) -> bool:
    """Whether a bare number may be the hour of a time of the afternoon: 8, 8 pm."""
    hours = {one * 60 % 720 for one in number.readings if isinstance(one, float)}
    later = {one % 720 for one in time.readings if isinstance(one, float) and one >= 720}
    return not number.unit and not hours.isdisjoint(later)


def _written_apart(one: Claim, other: Claim) -> bool:
    """Whether both can be read in two ways and may not be meant alike: 3/4 and 4/3."""
    if min(len(one.readings), len(other.readings)) < 2:
        return False
    if one.kind is Kind.DAY:
        here, there = ([int(it) for it in _DIGITS.findall(it.text)[:2]] for it in (one, other))
        return here != there
    signs = [_SIGNS.sub("", it.text.strip(".,")) for it in (one, other)]
    return one.kind is Kind.NUMBER and one.ends is None and signs[0] != signs[1]


_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"[^.,]")


def _half_open(one: Claim, other: Claim) -> bool:
    """Whether one is a time of the afternoon, the other of no half of the day: 18:30, 6:30."""
    if one.kind is not Kind.TIME or one.ends or other.ends:
        return False
    few, many = sorted((one, other), key=lambda it: len(it.readings))
    return len(few.readings) < len(many.readings) and max(map(float, few.readings)) > 780


def _exclusive(pair: Replies, here: Sequence[Claim], there: Sequence[Claim]) -> bool:
    """Whether the values of one slot answer the same thing.

    They do where the question wants such a value and each reply has one only, or where the
    clauses around them say the same.
    """
    kind = here[0].kind
    one_each = len(here) == len(there) == 1
    if kind is Kind.NAME and (_spoken(here[0], pair.theirs) or _spoken(there[0], pair.ours)):
        return False
    if kind in wanted(pair.ask) and one_each:
        return True
    around, about = _around(pair.ours, here[0]), _around(pair.theirs, there[0])
    if kind is Kind.NAME:
        return one_each and bool(around) and around == about
    if not around and not about:
        return one_each and len(pair.ours.clauses) == len(pair.theirs.clauses) == 1
    return one_each and alike(around, about) >= _SAID_ALIKE


def _spoken(name: Claim, said: Claims) -> bool:
    """Whether a word of the name stands in the other reply, if in another form: Greek, Greece."""
    words = {word for clause in said.clauses for word in clause.words}
    return any(word.startswith(str(one)[:4]) for one in name.readings for word in words)


def about_one(pair: Replies, shared: Claim, others: Sequence[Claim]) -> bool:
    """Whether a shared value is what was asked for, or stands among the same words in both.

    Beside ``others``, the values of one reply alone, of which one could be the answer too,
    it is not what was asked for by its kind alone.
    """
    other = next(one for one in pair.theirs.values if one.same(shared))
    rival = any(one.slot == shared.slot for one in others)
    if shared.kind in wanted(pair.ask) and not rival:
        return True
    around, about = _around(pair.ours, shared), _around(pair.theirs, other)
    return _placed_alike(around, about)


def _around(said: Claims, claim: Claim) -> frozenset[str]:
    """The words of the clause in which a value stands, without those of values."""
    for clause in said.clauses:
        if clause.start <= claim.start < max(clause.end, clause.start + 1):
            return frozenset(clause.words) - _measures(said) - _BINDS
    return frozenset()


_BINDS = word_set(
    "after before under over least most more less until till above below since bis ab vor nach "
    "unter uber hasta desde ant despue avant apre depui at depoi"
)
"""Stems of words that say from which side a value binds."""


def _measures(said: Claims) -> frozenset[str]:
    """The stems of the words that are values themselves: days, pm, Monday."""
    return frozenset(
        word for one in said.values for clause in clauses(bare(one.text)) for word in clause.words
    )


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """What share of the words of both they have in common."""
    return len(one & other) / max(1, len(one | other))


def telling(claim: Claim) -> bool:
    """Whether sharing it says something: two replies on anything may share a name."""
    return claim.kind is not Kind.NAME
