"""Suites as pytest collectors, their cases as items.

A replay is the set-up of its item and the judgement is the test: so what could not be asked
or decided is pytest's *error*, and only what the bot did wrong is its *failure*.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any, Protocol
from warnings import warn_explicit

import pytest

from chatbot_qa.domain.events import Judged
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import Suite
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.errors import ChatbotQaError
from chatbot_qa.faces.pytest_plugin.asked import writes_allure
from chatbot_qa.faces.pytest_plugin.reading import Reading, in_words
from chatbot_qa.report.snippet import headline, render_verdict
from chatbot_qa.report.words import repeats_told, set_aside
from chatbot_qa.spec.expand import cases_of
from chatbot_qa.text.safe import one_line

WHOLE = "suite"
"""Names what a suite expects as a whole: a case of its own."""

_MARK = re.compile(r"[^\W_](?:[^:(]*[^:(\s])?")
"""A tag that pytest takes for the name of a marker."""
_MEANINGFUL = frozenset({"filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail"})
"""Marks that do something to an item; a tag of that name must not."""


class Verdicts(Protocol):
    """Where items get their verdicts from. ``fail_on`` is the profile's."""

    fail_on: str

    def verdict(self, item: CaseItem) -> Judged:
        """The verdict of an item's case, awaited. Raises what kept it from being reached."""
        ...


READING = pytest.StashKey[Reading]()
VERDICTS = pytest.StashKey[Verdicts]()


class SuiteWarning(UserWarning):
    """What ``lint`` warns of in a suite that can be run nevertheless."""


def _in_short(warning: Diagnostic) -> str:
    hint = f"\n= help: {warning.hint}" if warning.hint else ""
    return f"[{warning.code}] {warning.message}{hint}"


class NotDecidedError(Exception):
    """A case that could not be asked, or stayed undecided."""

    __module__ = "chatbot_qa"  # in reports that show it, the path of this file says nothing

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"{verdict.ruling.value}: {verdict.reason}")
        self.verdict = verdict


class FailedError(AssertionError):
    """A case in which the bot was wrong."""

    __module__ = "chatbot_qa"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class SuiteFile(pytest.File):
    """One suite; ``cases`` says how many cases it has, and ``items`` how many items."""

    cases = 0
    items = 0

    def collect(self) -> Iterator[CaseItem]:
        """An item a case, and one for what the suite expects as a whole."""
        reading = self.config.stash[READING]
        try:
            suite, found = reading.suite(self.path)
            items = list(self._items(suite, reading))
            for one in found:
                warn_explicit(_in_short(one), SuiteWarning, one.where.file, one.where.line)
        except ChatbotQaError as error:
            raise self.CollectError(in_words(error)) from None
        except SuiteWarning as error:  # pytest -W error
            raise self.CollectError(str(error)) from None
        self.cases = len(items)
        if suite.expect:
            line = suite.expect[0].where.line
            items.append(self.item(WHOLE, CaseId(suite.name, WHOLE), line))
        self.items = len(items)
        return iter(items)

    def _items(self, suite: Suite, reading: Reading) -> Iterator[CaseItem]:
        for declared in suite.declared:
            for case in cases_of(declared, suite, reading.scope):
                yield self.item(one_line(str(case)), case.case_id, case.where.line, case.tags)

    def item(self, name: str, key: CaseId, line: int, tags: Sequence[str] = ()) -> CaseItem:
        """An item of this suite; ``line`` counts from 1."""
        # given as a text, so that pytest 9.2 finds the row in it, as it does in what --lf kept
        nodeid = f"{self.nodeid}::{name}"
        made: CaseItem = CaseItem.from_parent(
            self, name=name, nodeid=nodeid, file=self, key=key, line=line, tags=tags
        )
        return made


