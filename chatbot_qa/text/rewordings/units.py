"""Quantities in another unit, where that is exact: 3 km and 3000 m, 2 weeks and 14 days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from random import Random

from msgspec import Struct

from chatbot_qa.text.numbers import Number, numbers
from chatbot_qa.text.rewordings.question import Question


class Unit(Struct, frozen=True):
    """A unit by its forms, the singular first, then the plural (and the dative of German)."""

    forms: tuple[str, ...]


class Pair(Struct, frozen=True):
    """Two units, one of them so many of the other.

    ``most`` is how much of the smaller one people still say.
    """

    large: Unit
    small: Unit
    times: Fraction
    most: int


def _pair(large: str, small: str, times: int | Fraction, most: int) -> Pair:
    return Pair(Unit(tuple(large.split())), Unit(tuple(small.split())), Fraction(times), most)


_SIGNS = (
    _pair("km", "m", 1000, 20_000),
    _pair("kg", "g", 1000, 20_000),
    _pair("l", "ml", 1000, 20_000),
    _pair("m", "cm", 100, 300),
    _pair("cm", "mm", 10, 1000),
)
_INCH = Fraction(254, 100)
_PAIRS = {
    "en": (
        _pair("week weeks", "day days", 7, 70),
        _pair("year years", "month months", 12, 60),
        _pair("kilometer kilometers", "meter meters", 1000, 20_000),
        _pair("kilometre kilometres", "metre metres", 1000, 20_000),
        _pair("kilogram kilograms", "gram grams", 1000, 20_000),
        _pair("hour hours", "minute minutes", 60, 180),
        _pair("inch inches", "cm", _INCH, 1000),
    ),
    "es": (
        _pair("semana semanas", "día días", 7, 70),
        _pair("año años", "mes meses", 12, 60),
        _pair("kilómetro kilómetros", "metro metros", 1000, 20_000),
        _pair("kilo kilos", "gramo gramos", 1000, 20_000),
        _pair("hora horas", "minuto minutos", 60, 180),
        _pair("pulgada pulgadas", "cm", _INCH, 1000),
    ),
    "de": (
        _pair("Woche Wochen Wochen", "Tag Tage Tagen", 7, 70),
        _pair("Jahr Jahre Jahren", "Monat Monate Monaten", 12, 60),
        _pair("Kilometer Kilometer Kilometern", "Meter Meter Metern", 1000, 20_000),
        _pair("Kilogramm Kilogramm", "Gramm Gramm", 1000, 20_000),
        _pair("Stunde Stunden Stunden", "Minute Minuten Minuten", 60, 180),
        _pair("Zoll Zoll", "cm", _INCH, 1000),
    ),
    "fr": (
        _pair("semaine semaines", "jour jours", 7, 70),
        _pair("an ans", "mois mois", 12, 60),
        _pair("kilomètre kilomètres", "mètre mètres", 1000, 20_000),
        _pair("kilo kilos", "gramme grammes", 1000, 20_000),
        _pair("heure heures", "minute minutes", 60, 180),
        _pair("pouce pouces", "cm", _INCH, 1000),
    ),
    "pt": (
        _pair("semana semanas", "dia dias", 7, 70),
        _pair("ano anos", "mês meses", 12, 60),
        _pair("quilômetro quilômetros", "metro metros", 1000, 20_000),
        _pair("quilo quilos", "grama gramas", 1000, 20_000),
        _pair("hora horas", "minuto minutos", 60, 180),
        _pair("polegada polegadas", "cm", _INCH, 1000),
    ),
}
_WORD = re.compile(r"(?P<gap>[ \u00a0\u202f-]?)(?P<unit>[^\W\d_]+)(?!['’\w])")
_COUNTED_OTHERWISE = re.compile(
    r"[ -](?:old|hábiles|laborables|naturales|ouvr\w+|úteis|corridos|calendaires)\b"
)
_DATIVE = re.compile(
    r"\b(?:in|nach|vor|seit|von|vom|mit|aus|bei|zu|ab|binnen|innerhalb|den)"
    r"(?: [^\W\d_]+){0,2} $",
    re.IGNORECASE,
)


class Quantity(Struct, frozen=True):
    """A number with its unit as it stands in a text."""

    value: Fraction
    gap: str
    unit: str
    start: int
    end: int


def unit(question: Question, _: Random) -> tuple[str, ...]:
    """Quantities in another unit, where that is exact: 3 km and 3000 m, 2 weeks and 14 days."""
    text = question.text
    for quantity in reversed(tuple(_quantities(question))):
        other = _converted(quantity, question)
        if other:
            text = text[: quantity.start] + other + text[quantity.end :]
    return (text,)


def _quantities(question: Question) -> Iterator[Quantity]:
    for number in numbers(question.text):
        match = _WORD.match(question.text, number.end)
        if not match or _COUNTED_OTHERWISE.match(question.text, match.end()):
            continue
        value = _value(number, question.text)
        if value and _free(question, number.start, match.end()):
            yield Quantity(value, match["gap"], match["unit"], number.start, match.end())


def _free(question: Question, start: int, end: int) -> bool:
    """Whether a quantity is no part of something that is kept, nor the end of a range."""
    meets = [span for span in question.kept if span[0] < end and start < span[1]]
    inside = all(start <= first and last <= end for first, last in meets)
    protected = any(first < end and start < last for first, last in question.protected)
    named = question.language != "de" and _NAMED.search(question.text[:start])
    return inside and not protected and not named and not _in_a_range(question.text, start)


_NAMED = re.compile(r"[^\W\d_,;:] [A-ZÀ-Þ]\w+ \Z")
"""A capital inside a sentence: "a Zephyr 3000" is a name with its number."""


def _value(number: Number, text: str) -> Fraction | None:
    """What the number says, if it says one thing; "1,000" may be one or a thousand."""
    if len(number.values) != 1 or number.values[0] <= 0:
        return None
    before = text[number.start - 1 : number.start]
    if before and not (before.isspace() or before in "(\"'"):
        return None
    return Fraction(str(number.values[0]))


_RANGE = re.compile(
    r"(?:\d|\w)\s?(?:[-–/]|to|or|and|bis|oder|und|a|o|y|ou|et|à|e)\s?$", re.IGNORECASE
)


def _in_a_range(text: str, place: int) -> bool:
    """Whether the number ends a range whose first number would keep the old unit."""
    before = next((one for one in reversed(numbers(text[:place]))), None)
    if before is None:
        return False
    return _RANGE.fullmatch(text[max(0, before.end - 1) : place]) is not None


def _converted(quantity: Quantity, question: Question) -> str:
    for pair in (*_PAIRS.get(question.language, ()), *_SIGNS):
        for old, new, times in (
            (pair.large, pair.small, pair.times),
            (pair.small, pair.large, 1 / pair.times),
        ):
            if quantity.unit in old.forms and not _speaks_of(new, quantity, question.text):
                figure = _figure(quantity.value * times, question.language)
                if figure and not _silly(quantity.value * times, pair):
                    return figure + quantity.gap + _named(new, figure, quantity, question)
    return ""


def _speaks_of(unit: Unit, quantity: Quantity, text: str) -> bool:
    """Whether the rest of the text has the other unit: "how many days are 2 weeks?"."""
    rest = text[: quantity.start] + " " + text[quantity.end :]
    return any(re.search(rf"(?<![^\W\d_])(?<!['’]){form}\b", rest) for form in unit.forms)


def _figure(value: Fraction, language: str) -> str:
    """The number in figures, with at most one decimal; "" where that is not exact."""
    if (value * 10).denominator != 1:
        return ""
    whole, tenth = divmod(int(value * 10), 10)
    mark = "." if language in ("en", "") else ","
    return f"{whole}{mark}{tenth}" if tenth else str(whole)


def _silly(value: Fraction, pair: Pair) -> bool:
    """Whether nobody would say so: 1.5 weeks, 0.1 kg, 900 days; half a kilo is said."""
    if value > pair.most:
        return True
    return value.denominator != 1 and (
        value < Fraction(1, 2) or (pair not in _SIGNS and pair.times != _INCH)
    )


def _named(new: Unit, figure: str, quantity: Quantity, question: Question) -> str:
    """The new unit in the number and case that its place wants."""
    singular, plural, dative = new.forms[0], new.forms[:2][-1], new.forms[-1]
    if figure == "1" or (quantity.gap == "-" and question.language == "en"):
        return singular
    return dative if _dative(quantity, question.text) else plural


_ONLY_DATIVE = frozenset({"Tagen", "Monaten", "Jahren", "Kilometern", "Metern"})
_NEVER_DATIVE = frozenset({"Tage", "Monate", "Jahre"})


def _dative(quantity: Quantity, text: str) -> bool:
    if quantity.unit in _ONLY_DATIVE:
        return True
    if quantity.unit in _NEVER_DATIVE:
        return False
    return _DATIVE.search(text[: quantity.start]) is not None
