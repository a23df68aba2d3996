"""The console: progress while a run goes on, failures in full and a summary at its end."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TextIO

from chatbot_qa.domain.events import (
    ANEW,
    REPLAYED,
    Event,
    Exchanged,
    Judged,
    Reach,
    RunFinished,
    RunInfo,
    RunStarted,
)
from chatbot_qa.domain.plan import REQUESTS
from chatbot_qa.domain.verdict import Outcome, Ruling, Verdict
from chatbot_qa.report.exhibits import Line, Style, exhibit_lines
from chatbot_qa.report.printer import Printer, printer
from chatbot_qa.report.snippet import (
    headline,
    shown_findings,
    verdict_lines,
    width,
)
from chatbot_qa.report.words import (
    counted,
    duration,
    flaky_told,
    not_reached,
    repeats_told,
    sentence,
    set_aside,
)
from chatbot_qa.text.safe import one_line

Mode = Literal["live", "plain", "quiet"]

MOST_SHOWN = 50
"""How many cases are shown in full; the reports have them all."""
MOST_SKIPPED = 10
MOST_ALIKE = 3
"""How many cases that fail for one reason at one place are shown in full; of errors, one."""

_STYLES: dict[Ruling, Style] = {
    Ruling.PASSED: "good",
    Ruling.FAILED: "bad",
    Ruling.INCONCLUSIVE: "unsure",
    Ruling.ERROR: "bad",
    Ruling.SKIPPED: "faint",
}
_SET_ASIDE = "set aside"
_UNTRIED = "attacks not tried"
_COLUMNS = (*(ruling.value for ruling in Ruling), _SET_ASIDE)
_EXPLAINED = {
    Ruling.INCONCLUSIVE: "there was too little evidence to call the bot right or wrong",
    Ruling.ERROR: "the bot could not be asked, or a check broke; this says nothing about the bot",
}


class Console:
    """Tells a person how a run goes, on ``stream``.

    ``live`` draws progress where the stream is a terminal and is ``plain`` elsewhere;
    ``plain`` writes a line for each case that did not pass, as it comes; ``quiet`` writes
    the verdict's line and nothing else. ``reports`` are files to point at, in ``folder``.
    """

    def __init__(
        self,
        stream: TextIO,
        mode: Mode = "live",
        show_passed: bool = False,
        colour: bool = False,
        *,
        folder: Path | None = None,
        reports: Sequence[Path] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._mode: Mode = "plain" if mode == "live" and not stream.isatty() else mode
        self._out: Printer = printer(stream, colour=colour, live=self._mode == "live")
        self._show_passed = show_passed
        self._folder = folder
        self._reports = reports
        self._clock = clock
        self._tally = _Tally()
        self._began = clock()
        self._cases = 0
        self._calls = 0
        self._handlers: dict[type, Callable[..., None]] = {
            RunStarted: self._started,
            Exchanged: self._exchanged,
            Judged: self._judged,
            RunFinished: self._finished,
        }

    def on(self, event: Event) -> None:
        """Take note of one event."""
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def close(self) -> None:
        """Give the terminal back, also where the run ended without a word."""
        self._out.close()

    def _started(self, event: RunStarted) -> None:
        run = event.run
        self._cases = run.cases
        self._began = self._clock()
        if self._mode == "quiet":
            return
        self._out.lines([_opening(run)])
        if self._mode == "live":
            self._out.live(self._progress)

    def _exchanged(self, event: Exchanged) -> None:
        self._calls += event.exchange.attempts

    def _judged(self, event: Judged) -> None:
        verdict = event.verdict
        self._tally.add(verdict)
        if self._mode == "quiet":
            return
        if verdict.ruling is not Ruling.PASSED or self._show_passed:
            self._out.lines([_outline(verdict)])
        if verdict.ruling is Ruling.PASSED and self._show_passed:
            drawn = [line for exhibit in verdict.exhibits for line in exhibit_lines(exhibit)]
            self._out.lines(drawn)

    def _progress(self) -> Line:
        done = self._tally.counts
        pieces: list[tuple[Style, str]] = [
            (
                "strong",
                f"{done.total():,}/{self._cases:,} {'case' if self._cases == 1 else 'cases'}",
            )
        ]
        pieces += [
            (_style(word), f"  {done[word]:,} {counted(word, done[word])}")
            for word in _COLUMNS
            if done[word]
        ]
        seconds = max(self._clock() - self._began, 1e-3)
        calls = "call" if self._calls == 1 else "calls"
        pieces.append(("faint", f"  {self._calls:,} {calls}, {self._calls / seconds:,.0f}/s"))
        pieces.append(("faint", f"  {duration(seconds)}"))
        return tuple(pieces)

    def _finished(self, event: RunFinished) -> None:
        self._out.close()
        if self._mode != "quiet":
            self._out.lines(self._tally.shown_lines())
            self._out.lines([(), *self._tally.table(), *self._tally.left_out(), ()])
            drawn = [line for rates in event.rates for line in (*exhibit_lines(rates), ())]
            self._out.lines(drawn)
        style = _STYLES[event.ruling]
        self._out.lines([((style, sentence(event)), ("faint", f"  {duration(event.seconds)}"))])
        if self._mode != "quiet":
            self._out.lines(self._places(event))

    def _places(self, event: RunFinished) -> list[Line]:
        lines: list[Line] = [(("faint", "report: "), ("", str(path))) for path in self._reports]
        if self._folder is not None:
            lines.append((("faint", "run:    "), ("", str(self._folder))))
        if event.ruling not in (Ruling.PASSED, Ruling.SKIPPED) and event.run.paths:
            lines.append((("faint", "again:  "), ("", one_line(_again(event.run)))))
        if event.counts.get(Ruling.ERROR) and (
            record := event.run.settings.get(REPLAYED, {}).get(ANEW)
        ):
            lines.append((("faint", "record: "), ("", one_line(record))))
        if event.stopped and self._folder is not None:
            resume = f"chatbot-qa run --resume {shlex.quote(str(self._folder))}"
            lines.append((("faint", "resume: "), ("", one_line(resume))))
        return lines


class _Alike:
    """Cases with one cause: some shown in full, some by name, the rest by number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.shown: list[Verdict] = []
        self._names: list[str] = []
        self._more = 0

    @property
    def full(self) -> bool:
        """Whether enough of them are shown in full."""
        return len(self.shown) >= self._most

    def add(self, verdict: Verdict) -> None:
        """Take in one more: in full, by name, or counted."""
        if not self.full:
            self.shown.append(verdict)
        elif len(self._names) < MOST_SKIPPED:
            self._names.append(_name(verdict))
        else:
            self._more += 1

    def lines(self) -> list[Line]:
        """All of them."""
        self.shown.sort(key=_place)
        lines = [line for verdict in self.shown for line in ((), *verdict_lines(verdict))]
        if self._names:
            more = f", and {self._more:,} more" if self._more else ""
            number = len(self._names) + self._more
            told = f"{number:,} more for the same reason: {', '.join(sorted(self._names))}{more}"
            lines.append((("faint", f"  = {told}"),))
        return lines


