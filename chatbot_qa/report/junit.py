"""``junit.xml``: one test case a case, for every CI that reads JUnit.

JUnit knows no third state. ``failed`` is a ``<failure>``: the bot is wrong. ``error`` and
``inconclusive`` are an ``<error>`` (of type ``inconclusive`` for the latter): a gate that
reads this file must not let pass what nobody could decide, and must not blame the bot. A
case that is set aside and did not pass is ``<skipped>``, with what it came to.

Long replies are cut, each cut with its size: the journal keeps them whole, and a CI that reads
a file of megabytes gives up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, RunFinished, RunInfo, RunStarted
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.report.base import reporter
from chatbot_qa.report.part import PartFile
from chatbot_qa.report.shortened import shortened
from chatbot_qa.report.snippet import headline, render_verdict, shown_findings
from chatbot_qa.report.spoken import speech
from chatbot_qa.report.words import repeats_told, set_aside
from chatbot_qa.text.safe import for_terminal, for_xml

NAME = "junit.xml"

_ERRORS = (Ruling.ERROR, Ruling.INCONCLUSIVE)
_ROOM = 200
"""Bytes kept free for the numbers of an element, known only once it ends."""


@reporter("junit", file=NAME)
class JUnit:
    """Writes a case as it is judged; memory does not grow with the run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._begun: PartFile | None = None

    def close(self) -> None:
        """Leave nothing behind of a report that was not finished."""
        if self._begun is not None:
            self._begun.discard()

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, Judged):
            self._judged(event)
        elif isinstance(event, RunStarted):
            self._started(event.run)
        elif isinstance(event, RunFinished):
            self._finished(event)

    def _started(self, run: RunInfo) -> None:
        self._stamp = datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        self._file = self._begun = PartFile(self._folder / NAME)
        self._file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._all = _Element(self._file, f'<testsuites name="chatbot_qa {_text(run.id)}"')
        self._suite: _Element | None = None
        self._name = ""

    def _judged(self, event: Judged) -> None:
        verdict = event.verdict
        if self._suite is None or verdict.case.suite != self._name:
            self._end_suite()
            self._name = verdict.case.suite
            head = f'  <testsuite name="{_text(self._name)}" timestamp="{self._stamp}"'
            self._suite = _Element(self._file, head)
        for element in (self._all, self._suite):
            element.count(verdict)
        self._file.write("".join(_testcase(verdict, event.transcripts)))

    def _end_suite(self) -> None:
        if self._suite is not None:
            self._suite.end("skipped")
            self._file.write("  </testsuite>\n")

    def _finished(self, event: RunFinished) -> None:
        self._end_suite()
        if event.stopped:
            # a run that stopped early must not look like a whole one
            self._file.write(
                f'  <testsuite name="chatbot_qa" timestamp="{self._stamp}" tests="1" failures="0"'
                ' errors="1">\n    <testcase classname="chatbot_qa" name="run">'
                f'<error type="stopped" message="{_text(event.stopped)}"/></testcase>\n'
                "  </testsuite>\n"
            )
            self._all.counts[Ruling.ERROR] += 1
        self._all.end()
        self._file.write("</testsuites>\n")
        self._file.finish()


def _sort(verdict: Verdict) -> Ruling:
    """What a case is here: one that does not count is skipped, unless it passes again."""
    if verdict.counts or verdict.ruling is Ruling.PASSED:
        return verdict.ruling
    return Ruling.SKIPPED


class _Element:
    """An element that begins with numbers which are known once all its cases are."""

    def __init__(self, file: PartFile, head: str) -> None:
        self.counts: Counter[Ruling] = Counter()
        self._seconds = 0.0
        self._file = file
        file.write(head)
        self._place = file.tell()
        file.write(" " * _ROOM + ">\n")

    def count(self, verdict: Verdict) -> None:
        self.counts[_sort(verdict)] += 1
        self._seconds += verdict.seconds

    def end(self, *more: str) -> None:
        numbers = {
            "tests": self.counts.total(),
            "failures": self.counts[Ruling.FAILED],
            "errors": sum(self.counts[ruling] for ruling in _ERRORS),
            "skipped": self.counts[Ruling.SKIPPED],
        }
        shown = [name for name in numbers if name != "skipped" or name in more]
        attributes = [f' {name}="{numbers[name]}"' for name in shown]
        self._file.overwrite(self._place, "".join(attributes) + f' time="{self._seconds:.3f}"')


def _testcase(verdict: Verdict, transcripts: Iterable[Transcript]) -> Iterable[str]:
    case = verdict.case
    yield (
        f'    <testcase classname="{_text(case.suite)}" name="{_text(str(case))}"'
        f' file="{_text(verdict.where.file)}" line="{verdict.where.line}"'
        f' time="{verdict.seconds:.3f}">'
    )
    yield from _properties(verdict)
    yield from _result(verdict)
    noted = verdict.aside is not None or shown_findings(verdict)
    if verdict.ruling is not Ruling.SKIPPED and noted:
        told_above = _sort(verdict) not in (Ruling.PASSED, Ruling.SKIPPED)
        warnings = "" if told_above else render_verdict(verdict) + "\n\n"
        said = "\n\n".join(speech(shortened(each)) for each in transcripts)
        yield f"\n      <system-out>{for_xml(warnings + said)}</system-out>"
    yield "\n    </testcase>\n"


def _properties(verdict: Verdict) -> Iterable[str]:
    about = verdict.about
    pairs = [
        ("title", about.title),
        ("kind", verdict.kind),
        ("owner", about.owner),
        ("severity", about.severity),
        *(("tag", tag) for tag in about.tags),
        *((link.kind, link.url) for link in about.links),
        ("retries", str(verdict.retries or "")),
        ("repeats", repeats_told(verdict)),
        ("flaky", "true" if verdict.flaky else ""),
    ]
    yield "\n      <properties>"
    for name, value in pairs:
        if value:
            yield f'\n        <property name="{_text(name)}" value="{_text(value)}"/>'
    yield "\n      </properties>"


def _result(verdict: Verdict) -> Iterable[str]:
    if verdict.ruling is Ruling.PASSED:
        return
    message = _text(headline(verdict))
    if not verdict.counts:
        message = _text(f"{set_aside(verdict)}; {verdict.ruling.value}: {headline(verdict)}")
    if _sort(verdict) is Ruling.SKIPPED:
        yield f'\n      <skipped message="{message}"/>'
        return
    shown = shown_findings(verdict)
    sort = shown[0].check if shown and shown[0].check else verdict.ruling.value
    if verdict.ruling is Ruling.INCONCLUSIVE:
        sort, message = "inconclusive", f"inconclusive: {message}"
    name = "error" if verdict.ruling in _ERRORS else "failure"
    body = for_xml(render_verdict(verdict))
    yield f'\n      <{name} type="{_text(sort)}" message="{message}">{body}</{name}>'


def _text(text: str) -> str:
    return for_xml(for_terminal(text), attribute=True)
