"""The commands of ``chatbot-qa``."""

from __future__ import annotations

import typer

from chatbot_qa import __version__
from chatbot_qa.faces.cli import again, demo, look, run

app = typer.Typer(
    name="chatbot-qa",
    help="Replay conversations written in YAML against a chatbot, and judge its replies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chatbot-qa {__version__}")
        raise typer.Exit


@app.callback()
def chatbot_qa(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Replay conversations written in YAML against a chatbot, and judge its replies."""


app.command("run")(run.run_command)
app.command("lint")(look.lint_command)
app.command("checks")(look.checks_command)
app.command("schema")(look.schema_command)
app.command("judge")(again.judge_command)
app.command("report")(again.report_command)
app.command("demo")(demo.demo_command)
app.command("demo-bot")(demo.demo_bot_command)
