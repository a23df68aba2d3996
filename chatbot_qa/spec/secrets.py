"""The values of secrets: by name, from the environment or an untracked ``.env``."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from chatbot_qa.domain.settings import Config, TargetSettings
from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.suite import Suite
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.spec.targets import secrets_in


def secrets(
    config: Config,
    suites: Sequence[Suite],
    environ: Mapping[str, str],
    dotenv: Path | None,
    targets: Iterable[TargetSettings] | None = None,
) -> Mapping[str, str]:
    """The values of all secrets that are asked for, by name.

    ``targets`` are those that will be talked to; their secrets must be there, while those
    of the other configured targets are taken, so as to be masked, only if they are there.
    Raises ``SuiteError`` with every one that is missing, at the place that asks for it.
    """
    talked_to = tuple(config.targets.values() if targets is None else targets)
    asked: dict[str, Where] = {}
    for name, where in _asked(config, suites, talked_to):
        asked.setdefault(name, where)
    options = [target.options for target in (*talked_to, *config.targets.values())]
    from_file = _read(dotenv)
    found: dict[str, str] = {}
    missing: list[Diagnostic] = []
    for name in sorted({*asked, *secrets_in(options)}):
        value = environ.get(name) or from_file.get(name)
        if value:
            found[name] = value
        elif name in asked:
            missing.append(_missing(name, asked[name]))
    if missing:
        raise SuiteError(missing)
    return found


def warn_of_tracked(dotenv: Path) -> tuple[Diagnostic, ...]:
    """A warning where git keeps the file of secrets, and so shows it to everybody."""
    if not dotenv.is_file():
        return ()
    command = ("git", "ls-files", "--error-unmatch", "--", dotenv.name)
    try:
        known = subprocess.run(command, cwd=dotenv.parent, capture_output=True, check=False)
    except OSError:  # there is no git here, so nothing is tracked by it
        return ()
    if known.returncode != 0:
        return ()
    return (
        Diagnostic(
            Where(dotenv.as_posix(), 1, 1),
            "tracked-secrets",
            f"{dotenv.name} holds secrets and is tracked by git",
            f"git rm --cached {dotenv.name}, add it to .gitignore, and replace its secrets: "
            "they stay in the history",
            Severity.WARNING,
        ),
    )


def _asked(
    config: Config, suites: Sequence[Suite], targets: Sequence[TargetSettings]
) -> Iterator[tuple[str, Where]]:
    """Every secret that must be there, with the place that asks for it."""
    yield from config.secrets.items()
    for suite in suites:
        yield from suite.secrets.items()
    for target in targets:
        for name_in_option in _written(target.options):
            yield name_in_option, target.where


def _written(options: Any) -> Iterator[str]:
    """The secrets in options that an author wrote; what a kind asks for by default may lack."""
    for item in fields(options):
        value = getattr(options, item.name)
        made = item.default_factory
        if value != (item.default if made is MISSING else made()):
            yield from secrets_in(value)


def _missing(name: str, where: Where) -> Diagnostic:
    return Diagnostic(
        where,
        "missing-secret",
        f"the secret {name} has no value",
        f"set the environment variable {name}, or write {name}=… into an untracked .env "
        "beside chatbot-qa.yaml",
    )


def _read(dotenv: Path | None) -> Mapping[str, str | None]:
    if dotenv is None or not dotenv.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        # Without interpolation, since a secret may well hold a dollar sign.
        return dotenv_values(dotenv, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{dotenv.as_posix()} cannot be read: {error}",
            "save it as UTF-8, with NAME=value lines",
        ) from error
