"""Where a text mentions a value, however it is formatted, and whether as the current one."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from chatbot_qa.text.fold import heap, needle, without_accents

_RUN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]+")
_SEPARATED = r"(?![.,;:!?]\s)[\W_]{0,3}"
_NOTHING = re.compile(r"(?!)")


class Standing(IntEnum):
    """How a value is given: denied or as past, plainly, or as the one that holds now."""

    DENIED = -2
    PAST = -1
    PLAIN = 0
    CURRENT = 1


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
    is ``May 20th``.
    """
    words = plain(text)
    spans = [match.span() for match in _pattern(value).finditer(words)]
    if any(letter.isdigit() for letter in value):
        spans += _amounts(words, value)
        spans += _days(words, value)
    return tuple(Mention(*span, _standing(words, *span)) for span in _apart(spans))


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


def _body(run: str) -> str:
    """A run as written; digits also in groups where there are so many that people group them."""
    return r"[\s\-.,']?".join(run) if run.isdecimal() and len(run) > 3 else re.escape(run)


_FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+|(?!0\d)\d+(?:\.\d+)?)(?:\s+([^\W\d_]+))?")


def _amounts(words: str, value: str) -> list[tuple[int, int]]:
    """Where the value stands as a number of the same size; a code like ``02134`` is none."""
    match = _FIGURE.fullmatch(value.strip())
    if match is None:
        return []
    from chatbot_qa.text.numbers import numbers, unit_name

    amount = float(match.group(1).replace(",", ""))
    unit = unit_name(match.group(2)) if match.group(2) else ""
    return [
        (number.start, number.end)
        for number in numbers(words)
        if amount in number.values and (not unit or unit in number.units)
    ]


def _days(words: str, value: str) -> list[tuple[int, int]]:
    """Where the value stands as the same day, if it is one."""
    from chatbot_qa.text.dates import dates, same_day

    meant = dates(value)
    if len(meant) != 1:
        return []
    return [(date.start, date.end) for date in dates(words) if same_day(date, meant[0])]


# ── standing ────────────────────────────────────────────────────────────────────────

_CLAUSE = re.compile(r"[.!?;:](?:\s|$)|,\s|[()]|\s(?:but|sino|sondern|mais|aber|pero|mas)\s")
# The words between a cue and the value are few: "not the order A-1042" denies the order,
# "could not find the order A-1042" does not.
_DENIES = re.compile(
    r"(?:(?:^|\b(?:is|was|are|were|be|it's|that's)\s)\W*not\b(?:\W+\w+){0,3}"
    r"|\bnot"
    r"|\b(?:isn't|wasn't|aren't|no longer|instead of|rather than)\b(?:\W+\w+){0,3}"
    r"|\b(?:know|knew|sure|certain|confirm)\s(?:if|whether)\b(?:\W+\w+){0,5}"
    r"|\b(?:nicht|statt|anstatt|pas|plus|ya no|nao|au lieu de|en lugar de|en vez de|"
    r"em vez de)\b(?:\W+\w+){0,2}"
    r"|\b(?:no|kein|keine|no es|no era)\b(?:\W+\w+)?"
    r")\W*$"
)
_DENIED = re.compile(
    r"^\W*(?:(?:is|was)\s)?(?:wrong|incorrect|outdated|invalid|obsolete)\b"
    r"|^\W*(?:is not|was not|isn't|wasn't|is no longer)\s(?:right|correct|valid|current|used|"
    r"in use|"
    r"the|your)\b"
)
_ASIDE = re.compile(r"\bnot (?:only|just|to mention)\b|\b(?:why|if) not\b")
_PASTS = re.compile(
    r"\b(?:was|were|used to|previous(?:ly)?|former(?:ly)?|before|old|earlier|original(?:ly)?|"
    r"initial(?:ly)?|at first|first (?:said|told|gave)|from|replac(?:e|es|ed|ing)|"
    r"correct(?:ed|ing)|overwr\w+|war|fruher\w*|vorher\w*|alte\w*|von|antes|anterior|era|"
    r"avant|ancien\w*|etait|anteriormente|antig[oa]s?)\b(?:\W+\w+){0,4}\W*$"
)
_HOLDS = re.compile(
    r"\b(?:now|new|current(?:ly)?|updated?|actual(?:ly)?|latest|then|(?<!used )to|with|by|into|"
    r"jetzt|neu\w*|aktuell\w*|auf|nun|ahora|nuev[oa]|maintenant|nouve\w+|agora|nov[oa])"
    r"\b(?:\W+\w+){0,2}\W*$"
)
_HELD = re.compile(r"^\W*(?:now\b|instead\b|(?:is|as) (?:now|the (?:new|current|correct)))")


def _standing(words: str, start: int, end: int) -> Standing:
    before = words[max(0, start - 80) : start]
    clauses = list(_CLAUSE.finditer(before))
    if clauses:
        before = before[clauses[-1].end() :]
    after = words[end : end + 40]
    denies, holds = _DENIES.search(before), _HOLDS.search(before)
    if _DENIED.search(after) or (denies and not _ASIDE.search(before)):
        return Standing.DENIED
    past = _PASTS.search(before)
    if past and not (holds and holds.start() > past.start()):
        return Standing.PAST
    if holds or _HELD.search(after):
        return Standing.CURRENT
    return Standing.PLAIN


_BECOMES = re.compile(r"\W*(?:->|=>|→|⇒|\b(?:to|by|with|into|auf|durch|por|par|a)\b)\W*")


def becomes(text: str, first: Mention, second: Mention) -> bool:
    """Whether the text says that the first of two mentioned values became the second."""
    return _BECOMES.fullmatch(plain(text), first.end, second.start) is not None
