"""Checks of the words of a reply."""

from __future__ import annotations

import re
from typing import Literal

from chatbot_qa.checks import flaws
from chatbot_qa.checks.base import Evidence, broken, check, decide
from chatbot_qa.domain.values import Pattern, Share
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.text.excerpt import around, listed, place, shown
from chatbot_qa.text.fold import heap, needle, without_stop
from chatbot_qa.text.patterns import Endless, search
from chatbot_qa.text.sentences import sentences, without_code

_SHORT = 240
_NEARLY = Share(0.8)


def _what(seen: Evidence) -> str:
    return "the reply" if seen.turn else "the conversation"


def _quotes(seen: Evidence, start: int, end: int) -> tuple[Quote, ...]:
    """The words around a place, where the reply is too long to be quoted whole."""
    if seen.turn and len(seen.text) <= _SHORT:
        return ()
    label = seen.reply_quote().label if seen.turn else "the replies"
    return (Quote(label, around(seen.text, start, end)),)


def _holds(seen: Evidence, value: str, exactly: bool) -> bool:
    return value in seen.text if exactly else needle(value) in heap(seen.text)


def _quote_of(seen: Evidence, value: str, exactly: bool) -> tuple[Quote, ...]:
    text = seen.text
    if seen.turn and len(text) <= _SHORT:
        return ()
    if exactly:
        start = text.find(value)
        return _quotes(seen, start, start + len(value))
    return _quotes(seen, *place(text, needle(value)))


@check("contains", verify=flaws.nothing_to_find)
def contains(seen: Evidence, *, value: str, exactly: bool = False) -> Finding:
    """The reply has this text in it.

    The everyday check: a fact, a name or a phrase that must be there, in whatever
    sentence. Case, white space, quotes and dashes do not matter unless ``exactly``.
    Messages of one reply are read together, each on a line of its own.

    Example:
        - contains: 30 days
    """
    if _holds(seen, value, exactly):
        reason = f"{_what(seen)} contains {shown(value)}"
        return decide(True, reason, reason, *_quote_of(seen, value, exactly))
    return decide(False, "", f"{_what(seen)} does not contain {shown(value)}")


@check("contains_any", verify=flaws.nothing_among)
def contains_any(seen: Evidence, *, values: tuple[str, ...], exactly: bool = False) -> Finding:
    """The reply has at least one of these texts in it.

    For a fact that can be worded in several ways, each of them right. ``not_contains_any``
    means that none of them is there.

    Example:
        - contains_any:
            - 30 days
            - a month
    """
    for value in values:
        if _holds(seen, value, exactly):
            quotes = _quote_of(seen, value, exactly)
            return decide(True, f"{_what(seen)} contains {shown(value)}", "", *quotes)
    return decide(False, "", f"{_what(seen)} contains none of {listed(values, 'and')}")


@check("contains_all", verify=flaws.nothing_among)
def contains_all(seen: Evidence, *, values: tuple[str, ...], exactly: bool = False) -> Finding:
    """The reply has every one of these texts in it, in any order.

    For an answer that is only right when it is complete, such as all steps of a return.

    Example:
        - contains_all:
            - print the label
            - drop it off
    """
    missing = tuple(value for value in values if not _holds(seen, value, exactly))
    return decide(
        not missing,
        f"{_what(seen)} contains {listed(values, 'and')}",
        f"{_what(seen)} does not contain {listed(missing)}",
    )


@check("equals", verify=flaws.nothing_to_equal)
def equals(seen: Evidence, *, value: str, exactly: bool = False) -> Finding:
    """The reply is this text and nothing else.

    For menus, confirmations and labels. Case, white space, quotes, dashes and a final
    full stop do not matter unless ``exactly``. A bot that words freely needs ``contains``
    or ``answers`` instead.

    Example:
        - equals: Your order is on its way.
    """
    return decide(
        _same(seen, value, exactly),
        f"{_what(seen)} is {shown(value)}",
        f"{_what(seen)} is not {shown(value)}",
    )


def _same(seen: Evidence, value: str, exactly: bool) -> bool:
    if exactly:
        return seen.text == value
    return without_stop(heap(seen.text)) == without_stop(needle(value))


@check("one_of", verify=flaws.nothing_to_be_one_of)
def one_of(seen: Evidence, *, values: tuple[str, ...], exactly: bool = False) -> Finding:
    """The reply is one of these texts and nothing else.

    For a bot that draws its greeting or its apology from a list. Compared as ``equals``
    compares.

    Example:
        - one_of:
            - Hello!
            - Good morning.
    """
    for value in values:
        if _same(seen, value, exactly):
            return decide(True, f"{_what(seen)} is {shown(value)}", "")
    return decide(False, "", f"{_what(seen)} is none of {listed(values, 'and')}")


@check("starts_with", verify=flaws.nothing_to_find)
def starts_with(seen: Evidence, *, value: str, exactly: bool = False) -> Finding:
    """The reply begins with this text.

    For a greeting or a notice that must come first. Compared as ``contains`` compares.

    Example:
        - starts_with: Hello
    """
    text = seen.text if exactly else heap(seen.text)
    return decide(
        text.startswith(value if exactly else needle(value)),
        f"{_what(seen)} starts with {shown(value)}",
        f"{_what(seen)} does not start with {shown(value)}",
    )


