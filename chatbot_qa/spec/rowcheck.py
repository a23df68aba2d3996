"""What can be said of the rows of a case before a run: one pass over them, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.domain.suite import Declared, Expectation, Text, Unfit, Unset
from chatbot_qa.spec.late import LateText, LateValue
from chatbot_qa.spec.rows import Row, Rows, Table
from chatbot_qa.spec.variables import cycle

Unknown = Callable[[str, Where], Diagnostic | None]
"""What is wrong with a ``${name}`` at a place; None where it will have a value."""


def check_rows(
    declared: Declared, suite_values: Mapping[str, Text], unknown: Unknown
) -> Iterator[Diagnostic]:
    """Everything that is wrong with the rows of a case, table by table, row by row.

    Rows of a file that cannot be read or are no rows, ids that come twice, no rows at all,
    cells that refer to a name that is unknown or leads back to itself, and cells that do
    not fit the argument of the check that they are for (empty, no number, no pattern).
    """
    rows: Rows | None = declared.rows
    values = {**suite_values, **declared.values}
    for table in rows.tables if rows else ():
        yield from _Checked(table, values, _wants(declared.case, table.columns), unknown).walk()


@dataclass(frozen=True, slots=True)
class _Want:
    """An argument that gets its value from cells: ``columns`` are those that it needs."""

    check: str
    late: LateText | LateValue
    columns: tuple[str, ...]

    def concerns(self, values: Mapping[str, str]) -> bool:
        """Whether the cells of a row may not fit: text does, unless it is empty."""
        if any(column not in values for column in self.columns):
            return False
        if isinstance(self.late, LateValue):
            return True
        return self.late.filled and any(not values[column].strip() for column in self.columns)


@dataclass(frozen=True, slots=True)
class _Checked:
    table: Table
    values: Mapping[str, Text]
    wants: tuple[_Want, ...]
    unknown: Unknown

    def walk(self) -> Iterator[Diagnostic]:
        seen: set[int] = set()
        count = 0
        for row in self.table.walk():
            count += 1
            if isinstance(row, Diagnostic):
                yield row
                continue
            if self.table.key:
                name = hash(row.id)  # a table of any length, in a few bytes a row
                if name in seen:
                    yield self.twice(row)
                seen.add(name)
            yield from self.cells(row)
        if not count:
            yield self.none()

    def cells(self, row: Row) -> Iterator[Diagnostic]:
        sound = True
        for column, cell in row.values.items():
            if "${" in cell:
                for wrong in self.names(row, column, cell):
                    sound = False
                    yield wrong
        if not sound:
            return
        told: set[str] = set()
        for want in self.wants:
            if want.columns[0] not in told and want.concerns(row.values):
                reason = self.unfit(want, row)
                if reason:
                    told.add(want.columns[0])
                    yield Diagnostic(
                        self.table.cell(row, want.columns[0]),
                        "unfit-cell",
                        f"this row does not fit `{want.check}`: {reason}",
                        f"mend `{want.columns[0]}` in this row, or leave the row out; "
                        f"the check stands at {_place_of(want.late)}",
                    )

    def names(self, row: Row, column: str, cell: str) -> Iterator[Diagnostic]:
        for name in Text(cell).names:
            if name in row.values or name in self.values:
                continue
            wrong = self.unknown(name, self.table.cell(row, column))
            if wrong:
                yield wrong
        path = cycle(column, lambda name: self.source(row, name))
        if path:
            yield Diagnostic(
                self.table.cell(row, column),
                "variable-cycle",
                f"the value of `{column}` leads back to itself: {' → '.join(path)}",
                f"to say ${{{column}}} as it stands, write $${{{column}}}",
            )

    def source(self, row: Row, name: str) -> str | None:
        cell = row.values.get(name)
        if cell is not None:
            return cell
        text = self.values.get(name)
        return text.source if text else None

    def unfit(self, want: _Want, row: Row) -> str:
        """Why the cells do not fit the argument; nothing where it waits for other values too."""

        def value(name: str) -> str:
            source = self.source(row, name)
            if source is None or "${" in source:
                raise Unset(name)
            return source

        try:
            want.late.resolve(value)
        except Unset:
            return ""
        except Unfit as unfit:
            return str(unfit)
        return ""

    def twice(self, row: Row) -> Diagnostic:
        first = next(
            found for found in self.table.walk() if isinstance(found, Row) and found.id == row.id
        )
        return duplicate_row(self.table.cell(row, self.table.key), row.id, str(first.where))

    def none(self) -> Diagnostic:
        return Diagnostic(
            self.table.cell(Row("", {}, Where("", 1, 1)), ""),
            "no-rows",
            "this file has no rows, so there is no case to run",
            "the first line names the columns, and each line after it is a case",
        )


def duplicate_row(where: Where, name: str, first: str) -> Diagnostic:
    """Two rows with one id."""
    return Diagnostic(
        where,
        "duplicate-row",
        f"another row is named `{name}` too, at {first}",
        "give each row an id of its own: it names the case from run to run",
    )


def _place_of(late: LateText | LateValue) -> Where:
    return late.text.where if isinstance(late, LateText) else late.where


def _wants(case: Any, columns: tuple[str, ...]) -> tuple[_Want, ...]:
    """The arguments of a case's checks that need a column."""
    found = []
    for expectation in _expectations(case):
        for late in expectation.late.values():
            if isinstance(late, LateText | LateValue):
                names = dict.fromkeys(name for text in late.texts for name in text.names)
                used = tuple(name for name in names if name in columns)
                if used:
                    found.append(_Want(expectation.name, late, used))
    return tuple(found)


def _expectations(thing: Any) -> Iterator[Expectation]:
    """Every check of a case, wherever its kind keeps them, those inside checks included."""
    if isinstance(thing, Expectation):
        yield thing
        thing = tuple(thing.fixed.values())
    if isinstance(thing, tuple | list):
        for item in thing:
            yield from _expectations(item)
    elif isinstance(thing, Mapping):
        for item in thing.values():
            yield from _expectations(item)
    elif is_dataclass(thing):
        for item in fields(thing):
            yield from _expectations(getattr(thing, item.name))
