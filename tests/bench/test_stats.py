"""The simulations of ``bench.stats`` run, and what they count exactly is as stated."""

from __future__ import annotations

import pytest

import bench.stats
from bench.stats import ASKED, Figure, coverage, main, play, sequential
from chatbot_qa.stats.designs import design


def test_a_figure_is_held_against_its_bounds() -> None:
    assert Figure("a", 0.5).held
    assert Figure("a", 0.5, 0.4, 0.6).held
    assert not Figure("a", 0.5, least=0.6).held
    assert not Figure("a", 0.5, most=0.4).held
    assert Figure("a", 0.5, most=0.4).cells() == ("a", "0.5000", "<= 0.4000", "NO")
    assert Figure("a", 0.5).cells() == ("a", "0.5000", "", "")


def test_what_is_counted_exactly_is_as_stated() -> None:
    exact = [figure for figure in sequential(200) if "simulated" not in figure.what]
    assert len(exact) == 4 * len(ASKED)
    assert [figure.what for figure in (*exact, *coverage()) if not figure.held] == []


class Coin:
    """Passes as often as it is told to, and then fails."""

    def __init__(self, passes: int) -> None:
        self.left = passes

    def random(self) -> float:
        self.left -= 1
        return 0.0 if self.left >= 0 else 1.0


def test_a_case_is_played_until_it_is_decided() -> None:
    found = design(ASKED[0][0], 24)
    assert play(found, 0.5, Coin(100)) == (True, found.passes_in[0])  # type: ignore[arg-type]
    assert play(found, 0.5, Coin(0)) == (False, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(("measured", "code"), [(0.04, 0), (0.06, 1)])
def test_what_is_not_as_stated_shows_in_the_exit_code(
    measured: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []

    def figures(cases: int) -> list[Figure]:
        asked.append(cases)
        return [Figure("alpha", measured, most=0.05)]

    monkeypatch.setattr(bench.stats, "figures", figures)
    assert main(["--cases", "7"]) == code
    assert asked == [7]
    assert f"alpha    {measured:.4f}" in capsys.readouterr().out
