"""Make the reports of a run from its folder: they are projections, made again at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, Reach, RunFinished, RunInfo, RunStarted
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import ChatbotQaError, StorageError, UsageError
from chatbot_qa.pipeline.judged_rates import JudgedRates
from chatbot_qa.registry import Registry, ReporterSpec
from chatbot_qa.report.base import Closes, Reporter
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal, Recording
from chatbot_qa.runlog.verdicts import read

DEFAULT = ("html", "junit", "figures")


def named(names: Sequence[str], registry: Registry) -> list[ReporterSpec]:
    """The reporters of these names; raises ``UsageError`` for one that there is not."""
    found = []
    for name in names:
        spec = registry.reporters.get(name)
        if spec is None:
            valid = ", ".join(registry.reporters.names)
            raise UsageError(f"there is no report {name!r}", f"the reports are: {valid}")
        found.append(spec)
    return found


def make(specs: Iterable[ReporterSpec], folder: Path) -> list[Reporter]:
    """A reporter of each sort, for one run folder."""
    return [spec.make(folder) for spec in specs]


def files(specs: Iterable[ReporterSpec], folder: Path) -> list[Path]:
    """What these reporters leave in a run folder."""
    return [folder / spec.file for spec in specs if spec.file]


def run_of(journal: Journal) -> RunInfo:
    """What was asked for in the run of this journal."""
    if journal.run is None:
        raise UsageError(
            f"{journal.path} does not say what was run",
            "nothing was asked in that run: remove its folder and run again",
        )
    return journal.run


def retell(folder: Path, journal: Journal, listeners: Iterable[Reporter]) -> RunFinished:
    """Hand a finished run to reporters, in suite order. Raises ``StorageError``."""
    hearers = list(listeners)
    try:
        return _retold(folder, journal, hearers)
    except OSError as error:
        _close(hearers)
        raise StorageError(
            f"{error.filename or folder}: the reports cannot be written: {error.strerror}",
            f"make room, then make them again: chatbot-qa judge {folder}",
        ) from error
    except BaseException:
        _close(hearers)
        raise


def _close(hearers: Iterable[Reporter]) -> None:
    """Have reporters let go of what they began and will not finish."""
    for hearer in hearers:
        if isinstance(hearer, Closes):
            hearer.close()


def _retold(folder: Path, journal: Journal, hearers: Sequence[Reporter]) -> RunFinished:
    def tell(event: Event) -> None:
        for hearer in hearers:
            try:
                hearer.on(event)
            except (OSError, ChatbotQaError):
                raise
            except Exception as error:  # of a plugin: the run itself is safe in its folder
                raise StorageError(
                    f"the reporter {type(hearer).__name__} broke: {type(error).__name__}: {error}",
                    f"mend it, then make the reports again: chatbot-qa report {folder}",
                ) from error

    run = run_of(journal)
    counts: Counter[Ruling] = Counter()
    aside, flaky, reach = 0, 0, Reach()
    judged = JudgedRates()
    tell(RunStarted(run))
    for verdict in read(folder):
        reach = reach.plus(verdict)
        judged.add(verdict)
        if verdict.counts:
            counts[verdict.ruling] += 1
            flaky += verdict.flaky
        else:
            aside += 1
        tell(Judged(verdict, Recording(journal, verdict.trials)))
    ended = journal.ended
    seconds, stopped = (ended.seconds, ended.stopped) if ended else (0.0, "killed")
    finished = RunFinished(run, counts, seconds, stopped, aside, reach, flaky, judged.shown)
    tell(finished)
    return finished


def publish(folder: Path, reports: Sequence[ReporterSpec]) -> RunFinished:
    """Write these reports of a run into its folder."""
    journal = Journal(folder / JOURNAL)
    try:
        return retell(folder, journal, make(reports, folder))
    finally:
        journal.close()
