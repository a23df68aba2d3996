"""The tables of the history, and the steps from one version of them to the next.

Made for two questions, both quick at a million results: all results of a run (they lie side by
side, by the primary key) and all results of a case (by the index).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    text,
    update,
)

from chatbot_qa.errors import UsageError

METADATA = MetaData()

VERSION = Table("history_version", METADATA, Column("version", Integer, nullable=False))

RUNS = Table(
    "runs",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("started", Double, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("commit", Text, nullable=False),
    Column("branch", Text, nullable=False),
    Column("targets", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("folder", Text, nullable=False),
    Column("artifact", Text, nullable=False),
    Column("ruling", Text, nullable=False),
    Column("green", Boolean, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("paths", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("cases", Integer, nullable=False),
    Index("runs_by_branch", "branch", "started"),
    Index("runs_by_commit", "commit"),
)

CASES = Table(
    "cases",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("suite", Text, nullable=False),
    Column("case", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer, nullable=False),
    UniqueConstraint("suite", "case", "row"),
    Index("cases_by_id", "case"),
)

RESULTS = Table(
    "results",
    METADATA,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("case", Integer, primary_key=True, autoincrement=False),
    Column("ruling", Text, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("of", Integer, nullable=False),
    Column("parts", Text, nullable=False),
    Column("aside", Text, nullable=False),
    Column("counts", Boolean, nullable=False),
    Column("p50", Double),
    Column("p95", Double),
    Column("tokens", BigInteger),
    Column("cost", Double),
    Column("currency", Text, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("length", Double),
    Column("refused", Integer),
    # with all that a trend is made of, so that it need not look further
    Index("results_by_case", "case", "run", "ruling", "passed", "of", "aside"),
    sqlite_with_rowid=False,
)

Step = Callable[[Connection], None]


def _first(connection: Connection) -> None:
    METADATA.create_all(connection)


STEPS: Sequence[Step] = (_first,)
"""The step to version n stands at n - 1. A step that was published is never changed."""


def version_of(connection: Connection) -> int:
    """The version of the tables that are there; 0 where there are none."""
    if not inspect(connection).has_table(VERSION.name):
        return 0
    version: int = connection.execute(select(VERSION.c.version)).scalar_one()
    return version


def known(connection: Connection, shown: str, steps: Sequence[Step] = STEPS) -> int:
    """The version; raises ``UsageError`` for one that only a newer chatbot-qa knows."""
    version = version_of(connection)
    if version > len(steps):
        raise UsageError(
            f"the history {shown} was made by a newer chatbot-qa (its version {version}, known "
            f"here up to {len(steps)})",
            "update chatbot-qa; it is left as it is",
        )
    return version


def migrate(connection: Connection, shown: str, steps: Sequence[Step] = STEPS) -> None:
    """Bring the tables to the newest version, within the transaction that is open."""
    version = known(connection, shown, steps)
    for step in steps[version:]:
        step(connection)
    if version == 0:
        connection.execute(insert(VERSION).values(version=len(steps)))
    elif version < len(steps):
        connection.execute(update(VERSION).values(version=len(steps)))


ALONE = text("SELECT pg_advisory_xact_lock(4920211121)")
"""On PostgreSQL one writer at a time; on SQLite ``BEGIN IMMEDIATE`` does the same."""
