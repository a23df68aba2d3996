from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.intervals import at_least
from chatbot_qa.stats.power import clean_needed, clean_shows, false_alarm, samples_for, sees_fall
from chatbot_qa.stats.trend import cochran_armitage


@pytest.mark.parametrize(
    ("n", "high", "low", "distances", "alpha"),
    [
        (6, 0.98, 0.7, 2, 0.05),
        (4, 0.9, 0.4, 3, 0.05),
        (9, 0.8, 0.8, 2, 0.1),
        (3, 1.0, 0.0, 3, 0.01),
    ],
)
def test_the_power_is_that_of_the_trend_test_over_all_that_can_happen(
    n, high, low, distances, alpha
):
    binom = pytest.importorskip("scipy.stats").binom
    rates = [high + (low - high) * i / (distances - 1) for i in range(distances)]
    power = sum(
        prod(binom.pmf(k, n, rate) for k, rate in zip(passed, rates, strict=True))
        for passed in product(range(n + 1), repeat=distances)
        if cochran_armitage(range(distances), passed, [n] * distances).p <= alpha
    )
    assert sees_fall(n, high, low, distances, alpha) == pytest.approx(power, abs=1e-9)


def test_what_lint_says():
    assert round(sees_fall(20, 0.98, 0.70, distances=6), 2) == 0.92
    assert round(sees_fall(20, 0.98, 0.70), 2) == 0.87
    assert (clean_needed(0.90), clean_needed(0.98), clean_needed(0.95)) == (29, 149, 59)


@pytest.mark.parametrize("distances", [2, 3, 6])
@pytest.mark.parametrize("n", [5, 10, 20, 30])
def test_the_false_alarms_are_those_that_the_trend_states(n, distances):
    assert 0.02 < false_alarm(n, distances) <= 0.058


def test_a_bot_that_never_fails_is_never_called_falling():
    assert sees_fall(20, 1, 1, 6) == sees_fall(20, 0, 0) == 0


@pytest.mark.parametrize(
    ("high", "low", "distances"), [(0.98, 0.7, 2), (0.98, 0.7, 6), (0.9, 0.5, 3)]
)
def test_the_samples_are_the_fewest(high, low, distances):
    n = samples_for(0.9, high, low, distances)
    assert sees_fall(n, high, low, distances) >= 0.9
    assert all(sees_fall(m, high, low, distances) < 0.9 for m in range(2, n))


def test_what_no_number_of_samples_shows():
    assert samples_for(0.9, 0.8, 0.8) is None
    assert clean_needed(1) is None
    assert clean_needed(0) == 0
    with pytest.raises(ValueError, match="share"):
        clean_needed(90)
    with pytest.raises(ValueError, match="no trend"):
        sees_fall(20, 0.9, 0.5, distances=1)
    with pytest.raises(ValueError, match="no trend"):
        sees_fall(0, 0.9, 0.5)


@given(st.floats(0.3, 0.999), st.floats(0.5, 0.999))
def test_so_many_clean_samples_show_the_share_and_one_fewer_does_not(share, confidence):
    n = clean_needed(share, confidence)
    assert at_least(n, n, confidence) >= share - 1e-9
    assert at_least(n - 1, n - 1, confidence) < share + 1e-9
    assert clean_shows(n, confidence) == pytest.approx(at_least(n, n, confidence), abs=1e-9)
    assert clean_shows(0) == 0


@given(st.integers(5, 20), st.floats(0.5, 0.95), st.floats(0.1, 0.4))
def test_a_deeper_fall_is_seen_more_often(n, low, deeper):
    assert sees_fall(n, 0.99, max(0, low - deeper)) >= sees_fall(n, 0.99, low) - 1e-9


@pytest.mark.parametrize(
    ("n", "high", "low", "distances"),
    [(90, 0.7, 0.5, 3), (40, 0.6, 0.5, 6), (150, 0.4, 0.3, 3), (300, 0.9, 0.86, 3)],
)
def test_many_samples_are_judged_nearly_as_if_counted(n, high, low, distances, monkeypatch):
    about = sees_fall.__wrapped__(n, high, low, distances)
    monkeypatch.setattr("chatbot_qa.stats.power._COUNTED", 10**9)
    counted = sees_fall.__wrapped__(n, high, low, distances)
    assert about != counted
    assert about == pytest.approx(counted, abs=0.01)
