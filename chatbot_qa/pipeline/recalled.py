"""A run as the history remembers it, to compare another with: every verdict, and no reply."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.verdict import Outcome, Ruling
from chatbot_qa.history.rows import CaseRow, Kept, ResultRow, RunRow
from chatbot_qa.pipeline.compare_cases import Run
from chatbot_qa.report.comparison import Compared, Count, Evidence, FindingChange, Half, RunSide


def paths_of(info: RunInfo) -> str:
    """The suites of a run as the history keeps them, a line each."""
    return "\n".join(info.paths)


def key_of(info: RunInfo) -> str:
    """What names a run in the history for good."""
    return RunRow(info.id, info.started).key


class Recalled(Struct, frozen=True):
    """A run as the history remembers it."""

    kept: Kept
    results: tuple[tuple[CaseRow, ResultRow], ...]

    def halves(self) -> Iterator[Half]:
        """Its cases, in the order of the suites' files."""
        for place, (case, result) in enumerate(self.results):
            yield Half(
                CaseId(*case.name),
                case.kind,
                Ruling(result.ruling),
                _counts(result),
                case.topic,
                not result.counts,
                place,
            )

    @property
    def side(self) -> RunSide:
        """What a comparison tells of it."""
        run = self.kept.run
        place = run.folder or run.artifact or run.key
        targets = msgspec.json.decode(run.targets, type=dict[str, str])
        return RunSide(place, run.id, run.started, run.seed, targets, run.version, run.whole)

    def where(self, case: CaseId) -> Where:
        """Where the case stood when it was last seen."""
        name = (case.suite, case.case, case.row)
        found = next((one for one, _ in self.results if one.name == name), None)
        return NOWHERE if found is None else Where(found.file, found.line, 1)


def _counts(result: ResultRow) -> tuple[Count, ...]:
    if result.parts:
        return tuple(
            Count(*part)
            for part in msgspec.json.decode(result.parts, type=list[tuple[str, int, int]])
        )
    return (Count("", result.passed, result.of),) if result.of else ()


def evidence_of(before: Recalled, now: Run, case: Compared) -> Evidence:
    """What the newer run says of a case; of the older one there is no more than its verdict."""
    if case.now is None:
        return Evidence(before.where(case.half.case))
    verdict = now.verdict(case.now.place)
    findings = tuple(
        FindingChange(one.check, one.turn, one.trial, None, one.outcome, one.reason, "")
        for one in verdict.findings
        if one.outcome is Outcome.FAILED and case.before is not None
    )
    return Evidence(verdict.where, verdict.reason, findings)
