"""``run --record`` and ``run --replay``: a run without its bot."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import typer
from msgspec import Struct

from chatbot_qa.faces.cli.compare import Against, compared_after, worst_of
from chatbot_qa.faces.cli.ending import FailOn, Format, Shown, exit_code, world, write_json
from chatbot_qa.pipeline.options import RunOptions
from chatbot_qa.text.many import many

STALE = 90
"""Days after which a cassette says little of the bot as it is."""


class Played(Struct, frozen=True):
    """What a replay is held against."""

    fail_on: FailOn | None
    against: Against | None
    stale_after: int | None


def refuse_to_record(path: Path, environ: Mapping[str, str]) -> None:
    """Refuse before the bot is asked what would be refused at the end."""
    from chatbot_qa.pipeline import cassette

    cassette.refuse_to_record(path, environ)


def write_cassette(folder: Path, path: Path) -> None:
    """Write the run as a cassette, and say so."""
    from chatbot_qa.pipeline.cassette import record

    number = record(folder, path, os.environ)
    what = "conversation" if number == 1 else "conversations"
    typer.echo(f"recorded {number:,} {what}: {path}", err=True)


def replayed(path: Path, options: RunOptions, shown: Shown, played: Played) -> int:
    """Judge a cassette and show it; returns the exit code, 3 at least for one that is stale."""
    from chatbot_qa.pipeline.cassette import replay

    done = replay(path, options, shown.listeners(), world=world())
    if shown.form is Format.JSON:
        write_json(done.folder, done.finished)
    fail_on = played.fail_on or done.fail_on
    code = exit_code(done.finished, fail_on)
    if played.against is not None:
        gate = compared_after(done.folder, played.against, shown)
        code = worst_of(code, gate, fail_on)
    limit = STALE if played.stale_after is None else played.stale_after
    if done.age <= limit:
        return code
    word = "warning" if played.stale_after is None else "error"
    old = many(round(done.age), "day")
    told = f"{word}: the cassette {path} is {old} old; record it anew: --record {path}"
    typer.echo(told, err=True)
    return code if played.stale_after is None else code or 3
