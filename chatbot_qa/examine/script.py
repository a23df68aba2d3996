"""The plan of a conversation: what is said next, and what became of each turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import Evidence, judge
from chatbot_qa.domain.plan import REQUESTS, Message, Opening, Say
from chatbot_qa.domain.suite import CaseNames, Expectation, Hooks, Names, Text, Turn, Unset
from chatbot_qa.domain.transcript import Exchange, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.examine.hooks import ASKS_THEM, Calls, Unsound, after_each
from chatbot_qa.examine.saving import saved
from chatbot_qa.text.fold import fold

WATCHED = 5.0
"""Seconds for which ``no_reply`` watches where no ``within`` says how long."""


class Step(Struct, frozen=True):
    """A turn with what became of it.

    ``number`` counts turns as the author does; ``exchange`` is None where it was not
    reached: because of ``missing``, a name that was never saved; ``button``, the label of
    one that was not there to press; ``left_out``, what a ``when`` did not find; or because the
    dialogue ended before. ``names`` are those that hold after the reply.
    """

    number: int
    turn: Turn
    names: Names
    exchange: int | None = None
    missing: str = ""
    unsaved: tuple[str, ...] = ()
    button: str = ""
    left_out: tuple[Finding, ...] = ()

    @property
    def sayable(self) -> bool:
        """Whether it is only its time that has not come."""
        return self.exchange is None and not (self.missing or self.button or self.left_out)


class Script(Struct, frozen=True):
    """The plan of a conversation: its turns one after another.

    ``sessions`` says to which session each turn goes. ``names`` fill in what is said;
    ``masked`` are the same without the values of secrets, for checks and keys, which see
    replies with secrets masked. ``waits`` where some turn depends on what came before it.
    ``joined`` are the numbers of turns (from 1) that are said together with the one before.
    """

    turns: tuple[Turn, ...]
    sessions: tuple[str, ...]
    names: CaseNames
    masked: CaseNames
    each: tuple[Expectation, ...] = ()
    stop_on_failure: bool = False
    waits: bool = False
    system: str | None = None
    history: tuple[tuple[str, str], ...] = ()
    hooks: Hooks = Hooks()
    joined: frozenset[int] = frozenset()

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """The next turn that can be said; none is left where a check failed under ``stop``."""
        if not self.waits:
            said = len(so_far)
            if said == len(self.turns) or (self.stop_on_failure and self._went_wrong(so_far)):
                return ()
            places = range(said, self._end_of_joined(said + 1)) if self.joined else (said,)
            return [
                said_by(self.turns[place], self.sessions[place], self.names) for place in places
            ]
        return self._after(so_far)

    def _end_of_joined(self, number: int) -> int:
        """The number of the last turn that is said together with this one."""
        while number + 1 in self.joined:
            number += 1
        return number

    def _after(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """What comes next where it depends on what came before."""
        if len(so_far) < len(self.hooks.before_each):
            return self._before(self.names).next(so_far)
        try:
            names = self.set_up(so_far, self.names)
        except Unsound:
            return ()
        dialogue = self.dialogue(so_far)
        if self.stop_on_failure and self._went_wrong(dialogue):
            return ()
        says: list[Say] = []
        for step in self.steps(dialogue, names):
            if step.sayable:
                to = self.sessions[step.number - 1]
                say = said_by(step.turn, to, step.names, _last(dialogue, to))
                apart = step.number != len(so_far) + len(says) + 1
                says.append(replace(say, turn=step.number) if apart else say)
                if step.number + 1 not in self.joined:
                    break
        return says

    def closing(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """The requests after the dialogue, with what was saved in it."""
        names: Names = self.names
        try:
            begun = self.set_up(so_far, self.names)
        except Unsound:
            return after_each(self.hooks.after_each, names)
        for step in self.steps(self.dialogue(so_far), begun):
            names = step.names
        return after_each(self.hooks.after_each, names)

    def dialogue(self, exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
        """What was said to the bot, without the requests around it."""
        if not self.hooks:
            return exchanges
        return tuple(one for one in exchanges if one.say.message.call is None)

    def set_up(self, exchanges: Sequence[Exchange], names: CaseNames) -> CaseNames:
        """The names with what the requests before saved; raises ``Unsound``."""
        hooks = self.hooks.before_each
        if not hooks:
            return names
        return names.with_saved(self._before(names).saved(exchanges[: len(hooks)]))

    def texts(self) -> Sequence[str]:
        """Every turn's text, ``${name}`` left standing where only a reply can give it."""
        return [rendered(turn.said, self.masked) for turn in self.turns if turn.said]

    def identity(self) -> JsonValue:
        """System prompt and turns, with secrets masked, and what they depend on."""
        said = [rendered(turn.said, self.masked) if turn.said else "" for turn in self.turns]
        if not self.waits and not self.history and set(self.sessions) == {"bot"}:
            return [self.system, said]
        if self.joined:
            return [self.system, said, self.sessions, self.history, sorted(self.joined)]
        return [
            self.system,
            said,
            [sorted(turn.save) for turn in self.turns],
            self.sessions,
            self.history,
            [[one.name for one in turn.when] for turn in self.turns],
            [[file.source for file in turn.files] for turn in self.turns],
            [bool(turn.click) for turn in self.turns],
            [hook.url.source for hook in (*self.hooks.before_each, *self.hooks.after_each)],
        ]

    def steps(self, exchanges: Sequence[Exchange], names: CaseNames) -> Iterator[Step]:
        """Every turn with the exchange of the dialogue that it led to, if it came to one."""
        base, values = names, dict[str, str]()
        used = 0
        for number, turn in enumerate(self.turns, 1):
            held_up = self._held_up(number, exchanges[:used], names)
            if held_up is not None or used == len(exchanges):
                yield held_up or Step(number, turn, names)
                continue
            used += 1
            reply = exchanges[used - 1].reply
            unsaved: tuple[str, ...] = ()
            if turn.save and reply is not None:
                found = {key: saved(save, reply, names) for key, save in turn.save.items()}
                unsaved = tuple(key for key, value in found.items() if value is None)
                values = values | {key: value for key, value in found.items() if value}
                names = base.with_saved(values)
            yield Step(number, turn, names, used, unsaved=unsaved)

    def _held_up(self, number: int, before: Sequence[Exchange], names: CaseNames) -> Step | None:
        """What keeps a turn from being said after these exchanges; None where nothing does."""
        turn = self.turns[number - 1]
        missing = missing_in(turn.said, names) if turn.said else ""
        if missing:
            return Step(number, turn, names, missing=missing)
        if not turn.when and turn.click is None:
            return None
        to = self.sessions[number - 1]
        if turn.when:
            left_out = self._unmet(turn, to, before, names)
            if left_out:
                return Step(number, turn, names, left_out=left_out)
        if turn.click is not None:
            label = turn.click.render(names)
            if pressed(label, _last(before, to)) is None:
                return Step(number, turn, names, button=label)
        return None

    def _unmet(
        self, turn: Turn, to: str, before: Sequence[Exchange], names: CaseNames
    ) -> tuple[Finding, ...]:
        """The checks of the reply before that do not hold, or of which nobody can be sure."""
        own = tuple(one for one in before if one.say.to == to)
        if not own or own[-1].reply is None:
            return (Finding(Outcome.SKIPPED, "there is no reply before it", where=turn.where),)
        seen = Evidence(own, len(own), names.masked(), self.system)
        found = (judge(expectation, seen) for expectation in turn.when)
        return tuple(finding for finding in found if finding.outcome is not Outcome.PASSED)

    def _before(self, names: CaseNames) -> Calls:
        return Calls(self.hooks.before_each, names, self.masked)

    def _went_wrong(self, dialogue: Sequence[Exchange]) -> bool:
        """Whether a check of the last reply failed."""
        here = len(dialogue)
        for step in self.steps(dialogue, self.masked):
            reply = dialogue[here - 1].reply if here and step.exchange == here else None
            if reply is None:
                continue
            seen = Evidence(dialogue, here, step.names, self.system, total=here)
            if step.unsaved or any(_fails(one, seen) for one in self.expected(step.turn)):
                return True
        return False

    def expected(self, turn: Turn) -> tuple[Expectation, ...]:
        """All checks of a turn's reply; of silence only those that stand in the turn."""
        if not self.each or turn.silent:
            return turn.expect
        return (*self.each, *turn.expect)


