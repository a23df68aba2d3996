from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.trend import Trend, cochran_armitage

TABLES = [
    ([0, 1], [20, 14], [20, 20]),
    ([0, 1, 2, 3, 4, 5], [20, 19, 18, 15, 13, 9], [20] * 6),
    ([1, 2, 4, 8], [3, 9, 9, 10], [5, 12, 9, 10]),
    ([0.1, 0.7, 3.3], [5, 5, 6], [7, 8, 9]),
]


@pytest.mark.parametrize(("scores", "passed", "of"), TABLES)
def test_the_statistic_is_that_of_statsmodels(scores, passed, of):
    """It divides by N - 1 where Armitage divides by N."""
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    numpy = pytest.importorskip("numpy")
    counts = numpy.array([passed, [n - k for k, n in zip(passed, of, strict=True)]]).T
    oracle = tables.Table(counts, shift_zeros=False).test_ordinal_association(
        row_scores=numpy.array(scores), col_scores=numpy.array([1, 0])
    )
    every = sum(of)
    found = cochran_armitage(scores, passed, of, side="both")
    assert found.z * sqrt((every - 1) / every) == pytest.approx(oracle.zscore, abs=1e-9)


@pytest.mark.parametrize(("scores", "passed", "of"), TABLES)
def test_the_p_values_are_those_of_the_normal_distribution(scores, passed, of):
    norm = pytest.importorskip("scipy.stats").norm
    fall, rise, both = (cochran_armitage(scores, passed, of, s) for s in ("fall", "rise", "both"))
    assert fall.p == pytest.approx(norm.cdf(fall.z), abs=1e-9)
    assert rise.p == pytest.approx(norm.sf(fall.z), abs=1e-9)
    assert both.p == pytest.approx(2 * norm.sf(abs(fall.z)), abs=1e-9)


def test_at_two_distances_it_is_the_test_of_two_rates():
    norm = pytest.importorskip("scipy.stats").norm
    z = (14 / 20 - 19 / 20) / sqrt(33 / 40 * 7 / 40 * (1 / 20 + 1 / 20))
    found = cochran_armitage([1, 32], [19, 14], [20, 20])
    assert (found.z, found.p) == pytest.approx((z, norm.cdf(z)), abs=1e-12)


@pytest.mark.parametrize(
    ("scores", "passed", "of"),
    [
        ([1, 2, 4], [5, 5, 5], [5, 5, 5]),
        ([1, 2, 4], [0, 0, 0], [5, 5, 5]),
        ([1, 2, 4], [0, 0, 0], [0, 0, 0]),
        ([0.1, 0.2], [2, 0], [3, 0]),
        ([], [], []),
    ],
)
def test_where_nothing_can_be_seen_nothing_is(scores, passed, of):
    for side in ("fall", "rise", "both"):
        assert cochran_armitage(scores, passed, of, side) == Trend(0, 1)


def test_what_is_no_count_is_refused():
    with pytest.raises(ValueError, match="no counts"):
        cochran_armitage([1, 2], [3, 1], [2, 2])
    with pytest.raises(ValueError, match="zip"):
        cochran_armitage([1], [3, 1], [3, 2])


tables = st.lists(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=6,
)


@given(tables, st.floats(-5, 5), st.floats(0.1, 9))
def test_neither_shift_nor_scale_of_the_scores_counts_and_a_mirror_turns_it(rows, shift, scale):
    passed, of = [row[0] for row in rows], [row[1] for row in rows]
    scores = range(len(rows))
    found = cochran_armitage(scores, passed, of)
    moved = cochran_armitage([shift + scale * score for score in scores], passed, of)
    failed = cochran_armitage(scores, [n - k for k, n in rows], of)
    assert moved.z == pytest.approx(found.z, abs=1e-6)
    assert failed.z == pytest.approx(-found.z, abs=1e-9)


@given(tables)
def test_failing_more_at_the_longest_distance_never_looks_less_like_a_fall(rows):
    passed, of = [row[0] for row in rows], [row[1] for row in rows]
    if passed[-1]:
        fewer = [*passed[:-1], passed[-1] - 1]
        if sum(fewer) and sum(passed) < sum(of):
            before = cochran_armitage(range(len(rows)), passed, of)
            after = cochran_armitage(range(len(rows)), fewer, of)
            assert after.z < before.z + 1e-12
