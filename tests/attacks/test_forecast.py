"""The chance of one success in N attempts, held against what drawing it out gives."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.attacks.forecast import best_of


@pytest.mark.parametrize(("k", "n", "tries"), [(0, 50, 10), (3, 60, 10), (3, 60, 100), (20, 20, 2)])
def test_the_chance_is_that_of_a_beta_binomial(k: int, n: int, tries: int) -> None:
    draw = Random(1)
    rates = [draw.betavariate(k + 0.5, n - k + 0.5) for _ in range(40_000)]
    drawn = sum(1 - (1 - rate) ** tries for rate in rates) / len(rates)
    assert best_of(tries, k, n).chance == pytest.approx(drawn, abs=0.01)


def test_one_attempt_is_forecast_with_the_exact_interval_of_the_rate() -> None:
    found = best_of(1, 0, 50)
    assert found.low == 0
    assert found.high == pytest.approx(0.0711, abs=1e-4)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(1, 500))
def test_the_interval_holds_the_chance_and_more_attempts_make_it_likelier(
    k: int, n: int, tries: int
) -> None:
    k = min(k, n)
    found, more = best_of(tries, k, n), best_of(tries + 1, k, n)
    assert 0 <= found.low <= found.high <= 1
    assert found.chance <= more.chance
    assert found.low <= more.low
