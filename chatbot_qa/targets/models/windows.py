"""A long text in windows that a model can read, each token judged once."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class Window(Struct, frozen=True):
    """Tokens ``begin`` to ``end`` are read; those from ``judged`` on are judged. End is beyond."""

    begin: int
    judged: int
    end: int


def windows(first: int, length: int, longest: int, stride: int) -> Iterator[Window]:
    """Windows over ``length`` tokens, of at most ``longest``, that judge all from ``first`` on.

    Each moves on by ``stride``, so that what it judges has at least ``longest - stride`` tokens
    before it, or all there are. Token 0 has nothing before it, and cannot be judged: ``first``
    is 1 or more, ``stride`` at least 1 and less than ``longest``.
    """
    judged = first
    end = min(length, max(longest, 0))
    while judged < length:
        if end > judged:
            yield Window(max(0, end - longest), judged, end)
            judged = end
        end = min(length, end + stride)
