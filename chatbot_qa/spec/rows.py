"""Rows of examples, of a matrix and of wordings: one case for each, read as they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Protocol

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.errors import SuiteError


class Several(str):
    """A cell that holds several texts: ``parts``. Where one text is wanted it is the cell as typed.

    A check that takes a list gets the parts.
    """

    __slots__ = ("parts",)
    parts: tuple[str, ...]

    def __new__(cls, text: str, parts: tuple[str, ...]) -> Several:
        cell = super().__new__(cls, text)
        cell.parts = parts
        return cell

    def __reduce__(self) -> tuple[type[Several], tuple[str, tuple[str, ...]]]:
        return Several, (str(self), self.parts)


class Row(Struct, frozen=True):
    """One row: its id, its cells by column, and where it begins.

    A name that is missing in ``values`` has no value in this row. ``where.text`` is empty
    for a row of a file.
    """

    id: str
    values: Mapping[str, str]
    where: Where


class Table(Protocol):
    """Rows that stand in one place. Frozen and picklable; each look reads them anew."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All names that a row may give a value to."""
        ...

    @property
    def key(self) -> str:
        """The column that names the rows; "" where they are numbered from 1."""
        ...

    def walk(self) -> Iterator[Row | Diagnostic]:
        """The rows in order, and whatever is wrong with one instead of it."""
        ...

    def count(self) -> int:
        """How many rows there are."""
        ...

    def cell(self, row: Row, column: str) -> Where:
        """Where a cell of a row stands; slow, for messages."""
        ...


class Listed(Struct, frozen=True):
    """Rows that stand in the suite itself. ``cells`` says where each cell of a row stands."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cells: tuple[Mapping[str, Where], ...]
    key: str = ""

    def walk(self) -> Iterator[Row | Diagnostic]:
        """The rows; what was wrong with them was said when they were read."""
        return iter(self.rows)

    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def cell(self, row: Row, column: str) -> Where:
        """Where a cell of a row stands."""
        return self.cells[self.rows.index(row)].get(column, row.where)


class Rows(Struct, frozen=True):
    """The rows of a case: those of one table, or all combinations of those of several.

    Iterating reads the first table as it goes, so that a file of any length takes no
    memory; raises ``SuiteError`` where a file has gone bad since it was checked. ``whole``
    is False where a table could not be read, so that not all columns are known.
    """

    tables: tuple[Table, ...]
    whole: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """All names that a row may give a value to."""
        return tuple(column for table in self.tables for column in table.columns)

    def __iter__(self) -> Iterator[Row]:
        if not self.tables:
            return iter(())
        first, *others = self.tables
        if not others:
            return sound(first)
        return _combined(first, [tuple(sound(table)) for table in others])

    def count(self) -> int:
        """How many rows there are; a file is read through once."""
        return prod(table.count() for table in self.tables) if self.tables else 0


def sound(table: Table) -> Iterator[Row]:
    """The rows of a table that was checked before; raises ``SuiteError`` where one is wrong."""
    for row in table.walk():
        if isinstance(row, Diagnostic):
            raise SuiteError([row])
        yield row


def _combined(first: Table, others: list[tuple[Row, ...]]) -> Iterator[Row]:
    for row in sound(first):
        for more in product(*others):
            values = dict(row.values)
            for other in more:
                values.update(other.values)
            name = ",".join((row.id, *(other.id for other in more)))
            yield Row(name, values, row.where)