def _fails(expectation: Expectation, seen: Evidence) -> bool:
    return not expectation.warn_only and judge(expectation, seen).outcome is Outcome.FAILED


def said_by(turn: Turn, to: str, names: Names, before: Reply | None = None) -> Say:
    """The message of a turn; raises ``Unset``."""
    files = _files(turn, names) if turn.files else ()
    if turn.say is not None:
        message = Message(turn.say.render(names), files=files)
    elif turn.click is not None:
        label = turn.click.render(names)
        message = Message(click=pressed(label, before) or label, files=files)
    else:
        message = Message(opens=True)
    silent = turn.silent
    within = turn.within or (WATCHED if silent else 0.0)
    return Say(message, to, turn.pause or 0.0, within, not silent)


def _files(turn: Turn, names: Names) -> tuple[str, ...]:
    return tuple(
        (PurePath(file.where.file).parent / file.render(names)).as_posix() for file in turn.files
    )


def pressed(label: str, reply: Reply | None) -> str | None:
    """The button that is meant, as the bot writes it; None where there is none."""
    if reply is None:
        return None
    wanted = fold(label)
    return next((there for there in labels(reply) if fold(there) == wanted), None)


def labels(reply: Reply) -> Iterator[str]:
    """The labels of all buttons of a reply, those of its cards included."""
    for message in reply.messages:
        yield from message.buttons
        for card in message.cards:
            yield from card.buttons


def sessions_of(turns: Sequence[Turn], users: Sequence[str]) -> tuple[str, ...]:
    """The session that each turn goes to: one a user, and a new one for each return visit."""
    visits: Counter[str] = Counter()
    sessions = []
    for turn in turns:
        who = turn.as_ or (users[0] if users else "bot")
        visits[who] += turn.new_session or not visits[who]
        sessions.append(who if visits[who] == 1 else f"{who}/{visits[who]}")
    return tuple(sessions)


def openings(script: Script, opening: Opening) -> Mapping[str, Opening]:
    """How each session of a script begins."""
    found = dict.fromkeys(script.sessions, opening)
    return {**found, **ASKS_THEM} if script.hooks else found


def rendered(text: Text, names: Names) -> str:
    """The text, names that have no value yet left standing."""
    try:
        return text.render(names)
    except Unset:
        return text.source


def missing_in(text: Text, names: Names) -> str:
    """The first name of a text that has no value; "" where all have one."""
    if "${" not in text.source:
        return ""
    try:
        text.render(names)
    except Unset as unset:
        return unset.name
    return ""


def _last(exchanges: Sequence[Exchange], to: str) -> Reply | None:
    """The last reply in a session; requests beside the dialogue are none."""
    return next((one.reply for one in reversed(exchanges) if one.say.to == to != REQUESTS), None)
