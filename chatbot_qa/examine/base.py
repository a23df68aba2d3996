"""What an examination is: a generator that yields trials and is sent their transcripts.

It does no I/O, reads no clock and owns a seed, so that live replay, resuming and judging
again are the same generator with another source of transcripts.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from chatbot_qa.domain.plan import Trial
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.registry import MARK, KindSpec

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

Asking = Generator[Sequence[Trial], Sequence[Transcript], T]
Examination = Asking[Verdict]


def examination(name: str) -> Callable[[F], F]:
    """Mark ``examine(case: SomeCase, seed: int) -> Asking[Verdict]`` as the case kind ``name``.

    The annotation of ``case`` is a subclass of ``Case``; its fields are the YAML keys.
    """

    def mark(function: F) -> F:
        case_type = typing.get_type_hints(function)["case"]
        setattr(function, MARK, KindSpec(name, case_type, function))
        return function

    return mark


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
