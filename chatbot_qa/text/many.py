"""A number with its noun, as people say it."""

from __future__ import annotations


def many(number: int, thing: str, things: str = "") -> str:
    """The number and its noun: 1 case, 2,000 cases; ``things`` where no plain ``s`` makes many."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
