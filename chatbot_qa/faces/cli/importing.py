"""``chatbot-qa import``: suites from what people have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from chatbot_qa.faces.cli.ending import Format


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


def _report(outcome: object) -> Iterator[str]:
    from chatbot_qa.importers.base import FATES
    from chatbot_qa.pipeline.importing import Outcome
    from chatbot_qa.text.safe import for_terminal

    assert isinstance(outcome, Outcome)
    yield ", ".join(f"{outcome.count(fate):,} {_WORDS[fate]}" for fate in FATES)
    for fate in FATES[1:]:
        notes = [note for note in outcome.notes if note.fate == fate]
        if notes:
            yield f"\n{_WORDS[fate]}:"
        for note in notes:
            original = " ".join(note.original.split())
            yield for_terminal(f"  {note.file}:{note.line}: {note.element}: {note.words}")
            if original:
                yield for_terminal(f"    | {original[:120]}")
    if outcome.files:
        yield ""
        yield from (f"written: {file}" for file in outcome.files)
    else:
        yield "\nnothing was written: no case could be made of this"


_WORDS = {
    "carried": "carried",
    "approximated": "approximated",
    "by-hand": "by hand",
    "refused": "refused",
}
