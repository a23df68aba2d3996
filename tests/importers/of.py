"""What the tests of importers share: files to read, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from chatbot_qa.importers.base import Imported, Note, SourceFile, notes_in, opened, sorted_notes
from chatbot_qa.importers.fitted import fitted
from chatbot_qa.registry import Registry

Reader = Callable[[SourceFile], Imported]

REGISTRY = Registry()


def source(folder: Path, name: str, text: str, **others: str) -> SourceFile:
    """A file in a folder, with other files beside it (``__`` in a name is a dot)."""
    for other, content in {name: text, **others}.items():
        path = folder / other.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    file = opened(folder / name, folder, Path(name))
    assert isinstance(file, SourceFile)
    return file


class Read:
    """What an importer made of a file, once ``lint`` has taken out what it refuses."""

    def __init__(self, read: Reader, file: SourceFile) -> None:
        self.imported = read(file)
        self.lost: list[Note] = []
        self.suites: list[dict[str, Any]] = []
        notes = list(self.imported.loose)
        for suite in self.imported.suites:
            fit, lost = fitted(suite, "test", REGISTRY)
            self.lost += lost
            if fit is not None:
                notes += notes_in(fit.suite)
                self.suites.append(yaml.safe_load(fit.text))
        self.notes: Sequence[Note] = sorted_notes([*notes, *self.lost])

    @property
    def cases(self) -> list[dict[str, Any]]:
        """The cases of the one suite."""
        (suite,) = self.suites
        return list(suite["conversations"])

    @property
    def turns(self) -> list[dict[str, Any]]:
        """The turns of the one case."""
        (case,) = self.cases
        return list(case["turns"])

    def fates(self, *besides: str) -> dict[int, str]:
        """By line what became of it, but for what was carried as it is."""
        return {
            note.line: note.fate
            for note in self.notes
            if note.fate not in ("carried", *besides) and note.element != "file"
        }

    def note(self, line: int) -> Note:
        """The one note of a line that is not about the whole file."""
        (note,) = [one for one in self.notes if one.line == line and one.element != "file"]
        return note
