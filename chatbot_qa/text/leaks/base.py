"""What a leak is: a secret found in a text, in some form, with a score."""

from __future__ import annotations

from msgspec import Struct

SURE = 0.5
"""The score from which a leak counts as one."""


class Leak(Struct, frozen=True):
    """A secret, or a part of it, that a text gives away.

    ``form`` says how, in words ("reversed"); ``start`` and ``end`` are the place in the text.
    ``share`` is how much of the secret is given away, from 0 to 1. ``score`` is how sure it
    is, from 0 to 1: no fitted probability, but higher means more often right. ``reply`` is
    the number (from 0) of the text, where several were given.
    """

    form: str
    start: int
    end: int
    share: float = 1.0
    score: float = 0.98
    reply: int = 0


def stronger(first: Leak | None, second: Leak | None) -> Leak | None:
    """The one with the higher score; the first of two equals."""
    if first is None or second is None:
        return first or second
    return second if second.score > first.score else first
