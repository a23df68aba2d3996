"""What an examination is: a generator that yields trials and is sent their transcripts.

It does no I/O, reads no clock and owns a seed, so that live replay, resuming and judging
again are the same generator with another source of transcripts.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TypeVar

from msgspec import Struct

from chatbot_qa.checks.base import Asker, Pending
from chatbot_qa.domain.plan import Message, Say, Trial
from chatbot_qa.domain.suite import Case, CaseNames, Text, Unset
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Finding, Verdict
from chatbot_qa.examine.hooks import Unsound, set_up
from chatbot_qa.examine.verdicts import valueless, verdict_of
from chatbot_qa.registry import MARK, KindSpec

T = TypeVar("T")
C = TypeVar("C", bound=Case)

Asking = Generator[Sequence[Trial], Sequence[Transcript], T]
"""Yields the trials that it wants replayed, is sent their transcripts, and returns a ``T``."""

Examination = Asking[Verdict]
Examines = Callable[[C, int], Examination]


def examination(name: str) -> Callable[[Examines[C]], Examines[C]]:
    """Mark ``examine(case: SomeCase, seed: int) -> Asking[Verdict]`` as the case kind ``name``.

    The annotation of ``case`` is a subclass of ``Case``; its fields are the YAML keys. A case
    that its author set aside, or that needs a name without a value, never gets to it.
    """

    def mark(function: Examines[C]) -> Examines[C]:
        case_type = typing.get_type_hints(function)["case"]

        @functools.wraps(function)
        def examine(case: C, seed: int) -> Examination:
            if case.skip:
                return verdict_of(case, name)
            try:
                if case.hooks.before_all:
                    case = yield from _set_up(case, seed)
                return (yield from function(case, seed))
            except Unset as unset:
                return verdict_of(case, name, (valueless(unset.name),))
            except Unsound as unsound:
                return verdict_of(case, name, (unsound.finding,))

        setattr(examine, MARK, KindSpec(name, case_type, examine))
        return examine

    return mark


def _set_up(case: C, seed: int) -> Asking[C]:
    """The case, its names with what the requests before all cases have saved."""
    values = yield from set_up(case.suite, case.hooks, seed)
    return replace(case, names=names_of(case).with_saved(values))


class Lines(Struct, frozen=True):
    """The simplest plan: these texts one after another, whatever comes back.

    ``said`` is what is sent, ``masked`` the same without the values of secrets.
    """

    said: tuple[str, ...]
    masked: tuple[str, ...]

    def next(self, so_far: Sequence[Exchange]) -> Sequence[Say]:
        """The next text; none after the last."""
        return tuple(Say(Message(text)) for text in self.said[len(so_far) :][:1])

    def texts(self) -> Sequence[str]:
        """All texts."""
        return self.masked

    def identity(self) -> JsonValue:
        """The texts alone decide what is said."""
        return list(self.masked)


def lines(case: Case, *texts: Text) -> Lines:
    """A plan of these texts of a case, their names filled in; raises ``Unset``."""
    names = names_of(case)
    masked = names.masked()
    return Lines(
        tuple(text.render(names) for text in texts), tuple(text.render(masked) for text in texts)
    )


def names_of(case: Case) -> CaseNames:
    """The names of a case, for its plan; ``masked()`` are those that checks may see."""
    if case.names is None:
        raise ValueError(f"the case {case} was not expanded")
    return case.names


def asker_of(case: Case, seed: int) -> Asker:
    """Who asks models for the checks of a case."""
    return Asker(case.case_id, seed, case.judges, case.nli, case.embeddings, case.language_model)


def settled(items: Sequence[Finding | Pending]) -> Asking[tuple[Finding, ...]]:
    """All findings, in their order, once the models have been asked that they wait for."""
    pending = [item.ask() for item in items if isinstance(item, Pending)]
    if not pending:
        return tuple(item for item in items if isinstance(item, Finding))
    answers = iter((yield from together(*pending)))
    return tuple(next(answers) if isinstance(item, Pending) else item for item in items)


def together(*askings: Asking[T]) -> Asking[list[T]]:
    """Run askings side by side: what they want is yielded as one, each gets its own share."""
    results: dict[int, T] = {}
    waiting: dict[int, Sequence[Trial]] = {}
    for number, asking in enumerate(askings):
        try:
            waiting[number] = next(asking)
        except StopIteration as stop:
            results[number] = stop.value
    while waiting:
        try:
            transcripts = yield [trial for trials in waiting.values() for trial in trials]
        except BaseException as thrown:
            for number in list(waiting):
                try:
                    askings[number].throw(thrown)
                except StopIteration as stop:
                    results[number] = stop.value
            break
        begin = 0
        for number, trials in list(waiting.items()):
            share = transcripts[begin : begin + len(trials)]
            begin += len(trials)
            try:
                waiting[number] = askings[number].send(share)
            except StopIteration as stop:
                results[number] = stop.value
                del waiting[number]
    return [results[number] for number in range(len(askings)) if number in results]
