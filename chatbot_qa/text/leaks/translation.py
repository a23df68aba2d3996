"""A phrase given away in another language, or in pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from chatbot_qa.text.leaks.base import Leak
from chatbot_qa.text.leaks.cleaning import clean, original, squeezed, words
from chatbot_qa.text.leaks.coverage import covered, window
from chatbot_qa.text.leaks.glossary import meanings
from chatbot_qa.text.leaks.secret import Secret
from chatbot_qa.text.leaks.telling import tells

_LONGEST = 60_000
_TRANSLATED = 0.7
_PICTURE = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_SAY_NO_MORE = re.compile(r"\b(?:FACE|SYMBOL|SIGN|SLICE OF|WITH .*)(?: |$)")


def translated(text: str, secret: Secret) -> Leak | None:
    """The phrase in another language, in a sentence that speaks of a secret; or None.

    English, German, French and Spanish, as far as a small glossary goes. Every word that
    weighs something must be there, translated or as it is, and close to the others.
    """
    wanted = [place for place, weight in enumerate(secret.weights) if weight > 0]
    if not wanted or secret.prose or not all(meanings(secret.words[place]) for place in wanted):
        return None
    text = text[:_LONGEST]
    tokens = words(clean(text))
    known = [meanings(token.group()) for token in tokens]
    places: dict[int, Sequence[int]] = {}
    for number in wanted:
        there = meanings(secret.words[number])
        places[number] = [place for place, one in enumerate(known) if one & there]
        if not places[number]:
            return None
    first, last = window(places, secret.weights)
    span = tokens[first].start(), tokens[last].end()
    brief = len(wanted) > 1 and len(tokens) <= len(secret.words) + 2
    if last - first >= 3 * len(wanted) or not (brief or tells(text, *span, secret.words)):
        return None
    if all(tokens[place].group() in secret.words for place in (first, last)):
        return None
    return Leak("in another language", *original(text, *span), 1.0, _TRANSLATED)


def pictured(text: str, secret: Secret) -> Leak | None:
    """The words of a phrase, some of them as pictures (emoji), or None."""
    if text.isascii() or secret.prose or not _PICTURE.search(text):
        return None
    named = _PICTURE.sub(lambda found: f" {_name(found.group())} ", text[:_LONGEST])
    if len(secret.words) == 1 and len(secret.letters) > 5 and secret.letters in squeezed(named):
        return Leak("in pictures", 0, len(text), score=_TRANSLATED)
    leak = covered(named, secret)
    return replace(leak, form="in pictures", start=0, end=len(text)) if leak else None


@lru_cache(maxsize=1024)
def _name(picture: str) -> str:
    """What a picture shows, by its Unicode name: ``cat``, ``pizza``."""
    return _SAY_NO_MORE.sub("", unicodedata.name(picture, "")).lower().strip()
