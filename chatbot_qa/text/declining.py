"""Does a reply leave the question open: does it refuse, or say that it does not know?"""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot_qa.text.agreement_values import own, telling
from chatbot_qa.text.claims import Claims
from chatbot_qa.text.numbers import bare

SHORT = 6
"""Words of a reply up to which it is an answer alone, without a sentence around it."""

_STILL = re.compile(
    r"\b(?:however|but|although|that said|nevertheless|as of|typically|generally|in general|aber|"
    r"jedoch|allerdings|pero|sin embargo|mais|cependant|toutefois|mas|porem|contudo)\b"
)


_QUOTED = re.compile(r"[\"“„«][^\"”“»\n]{0,200}[\"”“»]")
"""Titles and words of others: the song "I Can't Go On" refuses nothing."""


def declines(text: str, said: Claims, asked: Claims, ask: str) -> str:
    """How a reply leaves the question open, in words; "" if it answers, or answers all the same.

    Where no question is known, only a few words are read as leaving it open.
    """
    if not ask and len(text.split()) > SHORT:
        return ""
    still = _STILL.search(bare(text))
    if still and any(one.start > still.end() for one in own(said.values, asked)):
        return ""
    if _refuses(text):
        return "refuses"
    if any(map(telling, said.values)) or said.polarity:
        return ""
    from chatbot_qa.text.ignorance import admits_ignorance

    return "does not know" if admits_ignorance(text) else ""


@lru_cache(maxsize=512)
def _refuses(text: str) -> bool:
    from chatbot_qa.text.refusals import Degree, refusal

    return refusal(_QUOTED.sub(" ", text)).degree is Degree.WHOLLY
