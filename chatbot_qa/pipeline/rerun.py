"""What an earlier run says about the next one: what failed, which suites it had."""

from __future__ import annotations

from pathlib import Path

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import read

_FINE = (Ruling.PASSED, Ruling.SKIPPED)


def did_not_pass(folder: Path) -> frozenset[tuple[str, str, str]]:
    """The names (suite, case, row) of a run's cases that neither passed nor were skipped."""
    names = frozenset(
        (verdict.case.suite, verdict.case.case, verdict.case.row)
        for verdict in read(folder)
        if verdict.ruling not in _FINE and verdict.kind != "suite"
    )
    if not names:
        raise UsageError(f"every case passed in {folder}", "run all of them: leave --failed out")
    return names


def resumed_paths(folder: Path) -> tuple[Path, ...]:
    """The suites of an earlier run, as they were given."""
    return tuple(Path(path) for path in run_of(Journal(folder / JOURNAL)).paths)
