"""Several run folders into one: journals are put one after another and judged again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chatbot_qa.domain.events import ReplayEnded, RunFinished
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.judge import judge
from chatbot_qa.pipeline.options import RunOptions, Selection
from chatbot_qa.pipeline.rerun import selection_of
from chatbot_qa.runlog.folder import JOURNAL, new_folder
from chatbot_qa.runlog.journal import Journal


def merge(parts: Sequence[Path], out: Path, options: RunOptions) -> RunFinished:
    """Make ``out`` of the parts, which must be of one run: the same seed and suites."""
    journals = [Journal(part / JOURNAL) for part in parts]
    seeds = {journal.run.seed for journal in journals if journal.run}
    if len(seeds) != 1:
        raise UsageError("these are not parts of one run", "merge run folders of one seed")
    ended = [journal.ended for journal in journals if journal.ended]
    stopped = next((end.stopped for end in ended if end.stopped), "")
    whole = new_folder(out)
    with (whole / JOURNAL).open("wb") as file:
        for part in parts:
            with (part / JOURNAL).open("rb") as lines:
                shutil.copyfileobj(lines, file)
    journal = Journal(whole / JOURNAL)
    journal.append(ReplayEnded(max((end.seconds for end in ended), default=0.0), stopped))
    journal.close()
    return judge(whole, replace(options, selection=_selection(journals)))


def _selection(journals: Sequence[Journal]) -> Selection:
    """The cases of all parts: everything, where one of them had that."""
    parts = [selection_of(journal.run) for journal in journals if journal.run]
    if any(part.everything for part in parts):
        return Selection()
    named = {name for part in parts for name in part.named or ()}
    asked = {(c.suite, c.case, c.row) for journal in journals for _, c in journal.trials()}
    return Selection(named=frozenset(named | asked))
