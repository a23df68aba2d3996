"""Texts and labels in the lists and objects in which bots send them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chatbot_qa.domain.values import JsonValue

DEEPEST = 20
"""Levels of lists within lists that a bot may send; what lies deeper is not looked at."""

_NAMES = ("title", "label", "text", "name", "value")


def flat(found: Iterable[JsonValue], depth: int = 0) -> Iterator[JsonValue]:
    """Everything but lists and nothings, lists replaced by what is in them."""
    for value in found:
        if isinstance(value, list):
            if depth < DEEPEST:
                yield from flat(value, depth + 1)
        elif value is not None:
            yield value


def labels(found: Iterable[JsonValue]) -> tuple[str, ...]:
    """Labels from a list of them, a list of objects that hold them, or a list in the list."""
    return tuple(
        first_of(value, _NAMES) if isinstance(value, dict) else str(value) for value in flat(found)
    )


def first_of(holder: JsonValue, keys: Sequence[str]) -> str:
    """The first of these keys that holds a text or a number; "" for none."""
    if not isinstance(holder, dict):
        return ""
    values = (holder.get(key) for key in keys)
    return next((str(value) for value in values if isinstance(value, str | int | float)), "")
