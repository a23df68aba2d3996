"""``chatbot-qa import``: suites from what people have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot_qa.faces.cli.ending import Format

if TYPE_CHECKING:
    from chatbot_qa.pipeline.importing import Outcome

_LONGEST = 120
"""Characters that are shown of an element as it stands in its file."""


def import_command(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT", help="promptfoo, botium, rasa, botframework, openai-evals, postman."
        ),
    ],
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, or folders.")],
    out: Annotated[Path, typer.Option(help="The folder to write suites into.")] = Path("suites"),
    report: Annotated[
        Format, typer.Option("--format", help="json puts the report on standard output, alone.")
    ] = Format.TEXT,
) -> None:
    """Write suites from other tools' files, and say what was carried and what needs a hand."""
    from chatbot_qa.pipeline.importing import as_object, import_files

    outcome = import_files(form, paths, out)
    if report is Format.JSON:
        typer.echo(json.dumps(as_object(outcome), ensure_ascii=False, indent=2))
    else:
        for line in _report(outcome):
            typer.echo(line)
    if not outcome.files:
        raise typer.Exit(2)


def _report(outcome: Outcome) -> Iterator[str]:
    """How many elements had each fate, what was not carried as it is, and what was written."""
    from chatbot_qa.importers.base import FATES
    from chatbot_qa.text.safe import for_terminal

    yield ", ".join(f"{outcome.count(fate):,} {_shown(fate)}" for fate in FATES)
    for fate in FATES[1:]:
        notes = [note for note in outcome.notes if note.fate == fate]
        if notes:
            yield f"\n{_shown(fate)}:"
        for note in notes:
            yield for_terminal(f"  {note.file}:{note.line}: {note.element}: {note.words}")
            original = " ".join(note.original.split())
            if original:
                yield for_terminal(f"    | {original[:_LONGEST]}")
    yield ""
    for file in outcome.files:
        yield for_terminal(f"written: {file}")
    if not outcome.files:
        yield "nothing was written: no case could be made of this"


def _shown(fate: str) -> str:
    return fate.replace("-", " ")
