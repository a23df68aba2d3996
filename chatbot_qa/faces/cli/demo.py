"""``chatbot-qa demo`` and ``chatbot-qa demo-bot``: the embedded shop bot, for a first look."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.ending import Shown, exit_code, leave, world
from chatbot_qa.faces.cli.repeat import again_of, settings_of
from chatbot_qa.pipeline.options import Asked, RunOptions

KNOBS = "A fault of the bot, as NAME or NAME=VALUE: forget_after=3, leaks … (see docs/demo-bot.md)."


def demo_command(
    fault: Annotated[list[str] | None, typer.Option(help=KNOBS)] = None,
    report: Annotated[
        list[str] | None, typer.Option(help="html, junit, allure; all of them by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The result in one line.")] = False,
) -> None:
    """Replay the example suites against the embedded demo bot."""
    from chatbot_qa.pipeline.run import run
    from chatbot_qa.replay.portal import Control

    control = Control()
    asked = Asked(target="demo", options=settings_of(fault or ()))
    options = RunOptions(
        paths=(examples(),),
        asked=asked,
        reports=tuple(report or ("html", "junit", "figures", "allure")),
        again=again_of(asked),
    )
    done = run(options, world(), Shown(quiet=quiet).listeners(), control)
    leave(exit_code(done.finished, done.fail_on, control.signal))


def demo_bot_command(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port to listen on; 0 for a free one.")
    ] = 8765,
    fault: Annotated[list[str] | None, typer.Option(help=KNOBS)] = None,
) -> None:
    """Serve the demo bot over generic HTTP (/chat) and over the OpenAI wire (/v1)."""
    from chatbot_qa.pipeline.demobot import serve

    def ready(address: str) -> None:
        typer.echo(f"the demo bot answers at {address}")
        typer.echo(f"  chatbot-qa run --target http --url {address}/chat")
        typer.echo(f"  chatbot-qa run --target openai --base-url {address}/v1 --model demo")

    serve(settings_of(fault or ()), host, port, ready)


def examples() -> Path:
    """The folder of example suites: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[2]
    for folder in (package / "suites", package.parent / "suites"):
        if folder.is_dir():
            here = Path.cwd()
            return folder.relative_to(here) if folder.is_relative_to(here) else folder
    raise UsageError("the example suites are not installed", "reinstall chatbot-qa")
