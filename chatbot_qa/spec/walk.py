"""Going through what was read: the texts that hold names, and the checks, wherever they stand.

Which fields of a type can hold one is told by their annotations, once a type.
"""

from __future__ import annotations

import typing
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any

from chatbot_qa.domain.suite import Expectation, Late, Text
from chatbot_qa.spec.shape import is_shape, keys


def annotation_parts(annotation: Any) -> Iterator[Any]:
    """An annotation and all that it is built of."""
    if isinstance(annotation, Hashable):
        yield annotation
    for part in typing.get_args(annotation):
        yield from annotation_parts(part)


@cache
def text_fields(shape: Any) -> tuple[str, ...]:
    """The fields of a dataclass in which a text or a check may stand, however deep."""
    return _fields(shape, (Text, Expectation), text_fields)


@cache
def check_fields(shape: Any) -> tuple[str, ...]:
    """The fields of a dataclass in which a check may stand, however deep."""
    return _fields(shape, (Expectation,), check_fields)


def _fields(shape: Any, wanted: tuple[type, ...], deeper: Any) -> tuple[str, ...]:
    if not is_shape(shape):
        return ()
    return tuple(
        key.name
        for key in keys(shape)
        if any(part in wanted or deeper(part) for part in annotation_parts(key.type))
    )


def texts_in(thing: Any, into: list[Text]) -> list[Text]:
    """Adds every text with a ``${`` in it, those of checks included, in the file's order."""
    sort: Any = type(thing)
    if sort is Text:
        if "${" in thing.source:
            into.append(thing)
    elif sort is Expectation:
        for late in thing.late.values():
            into.extend(texts_of(late))
        if thing.because is not None:
            texts_in(thing.because, into)
        for value in thing.fixed.values():
            if type(value) is tuple:
                texts_in(value, into)
    elif sort is tuple or sort is dict:
        for part in thing if sort is tuple else thing.values():
            texts_in(part, into)
    else:
        for name in text_fields(sort):
            part = getattr(thing, name)
            if part:
                texts_in(part, into)
    return into


def checks_in(thing: Any, into: list[Expectation]) -> list[Expectation]:
    """Adds every check, those inside of other checks included."""
    sort: Any = type(thing)
    if sort is Expectation:
        into.append(thing)
        for value in thing.fixed.values():
            if type(value) is tuple:
                checks_in(value, into)
    elif sort is tuple or sort is dict:
        for part in thing if sort is tuple else thing.values():
            checks_in(part, into)
    else:
        for name in check_fields(sort):
            part = getattr(thing, name)
            if part:
                checks_in(part, into)
    return into


def texts_of(late: Late) -> tuple[Text, ...]:
    """The texts that a late argument is made of."""
    texts: tuple[Text, ...] = getattr(late, "texts", ())
    return texts
