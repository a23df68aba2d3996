"""``chatbot-qa doctor``: is everything there, and does each target answer?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot_qa.faces.cli.ending import Format
from chatbot_qa.faces.cli.repeat import (
    BaseUrlOption,
    ModelOption,
    SetOption,
    TargetOption,
    UrlOption,
    asked_of,
)
from chatbot_qa.text.safe import one_line

if TYPE_CHECKING:
    from chatbot_qa.pipeline.doctor import Found


def doctor_command(
    *,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Suites, or folders with suites.")
    ] = None,
    target: TargetOption = None,
    base_url: BaseUrlOption = None,
    model: ModelOption = None,
    url: UrlOption = None,
    setting: SetOption = None,
    config: Annotated[
        Path | None, typer.Option(help="A configuration other than the chatbot-qa.yaml near by.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="json puts all findings on standard output.")
    ] = Format.TEXT,
) -> None:
    """Say what each target answers and what is missing, with the mend; one line a finding.

    A target is sent three short messages; a suite is not run.
    """
    from chatbot_qa.pipeline.doctor import State, examine

    asked = asked_of(target, setting, base_url=base_url, model=model, url=url)
    found = examine(asked, tuple(paths or ()), config, os.environ)
    told = list(_printed(found) if form is Format.TEXT else found)
    if form is Format.JSON:
        typer.echo(_as_json(told))
    if any(one.state is State.BAD for one in told):
        raise typer.Exit(3)


def _printed(found: Iterable[Found]) -> Iterator[Found]:
    """Each finding, once it is printed."""
    for one in found:
        mend = f" (mend: {one.mend})" if one.mend else ""
        typer.echo(f"{one.state:<5} {one_line(f'{one.about}: {one.message}{mend}')}")
        yield one


def _as_json(found: Iterable[Found]) -> str:
    """A list of ``{state, about, message, mend}``."""
    lines = [
        {"state": one.state, "about": one.about, "message": one.message, "mend": one.mend}
        for one in found
    ]
    return json.dumps(lines, ensure_ascii=False, indent=2)
