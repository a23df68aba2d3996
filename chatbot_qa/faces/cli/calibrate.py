"""``chatbot-qa calibrate``: a check beside the labels of people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot_qa.faces.cli.ending import Format, world

if TYPE_CHECKING:
    from chatbot_qa.domain.calibration import Figure
    from chatbot_qa.pipeline.calibrate import Calibrated, Differs
    from chatbot_qa.pipeline.calibrate_asking import Models
    from chatbot_qa.pipeline.calibrate_wording import Learner

_FIRST = 20
"""Disagreements that are shown unless all are asked for."""

_LONGEST = 200
"""Characters that are shown of a request, and of a reply."""

_LOOKED_AT = 20_000
"""Characters of a reply that are looked at to show it."""


def calibrate_command(
    check: Annotated[str, typer.Argument(metavar="CHECK", help="A check; see chatbot-qa checks.")],
    labels: Annotated[
        Path, typer.Argument(metavar="LABELS.jsonl", help="Labelled replies, one object a line.")
    ],
    *,
    form: Annotated[
        Format, typer.Option("--format", help="json puts the result on standard output, alone.")
    ] = Format.TEXT,
    every: Annotated[
        bool, typer.Option("--all", help=f"Show every disagreement, not the first {_FIRST}.")
    ] = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask the models of chatbot-qa.yaml what the check asks.")
    ] = False,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn in which words the bot refuses, and keep them.")
    ] = False,
    write: Annotated[
        Path | None, typer.Option(help="Keep the figures in this file, for reports to show.")
    ] = None,
) -> None:
    """Measure how well a check agrees with people's labels. The bot is not called."""
    from chatbot_qa.pipeline import calibration
    from chatbot_qa.pipeline.calibrate import as_object, calibrate

    if write is not None:
        calibration.check_place(write)
    keep = 0 if form is Format.JSON else None if every else _FIRST
    models = _models(check, labels) if ask else None
    learner = _learner(labels) if learn else None
    done = calibrate(check, labels, world().ticks, keep=keep, models=models, learner=learner)
    if write is not None:
        calibration.write(write, done.calibration)
    if form is Format.JSON:
        import orjson

        typer.echo(orjson.dumps(as_object(done)).decode())
    else:
        from chatbot_qa.text.safe import for_ci_log

        for line in _report(done, write):
            typer.echo(for_ci_log(line))
    if done.broken:
        raise typer.Exit(3)


def _models(check: str, labels: Path) -> Models:
    """The models that may be asked; raises ``UsageError`` where the check asks none."""
    from chatbot_qa.errors import UsageError
    from chatbot_qa.pipeline.calibrate_asking import Models
    from chatbot_qa.registry import Registry

    registry = Registry()
    spec = registry.checks.get(check)
    if spec is not None and not spec.asks:
        raise UsageError(f"{check} asks no model", "leave --ask out")
    return Models(labels.parent, world(), registry)


def _learner(labels: Path) -> Learner:
    """What learns the bot's own wording, and keeps no secret of the nearest configuration."""
    from chatbot_qa.pipeline.calibrate_wording import learner
    from chatbot_qa.registry import Registry

    return learner(labels.parent, world().environ, Registry())


def _report(done: Calibrated, written: Path | None) -> Iterator[str]:
    from chatbot_qa.pipeline.calibration import default_name
    from chatbot_qa.text.safe import for_terminal, one_line

    kept = done.calibration
    rows = f"{_many(kept.n, 'row')} of {_many(kept.items, 'item')}"
    yield f"{kept.check} (version {kept.version}), {rows}"
    yield ""
    yield from _confusion(done)
    yield ""
    yield from _figures(done)
    for note in done.notes:
        yield f"\nnote: {note}"
    if done.broken:
        broken = f"error: the check failed at {_many(done.broken, 'row')}"
        yield f"\n{broken}; {one_line(done.why_broken)}"
    if done.differing:
        yield f"\n{_many(done.differing, 'disagreement')}:"
    for one in done.differs:
        yield from _differs(one)
    if left := done.differing - len(done.differs):
        yield f"  … and {left:,} more, shown with --all"
    yield ""
    if written is None:
        yield f"to keep these figures: --write {default_name(kept.check)}"
    else:
        yield for_terminal(f"written: {written}")
        shown = for_terminal(f"{{{kept.check}: {written}}}")
        yield f"verdicts show it with calibrations: {shown} in chatbot-qa.yaml"


def _confusion(done: Calibrated) -> Iterator[str]:
    """Labels down, predictions across."""
    said = list(next(iter(done.confusion.values())))
    rows = [
        (label, *(f"{counts[one]:,}" for one in said)) for label, counts in done.confusion.items()
    ]
    yield from _table([("labelled \\ read as", *said), *rows])


def _figures(done: Calibrated) -> Iterator[str]:
    found = done.figures
    positive = " or ".join(name.replace("_", " ") for name in done.form.positive)
    rows = [
        ("decided", found.decided, "rows that are not unsure; the figures below are of these"),
        ("precision", found.precision, f"of those read as {positive}, the share that is"),
        ("recall", found.recall, f"of those that are {positive}, the share read so"),
        ("F1", found.f1, "both in one"),
        ("accuracy", found.accuracy, f"rows on which both agree, {positive} or not"),
        ("kappa", found.kappa, "agreement beyond chance, each label by itself"),
        ("bias", found.bias, f"share read as {positive} less the share labelled so"),
    ]
    yield from _table([("", "", "95% interval", ""), *(_shown(*row) for row in rows)], left=(0, 3))


def _shown(name: str, figure: Figure, meaning: str) -> tuple[str, ...]:
    if figure.value is None:
        return name, "-", "", f"no value here: {meaning}"
    if figure.low is None or figure.high is None:
        return name, f"{figure.value:.3f}", "", meaning
    return name, f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}", meaning


def _table(rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join(cells)}".rstrip()


def _differs(one: Differs) -> Iterator[str]:
    from chatbot_qa.text.safe import one_line

    read = f"labelled {one.label}, read as {one.predicted}"
    yield f"  line {one.line}: {read}: {one_line(one.reason)}"
    for name, text in (("ask", one.ask), ("reply", one.reply)):
        if text or name == "reply":
            yield f"    {name:<6}{_cut(text, one.concealed)}"


def _cut(text: str, concealed: str) -> str:
    """A text of a row on one line that steers no terminal, what is concealed masked in it."""
    from chatbot_qa.text.excerpt import shown
    from chatbot_qa.text.safe import one_line

    text = text[:_LOOKED_AT]
    if concealed:
        text = re.sub(re.escape(concealed), "‹secret›", text, flags=re.IGNORECASE)
    return one_line(shown(text, _LONGEST))


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
