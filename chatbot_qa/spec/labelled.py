"""Labelled texts from a file, CSV or JSON lines, for cases that classify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chatbot_qa.domain.labelled import LabelledFile, LabelledRow
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.spec.positions import MapNode, TextNode
from chatbot_qa.spec.rows import Row, Table
from chatbot_qa.spec.shapes import BAD, Shapes
from chatbot_qa.spec.words import answer

WORDS: Final = "`file:` with labelled texts"
_EXAMPLE: Final = "such as `rows: {file: intents.csv}`, with the columns text and label"
_COLUMNS: Final = ("text", "label", "topic")


def read(reader: Shapes, node: MapNode) -> Any:
    """The labelled texts that a ``{file: …}`` names: ``LabelledFile``, or ``BAD``."""
    columns = dict.fromkeys(_COLUMNS, "")
    for name, (key, value) in node.entries.items():
        if name == "file":
            continue
        if name not in columns:
            return reader.wrong(key, "unknown-key", f"unknown key `{name}`", _EXAMPLE)
        if not isinstance(value, TextNode) or not value.text.strip():
            return reader.wrong(key, "wrong-type", f"`{name}` names a column", _EXAMPLE)
        columns[name] = value.text.strip()
    at = node.entries.get("file")
    if at is None or not isinstance(at[1], TextNode) or not at[1].text.strip():
        return reader.wrong(node, "missing-key", "`file:` names no file", _EXAMPLE)
    from chatbot_qa.spec.tables import read_rows  # it imports the forms that this is one of

    found, wrong = read_rows(reader.where, examples=_only_file(node))
    reader.diagnostics.extend(wrong)
    if wrong or found is None or not found.tables:
        return BAD
    return _of_table(reader, at[1], found.tables[0], columns)


def _only_file(node: MapNode) -> MapNode:
    return MapNode({"file": node.entries["file"]}, node.line, node.column)


def _of_table(reader: Shapes, node: TextNode, table: Table, columns: Mapping[str, str]) -> Any:
    named = {name: column or name for name, column in columns.items()}
    for name in _COLUMNS:
        optional = name == "topic" and not columns["topic"]
        if named[name] not in table.columns and not optional:
            hint = answer(named[name], table.columns)
            message = f"there is no column `{named[name]}` in {node.text}"
            return reader.wrong(node, "unknown-column", message, hint)
    rows: list[LabelledRow] = []
    wrong: list[Diagnostic] = []
    for row in table.walk():
        if isinstance(row, Diagnostic):
            wrong.append(row)
            continue
        lacking = next((name for name in ("text", "label") if not _cell(row, named[name])), "")
        if lacking:
            message = f"this row has nothing in the column `{named[lacking]}`"
            where = table.cell(row, named[lacking])
            wrong.append(Diagnostic(where, "empty-cell", message, "fill it, or leave the row out"))
            continue
        rows.append(
            LabelledRow(
                text=_cell(row, named["text"]),
                label=_cell(row, named["label"]),
                topic=_cell(row, named["topic"]),
                where=row.where,
            )
        )
    reader.diagnostics.extend(wrong)
    if wrong:
        return BAD
    if not rows:
        return reader.wrong(node, "no-rows", f"there is no row in {node.text}", _EXAMPLE)
    return LabelledFile(
        file=node.text,
        text=named["text"],
        label=named["label"],
        topic=columns["topic"],
        rows=tuple(rows),
    )


def _cell(row: Row, column: str) -> str:
    return str(row.values.get(column, "")).strip()
