"""Numbers as people write them: 30, thirty, 1,234.50, 1.234,50, $20, 5 %, two hundred.

Also 5 million, 1.5k, two and a half thousand, zweihundertfünf and minus 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.number_words import COMPOUND, NEVER_ALONE, PHRASE, compound, spoken


class Number(Struct, frozen=True):
    """A number found in a text.

    ``values`` are its possible readings: ``1.234`` is 1.234 and 1,234. ``units`` are the
    folded words and signs that stand with it, nearest first. ``start`` and ``end`` are its
    place in the text.
    """

    values: tuple[float, ...]
    units: tuple[str, ...]
    start: int
    end: int


def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text in order, written in digits or (en, de, es, fr, pt) in words."""
    figures = list(_digits(text))
    spoken = (
        word
        for word in _words(text)
        if not any(one.start < word.end and word.start < one.end for one in figures)
    )
    found = sorted((*figures, *spoken), key=lambda number: number.start)
    return tuple(_with_ranges(found, text))


# ── digits ──────────────────────────────────────────────────────────────────────────

_SPACES = " \u00a0\u202f\u2009"
_FIGURE = re.compile(
    # grouped by thousands with white space or apostrophes, or any run of digits . and ,
    rf"(?<![\d.,])(?:\d{{1,3}}(?:[{_SPACES}'’]\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)"
)
_MINUS = re.compile(r"(?:^|[\s(=:])[-−]$")
_ATTACHED = re.compile(r"[^\W\d][-–]?$")  # A-1042 and v2 are names
_MONEY = {
    "$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₹": "inr", "₽": "rub", "₩": "krw",
    "R$": "brl", "US$": "usd", "MX$": "mxn", "CA$": "cad", "C$": "cad", "AU$": "aud", "A$": "aud",
}  # fmt: skip
_SIGN = r"\b(?:R|US|MX|CA?|AU?)\$|[$€£¥₹₽₩]"
_BEFORE = re.compile(rf"({_SIGN}|\b[A-Z]{{3}})\s?[-−]?$")
_AFTER = re.compile(
    rf"\s?({_SIGN}|[%‰°])|[ \u00a0\u202f-]?([^\W\d_]+)(?:[ \u00a0\u202f-]([^\W\d_]+))?"
)


def _digits(text: str) -> Iterator[Number]:
    for match in _FIGURE.finditer(text):
        start, end = match.span()
        values = readings(match.group())
        before = text[max(0, start - 8) : start]
        if not values or (_ATTACHED.search(before) and not _BEFORE.search(before)):
            continue
        factor, end = _scale(text, end, priced=_BEFORE.search(before) is not None)
        half, end = _half(text, end)
        units = _units(before, text, _behind_of(text, end) if factor > 1 else end)
        sign = -1 if _MINUS.search(before) or _negative(text, start, units) else 1
        values = tuple(sign * (value + half) * factor for value in values)
        yield Number(values, units, start, end)


# In small letters without accents. "5m" is five metres, minutes or million: of money it is million.
_SCALE_BEHIND = re.compile(
    r"(?P<thousand>k)\b(?<!401k)(?!\s?(?:gold|tv|video|monitor|display|resolution|screen|uhd))|(?:\s|-)?(?:"
    r"(?P<thousands>thousand|tausend|tsd\b\.?|mil(?: millones| milhoes)?|mille)|"
    r"(?P<million>millions?|millionen|mio\b\.?|millon(?:es)?|milhao|milhoes)|"
    r"(?P<billion>billions?|milliarden?|mrd\b\.?|milliards?|bilhao|bilhoes)|"
    r"(?P<hundred>hundred|hundert))(?![^\W_])"
)
_PRICE_SCALE = re.compile(r"(?P<million>mn?)\b|(?P<billion>bn?)\b")
_FACTORS = {"hundred": 100.0, "thousand": 1e3, "thousands": 1e3, "million": 1e6, "billion": 1e9}


