"""Days as people write them: 2024-05-20, 20 May 2024, May 20th, 20.5.2024, 5/20/24.

The months and the days of the week are those of English, German, Spanish, French and
Portuguese; months also cut short.
"""

from __future__ import annotations

import re
from itertools import product

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents


class Day(Struct, frozen=True):
    """A day of a calendar; ``year`` is 0 where none is said."""

    year: int
    month: int
    day: int

    def same(self, other: Day) -> bool:
        """Whether both can be one day: a year that is not said agrees with any."""
        years = {self.year, other.year} - {0}
        return (self.month, self.day) == (other.month, other.day) and len(years) < 2


class Dated(Struct, frozen=True):
    """A date found in a folded text: its possible readings (``5/6`` has two), its place."""

    days: tuple[Day, ...]
    start: int
    end: int


_MONTHS = (
    "january jan januar enero ene janvier janv janeiro",
    "february feb februar febrero fevrier fevr fevereiro fev",
    "march mar marz marzo mars marco mrz",
    "april apr abril abr avril avr",
    "may mai mayo maio",
    "june jun juni junio juin junho",
    "july jul juli julio juillet juil julho",
    "august aug agosto ago aout",
    "september sep sept septiembre setiembre septembre setembro",
    "october oct oktober okt octubre octobre outubro",
    "november nov noviembre novembre novembro",
    "december dec dezember dez diciembre dic decembre dezembro",
)
_MONTH = {name: month for month, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES = "|".join(sorted(_MONTH, key=lambda name: (-len(name), name)))
_FIRST = "|".join(
    sorted(
        {name for names in _MONTHS for name in names.split() if len(name) > 3}
        | {names.split()[1] for names in _MONTHS}
        | {"may"},
        key=lambda name: (-len(name), name),
    )
)
"""Months that may stand before their day, as in English: short ones are words elsewhere."""
_DATE = re.compile(
    rf"""\b(?:
    (?P<iso_y>\d{{4}})[-/.](?P<iso_m>\d{{1,2}})[-/.](?P<iso_d>\d{{1,2}})(?:t\d\d:[\d:.]*z?)?
  | (?P<a>\d{{1,2}})[./-](?P<b>\d{{1,2}})[./-](?P<y>\d{{4}}|\d{{2}})
  | (?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.?[oºª]|\.)?[\s-](?:of\s|de\s)?(?P<m1>{_NAMES})\b\.?
    (?:,?[\s-](?:de\s|del\s)?(?P<y1>\d{{4}}))?
  | (?P<m2>{_FIRST})\.?\s(?:the\s)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y2>\d{{4}}))?
    )(?!\w)""",
    re.VERBOSE,
)


def dates(text: str) -> tuple[Dated, ...]:
    """The dates of a text in order; places are those of the text folded, without accents."""
    return dates_in(without_accents(fold(text)))


def dates_in(words: str) -> tuple[Dated, ...]:
    """The dates of a text that is in small letters without accents; places are its own."""
    found = ((match, tuple(_days(match))) for match in _DATE.finditer(words))
    return tuple(Dated(days, *match.span()) for match, days in found if days)


def _days(match: re.Match[str]) -> list[Day]:
    part = match.groupdict()
    if part["iso_y"]:
        readings = [(part["iso_y"], part["iso_m"], part["iso_d"])]
    elif part["a"]:
        year = part["y"] if len(part["y"]) == 4 else f"20{part['y']}"
        readings = [(year, part["b"], part["a"]), (year, part["a"], part["b"])]
    else:
        month = str(_MONTH[part["m1"] or part["m2"]])
        readings = [(part["y1"] or part["y2"] or "0", month, part["d1"] or part["d2"])]
    days = [Day(int(year), int(month), int(day)) for year, month, day in dict.fromkeys(readings)]
    return [day for day in days if 1 <= day.month <= 12 and 1 <= day.day <= 31]


def same_day(first: Dated, second: Dated) -> bool:
    """Whether both can be read as one day."""
    return any(one.same(other) for one, other in product(first.days, second.days))


class Weekday(Struct, frozen=True):
    """A day of the week, Monday being 0, and its place in the text."""

    day: int
    start: int
    end: int


_WEEKDAYS = (
    "monday mondays montag montags lunes lundi lundis segunda-feira segundas-feiras",
    "tuesday tuesdays dienstag dienstags martes mardi mardis terca-feira tercas-feiras",
    "wednesday wednesdays mittwoch mittwochs miercoles mercredi mercredis quarta-feira "
    "quartas-feiras",
    "thursday thursdays donnerstag donnerstags jueves jeudi jeudis quinta-feira quintas-feiras",
    "friday fridays freitag freitags viernes vendredi vendredis sexta-feira sextas-feiras",
    "saturday saturdays samstag samstags sonnabend sonnabends sabado sabados samedi samedis",
    "sunday sundays sonntag sonntags domingo domingos dimanche dimanches",
)
# Cut short they are other words ("sat", "do", "segunda" is second too) and count in a range.
_SHORT = {
    "to|through|thru": "mon tue/tues wed thu/thur/thurs fri sat sun",
    "bis": "mo di mi do fr sa so",
    "a": "lun mar mie jue vie sab dom|"
    "seg/segunda ter/terca qua/quarta qui/quinta sex/sexta sab dom",
    "a|au": "lun mar mer jeu ven sam dim",
}
_WEEKDAY = {name: day for day, names in enumerate(_WEEKDAYS) for name in names.split()}
_DAY_NAME = re.compile(rf"\b(?:{'|'.join(_WEEKDAY)})\b")


def _ranges() -> list[tuple[re.Pattern[str], dict[str, int]]]:
    """For each language the pattern of a range, and the days that its short names mean."""
    found = []
    for between, week in (
        (words, week) for words, weeks in _SHORT.items() for week in weeks.split("|")
    ):
        days = {name: day for day, names in enumerate(week.split()) for name in names.split("/")}
        names = "|".join(sorted(days, key=lambda name: (-len(name), name)))
        pattern = rf"\b({names})\.?(?:\s?[-–]\s?|\s(?:{between})\s)({names})\b"
        found.append((re.compile(pattern), days))
    return found


_RANGES = _ranges()


def weekdays_in(words: str) -> tuple[Weekday, ...]:
    """The days of the week in a text in small letters without accents, in order."""
    found = {match.span(): _WEEKDAY[match[0]] for match in _DAY_NAME.finditer(words)}
    for pattern, days in _RANGES:
        for match in pattern.finditer(words):
            found |= {match.span(group): days[match[group]] for group in (1, 2)}
    return tuple(Weekday(day, *span) for span, day in sorted(found.items()))
