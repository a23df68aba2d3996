"""``lint``: everything that can be said without calling the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.errors import SuiteError
from chatbot_qa.pipeline.options import RunOptions
from chatbot_qa.pipeline.prepare import prepare, read
from chatbot_qa.registry import Registry
from chatbot_qa.spec.expand import count


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, and in how much."""

    diagnostics: Sequence[Diagnostic]
    suites: int
    cases: int


def lint(paths: tuple[Path, ...], config: Path | None, environ: Mapping[str, str]) -> Linted:
    """All mistakes of all files; where there are none, also whether the targets can be found."""
    registry = Registry()
    found = read(paths, config, registry)
    diagnostics = list(found.diagnostics)
    if not diagnostics and any(suite.target is not None for suite in found.suites):
        diagnostics += _targets(paths, config, environ, registry)
    cases = 0 if diagnostics else sum(count(suite) for suite in found.suites)
    return Linted(diagnostics, len(found.suites), cases)


def _targets(
    paths: tuple[Path, ...], config: Path | None, environ: Mapping[str, str], registry: Registry
) -> Sequence[Diagnostic]:
    try:
        prepare(RunOptions(paths=paths, config=config), environ, registry, keys=False)
    except SuiteError as error:
        return error.diagnostics
    return ()
