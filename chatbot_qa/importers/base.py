"""The frame of all importers: what they read, what they build, and what they say of it.

An importer is a function ``read(file: SourceFile) -> Imported``. It builds suites of plain
values (``Suite``, ``Case``, ``Turn``, ``Check``), and for every element of the source it
leaves exactly one ``Note`` that says what became of it. A note stands where its element
went: on the thing that was built, or under ``beside`` of what it would have belonged to,
or among the ``loose`` ones. ``written`` turns notes into comments beside the lines.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from msgspec import Struct, field

Fate = Literal["carried", "approximated", "by-hand", "refused"]
"""What became of an element: it means the same here; nearly the same, and the note says what
differs; a person must write it; or its own tool would not take it either, or it cannot be read."""

FATES: Final[tuple[Fate, ...]] = ("carried", "approximated", "by-hand", "refused")
"""All fates, from the best to the worst."""

Value = Any
"""Text, number, truth value, None, or lists and mappings of these; also ``Check`` and ``Noted``."""


class Note(Struct, frozen=True):
    """What became of one element of a source file.

    ``element`` is its kind in the words of its tool, such as ``assert icontains``;
    ``words`` say what differs, or what is left to do; nothing where it was carried.
    ``original`` is the element as it stands there, in one line. ``at`` tells elements
    apart that stand in one line, such as ``tests[0].assert[1]``.
    """

    file: str
    line: int
    element: str
    fate: Fate
    words: str = ""
    original: str = ""
    at: str = ""

    @property
    def place(self) -> tuple[str, int, str, str]:
        """What makes two notes tell of the same element."""
        return self.file, self.line, self.element, self.at


class Noted(Struct, frozen=True):
    """A value of a mapping or a list, with the note that is written above it."""

    value: Value
    note: Note


class Check(Struct, frozen=True):
    """One check: its name, the value after it (None for a bare name), what stands beside it."""

    name: str
    value: Value = None
    options: Mapping[str, Value] = field(default_factory=dict)
    note: Note | None = None


class Turn(Struct, frozen=True):
    """One turn: its keys (``say``, ``click``, ``when``, …) in order, and what is expected."""

    keys: Mapping[str, Value] = field(default_factory=dict)
    expect: tuple[Check, ...] = ()
    note: Note | None = None
    beside: tuple[Note, ...] = ()


class Case(Struct, frozen=True):
    """One conversation. ``keys`` are those besides ``id``, ``turns`` and ``expect``."""

    id: str
    turns: tuple[Turn, ...] = ()
    keys: Mapping[str, Value] = field(default_factory=dict)
    expect: tuple[Check, ...] = ()
    note: Note | None = None
    beside: tuple[Note, ...] = ()


class Suite(Struct, frozen=True):
    """One file: ``keys`` are those besides ``suite``, ``parts`` and ``conversations``."""

    name: str
    cases: tuple[Case, ...] = ()
    keys: Mapping[str, Value] = field(default_factory=dict)
    parts: Mapping[str, tuple[Turn, ...]] = field(default_factory=dict)
    note: Note | None = None
    beside: tuple[Note, ...] = ()


class Imported(Struct, frozen=True):
    """What a file came to: suites, and the notes that stand on nothing that was built."""

    suites: tuple[Suite, ...] = ()
    loose: tuple[Note, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """One note for each element, by file and line; of several the worst."""
        return sorted_notes((*self.loose, *notes_in(self.suites)))


class SourceFile(Struct, frozen=True):
    """A file of another tool. ``shown`` is its path in messages and comments.

    Other files are only read below ``root``, the folder that the import was asked for.
    """

    path: Path
    shown: str
    text: str
    root: Path

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.split("\n")

    def line(self, number: int) -> str:
        """One line, counted from 1, without the white space around it; "" beyond the end."""
        lines = self.lines
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def note(
        self,
        line: int,
        element: str,
        fate: Fate = "carried",
        words: str = "",
        *,
        original: str = "",
        at: str = "",
    ) -> Note:
        """A note about an element of this file; ``original`` is its line if not given."""
        return Note(self.shown, line, element, fate, words, original or self.line(line), at)

    def beside(self, name: str) -> SourceFile | Note:
        """A file named in this one, as seen from its folder; or a note of why it is not read."""
        shown = Path(os.path.normpath(Path(self.shown).parent / name))
        try:
            path = (self.path.parent / name).resolve()
            if not path.is_relative_to(self.root.resolve()):
                return _unopened(shown, f"{name} lies outside the folder of the import")
            if not path.is_file():
                return _unopened(shown, f"there is no file {name}")
        except (OSError, ValueError, RuntimeError) as error:
            return _unopened(shown, f"{name} cannot be read: {error}")
        return opened(path, self.root, shown)

    def others(self, pattern: str) -> list[Path]:
        """The files in this one's folder, and below, that fit a pattern of ``glob``."""
        return sorted(path for path in self.path.parent.rglob(pattern) if path.is_file())


def opened(path: Path, root: Path, shown: Path) -> SourceFile | Note:
    """A file's text with plain line ends; a note where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            return _unopened(shown, f"it is larger than {LARGEST // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        return _unopened(shown, f"it cannot be read: {error.strerror}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unopened(shown, "this is no text in UTF-8; save the file as UTF-8", line)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SourceFile(path, shown.as_posix(), text, root)


def _unopened(shown: Path, words: str, line: int = 1) -> Note:
    return Note(shown.as_posix(), line, "file", "refused", words)


LARGEST: Final = 20_000_000
"""Bytes of a file that is read; larger ones are data sets, no tests."""

Importer = Callable[[SourceFile], Imported]
"""What a format's module offers as ``read``; it raises nothing for any text."""


class Format(Struct, frozen=True):
    """A format: where its ``read`` is, and which files of a folder are of it (``glob``).

    ``above`` is how many folders above a file it may name others in.
    """

    name: str
    module: str
    patterns: tuple[str, ...]
    above: int = 0


def or_refused(file: SourceFile, made: Imported, words: str) -> Imported:
    """What was imported; a file that holds nothing at all is refused in these words."""
    if made.suites or made.loose:
        return made
    return Imported(loose=(file.note(1, "file", "refused", words),))


def sorted_notes(notes: Sequence[Note]) -> tuple[Note, ...]:
    """One note for each element, by file and line; of several notes the worst."""
    found: dict[tuple[str, int, str, str], Note] = {}
    for note in notes:
        known = found.get(note.place)
        if known is None or FATES.index(note.fate) > FATES.index(known.fate):
            found[note.place] = note
    return tuple(sorted(found.values(), key=lambda note: (note.file, note.line)))


def notes_in(built: object) -> Iterator[Note]:
    """All notes that stand on something that was built, and beside it."""
    if isinstance(built, Noted):
        yield built.note
        yield from notes_in(built.value)
    elif isinstance(built, Mapping):
        for value in built.values():
            yield from notes_in(value)
    elif isinstance(built, list | tuple):
        for value in built:
            yield from notes_in(value)
    elif isinstance(built, Check | Turn | Case | Suite):
        if built.note is not None:
            yield built.note
        for name in built.__struct_fields__:
            if name == "beside":
                yield from getattr(built, name)
            elif name not in ("note", "name", "id"):
                yield from notes_in(getattr(built, name))
