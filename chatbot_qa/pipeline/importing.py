"""``import``: suites from the files of other tools, and a report of what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.errors import UsageError
from chatbot_qa.importers.base import (
    FATES,
    Fate,
    Format,
    Imported,
    Importer,
    Note,
    notes_in,
    opened,
    sorted_notes,
)
from chatbot_qa.importers.fitted import Fitted, fitted
from chatbot_qa.importers.formats import FORMATS, importer
from chatbot_qa.registry import Registry
from chatbot_qa.spec.files import shown
from chatbot_qa.spec.schema import render, suite_schema
from chatbot_qa.spec.words import answer

SCHEMA_FILE: Final = "suite.schema.json"


class Outcome(Struct, frozen=True):
    """What an import came to: the files that were written, their cases, and all notes."""

    files: tuple[str, ...]
    cases: int
    notes: tuple[Note, ...]

    def count(self, fate: Fate) -> int:
        """How many elements of the sources had this fate."""
        return sum(note.fate == fate for note in self.notes)


class _Page(Struct, frozen=True):
    """A suite that is to be written."""

    file: str
    fitted: Fitted


def import_files(form: str, paths: Sequence[Path], out: Path) -> Outcome:
    """Write suites from files, or folders, of a format into a folder.

    Nothing is written over: raises ``UsageError`` where a file stands in the way already,
    for an unknown format and for a path that is not there.
    """
    known = FORMATS.get(form)
    if known is None:
        names = ", ".join(sorted(FORMATS))
        hint = answer(form, sorted(FORMATS))
        raise UsageError(f"there is no format {form!r}", hint or f"formats are {names}")
    pages, notes = read_files(known, paths)
    write_pages(pages, out)
    return Outcome(
        tuple(shown(out / page.file) for page in pages),
        sum(len(page.fitted.suite.cases) for page in pages),
        sorted_notes(notes),
    )


def read_files(form: Format, paths: Sequence[Path]) -> tuple[list[_Page], list[Note]]:
    """The suites that files come to, each with a file name of its own, and all notes."""
    registry, read = Registry(), importer(form.name)
    notes: list[Note] = []
    pages: list[_Page] = []
    names: set[str] = set()
    for path, root in _files(paths, form):
        made = read_one(read, path, root)
        notes += made.loose
        for suite in made.suites:
            name, file = _free(suite.name, names)
            fit, lost = fitted(replace(suite, name=name), form.name, registry)
            notes += lost
            if fit is not None:
                notes += notes_in(fit.suite)
                pages.append(_Page(file, fit))
    return pages, notes


def read_one(read: Importer, path: Path, root: Path) -> Imported:
    """One file as an importer reads it; one that cannot be opened is refused."""
    source = opened(path, root, Path(shown(path)))
    return Imported(loose=(source,)) if isinstance(source, Note) else read(source)


def _files(paths: Sequence[Path], form: Format) -> Iterator[tuple[Path, Path]]:
    """Every file, with the folder below which it may name others."""
    for path in paths:
        if path.is_dir():
            fitting = (file for pattern in form.patterns for file in path.rglob(pattern))
            found = {file for file in fitting if file.is_file()}
            if not found:
                raise UsageError(
                    f"no file in {shown(path)} is called {' or '.join(form.patterns)}",
                    "give the file itself",
                )
            yield from ((file, _root(file, path, form)) for file in sorted(found))
        elif path.is_file():
            yield path, _root(path, path.parent, form)
        else:
            raise UsageError(f"there is no file or folder {shown(path)}", "look at the path")


def _root(file: Path, folder: Path, form: Format) -> Path:
    """The folder below which a file may name others: the one that was given, or one above."""
    if not form.above:
        return folder
    above = file.resolve().parents[form.above]
    return above if folder.resolve().is_relative_to(above) else folder


def write_pages(pages: Sequence[_Page], out: Path) -> None:
    """Write the suites, and the schema for editors beside them, over nothing."""
    there = [out / page.file for page in pages if (out / page.file).exists()]
    if there:
        raise UsageError(
            f"{', '.join(map(shown, there))} stands there already, and nothing is written over",
            "choose another folder with --out, or move it away",
        )
    if not pages:
        return
    out.mkdir(parents=True, exist_ok=True)
    for page in pages:
        (out / page.file).write_text(page.fitted.text, encoding="utf-8", newline="\n")
    schema = out / SCHEMA_FILE
    if not schema.exists():
        schema.write_text(render(suite_schema(Registry())), encoding="utf-8", newline="\n")


def _free(name: str, taken: set[str]) -> tuple[str, str]:
    """The name of a suite and of its file, with a number where another suite has them."""
    name = " ".join(name.split()) or "Imported"
    slug = _slug(name)
    number, file = 1, slug
    while file in taken:
        number += 1
        file = f"{slug}-{number}"
    taken.add(file)
    return (name if number == 1 else f"{name} {number}"), f"{file}.yaml"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-") or "suite"


def as_object(outcome: Outcome) -> dict[str, object]:
    """The documented JSON of an import: files, cases, counts by fate, and every note."""
    return {
        "files": list(outcome.files),
        "cases": outcome.cases,
        "counts": {fate: outcome.count(fate) for fate in FATES},
        "notes": [
            {
                "file": note.file,
                "line": note.line,
                "element": note.element,
                "at": note.at,
                "fate": note.fate,
                "words": note.words,
                "original": note.original,
            }
            for note in outcome.notes
        ],
    }
