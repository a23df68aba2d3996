"""``allure-results/``: the folder that Allure builds its report from.

``failed`` is Allure's failed: the bot is wrong. ``error`` and ``inconclusive`` are its
broken, told apart by the categories: nobody could ask, or nobody could decide, and neither
may pass for a verdict about the bot. Identifiers derive from the run and the case, so that
the same run gives the same files.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_qa.domain.events import Event, Judged, RunFinished, RunInfo, RunStarted
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.report.base import reporter
from chatbot_qa.report.snippet import shown_findings
from chatbot_qa.report.words import recording

if TYPE_CHECKING:
    from chatbot_qa.report.allure_results import Results

NAME = "allure-results"

REST = [
    {"name": "The bot was wrong", "matchedStatuses": ["failed"]},
    {
        "name": "Inconclusive: too little evidence either way",
        "matchedStatuses": ["broken"],
        "messageRegex": r"^inconclusive[\s\S]*",
    },
    {"name": "Could not be asked or judged", "matchedStatuses": ["broken"]},
]
"""The categories that hold whatever those of single checks and causes do not."""

_HEADS = {
    Ruling.FAILED: ("The bot was wrong", "failed", "failed"),
    Ruling.INCONCLUSIVE: ("Inconclusive", "broken", "inconclusive"),
    Ruling.ERROR: ("Could not be asked or judged", "broken", "error"),
}


def category(ruling: Ruling, check: str) -> dict[str, Any]:
    """The category of the cases that one check decided so, by the first line of their trace."""
    name, status, word = _HEADS[ruling]
    return {
        "name": f"{name}: {check}",
        "matchedStatuses": [status],
        "traceRegex": rf"^{word}\[{re.escape(check)}\][\s\S]*",
    }


@reporter("allure", file=NAME)
class Allure:
    """Writes a case as it is judged; the folder gets its name once it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / NAME
        self._part = folder / f"{NAME}.part"
        self._results: Results | None = None
        self._causes: Counter[tuple[Ruling, str]] = Counter()

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, Judged) and self._results is not None:
            self._results.write(event.verdict, event.transcripts)
            self._note(event.verdict)
        elif isinstance(event, RunStarted):
            self._started(event.run)
        elif isinstance(event, RunFinished):
            self._finished()

    def _started(self, run: RunInfo) -> None:
        from chatbot_qa.report.allure_results import Results

        if self._part.exists():
            shutil.rmtree(self._part)
        self._part.mkdir(parents=True)
        self._results = Results(self._part, run)
        self._write("environment.properties", _environment(run))
        if executor := run.settings.get("executor"):
            self._write("executor.json", json.dumps(executor, indent=2) + "\n")

    def _write(self, name: str, text: str) -> None:
        (self._part / name).write_bytes(text.encode())

    def _note(self, verdict: Verdict) -> None:
        """Take note of the check, or the fault, that decided a case which did not pass."""
        found = shown_findings(verdict)
        if verdict.ruling in _HEADS and found and found[0].check:
            self._causes[verdict.ruling, found[0].check] += 1

    def _finished(self) -> None:
        causes = sorted(self._causes, key=lambda one: (list(_HEADS).index(one[0]), one[1]))
        found = [category(*one) for one in causes]
        self._write("categories.json", json.dumps([*found, *REST], indent=2) + "\n")
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._part.replace(self._folder)


def _environment(run: RunInfo) -> str:
    known = {
        "chatbot_qa": run.version,
        "run": run.id,
        "seed": str(run.seed),
        **({"recording": told} if (told := recording(run)) else {}),
        **{f"target.{name}": fingerprint for name, fingerprint in run.targets.items()},
    }
    return "".join(f"{_property(key)} = {_property(value)}\n" for key, value in known.items())


def _property(text: str) -> str:
    r"""Escaped for a Java properties file, which knows ASCII and ``\uXXXX`` of UTF-16."""
    ascii_only = json.dumps(text)[1:-1].replace('\\"', '"')
    for mark in " =:#!":
        ascii_only = ascii_only.replace(mark, "\\" + mark)
    return ascii_only
