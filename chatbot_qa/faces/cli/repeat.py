"""Options of a target on the command line, and the options that ask the same again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.options import Asked, without_credentials

_CREDENTIAL = re.compile(r"key|token|secret|passw|auth|header|cookie", re.IGNORECASE)

FLAGS = ("base_url", "model", "url")
"""Options of targets that have a flag of their own; ``--set`` gives any other."""


TargetOption = Annotated[
    str | None, typer.Option(help="The chatbot: a name from chatbot-qa.yaml, or a kind.")
]
BaseUrlOption = Annotated[str | None, typer.Option(help="With --target openai: its URL.")]
ModelOption = Annotated[str | None, typer.Option(help="With --target openai: the model.")]
UrlOption = Annotated[str | None, typer.Option(help="With --target http: its URL.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="With --target: an option or limit over its own, as NAME=VALUE."),
]


def asked_of(target: str | None, settings: Sequence[str] | None, **flags: str | None) -> Asked:
    """The target that a command line names; ``flags`` are options with a flag of their own."""
    given = {**flags, **settings_of(settings or ())}
    return Asked(target=target, options={key: text for key, text in given.items() if text})


def settings_of(pairs: Sequence[str]) -> dict[str, str]:
    """``forget_after=3`` and ``leaks`` as options of a target; a bare name is true.

    Raises ``UsageError`` for an option that would hold a credential.
    """
    settings = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if _CREDENTIAL.search(name):
            raise UsageError(
                f"--set {name.strip()} would leave a credential in the shell and in the run",
                "name it in chatbot-qa.yaml as ${secret:NAME}, and set the environment variable",
            )
        settings[name.strip().replace("-", "_")] = value if equals else "true"
    return settings


def again_of(
    asked: Asked,
    config: Path | None = None,
    seed: int | None = None,
    profile: str | None = None,
) -> str:
    """The options that repeat a case as this run asked it; never a credential."""
    words: list[str] = []
    if asked.target:
        words += ["--target", asked.target]
    for key, given in asked.options.items():
        value = without_credentials(str(given))
        words += (
            [f"--{key.replace('_', '-')}", value] if key in FLAGS else ["--set", f"{key}={value}"]
        )
    if profile is not None:
        words += ["--profile", profile]
    if config is not None:
        words += ["--config", config.as_posix()]
    if seed is not None:
        words += ["--seed", str(seed)]
    return " ".join(shlex.quote(word) for word in words)
