"""Turns as they grow while a script of somebody else's is read.

In Botium's, Rasa's and the Bot Framework's files every message of the bot stands by itself;
here all that follow one message of the user are the reply to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from chatbot_qa.importers.base import Check, Note, Noted, SourceFile, Turn


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
    note: Note | None = None
    beside: list[Note] = field(default_factory=list)

    def finished(self) -> Turn:
        """The turn as the frame has it."""
        keys = dict(self.keys)
        if self.save:
            keys["save"] = dict(self.save)
        expect = _once([*_of_messages(self.messages), *self.whole])
        return Turn(keys, tuple(expect), self.note, tuple(self.beside))


class Dialogue(Struct):
    """The turns of one case so far, and what waits for the next of them."""

    turns: list[TurnDraft] = field(default_factory=list)
    waiting: dict[str, Any] = field(default_factory=dict)
    waiting_notes: list[Note] = field(default_factory=list)

    def user(self, note: Note | None = None, **keys: Any) -> TurnDraft:
        """A new turn; ``pause`` and the like that were waiting go with it."""
        turn = TurnDraft({**self.waiting, **keys}, note=note, beside=self.waiting_notes)
        self.waiting, self.waiting_notes = {}, []
        self.turns.append(turn)
        return turn

    def reply(self) -> TurnDraft:
        """The turn that what the bot says belongs to; where there is none, the bot starts."""
        return self.turns[-1] if self.turns else self.user(bot_starts=True)

    def message(self, checks: Iterable[Check] = (), *, optional: bool = False) -> TurnDraft:
        """One more message of the bot's."""
        turn = self.reply()
        turn.messages.append(MessageDraft(list(checks), optional))
        return turn

    def pause(self, seconds: float) -> None:
        """The user waits this long before the next turn."""
        before = float(str(self.waiting.get("pause", "0s")).removesuffix("s"))
        self.waiting["pause"] = duration(before + seconds)

    def aside(self, note: Note) -> None:
        """A note that belongs to where the dialogue stands now."""
        if self.turns:
            self.turns[-1].beside.append(note)
        else:
            self.waiting_notes.append(note)

    def finished(self) -> tuple[Turn, ...]:
        """The turns as the frame has them."""
        if self.turns:
            self.turns[-1].beside.extend(self.waiting_notes)
            self.waiting_notes = []
        return tuple(turn.finished() for turn in self.turns)


def _of_messages(messages: Sequence[MessageDraft]) -> list[Check]:
    """A single message is the reply; several, or one that may be missing, are listed."""
    if not messages:
        return []
    if len(messages) == 1 and not messages[0].optional:
        return messages[0].checks or [Check("replies")]
    return [Check("messages", [_item(message) for message in messages])]


def _item(message: MessageDraft) -> Any:
    """The checks of one message, as a mapping of them that are all of it."""
    checks = _once(message.checks) or [Check("replies")]
    names = {check.name for check in checks}
    alone = len(checks) == 1 and not message.optional
    bare = any(check.value is None for check in checks) and not alone
    if bare or len(names) < len(checks) or any(check.options for check in checks):
        item: dict[str, Any] = {"all_of": checks}
    elif checks[0].value is None:
        (check,) = checks
        return Noted(check.name, check.note) if check.note else check.name
    else:
        item = {one.name: Noted(one.value, one.note) if one.note else one.value for one in checks}
    return {**item, "optional": True} if message.optional else item


def _once(checks: Sequence[Check]) -> list[Check]:
    """The checks without those that stand there already; their notes go to the first."""
    seen: list[Check] = []
    for check in checks:
        if check.note is not None or replace(check, note=None) not in seen:
            seen.append(check)
    return seen


def suite_name(file: SourceFile, *endings: str) -> str:
    """The file's path below the folder of the import: files of one name lie in many folders."""
    try:
        name = file.path.relative_to(file.root).as_posix()
    except ValueError:
        name = file.path.name
    for ending in endings:
        name = name.removesuffix(ending)
    return name


def duration(seconds: float) -> str:
    """A duration as the suite language has it."""
    return f"{seconds:g}s"


def literal(text: str) -> str:
    """A text in which ``${`` stands for itself."""
    return text.replace("${", "$${")


def escaped(text: str) -> str:
    """A regular expression for a text, in which any white space is as good as another."""
    return re.sub(r"\s+", r"\\s+", re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text))


def identifier(text: str, taken: set[str], otherwise: str = "case") -> str:
    """An id made of a name, which no other case has."""
    base = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].rstrip("-") or otherwise
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name
