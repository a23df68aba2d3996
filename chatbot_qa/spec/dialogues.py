"""Dialogues from a file: what users said in them, for neutral turns between other turns.

Each line is JSON: a list of the user's texts, ``{"turns": [...]}`` with the same, or
``{"messages": [{"role": "user", "content": "…"}, …]}``, of which the user's are taken.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import Dialogues
from chatbot_qa.spec.positions import MapNode, TextNode
from chatbot_qa.spec.rowfiles import Format, Unreadable, readable
from chatbot_qa.spec.shapes import BAD, Shapes
from chatbot_qa.spec.words import near

WORDS: Final = "`file:` with dialogues"
_EXAMPLE: Final = "such as `between: {file: dialogues.jsonl}`, or a list of texts"
_LINE: Final = 'each line holds one dialogue: ["Hello!", "How are you?"]'
_SUFFIX: Final = ".jsonl"


def read(reader: Shapes, node: MapNode) -> Any:
    """The dialogues that a ``{file: …}`` names: ``Dialogues``, or ``BAD``."""
    for name, (key, _) in node.entries.items():
        if name != "file":
            return reader.wrong(key, "unknown-key", f"unknown key `{name}`", _EXAMPLE)
    at = node.get("file")
    if at is None or at.kind != "text" or not at.text.strip():
        return reader.wrong(at or node, "missing-key", "`file:` names no file", _EXAMPLE)
    path = Path(os.path.normpath(Path(reader.where(at).file).parent / at.text))
    if path.suffix.lower() != _SUFFIX:
        message = f"dialogues are read from {_SUFFIX} files, and `{at.text}` is none"
        return reader.wrong(at, "unknown-format", message, _LINE)
    if not path.is_file():
        return _missing(reader, at, path)
    return _of_file(reader, at, Format(str(path.resolve()), path.as_posix()))


def _missing(reader: Shapes, node: TextNode, path: Path) -> Any:
    close = near(path.name, sorted(one.name for one in path.parent.glob(f"*{_SUFFIX}")))
    hint = f"did you mean `{close}`? " if close else ""
    return reader.wrong(
        node,
        "missing-file",
        f"there is no file {path.as_posix()}",
        f"{hint}the path is seen from the folder of the suite",
    )


def _of_file(reader: Shapes, node: TextNode, form: Format) -> Any:
    found: list[tuple[str, ...]] = []
    wrong: list[Diagnostic] = []
    try:
        for one in _lines(form):
            if isinstance(one, Diagnostic):
                wrong.append(one)
            else:
                found.append(one)
    except Unreadable as stop:
        wrong.append(stop.diagnostic)
    reader.diagnostics.extend(wrong)
    if wrong:
        return BAD
    if not found:
        return reader.wrong(node, "no-dialogues", f"there is no dialogue in {form.shown}", _LINE)
    return Dialogues(file=form.shown, texts=tuple(found))


def _lines(form: Format) -> Iterator[tuple[str, ...] | Diagnostic]:
    with readable(form), form.open() as file:
        for number, line in enumerate(file, 1):
            if line.isspace():
                continue
            try:
                said = _said(json.loads(line))
            except (json.JSONDecodeError, RecursionError):
                said = None
            if said is None:
                yield form.wrong(number, "json-line", "this line is no dialogue in JSON", _LINE)
            elif not said or not all(text.strip() for text in said):
                message = "nothing is said by the user in this dialogue, or in one of its turns"
                yield form.wrong(number, "nothing-said", message, _LINE)
            else:
                yield said


def _said(data: Any) -> tuple[str, ...] | None:
    """The user's texts; None where the data is no dialogue."""
    if isinstance(data, Mapping):
        data = data.get("turns", _of_user(data.get("messages")))
    if not isinstance(data, list) or not all(isinstance(text, str) for text in data):
        return None
    return tuple(data)


def _of_user(messages: Any) -> Any:
    if not isinstance(messages, list) or not all(isinstance(one, Mapping) for one in messages):
        return None
    return [one.get("content") for one in messages if one.get("role") == "user"]
