"""``chatbot-qa compare``, and what ``run --baseline`` says after a run."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, TypeVar

import typer
from msgspec import Struct

from chatbot_qa.domain.settings import Gates
from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.ending import FailOn, Format, Shown, leave

if TYPE_CHECKING:
    from chatbot_qa.pipeline.baseline import Baseline
    from chatbot_qa.pipeline.options import RunOptions
    from chatbot_qa.report.comparison import Comparison, Evidences

_T = TypeVar("_T")

_CODES = {
    "worse": 1,
    "over_budget": 1,
    "no_significant_regression": 0,
    "budget_not_measured": 3,
    "no_baseline": 3,
    "not_compared": 3,
}

NO_BASELINE = 3
"""The exit code where there is nothing to compare with."""

GATE_OPTIONS = ("worse_by", "slower_by", "costlier_by")

BaselineOption = Annotated[
    str | None,
    typer.Option(
        help="Compare with this run afterwards: its folder, latest, last-green, a branch, tag or "
        "commit."
    ),
]
WorseByOption = Annotated[
    str | None,
    typer.Option(help="By how much the pass rate may fall, as 5%; any fall that is shown counts."),
]
SlowerByOption = Annotated[
    str | None, typer.Option(help="By how much the p95 latency may grow, as 20%.")
]
CostlierByOption = Annotated[
    str | None, typer.Option(help="By how much the cost of a reply may grow, as 10%.")
]


class ComparisonFormat(StrEnum):
    """How a comparison is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def compare_command(
    *,
    base: Annotated[
        str,
        typer.Argument(
            metavar="BASE",
            help="The run before: its folder or name, last-green, a branch, tag or commit.",
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The run now; latest.")] = "latest",
    form: Annotated[
        ComparisonFormat, typer.Option("--format", help="text, json, or markdown for a comment.")
    ] = ComparisonFormat.TEXT,
    worse_by: WorseByOption = None,
    slower_by: SlowerByOption = None,
    costlier_by: CostlierByOption = None,
) -> None:
    """Compare two runs: which cases got worse, and whether that is more than chance."""
    from chatbot_qa.pipeline.baseline import Finder
    from chatbot_qa.runlog.folder import existing_folder

    gates = gates_of(worse_by, slower_by, costlier_by)
    now = existing_folder(new)
    baseline = Finder.of_run(now, os.environ).find(base)
    if baseline.missing:
        _show_missing(baseline.missing, form)
        leave(NO_BASELINE)
    leave(compared(baseline, now, gates, _SHOWS[form]))


Show = Callable[["Comparison", "Evidences"], None]


def compared(before: Baseline, now: Path, gates: Gates, show: Show) -> int:
    """Compare a run with its baseline and show it; returns the exit code of the gate.

    What ``gates`` leave open is what the new run's profile says.
    """
    from chatbot_qa.pipeline.compare import compare
    from chatbot_qa.pipeline.compare_cases import opened
    from chatbot_qa.pipeline.gates import configured

    with before.opened() as old, opened(now) as new:
        comparison = compare(old, new, gates.over(configured(new.info)))
        show(comparison, before.evidences(old, new))
    if before.note:
        typer.echo(f"note: {before.note}", err=True)
    return _CODES[comparison.result.value]


def baseline_folder(name: str) -> Path:
    """The folder of a baseline. Raises ``UsageError`` where there is none."""
    from chatbot_qa.pipeline.baseline import Finder

    found = Finder(os.environ).find(name)
    if found.folder is None:
        raise UsageError(f"no baseline: {found.missing or found.note}")
    return found.folder


def _show_missing(why: str, form: ComparisonFormat) -> None:
    """Say that there is no baseline, which is not that nothing got worse."""
    from chatbot_qa.text.safe import for_markdown, for_terminal

    if form is ComparisonFormat.JSON:
        nothing: list[str] = []
        told = {"verdict": "no_baseline", "why": why, "baseline": None, "cases": nothing}
        typer.echo(json.dumps(told))
    elif form is ComparisonFormat.MARKDOWN:
        typer.echo(f"**⚪ {for_markdown(no_baseline_told(why))}**")
    else:
        typer.echo(for_terminal(no_baseline_told(why)))


def no_baseline_told(why: str) -> str:
    """That there is no baseline, in one sentence."""
    return f"No baseline: {why}; nothing was compared."


def gates_of(worse_by: str | None, slower_by: str | None, costlier_by: str | None) -> Gates:
    """By how much the run may be worse, each from ``5%`` or ``0.05``. Raises ``UsageError``."""
    from chatbot_qa.spec.values import growth, share

    return Gates(
        worse_by=_read(share, "--worse-by", worse_by),
        slower_by=_read(growth, "--slower-by", slower_by),
        costlier_by=_read(growth, "--costlier-by", costlier_by),
    )


def _read(form: Callable[[str], _T], option: str, text: str | None) -> _T | None:
    from chatbot_qa.domain.suite import Unfit

    if text is None:
        return None
    try:
        return form(text)
    except Unfit as error:
        raise UsageError(f"{option}: {error}", f"write it as {option} 5%") from error


class Against(Struct, frozen=True):
    """What a run is compared with at its end."""

    baseline: Baseline
    gates: Gates

    @property
    def seed(self) -> int | None:
        """The seed of the baseline: with it the same is drawn again. None without a baseline."""
        return self.baseline.seed


def against_of(
    baseline: str | None, gates: Gates, options: RunOptions, environ: Mapping[str, str]
) -> Against | None:
    """The baseline that was asked for, looked up before the run makes a newer one.

    Raises ``UsageError`` for a name that means nothing, or the run that is gone on with.
    """
    if baseline is None:
        for name in GATE_OPTIONS:
            if getattr(gates, name) is not None:
                option = f"--{name.replace('_', '-')}"
                raise UsageError(f"{option} needs --baseline", "name the run to compare with")
        return None
    from chatbot_qa.pipeline.baseline import Finder

    resumed = options.resume
    paths = "\n".join(path.as_posix() for path in options.paths)
    finder = Finder(environ, options.config, paths)
    if resumed is not None:
        finder = Finder.of_run(resumed, environ)
    found = finder.find(baseline)
    if resumed is not None and found.is_folder(resumed):
        raise UsageError("a run is no baseline of itself", "name another run with --baseline")
    return Against(found, gates)


def compared_after(folder: Path, against: Against, shown: Shown) -> int:
    """Compare a run that has just ended; returns the exit code of the gate.

    Beside JSON it is told on standard error; ``quiet`` is told in one line.
    """
    stream = sys.stdout if shown.form is Format.TEXT else sys.stderr
    show = partial(_text, stream=stream, quiet=shown.quiet)
    if not shown.quiet:
        typer.echo(err=stream is sys.stderr)
    if against.baseline.missing:  # the first run of all has none: it is said, and fails nothing
        typer.echo(no_baseline_told(against.baseline.missing), file=stream)
        return 0
    return compared(against.baseline, folder, against.gates, show)


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
