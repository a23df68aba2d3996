"""What the files around one of Botium's hold: wordings, parts of convos, tables of values.

Botium reads a whole folder and knows every name of it. Here a name is looked for in the
file's own folder first, then ever further up to the folder of the import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from chatbot_qa.importers.base import SourceFile, opened
from chatbot_qa.importers.botium_files import custom_commands, read_file
from chatbot_qa.importers.botium_text import Convo, Memory, Tree, Utterances

ENDINGS: Final = (
    *(".convo.txt", ".pconvo.txt", ".utterances.txt", ".scriptingmemory.txt"),
    *(".convo.csv", ".pconvo.csv", ".json", ".yml", ".yaml", ".md", ".markdown"),
)
_MOST_FILES: Final = 5_000


@lru_cache(maxsize=4)
def _files(root: Path) -> tuple[Path, ...]:
    """The files below a folder that Botium would read, not more than a folder may hold."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.name.endswith(ENDINGS) and path.is_file():
            found.append(path)
        if len(found) >= _MOST_FILES:
            break
    return tuple(found)


@lru_cache(maxsize=2_000)
def _trees(path: Path, root: Path, size: int, changed: int) -> tuple[Tree, ...]:
    """What a file holds; ``size`` and ``changed`` tell whether it is still the same."""
    del size, changed
    try:
        file = opened(path, root, path.relative_to(root))
    except OSError:
        return ()
    return tuple(read_file(path.name, file.text) or ()) if isinstance(file, SourceFile) else ()


class Part(Struct, frozen=True):
    """A partial convo, and the folder where it lies."""

    folder: Path
    convo: Convo


class Project:
    """The names that a file of Botium's may use. One instance a file."""

    def __init__(self, file: SourceFile, own: tuple[Tree, ...]) -> None:
        self._file = file
        self._own = own

    @cached_property
    def _around(self) -> tuple[tuple[Path | None, tuple[Tree, ...]], ...]:
        """All trees, those of the nearest files first; None is the file itself."""
        found: list[tuple[Path | None, tuple[Tree, ...]]] = [(None, self._own)]
        for path in sorted(_files(self._file.root), key=self._distance):
            if path != self._file.path:
                stat = path.stat()
                trees = _trees(path, self._file.root, stat.st_size, stat.st_mtime_ns)
                found.append((path, trees))
        return tuple(found)

    def _distance(self, path: Path) -> tuple[int, int, Path]:
        """Steps up from the file's folder to one that holds the other, then steps down."""
        mine, other = self._file.path.parent.parts, path.parent.parts
        common = 0
        while common < min(len(mine), len(other)) and mine[common] == other[common]:
            common += 1
        return len(mine) - common, len(other) - common, path

    @cached_property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """Wordings by name; a list in a nearer file goes first."""
        found: dict[str, tuple[str, ...]] = {}
        for tree in self._all(Utterances):
            if isinstance(tree, Utterances) and tree.texts:
                found.setdefault(tree.name, tree.texts)
        return found

    @cached_property
    def memories(self) -> tuple[Memory, ...]:
        """Tables of values that are near: in the file's folder, above it or below it."""
        return tuple(tree for tree in self._near(Memory) if isinstance(tree, Memory))

    @cached_property
    def custom(self) -> frozenset[str]:
        """Commands that the nearest ``botium.json`` above the file declares."""
        for folder in self._file.path.parents:
            path = folder / "botium.json"
            if path.is_file() and path.stat().st_size < 1_000_000:
                return custom_commands(path.read_text(errors="replace"))
            if folder == self._file.root:
                break
        return frozenset()

    def part(self, name: str) -> tuple[Part, ...]:
        """The parts of this name in the nearest folder; more than one is a clash."""
        found: list[Part] = []
        nearest: tuple[int, int] | None = None
        for path, trees in self._around:
            distance = (0, 0) if path is None else self._distance(path)[:2]
            if found and distance != nearest:
                break
            folder = (path or self._file.path).parent
            for tree in trees:
                if isinstance(tree, Convo) and tree.partial and tree.name.strip() == name:
                    nearest = distance
                    found.append(Part(folder, tree))
        return tuple(found)

    def _all(self, sort: type) -> Iterator[Tree]:
        for _, trees in self._around:
            yield from (tree for tree in trees if isinstance(tree, sort))

    def _near(self, sort: type) -> Iterator[Tree]:
        """Those in the file's folder, in folders above it, and below it."""
        for path, trees in self._around:
            distance = (0, 0) if path is None else self._distance(path)[:2]
            if 0 in distance:
                yield from (tree for tree in trees if isinstance(tree, sort))
