"""``chatbot-qa github``: tell GitHub of a run, from inside of a job."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.compare import (
    CostlierByOption,
    SlowerByOption,
    WorseByOption,
    gates_of,
)
from chatbot_qa.text.safe import for_ci_log

if TYPE_CHECKING:
    from chatbot_qa.pipeline.baseline import Baseline


def github_command(
    *,
    folder: Annotated[
        str, typer.Argument(metavar="RUN", help="A run folder, or latest.")
    ] = "latest",
    under_way: Annotated[
        bool, typer.Option("--running", help="Only say in the comment that a run is under way.")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option(help="The run to compare with, as for `compare`.")
    ] = None,
    worse_by: WorseByOption = None,
    slower_by: SlowerByOption = None,
    costlier_by: CostlierByOption = None,
    comment: Annotated[
        bool, typer.Option("--comment/--no-comment", help="One comment on the pull request.")
    ] = True,
    summary: Annotated[
        bool, typer.Option("--summary/--no-summary", help="The step summary.")
    ] = True,
    annotations: Annotated[
        bool, typer.Option("--annotations/--no-annotations", help="Annotations on suites.")
    ] = True,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="A check run, where the token may.")
    ] = False,
    link: Annotated[str, typer.Option(help="Address of the published report.")] = "",
    key: Annotated[
        str, typer.Option(help="Tells the comments of several jobs on one pull request apart.")
    ] = "chatbot-qa",
    pull: Annotated[
        int | None, typer.Option(help="Number of the pull request, where the event has none.")
    ] = None,
) -> None:
    """Tell GitHub of a run: step summary, annotations, outputs, one comment, a check run.

    What the job's token may not do is said, and fails nothing.
    """
    from chatbot_qa.pipeline.github import Wanted, tell, tell_running
    from chatbot_qa.pipeline.github_place import place_of
    from chatbot_qa.runlog.folder import existing_folder

    if link and not link.startswith(("https://", "http://")):
        raise UsageError(f"--link: {link} is no address", "begin it with https://")
    place = place_of(os.environ)
    run = None if under_way else existing_folder(folder)
    before, why = _baseline(baseline, run)
    gates = gates_of(worse_by, slower_by, costlier_by)
    wanted = Wanted(before, why, gates, key, link, pull, summary, annotations, comment, check)
    if run is None:
        for line in tell_running(place, wanted):
            typer.echo(for_ci_log(line))
        return
    if baseline and before is None:
        typer.echo(for_ci_log(why))
    told = tell(run, place, wanted)
    for line in told.lines:
        typer.echo(for_ci_log(line))
    for command in told.commands:
        typer.echo(command)


def _baseline(name: str | None, run: Path | None) -> tuple[Baseline | None, str]:
    """The baseline of a run, and why there is none; a missing one fails nothing."""
    from chatbot_qa.pipeline.baseline import Finder

    if not name or run is None:
        return None, "No baseline was named: nothing is compared."
    try:
        found = Finder.of_run(run, os.environ).find(name)
    except UsageError as error:
        return None, f"No baseline, so nothing is compared: {error.message}."
    if found.missing:
        return None, f"No baseline, so nothing is compared: {found.missing}."
    return found, ""
