"""``figures/``: the curves and rates of a run as pictures, one file each."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, RunStarted
from chatbot_qa.domain.exhibits import Curve, Rates
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.report.base import reporter
from chatbot_qa.report.svg import picture

NAME = "figures"


@reporter("figures")
class Figures:
    """Draws each curve and table of rates as it comes; a run without any has no folder."""

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
            if isinstance(exhibit, Curve | Rates):
                self._folder.mkdir(exist_ok=True)
                (self._folder / self._file(verdict)).write_text(picture(exhibit), encoding="utf-8")

    def _file(self, verdict: Verdict) -> str:
        """A name that any file system takes, and that no other figure of the run has."""
        name = re.sub(r"[^\w-]+", "-", f"{verdict.case.suite}-{verdict.case}").strip("-")[:120]
        self._names[name.casefold()] += 1
        number = self._names[name.casefold()]
        return f"{name}.svg" if number == 1 else f"{name}-{number}.svg"
