"""From what a run came to, to the exit code; and who listens to it at a terminal."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from msgspec import Struct

from chatbot_qa.domain.events import RunFinished
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.pipeline.options import World
from chatbot_qa.pipeline.run import Listeners
from chatbot_qa.report.base import Reporter
from chatbot_qa.report.console import Console, Mode
from chatbot_qa.text.safe import for_ci_log


class Format(StrEnum):
    """What stands on standard output."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """From which verdict on the exit code is not 0."""

    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


_FAIL_ON = "'failed' lets errors and inconclusive cases pass."
FailOnOption = Annotated[FailOn, typer.Option(help=_FAIL_ON)]
FailOnOrProfile = Annotated[FailOn | None, typer.Option(help=_FAIL_ON)]
FormOption = Annotated[
    Format, typer.Option("--format", help="json puts the result on standard output, alone.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="The result in one line.")]
ShowPassedOption = Annotated[
    bool, typer.Option("--show-passed", help="Name the cases that passed, too.")
]
ReportOption = Annotated[
    list[str] | None,
    typer.Option(
        help="html, junit, figures, allure, sarif, badge, summary, trust; three by default."
    ),
]


class Shown(Struct, frozen=True):
    """How a run is shown."""

    form: Format = Format.TEXT
    quiet: bool = False
    show_passed: bool = False

    def listeners(self) -> Listeners:
        """Who listens: the console on standard output, or on standard error beside JSON.

        The stream is taken here, not when the run begins, so ``strangers_aside`` leaves it alone.
        """
        stream = sys.stdout if self.form is Format.TEXT else sys.stderr

        def make(folder: Path, reports: Sequence[Path]) -> Sequence[Reporter]:
            mode: Mode = "quiet" if self.quiet else "plain" if os.environ.get("CI") else "live"
            colour = stream.isatty() and "NO_COLOR" not in os.environ
            return (
                Console(stream, mode, self.show_passed, colour, folder=folder, reports=reports),
            )

        return make


def strangers_aside() -> AbstractContextManager[object]:
    """While it is open, what a bot in Python prints goes to standard error.

    It holds for the whole process, threads of the bot included, so one is opened around a
    whole run: around each call, calls at the same time would undo each other's. No line of it
    is a command to a CI, which reads both streams.
    """
    return redirect_stdout(_Aside(sys.stderr))


class _Aside(io.TextIOBase):
    """Standard error, for text that nobody vouches for."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(for_ci_log(text))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def world() -> World:
    """The world as it is: the machine's clock, and the process's environment."""
    return World(os.environ)


def write_json(folder: Path, finished: RunFinished) -> None:
    """Put the documented JSON of a run on standard output, alone."""
    from chatbot_qa.report.jsonout import write
    from chatbot_qa.runlog.verdicts import read

    write(sys.stdout, finished.run, finished, read(folder))


def exit_code(finished: RunFinished, fail_on: str, caught: int = 0) -> int:
    """0 all passed, 1 failed, 3 error or inconclusive; 128 and the signal's number if caught."""
    if caught:
        return 128 + caught
    ruling = finished.ruling
    if ruling is Ruling.FAILED:
        return 1
    if ruling in (Ruling.PASSED, Ruling.SKIPPED) or fail_on == FailOn.FAILED:
        return 0
    return 3


def leave(code: int) -> None:
    """End the command with an exit code."""
    raise typer.Exit(code)
