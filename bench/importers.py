"""How much of other tools' suites is carried over: ``python bench/importers.py``.

It needs ``../shared/data/suites``, and prints, for each format, what became of every element,
and the same for each type of promptfoo's assertions. A weight or a program in an assertion is
named as needing a hand, which is all that can be done with it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.table import table
from chatbot_qa.importers.base import FATES, Note, sorted_notes
from chatbot_qa.importers.formats import FORMATS
from chatbot_qa.pipeline.importing import read_files

DATA = Path(__file__).parents[2] / "shared" / "data" / "suites"
FOLDERS = {"postman": "botium-core", "botium": "botium-core", "openai-evals": "openai_evals"}
PROGRAMS = ("javascript", "python", "ruby", "webhook")


def figures(name: str, folder: Path) -> tuple[int, int, tuple[Note, ...]]:
    """The suites that a folder comes to, their cases, and what became of all elements."""
    form = FORMATS[name]
    pages, notes = read_files(form, [folder])
    return len(pages), sum(len(page.fitted.suite.cases) for page in pages), sorted_notes(notes)


def row(name: str, notes: Iterable[Note]) -> list[str]:
    """A line of a table: how many elements had each fate, and the share that was carried."""
    fates = Counter(note.fate for note in notes)
    whole = sum(fates.values())
    carried = fates["carried"] + fates["approximated"]
    share = f"{carried / whole:.1%}" if whole else "-"
    return [name, *(f"{fates[fate]:,}" for fate in FATES), share]


def named(note: Note) -> bool:
    """Whether an assertion is carried, or named as a weight or a program."""
    program = note.element.removeprefix("assert ").removeprefix("not-") in PROGRAMS
    weighed = "weight" in note.words or "program" in note.words
    return note.fate in ("carried", "approximated") or program or weighed


def main() -> int:
    """Print the tables; 0 also where there is nothing to measure."""
    if not DATA.is_dir():
        print(f"skipped: {DATA} is not there")
        return 0
    by_format: dict[str, tuple[Note, ...]] = {}
    lines = []
    for name in FORMATS:
        folder = DATA / FOLDERS.get(name, name)
        if not folder.is_dir():
            print(f"skipped: {folder} is not there")
            continue
        suites, cases, notes = figures(name, folder)
        by_format[name] = notes
        lines.append([*row(name, notes), f"{suites:,}", f"{cases:,}"])
    print(table(["format", *FATES, "kept", "suites", "cases"], lines))
    asserts = [note for note in by_format.get("promptfoo", ()) if note.element.startswith("assert")]
    types = sorted({note.element for note in asserts})
    print()
    print(
        table(
            ["promptfoo", *FATES, "kept"],
            [row(kind, (note for note in asserts if note.element == kind)) for kind in types],
        )
    )
    if asserts:
        share = sum(map(named, asserts)) / len(asserts)
        print(f"\nof {len(asserts)} assertions {share:.1%} are carried, or named as by hand")
    for name, notes in by_format.items():
        print()
        kinds = sorted({note.element for note in notes})
        rows = [row(kind, (note for note in notes if note.element == kind)) for kind in kinds]
        print(table([f"{name}: element", *FATES, "kept"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
