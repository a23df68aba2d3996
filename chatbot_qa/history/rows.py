"""What the history keeps: of each run a row, of each case a row, and of each case in a run one.

Nothing that a user or the bot said is kept, only what it came to and how long and large it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

from chatbot_qa.domain.verdict import Ruling

DECIDED = (Ruling.PASSED.value, Ruling.FAILED.value)
"""The verdicts that say something about the bot."""
QUARANTINE = "quarantine"


class RunRow(Struct, frozen=True):
    """A run. ``started`` is in seconds since the epoch, ``seconds`` how long it took.

    ``commit`` and ``branch`` are "" where nobody knows them. ``folder`` is where the run folder
    stood when it was added; ``artifact`` the page of the CI build that keeps a copy. ``green``:
    it passed; ``whole``: every case was asked for, and got to. ``paths`` are its suites, a line
    each, ``targets`` the bots' fingerprints by name, as JSON.
    """

    id: str
    started: float
    seconds: float = 0.0
    commit: str = ""
    branch: str = ""
    targets: str = "{}"
    profile: str = ""
    seed: int = 0
    folder: str = ""
    artifact: str = ""
    ruling: str = Ruling.PASSED.value
    green: bool = False
    whole: bool = False
    paths: str = ""
    version: str = ""

    @property
    def key(self) -> str:
        """Its name for good: ids are short, and may come again."""
        return f"{self.started:.3f}-{self.id}"


class CaseRow(Struct, frozen=True):
    """A case: its name, and where it stood in the newest run."""

    suite: str
    case: str
    row: str = ""
    kind: str = "conversations"
    topic: str = ""
    file: str = ""
    line: int = 0

    @property
    def name(self) -> tuple[str, str, str]:
        """What names it for good."""
        return self.suite, self.case, self.row

    def __str__(self) -> str:
        inner = f"{self.case}[{self.row}]" if self.row else self.case
        return f"{self.suite} › {inner}"


class ResultRow(Struct, frozen=True):
    """What a case came to in a run.

    ``passed`` of ``of`` are its repeats or samples that say something; ``parts`` the same by
    name, as JSON, where there are several. ``aside`` is the key that set it aside; ``counts``
    whether its verdict counted. ``p50`` and ``p95`` are seconds a reply, ``length`` the mean
    characters of a reply, ``refused`` how many of its ``replies`` refused. What was not
    measured is None.
    """

    ruling: str
    passed: int = 0
    of: int = 0
    parts: str = ""
    aside: str = ""
    counts: bool = True
    p50: float | None = None
    p95: float | None = None
    tokens: int | None = None
    cost: float | None = None
    currency: str = ""
    replies: int = 0
    length: float | None = None
    refused: int | None = None


Added = Sequence[tuple[CaseRow, ResultRow]]
"""The cases of a run with what they came to."""


class Kept(NamedTuple):
    """A run that the history holds, under its number there."""

    number: int
    run: RunRow
    cases: int


class Point(NamedTuple):
    """A case in one run, as its life is told."""

    run: str
    started: float
    commit: str
    branch: str
    ruling: str
    passed: int
    of: int
    aside: str
    targets: str = ""

    @property
    def decided(self) -> bool:
        """Whether it says something about the bot."""
        return self.ruling in DECIDED

    @property
    def good(self) -> bool:
        """Whether it passed, in every repeat."""
        return self.ruling == Ruling.PASSED and self.passed == self.of

    @property
    def differs(self) -> bool:
        """Whether its repeats differ."""
        return 0 < self.passed < self.of


class Measured(NamedTuple):
    """What was measured of a case in one run, as drift is looked for in it."""

    run: int
    case: int
    passed: int
    of: int
    p50: float | None
    length: float | None
    replies: int
    refused: int | None


def digest(run: RunRow, results: Added) -> str:
    """Tells whether a run is the same as one that was added before."""
    plain = msgspec.structs.replace(run, folder="", artifact="", commit="", branch="")
    told = msgspec.json.encode([plain, sorted(results, key=lambda one: one[0].name)])
    return hashlib.sha256(told).hexdigest()[:32]
