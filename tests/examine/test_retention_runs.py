"""Retention cases in whole runs: judged again, and foreseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

SUITE = """
suite: R
target: {kind: demo, forget_after: 5}
retention:
  - id: name
    tell: My name is Priya.
    ask: What is my name?
    recalls: Priya
    distances: [1, 8]
    samples: 30
    SHARE
"""

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        from chatbot_qa.faces.cli import main

        capsys.readouterr()
        code = 0
        try:
            main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        return code, capsys.readouterr().out

    return run


def write(share: str = "") -> None:
    Path("s.yaml").write_text(SUITE.replace("SHARE", share), encoding="utf-8")


def verdict() -> dict[str, Any]:
    lines = Path("run/verdicts.jsonl").read_bytes().splitlines()
    (found,) = [one for line in lines if (one := orjson.loads(line)).get("id") == "name"]
    return dict(found)


def test_a_run_is_judged_again_with_the_same_verdict_and_curve(command: Command) -> None:
    write()
    assert command("run", "s.yaml", "--seed", "3", "--out", "run")[0] == 1
    before = verdict()
    assert "it first falls short with 5 turns between" in str(before)
    assert command("judge", "run")[0] == 1
    assert verdict() == before


def test_what_was_not_recorded_of_the_search_leaves_the_verdict_standing(command: Command) -> None:
    """A run without the search holds nothing of what it would have asked."""
    write("at_least: 90%\n    locate: false")
    assert command("run", "s.yaml", "--seed", "3", "--out", "run")[0] == 1
    assert "the exact turn" not in str(verdict())
    write("at_least: 90%")
    assert command("judge", "run")[0] == 1
    found = verdict()
    assert found["verdict"] == "failed"
    assert "the exact turn was not looked for to the end: this was not recorded" in str(found)


def test_a_dry_run_counts_every_call_of_the_samples(command: Command) -> None:
    write()
    code, out = command("run", "s.yaml", "--dry-run", "--format", "json")
    assert code == 0
    assert orjson.loads(out)["calls"] == 30 * (3 + 10)
