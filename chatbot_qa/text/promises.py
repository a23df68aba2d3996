"""Does a reply promise what it must not: a discount of more than 10%, a refund, a delivery date?

What must not be promised is read once: its subject (by its names in English, German, Spanish
and French, or its own words) and its bounds ("more than 10%", "within 2 days").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.claim import Bound, Claim, Kind
from chatbot_qa.text.claims import claims
from chatbot_qa.text.clauses import clauses
from chatbot_qa.text.commitments import Commitment, How, bare, commitments, denies

_SUBJECTS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"(?:\b|(?<=\d)|(?<=%\s)|(?<=%))(?:{words})(?!\w)")
    for name, words in {
        "discount": r"discount\w*|(?<!day )off\b(?! the (?:list|page))|rabatt\w*|nachlass\w*"
        r"|preisnachl\w*"
        r"|lass\w*\b[^.]{0,30}\bnach"
        r"|(?:%|percent|prozent) (?:less|weniger|menos|de moins|gunstiger)"
        r"|ermassig\w*|descuent\w*|rebaja\w*|remise\w*"
        r"|reduction\w*|rabais|half price|halber preis"
        r"|halben preis|mitad de precio|moitie prix|cheaper|voucher\w*|coupon\w*|gutschein\w*"
        r"|cupon\w*",
        "refund": r"refund\w*|money back|reimburs\w*|\w*erstatt\w*"
        r"|(?:money|rent|deposit|fee|fare|payment|price)\b[^.]{0,30}\bback"
        r"|(?:geld|kaution|miete|gebuhr|preis)\b[^.]{0,30}\bwieder|geld\b[^.]{0,40}\bzuruck\w*|\w*reembols\w*"
        r"|devol\w+ (?:el|su|tu|todo el) dinero|devol\w+|\w*rembours\w*",
        "contract": r"contract\w*|binding|\w*vertrag\w*|\w*verbindlich\w*|contrato\w*|vinculante\w*"
        r"|contrat\w*|contraignant\w*|(?<!best )(?<!good )(?<!great )deal|take\w*[ -]?back\w*",
        "delivery": r"deliver\w*|arriv\w*|ship\w*|\w*liefer\w*|ankomm\w*"
        r"|kommt?\b[^.,]{0,40}\ban|zugestellt|zustell\w*"
        r"|entreg\w*|lleg\w*|livr\w*|bring(?:e|en|s)?|drop\w* (?:it )?off|traemos|apporte\w*"
        r"|at your door|in your hands|be (?:with you|here|there)"
        r"|bei ihnen|chez vous",
        "legal": r"legal(?!ly binding|mente vinculante)\w*|law\w*|court\w*|sue\w*|liab\w*"
        r"|\w*recht(?!s?verbindlich)\w*|gericht\w*|klage\w*|prozess|demanda\w*|juicio\w*"
        r"|tribunal\w*|juridi(?!quement contraign)\w*|proces|pleito\w*",
        "medical": r"medical\w*|medicin\w*|diagnos\w*|cure[sd]?\b|heal\w*|dose\w*|symptom\w*"
        r"|arzt\w*|heil\w*|medik\w*|dosis|cura\w*|medec\w*|guer\w*|traitement\w*|sintoma\w*",
        "compensation": r"compensat\w*|entschadig\w*|schadenersatz|indemni\w*|dedommag\w*|goodwill"
        r"|make up for (?:it|that|this)"
        r"|(?:pay\w*|wir(?:e|ing)|transfer\w*|credit\w*) (?:you )?(?:with )?(?:[$€£]|eur )?\d+"
        r"|(?:zahlen?|uberweisen?|schreiben?) (?:ich |wir )?(?:ihnen|dir) (?:\w+ )?\d+"
        r"|(?:pag|abon)\w+ \d+|(?:vers|pay)\w+ \d+ (?:eur|dol)\w*",
        "fee": r"fees?\b|waiv\w*|\w*gebuhr\w*|comision\w*|tarifa\w*|frais|cargo\w*",
        "free": r"free of charge|free\b|no (?:charge|cost)|without charge|gratis|kostenlos\w*"
        r"|kostenfrei\w*|umsonst"
        r"|gratuit\w*|sin coste|sans frais|pay nothing|on the house|on us|regal\w*|schenk\w*"
        r"|geschenk\w*",
        "warranty": r"warrant\w*|guarantees? of|gewahrleist\w*|garantie\w*(?! d[eu'])|garantia\w*",
        "replacement": r"replac\w*|\w*ersatz\w*|ersetz\w*|austausch\w*|reemplaz\w*|\w*rempla\w*",
    }.items()
}
_TIMED = re.compile(
    r"\b(?:dates?|days?|times?|deadline|when|datum|termin\w*|tag\w*|frist|zeitpunkt|fecha\w*|dia"
    r"|plazo|hora|jour|delai|heure)\b"
)
_SOON = re.compile(
    r"\b(?:today|tonight|tomorrow|heute|morgen|ubermorgen|hoy|manana|aujourd'hui|demain)\b"
)
_PLAIN = re.compile(
    r"\b(?:more|less|than|over|under|most|least|higher|lower|larger|bigger|full|whole|complete"
    r"|total"
    r"|part(?:ial)?|any(?:thing)?|kind|sort|of|advice|assurances?|promises?|offers?|dates?|days?"
    r"|times?"
    r"|special|prices?|money|back|better|within|before|after|for|on|to|by|get|give|make|someone"
    r"|mehr|weniger|als|uber|unter|von|vom|voll\w*|ganz\w*|jede\w*|irgend\w*|rat|auskunft|zusage\w*"
    r"|termin\w*|erlass\w*|geschenkt\w*|offert\w*|regalad\w*|given|paid|mas|menos|que|de|mayor"
    r"|menor|fecha|dia|total|precio|completo|plus|moins|date|jour"
    r"|prix|entier|complet|percent|prozent)\b"
)
"""What is said beside the subject and is no part of it."""

_STRICT = re.compile(
    r"\b(?:at least|no less than|mindestens|al menos|como minimo|au moins|within|at most|up to"
    r"|hochstens|innerhalb|dentro de|en menos|dans les|no more than)\b"
)
_MORE = re.compile(
    r"\b(?:more than|over|above|beyond|mehr als|uber|mas del?|superior\w* a|plus de|au-dela de)\b"
)
_LESS = re.compile(
    r"\b(?:less than|under|below|within|sooner than|weniger als|unter|binnen|menos del?|moins de)\b"
)
_LETTERS = 4
"""Letters of a stem that tell a word from others here."""

_HALF = re.compile(r"\b(?:half (?:price|off)|halbe[rn] preis|mitad de precio|moitie prix)\b")
_QUARTER = re.compile(r"\b(?:a quarter (?:off|less)|ein viertel (?:weniger|gunstiger))\b")
_PERCENT = frozenset({"%", "percent", "prozent", "per cent", "ciento", "cent", "pct"})


class Forbidden(Struct, frozen=True):
    """What must not be promised, as it was read."""

    text: str
    subjects: frozenset[str]
    words: frozenset[str]
    bounds: tuple[Claim, ...]
    dated: bool


class Match(StrEnum):
    """Whether a commitment is one of what must not be promised."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Promise(Struct, frozen=True):
    """A promise that was found: ``what`` of the forbidden it is, "" where all is."""

    what: str
    sentence: str
    sure: bool


