"""Does a bot contradict itself, or what it was told, in the course of a conversation?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot_qa.checks.base import Asker, Evidence, Inquiry, check, failed, passed, unsure
from chatbot_qa.checks.models import NoAnswer, same
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.text.excerpt import around

if TYPE_CHECKING:
    from chatbot_qa.text.contradictions import Clash, Statement

MOST_ASKED = 5
"""Undecided places that a model is asked about."""


@check("consistent", scope="conversation", asks=True)
def consistent(seen: Evidence) -> Finding | Inquiry:
    """No reply contradicts an earlier one, or what the user told the bot.

    For conversations that come back to a thing: a price, a deadline, an order number. Only
    places about the same thing are compared: replies to a question that was asked again,
    and statements that share their words and differ in a value or in what they deny. A user
    who puts something right makes the new value the right one. Where the words leave it
    open the models of chatbot-qa.yaml are asked, if it names any; otherwise it is unsure.
    Where no two places are about one thing there is nothing to contradict, and it passes.

    Example:
        - consistent
    """
    from chatbot_qa.text.agreement import State
    from chatbot_qa.text.contradictions import Spoken, clashes

    dialogue = [
        Spoken(number, exchange.say.message.text, exchange.text)
        for number, exchange in enumerate(seen.exchanges, 1)
        if exchange.reply is not None and exchange.say.message.call is None
    ]
    found = list(clashes(dialogue))
    for clash in found:
        if clash.found.state is State.DISAGREE:
            return _contradicts(seen, clash, clash.found.reason, clash.found.tier)
    undecided = [clash for clash in found if clash.found.state is State.UNSURE]
    if undecided and seen.asker is not None and _asks(seen.asker):
        return _asked(seen, seen.asker, undecided)
    if undecided:
        return _open(seen, undecided[0])
    if not found:
        return passed("no two places of the conversation are about one thing")
    return passed("what is said of one thing agrees")


def _asks(asker: Asker) -> bool:
    return bool(asker.judges or asker.nli or asker.embeddings)


def _asked(seen: Evidence, asker: Asker, undecided: list[Clash]) -> Inquiry:
    """What the models say of the places that words leave open."""
    left: list[Clash] = undecided[MOST_ASKED:]
    missing: NoAnswer | None = None
    for clash in undecided[:MOST_ASKED]:
        said = yield from same(asker, clash.ask, clash.earlier.text, clash.later.text)
        if isinstance(said, NoAnswer):
            missing = missing or said
        elif said is None or said.state == "unsure":
            left.append(clash)
        elif said.state == "disagree":
            return _contradicts(seen, clash, said.reason, said.by)
    if missing is not None:
        return missing.finding
    return _open(seen, left[0]) if left else passed("what is said of one thing agrees")


def _open(seen: Evidence, clash: Clash) -> Finding:
    turns = _turns(seen, clash)
    reason = f"nobody can say whether turns {turns} agree: {clash.found.reason}"
    return unsure(reason, *_quotes(seen, clash))


def _contradicts(seen: Evidence, clash: Clash, reason: str, tier: str) -> Finding:
    against = "what the user said" if clash.earlier.voice == "user" else "what it said"
    early = seen.authors_turn(clash.earlier.number)
    late = seen.authors_turn(clash.later.number)
    told = (
        f"the reply of turn {late} contradicts {against} in turn {early}: {reason} "
        f"(decided by {tier})"
    )
    return failed(told, *_quotes(seen, clash))


def _turns(seen: Evidence, clash: Clash) -> str:
    numbers = (clash.earlier.number, clash.later.number)
    return " and ".join(str(seen.authors_turn(number)) for number in numbers)


def _quotes(seen: Evidence, clash: Clash) -> tuple[Quote, ...]:
    return _quote(seen, clash.earlier), _quote(seen, clash.later)


def _quote(seen: Evidence, one: Statement) -> Quote:
    """The statement in its message, as reports name that."""
    of_user = one.voice == "user"
    whole = seen.said_quote(one.number) if of_user else seen.reply_quote(one.number)
    start = max(whole.text.find(one.text), 0)
    return Quote(whole.label, around(whole.text, start, start + len(one.text)))
