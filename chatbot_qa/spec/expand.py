"""From declared cases to the cases that run: one for each row, lazily and in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import msgspec

from chatbot_qa.domain.suite import Case, Declared, Hooks, SetAside, Suite
from chatbot_qa.domain.verdict import Aside
from chatbot_qa.spec.rows import Row, Rows
from chatbot_qa.spec.variables import Ground, Scope, Variables

SETS_ASIDE: Final = ("expected_failure", "quarantine")
"""The keys that set a case aside and let it run nevertheless."""

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
    if suite.hooks:
        declared = _with_hooks(declared, suite, scope)
    aside = aside_of(declared.case, scope.started.date())
    if aside is not None:
        declared = msgspec.structs.replace(declared, case=replace(declared.case, aside=aside))
    rows: Rows | None = declared.rows
    if rows is None:
        about = f"{suite.name}\0{declared.case.id}\0"
        yield replace(declared.case, suite=suite.name, names=Variables(ground, about))
        return
    for row in rows:
        yield _with_row(declared.case, suite.name, ground, row)


def aside_of(case: Case, today: date) -> Aside | None:
    """Why the verdict of a case does not count, as seen on the day that its run began."""
    for kind in SETS_ASIDE:
        said: SetAside | None = getattr(case, kind)
        if said is not None:
            until = said.until.isoformat()
            return Aside(kind, said.reason, said.owner, until, today > said.until)
    return None


def with_names(suite: Suite, scope: Scope) -> Hooks:
    """The requests of a suite, with the names that those around all cases know."""
    names = Variables(Ground(scope, suite.values), f"{suite.name}\0suite\0")
    return msgspec.structs.replace(suite.hooks, names=names)


def _with_hooks(declared: Declared, suite: Suite, scope: Scope) -> Declared:
    case = replace(declared.case, hooks=with_names(suite, scope))
    return msgspec.structs.replace(declared, case=case)


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
