"""``summary.md``: a run as a GitHub step summary, with the failing transcripts folded.

GitHub cuts a summary at 1 MiB, so what does not fit is left out and counted. Replies are
hostile: each stands escaped inside of ``<pre>``, which begins a block of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, RunFinished, RunStarted
from chatbot_qa.domain.exhibits import Curve, Exhibit, Matrix, Rates, Table
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.report.base import reporter
from chatbot_qa.report.exhibits import bar, share_of, short_of
from chatbot_qa.report.gauge import Gauge, Numbers
from chatbot_qa.report.github.outputs import costs
from chatbot_qa.report.github.words import mark, rate_of_success, took
from chatbot_qa.report.part import PartFile
from chatbot_qa.report.snippet import headline, render_verdict
from chatbot_qa.report.spoken import speech
from chatbot_qa.report.tables import cells_of, more_told
from chatbot_qa.report.words import counted, flaky_told, not_reached, sentence
from chatbot_qa.text.safe import for_html, for_markdown, one_line

NAME = "summary.md"
MOST_BYTES = 900_000
"""Of the 1,048,576 that a step may have; some room is left for other tools in the same step."""
MOST_OF_A_CASE = 20_000
LONGEST = 200

_ORDER = (Ruling.FAILED, Ruling.ERROR, Ruling.INCONCLUSIVE, Ruling.SKIPPED, Ruling.PASSED)
_FOLDED = (Ruling.FAILED, Ruling.ERROR, Ruling.INCONCLUSIVE)


@reporter("summary", file=NAME)
class Summary:
    """Gathers what fits, and writes it when the run is over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._begin()

    def _begin(self) -> None:
        self._gauge = Gauge()
        self._room = MOST_BYTES
        self._cases: list[str] = []
        self._figures: list[str] = []
        self._left = 0

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, RunStarted):
            self._begin()
        self._gauge.on(event)
        if isinstance(event, Judged):
            self._judged(event)
        elif isinstance(event, RunFinished):
            with PartFile(self._folder / NAME) as file:
                file.write("\n".join(self._lines(event)) + "\n")

    def _judged(self, event: Judged) -> None:
        verdict = event.verdict
        if verdict.ruling in _FOLDED and verdict.counts:
            said = "\n\n".join(map(speech, event.transcripts))
            if not self._took(self._cases, _folded(verdict, said)):
                self._left += 1
        for exhibit in verdict.exhibits:
            if isinstance(exhibit, Curve | Rates):
                self._took(self._figures, "\n".join(_table(verdict, exhibit)))
            elif isinstance(exhibit, Matrix | Table):
                self._took(self._figures, "\n".join(_cells(verdict, exhibit)))

    def _took(self, into: list[str], text: str) -> bool:
        size = len(text.encode())
        if size > self._room:
            return False
        self._room -= size
        into.append(text)
        return True

    def _lines(self, finished: RunFinished) -> Iterator[str]:
        yield f"## {mark(finished.ruling)} {for_markdown(sentence(finished))}"
        yield ""
        yield from _numbers(finished, self._gauge.numbers)
        if self._cases:
            yield from ("", "### What did not pass", "")
            yield from self._cases
            if self._left:
                told = f"{self._left:,} more did not fit here: the report in the run folder has all"
                yield from ("", for_markdown(told))
        if self._figures:
            yield from ("", "### Measured", "", *self._figures)


def _numbers(finished: RunFinished, numbers: Numbers) -> Iterator[str]:
    yield "| | cases |"
    yield "|---|---:|"
    for ruling in _ORDER:
        if number := numbers.of(ruling):
            yield f"| {counted(ruling.value, number)} | {number:,} |"
    if numbers.aside:
        yield f"| set aside | {numbers.aside:,} |"
    yield f"| **all** | **{numbers.total:,}** |"
    told = [
        flaky_told(numbers.flaky),
        rate_of_success(numbers.attacked),
        took(numbers),
        f"cost {costs(numbers.cost)}" if numbers.cost else "",
        f"not reached: {missed}" if (missed := not_reached(finished.reach)) else "",
    ]
    for line in filter(None, told):
        yield from ("", for_markdown(line))


def _folded(verdict: Verdict, said: str) -> str:
    """A case that opens: its findings and what was said, cut where it is long."""
    body = f"{render_verdict(verdict)}\n\n{said}"
    if len(body) > MOST_OF_A_CASE:
        body = f"{body[:MOST_OF_A_CASE]}\n… cut here: the report in the run folder has all of it"
    why = one_line(headline(verdict))
    why = why if len(why) <= LONGEST else f"{why[: LONGEST - 1]}…"
    head = f"{verdict.ruling.value}: {verdict.case.suite} / {verdict.case} – {why}"
    return (
        f"<details><summary>{for_html(one_line(head))}</summary>\n\n"
        f"<pre>{for_html(body)}</pre>\n\n</details>"
    )


def _table(verdict: Verdict, exhibit: Exhibit) -> Iterator[str]:
    """A curve or a table of rates, with bars that need no picture."""
    assert isinstance(exhibit, Curve | Rates)
    if not exhibit.rates:
        return
    title = f"{verdict.case.suite} / {verdict.case}: {exhibit.title}"
    axis = exhibit.axis if isinstance(exhibit, Curve) else ""
    yield f"**{for_markdown(title)}**"
    yield ""
    yield f"| {for_markdown(axis) or ' '} | | |"
    yield "|---:|---|---|"
    for rate in exhibit.rates:
        told = for_markdown(share_of(rate))
        shown = f"**{told}**" if short_of(exhibit, rate) else told
        yield f"| {for_markdown(rate.label)} | {for_html(bar(rate.share))} | {shown} |"
    for note in exhibit.notes:
        yield from ("", for_markdown(note))
    yield ""


def _cells(verdict: Verdict, exhibit: Matrix | Table) -> Iterator[str]:
    """A matrix or a table, as far as a report shows it."""
    cells = cells_of(exhibit)
    title = f"{verdict.case.suite} / {verdict.case}: {exhibit.title}"
    yield f"**{for_markdown(title)}**"
    yield ""
    yield f"| {' | '.join(for_markdown(cell) or ' ' for cell in cells.heads)} |"
    yield f"|{'---|' * len(cells.heads)}"
    for row in cells.rows:
        yield f"| {' | '.join(for_markdown(cell) or ' ' for cell in row)} |"
    for note in filter(None, (more_told(cells), *exhibit.notes)):
        yield from ("", for_markdown(note))
    yield ""
