"""``chatbot-qa pages``: publish a run on a site of static pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from chatbot_qa.errors import UsageError


def pages_command(
    *,
    site: Annotated[Path, typer.Argument(metavar="SITE", help="The folder of the site.")],
    folder: Annotated[
        str, typer.Argument(metavar="RUN", help="A run folder, or latest.")
    ] = "latest",
    keep_runs: Annotated[
        int, typer.Option(min=1, help="How many runs the site keeps at most.")
    ] = 50,
    keep_size: Annotated[
        str, typer.Option(help="How large it may grow, as '500 MB'; Pages holds 1 GB.")
    ] = "500 MB",
    title: Annotated[str, typer.Option(help="The heading of the front page.")] = "chatbot-qa",
    also: Annotated[
        list[str] | None,
        typer.Option(help="Another report to publish beside it, as allure=FOLDER."),
    ] = None,
) -> None:
    """Add a run to a site of static pages: its report, a badge, the trend; and prune the site."""
    from chatbot_qa.domain.suite import Unfit
    from chatbot_qa.pipeline.github_place import place_of
    from chatbot_qa.pipeline.pages import Front, Keep, put
    from chatbot_qa.runlog.folder import existing_folder
    from chatbot_qa.spec.values import size

    try:
        room = int(size(keep_size))
    except Unfit as error:
        raise UsageError(f"--keep-size: {error}", "write it as --keep-size '500 MB'") from error
    place = existing_folder(folder)
    commit = place_of(os.environ).commit
    about = Front(title, commit, [_other(text) for text in also or ()])
    gone = put(site, place, Keep(keep_runs, room), about)
    typer.echo(site / "index.html")
    if gone:
        typer.echo(f"no longer kept: {len(gone):,} older {'run' if len(gone) == 1 else 'runs'}")


def _other(text: str) -> tuple[str, Path]:
    name, equals, folder = text.partition("=")
    if not (name and equals and (Path(folder) / "index.html").is_file()):
        raise UsageError(
            f"--also {text} names no report", "write allure=FOLDER, with an index.html in it"
        )
    return name, Path(folder)
