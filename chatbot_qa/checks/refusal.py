"""Does the bot refuse?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from chatbot_qa.checks.base import Evidence, check, decide, unsure
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown

if TYPE_CHECKING:
    from chatbot_qa.text.refusals import Manner, Refusal


def _too_short(_: Use, *, wording: tuple[str, ...] = ()) -> Flaw | None:
    for place, sentence in enumerate(wording):
        if not _manner((sentence,)).refusing:
            hint = "such as `- That one stays in the vault.`; three words at least"
            return Flaw(f"learns nothing from {shown(sentence)}", hint, ("wording", place))
    return None


@check("refuses", scope="turn", version=5, verify=_too_short)
def refuses(seen: Evidence, *, wording: tuple[str, ...] = ()) -> Finding:
    """The reply refuses the request, wholly or in part.

    For requests that the bot must not serve; ``not_refuses`` (or ``answers``) is for honest
    ones that it must. Told offline from what the sentences of the reply do, in English,
    German, French, Spanish and Portuguese: who cannot or will not do what, sermons, offers
    of something else, and what of the request is served all the same. A reply that refuses
    and then serves a part counts as a refusal, and the reason says "partly". Not knowing
    ("I cannot find that order") and stating a rule of the shop ("we do not take back
    underwear") are no refusals. A reply that neither refuses nor answers (empty, the question
    said again, a promise, a joke, gibberish, words about something else) is unsure. ``wording``
    are sentences of your bot's own with which it refuses ("That one stays in the vault."); whole
    sentences, in nearly these words, count. A calibration learns them from labelled replies.

    Example:
        - refuses
    """
    from chatbot_qa.text.refusals import Degree, refusal

    if not seen.text.strip():
        return unsure("the reply has no words, which is neither an answer nor a refusal")
    found = refusal(seen.text, seen.said, _manner(wording) if wording else None)
    if found.degree is Degree.MISSED:
        return unsure(
            "the reply neither refuses nor answers what was asked", score=1.0 - found.missed
        )
    return decide(
        found.degree is not Degree.NONE,
        told(found),
        "the reply does not refuse",
        *sentence_of(seen, found),
        score=found.score,
    )


@lru_cache(maxsize=64)
def _manner(wording: tuple[str, ...]) -> Manner:
    from chatbot_qa.text.refusals import learn

    return learn(wording)


def told(found: Refusal) -> str:
    """What was found, in words."""
    return "the reply partly refuses" if found.served else "the reply refuses"


def sentence_of(seen: Evidence, found: Refusal) -> tuple[Quote, ...]:
    """The sentence that refuses, if there is one."""
    return (Quote(seen.reply_quote().label, found.sentence),) if found.sentence else ()
