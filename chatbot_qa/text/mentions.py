"""Where a text mentions a value, however it is formatted, and whether as the current one."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from chatbot_qa.text.fold import heap, needle, without_accents
from chatbot_qa.text.standing import Standing, standing

if TYPE_CHECKING:
    from chatbot_qa.text.dates import Dated
    from chatbot_qa.text.numbers import Number

__all__ = ["Mention", "Standing", "becomes", "mentions", "plain"]

_RUN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]+")
_SEPARATED = r"(?![.,;:!?]\s)[\W_]{0,3}"
_NOTHING = re.compile(r"(?!)")


MOST = 200
"""Mentions that are told: whoever repeats a value more often says nothing more by it."""


class Mention(Struct, frozen=True):
    """A place in ``plain(text)`` where a value stands."""

    start: int
    end: int
    standing: Standing


def plain(text: str) -> str:
    """The text as mentions are looked for in it: folded, without accents."""
    return without_accents(heap(text))


def mentions(text: str, value: str) -> tuple[Mention, ...]:
    """Where the text mentions the value, in order, with the standing of each.

    Formatting does not count: ``A-1042`` is ``a 1042`` and ``A1042``, ``98187`` is
    ``98,187``, ``José`` is ``jose``, ``30 days`` is ``thirty days`` and ``2024-05-20``
    is ``May 20th``. At most the first ``MOST`` are told.
    """
    words = plain(text)
    spans = [match.span() for match in _pattern(value).finditer(words)]
    if any(letter.isdigit() for letter in value):
        spans += _amounts(words, value)
        spans += _days(words, value)
    return tuple(Mention(*span, standing(words, *span)) for span in _apart(spans)[:MOST])


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, without those that begin inside another."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


@lru_cache(maxsize=1024)
def _pattern(value: str) -> re.Pattern[str]:
    """Finds the letters and digits of the value in order, with what may stand between them."""
    words = without_accents(needle(value))
    runs = list(_RUN.finditer(words))
    meant = [run for run in runs if run[0][0].isalnum() or (run.start() and _counts(run[0]))]
    meant = meant or runs
    if not meant:
        return _NOTHING
    body = _body(meant[0][0])
    for before, run in pairwise(meant):
        own = re.escape(words[before.end() : run.start()])
        body += f"(?:{own}|{_SEPARATED}){_body(run[0])}"
    first, last = meant[0][0], meant[-1][0]
    if first[0].isalnum():
        body = (r"(?<![^\W_])(?<!\d[.,])" if first.isdigit() else r"(?<![^\W_])") + body
    if last[0].isalnum():
        body += r"(?![^\W_])(?![.,]\d)" if last.isdigit() else r"(?![^\W_])"
    return re.compile(body)


def _counts(mark: str) -> bool:
    """Whether marks inside or behind a value belong to it, as in C++ and ann@shop.example."""
    return any(letter in "+@%&#$€£*" for letter in mark)


_SPELLED = 2
"""Letters up to which a run is too short to be told when it is spelled."""
_APART = r"(?:\s?[-.,]\s?|\s)"


def _body(run: str) -> str:
    """A run as written; many digits also in groups, and a word also spelled: P-R-I-Y-A."""
    if run.isdecimal():
        return r"[\s\-.,']?".join(run) if len(run) > 3 else run
    if run.isalpha() and len(run) > _SPELLED:
        return rf"(?:{re.escape(run)}|{_APART.join(map(re.escape, run))})"
    return re.escape(run)


_FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+|(?!0\d)\d+(?:\.\d+)?)(?:\s+([^\W\d_]+))?")


def _amounts(words: str, value: str) -> list[tuple[int, int]]:
    """Where the value stands as a number of the same size; a code like ``02134`` is none."""
    match = _FIGURE.fullmatch(value.strip())
    if match is None:
        return []
    from chatbot_qa.text.numbers import unit_name

    amount = float(match.group(1).replace(",", ""))
    unit = unit_name(match.group(2)) if match.group(2) else ""
    return [
        (number.start, number.end)
        for number in _numbers(words)
        if amount in number.values and (not unit or unit in number.units)
    ]


@lru_cache(maxsize=8)
def _numbers(words: str) -> tuple[Number, ...]:
    """The numbers of a reply, in which several values are looked for in turn."""
    from chatbot_qa.text.numbers import numbers

    return numbers(words)


@lru_cache(maxsize=8)
def _dates(words: str) -> tuple[Dated, ...]:
    from chatbot_qa.text.dates import dates

    return dates(words)


def _days(words: str, value: str) -> list[tuple[int, int]]:
    """Where the value stands as the same day, if it is one."""
    from chatbot_qa.text.dates import dates, same_day

    meant = dates(value)
    if len(meant) != 1:
        return []
    return [(date.start, date.end) for date in _dates(words) if same_day(date, meant[0])]


_BECOMES = re.compile(r"\W*(?:->|=>|→|⇒|\b(?:to|by|with|into|auf|durch|por|par|a)\b)\W*")


def becomes(text: str, first: Mention, second: Mention) -> bool:
    """Whether the text says that the first of two mentioned values became the second."""
    return _BECOMES.fullmatch(plain(text), first.end, second.start) is not None
