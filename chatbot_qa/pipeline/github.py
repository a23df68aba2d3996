"""Tell GitHub of a run: step summary, annotations, outputs, one comment, one check run."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.events import Event, Judged, RunInfo
from chatbot_qa.domain.settings import NO_GATES, Gates
from chatbot_qa.domain.verdict import Ruling, Verdict, worst
from chatbot_qa.errors import ChatbotQaError, StorageError
from chatbot_qa.pipeline.baseline import Baseline
from chatbot_qa.pipeline.compare import Side, compare
from chatbot_qa.pipeline.compare_cases import Run, opened
from chatbot_qa.pipeline.gates import configured
from chatbot_qa.pipeline.github_api import GitHub, NotAllowed
from chatbot_qa.pipeline.github_place import Place
from chatbot_qa.pipeline.publish import retell
from chatbot_qa.report.comparison import Comparison, Status
from chatbot_qa.report.gauge import Gauge, Numbers
from chatbot_qa.report.github.annotations import Annotations
from chatbot_qa.report.github.comment import (
    MOST_NAMED,
    Against,
    Story,
    comment,
    marker,
    running,
)
from chatbot_qa.report.github.outputs import as_lines, outputs
from chatbot_qa.report.github.summary import NAME as SUMMARY
from chatbot_qa.report.github.summary import Summary
from chatbot_qa.report.words import sentence
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.text.safe import for_markdown

CHECK = "chatbot-qa"
_CONCLUSIONS = {
    Ruling.PASSED: "success",
    Ruling.SKIPPED: "neutral",
    Ruling.INCONCLUSIVE: "neutral",
    Ruling.FAILED: "failure",
    Ruling.ERROR: "failure",
}
_WORSE = (Status.REGRESSED, Status.NEWLY_FLAKY)


class Wanted(Struct, frozen=True):
    """What is to be told, and how.

    ``baseline`` is what the run is compared with, ``why_alone`` says why there is none. ``key``
    tells the comments of several jobs apart. ``link`` leads to the report, the job's page if left
    out.
    """

    baseline: Baseline | None = None
    why_alone: str = "No baseline: nothing is compared."
    gates: Gates = NO_GATES
    key: str = "chatbot-qa"
    link: str = ""
    pull: int | None = None
    summary: bool = True
    annotations: bool = True
    comment: bool = True
    check: bool = False


class Told(Struct, frozen=True):
    """What came of it: lines for the job's log, and workflow commands."""

    lines: tuple[str, ...]
    commands: tuple[str, ...]


class _Listener:
    """Takes note of what the comment and the annotations need."""

    def __init__(self) -> None:
        self.annotations = Annotations()
        self.failing: list[Verdict] = []

    def on(self, event: Event) -> None:
        if isinstance(event, Judged):
            verdict = event.verdict
            self.annotations.add(verdict)
            not_fine = verdict.ruling not in (Ruling.PASSED, Ruling.SKIPPED)
            if not_fine and verdict.counts and len(self.failing) < MOST_NAMED:
                self.failing.append(verdict)


def tell(folder: Path, place: Place, wanted: Wanted) -> Told:
    """Tell GitHub of the run in ``folder``. Raises ``UsageError`` where there is none.

    What GitHub does not allow is said in ``lines`` and fails nothing.
    """
    gauge, listener = Gauge(), _Listener()
    journal = Journal(folder / JOURNAL)
    try:
        finished = retell(folder, journal, (gauge, listener, Summary(folder)))
    finally:
        journal.close()
    with ExitStack() as stack:
        story = Story(
            sentence(finished),
            gauge.numbers,
            listener.failing,
            _against(stack, folder, wanted),
            wanted.why_alone,
            wanted.link or place.run_address,
            again(finished.run),
            place.source,
        )
        lines = tuple(_lines(story, folder, place, wanted))
    return Told(lines, tuple(listener.annotations.commands()) if wanted.annotations else ())


def tell_running(place: Place, wanted: Wanted) -> tuple[str, ...]:
    """Say in the comment that a run is under way; what of it is said in the job's log."""
    told = f"A run is under way for {place.commit[:8] or 'a new commit'}."
    return (_commented(place, wanted, running(wanted.key, told)),)


