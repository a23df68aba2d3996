"""Does the bot still know what it was told?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chatbot_qa.checks.base import Evidence, check, failed, passed, unsure
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold, without_accents, wordless

if TYPE_CHECKING:
    from chatbot_qa.text.mentions import Mention


def _cannot_tell(_: Use, *, value: str, instead_of: str | None = None) -> Flaw | None:
    """A value without a word, or one that cannot be told from what it replaced."""
    given = {"value": value} if instead_of is None else {"value": value, "instead_of": instead_of}
    for name, text in given.items():
        if wordless(text):
            return Flaw(f"has no word or number in its `{name}`", _SUCH, (name,))
    if instead_of is None:
        return None
    if _within(_runs(instead_of), _runs(value)):
        return Flaw(
            f"cannot tell {shown(value)} from {shown(instead_of)}: who names the one names the "
            "other too",
            "shorten both to what differs, or leave out `instead_of`",
            ("instead_of",),
        )
    return None


def _runs(text: str) -> list[str]:
    """The words and figures of a text, as mentions are looked for, at the speed of rows."""
    return _RUN.findall(without_accents(fold(text)))


def _within(part: list[str], whole: list[str]) -> bool:
    """Whether one is in the other as it stands, or is the same but for its separators."""
    ends = range(len(part), len(whole) + 1)
    return "".join(part) == "".join(whole) or any(whole[e - len(part) : e] == part for e in ends)


_RUN = re.compile(r"\d+|[^\W\d_]+")
_SUCH = "such as `recalls: A-1042`"


@check("recalls", scope="turn", version=4, verify=_cannot_tell)
def recalls(seen: Evidence, *, value: str, instead_of: str | None = None) -> Finding:
    """The reply gives this value, as the one that holds now.

    The check of context retention: what was said in an earlier turn must come back. How
    it is written does not count: A-1042 is "a 1042", 30 is "thirty", José is "jose". With
    ``instead_of``, the value that was corrected, a reply that names both is judged by which
    one it gives as current ("98187 (was 98178)"); where that cannot be told it is unsure. A
    value that is named only to deny it ("I have no record of A-1042") is not recalled, and
    a guess ("A-1042, perhaps", "A-1042 or A-1043?") is unsure. The user's own name, which the bot
    takes for its own ("My name is Priya, I'm your assistant"), is not recalled.

    Example:
        - recalls: {value: "98187", instead_of: "98178"}
    """
    from chatbot_qa.text.guesses import one_of_several
    from chatbot_qa.text.mentions import mentions
    from chatbot_qa.text.standing import Standing

    given = mentions(seen.text, value)
    replaced = mentions(seen.text, instead_of) if instead_of is not None else ()
    said = _said_in(seen, value)
    quotes = _quotes(seen, value, said)
    since = f", said in turn {seen.authors_turn(said)}" if said else ""
    if given and replaced and instead_of is not None:
        finding = _of_two(seen, value, given, instead_of, replaced)
    elif replaced and instead_of is not None:
        finding = failed(f"the reply names {shown(instead_of)}, which {shown(value)} replaced")
    elif not given:
        finding = failed(f"the reply does not name {shown(value)}{since}")
    elif max(mention.standing for mention in given) is Standing.DENIED:
        finding = failed(f"the reply names {shown(value)} only to deny or to doubt it")
    elif max(mention.standing for mention in given) is Standing.DOUBTED:
        finding = unsure(f"the reply is not sure of {shown(value)}")
    elif _as_its_own(seen, value, len(given)):
        finding = failed(f"the reply gives {shown(value)}, the user's name, as the bot's own")
    elif one_of_several(seen.text, value):
        finding = unsure(f"the reply gives {shown(value)} as one of several")
    else:
        finding = passed(f"the reply names {shown(value)}{since}")
    return replace(finding, quotes=quotes)


def _as_its_own(seen: Evidence, value: str, times: int) -> bool:
    """Whether the bot calls itself by the name that the user gave as their own."""
    from chatbot_qa.text.persona import selves
    from chatbot_qa.text.quoting import unquoted

    def names(text: str) -> list[str]:
        said = (one.value for one in selves(unquoted(text, 0)) if one.sort == "name")
        return [one for one in said if _within(_runs(value), _runs(one))]

    if len(names(seen.text)) < times:
        return False
    return any(names(one.say.message.text) for one in seen.exchanges[: seen.turn - 1])


def _of_two(
    seen: Evidence,
    value: str,
    given: tuple[Mention, ...],
    instead_of: str,
    replaced: tuple[Mention, ...],
) -> Finding:
    """The reply names both: by the standing of each, or by which one became the other."""
    from chatbot_qa.text.mentions import becomes
    from chatbot_qa.text.standing import Standing

    ours = max(mention.standing for mention in given)
    theirs = max(mention.standing for mention in replaced)
    right = f"the reply gives {shown(value)} as current, not {shown(instead_of)}"
    wrong = f"the reply gives {shown(instead_of)} as current, not {shown(value)}"
    if ours == theirs == Standing.PLAIN:
        if any(becomes(seen.text, old, new) for old in replaced for new in given):
            return passed(right)
        if any(becomes(seen.text, new, old) for old in replaced for new in given):
            return failed(wrong)
    if ours is Standing.DOUBTED and theirs < ours:
        return unsure(f"the reply is not sure of {shown(value)}")
    if ours > theirs:
        return passed(right)
    if theirs > ours:
        return failed(wrong)
    return unsure(
        f"the reply names both {shown(value)} and {shown(instead_of)}, and which of them it "
        "holds to be current cannot be told"
    )


def _said_in(seen: Evidence, value: str) -> int:
    """The first turn before this one in which the user said the value; 0 if none."""
    from chatbot_qa.text.mentions import mentions

    for number, exchange in enumerate(seen.exchanges[: seen.turn - 1], 1):
        if mentions(exchange.say.message.text, value):
            return number
    return 0


def _quotes(seen: Evidence, value: str, said: int) -> tuple[Quote, ...]:
    """Where the value comes from, the user or the bot, and the reply under judgement."""
    from chatbot_qa.text.mentions import mentions

    if said:
        return seen.said_quote(said), seen.reply_quote()
    for number, exchange in enumerate(seen.exchanges[: seen.turn - 1], 1):
        if mentions(exchange.text, value):
            return seen.reply_quote(number), seen.reply_quote()
    return (seen.reply_quote(),)
