"""Regular expressions that cannot hang."""

from __future__ import annotations

import re
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


_CONDITION = re.compile(r"\\[bBAZzGKmM]|\(\?<?[=!(]|\(\*|\^|\$")
_SLASHED = re.compile(r"/(?P<inner>.*[\\^$*+?(\[{|].*|.+(?=/[a-z]))/[dgimsuvy]*", re.DOTALL)


@lru_cache(maxsize=512)
def fits_anything(source: str) -> bool:
    """Whether the pattern is content with no characters at all, and so matches in every text.

    Where it also asks what stands around (but for ``^`` before or ``$`` after all of it) that
    cannot be told, and is not claimed.
    """
    free = source.replace("[^", "[")
    if free.startswith("^"):
        free = free[1:]
    elif free.endswith("$"):
        free = free[:-1]
    if _CONDITION.search(free):
        return False
    try:
        return search(source, "") is not None
    except Endless:
        return False


def slashed(source: str) -> str | None:
    """What stands between the slashes of a pattern written as JavaScript does; None if none do.

    ``/orders/`` is no such pattern but a part of an address.
    """
    found = _SLASHED.fullmatch(source)
    return found["inner"] if found else None
