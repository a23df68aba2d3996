"""A folder of attacks: a YAML file for each family, as those that come with the program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from chatbot_qa.domain.attack import Folder
from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.domain.suite import Expectation
from chatbot_qa.spec.files import Source, read_source
from chatbot_qa.spec.positions import MapNode, Node, TextNode, parse
from chatbot_qa.spec.shapes import BAD, Form, Shapes
from chatbot_qa.spec.typed import scan

WORDS: Final = "a folder with families of attacks"
_LIKE: Final = "such as `catalogue: attacks/`, with a file such as attacks/ours.yaml in it"
_EMPTY: Final = "this file is empty, and stands in a folder of attacks"
_HOLDS: Final = "a family has `family:`, `owasp:` and `attacks:`; docs/attacks.md shows one"


class _OfAttacks(Shapes):
    """Reads a file in which neither checks nor targets stand."""

    def expectations(self, node: Node) -> tuple[Expectation, ...]:
        self.wrong(node, "misplaced-key", "no checks stand in a family of attacks")
        return ()

    def target(self, node: MapNode) -> Any:
        return self.wrong(node, "misplaced-key", "no target stands in a family of attacks")


def read(reader: Shapes, node: TextNode, family: Form) -> Any:
    """The families of the folder that a text names: ``Folder``, or ``BAD``."""
    path = Path(os.path.normpath(Path(reader.where(node).file).parent / node.text))
    if not node.text.strip() or not path.is_dir():
        message = f"there is no folder {path.as_posix()}"
        return reader.wrong(node, "missing-file", message, f"seen from the suite; {_LIKE}")
    files = sorted(one for one in path.iterdir() if one.suffix in (".yaml", ".yml"))
    if not files:
        message = f"there is no .yaml file in the folder {path.as_posix()}"
        return reader.wrong(node, "missing-file", message, _LIKE)
    found = [_family(reader, file, family) for file in files]
    whole = [one for one in found if one is not BAD]
    return Folder(path.as_posix(), tuple(whole)) if len(whole) == len(found) else BAD


def _family(reader: Shapes, path: Path, family: Form) -> Any:
    source, wrong = read_source(path)
    reader.diagnostics += wrong
    return BAD if source is None else _of_source(reader, source, family)


def _of_source(reader: Shapes, source: Source, family: Form) -> Any:
    text, wrong = scan(source.text, source.file)
    reader.diagnostics += wrong
    top, wrong = parse(text, source.file, source.lines)
    reader.diagnostics += wrong
    if top is None:
        if not wrong:
            where = Where(source.file, 1, 1, source.lines[0] if source.lines else "")
            reader.diagnostics.append(Diagnostic(where, "no-family", _EMPTY, _HOLDS))
        return BAD
    own = _OfAttacks(source.file, source.lines)
    found = own.take(top, family)
    reader.diagnostics += own.diagnostics
    return BAD if own.diagnostics else found
