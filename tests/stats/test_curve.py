from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.curve import HalfLife, falling, first_short, half_life
from chatbot_qa.stats.intervals import at_most
from chatbot_qa.stats.special import at_most_k

DISTANCES = (1, 2, 4, 8, 16, 32)
rates = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(
    rates.flatmap(
        lambda r: st.tuples(
            st.just(r), st.lists(st.integers(1, 30), min_size=len(r), max_size=len(r))
        )
    )
)
def test_the_fit_is_that_of_scipy(drawn):
    optimize = pytest.importorskip("scipy.optimize")
    values, weights = drawn
    oracle = optimize.isotonic_regression(values, weights=weights, increasing=False).x
    assert falling(values, weights) == pytest.approx(oracle, abs=1e-9)


def test_a_bot_that_forgets_at_once_has_its_half_life_between_two_distances():
    found = half_life(DISTANCES, [20, 20, 20, 20, 0, 0], [20] * 6, seed=1)
    assert (found.low, found.high) == (8, 16)
    assert found.at == pytest.approx((9 * 17) ** 0.5 - 1)


@pytest.mark.parametrize("n", range(6))
def test_it_is_found_wherever_the_bot_forgets(n):
    passed = [20 if i < n else 0 for i in range(6)]
    found = half_life(DISTANCES, passed, [20] * 6, seed=1)
    if n == 0:
        assert found == HalfLife(None, 0, 1)
    else:
        assert (found.low, found.high) == (DISTANCES[n - 1], DISTANCES[n])


def test_it_is_half_of_the_first_rate_and_not_one_half():
    found = half_life([0, 1], [16, 8], [20, 20], seed=1)
    assert found.at == pytest.approx(1)
    assert half_life([0, 3], [20, 0], [20, 20], seed=1).at == pytest.approx(1)


def test_one_that_never_falls_so_far_has_a_lower_end_alone():
    assert half_life(DISTANCES, [20] * 6, [20] * 6, seed=1) == HalfLife(None, 32, None)
    few = half_life(DISTANCES, [1] * 6, [1] * 6, seed=1)
    assert few.at is None
    assert few.low < 32


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("first", [6, 12])
@pytest.mark.parametrize("k", range(13))
def test_an_end_is_open_where_the_counts_leave_it_open(k, first, confidence):
    """At two distances the chance that the rate has halved is a mean over a beta distribution."""
    beta = pytest.importorskip("scipy.stats").beta
    rates = beta.ppf([(i + 0.5) / 2000 for i in range(2000)], first + 0.5, 12.5 - first)
    halved = beta.cdf(rates / 2, k + 0.5, 12.5 - k).mean()
    tail = (1 - confidence) / 2
    found = half_life([1, 2], [first, k], [12, 12], seed=2, confidence=confidence)
    if min(abs(halved - tail), abs(1 - halved - tail)) > 0.015:
        assert found.low == (1 if 2 * k <= first or halved > tail else 2)
        assert found.high == (2 if 2 * k <= first and 1 - halved < tail else None)


def test_nothing_measured_says_nothing():
    assert half_life([1, 2], [0, 0], [0, 0], seed=1) == HalfLife(None, 0, None)
    assert half_life([1, 2, 4], [9, 0, 0], [9, 0, 9], seed=1) == half_life(
        [1, 4], [9, 0], [9, 9], seed=1
    )


def test_the_seed_decides():
    passed = [9, 7, 6, 5, 3, 1]
    several = {half_life(DISTANCES, passed, [10] * 6, seed=7) for _ in range(3)}
    assert len(several) == 1


@pytest.mark.parametrize(
    ("distances", "passed", "of"),
    [
        ([2, 1], [1, 1], [1, 1]),
        ([1, 1], [1, 1], [1, 1]),
        ([-1, 1], [1, 1], [1, 1]),
        ([1], [2], [1]),
    ],
)
def test_what_is_no_curve_is_refused(distances, passed, of):
    for ask in (
        lambda: half_life(distances, passed, of, 1),
        lambda: first_short(distances, passed, of, 0.9),
    ):
        with pytest.raises(ValueError, match=r"distances|counts"):
            ask()


@pytest.mark.parametrize(
    ("curve", "after", "before"),
    [
        ((1, 0.97, 0.9, 0.75, 0.3, 0.1), 8, 16),
        ((0.98, 0.9, 0.8, 0.7, 0.55, 0.4), 16, 32),
        ((0.8, 0.8, 0.8, 0.8, 0.8, 0.8), 32, None),
        ((1, 1, 0.3, 0.3, 0.3, 0.3), 2, 4),
    ],
)
def test_the_interval_holds_the_true_half_life(curve, after, before):
    """The true one lies somewhere between ``after`` and ``before``: an interval covers both."""
    rng, covered, runs = Random(11), 0, 50
    for seed in range(runs):
        passed = [sum(rng.random() < rate for _ in range(20)) for rate in curve]
        found = half_life(DISTANCES, passed, [20] * 6, seed)
        upper = found.high is None or (before is not None and found.high >= before)
        covered += found.low <= after and upper
    assert covered / runs >= 0.9


def test_the_first_that_falls_short_is_shown_to_be():
    assert first_short(DISTANCES, [30, 30, 28, 20, 10, 0], [30] * 6, 0.9) == 8
    assert first_short(DISTANCES, [30] * 6, [30] * 6, 0.9) is None
    assert first_short(DISTANCES, [30, 30, 10, 30, 30, 30], [30] * 6, 0.9) == 4
    assert first_short([1], [2], [3], 0.9) is None
    assert 0.025 < at_most_k(23, 30, 0.9) <= 0.05
    assert first_short([1, 2], [23, 0], [30, 30], 0.9) == 1
    assert first_short([1, 2], [23, 30], [30, 30], 0.9) is None
    assert first_short([1, 2], [0, 0], [0, 0], 0.9) is None


def test_one_distance_is_judged_by_its_upper_bound():
    for k in range(31):
        short = first_short([5], [k], [30], 0.9)
        assert (short == 5) == (at_most(k, 30) <= 0.9)


@pytest.mark.parametrize("share", [0.8, 0.9, 0.95])
def test_a_bot_that_keeps_its_share_is_seldom_called_short_at_any_of_six_distances(share):
    """Exactly: no distance is called short unless one is at the level of all six."""
    worst = max(k for k in range(31) if at_most_k(k, 30, share) <= 0.05 / 6)
    assert 1 - (1 - at_most_k(worst, 30, share)) ** 6 <= 0.05
    assert first_short(DISTANCES, [30] * 5 + [worst], [30] * 6, share) == 32
    assert first_short(DISTANCES, [30] * 5 + [worst + 1], [30] * 6, share) is None