def promises(text: str, said: Sequence[str], never: Sequence[str] = ()) -> Promise | None:
    """What a reply promises of what it must ``never``, a sure place first; None for nothing.

    ``said`` are the messages of the user up to it. Where nothing is named, every word that is
    given counts, and every yes to somebody who asks for one.
    """
    last = said[-1] if said else ""
    doubt = None
    for one in commitments(text, last):
        for found in _against(one, last, tuple(map(forbidden, never))):
            if found.sure:
                return found
            doubt = doubt or found
    return doubt


@lru_cache(maxsize=256)
def forbidden(text: str) -> Forbidden:
    """What an author forbids, read: subject, own words, bounds."""
    words = bare(text)
    subjects = frozenset(name for name, names in _SUBJECTS.items() if names.search(words))
    rest = words
    for name in subjects:
        rest = _SUBJECTS[name].sub(" ", rest)
    values = (one for one in claims(text).values if one.kind is Kind.NUMBER)
    bounds = tuple(one for one in values if 0.0 not in one.readings)
    for one in bounds:
        rest = rest.replace(bare(one.text), " ")
    rest = _PLAIN.sub(" ", rest)
    own = frozenset(stem for part in clauses(rest) for stem in part.words)
    dated = "delivery" in subjects and _TIMED.search(words) is not None
    return Forbidden(text, subjects, own, bounds, dated)