def _scale(text: str, end: int, priced: bool) -> tuple[float, int]:
    """By what the word behind a figure multiplies it, and where that word ends."""
    begin = max(0, end - 3)
    behind = bare(text[begin : end + 20])
    match = _SCALE_BEHIND.match(behind, end - begin)
    if match is None and priced:
        match = _PRICE_SCALE.match(behind, end - begin)
    if match is None or match.lastgroup is None:
        return 1.0, end
    factor = (
        1e9 if match[0].endswith(("mil millones", "mil milhoes")) else _FACTORS[match.lastgroup]
    )
    return factor, begin + match.end()


_OF = re.compile(r"\s(?:de\s|d['’])")


def _behind_of(text: str, end: int) -> int:
    """Where the unit begins behind a scale: "5 millones de euros", "5 millions d'euros"."""
    match = _OF.match(text, end)
    return match.end() - 1 if match and match[0].endswith(" ") else match.end() if match else end


_HALF_BEHIND = re.compile(r"½|\s(?:and a half|y medi[oa]|et demie?|e mei[oa])\b", re.IGNORECASE)


def _half(text: str, end: int) -> tuple[float, int]:
    """The half behind a figure, and where it ends."""
    match = _HALF_BEHIND.match(text, end)
    return (0.5, match.end()) if match else (0.0, end)


_MINUS_WORD = re.compile(r"(?<!\d )(?<!\d)\bminus\s$|(?P<romance>\b(?:menos|moins)\s)$")
_AT_LEAST = re.compile(r"\b(?:al|lo|pelo|ao|au|ou|o|du)\s(?:menos|moins)\s$")
_DEGREES = ("°", "grad", "grau", "degre")


def _negative(text: str, start: int, units: tuple[str, ...]) -> bool:
    """Whether "minus" stands before; "menos 5" is less than zero of degrees only."""
    before = bare(text[max(0, start - 14) : start])
    match = _MINUS_WORD.search(before)
    if match is None or _AT_LEAST.search(before):
        return False
    return not match["romance"] or any(unit.startswith(_DEGREES) for unit in units)


@lru_cache(maxsize=2048)
def readings(figure: str) -> tuple[float, ...]:
    """What a figure can mean, whichever mark its writer uses for decimals; none if nothing."""
    plain = re.sub(rf"[{_SPACES}'’]", "", figure).rstrip(".,")
    marks = [mark for mark in plain if mark in ".,"]
    if not marks:
        return (float(plain),)
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            return ()
        whole, _, part = plain.rpartition(decimal)
        return (float(f"{re.sub('[.,]', '', whole)}.{part}"),)
    parts = re.split("[.,]", plain)
    grouped = 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    together = (float("".join(parts)),) if grouped and parts[0].strip("0") else ()
    if len(parts) > 2:
        return together
    return (*together, float(".".join(parts)))


_PER_CENT = frozenset({"per cent", "por ciento", "por cento", "pour cent"})


def _units(before: str, text: str, end: int) -> tuple[str, ...]:
    found: list[str] = []
    sign = _BEFORE.search(before)
    if sign:
        found.append(unit_name(sign.group(1)))
    after = _AFTER.match(text, end)
    if after:
        words = [word for word in after.groups() if word]
        in_hundred = " ".join(words).lower() in _PER_CENT
        found.extend(["%"] if in_hundred else map(unit_name, words))
    return tuple(found)


# ── words ───────────────────────────────────────────────────────────────────────────

# Letter for letter, so that places in the bare text are places in the text.
_BARE = str.maketrans(
    "áàâäãéèêëíìîïóòôöõúùûüñçßÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇİ",
    "aaaaaeeeeiiiiooooouuuuncsaaaaaeeeeiiiiooooouuuunci",
)


def bare(text: str) -> str:
    """The text in small letters without accents, letter for letter: places stay places."""
    return text.translate(_BARE).lower()


