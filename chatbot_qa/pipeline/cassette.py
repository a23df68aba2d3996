"""Cassettes: what a run heard, committed beside the suites, and replayed without the bot.

A cassette is a journal: the same lines, put in the order of the suites so that a new recording
changes few of them. Replaying makes a run folder of it and judges that, by the suites as they
are: what was not recorded is an error, never a pass.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa import __version__
from chatbot_qa.domain.events import (
    ANEW,
    BUTTONLESS,
    REPLAYED,
    ReplayEnded,
    RunFinished,
    RunInfo,
    RunStarted,
)
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import StorageError, UsageError
from chatbot_qa.pipeline.cases import Declared, selected
from chatbot_qa.pipeline.judge import judge
from chatbot_qa.pipeline.options import RunOptions, Selection, World
from chatbot_qa.pipeline.prepare import prepare_to_judge, profile_of
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.pipeline.rerun import recorded
from chatbot_qa.pipeline.run import Listeners, no_one, started
from chatbot_qa.registry import Registry
from chatbot_qa.report.part import PartFile
from chatbot_qa.runlog.codec import encode
from chatbot_qa.runlog.folder import JOURNAL, folder_name, new_folder, remember
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import read
from chatbot_qa.spec.variables import Scope

_OPTIONS = orjson.OPT_APPEND_NEWLINE
_KEPT = ("suites", BUTTONLESS, "utc_offset", "target")
_ASKED = ("again", "cases", "tags")
"""How the recording was asked for: what a new one is asked for by."""


class Replayed(Struct, frozen=True):
    """A run that was made of a cassette; ``age`` is that of the recording, in days.

    ``fail_on`` is what the profile says of the exit code.
    """

    folder: Path
    finished: RunFinished
    age: float
    fail_on: str


def record(folder: Path, path: Path, environ: Mapping[str, str]) -> int:
    """Write the run in ``folder`` as a cassette; returns how many conversations are on it.

    Raises ``UsageError`` where nothing may be written there, or the bot answered nothing, and
    ``StorageError``.
    """
    refuse_to_record(path, environ)
    journal = Journal(folder / JOURNAL)
    try:
        head, lines = _head(run_of(journal)), _lines_of(folder / JOURNAL)
    finally:
        journal.close()
    if not any(b'"reply"' in line for many in lines.values() for line in many):
        raise UsageError(
            f"the bot answered nothing, so nothing is recorded: {path} stays as it was",
            "see what the errors say, then record again",
        )
    first = [key for verdict in read(folder) for key in verdict.trials]
    order = {key: place for place, key in enumerate(dict.fromkeys(first))}
    keys = sorted(lines, key=lambda key: (order.get(key, len(order)), key))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with PartFile(path) as file:
            file.write_bytes(orjson.dumps(encode(RunStarted(head)), option=_OPTIONS))
            for key in keys:
                file.write_bytes(b"".join(lines[key]))
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}", "make room") from error
    return len(keys)


def refuse_to_record(path: Path, environ: Mapping[str, str]) -> None:
    """Refuse to write over what is no cassette, and in a CI over one.

    A cassette is written at a desk and looked at; a CI that renewed it would hide a change.
    """
    if path.exists() and not _is_cassette(path):
        raise UsageError(
            f"{path} stands there already and is no cassette", "name another file with --record"
        )
    if environ.get("CI") and path.exists():
        raise UsageError(
            f"{path} is there already, and a CI writes over no cassette",
            "record it at a desk, look at what changed, and commit it",
        )


def _is_cassette(path: Path) -> bool:
    """Whether the first line of a file tells of a run."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        line = file.readline()
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(first, dict) and first.get("event") == "run"


def _head(run: RunInfo) -> RunInfo:
    """The first line: what of the run a replay needs, and who wants to record it anew."""
    return replace(run, settings=_of(run, _KEPT + _ASKED))


def _of(run: RunInfo, names: tuple[str, ...]) -> dict[str, JsonValue]:
    return {name: value for name, value in run.settings.items() if name in names}


def _lines_of(path: Path) -> dict[str, list[bytes]]:
    """The lines of each conversation, by its key; of one that was begun afresh the last ones."""
    found: dict[str, list[bytes]] = {}
    with path.open("rb") as file:
        for line in file:
            event = orjson.loads(line)
            if event["event"] == "trial":
                found[event["key"]] = [line]
            elif "key" in event:
                found[event["key"]].append(line)
    return found


