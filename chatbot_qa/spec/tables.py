"""``examples``, ``matrix`` and ``say_each`` as they stand in a suite, read into rows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.domain.suite import Text
from chatbot_qa.spec.csvfile import open_csv
from chatbot_qa.spec.jsonlines import open_json_lines
from chatbot_qa.spec.positions import ListNode, MapNode, Node, NothingNode, TextNode
from chatbot_qa.spec.rowcheck import check_rows, duplicate_row
from chatbot_qa.spec.rowfiles import ID, Format, Unreadable
from chatbot_qa.spec.rows import Listed, Row, Rows, Several, Table

__all__ = ["Row", "Rows", "Several", "check_rows", "read_rows", "wording_name"]

_OPENERS: Final[Mapping[str, Callable[[Format], Table]]] = {
    ".csv": open_csv,
    ".tsv": open_csv,
    ".jsonl": open_json_lines,
}
_FILE_KEYS: Final = ("file", "split", "id")
_ROWS_EXAMPLE: Final = "- {id: letter, order: A-1042}"
_FILE_EXAMPLE: Final = "examples: {file: orders.csv}"
_MATRIX_EXAMPLE: Final = "matrix: {lang: [de, fr]}"
_LONGEST_SLUG: Final = 24


def wording_name(turn: int) -> str:
    """The name under which the wordings of a turn's ``say_each`` stand; turns count from 1."""
    return f"turn {turn}"


def read_rows(
    at: Callable[[Node], Where],
    *,
    examples: Node | None = None,
    matrix: Node | None = None,
    wordings: Mapping[str, Sequence[Text]] | None = None,
) -> tuple[Rows | None, list[Diagnostic]]:
    """The rows of a case, None where it has none, and what is wrong with them.

    ``at`` places a node of the suite's file; files of rows are looked for beside it.
    ``wordings`` are the texts of each ``say_each``, by ``wording_name``. Rows of examples,
    matrix and wordings multiply. What a file holds is checked by ``check_rows``.
    """
    reader = _Reader(at)
    found = (
        *(() if examples is None else [reader.examples(examples)]),
        *(() if matrix is None else reader.matrix(matrix)),
        *(_axis(name, texts) for name, texts in (wordings or {}).items()),
    )
    tables = tuple(table for table in found if table is not None)
    reader.clashes(tables, matrix or examples)
    return (Rows(tables, len(tables) == len(found)) if found else None), reader.diagnostics


