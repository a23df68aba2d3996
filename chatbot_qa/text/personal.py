"""Personal data in a text: e-mail addresses, telephone numbers, IBANs, cards, national ids.

What has check digits counts only where they are right (python-stdnum); telephone numbers are
those that the numbering plans know (phonenumbers). A national id that looks like any other
number counts only where its name stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Literal, get_args

from msgspec import Struct

Kind = Literal["e-mail", "phone", "IBAN", "card", "national id"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_LONGEST = 200_000
"""Characters of a text that are looked at."""

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])"
)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![^\W_])")
_CARD = re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])")
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|"
    r"35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14,17}"
)
"""Lengths and first digits of the card networks: Visa, Mastercard, Amex, Discover, JCB, Diners,
UnionPay (ISO/IEC 7812)."""


class _Id(Struct, frozen=True):
    """A national id: its module in python-stdnum, its look, and the name that must precede it."""

    module: str
    pattern: re.Pattern[str]
    name: re.Pattern[str] | None = None


def _id(module: str, pattern: str, name: str = "") -> _Id:
    named = re.compile(rf"\b(?:{name})", re.IGNORECASE) if name else None
    return _Id(module, re.compile(rf"(?<![\w.-])(?:{pattern})(?![\w-])"), named)


_IDS = (
    _id("us.ssn", r"\d{3}-\d{2}-\d{4}"),
    _id("es.dni", r"\d{8}-?[A-Z]"),
    _id("es.nie", r"[XYZ]-?\d{7}-?[A-Z]"),
    _id("it.codicefiscale", r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"),
    _id("fr.nir", r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"),
    _id("be.nn", r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"),
    _id("ch.ssn", r"756\.?\d{4}\.?\d{4}\.?\d{2}"),
    _id("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    _id("fi.hetu", r"\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y]"),
    _id("se.personnummer", r"(?:\d{2})?\d{6}[-+]\d{4}"),
    _id("cn.ric", r"\d{17}[\dX]"),
    _id("de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", r"steuer|idnr|tax"),
    _id("nl.bsn", r"\d{9}|\d{4}\.\d{2}\.\d{3}", r"bsn|burgerservice"),
    _id("pl.pesel", r"\d{11}", r"pesel"),
    _id("pt.nif", r"\d{3} ?\d{3} ?\d{3}", r"nif|contribuinte"),
    _id("gb.nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}", r"nhs"),
    _id("tr.tckimlik", r"\d{11}", r"kimlik|t\.?c\.?\b"),
    _id("in_.aadhaar", r"\d{4} ?\d{4} ?\d{4}", r"aadhaar|uidai"),
    _id("no.fodselsnummer", r"\d{6} ?\d{5}", r"fødselsnummer|personnummer"),
)
_BEFORE = 40


class Personal(Struct, frozen=True):
    """A piece of personal data and its place in the text."""

    kind: Kind
    text: str
    start: int
    end: int


def personal_data(
    text: str, kinds: tuple[Kind, ...] = KINDS, region: str | None = None
) -> tuple[Personal, ...]:
    """The personal data of those kinds in a text, in order; none overlaps another.

    Telephone numbers without a country code count where ``region`` (such as ``DE``) is given.
    The first 200,000 characters are looked at.
    """
    text = text[:_LONGEST]
    found: list[Personal] = []
    for kind in (kind for kind in _ORDER if kind in kinds):
        places = _phones(text, region) if kind == "phone" else _FINDERS[kind](text)
        for start, end in places:
            if all(end <= other.start or start >= other.end for other in found):
                found.append(Personal(kind, text[start:end], start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def regions() -> frozenset[str]:
    """The countries whose telephone numbers are known, such as ``DE``."""
    import phonenumbers

    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    for match in _EMAIL.finditer(text):
        yield match.start(), match.end()


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    from stdnum import iban

    for match in _IBAN.finditer(text):
        # Words in capitals may follow it: the longest beginning that is one counts.
        for end in sorted({match.end(), *_gaps(text, *match.span())}, reverse=True):
            if iban.is_valid(text[match.start() : end], check_country=False):
                yield match.start(), end
                break


def _gaps(text: str, start: int, end: int) -> list[int]:
    return [place for place in range(start + 15, end) if text[place] == " "]


def _cards(text: str) -> Iterator[tuple[int, int]]:
    from stdnum import luhn

    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if _ISSUED.fullmatch(digits) and luhn.is_valid(digits):
            yield match.span()


def _ids(text: str) -> Iterator[tuple[int, int]]:
    for one in _IDS:
        for match in one.pattern.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            if one.name is not None and not one.name.search(before):
                continue
            if import_module(f"stdnum.{one.module}").is_valid(match.group()):
                yield match.span()


def _phones(text: str, region: str | None) -> Iterator[tuple[int, int]]:
    import phonenumbers

    if not any(letter.isdigit() for letter in text):
        return
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        yield match.start, match.end


_FINDERS = {"e-mail": _emails, "IBAN": _ibans, "card": _cards, "national id": _ids}
_ORDER: tuple[Kind, ...] = ("e-mail", "IBAN", "card", "national id", "phone")
"""The surest first: a card is no telephone number."""
