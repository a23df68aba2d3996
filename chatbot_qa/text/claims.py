"""What a text claims that another text can be held against.

The comparable values of a text, each in one form with its place: numbers with their units,
days, weekdays, times of the day, codes, addresses and names; how it opens (yes or no); and
what it denies, with the words that the denial is about. English, Spanish, German, French
and Portuguese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.agreement_units import CURRENCIES, DIMENSIONS, MEASURES, MONTHS, SECONDS
from chatbot_qa.text.changed_words import word_set
from chatbot_qa.text.claim import Bound, Claim, Kind
from chatbot_qa.text.clauses import Clause, clauses, polarity
from chatbot_qa.text.dates import dates_in, weekdays_in
from chatbot_qa.text.numbers import Number, bare, numbers


class Claims(Struct, frozen=True):
    """What a text claims. ``polarity`` is how it opens: "yes", "no" or ""."""

    values: tuple[Claim, ...]
    clauses: tuple[Clause, ...]
    polarity: str


@lru_cache(maxsize=512)
def claims(text: str) -> Claims:
    """The comparable values of a text, its clauses with what they deny, and how it opens."""
    words = bare(text.replace("’", "'"))
    values = sorted(_values(text, words), key=lambda one: one.start)
    return Claims(tuple(_joined(values, text, words)), clauses(words), polarity(words))


# ── values ──────────────────────────────────────────────────────────────────────────

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'`\]|)]+")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{1,5}(?:[ -]\d{2,5}){1,4}"
    r"|(?:\+\d{1,3}[ .-]?(?:\(0\)[ .-]?)?\d{1,5}|0\d{1,4})[ -]\d{5,9})"
    r"(?![\w/-]|[.,]\d)"
)
_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+")
_CODE = re.compile(
    r"(?<![\w-])(?:#\s?\d{3,}|(?=[\w-]*\d)[A-Z]{1,6}-?\d[A-Za-z0-9]*(?:-[A-Za-z0-9]+)*|\d+[A-Z]{1,4}\d+)(?![\w-])"
)
_TIME = re.compile(
    r"(?<![\w:.,])(?:(?P<h>\d{1,2})(?:[:.h](?P<m>[0-5]\d))?\s?(?P<half>a\.?m\b\.?|p\.?m\b\.?)"
    r"|(?P<h2>[01]?\d|2[0-4])[:h](?P<m2>[0-5]\d)(?!\d)(?:\s?(?:uhr|h\b))?"
    r"|(?P<h3>[01]?\d|2[0-4])(?:[.](?P<m3>[0-5]\d))?\s?(?:uhr\b|h\b|heures?\b|o'?clock\b)"
    r"|(?P<word>\b(?:noon|midday|midnight|mittags|mitternacht|mediodia|medianoche|midi|minuit|meio-dia|meia-noite)\b))"
)
_HOUR_BEFORE = re.compile(
    r"(?<![\w:.,$€£])(\d{1,2})(?:[:.h]([0-5]\d))?\s?(?:-|–|to|bis|a|as|and|und|y|et|e)\s?$"
)
_NOON = frozenset({"noon", "midday", "mittags", "mediodia", "midi", "meio-dia"})


def _values(text: str, words: str) -> Iterator[Claim]:
    """All values, each letter being part of one at most; the most telling form comes first."""
    taken: list[tuple[int, int]] = []
    figures = (_days(words), _codes(text), _phones(words)) if _DIGIT.search(words) else ()
    for found in (
        _addresses(words), _times(words), *figures, _numbers(text, words), _free_of_charge(words),
        _weekdays(words), _names(text, words),
    ):  # fmt: skip
        for claim in found:
            if _free(claim, taken):
                taken.append((claim.start, claim.end))
                yield _written(claim, text)


_DIGIT = re.compile(r"\d")


def _free(claim: Claim, taken: list[tuple[int, int]]) -> bool:
    return not any(claim.start < end and start < claim.end for start, end in taken)


def _written(claim: Claim, text: str) -> Claim:
    return Claim(
        claim.kind, claim.readings, text[claim.start : claim.end].strip(), claim.start, claim.end,
        claim.unit, claim.detail, claim.bound or _bound(claim, text),
    )  # fmt: skip


def _bound(claim: Claim, text: str) -> Bound:
    """From which side a day or a time binds; numbers know it already."""
    if claim.kind not in (Kind.DAY, Kind.TIME, Kind.YEAR):
        return Bound.NONE
    before = bare(text[max(0, claim.start - 30) : claim.start])
    if _UP_TO.search(before) or _BY.search(before):
        return Bound.UP_TO
    return Bound.FROM if _FROM.search(before) else Bound.NONE


def _claim(kind: Kind, reading: str | float, span: tuple[int, int], unit: str = "") -> Claim:
    return Claim(kind, frozenset({reading}), "", *span, unit)


_BETWEEN = re.compile(
    r"\s?(?:[-–—]|to|through|thru|until|bis|hasta|jusqu'a|ate|a|as|au|and|und|y|et|e)"
    r"\s?(?:las? |les |os )?"
)


def _joined(values: list[Claim], text: str, words: str) -> Iterator[Claim]:
    """The values, the two ends of a range as one."""
    place = 0
    while place < len(values):
        one = values[place]
        place += 1
        if place < len(values) and _makes_range(one, values[place], words):
            yield _range(one, values[place], text)
            place += 1
        else:
            yield one


def _makes_range(one: Claim, other: Claim, words: str) -> bool:
    numeric = (Kind.NUMBER, Kind.TIME, Kind.WEEKDAY)
    if one.slot != other.slot or one.kind not in numeric or one.end > other.start:
        return False
    return _BETWEEN.fullmatch(words, one.end, other.start) is not None


def _range(one: Claim, other: Claim, text: str) -> Claim:
    pairs = [
        (first, last) for first in one.readings for last in other.readings
        if isinstance(first, float) and isinstance(last, float)
    ]  # fmt: skip
    written = text[one.start : other.end].strip()
    return Claim(
        one.kind, frozenset(f"{first} to {last}" for first, last in pairs), written, one.start,
        other.end, other.unit, other.detail, one.bound, min(pairs, default=None),
    )  # fmt: skip


def _addresses(words: str) -> Iterator[Claim]:
    for match in _MAIL.finditer(words):
        yield _claim(Kind.ADDRESS, match[0].rstrip("."), match.span(), "mail")
    for match in _LINK.finditer(words):
        address = re.sub(r"^https?://(?:www\.)?|^www\.", "", match[0]).rstrip(".,;:!?*_/")
        yield _claim(Kind.ADDRESS, address, match.span(), "web")


def _phones(words: str) -> Iterator[Claim]:
    for match in _PHONE.finditer(words):
        digits = re.sub(r"\D", "", match[0])
        if 7 <= len(digits) <= 15 and not _GROUPED.fullmatch(match[0]):
            yield _claim(Kind.ADDRESS, digits[-9:], match.span(), "phone")


def _days(words: str) -> Iterator[Claim]:
    for found in dates_in(words):
        days = frozenset(f"{day.month}-{day.day}" for day in found.days)
        years = {day.year for day in found.days} - {0}
        claim = Claim(Kind.DAY, days, "", found.start, found.end)
        yield claim if not years else _of_year(claim, years.pop())


def _of_year(claim: Claim, year: int) -> Claim:
    return Claim(claim.kind, claim.readings, "", claim.start, claim.end, detail=str(year))


def _weekdays(words: str) -> Iterator[Claim]:
    for found in weekdays_in(words):
        yield _claim(Kind.WEEKDAY, float(found.day), (found.start, found.end))


def _times(words: str) -> Iterator[Claim]:
    for match in _TIME.finditer(words):
        part = match.groupdict()
        half = (part["half"] or "")[:1]
        if part["word"]:
            yield _claim(Kind.TIME, 720.0 if part["word"] in _NOON else 0.0, match.span())
            continue
        hour = int(part["h"] or part["h2"] or part["h3"])
        minute = int(part["m"] or part["m2"] or part["m3"] or 0)
        yield _time(hour, minute, half, match.span())
        before = _HOUR_BEFORE.search(words, max(0, match.start() - 14), match.start())
        if before and int(before[1]) <= 24:
            opened = _time(int(before[1]), int(before[2] or 0), "", before.span(1))
            early = {one - 720 for one in opened.readings if isinstance(one, float) and one >= 720}
            both = opened.readings | early if half else opened.readings
            yield Claim(Kind.TIME, both, "", *before.span(1))


def _time(hour: int, minute: int, half: str, span: tuple[int, int]) -> Claim:
    """A time in minutes of the day; "5:30" alone is also that of the afternoon."""
    if half:
        return _claim(Kind.TIME, float((hour % 12 + 12 * (half == "p")) * 60 + minute), span)
    at = float(hour % 24 * 60 + minute)
    later = {at + 720} if 1 <= hour < 12 else set()
    return Claim(Kind.TIME, frozenset({at, *later}), "", *span)


def _codes(text: str) -> Iterator[Claim]:
    for match in _CODE.finditer(text):
        yield _claim(Kind.CODE, re.sub(r"[\W_]", "", match[0].lower()), match.span())


# ── numbers ─────────────────────────────────────────────────────────────────────────

_NO_UNIT = word_set(
    "of the a an to in on at for by with from and or is are was were be will can may has have per "
    "if when then that this than as after before within until up only not no your our you we it "
    "more less most least each all other und oder von bis zu der die das den im ist sind nach "
    "vor ab pro mit fur de del la el los las le les en y o es son por para con du des et ou est "
    "sont dans a e os as do da dos das em ao"
)
# What narrows a day to those on which people work.
_DETAILS = word_set(
    "business working calendar werktag werktage werktagen arbeitstage arbeitstagen habil habiles "
    "laborable laborables ouvrable ouvrables ouvre ouvres uteis util"
)
_WORKDAYS = word_set("werktag werktage werktagen arbeitstag arbeitstage arbeitstagen")
_UP_TO = re.compile(
    r"\b(?:up to|at most|within|no more than|not more than|max(?:imum)?(?: of)?|less than|under|"
    r"until|till|before|below|unter|vor|bis|antes d(?:el?|os?|as?)|por debajo de|avant|"
    r"en dessous de|abaixo de|bis zu|hochstens|maximal|innerhalb(?: von)?|binnen|weniger als|hasta|"
    r"como maximo|dentro de|menos de|en un plazo de|jusqu'a|au plus|moins de|sous|dans les|"
    r"ate|no maximo|em ate|dentro de)\s(?:\w{2,4}\s)?\W*$"
)
_FROM = re.compile(
    r"\b(?:at least|no less than|not less than|min(?:imum)?(?: of)?|more than|over|after|from|"
    r"above|since|seit|desde|por encima de|au-dessus de|depuis|des|acima de|"
    r"mindestens|mehr als|uber|nach|ab|al menos|como minimo|mas de|despues del?|"
    r"a partir d(?:el?|os?|as?)|tras|au moins|plus de|apres|pelo menos|no minimo|mais de|apos|"
    r"depois d(?:e|os?|as?))\s(?:\w{2,4}\s)?\W*$"
)


_VERSION = re.compile(r"\b(?:version|versao|release|build|v)\.?\s?$")
"""What stands before a number that is compared as it is written: 2.1 is not 2.10."""
_BY = re.compile(r"\bby\s(?:the\s)?\W*$")
"""Of days and times only: a price falls by 10%."""
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


def _numbers(text: str, words: str) -> Iterator[Claim]:
    for number in numbers(text):
        if not number.values:
            continue
        if _VERSION.search(words, max(0, number.start - 12), number.start):
            written = text[number.start : number.end]
            yield _claim(Kind.CODE, written.rstrip("."), (number.start, number.end))
            continue
        unit, factor = _unit(number)
        before = words[max(0, number.start - 30) : number.start]
        bound = Bound.UP_TO if _UP_TO.search(before) else Bound.NONE
        bound = Bound.FROM if not bound and _FROM.search(before) else bound
        detail = "business" if _DETAILS.intersection(number.units) - {"calendar"} else ""
        readings: frozenset[str | float] = frozenset(value * factor for value in number.values)
        if not unit and _YEAR.fullmatch(text, number.start, number.end):
            yield _claim(Kind.YEAR, number.values[0], (number.start, number.end))
            continue
        start = _start(number, text) if unit in CURRENCIES else number.start
        yield Claim(Kind.NUMBER, readings, "", start, _end(number, words), unit, detail, bound)


_FREE = re.compile(
    r"(?<!feel )(?<![\w-])free(?= of charge| shipping| delivery| returns?\b|\W*$|[.,;!?])|"
    r"\b(?:at )?no (?:extra |additional )?(?:cost|charge)\b|\bkosten(?:los|frei)\w*|\bgratis\b|"
    r"\bgratuit\w*"
)


def _free_of_charge(words: str) -> Iterator[Claim]:
    """ "Free" as a price."""
    for match in _FREE.finditer(words):
        yield _claim(Kind.NUMBER, 0.0, match.span(), "money")


def _unit(number: Number) -> tuple[str, float]:
    """The unit in one form, and what one of it is in the smallest unit of its kind."""
    units = [unit for unit in number.units if not {unit, f"{unit}s"} & _NO_UNIT]
    if units and units[0] == number.units[0] and units[0] in MEASURES:
        return MEASURES[units[0]]
    for unit in units:
        if unit in SECONDS:
            return "time", float(SECONDS[unit])
        if unit in MONTHS:
            return "months", float(MONTHS[unit])
        if unit in _WORKDAYS:
            return "time", 86400.0
    if units and units[0] == number.units[0] and units[0] not in _DETAILS:
        return units[0], 1.0
    return "", 1.0


_SIGN = re.compile(r"(?:(?:\b[A-Z]{1,3})?\$|[€£¥₹₽₩]|\b[A-Z]{3})\s?[-−]?$")


def _start(number: Number, text: str) -> int:
    """The start of an amount with the sign in front of it."""
    before = max(0, number.start - 6)
    sign = _SIGN.search(text, before, number.start)
    return sign.start() if sign else number.start


_SAID = re.compile(r"\s?[%€$£°]|[\s-](?:(?:business|working|calendar)\s)?[^\W\d_]+")


def _end(number: Number, words: str) -> int:
    """The end of the number with its unit, where this stands behind it."""
    unit = _unit(number)[0]
    behind = (
        _SAID.match(words, number.end)
        if unit and unit in {"time", "months", *DIMENSIONS, *number.units}
        else None
    )
    if behind is None or behind[0].strip(" -") in _NO_UNIT:
        return number.end
    return behind.end()


# ── names ───────────────────────────────────────────────────────────────────────────

_NAME = re.compile(
    r"[^\W\d_a-zà-öø-ÿß][\w'’&-]*(?:\s(?:(?:of|de|du|von|van|la|da)\s)?[^\W\d_a-zà-öø-ÿß][\w'’&-]*)*"
)
_OPENER = re.compile(r"(?:^|[.!?:;\n\"“(*•]|\n\s*[-*\d.]+)[\s*_#>\"“(-]*$")
_NO_NAME = word_set(
    "i i'm i'd i'll i've you we monsieur madame mr mrs ms sie ihr ihre ihnen ihrer ihrem ihren ich "
    "usted vd"
)
_GERMAN = re.compile(
    r"\b(?:der|das|und|ist|sie|ihre?n?|konnen|innerhalb|nicht|fur|wir|haben|mit|dem|zum|zur|auf|"
    r"eine?[nmr]?|kostet|kosten|wird|werden)\b"
)


def _names(text: str, words: str) -> Iterator[Claim]:
    """Capitalised words that open no sentence; none in German, whose nouns all are."""
    if _GERMAN.search(words) or text.isupper():
        return
    for match in _NAME.finditer(text):
        start, end = match.span()
        if _OPENER.search(text, max(0, start - 8), start):
            gap = _GAP.search(text, start, end)
            if gap is None:
                continue
            start = gap.end()
        name = bare(text[start:end]).replace("'s", "").replace("’s", "")
        if name not in _NO_NAME:
            yield Claim(Kind.NAME, frozenset(name.split()), "", start, end)


_GAP = re.compile(r"\s")
