"""Brier's score and the calibration error, with scikit-learn as the oracle."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.reliability import bins, brier, calibration_error

TOLD = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@settings(deadline=None)
@given(TOLD)
def test_brier_is_that_of_scikit_learn(told: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import brier_score_loss

    wanted = brier_score_loss([int(right) for _, right in told], [sure for sure, _ in told])
    assert brier(told) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_bins_are_those_of_scikit_learn(seed: int) -> None:
    from sklearn.calibration import calibration_curve

    random = Random(seed)
    told = [(random.random(), random.random() < 0.6) for _ in range(200)]
    right, sure = calibration_curve([r for _, r in told], [s for s, _ in told], n_bins=10)
    found = bins(told)
    assert [one.right / one.of for one in found] == pytest.approx(list(right), abs=1e-9)
    assert [one.sure for one in found] == pytest.approx(list(sure), abs=1e-9)
    apart = [abs(one.right / one.of - one.sure) * one.of / 200 for one in found]
    assert calibration_error(told) == pytest.approx(sum(apart), abs=1e-9)


def test_who_is_right_as_often_as_said_has_no_error() -> None:
    told = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    assert calibration_error(told) == pytest.approx(0)
    assert brier(told) == pytest.approx(0.1875)
    assert calibration_error([(1.0, False), (1.0, True)]) == pytest.approx(0.5)


def test_the_ends_have_a_bin() -> None:
    assert [(one.sure, one.of) for one in bins([(0.0, False), (1.0, True)])] == [(0, 1), (1, 1)]


def test_what_is_no_sureness_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody is sure"):
        bins([(1.2, True)])
    with pytest.raises(ValueError, match="hold nothing"):
        bins([(0.2, True)], 0)
