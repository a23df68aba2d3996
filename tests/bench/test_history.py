"""``bench.history`` fills a history, asks it, and holds what it measured to what is stated."""

from __future__ import annotations

from pathlib import Path

import pytest

import bench.history
from bench.figure import Figure
from bench.history import CASES, figures, main
from chatbot_qa.history.place import place_of


def test_a_small_history_is_filled_and_asked(tmp_path: Path) -> None:
    found = list(figures("here", place_of("h.db", tmp_path), 3 * CASES))
    held = {figure.what: figure for figure in found}
    assert held["here: results held"].measured == 3 * CASES
    asked = [figure for figure in found if "seconds" in figure.what]
    assert len(asked) == 5
    assert all(figure.measured > 0 for figure in asked)
    assert {figure.most for figure in found} == {None, 1.0, 0.05}


@pytest.mark.parametrize(("seconds", "code"), [(0.01, 0), (0.06, 1)])
def test_what_is_slower_than_stated_shows_in_the_exit_code(
    seconds: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(name: str, place: object, rows: int) -> list[Figure]:
        return [Figure(f"{name} with {rows}", seconds, most=0.05)]

    monkeypatch.setattr(bench.history, "figures", measured)
    monkeypatch.setattr("tests.history.postgres.programs", lambda: None)
    assert main(["--rows", "7"]) == code
    told = capsys.readouterr()
    assert "SQLite with 7" in told.out
    assert "PostgreSQL is not installed" in told.err
