"""``chatbot-qa lint-data``: what is wrong with chat fine-tuning files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.faces.cli.ending import Format

if TYPE_CHECKING:
    from chatbot_qa.pipeline.lint_data import DataLint, Summary


def lint_data_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="JSON lines: messages.")],
    *,
    against: Annotated[
        list[Path] | None,
        typer.Option(help="Test rows that must not be in it: suites, folders, .jsonl, .csv."),
    ] = None,
    tokenizer: Annotated[
        str, typer.Option(help="Counts tokens: a tokenizer.json, its folder, or a name of the hub.")
    ] = "",
    price: Annotated[float | None, typer.Option(help="The price of a million tokens.")] = None,
    epochs: Annotated[int, typer.Option(help="How often each token is paid.")] = 1,
    most_tokens: Annotated[
        int | None, typer.Option(help="The length up to which a row is learnt whole.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="The country of telephone numbers without a code, as DE.")
    ] = None,
    personal: Annotated[bool, typer.Option(help="Whether to look for personal data.")] = True,
    most: Annotated[int, typer.Option(help="How many problems of each sort are shown.")] = 20,
    form: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """Say what is wrong with chat fine-tuning files: roles, order, duplicates, leaks, secrets."""
    from chatbot_qa.pipeline.lint_data import DataLint, Wanted

    wanted = Wanted(tuple(against or ()), tokenizer, price, epochs, most_tokens, region, personal)
    lint = DataLint(files, wanted)
    counts: Counter[tuple[Severity, str]] = Counter()
    shown = _first_ones(lint.problems(), most, counts)
    if form is Format.JSON:
        _print_json(list(shown), counts, lint)
    else:
        _print_text(shown, counts, lint, most)
    if any(severity is Severity.ERROR for severity, _ in counts):
        raise typer.Exit(2)


def _first_ones(
    problems: Iterator[Diagnostic], most: int, counts: Counter[tuple[Severity, str]]
) -> Iterator[Diagnostic]:
    """The first so many problems of each sort; all of them are counted."""
    for one in problems:
        sort = (one.severity, one.code)
        counts[sort] += 1
        if counts[sort] <= most:
            yield one


def _print_json(
    shown: list[Diagnostic], counts: Counter[tuple[Severity, str]], lint: DataLint
) -> None:
    import json

    from msgspec import to_builtins

    from chatbot_qa.faces.cli.mistakes import as_json

    told = {
        "summary": to_builtins(lint.summary()),
        "counts": {code: number for (_, code), number in sorted(counts.items())},
        "problems": json.loads(as_json(shown)),
    }
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _print_text(
    shown: Iterator[Diagnostic], counts: Counter[tuple[Severity, str]], lint: DataLint, most: int
) -> None:
    from chatbot_qa.report.snippet import render_diagnostic

    for one in shown:
        typer.echo(f"{render_diagnostic(one)}\n")
    for line in _summary(lint.summary()):
        typer.echo(line)
    for (severity, code), number in sorted(counts.items()):
        beyond = f", {number - most:,} of them not shown" if number > most else ""
        typer.echo(f"{severity}: {code}: {number:,}{beyond}")
    if not counts:
        typer.echo("no problems")


def _summary(found: Summary) -> Iterator[str]:
    from chatbot_qa.text.many import many
    from chatbot_qa.text.safe import for_terminal

    roles = ", ".join(f"{number:,} {role}" for role, number in found.roles.items())
    yield for_terminal(
        f"{', '.join(found.files)}: {many(found.rows, 'row')}; messages: {roles or 0}"
    )
    for what, each in (("characters", found.characters), ("tokens", found.tokens)):
        by = f" ({found.counted_by})" if what == "tokens" else ""
        at = f", at {each.longest_at}" if each.longest_at else ""
        line = f"{what}{by}: {each.total:,}; a row has {each.median:,} at the median, "
        line += f"{each.p95:,} at the 95th percentile, {each.most:,} at most{at}"
        yield for_terminal(line)
    if found.cost is not None:
        yield f"cost: {found.cost:,.4f}, for what stands in messages, without a template's marks"
    if found.looked_for or found.short:
        short = f"; {found.short:,} were too short to tell" if found.short else ""
        yield f"texts of tests that were looked for: {found.looked_for:,}{short}"
