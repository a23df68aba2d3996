"""From suites to examinations in suite order, one at a time, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chatbot_qa.domain.suite import Case, Suite
from chatbot_qa.pipeline.options import Selection
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Examined
from chatbot_qa.spec.expand import cases_of, count
from chatbot_qa.spec.variables import Scope


@dataclass
class Declared:
    """The cases of a run. ``reserved`` maps a suite to the number of its own verdict."""

    suites: Sequence[Suite]
    selection: Selection
    scope: Scope
    registry: Registry
    reserved: dict[str, int] = field(default_factory=dict)

    def total(self) -> int:
        """How many verdicts there will be."""
        if self.selection.everything:
            return sum(count(suite) + bool(suite.expect) for suite in self.suites)
        whole = sum(
            bool(suite.expect) and self.selection.takes_whole(suite.name) for suite in self.suites
        )
        return whole + sum(1 for _ in self.selected())

    def selected(self) -> Iterator[tuple[str, Case]]:
        """The kind and the case of everything selected."""
        for suite in self.suites:
            yield from self.selected_of(suite)

    def selected_of(self, suite: Suite) -> Iterator[tuple[str, Case]]:
        """The kind and the case of everything selected in one suite."""
        for declared in suite.declared:
            for case in cases_of(declared, suite, self.scope):
                if self.selection.takes(case):
                    yield declared.kind, case

    def examined(self) -> Iterator[Examined]:
        """Every selected case with its examination, numbered in suite order."""
        number = 0
        for suite in self.suites:
            for kind, case in self.selected_of(suite):
                asking = self.registry.kinds[kind].examine(case, self.scope.seed)
                yield Examined(number, case, kind, asking)
                number += 1
            if suite.expect and self.selection.takes_whole(suite.name):
                self.reserved[suite.name] = number
                number += 1
