"""``judge``, ``merge`` and ``report``: runs once more, without the bot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from chatbot_qa.faces.cli.compare import (
    BaselineOption,
    CostlierByOption,
    SlowerByOption,
    WorseByOption,
    against_of,
    compared_after,
    gates_of,
    worst_of,
)
from chatbot_qa.faces.cli.ending import (
    FailOn,
    FailOnOption,
    Format,
    FormOption,
    QuietOption,
    ReportOption,
    Shown,
    ShowPassedOption,
    exit_code,
    leave,
    strangers_aside,
    world,
    write_json,
)
from chatbot_qa.pipeline.options import RunOptions

RunsConfigOption = Annotated[
    Path | None, typer.Option(help="A configuration other than the run's.")
]


def judge_command(
    *,
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or latest.")],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="The suites, if they no longer stand where the run had them."),
    ] = None,
    config: RunsConfigOption = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Refuse judges that need the network.")
    ] = False,
    report: ReportOption = None,
    fail_on: FailOnOption = FailOn.INCONCLUSIVE,
    form: FormOption = Format.TEXT,
    quiet: QuietOption = False,
    show_passed: ShowPassedOption = False,
) -> None:
    """Judge a run again by the suites as they are now. The bot is not called; judges may be."""
    from chatbot_qa.pipeline.judge import judge
    from chatbot_qa.runlog.folder import existing_folder

    place = existing_folder(folder)
    options = RunOptions(
        paths=tuple(paths or ()),
        config=config,
        reports=tuple(report) if report else None,
        offline=offline,
    )
    listeners = Shown(form, quiet, show_passed).listeners()
    with strangers_aside():
        finished = judge(place, options, listeners, world=world())
    if form is Format.JSON:
        write_json(place, finished)
    leave(exit_code(finished, fail_on))


def merge_command(
    *,
    folders: Annotated[
        list[str], typer.Argument(metavar="RUNS", help="Run folders of the shards of one run.")
    ],
    out: Annotated[Path, typer.Option(help="The run folder to make.")],
    baseline: BaselineOption = None,
    worse_by: WorseByOption = None,
    slower_by: SlowerByOption = None,
    costlier_by: CostlierByOption = None,
    report: ReportOption = None,
    config: RunsConfigOption = None,
    fail_on: FailOnOption = FailOn.INCONCLUSIVE,
    form: FormOption = Format.TEXT,
    quiet: QuietOption = False,
    show_passed: ShowPassedOption = False,
) -> None:
    """Put the shards of one run together and judge the whole. A missing shard is an error."""
    from chatbot_qa.pipeline.merge import merge
    from chatbot_qa.runlog.folder import existing_folder

    parts = [existing_folder(name) for name in folders]
    options = RunOptions(paths=(), config=config, reports=tuple(report) if report else None)
    gates = gates_of(worse_by, slower_by, costlier_by)
    against = against_of(baseline, gates, options, os.environ)
    shown = Shown(form, quiet, show_passed)
    finished = merge(parts, out, options, shown.listeners())
    if form is Format.JSON:
        write_json(out, finished)
    code = exit_code(finished, fail_on)
    if against is not None:
        code = worst_of(code, compared_after(out, against, shown), fail_on)
    # whatever is let pass, a run of which a part is missing is not
    leave(code or (3 if finished.stopped else 0))


def report_command(
    folder: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or latest.")],
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="html, junit, figures, allure, sarif, badge, summary, trust, or json on standard "
            "output.",
        ),
    ] = None,
    html: Annotated[
        bool,
        typer.Option("--html", help="Build Allure's HTML, too, by the `allure` of this machine."),
    ] = False,
    history: Annotated[
        Path | None, typer.Option(help="The folder of what Allure's next report needs.")
    ] = None,
) -> None:
    """Write reports of a run from its folder."""
    from chatbot_qa.pipeline.allure_html import HTML, build
    from chatbot_qa.pipeline.publish import DEFAULT, files, named, publish
    from chatbot_qa.registry import Registry
    from chatbot_qa.runlog.folder import HOME, existing_folder

    place = existing_folder(folder)
    wanted = form or list(DEFAULT)
    if html:
        wanted = [*dict.fromkeys((*wanted, "allure", "trust"))]
    reports = named([name for name in wanted if name != "json"], Registry())
    finished = publish(place, reports)
    made = [file for file in files(reports, place) if file.exists()]
    if html:
        made.append(build(place, place / HTML, history or HOME))
    if "json" in wanted:
        write_json(place, finished)
        return
    for file in made:
        typer.echo(file)
