from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.intervals import (
    Interval,
    at_least,
    at_most,
    clopper_pearson,
    newcombe,
    wilson,
)
from chatbot_qa.stats.special import binomial

COUNTS = [(k, n) for n in (1, 2, 5, 29, 50, 200) for k in {0, 1, n // 2, n - 1, n}]
counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize(("k", "n"), COUNTS)
def test_the_intervals_are_those_of_statsmodels(k, n, confidence):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "beta")):
        low, high = proportion.proportion_confint(k, n, 1 - confidence, method)
        found = ours(k, n, confidence)
        assert found.low == pytest.approx(low, abs=1e-9)
        assert found.high == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize(("k1", "n1"), COUNTS[::3])
@pytest.mark.parametrize(("k2", "n2"), COUNTS[::4])
def test_the_difference_is_that_of_statsmodels(k1, n1, k2, n2):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    low, high = proportion.confint_proportions_2indep(k1, n1, k2, n2, method="newcomb")
    found = newcombe(k1, n1, k2, n2)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_what_the_reports_say():
    assert round(at_most(0, 50), 3) == 0.058
    assert at_least(29, 29) >= 0.9 > at_least(28, 28)
    assert at_most(0, 59) <= 0.05 < at_most(0, 58)
    assert at_most(0, 149) <= 0.02 < at_most(0, 148)


def test_nothing_seen_says_nothing():
    assert wilson(0, 0) == clopper_pearson(0, 0) == Interval(0, 1)
    assert newcombe(0, 0, 5, 9) == newcombe(5, 9, 0, 0) == Interval(-1, 1)


@pytest.mark.parametrize("bound", [wilson, at_most, at_least, clopper_pearson])
def test_what_is_no_count_is_refused(bound):
    for k, n in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="no count"):
            bound(k, n)
    for confidence in (0, 1, 95):
        with pytest.raises(ValueError, match="confidence"):
            bound(1, 3, confidence)


@given(counts, st.floats(0.5, 0.999))
def test_bounds_hold_the_rate_and_mirror_each_other(count, confidence):
    k, n = count
    for interval in (wilson(k, n, confidence), clopper_pearson(k, n, confidence)):
        assert 0 <= interval.low <= k / n <= interval.high <= 1
        assert k / n in interval
    assert at_most(k, n, confidence) == pytest.approx(1 - at_least(n - k, n, confidence), abs=1e-12)
    mirrored = wilson(n - k, n, confidence)
    assert wilson(k, n, confidence).low == pytest.approx(1 - mirrored.high, abs=1e-12)


@given(counts)
def test_one_more_pass_never_lowers_a_bound(count):
    k, n = count
    if k < n:
        for bound in (at_most, at_least):
            assert bound(k, n) < bound(k + 1, n)
        assert wilson(k, n).low < wilson(k + 1, n).low
    assert at_most(k, n) >= at_most(k, n + 1)
    assert at_least(k, n) >= at_least(k, n + 1)


@pytest.mark.parametrize("n", [1, 5, 10, 50, 200])
@pytest.mark.parametrize("rate", [0.01, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0])
def test_exact_bounds_cover_at_least_what_they_say(n, rate):
    chances = binomial(n, rate)
    for covered in (
        [at_most(k, n) >= rate for k in range(n + 1)],
        [at_least(k, n) <= rate for k in range(n + 1)],
        [rate in clopper_pearson(k, n) for k in range(n + 1)],
    ):
        assert sum(chance for chance, holds in zip(chances, covered, strict=True) if holds) >= 0.95


@given(counts, counts)
def test_the_difference_turned_around_is_its_negative(one, other):
    found, turned = newcombe(*one, *other), newcombe(*other, *one)
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low), abs=1e-12)
    assert one[0] / one[1] - other[0] / other[1] in Interval(found.low - 1e-12, found.high + 1e-12)
