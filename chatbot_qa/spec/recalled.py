"""Was a value that the bot is to recall ever said to it, or saved from its replies?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.suite import NAME, Expectation, Suite, Text, Turn
from chatbot_qa.spec.names import LAST, Known, known_names
from chatbot_qa.spec.walk import checks_in, texts_of

_DEEPEST = 20
_MARKS = re.compile(r"[\W_]+")


class Unsaid(Struct, frozen=True):
    """A ``recalls`` of what was never said; ``later`` is the turn that says it too late, or 0."""

    expectation: Expectation
    value: str
    later: int


def unsaid(suite: Suite) -> Iterator[Unsaid]:
    """Every ``recalls`` of a suite whose value was neither said nor saved before."""
    for declared in suite.declared:
        turns = _turns(declared.case)
        if turns is None:
            continue
        recalls = [
            (number, expectation)
            for number, turn in enumerate(turns, 1)
            for expectation in checks_in(turn, [])
            if _recalls(expectation)
        ]
        whole = tuple(
            (LAST, expectation)
            for expectation in checks_in(getattr(declared.case, "expect", ()), [])
            if _recalls(expectation)
        )
        if recalls or whole:
            said = _Said.of(known_names(suite, declared), declared.case)
            for number, expectation in (*recalls, *whole):
                yield from said.judge(expectation, number)


def _turns(case: Any) -> tuple[Turn, ...] | None:
    """What is said in a case, or in the outline of its dialogues; None where it has neither."""
    turns: tuple[Turn, ...] | None = getattr(case, "turns", getattr(case, "outline", None))
    return turns


def _recalls(expectation: Expectation) -> bool:
    return expectation.check == "recalls" and not expectation.negated


class _Said(Struct, frozen=True):
    """What the user says in each turn, filled in as far as it is known before a run."""

    known: Known
    turns: tuple[str, ...]
    system: str

    @staticmethod
    def of(known: Known, case: Any) -> _Said:
        turns = tuple(
            filled(turn.said.source, known) if turn.said else "" for turn in _turns(case) or ()
        )
        system = getattr(case, "system", None)
        told = [line.user for line in getattr(case, "history", ()) if line.user]
        before = [filled(text.source, known) for text in (system, *told) if text]
        return _Said(known, turns, "\n".join(before))

    def judge(self, expectation: Expectation, turn: int) -> Iterator[Unsaid]:
        source = _value(expectation)
        if not source:
            return
        value = filled(source, self.known)
        open_names = Text(value).names
        if open_names and all(
            self.known.saved.get(name, LAST + 1) <= turn or self._said(f"${{{name}}}", turn)
            for name in open_names
        ):
            return
        if open_names and any(self.known.standing(name, turn) != "known" for name in open_names):
            return  # told as a name without a value
        if self._said(value, turn):
            return
        later = next(
            (n for n, text in enumerate(self.turns, 1) if n > turn and _holds(text, value)), 0
        )
        yield Unsaid(expectation, value, later)

    def _said(self, value: str, turn: int) -> bool:
        """Whether a value is among what was said; a text with open names may hold any."""
        before = (self.system, *self.turns[:turn])
        if any(_holds(text, value) for text in before):
            return True
        return "${" not in value and any(Text(text).names for text in before)


def _value(expectation: Expectation) -> str:
    late = expectation.late.get("value")
    if late is not None:
        return "".join(text.source for text in texts_of(late))
    value = expectation.fixed.get("value", "")
    return value if isinstance(value, str) else ""


def filled(source: str, known: Known) -> str:
    """A text with the values of the case; names of rows, functions and replies stay open."""
    values: Mapping[str, Text] = known.values
    for _ in range(_DEEPEST):
        if "${" not in source:
            break
        before = source
        source = NAME.sub(
            lambda found: (
                found[0]
                if found[1] or (name := found[2].strip()) not in values or name in known.columns
                else values[name].source
            ),
            source,
        )
        if source == before or len(source) > 100_000:
            break
    return source


def _holds(text: str, value: str) -> bool:
    """Whether a text has a value in it, however either is written."""
    if value in text or _squashed(value) in _squashed(text):
        return True
    from chatbot_qa.text.mentions import mentions

    return bool(mentions(text, value))


def _squashed(text: str) -> str:
    """Letters and digits alone; case and accents do not count."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _MARKS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))
