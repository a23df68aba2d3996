"""The simulations of ``bench.drift`` run, and find what they are about."""

from __future__ import annotations

from random import Random

import pytest

import bench.drift
from bench.drift import false_alarms, main, rate, seconds
from bench.figure import Figure


def test_false_alarms_of_few_series_are_as_rare_as_stated() -> None:
    found = list(false_alarms(60))
    assert len(found) == 6
    assert [figure.what for figure in found if not figure.held] == []
    assert any(figure.measured > 0 for figure in found)


def test_what_is_drawn_is_what_is_named() -> None:
    rng = Random(1)
    drawn = [rate(0.8, 10)(rng) for _ in range(2000)]
    assert sum(drawn) / 2000 == pytest.approx(0.8, abs=0.02)
    assert set(drawn) <= {k / 10 for k in range(11)}
    slow = sorted(seconds(2.0)(rng) for _ in range(2001))
    assert slow[1000] == pytest.approx(2.0, rel=0.05)


@pytest.mark.parametrize(("measured", "code"), [(0.4, 0), (1.6, 1)])
def test_too_many_false_alarms_show_in_the_exit_code(
    measured: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def figures(runs: int) -> list[Figure]:
        return [Figure(f"alarms of {runs}", measured, most=1.0)]

    monkeypatch.setattr(bench.drift, "figures", figures)
    assert main(["--runs", "9"]) == code
    assert "alarms of 9" in capsys.readouterr().out
