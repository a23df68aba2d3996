"""Where a history is: a file of SQLite's, or a database of PostgreSQL's; and its errors in words.

A password is in nothing that is shown: the name of the place leaves it out, and what the
database says is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.history.tables import ALONE

PATIENCE = 30
"""Seconds that a writer waits for another to be done."""
_MASK = "***"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")


class Place(Struct, frozen=True):
    """A history's address: ``shown`` may be told to anyone, ``hidden`` may not."""

    url: URL
    shown: str
    hidden: tuple[str, ...] = ()

    @property
    def file(self) -> Path | None:
        """Its file, where it is one."""
        return Path(self.url.database or "") if self.url.drivername == "sqlite" else None

    def masked(self, told: str) -> str:
        """A text without anything that is hidden."""
        for value in self.hidden:
            told = told.replace(value, _MASK)
        return told


def place_of(store: str, folder: Path) -> Place:
    """The place that a path or a URL means; paths are as seen from ``folder``.

    Raises ``UsageError``, whose words hold nothing of a URL's password.
    """
    scheme = _SCHEME.match(store)
    if scheme is None:
        file = folder / store
        return Place(URL.create("sqlite", database=str(file)), file.as_posix())
    if scheme[1] not in _POSTGRES:
        raise UsageError(
            f"a history cannot be kept at {scheme[1]}://…",
            "name a file for SQLite, or a postgresql:// URL",
        )
    return _of_postgres(store.removeprefix(scheme[0]))


def _of_postgres(rest: str) -> Place:
    try:
        url = make_url(f"postgresql+psycopg://{rest}")
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.database:
        raise UsageError(
            "the URL of the history cannot be read",
            "write postgresql://USER:${secret:NAME}@HOST:PORT/DATABASE; signs such as @ and / "
            "in a password are written as %40 and %2F",
        ) from None
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return Place(url, shown.render_as_string(), tuple(_hidden(url)))


def _hidden(url: URL) -> Iterator[str]:
    values: list[Any] = [url.password, *url.query.values()]
    for value in values:
        for one in value if isinstance(value, tuple) else (value,):
            if one and not str(one).startswith("/"):  # a socket's folder is no secret
                yield str(one)
                yield quote(str(one), safe="")


def engine_of(place: Place) -> Engine:
    """Connections to a place; nothing is opened yet. Raises ``UsageError``."""
    if place.file is not None:
        engine = create_engine(place.url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_of_sqlite)
        return engine
    try:
        return create_engine(place.url, connect_args={"connect_timeout": PATIENCE})
    except (ImportError, NoSuchModuleError) as error:
        raise UsageError(
            "a history in PostgreSQL needs psycopg, which is not installed",
            "pip install 'chatbot-qa[postgres]'",
        ) from error


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _begin_of_sqlite(connection: Connection) -> None:
    """Take the lock at once where something will be written: two that both read first, and
    then write, would wait for each other."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine, place: Place) -> Iterator[Connection]:
    """A transaction that only reads. Raises ``StorageError`` in words."""
    with _in_words(place, "read"), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, place: Place) -> Iterator[Connection]:
    """A transaction that writes: whole or not at all, one at a time. Raises ``StorageError``."""
    with (
        _in_words(place, "written"),
        engine.execution_options(writes=True).connect() as connection,
        connection.begin(),
    ):
        if place.file is None:
            connection.execute(ALONE)
        yield connection


@contextmanager
def _in_words(place: Place, done: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise StorageError(
            f"the history {place.shown} cannot be {done}: {place.masked(told)}", _mend(place, told)
        ) from None  # what lies below may hold the address with its password


def _mend(place: Place, told: str) -> str:
    if "full" in told or "No space" in told:
        return "make room, then add the run: chatbot-qa history add RUN"
    if "locked" in told:
        return f"another process held it for {PATIENCE} seconds: try again"
    if "not a database" in told:
        return f"{place.shown} is another program's file: name another in chatbot-qa.yaml"
    if "readonly" in told or "unable to open" in told:
        return "see to it that its folder is there and may be written"
    return "see that the database is there and lets you in" if place.file is None else ""
