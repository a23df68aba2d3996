"""Going through what was read: the texts that hold names, and the checks, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, cast

from chatbot_qa.domain.suite import Expectation, Late, Text


@cache
def field_names(shape: Any) -> tuple[str, ...]:
    """The fields of a dataclass; none for any other type."""
    return tuple(item.name for item in fields(shape)) if is_dataclass(shape) else ()


def texts_in(thing: Any, into: list[Text]) -> list[Text]:
    """Adds every text with a ``${`` in it, those of checks included, in the file's order."""
    sort = type(thing)
    if sort is Text:
        if "${" in thing.source:
            into.append(thing)
    elif sort is Expectation:
        _texts_of_check(thing, into)
    else:
        for part in _parts(thing, sort):
            if part:
                texts_in(part, into)
    return into


def _texts_of_check(expectation: Expectation, into: list[Text]) -> None:
    for late in expectation.late.values():
        into.extend(texts_of(late))
    if expectation.because is not None:
        texts_in(expectation.because, into)
    for value in expectation.fixed.values():
        if type(value) is tuple:
            texts_in(value, into)


def _parts(thing: Any, sort: type) -> Iterable[Any]:
    """What a list, a mapping or a dataclass is made of; nothing for anything else."""
    if sort is tuple:
        return cast("tuple[Any, ...]", thing)
    if sort is dict:
        return cast("dict[str, Any]", thing).values()
    return [getattr(thing, name) for name in field_names(sort)]


def texts_of(late: Late) -> tuple[Text, ...]:
    """The texts that a late argument is made of."""
    texts: tuple[Text, ...] = getattr(late, "texts", ())
    return texts


def checks_in(thing: Any, into: list[Expectation]) -> list[Expectation]:
    """Adds every check, those inside of other checks included."""
    sort = type(thing)
    if sort is Expectation:
        into.append(thing)
        parts: Iterable[Any] = thing.fixed.values()
    else:
        parts = _parts(thing, sort)
    for part in parts:
        if part and type(part) is not str:
            checks_in(part, into)
    return into
