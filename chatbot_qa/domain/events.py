"""What happens in a run, in the order it happens. Reporters listen; the journal keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatbot_qa.domain.verdict import Ruling, worst

if TYPE_CHECKING:
    from chatbot_qa.domain.plan import CaseId
    from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript
    from chatbot_qa.domain.values import JsonValue
    from chatbot_qa.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What was asked for: enough to judge it again.

    ``started`` is in seconds since the epoch. ``targets`` maps the name of each target
    to its fingerprint, which never holds a credential. ``paths`` are the suites as they
    were given and ``settings`` whatever else decides what is said.
    """

    id: str
    started: float
    seed: int
    paths: tuple[str, ...]
    targets: Mapping[str, str]
    version: str
    cases: int = 0
    settings: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began; the first event of every run."""

    run: RunInfo


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """A trial began, or began afresh: earlier lines of the same key no longer count."""

    key: str
    case: CaseId
    repeat: int


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A message was sent, and a reply or a fault came; ``number`` counts from 1 in its trial."""

    key: str
    case: CaseId
    number: int
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class TrialFinished:
    """A trial came to its end; ``fault`` is what ended it early."""

    key: str
    fault: FaultNote | None


@dataclass(frozen=True, slots=True)
class ReplayEnded:
    """Nothing more is asked: after how many seconds, and why early, if it was."""

    seconds: float
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A case got its verdict. ``transcripts`` is read when it is looked at."""

    verdict: Verdict
    transcripts: Sequence[Transcript]


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run ended: how many cases came to what, and why it stopped early, if it did."""

    run: RunInfo
    counts: Mapping[Ruling, int]
    seconds: float
    stopped: str = ""

    @property
    def ruling(self) -> Ruling:
        """The worst of its cases; inconclusive where it was stopped before its end."""
        found = worst(self.counts)
        if self.stopped and found in (Ruling.PASSED, Ruling.SKIPPED):
            return Ruling.INCONCLUSIVE
        return found


Event = RunStarted | TrialStarted | Exchanged | TrialFinished | ReplayEnded | Judged | RunFinished
"""Whatever a reporter may be handed; it passes over what it does not know."""
