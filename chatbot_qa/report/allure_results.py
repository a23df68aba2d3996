"""A case as an Allure result: steps, labels, links and its transcripts attached.

The only module that imports ``allure_commons``, which is why it stands alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from allure_commons.model2 import (
    Attachment,
    Label,
    Link,
    Parameter,
    Status,
    StatusDetails,
    TestResult,
    TestStepResult,
)
from allure_commons.types import LabelType

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.domain.exhibits import Curve, Groups, Listing, Matrix, Rates, Table
from chatbot_qa.domain.transcript import Exchange, Transcript
from chatbot_qa.domain.verdict import Finding, Outcome, Ruling, Verdict
from chatbot_qa.report import bubbles, spoken
from chatbot_qa.report.snippet import (
    cut,
    headline,
    render_finding,
    render_verdict,
    shown_findings,
)
from chatbot_qa.report.svg import picture
from chatbot_qa.report.tables import csv_of
from chatbot_qa.report.words import repeats_told, set_aside
from chatbot_qa.text.safe import for_terminal, one_line

_STATUS = {
    Ruling.PASSED: Status.PASSED,
    Ruling.FAILED: Status.FAILED,
    Ruling.INCONCLUSIVE: Status.BROKEN,
    Ruling.ERROR: Status.BROKEN,
    Ruling.SKIPPED: Status.SKIPPED,
}
_STEP_STATUS = {
    Outcome.PASSED: Status.PASSED,
    Outcome.FAILED: Status.FAILED,
    Outcome.UNSURE: Status.BROKEN,
    Outcome.BROKEN: Status.BROKEN,
    Outcome.NOT_MEASURED: Status.SKIPPED,
    Outcome.SKIPPED: Status.SKIPPED,
    Outcome.NOT_REACHED: Status.SKIPPED,
}
_WORST = (Status.FAILED, Status.BROKEN)
_VOLATILE = re.compile(r"\$\{\s*(?:unique|canary|today|secret)\b|‹secret:")
WEB = ("https://", "http://")
"""What a link may begin with; anything else is shown and cannot be followed."""
_STEP_NAME = 120
MOST_WHOLE = 20_000_000
"""Bytes of a run's long conversations that are attached uncut, beside their excerpts."""


class Results:
    """Writes results into ``folder``; remembers 16 bytes a case."""

    def __init__(self, folder: Path, run: RunInfo) -> None:
        self._folder = folder
        self._run = run
        self._seen: set[bytes] = set()
        self._room = MOST_WHOLE

    def write(self, verdict: Verdict, transcripts: Iterable[Transcript]) -> None:
        """Write one case with its attachments."""
        case = verdict.case
        identity = self._uuid(case.suite, case.case, case.row)
        result = _described(verdict)
        result.uuid = identity
        result.historyId = self._history(verdict)
        told = tuple(transcripts)
        result.start, result.stop = _span(
            [exchange for each in told for exchange in each.exchanges], self._run.started
        )
        result.steps = steps(verdict, told, result.start)
        if told:
            self._attach(result, verdict, told)
        self._file(f"{identity}-result.json", _dumps(result))

    def _uuid(self, *names: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, "\0".join((self._run.id, *names))))

    def _history(self, verdict: Verdict) -> str:
        """The same for the same case in every run, whatever its volatile values."""
        case = verdict.case
        stable = [
            f"{name}={value}"
            for name, value in sorted(verdict.about.parameters)
            if not volatile(value)
        ]
        # a row's number says nothing: rows may be put before it
        row = [] if stable and case.row.isdecimal() else [case.row]
        digest = _digest(case.suite, case.case, *row, *stable)
        if digest in self._seen:  # Allure would take it for a retry and hide one of the two
            digest = _digest(case.suite, case.case, case.row, *stable)
        self._seen.add(digest)
        return digest.hex()

    def _attach(self, result: TestResult, verdict: Verdict, told: Sequence[Transcript]) -> None:
        """Attach the conversations; the whole, too, where what is shown is an excerpt."""
        identity, shown = str(result.uuid), bubbles.excerpt(verdict, told)
        whole = None if shown.whole else self._whole(identity, told)
        where = f"the attachment “{whole.name}”" if whole else bubbles.FOLDER
        page = f"{identity}-transcript-attachment.html"
        self._file(page, bubbles.page(verdict, shown, where).encode())
        data = f"{identity}-transcript-attachment.json"
        self._file(data, _dumps([spoken.data(each) for each in shown.shown.values()]))
        result.attachments = [
            *self._figures(identity, verdict),
            Attachment(name="conversation", source=page, type="text/html"),
            *([whole] if whole else ()),
            Attachment(name="conversation as data", source=data, type="application/json"),
        ]

    def _whole(self, identity: str, told: Sequence[Transcript]) -> Attachment | None:
        """Everything that was said, as text; None where it would make the report too large."""
        parts, room = [], self._room
        for number, each in enumerate(told, 1):
            lead = f"conversation {number} of {len(told)}\n" if len(told) > 1 else ""
            parts.append(f"{lead}{spoken.speech(each)}\n\n".encode(errors="backslashreplace"))
            room -= len(parts[-1])
            if room < 0:
                return None
        self._room = room
        source = f"{identity}-whole-attachment.txt"
        self._file(source, b"".join(parts))
        of = f"all {len(told):,} conversations" if len(told) > 1 else "the conversation"
        return Attachment(name=f"{of}, uncut", source=source, type="text/plain")

    def _figures(self, identity: str, verdict: Verdict) -> Iterator[Attachment]:
        """The curves and rates of a case, each as a picture, its listings and tables as text."""
        for number, exhibit in enumerate(verdict.exhibits, 1):
            if isinstance(exhibit, Groups):
                continue
            for told, suffix, kind in _forms(exhibit):
                name = f"{identity}-exhibit{number}-attachment.{suffix}"
                self._file(name, told.encode(errors="backslashreplace"))
                yield Attachment(name=one_line(exhibit.title), source=name, type=kind)

    def _file(self, name: str, data: bytes) -> None:
        (self._folder / name).write_bytes(data)


