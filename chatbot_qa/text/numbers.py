"""Numbers as people write them: 30, thirty, 1,234.50, 1.234,50, $20, 5 %, two hundred."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.fold import fold, without_accents


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
    found = sorted((*_digits(text), *_words(text)), key=lambda number: number.start)
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
        if _MINUS.search(before):
            values = tuple(-value for value in values)
        yield Number(values, _units(before, text, end), start, end)


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

_ONES = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "de": "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn "
    "funfzehn sechzehn siebzehn achtzehn neunzehn",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciseis diecisiete dieciocho diecinueve",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
    "quinze seize dix-sept dix-huit dix-neuf",
    # its "um" (1) is a word of German and is known behind its tens alone
    "pt": "zero - dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
    "dezesseis dezessete dezoito dezenove",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
_TWENTIES = (
    "veintiun veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho "
    "veintinueve"
)
_HUNDREDS = (
    "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos",
    "duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
)
_SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "hundert": 100.0,
    "tausend": 1e3,
    "cien": 100.0,
    "ciento": 100.0,
    "mil": 1e3,
    "cent": 100.0,
    "mille": 1e3,
    "cem": 100.0,
    "cento": 100.0,
}
# One of them alone is an article or a pronoun far more often than a number, or a word
# of another of the five languages ("six" is fine, "once" and "mil" are not).
_NEVER_ALONE = frozenset(
    {"un", "uno", "once", "seize", "mil", "cent", "mille", "elf", "neuf", "null", "sept"}
    | {"ciento", "cento"}
)


def _small() -> dict[str, float]:
    values: dict[str, float] = {}
    for language, ones in _ONES.items():
        digits = ones.split()
        for value, word in enumerate(digits):
            values[word] = value
        for step, ten in enumerate(_TENS[language].split(), start=2):
            values[ten] = step * 10
            if language == "de":
                units = ["ein", *digits[2:10]]
                compounds = {f"{unit}und{ten}": step * 10 + i for i, unit in enumerate(units, 1)}
                values.update(compounds)
    values.update({f"quatre-vingt-{word}": 80 + i for i, word in enumerate(_ONES["fr"].split())})
    values["quatre-vingts"] = 80
    values.update({word: 20 + i for i, word in enumerate(_TWENTIES.split(), 1)})
    for hundreds in _HUNDREDS:
        values.update({word: 100 * i for i, word in enumerate(hundreds.split(), 2)})
    for step, ten in enumerate(_TENS["pt"].split(), start=2):
        values[f"{ten} e um"] = values[f"{ten} e uma"] = step * 10 + 1
    values |= {"veintiuno": 21, "duas": 2, "quatorze": 14, "dezasseis": 16, "dezassete": 17}
    del values["-"]
    sharp = {word.replace("ss", "s"): value for word, value in values.items() if "dreiss" in word}
    return {**values, **sharp}  # "dreißig", bare


_SMALL = _small()
_NAMES = "|".join(sorted({*_SMALL, *_SCALES}, key=lambda word: (-len(word), word)))
# Letter for letter, so that places in the bare text are places in the text.
_BARE = str.maketrans(
    "áàâäãéèêëíìîïóòôöõúùûüñçßÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇİ",
    "aaaaaeeeeiiiiooooouuuuncsaaaaaeeeeiiiiooooouuuunci",
)
_PHRASE = re.compile(
    rf"(?<![\w-])(?:a )?(?:{_NAMES})(?:(?: and | y | et | e |[ -])(?:{_NAMES}))*(?![\w])"
)
_PART = re.compile(rf"\b(?:{_NAMES})\b")


def _words(text: str) -> Iterator[Number]:
    plain = text.translate(_BARE).lower()
    for match in _PHRASE.finditer(plain):
        phrase = match.group()
        units = _units("", text, match.end())
        if phrase in _NEVER_ALONE and not _COUNTED.intersection(units[:1]):
            continue
        values = _spoken(phrase)
        yield from (Number((value,), units, *match.span()) for value in values)


def _spoken(phrase: str) -> tuple[float, ...]:
    """The numbers that a run of number words names: mostly one, of "five six" two."""
    done: list[float] = []
    total = group = last = 0.0
    begun = False
    for word in _PART.findall(phrase):
        scale = _SCALES.get(word)
        if scale:
            group = (group or 1) * scale
            if scale > 100:
                total, group = total + group, 0.0
            last, begun = scale, True
            continue
        value = _SMALL[word]
        if begun and (value >= last or (last < 100 and value > 9)):
            done.append(total + group)
            total = group = 0.0
        group += value
        last, begun = (value if value >= 20 else 0.0), True
    return (*done, total + group)


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