class CaseItem(pytest.Item):
    """One case; its verdict is pytest's outcome."""

    def __init__(
        self, *, file: SuiteFile, key: CaseId, line: int, tags: Sequence[str], **more: Any
    ) -> None:
        super().__init__(**more)
        self.file = file
        self.key = key
        self.line = line
        self.tags = tags
        self.judged: Judged | None = None
        for tag in tags:
            self.extra_keyword_matches.add(tag)
            if _MARK.fullmatch(tag) and tag not in _MEANINGFUL:
                self.add_marker(self._marker(tag))

    def _marker(self, tag: str) -> str:
        known = self.config.stash.setdefault(_TAGS, set())
        if tag not in known:
            known.add(tag)
            self.config.addinivalue_line("markers", f"{tag}: a tag of a suite")
        return tag

    @property
    def whole(self) -> bool:
        """Whether it is what the suite expects as a whole."""
        return self.key.case == WHOLE and not self.key.row

    def setup(self) -> None:
        """Wait for the verdict; raise where there is none for or against the bot."""
        if self.config.getoption("setuponly", default=False):
            return
        source = self.config.stash[VERDICTS]
        self.judged = source.verdict(self)
        verdict = self.judged.verdict
        self.user_properties.append(("verdict", verdict.ruling.value))
        if verdict.repeats is not None:
            self.user_properties.append(("repeats", repeats_told(verdict)))
        if verdict.flaky:
            self.user_properties.append(("flaky", "true"))
        if verdict.ruling is Ruling.SKIPPED:
            pytest.skip(one_line(verdict.reason))
        if verdict.aside is not None:
            self.user_properties.append(("set aside", one_line(set_aside(verdict))))
        if not verdict.counts and verdict.ruling is not Ruling.PASSED:
            why = f"{set_aside(verdict)}; {verdict.ruling.value}: {headline(verdict)}"
            pytest.xfail(one_line(why))
        if verdict.ruling in (Ruling.ERROR, Ruling.INCONCLUSIVE):
            if source.fail_on == Ruling.FAILED:
                pytest.xfail(one_line(f"{verdict.ruling.value}: {verdict.reason}"))
            raise NotDecidedError(verdict)

    def runtest(self) -> None:
        """Fail where the bot was wrong."""
        if self.judged is not None and self.judged.verdict.ruling is Ruling.FAILED:
            raise FailedError(self.judged.verdict)

    def teardown(self) -> None:
        """Tell ``allure-pytest``, if it listens: before this it would forget titles again."""
        if self.judged is not None and writes_allure(self.config):
            from chatbot_qa.report.allure_live import describe

            describe(self.judged, marked=frozenset(mark.name for mark in self.iter_markers()))

    def reportinfo(self) -> tuple[os.PathLike[str], int | None, str]:
        """The line of the case in its suite."""
        return self.path, self.line - 1, self.name


_TAGS = pytest.StashKey[set[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> pytest.TestReport | None:
    """Show a case as every other face does, and one that was skipped where it stands.

    Of what is raised in a set-up pytest would show the traceback, which takes it 70 ms.
    """
    if not isinstance(item, CaseItem):
        return None
    if call.excinfo is None:
        return _passing_again(item, call)
    error = call.excinfo.value
    if isinstance(error, pytest.skip.Exception):
        report = pytest.TestReport.from_item_and_call(item, call)
        report.longrepr = (str(item.path), item.line, f"Skipped: {error.msg}")
        return report
    words = _words(error)
    if words is None:
        return None
    ended = copy(call)
    ended.excinfo = None
    report = pytest.TestReport.from_item_and_call(item, ended)
    report.outcome = "failed"
    report.longrepr = words
    return report


def _passing_again(item: CaseItem, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """A case that is set aside and passes is what pytest calls XPASS; nothing for any other."""
    verdict = item.judged.verdict if item.judged is not None else None
    if call.when != "call" or verdict is None or verdict.aside is None:
        return None
    report = pytest.TestReport.from_item_and_call(item, call)
    report.wasxfail = one_line(set_aside(verdict))
    return report


def _words(error: BaseException) -> str | None:
    if isinstance(error, FailedError | NotDecidedError):
        return render_verdict(error.verdict)
    return in_words(error) if isinstance(error, ChatbotQaError) else None
