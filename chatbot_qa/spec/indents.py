"""Lines that do not line up, or lack their colon: which line above was meant, and how to mend it.

They are looked at as they stand, since YAML gives up on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import inf
from typing import Final

from msgspec import Struct

from chatbot_qa.spec.keywords import KEYS
from chatbot_qa.text.many import many

_LINE: Final = re.compile(r"(?P<indent> *)(?P<dashes>(?:- +)*)(?P<text>.*)")
_KEY: Final = re.compile(r"[\w-]+(?=:(?: |$))")
_LONGEST: Final = 40


class _Start(Struct, frozen=True):
    """Where something begins on a line: a dash, or the key behind the dashes; lines from 0."""

    line: int
    column: int
    dash: bool
    key: str


def lines_up(lines: Sequence[str], number: int, *, item: bool = False) -> str:
    """Which line above a stray one was meant to line up with, and how far to move it; "" if none.

    One that begins with the same key is meant first, then the nearest. ``item`` is whether it
    stands where items of a list do: then it may lack its dash as well.
    """
    stray = next(_starts(lines, number), None)
    if stray is None:
        return ""
    found = [one for one in _open(lines, number) if one.dash == stray.dash]
    if not found:
        return ""
    meant = min(found, key=lambda one: (one.key != stray.key, abs(one.column - stray.column)))
    off = stray.column - meant.column
    if not off or any(mark in lines[meant.line] for mark in "\"'"):
        return ""  # it may be the quote that is wrong
    told = lines[meant.line].strip()
    shown = told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"
    if item and stray.key and stray.key == meant.key:
        return f"begin it with `- `, as `{shown}` of line {meant.line + 1} does"
    side = "left" if off > 0 else "right"
    move = f"move it {many(abs(off), 'space')} to the {side}, below `{shown}` of line"
    return f"{move} {meant.line + 1}{', or begin it with `- `' if item else ''}"


def without_colon(lines: Sequence[str], number: int) -> int | None:
    """The line above a key that begins where it does and has no colon; None if it has one."""
    above = next((at for at in reversed(range(number)) if _means(lines[at])), None)
    if above is None:
        return None
    here, there = _LINE.fullmatch(lines[number]), _LINE.fullmatch(lines[above])
    if here is None or there is None or here.start("text") != there.start("text"):
        return None
    text = there["text"]
    return None if re.search(r":( |$)", text) or text[:1] in "\"'[{|>&*!" else above


def with_colon(line: str, *, known: bool = True) -> str:
    """A line with a colon behind its first word; "" if that is no ``known`` key."""
    word, _, rest = line.strip().removeprefix("- ").lstrip().partition(" ")
    word, rest = word.rstrip("：="), rest.lstrip("=： ")
    if known and not re.fullmatch(KEYS, word):
        return ""
    return f"{word}: {rest}".rstrip()


def _means(line: str) -> bool:
    text = line.lstrip()
    return bool(text) and text[0] != "#"


def _open(lines: Sequence[str], number: int) -> Iterator[_Start]:
    """What a line may still go on with: all that stands above it and was not ended since."""
    floor: float = inf
    for above in reversed(range(number)):
        if not _means(lines[above]):
            continue
        starts = list(_starts(lines, above))
        yield from (one for one in starts if one.column <= floor)
        floor = min(floor, *(one.column for one in starts))


def _starts(lines: Sequence[str], number: int) -> Iterator[_Start]:
    found = _LINE.fullmatch(lines[number])
    if found is None:
        return
    word = _KEY.match(found["text"])
    key = word.group() if word else ""
    if found["dashes"]:
        yield _Start(number, found.start("dashes"), True, key)
    yield _Start(number, found.start("text"), False, key)