def _against(stack: ExitStack, folder: Path, wanted: Wanted) -> Against | None:
    if wanted.baseline is None:
        return None
    before = stack.enter_context(wanted.baseline.opened())
    now = stack.enter_context(opened(folder))
    comparison = compare(before, now, wanted.gates.over(configured(now.info)))
    return Against(_numbers(before), comparison, wanted.baseline.evidences(before, now))


def _numbers(before: Side) -> Numbers:
    """What the baseline came to; of one that the history alone remembers, its verdicts."""
    if isinstance(before, Run):
        gauge = Gauge()
        retell(before.folder, before.journal, (gauge,))
        return gauge.numbers
    halves = list(before.halves())
    counts = Counter(half.ruling for half in halves if not half.aside)
    aside = len(halves) - counts.total()
    return Numbers(worst(counts), counts, aside, sum(half.flaky for half in halves))


def again(run: RunInfo) -> str:
    """The command that asks the same at a desk."""
    was = run.settings
    flags = str(was.get("again") or "")
    words = ["chatbot-qa", "run", *run.paths]
    for option in ("profile", "config"):
        value = str(was.get(option) or "")
        words += [f"--{option}", value] if value and f"--{option} " not in flags else []
    for option, key in (("case", "cases"), ("tag", "tags")):
        words += [word for value in was.get(key) or () for word in (f"--{option}", str(value))]
    seed = [] if "--seed" in flags else ["--seed", str(run.seed)]
    return " ".join(part for part in (shlex.join(words), flags, shlex.join(seed)) if part)


def regressions(comparison: Comparison | None) -> int | None:
    """How many cases got worse; None where nothing was compared."""
    return None if comparison is None else len(comparison.of(*_WORSE))


def _lines(story: Story, folder: Path, place: Place, wanted: Wanted) -> Iterator[str]:
    comparison = story.against.comparison if story.against else None
    text = (folder / SUMMARY).read_text(encoding="utf-8")
    body = comment(wanted.key, story)
    if wanted.summary and place.summary:
        _append(Path(place.summary), text)
        yield "the step summary is written"
    if place.output:
        paths = {"report-path": str(folder), "summary-path": str(folder / SUMMARY)}
        values = outputs(story.numbers, regressions(comparison), paths)
        _append(Path(place.output), as_lines(values))
    if wanted.comment:
        yield _commented(place, wanted, body)
    if wanted.check:
        yield _checked(place, story, body, text)


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}", "make room") from error


def _commented(place: Place, wanted: Wanted, body: str) -> str:
    def write() -> str:
        github = GitHub(place)
        pull = wanted.pull or place.pull or (github.pull_of(place.commit) if place.commit else None)
        if pull is None:
            return "no comment: this commit belongs to no open pull request"
        return f"the comment is written: {github.stick(pull, marker(wanted.key), body)}"

    return _allowed("comment", place, write)


def _checked(place: Place, story: Story, body: str, text: str) -> str:
    def make() -> str:
        return f"the check run is made: {GitHub(place).check_run(check)}"

    if not place.commit:
        return "no check run: the commit is not known"
    shown = text if len(text) < _MOST_OF_A_CHECK else body
    check: dict[str, Any] = {
        "name": CHECK,
        "head_sha": place.commit,
        "status": "completed",
        "conclusion": _CONCLUSIONS[story.numbers.ruling],
        "output": {"title": story.sentence, "summary": shown or for_markdown(story.sentence)},
    }
    if story.link:
        check["details_url"] = story.link
    return _allowed("check run", place, make)


_MOST_OF_A_CHECK = 65_000


def _allowed(what: str, place: Place, write: Callable[[], str]) -> str:
    """What came of writing something; that it was not allowed is no failure of the run."""
    if not place.repository or not place.token:
        missing = "GITHUB_REPOSITORY" if not place.repository else "GITHUB_TOKEN"
        return f"no {what}: {missing} is not set"
    try:
        return write()
    except NotAllowed as error:
        return f"no {what}: {error.message}; {error.hint}"
    except ChatbotQaError as error:
        return f"no {what}: {error.message}"
