from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline import allure_history
from chatbot_qa.pipeline.allure_history import prune


def history(folder: Path, *names: str) -> Path:
    path = folder / allure_history.FILE
    lines = [json.dumps({"uuid": name, "name": name, "testResults": {}}) for name in names]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def names(path: Path) -> list[str]:
    return [json.loads(line)["name"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_newest_runs_are_kept(tmp_path: Path) -> None:
    path = history(tmp_path, "a", "b", "c")
    prune(path, 2)
    assert names(path) == ["b", "c"]


def test_a_run_that_is_made_again_is_left_out_before(tmp_path: Path) -> None:
    path = history(tmp_path, "a", "b", "a \N{MIDDLE DOT} c")
    prune(path, without="a \N{MIDDLE DOT} c")
    assert names(path) == ["a", "b"]


def test_a_history_that_is_too_large_loses_the_oldest_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = history(tmp_path, "a", "b", "c")
    size = path.stat().st_size // 3
    monkeypatch.setattr(allure_history, "MOST_BYTES", 2 * size + 1)
    prune(path)
    assert names(path) == ["b", "c"]


def test_what_fits_is_not_written_anew(tmp_path: Path) -> None:
    path = history(tmp_path, "a", "b")
    before = path.stat().st_ino
    prune(path, 2)
    assert path.stat().st_ino == before


def test_no_history_is_no_error(tmp_path: Path) -> None:
    prune(tmp_path / allure_history.FILE, 3)
    assert not list(tmp_path.iterdir())


def test_a_line_that_is_none_of_allures_is_told(tmp_path: Path) -> None:
    path = history(tmp_path, "a")
    path.write_bytes(path.read_bytes() + b'{"name": 7\n')
    with pytest.raises(UsageError, match="is no history of Allure"):
        prune(path, without="b")
    assert len(path.read_bytes().splitlines()) == 2


@given(st.lists(st.text("abc\u2028\u0085é", max_size=4)), st.integers(1, 5))
def test_as_many_as_there_may_be_and_the_last_ones(
    tmp_path_factory: pytest.TempPathFactory, given_names: list[str], runs: int
) -> None:
    path = history(tmp_path_factory.mktemp("history"), *given_names)
    prune(path, runs)
    kept = [json.loads(line)["name"] for line in path.read_bytes().split(b"\n") if line]
    assert kept == given_names[-runs:]