def _place(verdict: Verdict) -> tuple[str, int, str]:
    return verdict.where.file, verdict.where.line, verdict.case.row


def _cause(verdict: Verdict) -> tuple[str, ...]:
    """What is the same of cases that are told together: the reason, and of failures its place."""
    findings = shown_findings(verdict)
    if verdict.ruling is Ruling.ERROR or not findings:
        return verdict.ruling.value, headline(verdict)
    where = findings[0].where
    return verdict.ruling.value, headline(verdict), where.file, str(where.line)


class _Tally:
    """What is kept of the cases for the end: numbers, and a bounded number of failures."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._suites: dict[str, Counter[str]] = {}
        self._asides: list[Verdict] = []
        self._more_asides = 0
        self._alike: dict[tuple[str, ...], _Alike] = {}
        self._in_full = 0
        self._hidden = 0
        self._skipped: list[Verdict] = []
        self._reach = Reach()
        self._unmeasured: Counter[str] = Counter()
        self._flaky: list[str] = []
        self._more_flaky = 0
        self._retries = 0

    def add(self, verdict: Verdict) -> None:
        ruling = verdict.ruling
        column = ruling.value if verdict.counts else _SET_ASIDE
        self.counts[column] += 1
        self._suites.setdefault(verdict.case.suite, Counter())[column] += 1
        if ruling is Ruling.SKIPPED:
            if len(self._skipped) < MOST_SKIPPED:
                self._skipped.append(verdict)
            return
        self._reach = self._reach.plus(verdict)
        self._retries += verdict.retries
        if not verdict.counts or (verdict.aside is not None and ruling is Ruling.PASSED):
            self._add_aside(verdict)
        if verdict.flaky and verdict.counts:
            self._add_flaky(verdict)
        for finding in verdict.findings:
            if finding.outcome is Outcome.NOT_MEASURED:
                self._unmeasured[finding.check] += 1
        if verdict.counts and (ruling is not Ruling.PASSED or shown_findings(verdict)):
            self._add_shown(verdict)

    def _add_shown(self, verdict: Verdict) -> None:
        cause = _cause(verdict)
        alike = self._alike.get(cause)
        if self._in_full >= MOST_SHOWN and (alike is None or not alike.full):
            self._hidden += 1
            return
        if alike is None:
            alike = _Alike(1 if verdict.ruling is Ruling.ERROR else MOST_ALIKE)
            self._alike[cause] = alike
        self._in_full += not alike.full
        alike.add(verdict)

    def _add_aside(self, verdict: Verdict) -> None:
        if len(self._asides) < MOST_SKIPPED:
            self._asides.append(verdict)
        else:
            self._more_asides += 1

    def _add_flaky(self, verdict: Verdict) -> None:
        if len(self._flaky) < MOST_SKIPPED:
            self._flaky.append(f"{_name(verdict)} ({repeats_told(verdict)})")
        else:
            self._more_flaky += 1

    def shown_lines(self) -> list[Line]:
        """The failures in full, in the order of the suites."""
        lines: list[Line] = []
        for alike in sorted(self._alike.values(), key=lambda one: min(map(_place, one.shown))):
            lines += alike.lines()
        if self._hidden:
            more = f"and {self._hidden:,} more: see report.html"
            lines += [(), (("strong", more),)]
        return lines

    def table(self) -> list[Line]:
        """A row a suite, a column for each verdict that occurs."""
        columns = [word for word in _COLUMNS if self.counts[word]]
        names = {suite: one_line(suite) for suite in self._suites}
        room = max(map(width, names.values()), default=0)
        wide = len(f"{max(self.counts.values(), default=0):,}")
        long = {
            word: max(
                len(counted(word, each[word])) for each in self._suites.values() if each[word]
            )
            for word in columns
        }
        lines: list[Line] = []
        for suite, counts in self._suites.items():
            pieces: list[tuple[Style, str]] = [
                ("", names[suite] + " " * (room - width(names[suite])))
            ]
            for word in columns:
                number = counts[word]
                text = f"   {number:>{wide},} {counted(word, number):<{long[word]}}"
                pieces.append((_style(word) if number else "", text if number else " " * len(text)))
            while not pieces[-1][1].strip():
                pieces.pop()
            pieces[-1] = (pieces[-1][0], pieces[-1][1].rstrip())
            lines.append(tuple(pieces))
        return lines

    def left_out(self) -> list[Line]:
        """What nobody should take for tested."""
        lines: list[Line] = []
        for verdict in self._skipped:
            lines.append((("faint", f"skipped: {_name(verdict)}: {headline(verdict)}"),))
        more = self.counts[Ruling.SKIPPED] - len(self._skipped)
        if more > 0:
            lines.append((("faint", f"skipped: {more:,} more"),))
        lines += map(_of_aside, self._asides)
        if self._more_asides:
            lines.append((("faint", f"{_SET_ASIDE}: {self._more_asides:,} more"),))
        if self._flaky:
            told = flaky_told(len(self._flaky) + self._more_flaky)
            rest = f", and {self._more_flaky:,} more" if self._more_flaky else ""
            names = ", ".join(sorted(self._flaky))
            lines.append((("warning", f"flaky: {told}: {names}{rest}"),))
        if self._retries:
            what = "1 request was" if self._retries == 1 else f"{self._retries:,} requests were"
            lines.append((("faint", f"retried: {what} sent again, which changes no verdict"),))
        if missed := not_reached(self._reach):
            lines.append((("warning", f"not reached: {missed}"),))
        for check, number in self._unmeasured.items():
            told = _UNTRIED if check == "not_tried" else f"not measured: {one_line(check)}"
            lines.append((("warning", f"{told} ×{number:,}"),))
        for ruling, why in _EXPLAINED.items():
            if self.counts[ruling]:
                lines.append(((_STYLES[ruling], f"{ruling.value}: {why}"),))
        return lines


def _opening(run: RunInfo) -> Line:
    targets = ", ".join(one_line(name) for name in run.targets if name != REQUESTS) or "no target"
    word = "case" if run.cases == 1 else "cases"
    return (("strong", f"{run.cases:,} {word} against {targets}"), ("faint", f"  seed {run.seed}"))


def _again(run: RunInfo) -> str:
    """The command that asks what did not pass once more, with the options of this run."""
    options = str(run.settings.get("again", ""))
    return f"chatbot-qa run {shlex.join(run.paths)} --failed {options}".rstrip()


def _name(verdict: Verdict) -> str:
    return f"{one_line(verdict.case.suite)} › {one_line(str(verdict.case))}"


def _of_aside(verdict: Verdict) -> Line:
    why = one_line(set_aside(verdict))
    if verdict.ruling is Ruling.PASSED:
        return (("warning", f"{_name(verdict)} {why}"),)
    return (("faint", f"{_SET_ASIDE}: {_name(verdict)}: {verdict.ruling.value}: {why}"),)


def _style(word: str) -> Style:
    return "faint" if word == _SET_ASIDE else _STYLES[Ruling(word)]


def _outline(verdict: Verdict) -> Line:
    why = headline(verdict)
    word = verdict.ruling.value
    if not verdict.counts:
        word, why = _SET_ASIDE, f"{word}: {why}" if why else word
    return (
        (_style(word), f"{word:<12}"),
        ("", f" {_name(verdict)}"),
        ("faint", f": {why}" if why else ""),
    )
