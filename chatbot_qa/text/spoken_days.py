"""Days that are told by their distance: tomorrow, in 3 days, pasado mañana, übermorgen.

Where they stand is found by patterns of the text's language (en, es, de, fr, pt); what day
they mean is read by ``dateparser``, which is imported when the first of them is found.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

from msgspec import Struct

from chatbot_qa.text.dates import Day
from chatbot_qa.text.fold import fold
from chatbot_qa.text.languages import tongue

_COUNT = r"(?:\d{1,3}|[^\W\d_]+)"
_SPOKEN = {
    "en": rf"(?:the )?day after tomorrow|tomorrow|today|yesterday|in {_COUNT} (?:days?|weeks?|"
    rf"months?)|{_COUNT} (?:days?|weeks?|months?) ago",
    "es": rf"pasado mañana|(?<!la )(?<!esta )mañana|hoy|ayer|(?:dentro de|en|hace) {_COUNT} "
    r"(?:días?|semanas?|mes(?:es)?)",
    "de": rf"übermorgen|(?<!guten )(?<!am )(?<!heute )morgen|heute|vorgestern|gestern|(?:in|vor) "
    rf"{_COUNT} (?:tag|tagen|wochen?|monat|monaten)",
    "fr": rf"après-demain|demain|aujourd'hui|avant-hier|hier|(?:dans|il y a) {_COUNT} (?:jours?|"
    r"semaines?|mois)",
    "pt": rf"depois de amanhã|amanhã|hoje|ontem|(?:em|há|daqui a|dentro de) {_COUNT} (?:dias?|"
    r"semanas?|m[êe]s(?:es)?)",
}


class SpokenDay(Struct, frozen=True):
    """A day told by its distance, as it stands in the text; ``day`` None if it is not read."""

    text: str
    day: Day | None


def spoken_days(text: str, at: float) -> tuple[SpokenDay, ...]:
    """The days that a text tells by their distance from ``at``, in seconds since the epoch."""
    code = tongue(text).code
    if code not in _SPOKEN:
        return ()
    found = re.finditer(rf"\b(?:{_SPOKEN[code]})\b", fold(text))
    return tuple(SpokenDay(one[0], _day(one[0], code, at)) for one in found)


def _day(words: str, code: str, at: float) -> Day | None:
    base = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
    read = _reader(code, base).get_date_data(words).date_obj
    return Day(read.year, read.month, read.day) if read else None


@cache
def _module() -> Any:
    return import_module("dateparser.date")


def _reader(code: str, base: datetime) -> Any:
    settings = {
        "RELATIVE_BASE": base,
        "PARSERS": ["relative-time"],
        "PREFER_DATES_FROM": "future",
        "TIMEZONE": "UTC",
    }
    return _module().DateDataParser(languages=[code], settings=settings)
