"""Rows in a file of JSON lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.spec.rowfiles import Format, Unreadable, id_column, readable
from chatbot_qa.spec.rows import Row, Several


class JsonLines(Struct, frozen=True):
    """A file with one JSON object a line; its columns are all names that occur."""

    format: Format
    columns: tuple[str, ...]

    @property
    def key(self) -> str:
        """The column that names the rows; "" where they are numbered from 1."""
        return self.format.key

    def walk(self) -> Iterator[Row | Diagnostic]:
        """The rows in order, and whatever is wrong with one instead of it."""
        form, key = self.format, self.format.key
        number = 0
        try:
            for line, found in _objects(form):
                number += 1
                if isinstance(found, Diagnostic):
                    yield found
                    continue
                name = found.get(key, "").strip() if key else str(number)
                if not name:
                    yield self._nameless(line)
                    continue
                values = {k: form.cell(v) for k, v in found.items()} if form.split else found
                yield Row(name, values, Where(form.shown, line, 1))
        except Unreadable as stop:
            yield stop.diagnostic

    def count(self) -> int:
        """How many rows there are."""
        with self.format.open() as file:
            return sum(1 for line in file if not line.isspace())

    def cell(self, row: Row, column: str) -> Where:
        """Where a cell of a row stands."""
        text = self.format.line(row.where.line)
        found = text.find(json.dumps(column, ensure_ascii=False))
        return self.format.place(row.where.line, found + 1 or 1, text)

    def _nameless(self, line: int) -> Diagnostic:
        return self.format.wrong(
            line,
            "row-without-id",
            f"this row has no `{self.format.key}`, which names the cases",
            "give each row an id of its own: it names the case from run to run",
        )


def _objects(form: Format) -> Iterator[tuple[int, dict[str, str] | Diagnostic]]:
    """The line and the cells of each row, or what is wrong with it."""
    decode = json.JSONDecoder(
        object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str
    ).decode
    with readable(form), form.open() as file:
        for number, line in enumerate(file, 1):
            if line.isspace():
                continue
            try:
                pairs = decode(line)
            except json.JSONDecodeError as error:
                yield number, _bad_json(form, number, error)
                continue
            except RecursionError:
                pairs = None
            yield number, _cells(form, number, pairs)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it stands, which a JSON list is not mistaken for."""


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    return _Pairs(pairs)


def _cells(form: Format, line: int, pairs: Any) -> dict[str, str] | Diagnostic:
    if type(pairs) is not _Pairs:
        return form.wrong(
            line,
            "json-line",
            "each line holds one row, and so one JSON object",
            '{"id": "letter", "order": "A-1042"}',
        )
    cells: dict[str, str] = {}
    for name, value in pairs:
        if name in cells:
            return form.wrong(line, "duplicate-key", f"`{name}` stands twice in this row")
        text = value if type(value) is str else _json_cell(value)
        if text is not None:
            cells[name] = text
        elif value is not None:
            return form.wrong(
                line, "json-line", f"`{name}` holds data, and a cell is one text or a list of texts"
            )
    return cells


def _json_cell(value: Any) -> str | None:
    """A JSON value as a cell; None where it is null or cannot be one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return Several(json.dumps(value, ensure_ascii=False), tuple(value))
    return None


def _bad_json(form: Format, line: int, error: json.JSONDecodeError) -> Diagnostic:
    text = form.line(line)
    return Diagnostic(
        form.place(line, min(error.colno, len(text) + 1), text),
        "json-line",
        f"this line is no JSON: {error.msg[:1].lower()}{error.msg[1:]}",
        'each line holds one row: {"id": "letter", "order": "A-1042"}',
    )


def open_json_lines(form: Format) -> JsonLines:
    """A file of JSON lines, read through once for its columns; raises ``Unreadable``."""
    names: dict[str, None] = {}
    for _, found in _objects(form):
        if not isinstance(found, Diagnostic):
            names.update(dict.fromkeys(found))
    columns = tuple(names)
    return JsonLines(form.keyed(id_column(form, 1, columns)), columns)
