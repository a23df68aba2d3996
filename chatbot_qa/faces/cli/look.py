"""``chatbot-qa lint``, ``checks`` and ``schema``: what can be said without a bot."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chatbot_qa.domain.source import Severity
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry


class LintFormat(StrEnum):
    """How mistakes are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def lint_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Suites, or folders with suites.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A configuration other than the chatbot-qa.yaml near by.")
    ] = None,
    form: Annotated[
        LintFormat, typer.Option("--format", help="text, json, github, or sarif.")
    ] = LintFormat.TEXT,
) -> None:
    """Say everything that is wrong with suites, without calling the bot."""
    from chatbot_qa.faces.cli import mistakes
    from chatbot_qa.pipeline.lint import lint

    found = lint(tuple(paths or (Path("suites"),)), config)
    if form is LintFormat.JSON:
        typer.echo(mistakes.as_json(found.diagnostics))
    elif form is LintFormat.SARIF:
        from chatbot_qa.report.sarif import of_mistakes

        typer.echo(of_mistakes(found.diagnostics), nl=False)
    elif form is LintFormat.GITHUB:
        for one in found.diagnostics:
            typer.echo(mistakes.as_annotation(one))
    elif found.diagnostics:
        mistakes.print_mistakes(found.diagnostics, typer.get_text_stream("stdout"))
    else:
        typer.echo(
            f"no mistakes in {_many(found.suites, 'suite')} with {_many(found.cases, 'case')}"
        )
    if any(one.severity is Severity.ERROR for one in found.diagnostics):
        raise typer.Exit(2)


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def checks_command(
    name: Annotated[str | None, typer.Argument(help="One check; all of them if left out.")] = None,
    pages: Annotated[
        Path | None,
        typer.Option(help="Write the reference of all checks and all keys into this folder."),
    ] = None,
) -> None:
    """List the checks, or print one with its arguments, defaults and an example to paste."""
    from chatbot_qa.pipeline.describe import describe, summary

    registry = Registry()
    if pages is not None:
        _write_pages(registry, name, pages)
        return
    if name is None:
        for one in registry.checks:
            typer.echo(f"{one.name:<14} {summary(one)}")
        return
    spec = registry.checks.get(name.removeprefix("not_"))
    if spec is None:
        raise UsageError(f"there is no check {name!r}", _near(name, registry))
    typer.echo(describe(spec))


def _write_pages(registry: Registry, name: str | None, folder: Path) -> None:
    from chatbot_qa.pipeline.reference import write

    if name is not None:
        raise UsageError(f"--pages tells of all checks, not of {name!r} alone", "leave one out")
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", "make it first, or name another")
    for file in write(registry, folder):
        typer.echo(file)


def _near(name: str, registry: Registry) -> str:
    from chatbot_qa.spec.words import answer

    return answer(name, registry.checks.names)


def schema_command(
    which: Annotated[
        str, typer.Argument(help="suite, config, or a folder to write both into.")
    ] = "suite",
) -> None:
    """Print the JSON Schema of suites or of chatbot-qa.yaml, or write both into a folder."""
    from chatbot_qa.spec.schema import config_schema, render, suite_schema, write

    registry = Registry()
    makers = {"suite": suite_schema, "config": config_schema}
    if which in makers:
        typer.echo(render(makers[which](registry)), nl=False)
    elif Path(which).is_dir():
        write(registry, Path(which))
    else:
        raise UsageError(
            f"{which!r} is no schema and no folder", "write: suite, config, or a folder"
        )