@dataclass(slots=True)
class _Reader:
    at: Callable[[Node], Where]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def wrong(self, node: Node, code: str, message: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(self.at(node), code, message, hint))

    def examples(self, node: Node) -> Table | None:
        if isinstance(node, ListNode):
            return self.listed(node)
        if isinstance(node, MapNode):
            return self.file(node)
        if isinstance(node, TextNode):
            self.wrong(
                node,
                "wrong-type",
                "examples are a list of rows, or a mapping that names a file",
                f"examples: {{file: {node.text}}}",
            )
        else:
            self.wrong(
                node,
                "no-rows",
                "these examples have no rows, so there is no case to run",
                f"write one row a line, such as `{_ROWS_EXAMPLE}`, or leave examples out",
            )
        return None

    def listed(self, node: ListNode) -> Table | None:
        if not node.items:
            self.examples(NothingNode(node.line, node.column))
            return None
        rows: list[Row] = []
        cells: list[Mapping[str, Where]] = []
        known: dict[str, Where] = {}
        columns: dict[str, None] = {}
        named = any(isinstance(item, MapNode) and ID in item.entries for item in node.items)
        for number, item in enumerate(node.items, 1):
            if not isinstance(item, MapNode):
                self.wrong(
                    item,
                    "wrong-type",
                    "a row of examples gives each value its name, `name: value`",
                    f"such as `{_ROWS_EXAMPLE}`{_in_a_file(item)}",
                )
                continue
            values, places = self.cells(item)
            where = self.at(item)
            name = self.row_id(item, values, number, named)
            if not name:
                continue
            if name in known:
                self.diagnostics.append(
                    duplicate_row(places.get(ID, where), name, str(known[name]))
                )
                continue
            known[name] = places.get(ID, where)
            columns.update(dict.fromkeys(item.entries))
            rows.append(Row(name, values, where))
            cells.append(places)
        return (
            Listed(tuple(columns), tuple(rows), tuple(cells), ID if named else "") if rows else None
        )

    def row_id(self, item: MapNode, values: Mapping[str, str], number: int, named: bool) -> str:
        name = values.get(ID, "").strip()
        if named and not name:
            self.wrong(
                item,
                "row-without-id",
                "this row has no id, and other rows of these examples have one",
                "give each row an id of its own: it names the case from run to run",
            )
        return name if named else str(number)

    def cells(self, item: MapNode) -> tuple[dict[str, str], dict[str, Where]]:
        values: dict[str, str] = {}
        places: dict[str, Where] = {}
        for name, (_, node) in item.entries.items():
            value = self.cell(name, node)
            if value is not None:
                values[name] = value
                places[name] = self.at(node)
        return values, places

    def cell(self, name: str, node: Node) -> str | None:
        if isinstance(node, TextNode):
            return node.text
        if isinstance(node, ListNode):
            parts = [item.text for item in node.items if isinstance(item, TextNode)]
            if len(parts) == len(node.items):
                return Several(", ".join(parts), tuple(parts))
        if not isinstance(node, NothingNode):
            self.wrong(
                node,
                "wrong-type",
                f"`{name}` holds data, and a cell is one text or a list of texts",
            )
        return None

    def file(self, node: MapNode) -> Table | None:
        texts: dict[str, str] = {}
        for key, (key_node, value) in node.entries.items():
            if key not in _FILE_KEYS:
                self.unknown_file_key(key, key_node)
            elif not isinstance(value, TextNode) or not value.text:
                self.wrong(key_node, "wrong-type", f"`{key}` wants a text", _FILE_EXAMPLE)
            else:
                texts[key] = value.text
        if "file" not in texts:
            if "file" not in node.entries:
                self.wrong(
                    node,
                    "missing-key",
                    "these examples name no file and hold no rows",
                    f"{_FILE_EXAMPLE}, or a list of rows such as `{_ROWS_EXAMPLE}`",
                )
            return None
        return self.open(node.entries["file"][1], texts)

    def unknown_file_key(self, key: str, node: Node) -> None:
        self.wrong(
            node,
            "unknown-key",
            f"unknown key `{key}`: examples in a file take {', '.join(_FILE_KEYS)}",
            f"{_FILE_EXAMPLE}, or, for rows that stand here, a list such as `{_ROWS_EXAMPLE}`",
        )

    def open(self, node: Node, texts: Mapping[str, str]) -> Table | None:
        name = texts["file"]
        shown = Path(os.path.normpath(Path(self.at(node).file).parent / name))
        opener = _OPENERS.get(shown.suffix.lower())
        if opener is None:
            self.wrong(
                node,
                "unknown-format",
                f"rows are read from .csv, .tsv and .jsonl files, and `{name}` is none",
                "save a spreadsheet as CSV (in Excel: Save As, “CSV UTF-8”)",
            )
            return None
        if not shown.is_file():
            self.missing(node, name, shown)
            return None
        form = Format(
            str(shown.resolve()), shown.as_posix(), texts.get("split", ""), texts.get("id", "")
        )
        try:
            return opener(form)
        except Unreadable as stop:
            self.diagnostics.append(stop.diagnostic)
        return None

    def missing(self, node: Node, name: str, path: Path) -> None:
        from chatbot_qa.spec.words import near

        beside = sorted(p.name for p in path.parent.glob("*") if p.suffix.lower() in _OPENERS)
        close = near(path.name, beside)
        hint = f"did you mean `{close}`? " if close else ""
        if "\\" in name:
            hint += "write the path with forward slashes; "
        self.wrong(
            node,
            "missing-file",
            f"there is no file {path.as_posix()}",
            f"{hint}the path is seen from the folder of the suite",
        )

    def matrix(self, node: Node) -> list[Table | None]:
        if not isinstance(node, MapNode) or not node.entries:
            self.wrong(
                node,
                "wrong-type",
                "a matrix is a mapping from names to lists of texts",
                _MATRIX_EXAMPLE,
            )
            return [None]
        return [self.values(name, value) for name, (_, value) in node.entries.items()]

    def values(self, name: str, node: Node) -> Table | None:
        items = node.items if isinstance(node, ListNode) else []
        texts = [Text(i.text, self.at(i)) for i in items if isinstance(i, TextNode)]
        if not texts or len(texts) < len(items):
            self.wrong(
                node,
                "wrong-type",
                f"`{name}` wants a list of texts: a case is made for each",
                _MATRIX_EXAMPLE,
            )
            return None
        return _axis(name, texts)

    def clashes(self, tables: Sequence[Table], node: Node | None) -> None:
        seen: set[str] = set()
        for table in tables:
            for column in table.columns:
                if column in seen and node is not None:
                    self.wrong(
                        node,
                        "name-clash",
                        f"`{column}` stands both in the examples and in the matrix",
                        "rename one of them",
                    )
            seen.update(table.columns)


def _axis(name: str, texts: Sequence[Text]) -> Table | None:
    """One row for each text, named after it."""
    if not texts:
        return None
    names: dict[str, None] = {}
    for number, text in enumerate(texts, 1):
        slug = _slug(text.source) or str(number)
        names[slug if slug not in names else f"{slug}-{number}"] = None
    rows = tuple(
        Row(row, {name: text.source}, text.where) for row, text in zip(names, texts, strict=True)
    )
    return Listed((name,), rows, tuple({name: text.where} for text in texts), name)


def _slug(text: str) -> str:
    """A text as a short name: its letters and digits, with dashes between."""
    return re.sub(r"[\W_]+", "-", text).strip("-")[:_LONGEST_SLUG].strip("-")


def _in_a_file(item: Node) -> str:
    """Where rows belong that are cells between commas; "" for anything else."""
    if not isinstance(item, TextNode) or not re.search("[,;]", item.text):
        return ""
    return f"; lines of cells with commas between them stand in a file: `{_FILE_EXAMPLE}`"
