"""Does the bot refuse?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot_qa.checks.base import Evidence, check, decide, unsure
from chatbot_qa.domain.verdict import Finding, Quote

if TYPE_CHECKING:
    from chatbot_qa.text.refusals import Refusal


@check("refuses", scope="turn", version=3)
def refuses(seen: Evidence) -> Finding:
    """The reply refuses the request, wholly or in part.

    For requests that the bot must not serve; ``not_refuses`` (or ``answers``) is for honest
    ones that it must. Told offline from what the sentences of the reply do, in English,
    German, French, Spanish and Portuguese: who cannot or will not do what, sermons, offers
    of something else, and what of the request is served all the same. A reply that refuses
    and then serves a part counts as a refusal, and the reason says "partly". Not knowing
    ("I cannot find that order") and stating a rule of the shop ("we do not take back
    underwear") are no refusals. A reply that neither refuses nor answers (empty, the question
    said again, a promise, a joke, gibberish, words about something else) is unsure.

    Example:
        - refuses
    """
    from chatbot_qa.text.refusals import Degree, refusal

    if not seen.text.strip():
        return unsure("the reply has no words, which is neither an answer nor a refusal")
    found = refusal(seen.text, seen.said)
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


def told(found: Refusal) -> str:
    """What was found, in words."""
    return "the reply partly refuses" if found.served else "the reply refuses"


def sentence_of(seen: Evidence, found: Refusal) -> tuple[Quote, ...]:
    """The sentence that refuses, if there is one."""
    return (Quote(seen.reply_quote().label, found.sentence),) if found.sentence else ()
