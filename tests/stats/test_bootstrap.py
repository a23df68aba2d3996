"""Bounds by random weights with one row more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.bootstrap import Drawn, paired_difference, quantile, weights

VALUES = st.lists(st.floats(-10, 10), min_size=1, max_size=30)


@settings(deadline=None)
@given(VALUES, st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values: list[float], share: float) -> None:
    import numpy as np

    assert quantile(sorted(values), share) == pytest.approx(np.quantile(values, share), abs=1e-9)


def test_what_has_no_quantile_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        quantile((), 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile((1.0,), 1.5)


def test_bounds_are_taken_from_either_side() -> None:
    drawn = Drawn(tuple(n / 100 for n in range(101)), tuple(1 + n / 100 for n in range(101)))
    assert drawn.at_least(0.95) == pytest.approx(0.05)
    assert drawn.at_most(0.95) == pytest.approx(1.95)


def test_weights_are_drawn_by_seed_and_add_up() -> None:
    first, again = list(weights((3, 1), 7, 4000)), list(weights((3, 1), 7, 4000))
    assert first == again
    assert sum(drawn[0] for drawn, _ in first) / 4000 == pytest.approx(3, abs=0.1)
    assert sum(more for _, more in first) / 4000 == pytest.approx(1, abs=0.1)


def test_a_paired_difference_is_bounded_on_both_sides() -> None:
    changes = [(1.0, 1)] * 20 + [(0.0, 1)] * 60 + [(-1.0, 1)] * 4
    found = paired_difference(changes, 1)
    assert 0.05 < found.low < 16 / 84 < found.high < 0.32
    turned = paired_difference([(-change, size) for change, size in changes], 1)
    assert turned.low == pytest.approx(-found.high, abs=0.02)


def test_rows_of_one_topic_say_less_of_a_difference() -> None:
    apart = paired_difference([(1.0, 1)] * 12 + [(0.0, 1)] * 36, 1)
    together = paired_difference([(6.0, 6)] * 2 + [(0.0, 6)] * 6, 1)
    assert apart.high - apart.low < 0.8 * (together.high - together.low)


def test_no_change_seen_is_not_no_change() -> None:
    found = paired_difference([(0.0, 1)] * 29, 1)
    assert found.low == pytest.approx(-(1 - 0.025 ** (1 / 29)), abs=0.02)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 29), abs=0.02)
    with pytest.raises(ValueError, match="no pair"):
        paired_difference([], 1)
