"""The cases of two runs, read side by side: in pairs, each with how many of its repeats passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson
from msgspec import Struct

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.domain.exhibits import ROW_HEADS, Exhibit, Groups, Listing, Matrix, Rate, Table
from chatbot_qa.domain.plan import REQUESTS, CaseId
from chatbot_qa.domain.verdict import Finding, Outcome, Ruling, Verdict
from chatbot_qa.errors import UsageError
from chatbot_qa.examine.suite import KIND, TIDYING
from chatbot_qa.pipeline.compare_rows import answers_of
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.pipeline.rerun import selection_of
from chatbot_qa.report.comparison import Count, Half, RunSide
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import FILE, decode

OF_SUITES = (KIND, TIDYING)
"""What is judged of a suite as a whole rests on the replies of its cases."""
_ALL = "all"
"""The label of a rate that those beside it are parts of."""
_SAY_NOTHING = (Ruling.ERROR, Ruling.SKIPPED)
_UNDECIDED = (Outcome.BROKEN, Outcome.SKIPPED, Outcome.NOT_REACHED, Outcome.UNSURE)


class Run(Struct, frozen=True):
    """A run folder to look things up in; its verdicts are read where they stand."""

    folder: Path
    journal: Journal
    info: RunInfo
    lines: BinaryIO

    def halves(self) -> Iterator[Half]:
        """Its cases in suite order, one at a time."""
        self.lines.seek(0)
        place = 0
        for number, line in enumerate(self.lines, 1):
            yield _half(self._verdict(line, str(number)), place)
            place += len(line)

    def verdict(self, place: int) -> Verdict:
        """The verdict whose line begins at this byte."""
        self.lines.seek(place)
        return self._verdict(self.lines.readline(), f"byte {place}")

    def _verdict(self, line: bytes, where: str) -> Verdict:
        try:
            return decode(orjson.loads(line))
        except (orjson.JSONDecodeError, KeyError, ValueError, TypeError) as error:
            path = self.folder / FILE
            raise UsageError(f"{path}:{where}: this is not a verdict: {error}") from error

    @property
    def side(self) -> RunSide:
        """What a comparison tells of it."""
        info, ended = self.info, self.journal.ended
        targets = {name: print_ for name, print_ in info.targets.items() if name != REQUESTS}
        finished = ended is not None and not ended.stopped
        whole = finished and selection_of(info).everything
        return RunSide(
            str(self.folder), info.id, info.started, info.seed, targets, info.version, whole
        )


@contextmanager
def opened(folder: Path) -> Iterator[Run]:
    """A run folder, open for reading. Raises ``UsageError`` where it was never judged."""
    if not (folder / FILE).exists():
        raise UsageError(f"{folder} holds no {FILE}", f"judge it first: chatbot-qa judge {folder}")
    journal = Journal(folder / JOURNAL)
    try:
        with (folder / FILE).open("rb") as lines:
            yield Run(folder, journal, run_of(journal), lines)
    finally:
        journal.close()


def topic_of(half: Half) -> Hashable:
    """What a case stands or falls with: its topic, or else all rows of the same case."""
    return half.topic or (half.case.suite, half.case.case)


def _half(verdict: Verdict, place: int) -> Half:
    return Half(
        verdict.case,
        verdict.kind,
        verdict.ruling,
        counts_of(verdict),
        verdict.about.topic,
        not verdict.counts,
        place,
        answers_of(verdict),
        measured=any(_of_rows(exhibit) for exhibit in verdict.exhibits),
    )


def _of_rows(exhibit: Exhibit) -> bool:
    """Whether it is a table of all rows of a case, of labels or of replies."""
    return isinstance(exhibit, Table) and exhibit.heads[:2] == ROW_HEADS[:2]


def counts_of(verdict: Verdict) -> tuple[Count, ...]:
    """How many of its repeats or samples passed, of how many that say anything.

    By the first exhibit that has rates, a count each; without one, by the trials that its
    findings name; else it is one. What could not be asked or decided is not among them.
    """
    if verdict.ruling in _SAY_NOTHING or verdict.kind in OF_SUITES:
        return ()
    if counts := _counts_of_rates(verdict):
        return counts
    if any(finding.trial for finding in verdict.findings):
        passed, of = _by_trial(verdict.findings)
        return (Count("", passed, of),) if of else ()
    if verdict.ruling is Ruling.INCONCLUSIVE:
        return ()
    return (Count("", int(verdict.ruling is Ruling.PASSED), 1),)


def _counts_of_rates(verdict: Verdict) -> tuple[Count, ...]:
    """The rates of the first exhibit that has any; of the whole alone, where parts follow it."""
    rates = list(named_rates(verdict))
    first = [(name, rate) for name, _, rate in rates if name.exhibit == rates[0][0].exhibit]
    if first and first[0][0].label == _ALL:
        first = first[:1]
    return tuple(Count(" ".join(map(str, name)), rate.passed, rate.of) for name, rate in first)


class RateName(NamedTuple):
    """Names a rate in both runs: titles of exhibits may hold numbers that change."""

    exhibit: str
    label: str
    at: float


def named_rates(verdict: Verdict) -> Iterator[tuple[RateName, str, Rate]]:
    """The rates of all its exhibits in which anything was measured, with their titles."""
    seen: Counter[type] = Counter()
    for exhibit in verdict.exhibits:
        seen[type(exhibit)] += 1
        name = f"{type(exhibit).__name__} {seen[type(exhibit)]}"
        for rate in _rates_of(exhibit):
            if rate.of:
                yield RateName(name, rate.label, rate.at), exhibit.title, rate


def _rates_of(exhibit: Exhibit) -> tuple[Rate, ...]:
    if isinstance(exhibit, Listing | Matrix | Table):
        return ()
    return (exhibit.agreement,) if isinstance(exhibit, Groups) else exhibit.rates


def _by_trial(findings: Iterable[Finding]) -> tuple[int, int]:
    outcomes: dict[int, set[Outcome]] = {}
    for finding in findings:
        if finding.trial:
            found = outcomes.setdefault(finding.trial, set())
            if not finding.warn_only:
                found.add(finding.outcome)
    failed = sum(Outcome.FAILED in found for found in outcomes.values())
    passed = sum(
        Outcome.FAILED not in found and found.isdisjoint(_UNDECIDED) for found in outcomes.values()
    )
    return passed, passed + failed


def joined(
    before: Iterable[Half], now: Iterable[Half]
) -> Iterator[tuple[Half | None, Half | None]]:
    """The halves of each case, those without another half last.

    Both are read in step: only halves that wait for their other one are kept.
    """
    olds: dict[CaseId, Half] = {}
    news: dict[CaseId, Half] = {}
    for old, new in zip_longest(before, now):
        if old is not None:
            olds[old.case] = old
        if new is not None:
            news[new.case] = new
        for half in (old, new):
            if half is not None and half.case in olds and half.case in news:
                yield olds.pop(half.case), news.pop(half.case)
    yield from ((None, new) for new in news.values())
    yield from ((old, None) for old in olds.values())
