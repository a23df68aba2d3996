"""Does the bot stay what it is over a whole conversation: its persona, its language, its form?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from chatbot_qa.checks.base import Evidence, check, failed, not_measured, passed
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import around, shown
from chatbot_qa.text.fold import fold, wordless
from chatbot_qa.text.layout import LAYOUTS, Layout, layout

if TYPE_CHECKING:
    from chatbot_qa.text.persona import Self

READ = 5_000
"""Characters of a text by which its language is told."""

SURE = 0.9
"""How sure of a language the words of a reply must be."""


def _replies(seen: Evidence) -> Iterator[tuple[int, str]]:
    """The replies that say something, each with the number of its exchange."""
    for number, exchange in enumerate(seen.exchanges, 1):
        if exchange.reply is not None and exchange.text.strip():
            yield number, exchange.text


def _nameless(_: Use, *, value: str | None = None) -> Flaw | None:
    if value is None or not wordless(value):
        return None
    return Flaw(f"has no name in {shown(value)}", "such as `keeps_persona: Lina`")


@check("keeps_persona", scope="conversation", verify=_nameless)
def keeps_persona(seen: Evidence, *, value: str | None = None) -> Finding:
    """What the bot says of itself stays the same: its name, and that it is a bot or a person.

    For bots with a name and a role, which a user may talk into playing another. A bot that
    gives two names, or says that it is a person after saying that it is a machine, fails.
    With a value that name is the one it must keep. What it says of itself is read in
    English, Spanish, German, French and Portuguese; a bot that says nothing of itself
    passes, and is not measured where a name is given.

    Example:
        - keeps_persona: Lina
    """
    from chatbot_qa.text.persona import selves

    said = [(number, one) for number, text in _replies(seen) for one in selves(text)]
    names = [(number, one) for number, one in said if one.sort == "name"]
    beings = [(number, one) for number, one in said if one.sort == "being"]
    if value is not None:
        if not names:
            return not_measured("the bot never says its name")
        for number, one in names:
            if not _alike(one.value, value):
                reason = f"the bot calls itself {shown(one.value)}, not {shown(value)}"
                return failed(reason, _quote(seen, number, one))
    for told, what in ((names, "calls itself"), (beings, "says that it is a")):
        for number, one in told[1:]:
            before, first = told[0]
            if not _alike(one.value, first.value):
                now, then = seen.authors_turn(number), seen.authors_turn(before)
                reason = (
                    f"the bot {what} {one.value} in turn {now}, and {first.value} in turn {then}"
                )
                return failed(reason, _quote(seen, before, first), _quote(seen, number, one))
    if not said:
        return passed("the bot says nothing of itself")
    return passed("the bot says the same of itself throughout")


def _alike(one: str, other: str) -> bool:
    """Whether one name is the other, or a part of it: Lina, and Lina of the returns desk."""
    here, there = fold(one).split(), fold(other).split()
    return set(here) <= set(there) or set(there) <= set(here)


def _quote(seen: Evidence, number: int, one: Self) -> Quote:
    quote = seen.reply_quote(number)
    return Quote(quote.label, around(quote.text, one.start, one.end))


@check("keeps_language", scope="conversation")
def keeps_language(seen: Evidence, *, value: Literal["user", "first"] = "user") -> Finding:
    """Every reply is in the language that the user wrote in.

    For bots that serve several languages, and slip into another in the middle of a talk.
    ``first`` holds all replies to the language of the first one, whatever the user writes.
    Code, links, numbers and codes do not count; replies and messages of a few words, and
    those that could be in either language, are passed over. Where that leaves none, it is
    not measured.

    Example:
        - keeps_language
    """
    looked_at = 0
    wanted = ""
    for number, text in _replies(seen):
        if value == "user":
            wanted = _language(seen.exchanges[number - 1].say.message.text) or wanted
        found = _language(text)
        wanted = wanted or (found if value == "first" else "")
        if not found or not wanted:
            continue
        looked_at += 1
        if found != wanted:
            whose = "the user writes" if value == "user" else "the first reply is in"
            turn = seen.authors_turn(number)
            reason = f"the reply of turn {turn} is in {found}, and {whose} {wanted}"
            return failed(reason, seen.said_quote(number), seen.reply_quote(number))
    if not looked_at:
        return not_measured("no reply is long enough to tell its language")
    return passed(f"every reply that is long enough to tell is in its language ({looked_at})")


def _language(text: str) -> str:
    """The code of a text's language; "" where that is not sure."""
    from chatbot_qa.text.languages import FEW, tongue

    found = tongue(text[:READ])
    return found.code if found.words > FEW and found.share >= SURE else ""


@check("keeps_format", scope="conversation")
def keeps_format(seen: Evidence, *, value: Layout | None = None) -> Finding:
    """Every reply comes in this form: json, table, code, list, one line or plain text.

    For bots whose replies a program reads or a small screen shows. Without a value it is
    the form of the first reply; running text with marks in it has none, and is then not
    measured. Plain text has no Markdown and no HTML; a list has two items or more, and no
    more lines beside them than items.

    Example:
        - keeps_format: plain text
    """
    replies = list(_replies(seen))
    if not replies:
        return not_measured("no reply says anything")
    form = value or layout(replies[0][1])
    if form is None:
        return not_measured("the first reply comes in no form that could be kept")
    for number, text in replies:
        if not LAYOUTS[form](text):
            other = layout(text) or "text with marks in it"
            like = "" if value else ", as the first reply does"
            reason = (
                f"the reply of turn {seen.authors_turn(number)} does not come as {form}{like}, "
                f"but as {other}"
            )
            return failed(reason, seen.reply_quote(number))
    return passed(f"every reply comes as {form}")
