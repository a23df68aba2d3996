"""What judges passed over a run, counted from verdicts."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.verdict import Finding, Outcome, Ruling, Verdict
from chatbot_qa.pipeline.judged_rates import JudgedRates

KNOWN = Known("rubric", 1, "passed", 60, 10, 2, 28, 100, "100 labelled replies", judged=True)


def verdict(known: Known, *said: tuple[str, Outcome]) -> Verdict:
    findings = tuple(Finding(outcome, "", check=check) for check, outcome in said)
    case = CaseId("suite", "case")
    return Verdict(case, "conversations", Ruling.PASSED, NOWHERE, findings, known=(known,))


def test_findings_are_counted_over_cases_and_negations_turned_round() -> None:
    rates = JudgedRates()
    said = [
        ("rubric", Outcome.PASSED),
        ("not_rubric", Outcome.FAILED),
        ("contains", Outcome.FAILED),
    ]
    for _ in range(4):
        rates.add(verdict(KNOWN, *said, ("not_rubric", Outcome.PASSED), ("rubric", Outcome.UNSURE)))
    ((exhibit),) = rates.shown
    (rate,) = exhibit.rates
    assert (rate.label, rate.passed, rate.of, rate.open) == ("rubric", 8, 12, 4)
    assert getattr(rate.corrected, "share", None) == pytest.approx(8 / 12 - 0.08)


def test_checks_that_no_model_decides_are_left_out() -> None:
    rates = JudgedRates()
    offline = Known("refuses", 2, "refused", 60, 10, 2, 28, 100, "100 rows")
    rates.add(verdict(offline, ("refuses", Outcome.PASSED)))
    assert rates.shown == ()


def test_where_nothing_was_decided_nothing_is_shown() -> None:
    rates = JudgedRates()
    rates.add(verdict(KNOWN, ("rubric", Outcome.UNSURE), ("rubric", Outcome.BROKEN)))
    assert rates.shown == ()
