"""A reply as answers are looked for in it: read once, for all alternatives of a reference."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from chatbot_qa.text.answer_words import Index, Word, bare, indexed, mended, squeezed, words
from chatbot_qa.text.ignorance import admits_ignorance
from chatbot_qa.text.mentions import plain
from chatbot_qa.text.sentences import sentences


class Said(Struct, frozen=True):
    """A reply as it is compared: whole, and its head, the first sentence that says something."""

    text: str
    folded: str
    letters: str
    head: str
    index: Index
    head_words: tuple[Word, ...]
    signs: dict[str, float]


_HEAD = 25
"""A first sentence with fewer letters is read together with the second."""
_HEAD_WORDS = 100
"""Words that are read of a head."""

# In folded text without accents (en, de, es, fr, pt).
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|possibly|might|probably|unclear|not (?:entirely )?(?:sure|certain|clear)|"
    r"i (?:think|believe)|it seems|several|various|many|some|vielleicht|wahrscheinlich|mehrere|"
    r"quizas?|tal vez|probablemente|vari[oa]s|peut-etre|probablement|plusieurs|talvez|"
    r"provavelmente)\b"
)
_BUT = re.compile(
    r"\b(?:sorry|unfortunately|as an ai|as of my|not available|not yet|however|actually|"
    r"(?:do|does|did|has|have|could|can) ?n[o']t|cannot|there (?:is|was|are) no|"
    r"no (?:specific|definitive|official|information)|leider|jedoch|allerdings|lo siento|"
    r"sin embargo|lamentablemente|desole|malheureusement|cependant|toutefois|desculp\w+|"
    r"infelizmente|porem|no entanto)\b"
)
_NOT = re.compile(
    r"n't\b|\b(?:not|no|never|cannot|nicht|kein\w*|nie|pas|jamais|aucune?|nunca|ningun\w*|nao|"
    r"nenhum\w*)\b"
)
_YES = re.compile(r"\W*(?:yes|yeah|yep|correct|true|ja|si|oui|sim)\b")
_NO = re.compile(r"\W*(?:no|nope|false|incorrect|nein|non|nao)\b")


@lru_cache(maxsize=8)
def said(reply: str) -> Said:
    """A reply, read once for all alternatives."""
    text = bare(reply)
    head = bare(_head(reply))
    every = words(text)
    folded, opening = plain(text), plain(head)
    signs = {
        "ignorant": admits_ignorance(text),
        "hedged": _HEDGE.search(opening) is not None,
        "but": _BUT.search(folded) is not None,
        "but in head": _BUT.search(opening) is not None,
        "not": _NOT.search(folded) is not None,
        "not in head": _NOT.search(opening) is not None,
        "short": len(every) <= 6,
        "long": len(every) > 60,
    }
    return Said(
        text,
        folded,
        squeezed(text),
        head,
        indexed(every),
        words(head)[:_HEAD_WORDS],
        {key: float(on) for key, on in signs.items()},
    )


def _head(reply: str) -> str:
    spoken = sentences(mended(reply))
    if not spoken:
        return reply
    return " ".join(spoken[:2]) if len(spoken[0]) < _HEAD else spoken[0]


def assent(text: str) -> int:
    """1 where a text begins with a yes, -1 with a no, 0 with neither."""
    folded = plain(text)
    return 1 if _YES.match(folded) else -1 if _NO.match(folded) else 0
