"""What a customer tells about themselves, and how it is found in what they type."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatbot_qa.targets.demo.hearing import SLOTS
from chatbot_qa.targets.demo.speech import LANGUAGES


def _nouns(slot: str) -> str:
    return "|".join(language.slots[slot] for language in LANGUAGES.values())


_LINK = (
    r"(?:\s*(?:\b(?:number|no|nr|nummer|code|código|id|is|was|ist|war|lautet|es|est|it|to|as|de|de"
    r" la)(?![\w-])\.?|['’]s\b|[#:]))*\s*"
)
_IS = r"\s+(?:is|ist|lautet|es|est)\s+"
_CODE = r"([\w-]*\d[\w-]*)"
_NOT_A_VALUE = r"(?!(?:not|the|missing|wrong|lost|unknown|somewhere|nicht|falsch|weg|pas|falso)\b)"

_TELLS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "order": (
        re.compile(rf"\b(?:{_nouns('order')})\b{_LINK}{_CODE}", re.I),
        re.compile(
            rf"\b(?:order number|bestellnummer|pedido|commande){_IS}{_NOT_A_VALUE}"
            r"([\w-]{4,})",
            re.I,
        ),
    ),
    "ticket": (),
    "booking": (),
    "name": (
        re.compile(
            r"\b(?i:my name is|my name['’]s|i am called|call me|ich heiße|mein name ist|me llamo"
            rf"|mi nombre es|je m['’]appelle|mon nom est|mon prénom est)\s+(?i:{_NOT_A_VALUE})"
            r"([^\W\d_][\w'’-]*(?:[ ][A-ZÄÖÜÉÁÍÓ][\w'’-]+)?)"
        ),
    ),
    "email": (re.compile(r"(?<![\w.+-])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),),
    "size": (re.compile(rf"\b(?:{_nouns('size')})\b{_LINK}(x{{0,3}}[sl]|m|\d\d)\b", re.I),),
    "zip": (re.compile(rf"\b(?:{_nouns('zip')})\b{_LINK}{_CODE}", re.I),),
    "address": (re.compile(rf"\b(?:{_nouns('address')})(?:{_IS}|:\s*)(\w[^.;!?\n]*)", re.I),),
}
_I_AM = re.compile(r"\bI(?:['’]m| am) ([A-Z][\w'’-]+)(?=\s*(?:[.,!]|$|and\b))")
_ORDER_BY_SHAPE = re.compile(r"\b(?![TR]-)([A-Z]{1,3}-\d{3,})\b")
_NOT_BUT = re.compile(
    r"\b(?:not|nicht|no es|no|pas)\s+(\S+?),?\s+(?:but|it['’]s|it is|sondern|sino|mais)\b", re.I
)

_BARE: Mapping[str, re.Pattern[str]] = {
    "order": re.compile(r"(?<![\w-])([\w-]*\d[\w-]*)"),
    "zip": re.compile(r"(?<![\w-])([\w-]*\d[\w-]*)"),
    "email": _TELLS["email"][0],
    "size": re.compile(r"\b(x{0,3}[sl]|m|\d\d)\b", re.I),
    "name": re.compile(r"^\W*(?:(?i:it is|it['’]s|es ist|es|c['’]est)\s+)?([^\W\d_][\w'’ -]*)"),
    "address": re.compile(r"^\W*(?:(?i:it is|it['’]s|es ist|es|c['’]est)\s+)?(\w[^.;!?\n]*)"),
}
_BE = r"(?i:\b(?:is|it['’]s|ist|es|est|c['’]est|meant|meinte)\s+)"
_CORRECTED: Mapping[str, re.Pattern[str]] = {
    **_BARE,
    "name": re.compile(rf"{_BE}([A-ZÄÖÜÉÁÍÓ][\w'’-]*(?: [A-ZÄÖÜÉÁÍÓ][\w'’-]+)?)"),
    "address": re.compile(rf"{_BE}(\w[^.;!?\n]*)"),
}
_CUES = {**SLOTS, "call": "name"}
_NOTS = frozenset({"not", "nicht", "no", "pas"})


def told_in(text: str, words: frozenset[str]) -> tuple[dict[str, str], str]:
    """What a text tells, by slot, and the text without it."""
    told: dict[str, str] = {}
    if not words.isdisjoint(_NOTS):
        text = _NOT_BUT.sub("", text)
    cues = {_CUES[word] for word in words & _CUES.keys()}
    if "@" in text:
        cues.add("email")
    if cues:
        for slot, patterns in _TELLS.items():
            if slot in cues:
                text = _take(slot, patterns, text, told)
    if "name" not in told and "I" in text:
        text = _take("name", (_I_AM,), text, told)
    if "order" not in told and "-" in text:
        text = _take("order", (_ORDER_BY_SHAPE,), text, told)
    return told, text


def _take(slot: str, patterns: tuple[re.Pattern[str], ...], text: str, told: dict[str, str]) -> str:
    for pattern in patterns:
        found = pattern.search(text)
        if found:
            told[slot] = found.group(1).strip(" -,'")
            return f"{text[: found.start()]} {text[found.end() :]}"
    return text


def bare_value(slot: str, text: str) -> str | None:
    """The value in a short text that answers a question for that slot, or None."""
    return _value(_BARE, slot, text)


def corrected_value(slot: str, text: str) -> str | None:
    """The value that a text such as ``sorry, it is 98187`` puts right, or None."""
    return _value(_CORRECTED, slot, text)


def _value(patterns: Mapping[str, re.Pattern[str]], slot: str, text: str) -> str | None:
    pattern = patterns.get(slot)
    found = pattern.search(text) if pattern else None
    return found.group(1).strip() if found else None
