"""Several run folders into one: journals are put one after another and judged again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
from msgspec.structs import replace

from chatbot_qa.domain.events import ReplayEnded, RunFinished, RunInfo, RunStarted
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.judge import judge
from chatbot_qa.pipeline.options import RunOptions, Selection, Shard
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.pipeline.rerun import selection_of
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

    ``stopped`` is why it ended early, where the parts do not know; that a shard is missing is
    such a reason. What no part got to is then left out; of a run that came to its end it is
    ``error``.
    """
    journals = [Journal(part / JOURNAL) for part in parts]
    runs = [run_of(journal) for journal in journals]
    if len({(run.seed, str(run.settings.get("suites"))) for run in runs}) != 1:
        raise UsageError(
            "these are not parts of one run",
            "merge run folders of the same suites and the same --seed",
        )
    shards = [selection_of(run).shard for run in runs]
    stopped = stopped or missing(shards)
    ended = [journal.ended or ReplayEnded(0.0, KILLED) for journal in journals]
    stopped = stopped or next((end.stopped for end in ended if end.stopped), "")
    path = new_folder(out) / JOURNAL
    remember(out)
    _append(path, RunStarted(_whole(runs, sharded=shards[0] is not None)))
    with path.open("ab") as file:
        for journal in journals:
            file.writelines(_trials(journal.path))
    _append(path, ReplayEnded(max(end.seconds for end in ended), stopped))
    if stopped:
        reached = Names().union(*map(_reached, parts, journals))
        options = replace(options, selection=Selection(named=reached))
    return judge(out, options, listeners)


def missing(shards: Sequence[Shard | None]) -> str:
    """Which shards are not there, in words; "" where none is missing.

    Raises ``UsageError`` where they are not the shards of one run, or one is there twice.
    """
    there = [shard for shard in shards if shard is not None]
    if not there:
        return ""
    if len(there) != len(shards) or len({shard.of for shard in there}) != 1:
        raise UsageError(
            "these are not shards of one run", "merge the folders of all shards 1/n to n/n"
        )
    twice = [shard for shard in set(there) if there.count(shard) > 1]
    if twice:
        raise UsageError(f"shard {twice[0]} is there twice", "name each shard's folder once")
    lacking = sorted({*range(1, there[0].of + 1)} - {shard.number for shard in there})
    if not lacking:
        return ""
    named = ", ".join(map(str, lacking))
    return f"shard {named} of {there[0].of} is missing"


def _whole(runs: Sequence[RunInfo], *, sharded: bool) -> RunInfo:
    """What was asked for in all of them: of shards, all that each was asked for."""
    first = runs[0]
    if not sharded:
        return first
    settings = {name: value for name, value in first.settings.items() if name != "shard"}
    return replace(first, cases=sum(run.cases for run in runs), settings=settings)


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
