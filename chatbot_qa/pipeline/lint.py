"""``lint``: everything that can be said without calling the bot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.pipeline.prepare import read, with_targets, wrong_target
from chatbot_qa.registry import Registry
from chatbot_qa.spec.expand import count

__all__ = ["Linted", "lint", "wrong_target"]


class Linted(Struct, frozen=True):
    """What was found, and in how much."""

    diagnostics: Sequence[Diagnostic]
    suites: int
    cases: int


def lint(paths: tuple[Path, ...], config: Path | None) -> Linted:
    """All mistakes of all files, targets that there are not among them."""
    registry = Registry()
    found = read(paths, config, registry)
    diagnostics = with_targets(found, registry)
    wrong = any(one.severity is Severity.ERROR for one in diagnostics)
    cases = 0 if wrong else sum(count(suite) for suite in found.suites)
    return Linted(diagnostics, len(found.suites), cases)
