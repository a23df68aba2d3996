"""The lines of a suite as they were typed, what was found wrong in them, and how it is mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Where

IN_QUOTES: Final = "put the text in quotes"
OTHER_QUOTES: Final = "put the whole text in quotes of the other sort"
_COMMENT: Final = re.compile(r"(?:^|[ \t])#(?=#*[ \t]+\S|##)")
_MARK: Final = re.compile(r"(?:^|(?<=[ \t\[{,]))([&*][\w-]+)")
_HASH: Final = re.compile(r"(?:^|(?<=[ \t]))#")


class Trap(Struct, frozen=True):
    """Something that YAML would take for something else. ``line`` and ``column`` count from 0."""

    line: int
    column: int
    code: str
    message: str
    advice: str = IN_QUOTES
    paste: bool = True
    """Whether the line as it should be is told with the advice."""


class Edit(Struct, frozen=True):
    """``lines[line][start:end]`` is to become ``text``."""

    line: int
    start: int
    end: int
    text: str


@dataclass(slots=True)
class Page:
    """One file under examination.

    ``typed`` are its lines; in ``lines`` the white space that they begin with is mended
    already. ``next`` is the first line that was not yet read as part of a text or a
    bracket that goes over several lines.
    """

    typed: list[str]
    lines: list[str] = field(init=False)
    traps: list[Trap] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    next: int = 0
    _marked: frozenset[str] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.lines = list(self.typed)

    def trap(self, trap: Trap, *edits: Edit) -> None:
        """Note something wrong, and what mends it."""
        self.traps.append(trap)
        self.edits.extend(edits)

    def has(self, mark: str) -> bool:
        """Whether ``&name`` or ``*name`` stands anywhere in the file."""
        if self._marked is None:
            self._marked = frozenset(
                found[1] for line in self.typed for found in _MARK.finditer(line)
            )
        return mark in self._marked

    def below(self, number: int, column: int) -> Iterator[int]:
        """The first lines of what stands below a key at ``column``: its keys or its items."""
        level = -1
        for at in range(number + 1, len(self.lines)):
            line = self.lines[at]
            text = line.lstrip(" ")
            here = len(line) - len(text)
            if not text or text[0] == "#" or (level >= 0 and here > level):
                continue
            if here < column or (here == column and not text.startswith("- ")) or here < level:
                return
            level = here
            yield at

    def mended(self) -> list[str]:
        """The lines with all edits made; of two that overlap the first one noted counts."""
        lines = list(self.lines)
        made: dict[int, list[Edit]] = {}
        for edit in self.edits:
            others = made.setdefault(edit.line, [])
            if not any(edit.start < other.end and other.start < edit.end for other in others):
                others.append(edit)
        for number, edits in made.items():
            line = lines[number]
            for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
                line = line[: edit.start] + edit.text + line[edit.end :]
            lines[number] = line
        return lines

    def diagnostics(self, file: str, mended: list[str]) -> list[Diagnostic]:
        """What was found wrong, each with its line as it should be, in the file's order."""
        found = []
        for trap in sorted(self.traps, key=lambda trap: (trap.line, trap.column)):
            text, better = self.typed[trap.line], mended[trap.line]
            hint = trap.advice
            if trap.paste and better != text and better.strip():
                hint += f":\n{better.strip()}"
            shift = len(self.lines[trap.line]) - len(text)
            where = Where(file, trap.line + 1, max(trap.column - shift, 0) + 1, text)
            found.append(Diagnostic(where, trap.code, trap.message, hint))
        return found


def indent_of(line: str) -> int:
    """The spaces that a line begins with."""
    return len(line) - len(line.lstrip(" "))


def without_comment(text: str) -> str:
    """A text without the comment behind it: words after ``#`` and a space, or a row of ``#``."""
    found = _COMMENT.search(text)
    return (text[: found.start()] if found else text).rstrip()


def hash_in(text: str) -> int:
    """Where YAML would cut off a text at a ``#``; -1 where it would not."""
    found = _HASH.search(text)
    return found.start() if found else -1
