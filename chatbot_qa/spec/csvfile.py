"""Rows in a CSV file as spreadsheets write it: BOM, semicolons, quoted cells."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.spec.rowfiles import (
    SAVE_AS,
    Format,
    Unreadable,
    id_column,
    not_utf8,
    readable,
)
from chatbot_qa.spec.rows import Row
from chatbot_qa.text.many import many

_SPOKEN: Final[Mapping[str, str]] = {
    ",": "a comma",
    ";": "a semicolon",
    "\t": "a tab",
    "|": "a bar",
}


class CsvFile(Struct, frozen=True):
    """A CSV file: ``columns`` as its first line names them, which is line ``header``."""

    format: Format
    columns: tuple[str, ...]
    delimiter: str
    header: int = 1

    @property
    def key(self) -> str:
        """The column that names the rows; "" where they are numbered from 1."""
        return self.format.key

    def walk(self) -> Iterator[Row | Diagnostic]:
        """The rows in order, and whatever is wrong with one instead of it."""
        columns, width, key = self.columns, len(self.columns), self.format.key
        form, split, shown = self.format, self.format.split, self.format.shown
        number = 0
        try:
            for line, cells in self._records():
                number += 1
                if len(cells) != width:
                    if len(cells) < width or any(cells[width:]):
                        yield self._ragged(line, len(cells))
                        continue
                    del cells[width:]
                values = dict(zip(columns, map(form.cell, cells) if split else cells, strict=True))
                name = values[key].strip() if key else str(number)
                yield Row(name, values, Where(shown, line, 1)) if name else self._nameless(line)
        except Unreadable as stop:
            yield stop.diagnostic

    def count(self) -> int:
        """How many rows there are."""
        try:
            return sum(1 for _ in self._records())
        except Unreadable:
            return 0

    def cell(self, row: Row, column: str) -> Where:
        """Where a cell of a row stands."""
        text = self.format.line(row.where.line)
        return self.format.place(row.where.line, self._column(text, column), text)

    def _column(self, text: str, column: str) -> int:
        """The character at which a cell begins: past as many delimiters as columns before it."""
        if column not in self.columns:
            return 1
        left, quoted = self.columns.index(column), False
        for place, character in enumerate(text, 1):
            if not left:
                return place
            quoted ^= character == '"'
            left -= character == self.delimiter and not quoted
        return len(text) + 1

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """The line that each row begins at, with its cells; rows of nothing but delimiters mean
        nothing."""
        with readable(self.format), self.format.open() as file:
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            line = 0
            try:
                for cells in reader:
                    if line >= self.header and any(cells):
                        yield line + 1, cells
                    line = reader.line_num
            except csv.Error as error:
                raise Unreadable(self._broken(line + 1, error)) from error

    def _ragged(self, line: int, found: int) -> Diagnostic:
        cells, width = many(found, "cell"), len(self.columns)
        mark = _SPOKEN.get(self.delimiter, self.delimiter)
        mend = f"a cell that holds {mark} stands in double quotes"
        if found < width:
            mend = f"{mark} stands between any two cells, be they empty"
        return self.format.wrong(
            line,
            "ragged-row",
            f"this row has {cells}, and the first line names {many(width, 'column')}",
            f"the columns are {', '.join(self.columns)}; {mend}",
        )

    def _nameless(self, line: int) -> Diagnostic:
        return self.format.wrong(
            line,
            "row-without-id",
            f"this row has nothing in the column `{self.format.key}`, which names the cases",
            "give each row an id of its own: it names the case from run to run",
        )

    def _broken(self, line: int, error: csv.Error) -> Diagnostic:
        said = str(error)
        if "end of data" in said or "field limit" in said:
            return self.format.wrong(
                line,
                "csv-quote",
                "a double quote is opened in this row and never closed",
                'inside a quoted cell a double quote is written twice: "he said ""hi"" to me"',
            )
        if "expected after" in said:
            return self.format.wrong(
                line,
                "csv-quote",
                "a cell of this row goes on after its closing double quote",
                'inside a quoted cell a double quote is written twice: "he said ""hi"" to me"',
            )
        return self.format.wrong(line, "csv", f"this row cannot be read: {said}", SAVE_AS)


def open_csv(form: Format) -> CsvFile:
    """A CSV file by its first line, which names the columns; raises ``Unreadable``."""
    with readable(form), form.open("surrogateescape") as file:
        head = next(file, "")
        header = 1
        if head.startswith("sep=") and len(head.strip()) == 5:
            delimiter, head, header = head[4], next(file, ""), 2
        else:
            delimiter = _delimiter(head)
        reader = csv.reader(chain([head], file), delimiter=delimiter, strict=True)
        columns = _names(form, header, reader)
    while columns and not columns[-1]:
        columns.pop()
    _check_names(form, header, columns)
    key = id_column(form, header, tuple(columns))
    return CsvFile(form.keyed(key), tuple(columns), delimiter, header + reader.line_num - 1)


def _names(form: Format, line: int, reader: Iterator[list[str]]) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise Unreadable(
            form.wrong(
                line,
                "csv-quote",
                "the names of the columns cannot be read: a double quote is opened and never "
                "closed, or text goes on after it",
            )
        ) from error
    if any("\udc80" <= letter <= "\udcff" for name in names for letter in name):
        raise Unreadable(not_utf8(form))
    return names


def _delimiter(head: str) -> str:
    """What separates the names in the first line: whichever stands there most, outside quotes."""
    outside = "".join(head.split('"')[::2])
    return max(_SPOKEN, key=outside.count)


def _check_names(form: Format, line: int, columns: list[str]) -> None:
    if not columns:
        raise Unreadable(
            form.wrong(
                line,
                "no-columns",
                "the first line names no columns",
                "the first line of a CSV file holds the names that ${name} refers to: id,order",
            )
        )
    name, times = Counter(columns).most_common(1)[0]
    if times > 1:
        raise Unreadable(
            form.wrong(line, "duplicate-column", f"two columns are named `{name}`", "rename one")
        )
    if "" in columns:
        raise Unreadable(
            form.wrong(
                line,
                "nameless-column",
                f"column {columns.index('') + 1} has no name",
                "the first line names every column, so that ${name} can refer to it",
            )
        )
