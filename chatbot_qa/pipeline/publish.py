"""Make the reports of a run from its folder: they are projections, made again at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, RunFinished, RunInfo, RunStarted
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry
from chatbot_qa.report.base import Reporter
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal, Recording
from chatbot_qa.runlog.verdicts import read

DEFAULT = ("html", "junit")


def reporters(names: Sequence[str], registry: Registry, folder: Path) -> list[Reporter]:
    """A reporter for each name; raises ``UsageError`` for one that there is not."""
    made = []
    for name in names:
        spec = registry.reporters.get(name)
        if spec is None:
            valid = ", ".join(registry.reporters.names)
            raise UsageError(f"there is no report {name!r}", f"the reports are: {valid}")
        made.append(spec.make(folder))
    return made


def run_of(journal: Journal) -> RunInfo:
    """What was asked for in the run of this journal."""
    if journal.run is None:
        raise UsageError(f"{journal.path} does not say what was run", "it was cut or is empty")
    return journal.run


def retell(folder: Path, journal: Journal, listeners: Iterable[Reporter]) -> RunFinished:
    """Hand a finished run to reporters, in suite order."""
    hearers = list(listeners)

    def tell(event: Event) -> None:
        for hearer in hearers:
            hearer.on(event)

    run = run_of(journal)
    counts: Counter[Ruling] = Counter()
    tell(RunStarted(run))
    for verdict in read(folder):
        counts[verdict.ruling] += 1
        tell(Judged(verdict, Recording(journal, verdict.trials)))
    ended = journal.ended
    finished = RunFinished(
        run, counts, ended.seconds if ended else 0.0, ended.stopped if ended else "killed"
    )
    tell(finished)
    return finished


def publish(folder: Path, names: Sequence[str], registry: Registry) -> RunFinished:
    """Write the reports ``names`` of a run into its folder."""
    journal = Journal(folder / JOURNAL)
    try:
        return retell(folder, journal, reporters(names, registry, folder))
    finally:
        journal.close()
