"""The commands of ``chatbot-qa``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import typer

from chatbot_qa import __version__

COMMANDS = {
    "run": "run:run_command",
    "lint": "look:lint_command",
    "lint-data": "lint_data:lint_data_command",
    "checks": "look:checks_command",
    "schema": "look:schema_command",
    "calibrate": "calibrate:calibrate_command",
    "judge": "again:judge_command",
    "merge": "again:merge_command",
    "report": "again:report_command",
    "compare": "compare:compare_command",
    "github": "github:github_command",
    "pages": "pages:pages_command",
    "import": "importing:import_command",
    "demo": "demo:demo_command",
    "demo-bot": "demo:demo_bot_command",
    "init": "init:init_command",
    "doctor": "doctor:doctor_command",
    "chat": "chat:chat_command",
    "history": "history:history_app",
}
"""Each command's function, as module of this package and name."""


def app_for(words: Sequence[str]) -> typer.Typer:
    """The command line; of its commands only the one asked for is loaded, if it is one."""
    app = typer.Typer(
        name="chatbot-qa",
        help="Replay conversations written in YAML against a chatbot, and judge its replies.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(chatbot_qa)
    asked_for = words[0] if words else ""
    for name in [asked_for] if asked_for in COMMANDS else COMMANDS:
        module, function = COMMANDS[name].split(":")
        command = getattr(import_module(f"chatbot_qa.faces.cli.{module}"), function)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chatbot-qa {__version__}")
        raise typer.Exit


def chatbot_qa(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Replay conversations written in YAML against a chatbot, and judge its replies."""
