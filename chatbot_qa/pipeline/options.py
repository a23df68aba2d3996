"""What a person may ask of a run, in small frozen groups."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from chatbot_qa.domain.settings import Budget, Varied
from chatbot_qa.domain.suite import Case
from chatbot_qa.errors import UsageError

JOINT = " › "
"""Stands between a suite and its case where both are named."""


class Shard(Struct, frozen=True):
    """One of several parts of a run that are replayed apart: ``number`` counts from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def takes(self, case: Case) -> bool:
        """Whether a case is in this part, by its name alone: wherever else cases are added."""
        name = f"{case.suite}\0{case.id}\0{case.row}".encode()
        digest = blake2b(name, digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.of == self.number - 1


class Selection(Struct, frozen=True, kw_only=True):
    """Which cases of the suites to take: all of these must hold.

    ``cases`` are ids, with or without a row, and with or without their suite before them, as
    reports name them; ``named`` are the names (suite, case, row) of cases to take (those of an
    earlier run that did not pass, say).
    """

    cases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    named: frozenset[tuple[str, str, str]] | None = None
    shard: Shard | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Selection()

    def takes_whole(self, suite: str) -> bool:
        """Whether what a suite expects as a whole is to be judged."""
        if self.named is not None:
            return (suite, "suite", "") in self.named
        return self.everything

    def takes(self, case: Case) -> bool:
        """Whether a case is selected."""
        if self.cases and not self._names(case):
            return False
        if self.tags and not set(self.tags) & set(case.tags):
            return False
        if self.shard is not None and not self.shard.takes(case):
            return False
        return self.named is None or (case.suite, case.id, case.row) in self.named

    def _names(self, case: Case) -> bool:
        names = (case.id, str(case))
        return any(
            name in self.cases or f"{case.suite}{JOINT}{name}" in self.cases for name in names
        )


class Asked(Struct, frozen=True, kw_only=True):
    """The target named on the command line: over what the suites and the profile say."""

    target: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def choice(self) -> str | Varied | None:
        """The target that is meant; None where none is named."""
        if self.options:
            if self.target is None:
                raise UsageError(
                    f"`{next(iter(self.options))}` is an option of a target, and none is named",
                    "say which, also where the suite names one: --target demo, --target openai …",
                )
            return Varied(self.target, self.options)
        return self.target


class RunOptions(Struct, frozen=True, kw_only=True):
    """Everything that ``run`` may be told; None leaves it to the profile or the default.

    ``workers`` is how many processes replay at the same time: limits and budget are
    divided by it.
    """

    paths: tuple[Path, ...]
    asked: Asked = field(default_factory=Asked)
    selection: Selection = field(default_factory=Selection)
    config: Path | None = None
    profile: str | None = None
    concurrency: int | None = None
    seed: int | None = None
    budget: Budget | None = None
    reports: tuple[str, ...] | None = None
    fail_on: str | None = None
    fail_fast: bool = False
    offline: bool = False
    out: Path | None = None
    resume: Path | None = None
    again: str = ""
    workers: int = 1


class World(Struct, frozen=True):
    """What a run takes from outside: the clocks, chance, and the environment's variables.

    ``now`` is the time of day, in its zone; ``ticks`` are seconds that only go forward.
    """

    environ: Mapping[str, str]
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    ticks: Callable[[], float] = time.monotonic
    draw_seed: Callable[[], int] = lambda: secrets.randbelow(2**31)
    draw_id: Callable[[], str] = lambda: secrets.token_hex(3)


def without_credentials(text: str) -> str:
    """A URL without user, password and the keys among its parameters; other texts as they are."""
    from urllib.parse import urlsplit

    from chatbot_qa.targets.wire import public

    try:
        parts = urlsplit(text)
    except ValueError:  # whoever opens it says what is wrong with it
        return text
    if "@" in parts.netloc:
        text = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return public(text)
