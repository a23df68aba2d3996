"""What a reporter is: it is handed every event, live or re-read from the run folder.

File reporters are handed a finished run in suite order: ``RunStarted``, a ``Judged`` a
case, ``RunFinished``. They write into the run folder and keep no more than they must.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from chatbot_qa.domain.events import Event
from chatbot_qa.registry import MARK, ReporterSpec

C = TypeVar("C", bound=Callable[..., Any])


class Reporter(Protocol):
    """Listens to events."""

    def on(self, event: Event) -> None:
        """Take note of one event."""
        ...


@runtime_checkable
class Closes(Protocol):
    """A reporter that holds something, as a terminal: it is told also where a run breaks off."""

    def close(self) -> None:
        """Let go of it; the reporter may have done so already."""
        ...


class MakesReporter(Protocol):
    def __call__(self, folder: Path) -> Reporter:
        """A reporter that writes into the run folder ``folder``."""
        ...


def reporter(name: str, *, file: str = "") -> Callable[[C], C]:
    """Mark a class whose instances are made with the run folder's path as a reporter.

    ``file`` is the file or folder that it leaves there, if it leaves one.
    """

    def mark(make: C) -> C:
        setattr(make, MARK, ReporterSpec(name, make, file))
        return make

    return mark