def _forms(
    exhibit: Curve | Rates | Listing | Matrix | Table,
) -> Iterator[tuple[str, str, str]]:
    """The contents of the files that show an exhibit, each with its suffix and its type."""
    if isinstance(exhibit, Listing):
        yield exhibit.text, "txt", "text/plain"
    elif not isinstance(exhibit, Table):
        yield picture(exhibit), "svg", "image/svg+xml"
    if isinstance(exhibit, Matrix | Table):
        yield csv_of(exhibit), "csv", "text/csv"


def volatile(value: str) -> bool:
    """Whether a parameter differs from run to run, and so says nothing about history."""
    return _VOLATILE.search(value) is not None


def _described(verdict: Verdict) -> TestResult:
    case, about = verdict.case, verdict.about
    message = headline(verdict)
    if verdict.ruling is Ruling.INCONCLUSIVE:
        message = f"inconclusive: {message}"
    details = None
    if verdict.ruling is not Ruling.PASSED:
        details = StatusDetails(message=message or verdict.ruling.value)
        if verdict.ruling is not Ruling.SKIPPED:
            details.trace = render_verdict(verdict)
            _set_against(details, verdict)
    if verdict.flaky:
        details = StatusDetails(message=f"flaky: {repeats_told(verdict)}", flaky=True)
    if verdict.aside is not None:
        details = _noted(details or StatusDetails(), verdict)
    return TestResult(
        name=one_line(about.title or str(case)),
        fullName=f"{case.suite}: {case}",
        testCaseId=_digest(case.suite, case.case).hex(),
        titlePath=[*PurePosixPath(verdict.where.file).parts, case.suite],
        status=_STATUS[verdict.ruling],
        statusDetails=details,
        stage="finished",
        description=f"`{verdict.where.file}:{verdict.where.line}`",
        labels=list(labels(verdict)),
        links=[
            Link(type=link.kind, url=link.url, name=link.name or link.url)
            for link in about.links
            if link.url.startswith(WEB)
        ],
        parameters=[
            Parameter(
                name=name,
                value=for_terminal(value),
                excluded=True if volatile(value) else None,
            )
            for name, value in about.parameters
        ],
    )


def _set_against(details: StatusDetails, verdict: Verdict) -> None:
    """What the author expected, as it was written, and what the bot said instead."""
    found = next(iter(shown_findings(verdict)), None)
    if found is None or found.outcome is not Outcome.FAILED:
        return
    said = next((quote.text for quote in reversed(found.quotes) if "reply" in quote.label), "")
    if said and found.where.text.strip():
        sides = {"expected": found.where.text.strip().removeprefix("- "), "actual": cut(said)}
        for name, text in sides.items():  # the model has no fields for these, Allure reads them
            setattr(details, name, for_terminal(text))


def _noted(details: StatusDetails, verdict: Verdict) -> StatusDetails:
    """What Allure shows of a case that is set aside: a known failure, or a muted case."""
    details.message = "\n".join(filter(None, (details.message, for_terminal(set_aside(verdict)))))
    if not verdict.counts:
        name = "muted" if verdict.aside and verdict.aside.kind == "quarantine" else "known"
        setattr(details, name, True)  # the model has no field for ``muted``, Allure reads it
    return details


