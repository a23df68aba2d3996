"""Points and stretches of time in a text: days, months, years, decades, centuries."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.answer_words import ORDINALS
from chatbot_qa.text.dates import dates


class Agreement(IntEnum):
    """How a time that is said agrees with the one that is meant, best last."""

    OTHER = 0
    NEAR = 1
    PART = 2
    COARSER = 3
    SAME = 4


class Time(Struct, frozen=True):
    """A time in a text: the years from first to last, a month and a day (0: none said)."""

    first: int
    last: int
    month: int = 0
    day: int = 0
    start: int = 0

    def agrees(self, said: Time) -> Agreement:
        """How another time agrees with this one, which is meant."""
        if not self._year_meets(said):
            close = self.first and said.first and abs(self.first - said.first) <= 1
            return Agreement.NEAR if close else Agreement.OTHER
        if self.month and said.month and self.month != said.month:
            return Agreement.PART
        if self.day and said.day and self.day != said.day:
            return Agreement.PART
        if (self.month and not said.month) or (self.day and not said.day):
            return Agreement.COARSER
        wider = said.last - said.first > self.last - self.first
        return Agreement.COARSER if wider or (self.first and not said.first) else Agreement.SAME

    def _year_meets(self, said: Time) -> bool:
        if not self.first or not said.first:
            return bool(self.month and said.month)
        return self.first <= said.last and said.first <= self.last


_ORDINALS = {word: count for count, word in enumerate(ORDINALS.split(), 1)}
_TIME = re.compile(
    r"(?P<decade>(?<![\w$€£])(?:1\d|20)\d0)(?:'?s|er)\b"
    r"|(?P<month>[a-z]{3,10})\.?,? (?:of |de |del )?(?P<of>(?:1\d|20)\d\d)\b"
    r"|\b(?P<nth>\d{1,2})(?:st|nd|rd|th|\.|e|eme)? (?:century|jahrhundert|siecle)\b"
    r"|\b(?P<spoken>" + "|".join(_ORDINALS) + r")[ -]century\b"
    r"|(?<![\w$€£.,-])(?P<from>(?:1\d|20)\d\d)\s?[-–/]\s?(?P<to>(?:(?:1\d|20)\d\d|\d\d))\b(?![-/])"
    r"|(?<![\w$€£])(?<!\d[.,])(?<![a-z]-)(?P<year>(?:1\d|20)\d\d)(?![\w%])(?![.,]\d)"
    r"|\b(?P<old>\d{1,4}) ?(?P<era>bce?|ad|ce)\b|\bad (?P<ad>\d{1,4})\b"
)


@lru_cache(maxsize=256)
def times(text: str) -> tuple[Time, ...]:
    """The times of a bare text in order; places are those of the text in lower case."""
    low = text.lower()
    found: list[Time] = []
    taken: list[tuple[int, int]] = []
    for dated in dates(low):
        taken.append((dated.start, dated.end))
        found += [Time(day.year, day.year, day.month, day.day, dated.start) for day in dated.days]
    for match in _TIME.finditer(low):
        start = match.start()
        if not any(first <= start < last for first, last in taken):
            found += _read(match)
    return tuple(sorted(found, key=lambda time: time.start))


def _read(match: re.Match[str]) -> list[Time]:
    part = match.groupdict()
    start = match.start()
    if part["decade"]:
        year = int(part["decade"])
        return [Time(year, year + (99 if year % 100 == 0 and year < 2000 else 9), start=start)]
    if part["of"]:
        year, month = int(part["of"]), month_of(part["month"])
        return [Time(year, year, month, start=start)]
    if part["nth"] or part["spoken"]:
        century = int(part["nth"] or _ORDINALS[part["spoken"]])
        return [Time(century * 100 - 99, century * 100, start=start)]
    if part["from"]:
        first, last = part["from"], part["to"]
        until = int(last if len(last) == 4 else first[:2] + last)
        return [Time(int(first), int(first), start=start), Time(until, until, start=start)]
    if part["year"]:
        return [Time(int(part["year"]), int(part["year"]), start=start)]
    year = int(part["old"] or part["ad"])
    year = -year if (part["era"] or "").startswith("b") else year
    return [Time(year, year, start=start)]


@lru_cache(maxsize=512)
def month_of(word: str) -> int:
    """The month that a folded word names in one of five languages, from 1; 0 if none."""
    read = dates(f"1 {word} 2000")
    return read[0].days[0].month if read else 0
