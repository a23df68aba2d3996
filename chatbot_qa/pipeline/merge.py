"""Several run folders into one: journals are put one after another and judged again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
from msgspec.structs import replace

from chatbot_qa.domain.events import ReplayEnded, RunFinished, RunStarted
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.judge import judge
from chatbot_qa.pipeline.options import RunOptions, Selection
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.pipeline.run import Listeners, no_one
from chatbot_qa.runlog import verdicts
from chatbot_qa.runlog.folder import JOURNAL, new_folder, remember
from chatbot_qa.runlog.journal import Journal

KILLED = "a part of it was killed"

Names = frozenset[tuple[str, str, str]]


def merge(
    parts: Sequence[Path],
    out: Path,
    options: RunOptions,
    listeners: Listeners = no_one,
    stopped: str = "",
) -> RunFinished:
    """Make ``out`` of the parts, which must be of one run: the same seed and suites.

    ``stopped`` is why it ended early, where the parts do not know. What no part got to is
    then left out; of a run that came to its end it is ``error``.
    """
    journals = [Journal(part / JOURNAL) for part in parts]
    runs = [run_of(journal) for journal in journals]
    if len({(run.seed, str(run.settings.get("suites"))) for run in runs}) != 1:
        raise UsageError("these are not parts of one run", "merge run folders of one run")
    ended = [journal.ended or ReplayEnded(0.0, KILLED) for journal in journals]
    stopped = stopped or next((end.stopped for end in ended if end.stopped), "")
    path = new_folder(out) / JOURNAL
    remember(out)
    _append(path, RunStarted(runs[0]))
    with path.open("ab") as file:
        for journal in journals:
            file.writelines(_trials(journal.path))
    _append(path, ReplayEnded(max(end.seconds for end in ended), stopped))
    if stopped:
        reached = Names().union(*map(_reached, parts, journals))
        options = replace(options, selection=Selection(named=reached))
    return judge(out, options, listeners)


def _append(path: Path, event: RunStarted | ReplayEnded) -> None:
    journal = Journal(path)
    journal.append(event)
    journal.close()


def _trials(path: Path) -> Iterator[bytes]:
    """The lines about trials; the last line of a part that was killed may be cut."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n") and orjson.loads(line)["event"] not in ("run", "ended"):
                yield line


def _reached(part: Path, journal: Journal) -> Names:
    """The names of the cases that a part has something to say of."""
    if (part / verdicts.FILE).exists():
        cases = [verdict.case for verdict in verdicts.read(part)]
    else:
        cases = [case for key, case in journal.trials() if journal.finished(key)]
        journal.close()
    return frozenset((case.suite, case.case, case.row) for case in cases)