def labels(verdict: Verdict) -> Iterable[Label]:
    """How Allure groups and filters a case."""
    case, about = verdict.case, verdict.about
    yield Label(LabelType.EPIC, verdict.kind)
    yield Label(LabelType.FEATURE, case.suite)
    # the title of a row may hold its values; its story is the case that it is a row of
    yield Label(LabelType.STORY, case.case if case.row else about.title or case.case)
    yield Label(LabelType.SUITE, case.suite)
    if case.row:
        yield Label(LabelType.SUB_SUITE, case.case)
    yield Label(LabelType.SEVERITY, about.severity)
    if about.owner:
        yield Label("owner", about.owner)
    for tag in about.tags:
        yield Label(LabelType.TAG, tag)
    if verdict.flaky and "flaky" not in about.tags:
        yield Label(LabelType.TAG, "flaky")
    for link in about.links:
        if not link.url.startswith(WEB):
            yield Label(link.kind, link.name or link.url)
    yield Label(LabelType.FRAMEWORK, "chatbot_qa")


def steps(verdict: Verdict, told: Sequence[Transcript], start: int) -> list[TestStepResult]:
    """A step a turn with a step a check; ``start`` is when, where nothing was said.

    Of very many conversations those are steps that the page of conversations shows.
    """
    if len(told) == 1:
        made = _turns(verdict, told[0], verdict.findings)
        shown = {number for number, _ in spoken.turns_of(told[0].exchanges) if number}
        rest = [finding for finding in verdict.findings if finding.turn not in shown]
    else:
        numbers = bubbles.chosen(verdict, len(told))
        made = [_trial(verdict, number, len(told), told[number - 1]) for number in numbers]
        rest = [finding for finding in verdict.findings if not (finding.trial and finding.turn)]
    stop = made[-1].stop if made else start
    return made + [_check(verdict, finding, stop) for finding in rest]


def _trial(verdict: Verdict, number: int, of: int, told: Transcript) -> TestStepResult:
    about = [finding for finding in verdict.findings if finding.trial == number]
    start, stop = _span(told.exchanges, 0.0)
    found = [_STEP_STATUS[finding.outcome] for finding in about if not finding.warn_only]
    status = next((status for status in _WORST if status in found), Status.PASSED)
    return TestStepResult(
        name=f"conversation {number} of {of}",
        status=Status.BROKEN if told.fault else status,
        steps=_turns(verdict, told, about),
        start=start,
        stop=stop,
    )


def _turns(verdict: Verdict, told: Transcript, about: Sequence[Finding]) -> list[TestStepResult]:
    """A step a turn of a conversation, with those of the findings that are about it."""
    return [
        _turn(verdict, number, exchange, [one for one in about if number and one.turn == number])
        for number, exchange in spoken.turns_of(told.exchanges)
    ]


def _turn(
    verdict: Verdict, number: int, exchange: Exchange, found: Sequence[Finding]
) -> TestStepResult:
    start, stop = _span((exchange,), 0.0)
    steps = [_check(verdict, finding, stop) for finding in found]
    status = next((s for s in _WORST if any(step.status == s for step in steps)), Status.PASSED)
    details = None
    if exchange.fault:
        status = Status.BROKEN
        details = StatusDetails(message=for_terminal(exchange.fault.message))
    lead = f"turn {number}: " if number else ""
    name = lead + cut(one_line(spoken.heard(exchange)), longest=_STEP_NAME)
    return TestStepResult(
        name=name, status=status, statusDetails=details, steps=steps, start=start, stop=stop
    )


def _check(verdict: Verdict, finding: Finding, at: int) -> TestStepResult:
    """A check as a step; a warning has Allure's unknown status, since it changes nothing."""
    status = _STEP_STATUS[finding.outcome]
    details = None
    if finding.outcome is not Outcome.PASSED:
        trace = render_finding(verdict, finding)
        details = StatusDetails(message=for_terminal(finding.reason), trace=trace)
        if finding.warn_only and status != Status.SKIPPED:
            status = Status.UNKNOWN
    lead = "warning: " if status == Status.UNKNOWN else ""
    check = f"{finding.check}: " if finding.check else ""
    return TestStepResult(
        name=cut(one_line(lead + check + finding.reason), longest=2 * _STEP_NAME),
        status=status,
        statusDetails=details,
        start=at,
        stop=at,
    )


def _span(exchanges: Sequence[Exchange], otherwise: float) -> tuple[int, int]:
    """First start and last end, in milliseconds since the epoch."""
    start = min((exchange.at for exchange in exchanges), default=otherwise)
    stop = max((exchange.at + exchange.seconds for exchange in exchanges), default=start)
    return round(start * 1000), round(stop * 1000)


def _digest(*parts: str) -> bytes:
    joined = "\0".join(parts).encode(errors="surrogatepass")
    return hashlib.md5(joined, usedforsecurity=False).digest()


def _given(model: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(model).items() if value}


def _dumps(item: Any) -> bytes:
    text = json.dumps(item, ensure_ascii=False, default=_given)
    # a lone surrogate becomes its escape, which is what JSON writes for it
    return text.encode(errors="backslashreplace")
