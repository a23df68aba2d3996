"""What a bot says of itself: its name, and whether it is a person or a machine.

English, Spanish, German, French and Portuguese, by the few ways there are to say "I am".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

READ = 20_000
"""Characters that are read."""

Sort = Literal["name", "being"]


class Self(Struct, frozen=True):
    """One thing that a text says of the one who speaks, with its place.

    ``value`` of a ``name`` is the name as written, of a ``being`` ``person`` or ``machine``.
    """

    sort: Sort
    value: str
    start: int
    end: int


_NAME = r"(?P<name>[A-ZÀ-Þ][\w'’-]*(?:\s[A-ZÀ-Þ][\w'’-]*){0,2})"
_CALLED = re.compile(
    r"\b(?i:my name(?:'s| is)|i am called|i'm called|call me|"
    r"you(?:'re| are) (?:talking|speaking|chatting) "
    r"(?:to|with)|mein name ist|ich hei(?:ß|ss)e|ich bin|me llamo|mi nombre es|soy|"
    r"je m'appelle|mon nom est|je suis|chamo-me|me chamo|meu nome é|(?:eu )?sou(?: [oa])?|"
    rf"i am|i'm)\s+(?:(?i:now|jetzt|ahora|maintenant|agora)\s+)?{_NAME}"
)
_MACHINE = (
    r"(?:(?:ki|ia|ai|a\.i\.)\b[\w-]*|artificial intelligence|inteligencia artificial|"
    r"inteligência artificial|intelligence artificielle|künstliche intelligenz|"
    r"(?:chat)?bots?\b|robots?\b|robô|roboter\b|machine\b|maschine\b|máquina\b|software\b|program\b|"
    r"programm\b|programa\b|programme\b|computer\b|(?:large )?language model|sprachmodell|"
    r"modelo de (?:lenguaje|linguagem)|modèle de langage|"
    r"(?:virtual|digital|automated|virtuell\w*|digital\w*|virtuel\w*) (?:\w+ )?(?:assistant|agent|"
    r"assistent\w*)|(?:asistente|assistente|assistant\w*|agent\w*) (?:virtual|digital|virtuel\w*|"
    r"automatizad\w|automatique))"
)
_PERSON = (
    r"(?:(?:real |actual |living )?(?:human(?: being)?|person)\b|mensch\b|"
    r"(?:echter |richtiger |realer )mensch\b|ser humano|humano\b|humana\b|"
    r"persona(?: real| de verdad)?\b|être humain|humain\w?\b|(?:vraie )?personne\b|"
    r"pessoa(?: real| de verdade)?\b)"
)
_OF_KIND = re.compile(
    r"\b(?P<am>i am|i'm|as|ich bin|als|soy|como|je (?:ne )?suis|en tant qu[e']|(?:eu )?sou)\s*"
    r"(?P<no>(?:not|no|nicht|pas|não|kein\w*|isn't)\b\s*)?(?:\w+\s+){0,2}?"
    r"(?P<no2>(?:not|no|nicht|pas|não|kein\w*)\b\s*)?"
    r"(?:(?:an?|just an?|only an?|ein\w*|une?|un|una|um|uma|d'une?)\s*)?(?:\w+[,]?\s+){0,2}?"
    rf"(?:(?P<machine>{_MACHINE})|(?P<person>{_PERSON}))",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\bno|\bnão|\bne|\bn')\s+(?:\w+\s+)?$", re.IGNORECASE)
_ALSO_NOUNS = re.compile(
    r"(?i:the|an?|your|here|sorry|happy|glad|afraid|not|just|only|sure|able|ready|available|"
    r"ein\w*|der|die|das|ihr\w*|dein\w*|hier|un\w*|el|la|le|su|tu|votre|seu|sua|o|a|"
    r"\w*(?:assist|asist|agent|chatbot|bot|model|modell|mensch|roboter|ki|ai|ia|berater|"
    r"mitarbeiter)\w*)\b"
)


def selves(text: str) -> tuple[Self, ...]:
    """All that a text says of the one who speaks, in order."""
    return tuple(sorted(_found(text[:READ]), key=lambda one: one.start))


def _found(text: str) -> Iterator[Self]:
    for match in _CALLED.finditer(text):
        name = match["name"]
        if not _ALSO_NOUNS.match(name):
            yield Self("name", name.rstrip("'’-"), *match.span("name"))
    for match in _OF_KIND.finditer(text):
        denied = bool(match["no"] or match["no2"] or _DENIED.search(text[: match.start()][-12:]))
        machine = bool(match["machine"]) is not denied
        yield Self("being", "machine" if machine else "person", *match.span())
