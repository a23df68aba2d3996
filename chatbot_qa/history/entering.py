"""How a run and its cases are entered: within the transaction of whoever adds a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict
from sqlalchemy import Connection, Row, Select, bindparam, delete, exists, insert, select, update

from chatbot_qa.history.rows import CaseRow, RunRow
from chatbot_qa.history.tables import CASES, RESULTS, RUNS

_AT_ONCE = 500
"""How many values stand in one condition; databases bound it."""
_MAY_BE_LOST = ("commit", "branch", "artifact")

Number = int
Name = tuple[str, str, str]


def batches(numbers: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """These values, as many at a time as a condition may hold."""
    return (numbers[at : at + _AT_ONCE] for at in range(0, len(numbers), _AT_ONCE))


def values_of(run: RunRow, told: str, cases: int) -> dict[str, Any]:
    """The row of a run; ``told`` is its digest."""
    return {**asdict(run), "key": run.key, "digest": told, "cases": cases}


def insert_run(connection: Connection, run: RunRow, told: str, cases: int) -> Number:
    """Add the row of a run; returns its number."""
    key = connection.execute(insert(RUNS).values(values_of(run, told, cases))).inserted_primary_key
    assert key is not None
    number: int = key[0]
    return number


def says_more(run: RunRow, found: Row[Any]) -> bool:
    """Whether a run that is known tells something of itself that was not known, or otherwise."""
    return any(
        getattr(run, name) not in ("", getattr(found, name)) for name in (*_MAY_BE_LOST, "folder")
    )


def filled(run: RunRow, found: Row[Any]) -> RunRow:
    """A run, with what it no longer says of itself taken from what was known of it."""
    lost = {name: getattr(found, name) for name in _MAY_BE_LOST if not getattr(run, name)}
    return msgspec.structs.replace(run, **lost)


def newest_yet(run: RunRow) -> Select[tuple[bool]]:
    """Whether no run is newer than this one."""
    return select(~exists().where(RUNS.c.started > run.started))


def known_cases(
    connection: Connection, names: Sequence[Name]
) -> Mapping[Name, tuple[Number, CaseRow]]:
    """The cases of these names that are there, with their numbers."""
    suites = list(dict.fromkeys(suite for suite, _, _ in names))
    wanted = set(names)
    found: dict[Name, tuple[Number, CaseRow]] = {}
    for some in batches(suites):
        for row in connection.execute(select(CASES).where(CASES.c.suite.in_(some))):
            case = CaseRow(*row[1:])
            if case.name in wanted:
                found[case.name] = row.number, case
    return found


def numbers_of(
    connection: Connection, cases: Sequence[CaseRow], newest: Select[tuple[bool]]
) -> Mapping[Name, Number]:
    """The number of every case; new ones are added, and moved ones told where they stand now."""
    names = [case.name for case in cases]
    found = known_cases(connection, names)
    new = {case.name: case for case in cases if case.name not in found}
    if new:
        connection.execute(insert(CASES), [asdict(case) for case in new.values()])
    moved = [
        {"number_": found[case.name][0], **asdict(case)}
        for case in cases
        if case.name in found and found[case.name][1] != case
    ]
    if moved and connection.execute(newest).scalar_one():
        places: dict[str, Any] = {
            name: bindparam(name) for name in ("kind", "topic", "file", "line")
        }
        wanted = [{name: row[name] for name in ("number_", *places)} for row in moved]
        connection.execute(
            update(CASES).where(CASES.c.number == bindparam("number_")).values(places), wanted
        )
    if new:
        found = known_cases(connection, names)
    return {name: number for name, (number, _) in found.items()}


def drop_unused(connection: Connection) -> None:
    """Forget the cases that no run has any more."""
    used = exists().where(RESULTS.c.case == CASES.c.number)
    connection.execute(delete(CASES).where(~used))
