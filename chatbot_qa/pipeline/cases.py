"""From suites to examinations in suite order, one at a time, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chatbot_qa.domain.settings import Config
from chatbot_qa.domain.suite import NO_HOOKS, Case, Suite
from chatbot_qa.errors import UsageError
from chatbot_qa.examine.suite import TIDYING, tidy
from chatbot_qa.pipeline.calibrated import with_wording
from chatbot_qa.pipeline.options import JOINT, Selection
from chatbot_qa.registry import Registry
from chatbot_qa.replay.engine import Examined
from chatbot_qa.spec.expand import cases_of, count, parse_case, with_names
from chatbot_qa.spec.variables import Scope

MOST_NEAR = 5
"""How many names an unknown case is answered with."""


@dataclass
class Declared:
    """The cases of a run. ``reserved`` maps a suite to the number of its own verdict.

    ``config`` names the models that checks may ask; ``buttonless`` says, by suite, why its target
    can offer no button. Without ``hooks`` no request is made
    around the cases: enough to say what would be asked.
    """

    suites: Sequence[Suite]
    selection: Selection
    scope: Scope
    registry: Registry
    reserved: dict[str, int] = field(default_factory=dict)
    config: Config = field(default_factory=Config)
    hooks: bool = True
    buttonless: Mapping[str, str] = field(default_factory=dict)

    def total(self) -> int:
        """How many verdicts there will be."""
        if self.selection.everything:
            return sum(count(suite) + bool(suite.expect) for suite in self.suites)
        whole = sum(
            bool(suite.expect) and self.selection.takes_whole(suite.name) for suite in self.suites
        )
        return whole + sum(1 for suite in self.suites for _ in self.selected_of(suite))

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
            for kind, selected_case in self.selected_of(suite):
                case = self._with_models(selected_case)
                asking = self.registry.kinds[kind].examine(case, self.scope.seed)
                yield Examined(number, case, kind, asking)
                number += 1
            if suite.expect and self.selection.takes_whole(suite.name):
                self.reserved[suite.name] = number
                number += 1

    def _with_models(self, case: Case) -> Case:
        """The case with whom its checks may ask and what its target cannot offer, and without its
        requests where none are made.
        """
        asked = self.config
        if case.suite in self.buttonless:
            case = replace(case, buttonless=self.buttonless[case.suite])
        if asked.judges or asked.models:
            judges = tuple(asked.judges)
            case = replace(
                case,
                judges=judges,
                nli=asked.nli,
                embeddings=asked.embeddings,
                language_model=asked.language_model,
            )
        if asked.calibrations:
            case = with_wording(replace(case, calibrations=asked.calibrations))
        return replace(case, hooks=NO_HOOKS) if case.hooks and not self.hooks else case

    def tidied(self, number: int, judged: Container[str] | None = None) -> Iterator[Examined]:
        """The requests after all cases of each suite that was judged, numbered from here on."""
        for place, suite in enumerate(self.suites):
            if suite.hooks.after_all and (judged is None or suite.name in judged):
                hooks = with_names(suite, self.scope)
                case = Case(id=TIDYING, suite=suite.name, where=hooks.after_all[0].where)
                yield Examined(number + place, case, TIDYING, tidy(suite, hooks, self.scope.seed))


def selected(declared: Declared) -> int:
    """How many verdicts there will be; raises ``UsageError`` where the selection cannot be meant.

    Each ``--case`` must name a case: one that is misspelt beside others would go unnoticed.
    """
    for name in declared.selection.cases:
        _refuse_unknown(name, declared)
    total = declared.total()
    if total or declared.selection.shard is not None:  # a shard of few cases may have none
        return total
    tags = sorted(
        {tag for suite in declared.suites for one in suite.declared for tag in one.case.tags}
    )
    if declared.selection.tags and not set(declared.selection.tags) & set(tags):
        raise UsageError(
            f"no case has the tag {' or '.join(map(repr, declared.selection.tags))}",
            "the tags are: " + (", ".join(tags) or "none"),
        )
    raise UsageError("no case is selected", "loosen --case, --tag or --failed")


def _refuse_unknown(name: str, declared: Declared) -> None:
    of_suite, _, case_name = name.rpartition(JOINT)
    suites = [suite for suite in declared.suites if suite.name == of_suite]
    wanted, row = parse_case(case_name if suites else name)
    ids: list[str] = []
    rows: list[str] = []
    for suite in suites or declared.suites:
        for one in suite.declared:
            ids.append(one.case.id)
            if one.case.id != wanted:
                continue
            if row is None:
                return
            for case in cases_of(one, suite, declared.scope):
                if case.row == row:
                    return
                rows.append(str(case))
    from rapidfuzz import process

    there = rows or ids
    near = [
        str(found[0]) for found in process.extract(name, there, limit=MOST_NEAR, score_cutoff=50)
    ]
    near = near or there[:MOST_NEAR]
    raise UsageError(f"there is no case {name!r}", "do you mean " + " or ".join(near) + "?")
