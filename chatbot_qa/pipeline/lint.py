"""``lint``: everything that can be said without calling the bot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.domain.suite import Suite
from chatbot_qa.errors import SuiteError
from chatbot_qa.pipeline.prepare import Read, read
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import target_settings
from chatbot_qa.spec.expand import count


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, and in how much."""

    diagnostics: Sequence[Diagnostic]
    suites: int
    cases: int


def lint(paths: tuple[Path, ...], config: Path | None) -> Linted:
    """All mistakes of all files, targets that there are not among them."""
    registry = Registry()
    found = read(paths, config, registry)
    diagnostics = [*found.diagnostics]
    for suite in found.suites:
        diagnostics += wrong_target(suite, found, registry)
    wrong = any(one.severity is Severity.ERROR for one in diagnostics)
    cases = 0 if wrong else sum(count(suite) for suite in found.suites)
    return Linted(diagnostics, len(found.suites), cases)


def wrong_target(suite: Suite, found: Read, registry: Registry) -> Sequence[Diagnostic]:
    """What is wrong with the target that a suite names; nothing where it names none."""
    if suite.target is None:
        return ()
    try:
        target_settings(suite.target, found.config, registry, suite.target_at)
    except SuiteError as error:
        return error.diagnostics
    return ()