def _against(one: Commitment, said: str, never: tuple[Forbidden, ...]) -> Iterator[Promise]:
    if not never:
        if one.how is not How.OUTCOME or _echoes(one, said):
            yield Promise("", one.sentence, one.sure)
        return
    for each in never:
        match = _matches(one, said, each)
        if match is not Match.NO:
            yield Promise(each.text, one.sentence, one.sure and match is Match.YES)


def _echoes(one: Commitment, said: str) -> bool:
    """Whether an outcome is the term, with its amount, that the user asked for."""
    asked = {value for value in _figures(said) if value[0] in ("money", "%")}
    return bool(asked.intersection(_figures(one.sentence)))


def _figures(text: str) -> Iterator[tuple[str, float]]:
    for one in claims(text).values:
        for value in one.readings if one.kind is Kind.NUMBER else ():
            if isinstance(value, float):
                yield _slot(one), value


def _slot(claim: Claim) -> str:
    slot = claim.slot[1]
    return "%" if slot in _PERCENT else slot


def _matches(one: Commitment, said: str, never: Forbidden) -> Match:
    """Whether this is what must not be promised: its subject first, then its bounds.

    An outcome names its subject itself, or gives the amount that the user asked for; a given word
    may take it from the sentence around it, or from what the user asked for.
    """
    heard = bare(said)
    near = one.clause if one.how is How.OUTCOME else one.words
    may_borrow = one.how is not How.OUTCOME or _echoes(one, said)
    borrowed = may_borrow and not _about(near, never)
    if not _about(f"{near} {heard}" if borrowed else near, never):
        return Match.NO
    if never.words and not _shares(f"{one.words} {heard}", never.words):
        return Match.NO
    told = f"{one.sentence} {said}" if borrowed else one.sentence
    if never.dated and not _when(told):
        return Match.NO
    return _bounded(told, never)


def _about(words: str, never: Forbidden) -> bool:
    if never.subjects:
        return any(_SUBJECTS[name].search(words) for name in never.subjects)
    return _shares(words, never.words)


def _shares(words: str, wanted: frozenset[str]) -> bool:
    """Whether half of the wanted stems or more stand in a text."""
    there = {stem for part in clauses(words) for stem in part.words}
    shared = sum(any(_akin(stem, other) for other in there) for stem in wanted)
    return 2 * shared >= len(wanted) > 0


def _akin(wanted: str, told: str) -> bool:
    """Whether two words begin alike, or one is part of the other: Mietminderung, mindern."""
    within = len(told) >= _LETTERS and told in wanted
    return wanted[:_LETTERS] == told[:_LETTERS] or within


def _when(text: str) -> bool:
    timed = (Kind.DAY, Kind.WEEKDAY, Kind.TIME)
    found = any(one.kind in timed or _slot(one) == "time" for one in claims(text).values)
    return found or _SOON.search(bare(text)) is not None


def _bounded(text: str, never: Forbidden) -> Match:
    """Whether an amount lies where it must not; MAYBE where none is told."""
    results = [_beyond(text, bound, never.text) for bound in never.bounds]
    if Match.YES in results or not results:
        return Match.YES
    return Match.MAYBE if Match.MAYBE in results else Match.NO


def _beyond(text: str, bound: Claim, written: str) -> Match:
    slot = _slot(bound)
    limits = [value for value in bound.readings if isinstance(value, float)]
    values = [value for name, value in _figures(text) if name == slot]
    if slot == "%":
        values += _shares_in_words(text)
    if not values or not limits:
        return Match.MAYBE
    inclusive = _STRICT.search(bare(written)) is not None
    limit = limits[0]
    side = bound.bound or _side(bare(written))
    over = side is Bound.FROM
    if side is Bound.NONE:
        return Match.YES if limit in values else Match.NO
    past = [value > limit if over else value < limit for value in values]
    held = any(past) or (inclusive and limit in values)
    return Match.YES if held else Match.NO


def _side(written: str) -> Bound:
    """On which side of its bound lies what an author forbids."""
    if _MORE.search(written):
        return Bound.FROM
    return Bound.UP_TO if _LESS.search(written) else Bound.NONE


def _shares_in_words(text: str) -> list[float]:
    words = bare(text)
    half = [50.0] if _HALF.search(words) else []
    half += [25.0] if _QUARTER.search(words) else []
    free = [100.0] if _SUBJECTS["free"].search(words) and not denies(words) else []
    return [*half, *free]
