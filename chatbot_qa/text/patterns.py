"""Regular expressions that cannot hang."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

PATIENCE = 1.0
"""Seconds after which a search is given up."""


class Endless(Exception):
    """A search took longer than ``PATIENCE``: the pattern backtracks without end."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"the pattern {source} is still searching this text after {PATIENCE:g} s; a part "
            "that repeats inside another that repeats, as in (a+)+, does that: write it once"
        )


@lru_cache(maxsize=512)
def compiled(source: str, ignore_case: bool = False) -> regex.Pattern[str]:
    """The compiled pattern; raises ``regex.error`` where it is none."""
    import regex

    return regex.compile(source, regex.IGNORECASE if ignore_case else 0)


def search(source: str, text: str, *, ignore_case: bool = False) -> regex.Match[str] | None:
    """The first place where the pattern matches; raises ``Endless``."""
    try:
        return compiled(source, ignore_case).search(text, timeout=PATIENCE)
    except TimeoutError as late:
        raise Endless(source) from late
