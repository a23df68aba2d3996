"""What happens in a run, in the order it happens. Reporters listen; the journal keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from chatbot_qa.domain.exhibits import Rates
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Ruling, Verdict, worst

REPLAYED = "replayed"
"""The setting of a run that asked no bot: from which cassette (``from``), recorded when
(``started``, in seconds since the epoch), and the command that records it anew (``anew``)."""
ANEW = "anew"
BUTTONLESS = "buttonless"
"""The setting that says, by suite, why its target can offer no button."""


class RunInfo(Struct, frozen=True):
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


class RunStarted(Struct, frozen=True):
    """A run began; the first event of every run."""

    run: RunInfo


class TrialStarted(Struct, frozen=True):
    """A trial began, or began afresh: earlier lines of the same key no longer count."""

    key: str
    case: CaseId
    repeat: int


class Exchanged(Struct, frozen=True):
    """A message was sent, and a reply or a fault came; ``number`` counts from 1 in its trial."""

    key: str
    case: CaseId
    number: int
    exchange: Exchange


class TrialFinished(Struct, frozen=True):
    """A trial came to its end; ``fault`` is what ended it early."""

    key: str
    fault: FaultNote | None


class ReplayEnded(Struct, frozen=True):
    """Nothing more is asked: after how many seconds, and why early, if it was."""

    seconds: float
    stopped: str = ""


class Judged(Struct, frozen=True):
    """A case got its verdict. ``transcripts`` is read when it is looked at."""

    verdict: Verdict
    transcripts: Sequence[Transcript]


class Reach(Struct, frozen=True):
    """How far the cases of a run got: turns declared, turns replayed, checks not reached."""

    turns: int = 0
    reached: int = 0
    missed: int = 0

    def plus(self, verdict: Verdict) -> Reach:
        """The same with one more case; one that was skipped was not to get anywhere."""
        if verdict.ruling is Ruling.SKIPPED:
            return self
        return Reach(
            self.turns + verdict.turns,
            self.reached + verdict.reached,
            self.missed + verdict.missed,
        )


NOWHERE_YET = Reach()


class RunFinished(Struct, frozen=True):
    """The run ended: how many cases came to what, and why it stopped early, if it did.

    ``counts`` are the verdicts that count; ``aside`` is how many were set aside and do not.
    ``flaky`` is how many of those that passed and count did so although their repeats differ.
    ``rates`` are of the run as a whole.
    """

    run: RunInfo
    counts: Mapping[Ruling, int]
    seconds: float
    stopped: str = ""
    aside: int = 0
    reach: Reach = NOWHERE_YET
    flaky: int = 0
    rates: tuple[Rates, ...] = ()

    @property
    def ruling(self) -> Ruling:
        """The worst of its cases; inconclusive where it was stopped before its end."""
        found = worst(self.counts)
        if self.stopped and found in (Ruling.PASSED, Ruling.SKIPPED):
            return Ruling.INCONCLUSIVE
        return found


Event = RunStarted | TrialStarted | Exchanged | TrialFinished | ReplayEnded | Judged | RunFinished
"""Whatever a reporter may be handed; it passes over what it does not know."""
