"""What a question asks for, and the alternatives that a reference answer holds."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.answer_roles import root
from chatbot_qa.text.answer_times import Time, times
from chatbot_qa.text.answer_words import bare, content, words
from chatbot_qa.text.dates import dates
from chatbot_qa.text.fold import fold, without_accents


class Kind(StrEnum):
    """What a question asks for, told from its form."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    MANY = "many"
    WHY = "why"
    WHAT = "what"


class Question(Struct, frozen=True):
    """A question: what it asks for, its words and their stems, the times that it names.

    ``roots`` are those of the words that carry something.
    """

    kind: Kind
    words: frozenset[str]
    times: tuple[Time, ...]
    roots: frozenset[str] = frozenset()


# In folded questions without accents (en, de, es, fr, pt); the first that is found holds.
_KINDS = (
    (
        Kind.WHEN,
        r"when|(?:what|which|in what) (?:year|date|day|month|time)|wann|in welchem jahr|cuando|"
        r"en que (?:ano|fecha)|quand|(?:en )?quelle (?:annee|date)|quando|em que (?:ano|data)|"
        r"(?:wie|how) (?:old|alt)",
    ),
    (
        Kind.MANY,
        r"how (?:many|much|long|far|tall|high|big|large|deep|fast|often|wide|heavy)|number of|"
        r"population|distance|what percent\w*|wie ?viele?|wie (?:lange|hoch|weit|oft)|"
        r"cuant[oa]s?|combien|quant[oa]s?",
    ),
    (
        Kind.WHO,
        r"who|whom|whose|wer|wen|wem|wessen|quien(?:es)?|qui|quem",
    ),
    (
        Kind.WHERE,
        r"where|(?:what|which) (?:city|country|state|place|town|continent|river)|capital|"
        r"wo|woher|wohin|donde|ou (?:est|sont|se)|onde",
    ),
    (
        Kind.WHY,
        r"why|how (?:do|does|did|is|are|can)|(?:what (?:is|are|was|were) )?the "
        r"(?:purpose|meaning|role|function|job|difference)|what does|mean|warum|wieso|por que|"
        r"pourquoi|comment",
    ),
)
_FORMS = tuple((kind, re.compile(rf"\b(?:{form})\b")) for kind, form in _KINDS)


# Words that ask, as in "how long" and "which year": no reply need say them.
_MEASURE_WORDS = (
    "long many much far old often big high tall year date day month time lange viele viel alt weit "
    "ano fecha annee data combien cuanto cuantos cuanta cuantas quanto quantos quanta quantas"
)
_MEASURES = frozenset(_MEASURE_WORDS.split())


@lru_cache(maxsize=64)
def question(ask: str) -> Question:
    """What a message of the user asks for; ``WHAT`` where its form does not tell."""
    folded = without_accents(fold(ask))
    kind = next((kind for kind, form in _FORMS if form.search(folded)), Kind.WHAT)
    plain = bare(ask)
    named = words(plain)
    stems = frozenset((*(word.text for word in named), *(word.stem for word in named)))
    roots = frozenset(root(word) for word in content(named) if word.text not in _MEASURES)
    return Question(kind, stems, times(plain), roots)


_MOST = 40
"""Alternatives that are read of one reference."""

# "160 km/h" and "24/7" are no alternatives.
_SLASH = re.compile(
    r"(?<!\d)/(?!(?:s|h|hr|hour|sec|second|min|minute|day|week|month|year|yr|kg|km|m|l|person)\b)"
    r"|(?<=\d{3})/(?=\d{3})|(?<=\d)/(?=[^\W\d]{4,}|\W)(?!(?:hour|second|minute|week|month|year|person)\b)"
)
_FIGURES = re.compile(r"[\d\s/.,]+")
_ASIDE = re.compile(r"(.+?)\s*\((.+?)\)(.*)")
_OR = re.compile(r",? (?:or|oder|ou)(?: else)? | (?:bzw\.|resp\.) ")
_QUOTES = re.compile(r"[\"“”„«»]")


@lru_cache(maxsize=256)
def alternatives(reference: str) -> tuple[str, ...]:
    """The answers of which each alone is right, bare: parted by "/" and "or", or in brackets."""
    found: dict[str, None] = {}
    whole = _QUOTES.sub("", reference)
    listed = reference.count("/") > 1 and not dates(reference)
    for part in whole.split("/") if listed and _FIGURES.fullmatch(whole) else _SLASH.split(whole):
        for form in _forms(part):
            text = bare(form).strip(" ,;")
            if any(map(str.isalnum, text)):
                found.setdefault(text)
    return tuple(found)[:_MOST]


def _forms(part: str) -> list[str]:
    """One alternative as it stands, then what it says in other words or offers as others."""
    forms = [part]
    aside = _ASIDE.fullmatch(part.strip())
    if aside:
        forms += [aside[1] + aside[3], aside[2]]
    choices = _OR.split(part)
    if len(choices) > 1:
        forms += [*choices[0].split(", "), *choices[1:]]
    return forms


@lru_cache(maxsize=256)
def grouped(options: tuple[str, ...]) -> tuple[int, ...]:
    """For each bare alternative the first one that it shares a word with, directly or by others.

    "1983" and "June 24, 1983" are one answer in two forms; "Hawaii" and "Arizona" are two.
    """
    groups: list[int] = []
    vocabulary = [{word.stem for word in content(words(option))} for option in options]
    for place, stems in enumerate(vocabulary):
        akin = {groups[other] for other in range(place) if stems & vocabulary[other]}
        first = min(akin, default=place)
        groups = [first if group in akin else group for group in groups]
        groups.append(first)
    return tuple(groups)
