"""From declared cases to the cases that run: one for each row, lazily and in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from chatbot_qa.domain.suite import Case, Declared, Suite
from chatbot_qa.spec.rows import Row, Rows
from chatbot_qa.spec.variables import Ground, Scope, Variables

_CASE = re.compile(r"(?P<id>.*?)(?:\[(?P<row>.*)\])?", re.DOTALL)


def cases(suite: Suite, scope: Scope) -> Iterator[Case]:
    """Every case of a suite, in the file's order, its rows one after another.

    Rows of a file are read as they are asked for; raises ``UsageError`` where the file
    has gone or changed its form since it was checked.
    """
    for declared in suite.declared:
        yield from cases_of(declared, suite, scope)


def cases_of(declared: Declared, suite: Suite, scope: Scope) -> Iterator[Case]:
    """The cases of one declaration."""
    ground = Ground(scope, suite.values, declared.values)
    rows: Rows | None = declared.rows
    if rows is None:
        about = f"{suite.name}\0{declared.case.id}\0"
        yield replace(declared.case, suite=suite.name, names=Variables(ground, about))
        return
    for row in rows:
        yield _with_row(declared.case, suite.name, ground, row)


def _with_row(case: Case, suite: str, ground: Ground, row: Row) -> Case:
    values = row.values
    return replace(
        case,
        suite=suite,
        row=row.id,
        parameters=tuple(values.items()),
        names=Variables(ground, f"{suite}\0{case.id}\0{row.id}", values),
    )


def count(suite: Suite) -> int:
    """How many cases a suite comes to; a file of rows is read through once."""
    return sum(1 if declared.rows is None else declared.rows.count() for declared in suite.declared)


def parse_case(text: str) -> tuple[str, str | None]:
    """The id and the row that ``--case 'id[row]'`` names; the row is None for all of them."""
    found = _CASE.fullmatch(text.strip())
    return (found["id"].strip(), found["row"]) if found else (text, None)
