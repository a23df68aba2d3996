"""``chatbot-qa init``: a few questions, and a project that runs."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from chatbot_qa.errors import UsageError
from chatbot_qa.faces.cli.typed import lines

if TYPE_CHECKING:
    from chatbot_qa.pipeline.init import Place

T = TypeVar("T")

_WHERE = "Where is the bot? Its address, or demo for the one that comes along"
_KEEPS = (
    "How does it keep a conversation? client: by an id that we make up; server ADDRESS: by an id "
    "that it hands out there; cookies; history: not at all, everything is sent each time"
)
_WHICH_MODEL = "Which model?"
_WHICH_SECRET = (
    "Which secret does it want? The name of an environment variable, or HEADER=NAME; none"
)
_WANT_CI = "Write a GitHub workflow that runs the suites? yes or no"


def init_command(
    *,
    folder: Annotated[Path, typer.Argument(help="Where the project is to stand.")] = Path(),
    url: Annotated[str | None, typer.Option(help="Where the bot is: its address, or demo.")] = None,
    session: Annotated[
        str | None,
        typer.Option(help="How it keeps a conversation: client, 'server URL', cookies, history."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="The model, of a bot that speaks OpenAI's wire.")
    ] = None,
    secret: Annotated[
        str | None, typer.Option(help="The NAME of its secret, or HEADER=NAME, or none.")
    ] = None,
    ci: Annotated[
        bool | None, typer.Option("--ci/--no-ci", help="Whether to write a GitHub workflow.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: take the default of every question.")
    ] = False,
) -> None:
    """Ask at most four questions, then write a configuration, a first suite and a workflow."""
    from chatbot_qa.pipeline import init
    from chatbot_qa.pipeline.starter import OWNERLESS

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", "name a folder")
    ask = _Asking(quiet=yes)
    place = ask.for_one(_WHERE, url, init.DEMO, init.read_place)
    keeping = init.Keeping()
    if place.kind == "http":
        keeping = ask.for_one(_KEEPS, session, keeping.keeper, init.read_keeping)
    elif session is not None:
        raise UsageError(
            f"--session is for bots over plain HTTP, and this one is of the kind {place.kind}",
            "leave --session out",
        )
    chosen = _model(ask, place, model)
    key = init.Key()
    if place.kind != "demo":
        key = ask.for_one(_WHICH_SECRET, secret, place.usual_key or "none", init.read_key)
    elif secret not in (None, "", "none"):
        raise UsageError("the demo bot takes no secret", "leave --secret out, or name an address")
    wanted = ask.for_one(_WANT_CI, None if ci is None else _yes_no(ci), "yes", _read_yes_no)
    bot, note = init.describe_bot(place, keeping, key, chosen, os.environ.get(key.name, ""))
    ownerless = False
    for draft in init.drafts(folder, bot, ci=wanted):
        outcome = init.write(draft, ask.may_replace)
        typer.echo(f"{outcome} {draft.path}")
        ownerless = ownerless or (outcome == "wrote" and OWNERLESS in draft.text)
    if note:
        typer.echo(f"note: {note}")
    if not init.knows_its_target(folder):
        typer.echo("note: chatbot-qa.yaml has no target bot: name yours in suites/first.yaml")
    if ownerless:
        typer.echo("note: put the owner of your copy of chatbot_qa for OWNER into the workflow")
    if wanted and init.is_here(place):
        typer.echo("note: a workflow on GitHub cannot reach a bot on this machine: start it there")
    if key.name and not os.environ.get(key.name):
        typer.echo(f"note: {key.name} is not set: copy .env.example to .env and write it there")
    _say_next(folder)


def _model(ask: _Asking, place: Place, given: str | None) -> str:
    if place.kind != "openai":
        if given is not None:
            raise UsageError("--model is for bots that speak OpenAI's wire", "leave --model out")
        return ""
    if given is None and len(place.models) == 1:
        return place.models[0]
    default = place.models[0] if place.models else "gpt-4o-mini" if place.usual_key else ""
    return ask.for_one(_WHICH_MODEL, given, default, _some_model)


def _some_model(text: str) -> str:
    if not text.strip():
        raise UsageError("the bot does not say which models there are", "say it: --model NAME")
    return text.strip()


def _yes_no(wanted: bool) -> str:
    return "yes" if wanted else "no"


def _read_yes_no(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("y", "yes", "n", "no"):
        raise UsageError(f"{text!r} is neither yes nor no", "write yes or no")
    return word.startswith("y")


def _say_next(folder: Path) -> None:
    into = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    typer.echo(f"\nnext: {into}chatbot-qa doctor")
    typer.echo(f"then: {into}chatbot-qa run suites")


class _Asking:
    """Asks at the terminal, or takes the default where nobody is to be asked or answers."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._lines = lines()

    def for_one(
        self, question: str, given: str | None, default: str, read: Callable[[str], T]
    ) -> T:
        """The answer as it was given by an option, or as a person types it; asked until it fits.

        What an option says wrong is raised, as is a default that does not do.
        """
        if given is not None or self._quiet:
            return read(default if given is None else given)
        while True:
            answer = self._line(f"{question} [{default}]: ")
            try:
                return read(answer or default)
            except UsageError as error:
                if not answer:
                    raise
                typer.echo(f"{error.message}\n  = help: {error.hint}")

    def may_replace(self, path: Path) -> bool:
        """Whether a file that is there may be replaced: only if somebody says so."""
        if self._quiet:
            return False
        answer = self._line(f"{path} is there already. Replace it? yes or no [no]: ")
        return answer.lower() in ("y", "yes")

    def _line(self, prompt: str) -> str:
        """A line that was typed; "" at the end of the input."""
        typer.echo(prompt, nl=False)
        line = next(self._lines, None)
        if line is None or not sys.stdin.isatty():  # nobody has typed a line end
            typer.echo()
        return line or ""
