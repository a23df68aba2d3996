"""From findings to the verdict of a case, the same for every kind."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_qa.domain.suite import Case, Unset
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import (
    About,
    Finding,
    Outcome,
    Ruling,
    Verdict,
    ruling_of,
)

_DECIDES = {
    Ruling.FAILED: Outcome.FAILED,
    Ruling.ERROR: Outcome.BROKEN,
    Ruling.INCONCLUSIVE: Outcome.UNSURE,
}


def about(case: Case) -> About:
    """What the author says about a case, its texts filled in as far as they can be."""
    title = ""
    if case.title is not None:
        title = case.title.source
        if case.names is not None and "${" in title:
            try:
                title = case.title.render(case.names)
            except Unset:
                title = case.title.source
    return About(
        title, case.severity, case.owner, case.tags, case.links, case.topic, case.parameters
    )


def verdict_of(
    case: Case,
    kind: str,
    findings: tuple[Finding, ...] = (),
    transcripts: Sequence[Transcript] = (),
    *,
    turns: int = 0,
    reached: int = 0,
) -> Verdict:
    """The verdict of a case by its findings, or ``skipped`` where its author set it aside."""
    ruling = Ruling.SKIPPED if case.skip else ruling_of(findings)
    return Verdict(
        case.case_id,
        kind,
        ruling,
        case.where,
        findings,
        tuple(transcript.key for transcript in transcripts),
        sum(exchange.seconds for one in transcripts for exchange in one.exchanges),
        case.skip or _reason(ruling, findings),
        "",
        turns,
        reached,
        about(case),
    )


def _reason(ruling: Ruling, findings: tuple[Finding, ...]) -> str:
    decides = _DECIDES.get(ruling)
    for finding in findings:
        if finding.outcome is decides and not finding.warn_only:
            return finding.reason
    return ""
