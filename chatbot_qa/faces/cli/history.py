"""``chatbot-qa history``: what became of every case over all runs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatbot_qa.domain.settings import Keep
from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.ending import Format, world
from chatbot_qa.text.safe import one_line

if TYPE_CHECKING:
    from chatbot_qa.history.store import Store
    from chatbot_qa.pipeline.history import Known

history_app = typer.Typer(
    help="What became of every case over all runs: trends, baselines, drift.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

ConfigOption = Annotated[
    Path | None, typer.Option(help="A configuration other than the chatbot-qa.yaml near by.")
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="json puts the result on standard output, alone.")
]
BranchOption = Annotated[str | None, typer.Option(help="Runs of this branch; the main one.")]
_RUNS = 180
"""How many runs are looked at for drift, where nobody says otherwise."""


@history_app.command("add")
def add_command(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders, or latest.")],
    config: ConfigOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Add runs to the history; one that it has already changes nothing."""
    from chatbot_qa.history.store import Store
    from chatbot_qa.pipeline.history import add
    from chatbot_qa.runlog.folder import existing_folder

    folders = [existing_folder(name) for name in runs]
    known = _known(config)
    here = world()
    with Store.make(known.place) as store:
        changes = [
            (folder, add(store, known, folder, here.now().timestamp(), here.environ).value)
            for folder in folders
        ]
    _tell(
        form,
        {"runs": [{"folder": str(folder), "change": change} for folder, change in changes]},
        (f"{change:<9}  {folder}" for folder, change in changes),
    )


@history_app.command("list")
def list_command(
    branch: BranchOption = None,
    last: Annotated[int, typer.Option(min=1, help="So many runs, the newest.")] = 20,
    config: ConfigOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """List the runs that it holds, the newest first."""
    from chatbot_qa.history.telling import run_json, run_line

    with _opened(_known(config)) as store:
        kept = store.runs(last, branch or "")
        held, cases, results = store.size()
    lines = [*map(run_line, kept), _size(held, cases, results)]
    told = {"runs": list(map(run_json, kept)), "held": held, "cases": cases, "results": results}
    _tell(form, told, lines)


@history_app.command("case")
def case_command(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Its id, or 'id[row]'.")],
    branch: BranchOption = None,
    config: ConfigOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Tell the life of a case: pass rate, flake rate, first bad commit, time to fix."""
    from chatbot_qa.history.life import life_of
    from chatbot_qa.history.telling import case_json, case_lines
    from chatbot_qa.pipeline.history import on_branch

    known = _known(config)
    with _opened(known) as store:
        number, found = _one_case(store, case)
        asked = branch or known.settings.main
        points = store.trend(number, asked) if branch else on_branch(store, number, asked)
    of = asked if all(point.branch == asked for point in points) else ""
    life = life_of(points)
    _tell(form, case_json(found, of, points, life), case_lines(found, of, points, life))


@history_app.command("drift")
def drift_command(
    branch: BranchOption = None,
    profile: Annotated[
        str | None, typer.Option(help="Only runs of this profile, such as nightly.")
    ] = None,
    last: Annotated[int, typer.Option(min=1, help="So many runs, the newest.")] = _RUNS,
    config: ConfigOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Say what drifted: pass rate, latency, length of replies, refusals, and since when."""
    from chatbot_qa.history.telling import drift_json, drift_lines
    from chatbot_qa.pipeline.history import drift

    known = _known(config)
    with _opened(known) as store:
        main = known.settings.main if store.has_branch(known.settings.main) else ""
        found = drift(store, branch or main, profile or "", last)
    _tell(form, drift_json(found), drift_lines(found))


@history_app.command("quarantine")
def quarantine_command(config: ConfigOption = None, form: FormatOption = Format.TEXT) -> None:
    """Say which quarantined cases of the newest run are healthy again, and which have lapsed."""
    from chatbot_qa.pipeline.history import quarantined

    known = _known(config)
    with _opened(known) as store:
        newest = store.newest()
        cases = [] if newest is None else quarantined(store, known, newest.number)
    told = [
        {
            "suite": one.case.suite,
            "id": str(one.case).partition(" › ")[2],
            "file": one.case.file,
            "line": one.case.line,
            "clean": one.health.clean,
            "needed": one.health.needed,
            "healthy": one.health.healthy,
            "lapsed": one.lapsed,
        }
        for one in cases
    ]
    lines = [one.told for one in cases] or ["No case of the newest run is in quarantine."]
    _tell(form, {"cases": told}, lines)


@history_app.command("prune")
def prune_command(
    runs: Annotated[int | None, typer.Option(min=1, help="Keep so many runs.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Keep no older ones.")] = None,
    config: ConfigOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Let go of runs that are too many or too old; run folders stay where they are."""
    known = _known(config)
    usual = known.settings.keep
    keep = Keep(runs=runs or usual.runs, days=days or usual.days)
    with _opened(known) as store:
        gone = store.prune(keep, world().now().timestamp(), known.settings.main)
        held, *_ = store.size()
    told = f"{_numbered(gone, 'run')} let go of, {held:,} kept"
    _tell(form, {"gone": gone, "held": held}, [told])


def _size(runs: int, cases: int, results: int) -> str:
    counts = ((runs, "run"), (cases, "case"), (results, "result"))
    return ", ".join(_numbered(number, thing) for number, thing in counts)


def _numbered(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _known(config: Path | None) -> Known:
    from chatbot_qa.pipeline.history import nearest

    return nearest(config, os.environ)


def _opened(known: Known) -> Store:
    from chatbot_qa.history.store import Store

    return Store.open(known.place)


def _one_case(store: Store, name: str) -> tuple[int, Any]:
    """The case of this name. Raises ``UsageError`` where it means none, or several."""
    found = store.cases(name)
    if not found:
        raise UsageError(
            f"the history has no case {name}", "name it as reports do: id, or 'id[row]'"
        )
    if len(found) > 1:
        named = ", ".join(f"'{case}'" for case in list(found.values())[:5])
        more = "" if len(found) <= 5 else f" and {len(found) - 5:,} more"
        raise UsageError(f"{name} means {len(found):,} cases", f"name one: {named}{more}")
    return next(iter(found.items()))


def _tell(form: Format, told: dict[str, Any], lines: Iterable[str]) -> None:
    if form is Format.JSON:
        typer.echo(json.dumps(told))
        return
    from chatbot_qa.report.printer import printer

    printed = printer(sys.stdout, colour=False, live=False)
    printed.lines([(("", one_line(line)),) for line in lines])