def replay(
    path: Path, options: RunOptions, listeners: Listeners = no_one, *, world: World
) -> Replayed:
    """Judge the suites by what is on a cassette; no bot and no model is asked.

    Raises ``UsageError`` for a file that is no cassette.
    """
    cassette = _opened(path)
    was = run_of(cassette)
    cassette.close()
    _refuse_other(options, was)
    registry, now = Registry(), world.now()
    prepared = prepare_to_judge(options, registry)
    profile = profile_of(prepared.config, options.profile)
    selection = replace(options.selection, tags=options.selection.tags or profile.tags)
    scope = Scope(was.seed, started(was), prepared.secrets)
    declared = Declared(
        prepared.suites,
        selection,
        scope,
        registry,
        config=prepared.config,
        buttonless=was.settings.get(BUTTONLESS, {}),
    )
    shift = round(now.timestamp() - was.started, 3)
    info = replace(
        was,
        id=world.draw_id(),
        started=now.timestamp(),
        paths=tuple(file.as_posix() for file in options.paths),
        version=__version__,
        cases=selected(declared),
        settings={
            **recorded(options, selection),
            **_of(was, _KEPT),
            "again": f"{options.again} --replay {shlex.quote(path.as_posix())}".lstrip(),
            REPLAYED: {
                "from": path.as_posix(),
                "started": was.started,
                **({} if path.is_dir() else {ANEW: anew(was, selection, options.paths, path)}),
            },
        },
    )
    folder = _filled(options.out or folder_name(now, info.id), info, _shifted(path, shift))
    reports = options.reports if options.reports is not None else profile.reports
    finished = judge(folder, replace(options, selection=Selection(), reports=reports), listeners)
    return Replayed(folder, finished, shift / 86_400, options.fail_on or profile.fail_on)


def anew(was: RunInfo, selection: Selection, paths: Sequence[Path], path: Path) -> str:
    """The command that records a cassette anew: as it was recorded, with all that is judged today.

    It names the seed, so that what did not change stays as it is on the cassette. Cases and tags
    are named where the recording and today's replay took the same.
    """
    suites = dict.fromkeys((*was.paths, *(file.as_posix() for file in paths)))
    words = ["chatbot-qa", "run", *suites]
    for option, taken, key in (("case", selection.cases, "cases"), ("tag", selection.tags, "tags")):
        if tuple(was.settings.get(key, ())) == taken:
            words += [word for value in taken for word in (f"--{option}", value)]
    told = shlex.join(words)
    flags = str(was.settings.get("again", ""))
    if not flags and (target := was.settings.get("target")):
        flags = shlex.join(("--target", target))
    seed = "" if "--seed" in flags else f"--seed {was.seed}"
    return " ".join(filter(None, (told, flags, seed, shlex.join(("--record", path.as_posix())))))


def _opened(path: Path) -> Journal:
    file = path / JOURNAL if path.is_dir() else path
    if not file.is_file():
        raise UsageError(f"there is no cassette {path}", f"record one: --record {path}")
    journal = Journal(file)
    if journal.run is None:
        raise UsageError(f"{path} is no cassette: its first line tells of no run", "record it anew")
    return journal


def _refuse_other(options: RunOptions, was: RunInfo) -> None:
    """What would be asked otherwise than it was recorded."""
    if options.seed is not None and options.seed != was.seed:
        raise UsageError(
            f"the cassette was recorded with the seed {was.seed}, not {options.seed}",
            "leave --seed out: a replay takes the recorded one",
        )
    if options.asked.options:
        name = next(iter(options.asked.options))
        raise UsageError(
            f"a replay asks no bot, so `{name}` of a target changes nothing",
            "leave it out, or record anew with it",
        )
    target = options.asked.target
    talked_to = set(was.settings.get("suites", {}).values())
    if target is not None and talked_to - {target}:
        raise UsageError(
            f"the cassette was recorded from {', '.join(sorted(talked_to))}, not {target}",
            "leave --target out: nobody is asked",
        )


def _shifted(path: Path, seconds: float) -> Iterator[bytes]:
    """The lines of the conversations, their times moved to now."""
    file = path / JOURNAL if path.is_dir() else path
    with file.open("rb") as lines:
        for line in lines:
            event: dict[str, Any] = orjson.loads(line)
            if event["event"] in ("run", "ended"):
                continue
            if "at" in event:
                event["at"] = round(event["at"] + seconds, 3)
            yield orjson.dumps(event, option=_OPTIONS)


def _filled(folder: Path, info: RunInfo, lines: Iterator[bytes]) -> Path:
    """A run folder with these conversations in it."""
    path = new_folder(folder) / JOURNAL
    remember(folder)
    journal = Journal(path)
    journal.append(RunStarted(info))
    journal.close()
    with path.open("ab") as file:
        file.writelines(lines)
    journal = Journal(path)
    journal.append(ReplayEnded(0.0))
    journal.close()
    return folder
