"""Number words of English, German, Spanish, French and Portuguese, and what they add up to."""

from __future__ import annotations

import re
from functools import lru_cache

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
    "millions": 1e6,
    "millionen": 1e6,
    "millon": 1e6,
    "millones": 1e6,
    "milhao": 1e6,
    "milhoes": 1e6,
    "milliarde": 1e9,
    "milliarden": 1e9,
    "milliard": 1e9,
    "milliards": 1e9,
    "bilhao": 1e9,
    "bilhoes": 1e9,
}
# One of them alone is an article or a pronoun far more often than a number, or a word
# of another of the five languages ("six" is fine, "once" and "mil" are not).
NEVER_ALONE = frozenset(
    {"un", "uno", "once", "seize", "mil", "cent", "mille", "elf", "neuf", "null", "sept"}
    | {"ciento", "cento", "million", "millions", "millionen", "millones", "milhoes", "milliarden"}
    | {"milliards", "bilhoes", "millon", "milhao", "milliarde", "milliard", "bilhao"}
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
        if language == "de":
            values.update({f"{word}einhalb": i + 0.5 for i, word in enumerate(digits) if i > 1})
    values.update({f"quatre-vingt-{word}": 80 + i for i, word in enumerate(_ONES["fr"].split())})
    values["quatre-vingts"] = 80
    values.update({word: 20 + i for i, word in enumerate(_TWENTIES.split(), 1)})
    for hundreds in _HUNDREDS:
        values.update({word: 100 * i for i, word in enumerate(hundreds.split(), 2)})
    for step, ten in enumerate(_TENS["pt"].split(), start=2):
        values[f"{ten} e um"] = values[f"{ten} e uma"] = step * 10 + 1
    values |= {"veintiuno": 21, "duas": 2, "quatorze": 14, "dezasseis": 16, "dezassete": 17}
    values |= {"eineinhalb": 1.5, "anderthalb": 1.5}
    # "six cents" may be money
    french = enumerate(_ONES["fr"].split()[:10])
    values |= {f"{word} cents": 100.0 * i for i, word in french if i > 1 and i != 6}
    del values["-"]
    sharp = {word.replace("ss", "s"): value for word, value in values.items() if "dreiss" in word}
    return {**values, **sharp}  # "dreißig", bare


_SMALL = _small()
_NAMES = "|".join(sorted({*_SMALL, *_SCALES}, key=lambda word: (-len(word), word)))
_HALVES = r"and a half|y medi[oa]|et demie?|e mei[oa]"
PHRASE = re.compile(
    rf"(?<![\w-])(?:(?:half )?an? )?(?:{_NAMES})"
    rf"(?:(?: and | y | et | e |[ -])(?:{_NAMES})| (?:{_HALVES})(?!\w))*(?!\w)"
)
_PART = re.compile(rf"\b(?:{_NAMES}|{_HALVES})\b")


_HALF_PART = re.compile(_HALVES)


def spoken(phrase: str) -> tuple[float, ...]:
    """The numbers that a run of number words names: mostly one, of "five six" two."""
    done: list[float] = []
    total = group = last = 0.0
    begun = False
    for word in _PART.findall(phrase):
        if _HALF_PART.fullmatch(word):
            group += 0.5
            continue
        scale = _SCALES.get(word)
        if scale:
            if scale > 100 and not group and 0 < total < scale:
                total *= scale  # "mil millones"
            elif scale > 100:
                total, group = total + (group or 1) * scale, 0.0
            else:
                group = (group or 1) * scale
            last, begun = scale, True
            continue
        value = _SMALL[word]
        if begun and (value >= last or (last < 100 and value > 9)):
            done.append(total + group)
            total = group = 0.0
        group += value
        last, begun = (value if value >= 20 else 0.0), True
    whole = total + group
    return (*done, whole / 2 if phrase.startswith("half ") else whole)


COMPOUND = re.compile(r"\b[a-z]*(?:hundert|tausend)[a-z]+\b|\b[a-z]+(?:hundert|tausend)\b")
_COMPOUND_PARTS = re.compile(
    r"(?:(?P<thousands>[a-z]*?)(?P<thousand>tausend))?(?:(?P<hundreds>[a-z]*?)(?P<hundred>hundert))?"
    r"(?:und)?(?P<rest>[a-z]*)"
)


@lru_cache(maxsize=512)
def compound(word: str) -> float | None:
    """A German number in one word: "zweihundertfunf" is 205; None if it is another word."""
    match = _COMPOUND_PARTS.fullmatch(word)
    if match is None:
        return None
    total = 0.0
    for name, scale, factor in (("thousands", "thousand", 1e3), ("hundreds", "hundred", 100.0)):
        if match[scale]:
            times = _below(match[name]) if match[name] else 1.0
            if times is None:
                return None
            total += times * factor
    rest = _below(match["rest"]) if match["rest"] else 0.0
    return None if rest is None else total + rest


def _below(word: str) -> float | None:
    """A German number below a hundred, or the hundreds in front of its thousands."""
    if word in ("ein", "eins"):
        return 1.0
    return compound(word) if "hundert" in word else _SMALL.get(word)
