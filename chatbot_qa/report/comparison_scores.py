"""The scores of all rows of cases in two runs, as a small table: whatever became of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.report.comparison import Compared, Comparison, Evidence, Evidences, Status
from chatbot_qa.report.comparison_measures import MeasureChange
from chatbot_qa.report.comparison_words import p_told

MOST_SCORES: Final = 12
TITLE: Final = "scores of all rows"
HEADS: Final = ("rows", "before", "now", "change", "95% of the change", "p (no worse)")
MORE: Final = "and more scores: --format json has them all"


class Scored(Struct, frozen=True):
    """The first scores of both runs, case by case; ``more`` where there are others."""

    cases: Sequence[tuple[Compared, tuple[MeasureChange, ...]]]
    more: bool = False


def scored(comparison: Comparison, evidence: Evidences, most: int = MOST_SCORES) -> Scored:
    """At most so many scores that both runs have, of regressed cases first.

    No more cases are looked up than are shown: a score takes thousands of draws.
    """
    cases = [case for status in Status for case in comparison.of(status) if case.measured]
    found: list[tuple[Compared, tuple[MeasureChange, ...]]] = []
    for number, case in enumerate(cases, 1):
        measures = evidence(case).measures
        if measures:
            found.append((case, measures[:most]))
        most -= len(measures)
        if most < 0 or (not most and number < len(cases)):
            return Scored(found, more=True)
    return Scored(found)


def remembering(evidence: Evidences) -> Evidences:
    """The same, each case looked up once."""
    seen: dict[CaseId, Evidence] = {}

    def found(case: Compared) -> Evidence:
        key = case.half.case
        if key not in seen:
            seen[key] = evidence(case)
        return seen[key]

    return found


def cells_of(measure: MeasureChange) -> tuple[str, ...]:
    """What stands under ``HEADS``."""
    return (
        f"{measure.rows:,}",
        f"{measure.before:.3f}",
        f"{measure.now:.3f}",
        f"{measure.change:+.3f}",
        f"{measure.low:+.3f} to {measure.high:+.3f}",
        p_told(measure.worse),
    )


def called(measure: MeasureChange) -> str:
    """A measure by its name, with a word where less of it is better."""
    return f"{measure.name} (less is better)" if measure.less else measure.name
