"""Put a run's report on a site of static pages, and keep the site small.

The run folder is data, perhaps from a fork: its reports are made anew of its journal and its
verdicts, and none that it brings along is published.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from chatbot_qa.domain.events import RunFinished
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.pipeline import allure_history
from chatbot_qa.pipeline.publish import make, named, retell
from chatbot_qa.registry import Registry
from chatbot_qa.report.gauge import Gauge
from chatbot_qa.report.part import PartFile
from chatbot_qa.report.site import Published, front
from chatbot_qa.report.words import sentence
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import FILE as VERDICTS

INDEX, LIST, RUNS, BADGE = "index.html", "runs.json", "runs", "badge.svg"
REPORTS = ("html", "badge")

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Keep(Struct, frozen=True):
    """How much of the site stays: at most so many runs, and so many bytes."""

    runs: int = 50
    size: int = 500_000_000


class Front(Struct, frozen=True):
    """What the site is called, the commit of the run, and folders of other reports by name."""

    title: str = "chatbot-qa"
    commit: str = ""
    more: Sequence[tuple[str, Path]] = ()


class _Site(Struct):
    """What ``runs.json`` holds: the runs, the newest first, and how many were removed."""

    runs: list[Published] = []
    gone: int = 0


def put(
    site: Path,
    folder: Path,
    keep: Keep,
    about: Front,
) -> list[str]:
    """Add the run in ``folder`` to ``site``; returns the folders of runs that were removed.

    A run that is there already is replaced, and other reports are copied beside ours. The
    history that Allure keeps in ``site`` is pruned to as many runs as the site.
    Raises ``UsageError`` and ``StorageError``.
    """
    if not (folder / VERDICTS).exists():
        raise UsageError(f"{folder} holds no {VERDICTS}", f"judge it: chatbot-qa judge {folder}")
    try:
        return _put(site, folder, keep, about)
    except OSError as error:
        raise StorageError(
            f"{error.filename or site}: the site cannot be written: {error.strerror}", "make room"
        ) from error


def _put(
    site: Path,
    folder: Path,
    keep: Keep,
    about: Front,
) -> list[str]:
    known = _read(site)
    (site / RUNS).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=site, prefix=".new-") as scratch:
        made = Path(scratch) / "run"
        made.mkdir()
        for name in (JOURNAL, VERDICTS):
            shutil.copyfile(folder / name, made / name)
        one = _made(made, about)
        for name in (JOURNAL, VERDICTS, "badge.json"):
            (made / name).unlink()
        place = site / RUNS / one.folder
        if place.exists():
            shutil.rmtree(place)
        made.replace(place)
    runs = [one, *(run for run in known.runs if run.folder != one.folder)]
    runs.sort(key=lambda run: run.started, reverse=True)
    history = site / allure_history.FILE
    kept = _kept(runs, keep, history.stat().st_size if history.exists() else 0)
    gone = [run.folder for run in runs if run not in kept]
    for name in gone:
        shutil.rmtree(site / RUNS / name)
    allure_history.prune(history, len(kept))
    _write(site, _Site(kept, known.gone + len(gone)), about.title)
    return gone


def _made(made: Path, about: Front) -> Published:
    gauge = Gauge()
    journal = Journal(made / JOURNAL)
    try:
        finished = retell(made, journal, (gauge, *make(named(REPORTS, Registry()), made)))
    finally:
        journal.close()
    pages = [("report", "report.html")]
    for number, (name, tree) in enumerate(about.more, 1):
        shutil.copytree(tree, made / f"more-{number}", symlinks=False)
        pages.append((name, f"more-{number}/index.html"))
    numbers = gauge.numbers
    return Published(
        finished.run.id, _name(finished), finished.run.started, finished.ruling,
        sentence(finished), numbers.of(Ruling.PASSED), sum(numbers.counts.values()),
        numbers.flaky, numbers.attacked.succeeded, numbers.attacked.of, numbers.p95, about.commit,
        _size(made), tuple(pages),
    )  # fmt: skip


def _name(finished: RunFinished) -> str:
    """A folder's name made of the run's id; of a digest where the id is no plain name."""
    name = finished.run.id
    if _PLAIN_NAME.fullmatch(name):
        return name
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _kept(runs: Sequence[Published], keep: Keep, history: int) -> list[Published]:
    """The newest runs that fit beside ``history`` bytes; the very newest is kept in any case."""
    kept: list[Published] = []
    room = keep.size - history
    for run in runs[: keep.runs]:
        if kept and run.size > room:
            break
        room -= run.size
        kept.append(run)
    return kept


def _read(site: Path) -> _Site:
    path = site / LIST
    if not path.exists():
        if (site / INDEX).exists():
            raise UsageError(
                f"{site / INDEX} stands there already and is no page of ours",
                "name an empty folder for the site",
            )
        return _Site()
    try:
        known = msgspec.json.decode(path.read_bytes(), type=_Site)
    except msgspec.DecodeError as error:
        raise UsageError(
            f"{path} is not a list of runs: {error}", "restore it, or begin with an empty site"
        ) from error
    there = [run for run in known.runs if _PLAIN_NAME.fullmatch(run.folder)]
    return _Site([run for run in there if (site / RUNS / run.folder).is_dir()], known.gone)


def _write(site: Path, known: _Site, title: str) -> None:
    with PartFile(site / LIST) as file:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1))
    with PartFile(site / INDEX) as file:
        file.write(front(title, known.runs, known.gone))
    newest = site / RUNS / known.runs[0].folder / BADGE
    shutil.copyfile(newest, site / BADGE)
