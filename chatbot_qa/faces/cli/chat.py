"""``chatbot-qa chat``: talk to a target, mark its replies, keep the dialogue as a case."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.faces.cli.repeat import (
    BaseUrlOption,
    ModelOption,
    SetOption,
    TargetOption,
    UrlOption,
    asked_of,
)
from chatbot_qa.faces.cli.typed import lines
from chatbot_qa.text.safe import for_terminal, one_line

if TYPE_CHECKING:
    from chatbot_qa.domain.transcript import Reply
    from chatbot_qa.pipeline.chat import Chat

KEPT = Path("suites") / "kept.yaml"
"""Where a dialogue is kept if nobody says otherwise."""

_HELP = f"""\
What you type is sent to the bot, but for:
  /right          the last reply is right: keep that it answers, or refuses, as it did
  /wrong [WHY]    the last reply is wrong: keep a check that fails as long as it is
  /click N        press a button, by its number or its label
  /undo           take the last message back: a new dialogue, in which the others are said again
  /save [FILE]    keep the dialogue as a case, at the end of FILE ({KEPT.as_posix()})
  /quit           leave; so does the end of the input
  //...           send a text that begins with a slash"""


def chat_command(
    *,
    target: TargetOption = None,
    base_url: BaseUrlOption = None,
    model: ModelOption = None,
    url: UrlOption = None,
    setting: SetOption = None,
    seed: Annotated[int, typer.Option(help="The seed of what the target draws, if it can.")] = 0,
) -> None:
    """Talk to a chatbot line by line; /help says how to keep the dialogue as a case."""
    from chatbot_qa.pipeline.chat import begin

    asked = asked_of(target, setting, base_url=base_url, model=model, url=url)
    chat, name = begin(asked, Path(), os.environ, seed)
    with chat:
        typer.echo(f"you talk to {name}; /help lists what else can be done")
        _Talk(chat).until_the_end()


class _Talk:
    """The dialogue at the terminal."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._prompt = "> " if sys.stdin.isatty() else ""
        self._answered = True
        self._does: Mapping[str, Callable[[str], None]] = {
            "right": self._right,
            "wrong": self._wrong,
            "click": lambda words: self._show(self._chat.click(words)),
            "undo": self._undo,
            "save": self._save,
            "help": lambda _: typer.echo(_HELP),
        }

    def until_the_end(self) -> None:
        """Take line after line until ``/quit`` or the end of the input."""
        typer.echo(self._prompt, nl=False)
        for line in lines():
            if line == "/quit":
                break
            if line:
                self._take(line)
            typer.echo(self._prompt, nl=False)
        else:
            if self._prompt:
                typer.echo()
        if self._chat.unsaved:
            typer.echo("the dialogue was not kept; /save keeps it")
        if not self._answered:
            raise typer.Exit(3)

    def _take(self, line: str) -> None:
        """Do what a line says; a mistake is told, and the dialogue goes on."""
        from chatbot_qa.faces.cli.mistakes import print_mistakes
        from chatbot_qa.replay.talk import NoReplyError

        name, _, words = line[1:].partition(" ")
        try:
            if not line.startswith("/") or line.startswith("//"):
                self._show(self._chat.say(line[1:] if line.startswith("//") else line))
            else:
                self._does.get(name, self._nothing)(words.strip())
        except NoReplyError as error:
            self._answered = False
            self._tell(error.message, f"again by hand: {error.hint}" if error.hint else "")
        except SuiteError as error:
            print_mistakes(error.diagnostics, sys.stdout)
        except UsageError as error:
            self._tell(error.message, error.hint)
        except OSError as error:  # of the file to save into; the dialogue must not be lost
            self._tell(f"{error.filename}: {error.strerror or error}", "name another file")

    @staticmethod
    def _nothing(_: str) -> None:
        raise UsageError("there is no such command", "/help lists them; // sends a slash")

    @staticmethod
    def _tell(message: str, hint: str) -> None:
        typer.echo(f"error: {for_terminal(message)}")
        if hint:
            typer.echo(f"  = help: {for_terminal(hint)}")

    def _show(self, reply: Reply) -> None:
        """A reply: what the bot says, indented so that it cannot pass for anything else."""
        self._answered = True
        if not reply.messages:
            typer.echo("bot: (says nothing)")
        for message in reply.messages:
            first, *rest = for_terminal(message.text).split("\n")
            typer.echo(f"bot: {first}")
            for line in rest:
                typer.echo(f"     {line}")
            for card in message.cards:
                typer.echo(f"     card: {one_line(card.title)} {one_line(card.text)}".rstrip())
            for medium in message.media:
                typer.echo(f"     {one_line(medium.kind or 'file')}: {one_line(medium.url)}")
        for call in reply.calls:
            typer.echo(f"     calls {one_line(call.name)}")
        labels = self._chat.buttons
        if labels:
            shown = "  ".join(f"[{n}] {one_line(label)}" for n, label in enumerate(labels, 1))
            typer.echo(f"     {shown}")

    def _right(self, words: str) -> None:
        from chatbot_qa.pipeline.keep import Mark

        if words:
            raise UsageError("/right takes no words", "write /right alone, or /wrong and why")
        self._chat.mark(Mark(right=True))
        typer.echo("marked as right")

    def _wrong(self, words: str) -> None:
        from chatbot_qa.pipeline.keep import Mark

        self._chat.mark(Mark(right=False, why=words))
        typer.echo("marked as wrong")

    def _undo(self, words: str) -> None:
        if words:
            raise UsageError("/undo takes no words", "it takes back the last message")
        typer.echo(f"taken back: {for_terminal(self._chat.undo())}")

    def _save(self, words: str) -> None:
        file = Path(words) if words else KEPT
        if file.suffix not in (".yaml", ".yml"):
            raise UsageError(f"{file} is no name of a suite", "end it in .yaml")
        saved = self._chat.save(file, datetime.now().astimezone().date())
        checks = "1 check" if saved.checks == 1 else f"{saved.checks} checks"
        where = "in a new suite," if saved.new_file else "at the end of"
        typer.echo(f"kept as {saved.case} {where} {saved.file}, with {checks}")
        typer.echo(f"  again: chatbot-qa run {saved.file} --case {saved.case}")
