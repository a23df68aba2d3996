"""``figures/``: curves, rates and matrices of a run as pictures, matrices and tables as CSV."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, RunStarted
from chatbot_qa.domain.exhibits import Curve, Matrix, Rates, Table
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.report.base import reporter
from chatbot_qa.report.svg import picture
from chatbot_qa.report.tables import csv_of

NAME = "figures"
_BOM = "\ufeff"
"""Tells Excel that a CSV file is UTF-8."""


@reporter("figures")
class Figures:
    """Draws each curve, matrix and table as it comes; a run without any has no folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / NAME
        self._names: Counter[str] = Counter()

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, RunStarted) and self._folder.exists():
            shutil.rmtree(self._folder)
        elif isinstance(event, Judged):
            self._draw(event.verdict)

    def _draw(self, verdict: Verdict) -> None:
        for exhibit in verdict.exhibits:
            if isinstance(exhibit, Curve | Rates | Matrix):
                self._write(verdict, "svg", picture(exhibit))
            if isinstance(exhibit, Matrix | Table):
                self._write(verdict, "csv", _BOM + csv_of(exhibit))

    def _write(self, verdict: Verdict, suffix: str, text: str) -> None:
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"{self._name(verdict, suffix)}.{suffix}"
        path.write_bytes(text.encode("utf-8", "backslashreplace"))

    def _name(self, verdict: Verdict, suffix: str) -> str:
        """A name that any file system takes, and that no other such file of the run has."""
        name = re.sub(r"[^\w-]+", "-", f"{verdict.case.suite}-{verdict.case}").strip("-")[:120]
        key = f"{name.casefold()}.{suffix}"
        self._names[key] += 1
        number = self._names[key]
        return name if number == 1 else f"{name}-{number}"
