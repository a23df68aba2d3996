"""Two runs of a case that classifies, compared row by row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.domain.exhibits import ROW_HEADS, Rate, Rates, Table
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.pipeline.compare import _rows_of, _tested, counts_in_both
from chatbot_qa.pipeline.compare_cases import _half
from chatbot_qa.pipeline.compare_replies import _rates
from chatbot_qa.pipeline.compare_rows import answers_of, paired
from chatbot_qa.report.comparison import Compared, Status
from chatbot_qa.stats.intervals import newcombe
from chatbot_qa.stats.paired import fell_in_pairs


def verdict(right: list[bool], texts: list[str] | None = None, topics: int = 0) -> Verdict:
    texts = texts or [f"text {n}" for n in range(len(right))]
    rows = []
    for number, (text, ok) in enumerate(zip(texts, right, strict=True)):
        topic = (f"t{number % topics}",) if topics else ()
        rows.append((str(number + 1), text, "a", "a" if ok else "b", "yes" if ok else "no", *topic))
    rows.sort(key=lambda row: row[4])
    heads = (*ROW_HEADS, *(("topic",) if topics else ()))
    total = sum(right)
    exhibits = (
        Rates("Right", (Rate("all", total, len(right), 0, 1),)),
        Table("Every row", heads, tuple(rows)),
    )
    case = CaseId("Labels", "x")
    return Verdict(case, "classification", Ruling.PASSED, NOWHERE, exhibits=exhibits)


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_binomial_test_of_scipy(worse: int, better: int) -> None:
    from scipy.stats import binomtest

    wanted = 1.0
    if worse + better:
        wanted = binomtest(worse, worse + better, alternative="greater").pvalue
    assert fell_in_pairs(worse, better) == pytest.approx(wanted, abs=1e-9)


def test_what_is_no_count_is_refused() -> None:
    with pytest.raises(ValueError, match="are no counts"):
        fell_in_pairs(-1, 2)


def test_rows_are_paired_by_their_text_and_its_place_among_its_likes() -> None:
    old = answers_of(verdict([True, False, True, True], ["a", "b", "a", "only before"]))
    new = answers_of(verdict([True, True, False, True], ["b", "a", "a", "only now"]))
    found = paired(old, new)
    assert found is not None
    assert (found.before.passed, found.before.of) == (2, 3)
    assert (found.now.passed, found.now.of) == (2, 3)
    assert sorted(found.changes) == [(-1, 1), (0, 1), (1, 1)]


def test_other_cases_have_no_rows() -> None:
    plain = Verdict(CaseId("s", "c"), "conversations", Ruling.PASSED, NOWHERE)
    assert answers_of(plain) == {}
    assert paired({}, answers_of(verdict([True]))) is None


def compared(old: Verdict, new: Verdict) -> Compared:
    before, now = _half(old, 0), _half(new, 0)
    (case,) = _tested([Compared(before, now, Status.UNCHANGED, counts_in_both(before, now))], 0.0)
    return case


def test_a_fall_is_tested_row_by_row() -> None:
    before = [True] * 90 + [False] * 10
    now = [True] * 81 + [False] * 9 + [False] * 10
    case = compared(verdict(before), verdict(now))
    assert case.both is not None
    assert (case.both[0].passed, case.both[1].passed) == (90, 81)
    assert case.falls == pytest.approx(0.5**9)
    assert case.significant


def test_topics_are_counted_as_rows() -> None:
    before, now = [True] * 40, [True] * 20 + [False] * 20
    case = compared(verdict(before, topics=4), verdict(now, topics=4))
    assert case.falls == pytest.approx(0.5**4)


def test_a_run_with_other_rows_is_compared_by_those_that_both_have() -> None:
    texts = [f"text {n}" for n in range(30)]
    case = compared(verdict([True] * 30, texts), verdict([False] * 10, texts[:10]))
    assert case.both is not None
    assert [(one.passed, one.of) for one in case.both] == [(10, 10), (0, 10)]


def test_the_interval_of_the_change_is_of_pairs() -> None:
    before = [True] * 90 + [False] * 10
    now = [True] * 78 + [False] * 22
    (rate,) = _rates(verdict(before), verdict(now))
    wide = newcombe(78, 100, 90, 100)
    assert rate.low < -0.12 < rate.high < 0
    assert rate.high - rate.low < 0.8 * (wide.high - wide.low)
    assert _rows_of(None, _half(verdict(now), 0)) is None
