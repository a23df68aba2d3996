from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.special import (
    at_most_k,
    beta_below,
    beta_quantile,
    binomial,
    normal_above,
    normal_quantile,
    student_above,
    student_quantile,
)

scipy_stats = pytest.importorskip("scipy.stats")

CHANCES = (1e-12, 1e-6, 0.001, 0.025, 0.05, 0.3, 0.5, 0.77, 0.95, 0.975, 0.999, 1 - 1e-9)
SHAPES = (0.5, 1, 2, 7.5, 29, 200, 5000)


@pytest.mark.parametrize("p", CHANCES)
def test_the_normal_distribution_is_that_of_scipy(p):
    assert normal_quantile(p) == pytest.approx(scipy_stats.norm.ppf(p), rel=1e-9, abs=1e-12)
    assert normal_above(-normal_quantile(p)) == pytest.approx(p, rel=1e-9)
    assert normal_above(8.5) == pytest.approx(scipy_stats.norm.sf(8.5), rel=1e-9)


def test_the_ends_of_the_normal_distribution():
    assert (normal_quantile(0), normal_quantile(1)) == (-math.inf, math.inf)
    assert normal_quantile(0.5) == pytest.approx(0, abs=1e-15)
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(1.2)


# Where the density has no end, scipy itself warns that it gave up refining.
@pytest.mark.filterwarnings("ignore:Error in function boost:RuntimeWarning")
@pytest.mark.parametrize("a", SHAPES)
@pytest.mark.parametrize("b", SHAPES)
def test_the_beta_distribution_is_that_of_scipy(a, b):
    for p in CHANCES:
        x = beta_quantile(a, b, p)
        assert x == pytest.approx(scipy_stats.beta.ppf(p, a, b), rel=1e-9, abs=1e-12)
    for x in (1e-6, 0.01, 0.2, 0.5, 0.8, 0.99):
        assert beta_below(a, b, x) == pytest.approx(scipy_stats.beta.cdf(x, a, b), abs=1e-10)


def test_the_ends_of_the_beta_distribution():
    assert (beta_below(2, 3, 0), beta_below(2, 3, 1)) == (0, 1)
    assert (beta_quantile(2, 3, 0), beta_quantile(2, 3, 1)) == (0, 1)
    with pytest.raises(ValueError, match="positive"):
        beta_below(0, 1, 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        beta_quantile(1, 1, -0.1)


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.001, 0.999))
def test_what_is_below_is_not_above(a, b, x):
    assert beta_below(a, b, x) + beta_below(b, a, 1 - x) == pytest.approx(1, abs=1e-11)


@given(st.integers(0, 300), st.sampled_from([0.0, 1.0]) | st.floats(1e-9, 1 - 1e-9))
def test_the_binomial_distribution_is_that_of_scipy(n, p):
    chances = binomial(n, p)
    assert chances == pytest.approx(scipy_stats.binom.pmf(range(n + 1), n, p), abs=1e-10)
    assert sum(chances) == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("p", [0.0, 0.03, 0.5, 0.98, 1.0])
@pytest.mark.parametrize(("k", "n"), [(0, 1), (0, 50), (3, 50), (49, 50), (50, 50), (7, 400)])
def test_so_many_or_fewer_is_that_of_scipy(k, n, p):
    assert at_most_k(k, n, p) == pytest.approx(scipy_stats.binom.cdf(k, n, p), rel=1e-9, abs=1e-30)


@pytest.mark.parametrize("df", [1, 2, 5.5, 11, 200])
def test_students_distribution_is_that_of_scipy(df):
    for p in (1e-6, 0.025, 0.3, 0.5, 0.9, 0.999):
        t = student_quantile(p, df)
        assert t == pytest.approx(scipy_stats.t.ppf(p, df), rel=1e-9, abs=1e-9)
        assert student_above(t, df) == pytest.approx(1 - p, abs=1e-9)