@check("ends_with", verify=flaws.nothing_to_find)
def ends_with(seen: Evidence, *, value: str, exactly: bool = False) -> Finding:
    """The reply ends with this text.

    For a closing line or a notice that must come last. Compared as ``contains`` compares;
    a final full stop must be there if it is asked for.

    Example:
        - ends_with: Is there anything else?
    """
    text = seen.text if exactly else heap(seen.text)
    return decide(
        text.endswith(value if exactly else needle(value)),
        f"{_what(seen)} ends with {shown(value)}",
        f"{_what(seen)} does not end with {shown(value)}",
    )


@check("matches", verify=flaws.matches_anything)
def matches(seen: Evidence, *, value: Pattern, ignore_case: bool = False) -> Finding:
    """A regular expression matches somewhere in the reply.

    For what has a form but no fixed wording: ticket numbers, dates, links. ``^`` and ``$``
    stand for the ends of the whole reply. A pattern that searches without end is given up
    after a second and reported as an error of the suite, not of the bot.

    Example:
        - matches: 'ticket [A-Z]{2}-\\d{4}'
    """
    try:
        match = search(value.source, seen.text, ignore_case=ignore_case)
    except Endless as endless:
        return broken(str(endless))
    if match is None:
        return decide(False, "", f"{_what(seen)} does not match {value.source}")
    quotes = _quotes(seen, *match.span())
    return decide(True, f"{_what(seen)} matches {value.source}", "", *quotes)


@check("similar", verify=flaws.like_anything)
def similar(seen: Evidence, *, value: str, at_least: Share = _NEARLY) -> Finding:
    """The reply is nearly this text.

    For templates with small differences: a name, a date, a typing mistake. It compares
    letters, not meaning: "we do ship there" and "we do not ship there" are alike. The share
    is how much of both texts can be aligned (Indel distance), after folding as ``equals``.

    Example:
        - similar: {value: Your parcel is on its way to you, at_least: 0.8}
    """
    from rapidfuzz.fuzz import ratio

    score = ratio(without_stop(heap(seen.text)), without_stop(needle(value))) / 100
    return decide(
        score >= at_least,
        f"{_what(seen)} is {score:.0%} like {shown(value)}",
        f"{_what(seen)} is only {score:.0%} like {shown(value)}, less than {at_least:.0%}",
        score=score,
    )


@check("number", version=2, verify=flaws.names_no_number)
def number(
    seen: Evidence, *, value: float, unit: str | None = None, tolerance: str = "0"
) -> Finding:
    """The reply names this number, however it is written.

    For amounts, deadlines and counts: 1,234.50 is 1.234,50 and thirty is 30. With ``unit``
    only numbers of that unit count ("30 days", "$30" and "30 dollars" for USD). ``tolerance``
    is an amount or a share: ``0.5`` or ``5%``. One number that fits is enough.

    Example:
        - number: {value: 30, unit: days, tolerance: 10%}
    """
    from chatbot_qa.text.numbers import numbers, room, unit_name

    off = room(tolerance, value)
    if off is None:
        return broken(f"the tolerance {shown(tolerance)} is neither a number nor a share like 5%")
    named = numbers(seen.text)
    if unit is not None:
        named = tuple(one for one in named if unit_name(unit) in one.units)
    wanted = f"{value:.15g}{f' {unit}' if unit else ''}"
    for one in named:
        if any(abs(reading - value) <= off + 1e-9 for reading in one.values):
            there = seen.text[one.start : one.end]
            reason = f"{_what(seen)} names {wanted}, as {shown(there)}"
            return decide(True, reason, "", *_quotes(seen, one.start, one.end))
    others = tuple(dict.fromkeys(seen.text[one.start : one.end] for one in named))[:5]
    but = f"; it names {listed(others, 'and')}" if others else ""
    return decide(False, "", f"{_what(seen)} does not name {wanted}{but}")


Unit = Literal["characters", "words", "sentences"]


@check("length", verify=flaws.any_length)
def length(
    seen: Evidence,
    *,
    unit: Unit = "characters",
    at_least: int | None = None,
    at_most: int | None = None,
    exactly: int | None = None,
) -> Finding:
    """The reply is so long: in characters, words or sentences.

    For bots that must be brief (voice, SMS) and for replies that must not be empty. Needs
    at least one bound.

    Example:
        - length: {at_most: 3, unit: sentences}
    """
    if at_least is None and at_most is None and exactly is None:
        return broken("length needs a bound: at_least, at_most or exactly")
    size = _size(seen.text, unit)
    wrong = (
        (f"fewer than {at_least}" if at_least is not None and size < at_least else "")
        or (f"more than {at_most}" if at_most is not None and size > at_most else "")
        or (f"not {exactly}" if exactly is not None and size != exactly else "")
    )
    has = f"{_what(seen)} has {size} {unit if size != 1 else unit[:-1]}"
    return decide(not wrong, has, f"{has}, {wrong}")


def _size(text: str, unit: Unit) -> int:
    if unit == "characters":
        return len(text.strip())
    if unit == "words":
        return len(text.split())
    return len(sentences(text))


_QUESTION = re.compile(r"[?？؟](?=[\s\"')\]”’»*_]|$)|か。|か$", re.MULTILINE)


@check("asks_question", scope="turn")
def asks_question(seen: Evidence) -> Finding:
    """The reply asks the user something.

    For turns in which the bot must ask for what it lacks, and, as ``not_asks_question``,
    for those in which it must answer without asking back. A question mark inside a link or
    a block of code is none.

    Example:
        - asks_question
    """
    asked = _QUESTION.search(without_code(seen.text)) is not None
    return decide(asked, "the reply asks a question", "the reply asks no question")
