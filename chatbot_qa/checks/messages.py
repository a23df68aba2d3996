"""Checks of what a reply is made of: its messages, or that there are any at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import Evidence, broken, check, decide, failed, judge, passed, unsure
from chatbot_qa.domain.suite import MessageChecks
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import shown

_MOST = 3
_BEYOND = 10
"""Messages beyond those that are listed which are compared at all; a bot may send thousands."""


# ── something, or nothing ───────────────────────────────────────────────────────────


@check("replies", scope="turn", twin="no_reply")
def replies(seen: Evidence) -> Finding:
    """The bot says something.

    Its twin `no_reply` is for turns in which the bot must be silent, such as after the
    chat was handed to a person: the run then waits for as long as `within` says. Buttons,
    cards, media and tool calls are something; messages without a word are nothing.

    Example:
        - replies
    """
    return decide(_says_something(seen.reply), "the bot said something", "the bot said nothing")


def _says_something(reply: Reply) -> bool:
    return bool(reply.calls) or any(
        message.text.strip() or message.buttons or message.cards or message.media
        for message in reply.messages
    )


# ── each message ────────────────────────────────────────────────────────────────────


def _unlisted(
    _: Use, *, items: tuple[MessageChecks, ...] | None = None, count: int | None = None
) -> Flaw | None:
    """No list and no number, both of them, or a number that no reply can have."""
    if items is None and count is None:
        return Flaw("says nothing of the messages", _LIST)
    if items is not None and count is not None:
        return Flaw("has a list, which says already how many there are", "leave out `count:`")
    if items == ():
        return Flaw("lists no message", f"{_LIST}; for silence there is `no_reply`", ("items",))
    if count is not None and count < 1:
        hint = "for a bot that is to be silent there is `no_reply`"
        return Flaw(f"wants {count} messages", hint, ("count",))
    return None


_LIST = "write a dash for each, such as `- contains: Hello`, or `{count: 3}`"


@check("messages", scope="turn", verify=_unlisted)
def messages(
    seen: Evidence,
    *,
    items: tuple[MessageChecks, ...] | None = None,
    count: int | None = None,
) -> Finding:
    """The reply consists of these messages, in this order.

    For bots that answer in several messages: each item holds the checks of one, and no
    other message may come. An item with `optional: true` may be missing. `{count: 3}` asks
    for their number alone. What is wrong is told by the message that it is wrong of.

    Example:
        - messages:
            - contains: Welcome back
            - contains: One moment
              optional: true
            - contains: 30 days
              asks_question:
    """
    there = seen.reply.messages
    if items is None:
        has = f"the reply has {_messages(len(there))}"
        return decide(len(there) == count, has, f"{has}, not {count}")
    matching = _Matching(seen, items, there)
    notes = tuple(matching.notes())
    wrong = [note.text for note in notes if note.outcome is Outcome.FAILED]
    if wrong:
        more = f"; and {len(wrong) - _MOST} more" if len(wrong) > _MOST else ""
        return failed("; ".join(wrong[:_MOST]) + more)
    for outcome, finding in ((Outcome.BROKEN, broken), (Outcome.UNSURE, unsure)):
        doubts = [note.text for note in notes if note.outcome is outcome]
        if doubts:
            return finding("; ".join(doubts[:_MOST]))
    return passed(f"the reply is {_messages(len(there))} as listed")


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


class _Note(Struct, frozen=True):
    """What is wrong, or not certain, at one step of a matching."""

    outcome: Outcome
    text: str


class _Step(Struct, frozen=True, order=True):
    """The best way on from one place: how much is wrong on it, and how much in doubt."""

    wrong: int
    doubtful: int
    item: int
    message: int


class _Matching:
    """Matches messages with the items of a list, in order, with as little wrong as can be.

    A step takes an item with a message, an item alone (its message is missing), or a
    message alone (it is too much).
    """

    def __init__(
        self, seen: Evidence, items: Sequence[MessageChecks], there: Sequence[BotMessage]
    ) -> None:
        self._seen = seen
        self._items = items
        self._there = there
        self._compared = min(len(there), len(items) + _BEYOND)
        self._judged = cache(self._judge)
        self._best = cache(self._find_best)

    def notes(self) -> Iterator[_Note]:
        """What is wrong or in doubt on the best way through both lists."""
        item = message = 0
        while item < len(self._items) or message < self._compared:
            step = self._best(item, message)
            if step.item > item and step.message > message:
                yield from self._of_pair(item, message)
            elif step.item > item and not self._items[item].optional:
                yield _Note(Outcome.FAILED, f"{self._called(item)} is missing")
            elif step.message > message:
                words = shown(self._there[message].text)
                yield _Note(Outcome.FAILED, f"{self._number(message)} is one too many: {words}")
            item, message = step.item, step.message
        if len(self._there) > self._compared:
            rest = len(self._there) - self._compared
            yield _Note(Outcome.FAILED, f"{_messages(rest)} more came than were compared")

    def _find_best(self, item: int, message: int) -> _Step:
        ways: list[_Step] = []
        items, there = item < len(self._items), message < self._compared
        if items and there:
            outcome, _ = self._judged(item, message)
            ways.append(self._way(item + 1, message + 1, outcome))
        if items:
            missing = Outcome.PASSED if self._items[item].optional else Outcome.FAILED
            ways.append(self._way(item + 1, message, missing))
        if there:
            ways.append(self._way(item, message + 1, Outcome.FAILED))
        return min(ways, key=lambda way: (way.wrong, way.doubtful))

    def _way(self, item: int, message: int, outcome: Outcome) -> _Step:
        wrong = int(outcome is Outcome.FAILED)
        doubtful = int(outcome in (Outcome.UNSURE, Outcome.BROKEN))
        if item < len(self._items) or message < self._compared:
            rest = self._best(item, message)
            wrong, doubtful = wrong + rest.wrong, doubtful + rest.doubtful
        return _Step(wrong, doubtful, item, message)

    def _judge(self, item: int, message: int) -> tuple[Outcome, tuple[Finding, ...]]:
        """What the checks of an item say of a message: the worst, and all that say so."""
        before = self._seen.exchanges[: self._seen.turn - 1]
        alone = replace(self._seen.reply, messages=(self._there[message],))
        seen = replace(self._seen, exchanges=(*before, replace(self._seen.exchange, reply=alone)))
        found = [judge(one, seen) for one in self._items[item].checks if not one.warn_only]
        for outcome in (Outcome.FAILED, Outcome.BROKEN, Outcome.UNSURE):
            decisive = tuple(one for one in found if one.outcome is outcome)
            if decisive:
                return outcome, decisive
        return Outcome.PASSED, ()

    def _of_pair(self, item: int, message: int) -> Iterator[_Note]:
        outcome, findings = self._judged(item, message)
        for one in findings:
            yield _Note(outcome, f"{self._number(message)}: {one.check}: {one.reason}")

    def _number(self, message: int) -> str:
        return f"message {message + 1} of {len(self._there)}"

    def _called(self, item: int) -> str:
        names = ", ".join(one.name for one in self._items[item].checks)
        return f"listed message {item + 1}{f' ({names})' if names else ''}"
