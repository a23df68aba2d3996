"""What can be said of the rows of a case before a run: one pass over them, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.suite import Case, Declared, Text, Unset
from chatbot_qa.spec.fit import Misfit, Waiting, checks_of, waiting
from chatbot_qa.spec.late import LateValue
from chatbot_qa.spec.rows import Listed, Row, Rows, Table
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
        said = _said(declared.case, table.columns, values)
        wants = _wants(declared.case, table.columns)
        yield from _Checked(table, values, wants, said, unknown).walk()


class _Want(Struct, frozen=True):
    """A check that is filled in from cells: ``columns`` are those that it needs.

    ``close`` where a cell may not fit that holds a text at all.
    """

    check: Waiting
    columns: tuple[str, ...]
    close: bool

    def concerns(self, values: Mapping[str, str]) -> bool:
        """Whether the cells of a row may not fit; without one of them the check is skipped."""
        if any(column not in values for column in self.columns):
            return False
        return self.close or any(not values[column].strip() for column in self.columns)

    def column(self, argument: str) -> str:
        """The column that an argument is filled from; one of the check's where that has none."""
        names = (name for name in self.check.names_of(argument) if name in self.columns)
        return next(names, self.columns[0])


class _Checked(Struct, frozen=True):
    table: Table
    values: Mapping[str, Text]
    wants: tuple[_Want, ...]
    said: Mapping[str, int]
    unknown: Unknown
    lacking: set[tuple[str, str]] = field(default_factory=set)

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
        for name, turn in self.said.items():
            if name not in row.values:
                yield Diagnostic(
                    self.table.cell(row, name),
                    "unset-in-row",
                    f"this row gives no value to `{name}`, which turn {turn} says",
                    f"write its `{name}`, or leave the row out",
                )
        for column, cell in row.values.items():
            if "${" in cell:
                for wrong in self.names(row, column, cell):
                    sound = False
                    yield wrong
        if not sound:
            return
        told: set[str] = set()
        for want in self.wants:
            yield from self.skipped(want, row)
            if not want.concerns(row.values):
                continue
            misfit = self.misfit(want, row)
            column = want.column(misfit.argument) if misfit else ""
            if misfit and column not in told:
                told.add(column)
                mend = misfit.hint or f"mend `{column}` in this row, or leave the row out"
                yield Diagnostic(
                    self.table.cell(row, column),
                    "unfit-cell",
                    f"this row does not fit `{want.check.expectation.name}`: {misfit.reason}",
                    f"{mend}{' The' if mend.endswith('?') else '; the'} check stands at "
                    f"{misfit.where}",
                )

    def skipped(self, want: _Want, row: Row) -> Iterator[Diagnostic]:
        """Names that a check needs and this row does not give.

        Each is told of once a row, and once a file, of which thousands of rows may lack it.
        """
        for column in want.columns:
            known = column in row.values or column in self.values or column in self.said
            place = (column, row.id if isinstance(self.table, Listed) else "")
            if not known and place not in self.lacking:
                self.lacking.add(place)
                check = want.check.expectation
                yield Diagnostic(
                    self.table.cell(row, column),
                    "skipped-in-row",
                    f"this row gives no value to `{column}`, so `{check.name}` is skipped for it",
                    f"write its `{column}`; the check stands at {check.where}",
                    Severity.WARNING,
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

    def misfit(self, want: _Want, row: Row) -> Misfit | None:
        """Why the cells do not fit the check; values that refer to others are left aside."""

        def value(name: str) -> str:
            source = self.source(row, name)
            if source is None or "${" in source:
                raise Unset(name)
            return source

        return want.check.misfit(value)

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


def _said(case: Case, columns: tuple[str, ...], values: Mapping[str, Text]) -> Mapping[str, int]:
    """The columns without which a turn cannot be said, each with the first such turn."""
    found: dict[str, int] = {}
    for number, turn in enumerate(getattr(case, "turns", ()), 1):
        for name in turn.said.names if turn.said else ():
            if name in columns and name not in values:
                found.setdefault(name, number)
    return found


def _wants(case: Case, columns: tuple[str, ...]) -> tuple[_Want, ...]:
    """The checks of a case that need a column."""
    found = []
    for check in waiting(checks_of(case)):
        late = check.expectation.late
        names = dict.fromkeys(name for argument in late for name in check.names_of(argument))
        used = tuple(name for name in names if name in columns)
        if used:
            verified = check.spec is not None and check.spec.verify is not None
            values = any(isinstance(one, LateValue) for one in late.values())
            found.append(_Want(check, used, verified or values))
    return tuple(found)
