"""Checks of what a reply is made of: its messages, or that there are any at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import (
    Evidence,
    Inquiry,
    Pending,
    broken,
    check,
    decide,
    failed,
    inquire,
    passed,
    unsure,
)
from chatbot_qa.domain.suite import MessageChecks
from chatbot_qa.domain.transcript import BotMessage
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
    cards, media and tool calls are something; messages without a word are nothing. Where
    a bot says nothing and no `no_reply` allows it, what would pass only because something
    is not in its reply, such as `not_contains`, is inconclusive.

    Example:
        - replies
    """
    return decide(seen.reply.says_something, "the bot said something", "the bot said nothing")


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
) -> Finding | Inquiry:
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
    pending = tuple(matching.pending())
    if pending and not any(note.outcome is Outcome.FAILED for note in notes):
        return _asked(matching, notes, pending)
    return _of_notes(notes, len(there))


_WEIGHTIEST = ((Outcome.FAILED, failed), (Outcome.BROKEN, broken), (Outcome.UNSURE, unsure))


def _of_notes(notes: Sequence[_Note], count: int) -> Finding:
    for outcome, finding in _WEIGHTIEST:
        told = [note.text for note in notes if note.outcome is outcome]
        if told:
            more = f"; and {len(told) - _MOST} more" if len(told) > _MOST else ""
            return finding("; ".join(told[:_MOST]) + more)
    return passed(f"the reply is {_messages(count)} as listed")


def _asked(
    matching: _Matching, notes: Sequence[_Note], pending: Sequence[tuple[int, Pending]]
) -> Inquiry:
    """What a model says of the messages, once all else fits.

    Where an item may be missing there may be another way to match them, of which it was not
    asked: then its no is a doubt.
    """
    found = list(notes)
    for message, one in pending:
        note = matching.note(message, (yield from one.ask()))
        if note.outcome is Outcome.FAILED and matching.ambiguous:
            note = replace(note, outcome=Outcome.UNSURE)
        found.append(note)
    return _of_notes(found, matching.count)


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def _told(message: BotMessage) -> str:
    """A message by its words, or by what it shows where it has none."""
    if message.text.strip():
        return shown(message.text)
    parts = [f"the card {shown(card.title)}" for card in message.cards]
    parts += [f"the button {shown(label)}" for label in message.buttons]
    return ", ".join([*parts, *(["media"] if message.media else [])]) or "nothing"


class _Note(Struct, frozen=True):
    """What is wrong, or not certain, at one step of a matching."""

    outcome: Outcome
    text: str


class _Pair(Struct, frozen=True):
    """What the checks of an item say of a message, and those that want to ask a model."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    pending: tuple[Pending, ...] = ()


class _Step(Struct, frozen=True):
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
        self._pair = cache(self._find_pair)
        self._best = cache(self._find_best)
        self.count = len(there)
        self.ambiguous = any(item.optional for item in items)

    def notes(self) -> Iterator[_Note]:
        """What is wrong or in doubt on the best way through both lists, without a model."""
        for item, message, step in self._way():
            if step.item > item and step.message > message:
                findings = self._pair(item, message).findings
                yield from (self.note(message, finding) for finding in findings)
            elif step.item > item and not self._items[item].optional:
                yield _Note(Outcome.FAILED, f"{self._called(item)} is missing")
            elif step.message > message:
                what = _told(self._there[message])
                yield _Note(Outcome.FAILED, f"{self._number(message)} is one too many: {what}")
        if self.count > self._compared:
            rest = self.count - self._compared
            yield _Note(Outcome.FAILED, f"{_messages(rest)} more came than were compared")

    def pending(self) -> Iterator[tuple[int, Pending]]:
        """The checks on that way that want to ask a model, each with its message."""
        for item, message, step in self._way():
            if step.item > item and step.message > message:
                yield from ((message, one) for one in self._pair(item, message).pending)

    def note(self, message: int, finding: Finding) -> _Note:
        """A finding of one message."""
        text = f"{self._number(message)}: {finding.check}: {finding.reason}"
        return _Note(finding.outcome, text)

    def _way(self) -> Iterator[tuple[int, int, _Step]]:
        item = message = 0
        while item < len(self._items) or message < self._compared:
            step = self._best(item, message)
            yield item, message, step
            item, message = step.item, step.message

    def _find_best(self, item: int, message: int) -> _Step:
        ways: list[_Step] = []
        items, there = item < len(self._items), message < self._compared
        if items and there:
            ways.append(self._step(item + 1, message + 1, self._pair(item, message).outcome))
        if items:
            missing = Outcome.PASSED if self._items[item].optional else Outcome.FAILED
            ways.append(self._step(item + 1, message, missing))
        if there:
            ways.append(self._step(item, message + 1, Outcome.FAILED))
        return min(ways, key=lambda way: (way.wrong, way.doubtful))

    def _step(self, item: int, message: int, outcome: Outcome) -> _Step:
        wrong = int(outcome is Outcome.FAILED)
        doubtful = int(outcome in (Outcome.UNSURE, Outcome.BROKEN))
        if item < len(self._items) or message < self._compared:
            rest = self._best(item, message)
            wrong, doubtful = wrong + rest.wrong, doubtful + rest.doubtful
        return _Step(wrong, doubtful, item, message)

    def _find_pair(self, item: int, message: int) -> _Pair:
        before = self._seen.exchanges[: self._seen.turn - 1]
        alone = replace(self._seen.reply, messages=(self._there[message],))
        seen = replace(self._seen, exchanges=(*before, replace(self._seen.exchange, reply=alone)))
        begun = [inquire(one, seen) for one in self._items[item].checks if not one.warn_only]
        pending = tuple(one for one in begun if isinstance(one, Pending))
        found = [one for one in begun if isinstance(one, Finding)]
        for outcome, _ in _WEIGHTIEST:
            decisive = tuple(one for one in found if one.outcome is outcome)
            if decisive:
                return _Pair(outcome, decisive, pending)
        return _Pair(Outcome.UNSURE if pending else Outcome.PASSED, (), pending)

    def _number(self, message: int) -> str:
        return f"message {message + 1} of {self.count}"

    def _called(self, item: int) -> str:
        names = ", ".join(one.name for one in self._items[item].checks)
        return f"listed message {item + 1}{f' ({names})' if names else ''}"
