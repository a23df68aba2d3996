"""``chatbot-qa compare``, and what ``run --baseline`` says after a run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from msgspec import Struct

from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.ending import FailOn, Format, Shown, leave
from chatbot_qa.runlog.verdicts import FILE as VERDICTS

if TYPE_CHECKING:
    from chatbot_qa.report.comparison import Comparison, Evidences

_CODES = {"worse": 1, "no_significant_regression": 0, "no_baseline": 3, "not_compared": 3}

WorseByOption = Annotated[
    str | None,
    typer.Option(help="By how much the pass rate may fall, as 5%; any fall that is shown counts."),
]


class ComparisonFormat(StrEnum):
    """How a comparison is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def compare_command(
    base: Annotated[
        str, typer.Argument(metavar="BASE", help="The run before: its folder or its name.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The run now; latest.")] = "latest",
    form: Annotated[
        ComparisonFormat, typer.Option("--format", help="text, json, or markdown for a comment.")
    ] = ComparisonFormat.TEXT,
    worse_by: WorseByOption = None,
) -> None:
    """Compare two runs: which cases got worse, and whether that is more than chance."""
    from chatbot_qa.runlog.folder import existing_folder

    tolerated = tolerated_of(worse_by)
    before, now = baseline_folder(base), existing_folder(new)
    leave(compared(before, now, tolerated, _SHOWS[form]))


Show = Callable[["Comparison", "Evidences"], None]


def compared(before: Path, now: Path, tolerated: float, show: Show) -> int:
    """Compare two run folders and show it; returns the exit code of the gate."""
    from chatbot_qa.pipeline.compare import compare
    from chatbot_qa.pipeline.compare_cases import opened
    from chatbot_qa.pipeline.compare_replies import evidence

    with opened(before) as old, opened(now) as new:
        comparison = compare(old, new, tolerated)
        show(comparison, partial(evidence, old, new))
    return _CODES[comparison.result.value]


def baseline_folder(name: str) -> Path:
    """The folder of a baseline. Raises ``UsageError`` where there is none."""
    from chatbot_qa.runlog.folder import existing_folder

    try:
        return existing_folder(name)
    except UsageError as error:
        raise UsageError(
            f"no baseline: {error.message}",
            "name the folder of a run, its name under .chatbot-qa/runs, or latest; git refs are "
            "not looked up yet",
        ) from error


def tolerated_of(text: str | None) -> float:
    """By how much the pass rate may fall, from ``5%`` or ``0.05``."""
    from chatbot_qa.domain.suite import Unfit
    from chatbot_qa.spec.values import share

    if text is None:
        return 0.0
    try:
        return float(share(text))
    except Unfit as error:
        raise UsageError(f"--worse-by: {error}", "write it as --worse-by 5%") from error


class Against(Struct, frozen=True):
    """What a run is compared with at its end."""

    folder: Path
    tolerated: float

    @property
    def seed(self) -> int:
        """The seed of the baseline: with it the same is drawn again."""
        from chatbot_qa.pipeline.publish import run_of
        from chatbot_qa.runlog.folder import JOURNAL
        from chatbot_qa.runlog.journal import Journal

        return run_of(Journal(self.folder / JOURNAL)).seed


def against_of(baseline: str | None, worse_by: str | None, resumed: Path | None) -> Against | None:
    """The baseline that was asked for, looked up before the run makes a newer one.

    Raises ``UsageError`` where there is none, or where it is the run that is gone on with.
    """
    if baseline is None:
        if worse_by is not None:
            raise UsageError("--worse-by needs --baseline", "name the run to compare with")
        return None
    folder = baseline_folder(baseline)
    if not (folder / VERDICTS).exists():
        raise UsageError(
            f"no baseline: {folder} holds no {VERDICTS}", f"judge it: chatbot-qa judge {folder}"
        )
    if resumed is not None and resumed.resolve() == folder.resolve():
        raise UsageError("a run is no baseline of itself", "name another run with --baseline")
    return Against(folder, tolerated_of(worse_by))


def compared_after(folder: Path, against: Against, shown: Shown) -> int:
    """Compare a run that has just ended; returns the exit code of the gate.

    Beside JSON it is told on standard error; ``quiet`` is told in one line.
    """
    stream = sys.stdout if shown.form is Format.TEXT else sys.stderr
    show = partial(_text, stream=stream, quiet=shown.quiet)
    if not shown.quiet:
        typer.echo(err=stream is sys.stderr)
    return compared(against.folder, folder, against.tolerated, show)


def worst_of(run: int, gate: int, fail_on: str) -> int:
    """The exit code of a run that was compared: failed over too little to go by over passed."""
    if 1 in (run, gate):
        return 1
    return run or (0 if fail_on == FailOn.FAILED else gate)


def _text(
    comparison: Comparison,
    evidence: Evidences,
    stream: TextIO | None = None,
    quiet: bool = False,
) -> None:
    from chatbot_qa.report.comparison_lines import comparison_lines, result_line
    from chatbot_qa.report.printer import printer

    out = stream or sys.stdout
    colour = out.isatty() and "NO_COLOR" not in os.environ
    lines = [result_line(comparison)] if quiet else comparison_lines(comparison, evidence)
    printer(out, colour=colour, live=False).lines(lines)


def _json(comparison: Comparison, evidence: Evidences) -> None:
    from chatbot_qa.report.comparison import write

    write(sys.stdout, comparison, evidence)


def _markdown(comparison: Comparison, evidence: Evidences) -> None:
    from chatbot_qa.report.comparison_markdown import comparison_markdown

    typer.echo(comparison_markdown(comparison, evidence))


_SHOWS: dict[ComparisonFormat, Show] = {
    ComparisonFormat.TEXT: _text,
    ComparisonFormat.JSON: _json,
    ComparisonFormat.MARKDOWN: _markdown,
}
