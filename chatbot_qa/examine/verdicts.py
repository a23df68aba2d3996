"""From findings to the verdict of a case, the same for every kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Exhibit
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.suite import Case, Unset
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import (
    About,
    Finding,
    Outcome,
    Quote,
    Ruling,
    Verdict,
    ruling_of,
    unmeasured,
)
from chatbot_qa.text.excerpt import beginning

_BRIEF = 4_000
"""So many characters of a text are quoted at most."""

_AGAIN = "again"

_DECIDES = {
    Ruling.SKIPPED: Outcome.SKIPPED,
    Ruling.FAILED: Outcome.FAILED,
    Ruling.ERROR: Outcome.BROKEN,
    Ruling.INCONCLUSIVE: Outcome.UNSURE,
}


def about(case: Case) -> About:
    """What the author says about a case: texts filled in where they can be, secrets masked."""
    title = ""
    if case.title is not None:
        title = case.title.source
        if case.names is not None and "${" in title:
            try:
                title = case.title.render(case.names.masked())
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
    exhibits: tuple[Exhibit, ...] = (),
    faults: int = 0,
    recorded: bool = False,
) -> Verdict:
    """The verdict of a case by its findings, or ``skipped`` where its author set it aside.

    So is one of which nothing can be measured since the replies are ``recorded``, as they are
    where no transcript is live: it had its verdict when they were.

    A transcript that broke off is an error, though no finding tells of it, as long as there
    are more of them than ``faults``, which the examination tolerates. A finding of the
    examination's own stands where the case does, under the name of its kind, unless it says
    otherwise.
    """
    if sum(one.fault is not None for one in transcripts) > faults:
        findings = (*_untold(findings, transcripts), *findings)
    if any(finding.where is NOWHERE for finding in findings):
        findings = tuple(_placed(finding, case, kind) for finding in findings)
    recorded = recorded or (bool(transcripts) and not any(one.live for one in transcripts))
    idle = recorded and unmeasured(findings)
    ruling = Ruling.SKIPPED if case.skip or idle else ruling_of(findings)
    return Verdict(
        case.case_id,
        kind,
        ruling,
        case.where,
        findings,
        tuple(transcript.key for transcript in transcripts),
        sum(_seconds(one) for one in transcripts),
        case.skip or _reason(ruling, findings),
        "",
        turns,
        reached,
        about(case),
        case.aside,
        exhibits,
        retries=sum(_retries(one) for one in transcripts),
    )


def with_brief_quotes(verdict: Verdict) -> Verdict:
    """The verdict with the beginnings of quotes that are long; the journal has the whole.

    A command that asks the same again stays whole: a part of it would ask something else.
    """
    if not any(_long(quote) for finding in verdict.findings for quote in finding.quotes):
        return verdict
    return replace(verdict, findings=tuple(map(_briefly, verdict.findings)))


def _briefly(finding: Finding) -> Finding:
    quotes = (
        Quote(one.label, beginning(one.text, _BRIEF)) if _long(one) else one
        for one in finding.quotes
    )
    return replace(finding, quotes=tuple(quotes))


def _long(quote: Quote) -> bool:
    return len(quote.text) > _BRIEF and quote.label != _AGAIN


def _seconds(transcript: Transcript) -> float:
    """How long the bot took; requests to other servers do not count."""
    return sum(one.seconds for one in transcript.exchanges if one.say.message.call is None)


def _retries(transcript: Transcript) -> int:
    """How many of its requests were sent again."""
    return sum(one.attempts - 1 for one in transcript.exchanges)


def valueless(name: str) -> Finding:
    """The finding that something cannot be said, for want of a value of ``${name}``."""
    return Finding(Outcome.BROKEN, f"not said: ${{{name}}} has no value in this row", check="say")


def _untold(findings: tuple[Finding, ...], transcripts: Sequence[Transcript]) -> Iterator[Finding]:
    """The faults that ended transcripts, those left out that a finding tells of."""
    faults = {one.fault.message: one.fault for one in transcripts if one.fault is not None}
    if not faults:
        return
    told = {finding.reason for finding in findings}
    for message, fault in faults.items():
        if message not in told:
            again = (Quote(_AGAIN, fault.again),) if fault.again else ()
            yield Finding(Outcome.BROKEN, message, again, check=fault.kind)


def _placed(finding: Finding, case: Case, kind: str) -> Finding:
    if finding.where is not NOWHERE:
        return finding
    return replace(finding, where=case.where, check=finding.check or kind)


def _reason(ruling: Ruling, findings: tuple[Finding, ...]) -> str:
    decides = Outcome.NOT_MEASURED if unmeasured(findings) else _DECIDES.get(ruling)
    for finding in findings:
        if finding.outcome is decides and not finding.warn_only:
            return finding.reason
    return ""
