"""The simulation of corrected rates runs, and tells an interval that is too narrow."""

from __future__ import annotations

import pytest

import bench.stats_errors
from bench.stats import of_errors
from bench.stats_errors import errors
from chatbot_qa.stats.prevalence import Detector, Estimate


def test_intervals_hold_what_they_say() -> None:
    found = list(of_errors(40))
    assert len(found) == 6
    assert [figure.what for figure in found if not figure.held] == []


def test_what_is_counted_alone_is_off() -> None:
    assert all(one.counted < 0.8 < one.mean for one in errors(20))


def test_an_interval_that_is_too_narrow_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    def narrow(k: int, n: int, _: Detector) -> Estimate:
        return Estimate(k / n, k / n - 0.01, k / n + 0.01)

    monkeypatch.setattr(bench.stats_errors, "corrected", narrow)
    assert not next(of_errors(40)).held
