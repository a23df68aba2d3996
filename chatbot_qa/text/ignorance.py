"""Does a reply say that the bot does not know, or that it was never told?"""

from __future__ import annotations

import re

from chatbot_qa.text.fold import heap, without_accents

# In folded text without accents: en, de, fr, es, pt.
_UNKNOWN = re.compile(
    r"\b(?:i|we) (?:do not|don't|can't|cannot|couldn't|could not) (?:currently |really |actually )?"
    r"(?:know|recall|remember|have (?:any |that |this |your |the |a |access|enough)|find|see|tell)"
    r"|\b(?:i'm|i am|we're|we are) (?:not sure|unsure|not aware|unaware)"
    r"|\b(?:haven't|have not|didn't|did not|never) (?:yet )?(?:told|tell|given|gave|give|shared|"
    r"share|mentioned|mention|provided|provide)"
    r"|\bno (?:record|information|memory|idea|knowledge)\b"
    # de
    r"|\b(?:weiss|kenne) (?:ich )?(?:\w+ ){0,3}nicht\b|\bnicht (?:gesagt|bekannt|mitgeteilt)\b"
    r"|\bkeine (?:ahnung|information\w*|angaben?|daten)\b"
    r"|\berinnere mich nicht\b|\bnicht erinnern\b"
    # fr
    r"|\b(?:ne|n') ?(?:sais|connais|ai|me souviens|m'en souviens|dispose) (?:pas|aucune?)\b"
    r"|\baucune (?:idee|information|trace)\b"
    # es
    r"|\bno (?:lo )?(?:se|recuerdo|conozco|tengo|dispongo|consta)\b|\bni idea\b"
    # pt
    r"|\bnao (?:o |a )?(?:sei|lembro|me lembro|conheco|tenho|disponho|consta)\b"
    r"|\b(?:sem|nem) ideia\b"
)


def admits_ignorance(text: str) -> bool:
    """Whether the reply says that the bot does not know, or was never told."""
    return _UNKNOWN.search(without_accents(heap(text))) is not None