def _words(text: str) -> Iterator[Number]:
    plain = bare(text)
    for match in PHRASE.finditer(plain):
        phrase = match.group()
        units = _units("", text, match.end())
        if phrase in NEVER_ALONE and not _COUNTED.intersection(units[:1]):
            continue
        values = spoken(phrase)
        sign = -1 if _negative(text, match.start(), units) else 1
        yield from (Number((sign * value,), units, *match.span()) for value in values)
    for match in COMPOUND.finditer(plain):
        value = compound(match[0])
        if value is not None:
            factor, end = _scale(text, match.end(), priced=False)
            units = _units("", text, _behind_of(text, end) if factor > 1 else end)
            sign = -1 if _negative(text, match.start(), units) else 1
            yield Number((sign * value * factor,), units, match.start(), end)


# ── units ───────────────────────────────────────────────────────────────────────────

_ALIASES = {
    "percent": "%", "per": "%", "prozent": "%", "dollar": "usd", "euro": "eur", "pound": "gbp",
    "yen": "jpy", "quid": "gbp", "hr": "hour", "h": "hour", "min": "minute", "mins": "minute",
    "sec": "second", "secs": "second", "s": "second", "kilo": "kg", "kilogram": "kg",
    "kilometer": "km", "kilometre": "km", "mile": "mi", "meter": "m", "metre": "m",
    "tag": "day", "tage": "day", "tagen": "day", "stunde": "hour", "stunden": "hour", "dia": "day",
    "hora": "hour", "jour": "day", "heure": "hour", "woche": "week", "wochen": "week",
    "semana": "week", "semaine": "week", "monat": "month", "monaten": "month",
    "monate": "month", "mes": "month", "mese": "month", "mois": "month", "ano": "year",
    "an": "year", "ans": "year", "annee": "year", "jahr": "year", "jahre": "year",
    "jahren": "year", "minuto": "minute", "minuten": "minute", "segundo": "second",
    "seconde": "second", "sekunde": "second", "sekunden": "second", "real": "brl",
    "reai": "brl", "dolar": "usd", "dolare": "usd", "pfund": "gbp", "libra": "gbp",
    "franken": "chf",
}  # fmt: skip


_COUNTED = frozenset({*_ALIASES.values(), *_MONEY.values()})
"""Units before which even an article is a number: "mil reais", "un jour"."""


@lru_cache(maxsize=2048)
def unit_name(word: str) -> str:
    """A unit in one form, whatever its case, number and sign: ``Days`` is ``day``."""
    if word in _MONEY:
        return _MONEY[word]
    folded = without_accents(fold(word))
    if folded in _ALIASES:
        return _ALIASES[folded]
    single = _single(folded)
    return _ALIASES.get(single, single)


def _single(word: str) -> str:
    if len(word) <= 3 or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word.removesuffix("s")


def is_unit(word: str) -> bool:
    """Whether numbers of a text can have this unit: a sign, or a single word."""
    return unit_name(word) in _SIGNS or _UNIT.fullmatch(word.strip()) is not None


_SIGNS = frozenset({*_MONEY.values(), "%", "‰", "°"})
_UNIT = re.compile(r"[^\W\d_]+")


def room(tolerance: str, value: float) -> float | None:
    """How far a number may be off, by an amount or by a share such as ``5%``; None if neither."""
    figure = tolerance.strip()
    try:
        amount = float(figure.removesuffix("%"))
    except ValueError:
        return None
    if not 0 <= amount < float("inf"):
        return None
    return abs(value) * amount / 100 if figure.endswith("%") else amount


_RANGE = re.compile(r"\s?(?:[-–—−/]|to|or|and|bis|oder|a|o|y|ou|et)\s?", re.IGNORECASE)


def _with_ranges(found: list[Number], text: str) -> Iterator[Number]:
    """The numbers again, each first one of a range with the unit of its second."""
    for place, number in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        if after and after.units and _RANGE.fullmatch(text, number.end, after.start):
            yield Number(number.values, after.units, number.start, number.end)
        else:
            yield number
