"""The store: runs go in whole, once each; what was asked of them comes out.

Every write is one transaction, and one writer at a time has it. Two processes that add runs
at once both succeed, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from msgspec.structs import asdict
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from chatbot_qa.domain.settings import Keep
from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.history.entering import (
    Name,
    Number,
    batches,
    drop_unused,
    filled,
    insert_run,
    known_cases,
    newest_yet,
    numbers_of,
    says_more,
    values_of,
)
from chatbot_qa.history.keeping import leaving
from chatbot_qa.history.place import Place, engine_of, reading, writing
from chatbot_qa.history.rows import Added, CaseRow, Kept, Measured, Point, ResultRow, RunRow, digest
from chatbot_qa.history.tables import CASES, RESULTS, RUNS, STEPS, known, migrate

_JOINT = " › "


class Change(StrEnum):
    """What adding a run did."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


class Store:
    """An open history. Close it, or use it in a ``with``.

    Everything raises ``StorageError`` where the database cannot be reached or written.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self._engine = engine_of(place)

    @classmethod
    def open(cls, place: Place) -> Self:
        """A history that is there. Raises ``UsageError`` where there is none."""
        if place.file is not None and not place.file.exists():
            raise _none_yet(place)
        store = cls(place)
        try:
            store._migrate(made=True)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def make(cls, place: Place) -> Self:
        """A history to add to, made where there is none."""
        if place.file is not None:
            try:
                place.file.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(
                    f"the history {place.shown} cannot be made: {error.strerror}",
                    "name another file under history: in chatbot-qa.yaml",
                ) from error
        store = cls(place)
        try:
            store._migrate()
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def _migrate(self, *, made: bool = False) -> None:
        """Bring it to the newest version. ``made``: raise ``UsageError`` where there is none."""
        with self._reading() as connection:
            version = known(connection, self.place.shown)
        if made and version == 0:
            raise _none_yet(self.place)
        if version < len(STEPS):
            with self._writing() as connection:
                migrate(connection, self.place.shown)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with reading(self._engine, self.place) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with writing(self._engine, self.place) as connection:
            yield connection

    def add(self, run: RunRow, results: Added) -> Change:
        """Add a run, or put it in the place of what was known of it; twice changes nothing.

        What nobody can say of it any more (its commit, its artifact) is kept as it was.
        """
        told = digest(run, results)
        with self._writing() as connection:
            found = connection.execute(select(RUNS).where(RUNS.c.key == run.key)).one_or_none()
            if found is None:
                number = insert_run(connection, run, told, len(results))
            elif found.digest == told and not says_more(run, found):
                return Change.UNCHANGED
            else:
                number = found.number
                values = values_of(filled(run, found), told, len(results))
                connection.execute(update(RUNS).where(RUNS.c.number == number).values(values))
                connection.execute(delete(RESULTS).where(RESULTS.c.run == number))
            cases = numbers_of(connection, [case for case, _ in results], newest=newest_yet(run))
            rows = [
                {"run": number, "case": cases[case.name], **asdict(result)}
                for case, result in results
            ]
            if rows:
                connection.execute(insert(RESULTS), rows)
            if found is not None:
                drop_unused(connection)
        return Change.ADDED if found is None else Change.REPLACED

    def runs(self, most: int | None = None, branch: str = "") -> list[Kept]:
        """The runs, the newest first."""
        asked = select(RUNS).order_by(RUNS.c.started.desc(), RUNS.c.number.desc()).limit(most)
        if branch:
            asked = asked.where(RUNS.c.branch == branch)
        with self._reading() as connection:
            return [_kept(row) for row in connection.execute(asked)]

    def run(self, key: str) -> Kept | None:
        """The run of this key."""
        with self._reading() as connection:
            row = connection.execute(select(RUNS).where(RUNS.c.key == key)).one_or_none()
        return None if row is None else _kept(row)

    def newest(
        self,
        *,
        branch: str | None = None,
        commit: str = "",
        green: bool = False,
        paths: str = "",
        but: str = "",
    ) -> Kept | None:
        """The newest run that fits: of this branch, of a commit that begins so, green.

        Whole runs go before others, and those of the same suites before those of others; a run
        that is not whole is never green. ``but`` is the key of a run that is not meant. The
        branch "" is that of runs of which nobody knows it.
        """
        asked = select(RUNS).where(RUNS.c.key != but)
        if branch is not None:
            asked = asked.where(RUNS.c.branch == branch)
        if commit:
            asked = asked.where(RUNS.c.commit.startswith(commit.lower(), autoescape=True))
        if green:
            asked = asked.where(RUNS.c.green, RUNS.c.whole)
        same: ColumnElement[bool] = RUNS.c.paths == paths
        asked = asked.order_by(RUNS.c.whole.desc(), same.desc(), RUNS.c.started.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(asked).one_or_none()
        return None if row is None else _kept(row)

    def has_branch(self, branch: str) -> bool:
        """Whether any run is of this branch."""
        with self._reading() as connection:
            return bool(
                connection.execute(select(exists().where(RUNS.c.branch == branch))).scalar()
            )

    def results(self, run: Number) -> list[tuple[CaseRow, ResultRow]]:
        """The cases of a run with what they came to, in the order of their suites' files."""
        asked = (
            select(CASES, RESULTS)
            .join_from(RESULTS, CASES, RESULTS.c.case == CASES.c.number)
            .where(RESULTS.c.run == run)
            .order_by(CASES.c.file, CASES.c.line, CASES.c.number)
        )
        # columns by place: `case` is a name in one table and a number in the other
        first = 1 + len(_OF_CASE)
        with self._reading() as connection:
            return [
                (CaseRow(*row[1:first]), ResultRow(*row[first + 2 :]))
                for row in connection.execute(asked)
            ]

    def cases(self, name: str) -> Mapping[Number, CaseRow]:
        """The cases that a name means: an id, ``id[row]``, or either with its suite before it."""
        suite, _, rest = name.rpartition(_JOINT)
        asked = select(CASES).where(CASES.c.case == rest)
        if rest.endswith("]") and "[" in rest:
            case, _, row = rest[:-1].partition("[")
            asked = select(CASES).where(
                (CASES.c.case == rest) | ((CASES.c.case == case) & (CASES.c.row == row))
            )
        if suite:
            asked = asked.where(CASES.c.suite == suite)
        with self._reading() as connection:
            rows = connection.execute(asked.order_by(CASES.c.number))
            return {row.number: CaseRow(*row[1:]) for row in rows}

    def named(self, names: Sequence[Name]) -> Mapping[Name, Number]:
        """The numbers of the cases of these names that are known."""
        with self._reading() as connection:
            return {name: number for name, (number, _) in known_cases(connection, names).items()}

    def trend(self, case: Number, branch: str = "", most: int | None = None) -> list[Point]:
        """What a case came to over time, the oldest first; of one branch, if it is named."""
        asked = (
            select(
                RUNS.c.id,
                RUNS.c.started,
                RUNS.c.commit,
                RUNS.c.branch,
                RESULTS.c.ruling,
                RESULTS.c.passed,
                RESULTS.c.of,
                RESULTS.c.aside,
                RUNS.c.targets,
            )
            .join_from(RESULTS, RUNS, RESULTS.c.run == RUNS.c.number)
            .where(RESULTS.c.case == case)
            .order_by(RUNS.c.started.desc(), RUNS.c.number.desc())
            .limit(most)
        )
        if branch:
            asked = asked.where(RUNS.c.branch == branch)
        with self._reading() as connection:
            return [Point(*row) for row in connection.execute(asked)][::-1]

    def measured(self, runs: Sequence[Number]) -> Iterator[Measured]:
        """What was measured in these runs, in no order."""
        columns = [RESULTS.c[name] for name in Measured._fields]
        with self._reading() as connection:
            for some in batches(runs):
                asked = select(*columns).where(RESULTS.c.run.in_(some))
                for row in connection.execute(asked):
                    yield Measured(*row)

    def names(self) -> Mapping[Number, CaseRow]:
        """Every case, by its number."""
        with self._reading() as connection:
            return {row.number: CaseRow(*row[1:]) for row in connection.execute(select(CASES))}

    def prune(self, keep: Keep, now: float, main: str) -> int:
        """Let go of runs that are too many or too old (``keeping.leaving``); says how many."""
        with self._writing() as connection:
            asked = select(RUNS).order_by(RUNS.c.started.desc(), RUNS.c.number.desc())
            kept = [_kept(row) for row in connection.execute(asked)]
            going = leaving(kept, keep, now, main)
            for some in batches(going):
                connection.execute(delete(RESULTS).where(RESULTS.c.run.in_(some)))
                connection.execute(delete(RUNS).where(RUNS.c.number.in_(some)))
            if going:
                drop_unused(connection)
        return len(going)

    def size(self) -> tuple[int, int, int]:
        """How many runs, cases and results it holds."""
        with self._reading() as connection:
            runs, cases, results = (
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (RUNS, CASES, RESULTS)
            )
        return runs, cases, results


_OF_CASE = CaseRow.__struct_fields__
_OF_RUN = RunRow.__struct_fields__


def _none_yet(place: Place) -> UsageError:
    return UsageError(
        f"there is no history in {place.shown} yet",
        "add a run: chatbot-qa history add latest; or write history: into chatbot-qa.yaml, and "
        "every run is added",
    )


def _kept(row: Row[Any]) -> Kept:
    return Kept(row.number, RunRow(*(getattr(row, name) for name in _OF_RUN)), row.cases)
