"""Whether a reply says that the bot does not know, or was never told."""

from __future__ import annotations

import re

from chatbot_qa.text.fold import heap, without_accents

_EN_UNKNOWN = (
    r"\b(?:i|we) (?:do not|don't|can't|cannot|couldn't) (?:currently |really |actually )?"
    r"(?:know|recall|remember|have (?:any |that |this |your |the |a |access|enough)|find|see|tell)|"
    r"\b(?:i'm|i am|we're|we are) (?:not sure|unsure|not aware|unaware)|"
    r"\b(?:haven't|have not|didn't|did not|never) (?:yet )?(?:told|tell|given|gave|give|shared|"
    r"share|"
    r"mentioned|mention|provided|provide)|"
    r"\bno (?:record|information|memory|idea|knowledge)\b"
)
_OTHER_UNKNOWN = (
    r"\b(?:weiss|kenne) (?:ich )?(?:\w+ ){0,3}nicht\b|\bnicht gesagt\b|"
    r"\b(?:ne|n') ?(?:sais|connais|ai) (?:pas|aucune)|\bno (?:lo )?(?:se|recuerdo|conozco|tengo)\b"
)
_UNKNOWN = re.compile(f"(?:{_EN_UNKNOWN})|(?:{_OTHER_UNKNOWN})")


def admits_ignorance(text: str) -> bool:
    """Whether the reply says that the bot does not know, or was never told."""
    return _UNKNOWN.search(without_accents(heap(text))) is not None
