"""Does a reply give the time or the number that is meant, another one, or none?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.answer_parts import Question
from chatbot_qa.text.answer_reply import Said
from chatbot_qa.text.answer_times import Agreement, Time, times
from chatbot_qa.text.answer_words import function
from chatbot_qa.text.numbers import Number, numbers


class Amount(Struct, frozen=True):
    """A number with its scale worked in, its units, and the same in the smallest of its kind.

    ``measures`` makes two weeks 14 days and two years 24 months; a month is no number of days.
    """

    values: frozenset[float]
    units: frozenset[str]
    start: int
    measures: frozenset[tuple[str, float]] = frozenset()

    def same(self, other: Amount) -> bool:
        """Whether both are one amount, though perhaps in other units."""
        if self.measures and other.measures:
            return bool(self.measures & other.measures)
        return bool(self.values & other.values)


def by_time(asked: Question, when: Sequence[Time], reply: Said) -> dict[str, float]:
    # a bare year of the question that is said again is no answer
    years = {(time.first, time.last) for time in asked.times if not time.month}
    given = [
        time for time in times(reply.text) if time.month or (time.first, time.last) not in years
    ]
    if not given:
        return {"no time": 1.0}
    agreements = [max(meant.agrees(time) for meant in when) for time in given]
    best = max(agreements)
    head = [
        how for how, time in zip(agreements, given, strict=True) if time.start < len(reply.head)
    ]
    return {
        f"time: {best.name.lower()}": 1.0,
        "time in head": float(bool(head) and max(head) >= Agreement.COARSER),
        "first time": float(agreements[0] >= Agreement.COARSER),
        "other first": float(agreements[0] <= Agreement.NEAR),
        "many times": float(len(given) > 2),
        "only time": float(len(given) == 1),
    }


_SCALES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "mio": 1e6,
    "tausend": 1e3, "millione": 1e6, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9,
    "mil": 1e3, "millon": 1e6, "millone": 1e6, "mille": 1e3, "milliard": 1e9, "milhao": 1e6,
    "milhoe": 1e6, "bilhao": 1e9, "bilhoe": 1e9, "k": 1e3,
}  # fmt: skip


@lru_cache(maxsize=128)
def amounts_in(text: str) -> tuple[Amount, ...]:
    """The numbers of a text; "2.18 billion" is one number."""
    found: list[Amount] = []
    end = -_BESIDE
    for number in numbers(text):
        scaled = number.start - end < _BESIDE and not _SCALED.isdisjoint(number.values)
        if not scaled:
            found.append(_amount(number))
        end = number.end
    return tuple(found)


_BESIDE = 3
_SCALED = frozenset(_SCALES.values())


def _amount(number: Number) -> Amount:
    scale = next((_SCALES[unit] for unit in number.units if unit in _SCALES), 1.0)
    units = (unit for unit in number.units if unit not in _SCALES and not function(unit))
    values = frozenset(value * scale for value in number.values)
    unit = next((unit for unit in number.units if unit in _SMALLEST), "")
    smallest, count = _SMALLEST.get(unit, ("", 0.0))
    measures = frozenset((smallest, value * count) for value in values if smallest)
    return Amount(values, frozenset(units), number.start, measures)


_SMALLEST = {
    "second": ("second", 1.0), "minute": ("second", 60.0), "hour": ("second", 3600.0),
    "day": ("second", 86400.0), "week": ("second", 604800.0), "month": ("month", 1.0),
    "year": ("month", 12.0),
}  # fmt: skip
"""Units in the smallest of those that they can be told in exactly."""


_CLOSE = 0.05


def by_number(meant: Amount, reply: Said) -> dict[str, float]:
    given = amounts_in(reply.text)
    if not given:
        return {"no number": 1.0}
    same = [amount for amount in given if amount.same(meant)]
    signs = {
        "number: in head": float(any(amount.start < len(reply.head) for amount in same)),
        "number: first": float(given[0].same(meant)),
        "many numbers": float(len(given) > 2),
    }
    of_unit = [amount for amount in given if _comparable(amount, meant)]
    if any(not meant.units or _comparable(amount, meant) for amount in same):
        return signs | {"number: same": 1.0}
    if same:
        return signs | {"number: other unit": 1.0}
    if any(_close(amount, meant) for amount in given):
        return signs | {"number: close": 1.0}
    return signs | {"number: other of the unit" if of_unit else "number: other": 1.0}


def _comparable(amount: Amount, meant: Amount) -> bool:
    """Whether both have a unit of one kind: weeks and days do, weeks and euros do not."""
    kinds = {kind for kind, _ in amount.measures} & {kind for kind, _ in meant.measures}
    return bool(kinds or amount.units & meant.units)


def _close(amount: Amount, meant: Amount) -> bool:
    if amount.measures and meant.measures:
        pairs = [(one, other) for kind, one in amount.measures for like, other in meant.measures
                 if kind == like]  # fmt: skip
    else:
        pairs = [(one, other) for one in amount.values for other in meant.values]
    return any(abs(one - other) <= _CLOSE * abs(other) for one, other in pairs)
