"""Suites as pytest collectors, their cases as items."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Severity
from chatbot_qa.domain.suite import Case, Suite
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.errors import ChatbotQaError, SuiteError
from chatbot_qa.faces.pytest_plugin import replaying
from chatbot_qa.report.snippet import render_diagnostic, render_verdict
from chatbot_qa.spec.expand import cases_of
from chatbot_qa.spec.load import load


class NotPassedError(Exception):
    """A case that could not be asked, or stayed undecided."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class FailedError(NotPassedError, AssertionError):
    """A case that failed: for those who read results, an assertion and no mishap."""


class SuiteFile(pytest.File):
    """One suite."""

    def collect(self) -> Iterator[CaseItem]:
        """An item a case, and one for what the suite expects as a whole."""
        run = replaying(self.config)
        path = Path(os.path.relpath(self.path))
        try:
            loaded = load([path], run.registry)
            if any(one.severity is Severity.ERROR for one in loaded.diagnostics):
                raise SuiteError(loaded.diagnostics)
        except ChatbotQaError as error:
            raise self.CollectError(in_words(error)) from None
        for suite in loaded.suites:
            yield from self._items(suite)

    def _items(self, suite: Suite) -> Iterator[CaseItem]:
        scope = replaying(self.config).scope
        for declared in suite.declared:
            for case in cases_of(declared, suite, scope):
                yield CaseItem.from_parent(
                    self, name=str(case), key=case.case_id, line=case.where.line, tags=case.tags
                )
        if suite.expect:
            whole = Case(id="suite", suite=suite.name)
            line = suite.expect[0].where.line
            yield CaseItem.from_parent(self, name="suite", key=whole.case_id, line=line)


class CaseItem(pytest.Item):
    """One case; its verdict is pytest's outcome."""

    def __init__(self, *, key: CaseId, line: int, tags: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key = key
        self.line = line
        for tag in tags:
            self.config.addinivalue_line("markers", f"{tag}: a tag of a suite")
            self.add_marker(tag)

    def runtest(self) -> None:
        """Wait for the verdict."""
        judged = replaying(self.config).verdict(self)
        if judged.verdict.ruling is Ruling.SKIPPED:
            pytest.skip(judged.verdict.reason)
        self.user_properties.append(("chatbot_qa", str(judged.verdict.ruling)))
        if self.config.pluginmanager.has_plugin("allure_pytest"):
            from chatbot_qa.report.allure_live import describe

            describe(judged)
        if judged.verdict.ruling is Ruling.FAILED:
            raise FailedError(judged.verdict)
        if judged.verdict.ruling is not Ruling.PASSED:
            raise NotPassedError(judged.verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The failure as every other face shows it."""
        if isinstance(excinfo.value, NotPassedError):
            return render_verdict(excinfo.value.verdict)
        if isinstance(excinfo.value, ChatbotQaError):
            return in_words(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str], int | None, str]:
        """The line of the case in its suite."""
        return self.path, self.line - 1, self.name


def in_words(error: ChatbotQaError) -> str:
    """What is wrong and how to mend it."""
    if isinstance(error, SuiteError):
        return "\n\n".join(render_diagnostic(one) for one in error.diagnostics)
    return f"error: {error.message}" + (f"\n  = help: {error.hint}" if error.hint else "")
