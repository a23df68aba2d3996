"""What we make of it: findings and verdicts. These are opinions; they can be made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct, field

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.exhibits import Exhibit
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE, Where


class Outcome(StrEnum):
    """What a check found at one place."""

    PASSED = "passed"
    FAILED = "failed"
    UNSURE = "unsure"
    BROKEN = "broken"
    NOT_MEASURED = "not_measured"
    SKIPPED = "skipped"
    NOT_REACHED = "not_reached"


class Ruling(StrEnum):
    """What a case comes to."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    SKIPPED = "skipped"


class Quote(Struct, frozen=True):
    """Words that decided, with where they stand: ``turn 1 said``, ``reply 5 of 5``."""

    label: str
    text: str


class Finding(Struct, frozen=True):
    """What one check says of one place.

    A check fills ``outcome``, ``reason``, ``quotes`` and ``score``; who asked, where and
    about which turn (from 1; 0 is the whole conversation) is added around it.
    ``version`` is the version of the check that judged. ``trial`` is the number of the
    conversation that it is about, from 1, where a verdict rests on several. ``tags`` are
    names that others give to what was found, such as an attack's family, OWASP and ATLAS ids.
    """

    outcome: Outcome
    reason: str
    quotes: tuple[Quote, ...] = ()
    score: float | None = None
    check: str = ""
    version: int = 1
    turn: int = 0
    where: Where = NOWHERE
    because: str = ""
    warn_only: bool = False
    trial: int = 0
    tags: tuple[str, ...] = ()


class Link(Struct, frozen=True):
    """A link of a case: ``kind`` is issue, tms or link."""

    kind: str
    url: str
    name: str = ""


class Aside(Struct, frozen=True):
    """Why the verdict of a case does not count, and up to which day.

    ``kind`` is the key that says so, ``expected_failure`` or ``quarantine``; ``until`` an ISO
    date. ``over`` once the run began after that day: the verdict counts again.
    """

    kind: str
    reason: str
    owner: str
    until: str
    over: bool = False


class About(Struct, frozen=True):
    """What the author says about a case, for those who read reports."""

    title: str = ""
    severity: str = "normal"
    owner: str = ""
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    topic: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


class Repeats(Struct, frozen=True):
    """How many repeats of a case passed, ``of`` how many that say anything about the bot.

    ``lost`` are those that broke off, or that nobody could judge: they count for neither side.
    """

    passed: int
    of: int
    lost: int = 0

    @property
    def differ(self) -> bool:
        """Whether some passed and some did not."""
        return 0 < self.passed < self.of


class Told(Struct, frozen=True):
    """What one trial came to, in a few words; it is shown, and decides nothing."""

    outcome: Outcome
    text: str


def _about_nothing() -> About:
    return About()


class Verdict(Struct, frozen=True):
    """What a case comes to, with its evidence.

    ``trials`` are the keys of the transcripts it rests on. ``seconds`` is how long its
    trials took, by the bot's clock. ``turns`` counts what was declared and ``reached``
    what was replayed. ``reason`` says in one line why it is not ``passed``. ``aside`` is
    there where its author set the case aside, and it ran nevertheless. ``exhibits`` are what
    a report draws of it: curves, rates, groups of replies. ``repeats`` are there where the case
    was repeated. ``known`` says how often the checks that judged are right, where it was measured.
    ``retries`` is how many requests were sent again, and changes nothing. ``results`` tell what
    each of ``trials`` came to, in their order; none where its kind says nothing of single ones.
    """

    case: CaseId
    kind: str
    ruling: Ruling
    where: Where
    findings: tuple[Finding, ...] = ()
    trials: tuple[str, ...] = ()
    seconds: float = 0.0
    reason: str = ""
    again: str = ""
    turns: int = 0
    reached: int = 0
    about: About = field(default_factory=_about_nothing)
    aside: Aside | None = None
    exhibits: tuple[Exhibit, ...] = ()
    repeats: Repeats | None = None
    known: tuple[Known, ...] = ()
    retries: int = 0
    results: tuple[Told, ...] = ()

    @property
    def flaky(self) -> bool:
        """Whether it passed although its repeats differ."""
        return self.ruling is Ruling.PASSED and self.repeats is not None and self.repeats.differ

    @property
    def counts(self) -> bool:
        """Whether it counts for the verdict of the run and the exit code.

        Where the bot could not be asked, nothing is known of the failure that was expected.
        """
        if self.aside is None or self.aside.over:
            return True
        return self.aside.kind == "expected_failure" and self.ruling is Ruling.ERROR

    @property
    def missed(self) -> int:
        """How many checks were not reached."""
        return sum(finding.outcome is Outcome.NOT_REACHED for finding in self.findings)


_RANK = (Ruling.FAILED, Ruling.ERROR, Ruling.INCONCLUSIVE)
_WEIGHS = {
    Outcome.FAILED: Ruling.FAILED,
    Outcome.BROKEN: Ruling.ERROR,
    Outcome.UNSURE: Ruling.INCONCLUSIVE,
}


def worst(rulings: Mapping[Ruling, int]) -> Ruling:
    """The verdict of a run, from how many cases came to what: the worst of its cases."""
    for ruling in _RANK:
        if rulings.get(ruling):
            return ruling
    return Ruling.PASSED if rulings.get(Ruling.PASSED) else Ruling.SKIPPED


def ruling_of(findings: tuple[Finding, ...]) -> Ruling:
    """From findings to a verdict: failed over broken over unsure over passed.

    ``warn_only``, ``not_measured``, ``skipped`` and ``not_reached`` change nothing; but
    where every check there is was skipped, so is the case, and where none was measured it is
    inconclusive: nothing was found out.
    """
    if findings and all(finding.outcome is Outcome.SKIPPED for finding in findings):
        return Ruling.SKIPPED
    found = _counting(findings)
    for outcome, ruling in _WEIGHS.items():
        if outcome in found:
            return ruling
    return Ruling.INCONCLUSIVE if unmeasured(findings) else Ruling.PASSED


def unmeasured(findings: Iterable[Finding]) -> bool:
    """Whether there are checks that were not measured, and none that held or did not."""
    found = _counting(findings)
    return Outcome.NOT_MEASURED in found and found <= _SAYS_NOTHING


def _counting(findings: Iterable[Finding]) -> set[Outcome]:
    return {finding.outcome for finding in findings if not finding.warn_only}


_SAYS_NOTHING = {Outcome.NOT_MEASURED, Outcome.SKIPPED, Outcome.NOT_REACHED}
