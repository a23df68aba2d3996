"""What was seen before, for files of millions of rows: hashes in a temporary database on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

import orjson
from msgspec import Struct

Sort = Literal["row", "folded", "prompt", "test"]

_CACHE_KIB = 16_384


class First(Struct, frozen=True):
    """Where something was seen first: ``train.jsonl:12``."""

    place: str


def digest(texts: Sequence[str | Sequence[str]]) -> bytes:
    """A hash of 16 bytes of texts, in their order; two lists share one by chance never."""
    return blake2b(orjson.dumps(texts), digest_size=16).digest()


class Seen:
    """Remembers what was seen first, of several sorts. The memory it takes has a bound.

    Use it in ``with``; the database has no name on the disk and goes with its end.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)  # "" is a temporary file
        self._base.executescript(
            f"PRAGMA cache_size = -{_CACHE_KIB}; PRAGMA journal_mode = OFF;"
            "PRAGMA synchronous = OFF;"
            "CREATE TABLE seen (sort TEXT, hash BLOB, place TEXT,"
            " PRIMARY KEY (sort, hash)) WITHOUT ROWID; BEGIN"
        )

    def first(self, sort: Sort, of: bytes, place: str) -> First | None:
        """Where this was seen before; None the first time, which is remembered."""
        values = (sort, of, place)
        cursor = self._base.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", values)
        return None if cursor.rowcount else self.get(sort, of)

    def get(self, sort: Sort, of: bytes) -> First | None:
        """Where this was seen, None where it never was; nothing is remembered."""
        query = "SELECT place FROM seen WHERE sort = ? AND hash = ?"
        found = self._base.execute(query, (sort, of)).fetchone()
        return None if found is None else First(*found)

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()
