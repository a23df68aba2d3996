"""Reading suites while pytest collects: each file alone, and all that ``lint`` says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.domain.suite import Suite
from chatbot_qa.errors import ChatbotQaError, SuiteError
from chatbot_qa.pipeline.lint import wrong_target
from chatbot_qa.pipeline.prepare import profile_of, read
from chatbot_qa.registry import Registry
from chatbot_qa.report.snippet import render_diagnostic
from chatbot_qa.spec.files import shown
from chatbot_qa.spec.load import load
from chatbot_qa.spec.variables import Scope


@dataclass
class Reading:
    """Reads the suites of one session. Secrets are unknown here, and needed by no name of a case.

    ``profile`` is the one that was asked for; ``own_targets`` says whether the suites are
    to talk to the targets that they name themselves. Where several processes read the same
    suites, one of them ``warns``.
    """

    registry: Registry
    scope: Scope
    profile: str | None
    own_targets: bool
    warns: bool
    tags: tuple[str, ...] = ()
    _files: dict[str, Path] = field(default_factory=dict)
    _warned: set[Diagnostic] = field(default_factory=set)

    def suite(self, path: Path) -> tuple[Suite, Sequence[Diagnostic]]:
        """The suite in a file, with the warnings that were not told before.

        Raises ``SuiteError`` with all that is wrong, or ``UsageError``.
        """
        file = Path(shown(path))
        found = read((file,), None, self.registry)
        diagnostics = list(found.diagnostics)
        if self.own_targets:
            for suite in found.suites:
                diagnostics += wrong_target(suite, found, self.registry)
        _refuse(diagnostics)
        (suite,) = found.suites
        self._refuse_same_name(suite.name, file)
        if not self._files:
            self.tags = profile_of(found.config, self.profile).tags
        self._files[suite.name] = file
        new = [one for one in diagnostics if self.warns and one not in self._warned]
        self._warned.update(new)
        return suite, new

    def _refuse_same_name(self, name: str, file: Path) -> None:
        first = self._files.get(name)
        if first is not None and first.resolve() != file.resolve():
            _refuse(load((first, file), self.registry).diagnostics)


def _refuse(diagnostics: Sequence[Diagnostic]) -> None:
    if any(one.severity is Severity.ERROR for one in diagnostics):
        raise SuiteError(diagnostics)


def in_words(error: ChatbotQaError) -> str:
    """What is wrong and how to mend it."""
    if isinstance(error, SuiteError):
        return "\n\n".join(render_diagnostic(one) for one in error.diagnostics)
    return f"error: {error.message}" + (f"\n  = help: {error.hint}" if error.hint else "")
