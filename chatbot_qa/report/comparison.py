"""Two runs compared: what is known of every case, of the whole, and its documented JSON.

Scripts may rely on the keys of the JSON; others may be added. ``verdict`` is ``worse``,
``over_budget``, ``no_significant_regression``, ``budget_not_measured``, ``no_baseline`` or
``not_compared``. Changes are the new run less
the baseline, between -1 and 1. ``replies`` are the turns whose replies differ, of every trial,
counted from 1; ``gone`` and ``came`` are the words that differ.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, TextIO

import msgspec
from msgspec import Struct, field

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import Outcome, Ruling
from chatbot_qa.report.comparison_budgets import Spent
from chatbot_qa.report.comparison_measures import MeasureChange

Json = dict[str, Any]
Span = tuple[int, int]


class Status(StrEnum):
    """What became of a case, in the order in which it is told."""

    REGRESSED = "regressed"
    NEWLY_FLAKY = "newly_flaky"
    STILL_FAILING = "still_failing"
    FIXED = "fixed"
    NOT_COMPARED = "not_compared"
    NEW = "new"
    GONE = "gone"
    UNCHANGED = "unchanged"


class Count(Struct, frozen=True):
    """How many passed, and of how many, under one name: that of a rate, where there are some."""

    name: str
    passed: int
    of: int


class Answer(Struct, frozen=True):
    """Whether a labelled row was given its true label, and the topic it stands or falls with."""

    right: bool
    topic: str = ""


class Half(Struct, frozen=True):
    """A case in one of the runs: its verdict, and how many of its repeats or samples passed.

    ``counts`` is empty where none of them says anything. ``place`` is where its line begins in
    the run's verdicts, in bytes. ``aside`` where its author set it aside, so it does not count.
    ``answers`` are its labelled rows, where it has any, by what pairs them with those of another
    run. ``measured`` where its verdict has scores of all its rows together.
    """

    case: CaseId
    kind: str
    ruling: Ruling
    counts: tuple[Count, ...]
    topic: str
    aside: bool
    place: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    measured: bool = False

    @property
    def passed(self) -> int:
        """How many of its repeats or samples passed."""
        return sum(count.passed for count in self.counts)

    @property
    def of(self) -> int:
        """How many of its repeats or samples say anything."""
        return sum(count.of for count in self.counts)

    @property
    def flaky(self) -> bool:
        """Whether it passed although its repeats differ."""
        return self.ruling is Ruling.PASSED and 0 < self.passed < self.of


class Compared(Struct, frozen=True):
    """A case in both runs, or in one of them.

    ``both`` are the counts that both runs have (before, now), None where they have none alike.
    ``falls`` is the p-value of "it passes no less than before" by them, ``held`` the same after
    Holm, ``listed`` after Benjamini and Hochberg: None where so few repeats show nothing.
    """

    before: Half | None
    now: Half | None
    status: Status
    both: tuple[Count, Count] | None = None
    falls: float | None = None
    held: float | None = None
    listed: float | None = None
    significant: bool = False

    @property
    def half(self) -> Half:
        """The newer of its halves."""
        half = self.now or self.before
        assert half is not None
        return half

    @property
    def counts(self) -> bool:
        """Whether it counts in both runs: nobody set it aside."""
        return not any(half.aside for half in (self.before, self.now) if half is not None)

    @property
    def measured(self) -> bool:
        """Whether both runs have scores of all its rows together."""
        halves = self.before, self.now
        return all(half is not None and half.measured for half in halves)


class PassRate(Struct, frozen=True):
    """How the pass rate changed over the cases that can be compared; shares, not percents.

    ``low`` and ``high`` bound the change by a two-sided 95% interval that is paired and
    clustered by topic; ``sees`` is the smallest fall that would have been seen 9 times in 10,
    None where none would; ``repeats`` of each case would see one of 5 points.
    """

    before: float
    now: float
    change: float
    low: float
    high: float
    falls: float
    cases: int
    topics: int
    sees: float | None
    repeats: int | None


class RunSide(Struct, frozen=True):
    """One of the two runs: where it stands, and what was asked of whom."""

    folder: str
    id: str
    started: float
    seed: int
    targets: Mapping[str, str]
    version: str
    whole: bool
    """Whether every case was asked for, and got to."""


class Result(StrEnum):
    """What a comparison comes to."""

    WORSE = "worse"
    OVER_BUDGET = "over_budget"
    BUDGET_NOT_MEASURED = "budget_not_measured"
    NOT_WORSE = "no_significant_regression"
    NO_BASELINE = "no_baseline"
    NOT_COMPARED = "not_compared"


class Comparison(Struct, frozen=True, dict=True):
    """Two runs compared. ``tolerated`` is by how much the pass rate may fall.

    ``budgets`` is what replies took in both.
    """

    before: RunSide
    now: RunSide
    cases: Sequence[Compared]
    rate: PassRate | None
    result: Result
    suite_is_worse: bool
    tolerated: float
    budgets: Sequence[Spent] = ()

    @cached_property
    def counts(self) -> Counter[Status]:
        """How many cases came to what."""
        return Counter(case.status for case in self.cases)

    @property
    def blind(self) -> bool:
        """Whether it could not have shown a fall, neither of the whole nor of a case."""
        on_the_whole = self.rate is not None and self.rate.sees is not None
        return not on_the_whole and all(case.held is None for case in self.cases)

    def of(self, *statuses: Status) -> list[Compared]:
        """The cases of these statuses: the significant first, then those that count.

        Of a case with many rows one row comes before the others; else as in the suites.
        """
        seen: set[tuple[str, str]] = set()

        def rank(case: Compared) -> tuple[bool, bool, bool]:
            name = case.half.case.suite, case.half.case.case
            again = name in seen
            seen.add(name)
            return not case.significant, not case.counts, again

        return sorted((case for case in self.cases if case.status in statuses), key=rank)


class FindingChange(Struct, frozen=True):
    """What a check said before and says now; None where it was not asked then."""

    check: str
    turn: int
    trial: int
    before: Outcome | None
    now: Outcome | None
    reason: str
    reason_before: str


class ReplyChange(Struct, frozen=True):
    """The replies to one message; None where none came. Spans are of the words that differ.

    ``data`` says in words what differs in what is structured: the data, calls, buttons and
    cards of the replies, and texts that are JSON.
    """

    trial: int
    turn: int
    said: str
    before: str | None
    now: str | None
    gone: tuple[Span, ...] = ()
    came: tuple[Span, ...] = ()
    data: tuple[str, ...] = ()


class RateChange(Struct, frozen=True):
    """A rate of an exhibit in both runs, with Newcombe's 95% interval of its change.

    That of labelled rows is of pairs, by a bootstrap.
    """

    title: str
    label: str
    passed_before: int
    of_before: int
    passed: int
    of: int
    low: float
    high: float

    @property
    def change(self) -> float:
        """The share now less the share before."""
        return self.passed / self.of - self.passed_before / self.of_before


class Evidence(Struct, frozen=True):
    """What differs between the two halves of a case, and where it stands.

    ``unpaired`` counts the messages that stand in one run alone: no replies can be compared.
    ``fallen`` are the conversations whose rows scored less than before, the worst fall first.
    """

    where: Where
    reason: str = ""
    findings: tuple[FindingChange, ...] = ()
    replies: tuple[ReplyChange, ...] = ()
    rates: tuple[RateChange, ...] = ()
    unpaired: int = 0
    measures: tuple[MeasureChange, ...] = ()
    fallen: tuple[int, ...] = ()


Evidences = Callable[[Compared], Evidence]
"""Looks the evidence of a case up in both runs."""


def write(stream: TextIO, comparison: Comparison, evidence: Evidences) -> None:
    """Write the JSON object, a line a case; pure ASCII, so that any console can show it."""
    stream.write(json.dumps(_head(comparison))[:-1] + ', "cases": [')
    lead = "\n"
    for case in comparison.cases:
        stream.write(lead + json.dumps(_case(case, evidence(case))))
        lead = ",\n"
    stream.write("\n]}\n")


def _head(comparison: Comparison) -> Json:
    return {
        "verdict": comparison.result.value,
        "baseline": msgspec.to_builtins(comparison.before),
        "run": msgspec.to_builtins(comparison.now),
        "counts": {status.value: comparison.counts[status] for status in Status},
        "significant_cases": sum(case.significant for case in comparison.cases),
        "suite_is_worse": comparison.suite_is_worse,
        "blind": comparison.blind,
        "tolerated": comparison.tolerated,
        "pass_rate": msgspec.to_builtins(comparison.rate),
        "budgets": [_budget(one) for one in comparison.budgets],
    }


def _budget(one: Spent) -> Json:
    return {**msgspec.to_builtins(one), "exceeded": one.exceeded}


def _case(case: Compared, evidence: Evidence) -> Json:
    half = case.half
    told: Json = {
        "suite": half.case.suite,
        "id": str(half.case),
        "kind": half.kind,
        "status": case.status.value,
        "file": evidence.where.file,
        "line": evidence.where.line,
        "before": _half(case.before),
        "now": _half(case.now),
        "counts": case.counts,
        "significant": case.significant,
    }
    if case.both is not None:
        told["compared"] = [{"passed": one.passed, "of": one.of} for one in case.both]
    for name in ("falls", "held", "listed"):
        if (p := getattr(case, name)) is not None:
            told[f"p_{name}"] = p
    if evidence.reason:
        told["reason"] = evidence.reason
    for name in ("findings", "rates", "measures"):
        if changes := getattr(evidence, name):
            told[name] = msgspec.to_builtins(changes)
    if evidence.replies:
        told["replies"] = [_reply(reply) for reply in evidence.replies]
    if evidence.unpaired:
        told["messages_not_paired"] = evidence.unpaired
    return told


def _half(half: Half | None) -> Json | None:
    if half is None:
        return None
    return {"verdict": half.ruling.value, "passed": half.passed, "of": half.of}


def _reply(reply: ReplyChange) -> Json:
    told: Json = {
        "trial": reply.trial,
        "turn": reply.turn,
        "said": reply.said,
        "before": reply.before,
        "now": reply.now,
        "gone": [(reply.before or "")[start:end] for start, end in reply.gone],
        "came": [(reply.now or "")[start:end] for start, end in reply.came],
    }
    if reply.data:
        told["data"] = list(reply.data)
    return told
