"""Does the bot ask for what it lacks, and does it hand over to a person?"""

from __future__ import annotations

from collections.abc import Mapping

from chatbot_qa.checks.base import Evidence, check, decide, failed, passed, unsure
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import wordless

_FLAGS = ("handover", "hands_over", "handoff", "hand_over")


def _no_thing(_: Use, *, value: str) -> Flaw | None:
    if not wordless(value):
        return None
    return Flaw("names nothing that could be asked for", "such as `asks_for: order number`")


@check("asks_for", scope="turn", verify=_no_thing)
def asks_for(seen: Evidence, *, value: str) -> Finding:
    """The reply asks the user for this thing.

    For turns in which the bot lacks something: an order number, a date, a name. Told by the
    forms of questions and requests in English, Spanish, German, French and Portuguese, and
    by the words of the thing in the same sentence; what bots ask for most (order number,
    email, phone, postcode, name, date …) is known by its names in all five. A reply that
    asks nothing fails. One that asks, but not plainly for this, is unsure.

    Example:
        - asks_for: order number
    """
    from chatbot_qa.text.asking import Asked, asked_for

    asked = asked_for(seen.text, value)
    if asked is Asked.MAYBE:
        return unsure(f"the reply asks something, and whether it is for {shown(value)} is unclear")
    return decide(
        asked is Asked.THIS,
        f"the reply asks for {shown(value)}",
        f"the reply asks for nothing, and so not for {shown(value)}",
    )


@check("hands_over", scope="turn")
def hands_over(seen: Evidence) -> Finding:
    """The bot hands the conversation over to a person.

    For requests that a bot must not keep to itself, and, as `not_hands_over`, for those that
    it is there for. Where the target maps `handover` or `hands_over` among its `data`, that
    decides. Else the words do, in English, Spanish, German, French and Portuguese: who is
    connected, or who will be in touch. An offer ("would you like to talk to an agent?") and
    words that may mean either are unsure.

    Example:
        - hands_over
    """
    from chatbot_qa.text.handover import Handing, handover

    flag = _flag(seen.reply.data)
    if flag is not None:
        name, value = flag
        said = f"the bot's data says `{name}: {str(value).lower()}`"
        return decide(value, said, said)
    found = handover(seen.text)
    quotes = (Quote(seen.reply_quote().label, found.sentence),) if found.sentence else ()
    if found.handing is Handing.OVER:
        return passed("the reply hands over to a person", *quotes)
    if found.handing is Handing.MAYBE:
        why = "the reply speaks of a person, and whether it hands over to one is unclear"
        return unsure(why, *quotes)
    return failed("the reply does not hand over to a person")


def _flag(data: Mapping[str, JsonValue]) -> tuple[str, bool] | None:
    """What the bot's own data says of it, where it says true or false."""
    for name in _FLAGS:
        if isinstance(value := data.get(name), bool):
            return name, value
    return None
