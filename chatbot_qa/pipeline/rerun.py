"""What an earlier run says about the next one: what failed, how it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.options import Asked, RunOptions, Selection, Shard, without_credentials
from chatbot_qa.pipeline.publish import run_of
from chatbot_qa.runlog.folder import JOURNAL, recent
from chatbot_qa.runlog.journal import Journal
from chatbot_qa.runlog.verdicts import FILE as VERDICTS
from chatbot_qa.runlog.verdicts import read

_FINE = (Ruling.PASSED, Ruling.SKIPPED)


Name = tuple[str, str, str]


def did_not_pass() -> frozenset[Name]:
    """The names (suite, case, row) of the cases that last time neither passed nor were skipped.

    Those that are set aside, so that their verdict does not count, are not among them.
    For each case its newest verdict counts, back to the last run of everything: repeating
    a single case does not make the others forgotten. Raises ``UsageError`` where there is none.
    """
    newest: dict[Name, Ruling] = {}
    known = False
    for folder in recent():
        if not (folder / VERDICTS).exists():
            continue  # it was killed before it could judge
        known = True
        for verdict in read(folder):
            if verdict.kind != "suite":
                case = verdict.case
                ruling = verdict.ruling if verdict.counts else Ruling.SKIPPED
                newest.setdefault((case.suite, case.case, case.row), ruling)
        if selection_of(run_of(Journal(folder / JOURNAL))).everything:
            break
    if not known:
        raise UsageError("there is no earlier run here", "run the suites first: chatbot-qa run")
    names = frozenset(name for name, ruling in newest.items() if ruling not in _FINE)
    if not names:
        raise UsageError("no case failed last time", "run all of them: leave --failed out")
    return names


def recorded(options: RunOptions, selection: Selection) -> Mapping[str, JsonValue]:
    """What was asked of a run, as its journal keeps it; of a URL no credential."""
    asked = options.asked
    return {
        "target": asked.target,
        "options": {key: _public(str(value)) for key, value in asked.options.items()},
        "profile": options.profile,
        "config": options.config.as_posix() if options.config else "",
        "cases": selection.cases,
        "tags": selection.tags,
        "named": None if selection.named is None else sorted(selection.named),
        **({"shard": [selection.shard.number, selection.shard.of]} if selection.shard else {}),
        "again": options.again,
    }


def resumed(folder: Path, options: RunOptions) -> RunOptions:
    """What to ask to go on with a run: what it was asked, where ``options`` leave it open."""
    run = run_of(Journal(folder / JOURNAL))
    was = run.settings
    changes: dict[str, Any] = {
        "resume": folder,
        "profile": options.profile or was.get("profile"),
        "config": options.config or config_of(run),
    }
    if options.seed is None and "--seed" in was.get("again", ""):
        changes["seed"] = run.seed
    if not options.paths:
        changes["paths"] = tuple(Path(path) for path in run.paths)
    if options.asked == Asked():
        given = was.get("options", {})
        hidden = [key for key, value in given.items() if value is None]
        if hidden:
            raise UsageError(
                f"the {hidden[0].replace('_', '-')} of that run held credentials, and no run "
                "keeps those",
                "give --target and its options again, beside --resume",
            )
        changes["asked"] = Asked(target=was.get("target"), options=given)
    if options.selection.everything:
        changes["selection"] = selection_of(run)
    return replace(options, **changes)


def of_another_bot(run: RunInfo, suites: Mapping[str, str], targets: Mapping[str, str]) -> str:
    """That a run goes on with another bot than it began with, in words; "" where it does not.

    ``suites`` maps each suite to its target of today, ``targets`` those to their fingerprints.
    """
    before = run.settings.get("suites", {})
    for suite, now in suites.items():
        was = before.get(suite)
        if was is not None and run.targets.get(was) != targets[now]:
            names = f"{was}, and goes on with {now}" if was != now else f"another {was}"
            return f"the run began with {names}: what {suite} asks is asked anew"
    return ""


def told_now(options: RunOptions) -> Mapping[str, JsonValue]:
    """What a run that is gone on with is asked by from now on: its target, not its cases."""
    names = ("target", "options", "profile", "config", "again")
    now = recorded(options, Selection())
    return {name: now[name] for name in names}


def config_of(run: RunInfo) -> Path | None:
    """The configuration that was named for a run."""
    config = run.settings.get("config")
    return Path(config) if config else None


def selection_of(run: RunInfo) -> Selection:
    """The cases that were asked for in a run."""
    was = run.settings
    named = was.get("named")
    return Selection(
        cases=tuple(was.get("cases", ())),
        tags=tuple(was.get("tags", ())),
        named=None if named is None else frozenset(tuple(name) for name in named),
        shard=Shard(*was["shard"]) if "shard" in was else None,
    )


def _public(value: str) -> str | None:
    return value if without_credentials(value) == value else None
