"""Turns as they grow while a script of somebody else's is read, and what became of its lines.

In Botium's, Rasa's and the Bot Framework's files every message of the bot stands by itself;
here all that follow one message of the user are the reply to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct, field

Check = dict[str, Any]
"""A check as YAML has it: its name, and its value or arguments (None where it has none)."""


class MessageDraft(Struct):
    """What is expected of one message of a reply."""

    checks: list[Check] = field(default_factory=list)
    optional: bool = False


class TurnDraft(Struct):
    """One turn. ``keys`` are those that say what the user does."""

    keys: dict[str, Any] = field(default_factory=dict)
    messages: list[MessageDraft] = field(default_factory=list)
    whole: list[Check] = field(default_factory=list)
    save: dict[str, Any] = field(default_factory=dict)

    def yaml(self) -> dict[str, Any]:
        """The turn as the suite language has it."""
        expect = [*_of_messages(self.messages), *self.whole]
        turn = dict(self.keys)
        if expect:
            turn["expect"] = [bare(check) for check in _once(expect)]
        if self.save:
            turn["save"] = dict(self.save)
        return turn


class Dialogue(Struct):
    """The turns of one case so far, and what waits for the next of them."""

    turns: list[TurnDraft] = field(default_factory=list)
    waiting: dict[str, Any] = field(default_factory=dict)

    def user(self, **keys: Any) -> TurnDraft:
        """A new turn; ``pause`` and the like that were waiting go with it."""
        turn = TurnDraft({**self.waiting, **keys})
        self.waiting = {}
        self.turns.append(turn)
        return turn

    def reply(self) -> TurnDraft:
        """The turn that what the bot says belongs to; where there is none, the bot starts."""
        if not self.turns or "include" in self.turns[-1].keys:
            return self.user(bot_starts=True)
        return self.turns[-1]

    def message(self, checks: Iterable[Check] = (), *, optional: bool = False) -> TurnDraft:
        """One more message of the bot's."""
        turn = self.reply()
        turn.messages.append(MessageDraft(list(checks), optional))
        return turn

    def pause(self, seconds: float) -> None:
        """The user waits this long before the next turn."""
        before = float(str(self.waiting.get("pause", "0s")).removesuffix("s"))
        self.waiting["pause"] = duration(before + seconds)

    def yaml(self) -> list[dict[str, Any]]:
        """The turns as the suite language has them."""
        return [turn.yaml() for turn in self.turns]


def _of_messages(messages: Sequence[MessageDraft]) -> list[Check]:
    """A single message is the reply; several, or one that may be missing, are listed."""
    if not messages:
        return []
    if len(messages) == 1 and not messages[0].optional:
        return messages[0].checks or [{"replies": None}]
    return [{"messages": [_item(message) for message in messages]}]


def _item(message: MessageDraft) -> Any:
    checks = list(_once(message.checks)) or [{"replies": None}]
    names = [name for check in checks for name in check]
    if len(set(names)) < len(names):
        checks = [{"all_of": [bare(check) for check in checks]}]
    item: dict[str, Any] = {name: value for check in checks for name, value in check.items()}
    if message.optional:
        return {**item, "optional": True}
    return bare(item) if len(item) == 1 else item


def _once(checks: Sequence[Check]) -> Iterable[Check]:
    """The checks without those that stand there already."""
    seen: list[Check] = []
    for check in checks:
        if check not in seen:
            seen.append(check)
    return seen


def bare(check: Check) -> Any:
    """A check as the item of a list: its name alone where it has no arguments."""
    (name, value), *rest = check.items()
    return name if value is None and not rest else check


def duration(seconds: float) -> str:
    """A duration as the suite language has it."""
    return f"{seconds:g}s"


def literal(text: str) -> str:
    """A text in which ``${`` stands for itself."""
    return text.replace("${", "$${")


def identifier(text: str, taken: set[str], otherwise: str = "case") -> str:
    """An id made of a name, which no other case has."""
    base = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].rstrip("-") or otherwise
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name
