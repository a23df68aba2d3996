"""Texts with references from a file, CSV or JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from chatbot_qa.domain.referenced import ReferencedFile, ReferencedRow
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode
from chatbot_qa.spec.rows import Row, Table
from chatbot_qa.spec.shapes import BAD, Shapes
from chatbot_qa.spec.words import answer

WORDS: Final = "`file:` with texts and references"
_EXAMPLE: Final = "such as `rows: {file: pairs.csv}`, with the columns text and reference"
_USUAL: Final = {"text": ("text",), "reference": ("reference",), "topic": ("topic",)}
Columns = dict[str, tuple[str, ...]]


def read(reader: Shapes, node: MapNode) -> Any:
    """The texts and references that a ``{file: …}`` names: ``ReferencedFile``, or ``BAD``."""
    columns: Columns = {}
    for name, (key, value) in node.entries.items():
        if name == "file":
            continue
        if name not in _USUAL:
            return reader.wrong(key, "unknown-key", f"unknown key `{name}`", _EXAMPLE)
        named = tuple(_names(value, several=name == "reference"))
        if not named or not all(named):
            return reader.wrong(key, "wrong-type", f"`{name}` names a column", _EXAMPLE)
        columns[name] = named
    at = node.entries.get("file")
    if at is None or not isinstance(at[1], TextNode) or not at[1].text.strip():
        return reader.wrong(node, "missing-key", "`file:` names no file", _EXAMPLE)
    from chatbot_qa.spec.tables import read_rows  # it imports the forms that this is one of

    only = MapNode({"file": at}, node.line, node.column)
    found, wrong = read_rows(reader.where, examples=only)
    reader.diagnostics.extend(wrong)
    if wrong or found is None or not found.tables:
        return BAD
    return _of_table(reader, at[1], found.tables[0], columns)


def _names(node: Node, *, several: bool) -> Iterator[str]:
    """The columns that are named; "" for what names none."""
    nodes = node.items if several and isinstance(node, ListNode) else (node,)
    for one in nodes:
        yield one.text.strip() if isinstance(one, TextNode) else ""


def _of_table(reader: Shapes, node: TextNode, table: Table, given: Columns) -> Any:
    columns = {**_USUAL, **given}
    for name, named in columns.items():
        lacking = next((one for one in named if one not in table.columns), None)
        if lacking is not None and (name != "topic" or name in given):
            hint = answer(lacking, table.columns)
            message = f"there is no column `{lacking}` in {node.text}"
            return reader.wrong(node, "unknown-column", message, hint)
    found = [_row(table, row, columns) for row in table.walk()]
    wrong = [one for one in found if isinstance(one, Diagnostic)]
    reader.diagnostics.extend(wrong)
    if wrong:
        return BAD
    rows = tuple(one for one in found if isinstance(one, ReferencedRow))
    if not rows:
        return reader.wrong(node, "no-rows", f"there is no row in {node.text}", _EXAMPLE)
    return ReferencedFile(
        file=node.text,
        text=columns["text"][0],
        reference=columns["reference"],
        topic=given.get("topic", ("",))[0],
        rows=rows,
    )


def _row(table: Table, row: Row | Diagnostic, columns: Columns) -> ReferencedRow | Diagnostic:
    """A row of the file, or what is wrong with it; of several references some may be empty."""
    if isinstance(row, Diagnostic):
        return row
    text = _cells(row, columns["text"])
    references = [one for one in _cells(row, columns["reference"]) if one]
    for name, there in (("text", text[0]), ("reference", references)):
        if not there:
            column = columns[name][0]
            message = f"this row has nothing in the column `{column}`"
            where = table.cell(row, column)
            return Diagnostic(where, "empty-cell", message, "fill it, or leave the row out")
    return ReferencedRow(
        text=text[0],
        reference=tuple(references),
        topic=_cells(row, columns["topic"])[0],
        where=row.where,
    )


def _cells(row: Row, columns: Sequence[str]) -> list[str]:
    return [str(row.values.get(column, "")).strip() for column in columns]
