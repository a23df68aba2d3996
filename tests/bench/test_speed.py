"""The benchmarks work; what they measure is not asserted, for machines are noisy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.table import table
from bench.work import beyond_texts, write_suite
from chatbot_qa.pipeline.lint import lint

ROOT = Path(__file__).parents[2]


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.speed", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_part_gives_figures() -> None:
    done = bench("--quick", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)["figures"]
    assert {figure["part"] for figure in figures} == {"waiting", "busy", "scale", "start"}
    assert all(figure["measured"] > 0 for figure in figures)


def test_a_part_prints_a_table() -> None:
    done = bench("--quick", "start")
    assert done.returncode == 0, done.stderr
    assert "chatbot-qa --version" in done.stdout
    assert "at most 0.25" in done.stdout


def test_an_unknown_part_is_refused_with_the_parts_that_there_are() -> None:
    done = bench("speed")
    assert done.returncode == 2
    assert "waiting, busy, scale, start" in done.stderr


def test_the_work_is_the_same_in_both_forms(tmp_path: Path) -> None:
    for form in ("yaml", "csv"):
        suite = write_suite(form, tmp_path / form, 7)
        found = lint((suite,), None)
        assert not found.diagnostics
        assert found.cases == 7


def test_texts_are_not_counted(tmp_path: Path) -> None:
    line = {"event": "exchange", "say": {"text": "Grüß dich"}, "reply": {"text": "Hi"}}
    text = json.dumps(line, ensure_ascii=False) + "\n"
    (tmp_path / "journal.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "verdicts.jsonl").write_text("{}\n", encoding="utf-8")
    held = len(text.encode()) + 3
    assert beyond_texts(tmp_path) == held - len("Grüß dich".encode()) - len("Hi")


def test_a_table_is_aligned() -> None:
    shown = table(("", "measured"), [("a", "1"), ("bb", "1,000")])
    assert shown.split("\n") == ["    measured", "------------", "a          1", "bb     1,000"]
