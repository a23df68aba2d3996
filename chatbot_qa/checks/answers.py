"""Does the bot answer, and rightly?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot_qa.checks.base import Evidence, check, decide, failed, passed, unsure
from chatbot_qa.checks.refusal import sentence_of, told
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import wordless

if TYPE_CHECKING:
    from chatbot_qa.text.refusals import Refusal


def _no_answer(_: Use, *, value: str | None = None) -> Flaw | None:
    if value is None or not wordless(value):
        return None
    return Flaw(
        f"has no word or number in its answer {shown(value)}",
        "such as `answers: 30 days`; `answers` alone means that the reply does not refuse",
    )


@check("answers", scope="turn", version=3, verify=_no_answer)
def answers(seen: Evidence, *, value: str | None = None) -> Finding:
    """The reply is the right answer, in whatever words; alone, it is no refusal.

    For facts that a bot words differently each time. The answer is looked for as words,
    numbers with their units, dates and names, in English, Spanish, German, French and
    Portuguese: "two weeks" is 14 days, "June 3, 1972" is 1972, "Wilhelm Röntgen" is Wilhelm
    Conrad Röntgen. Of alternatives one is enough: ``by post/by mail``, ``1998 or 2015``.
    Another number, date or name where one is asked for, a denial, a refusal and an admission
    of not knowing are wrong; a guess ("30 days perhaps") and what cannot be decided offline
    are unsure.

    Example:
        - answers: 30 days
    """
    from chatbot_qa.text.fold import wordless
    from chatbot_qa.text.refusals import refusal

    if not seen.text.strip():
        return failed("the reply has no words")
    found = refusal(seen.text, seen.said)
    if value is None and wordless(seen.text):
        return unsure("the reply neither refuses nor answers what was asked")
    if value is None:
        return decide(
            not found.refuses,
            "the reply answers, it does not refuse",
            told(found),
            *sentence_of(seen, found),
        )
    return _right(seen, value, found)


def _right(seen: Evidence, value: str, found: Refusal) -> Finding:
    from chatbot_qa.text.answers import Rightness, compare
    from chatbot_qa.text.refusals import Degree

    compared = compare(value, seen.text, seen.said)
    if compared.rightness is Rightness.RIGHT:
        return passed(f"the reply gives the answer {shown(value)}")
    if found.degree is Degree.WHOLLY:
        return failed(
            f"{told(found)} instead of answering {shown(value)}", *sentence_of(seen, found)
        )
    reason = f"{compared.reason} (the right answer: {shown(value)})"
    return failed(reason) if compared.rightness is Rightness.WRONG else unsure(reason)
