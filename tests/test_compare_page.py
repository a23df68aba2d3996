"""docs/compare.md is true: its example runs as shown, and its words are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot_qa.report.comparison import Result, Status
from tests.pipeline.command import write
from tests.readme import ROOT, blocks, shows
from tests.test_docs import execute

PAGE = ROOT / "docs" / "compare.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_example_runs_as_shown(tmp_path: Path) -> None:
    for block in blocks(PAGE):
        if "file" in block.marks:
            write(tmp_path, block.marks["file"], block.text)
        elif block.language == "console":
            *_, last = (command for command, _ in block.commands())
            for command, shown in block.commands():
                done = execute(command, tmp_path, tmp_path)
                red = "--baseline" in command or command == last
                assert done.returncode == (int(block.marks["exit"]) if red else 0), done.stdout
                assert shows(shown, done.stdout), done.stdout


@pytest.mark.parametrize("word", [*Status, *Result])
def test_every_status_and_verdict_is_explained(word: str) -> None:
    assert f"`{word}`" in TEXT


def test_every_key_of_the_json_is_named(tmp_path: Path) -> None:
    from tests.pipeline.comparing import Ran, save

    save(tmp_path / "a", [Ran("a")])
    save(tmp_path / "b", [Ran("a", "failed", replies=("No.",))])
    told = execute("chatbot-qa compare a b --format json", tmp_path, tmp_path).stdout
    keys = set(re.findall(r'"(\w+)":', told.partition('"findings"')[0])) - {s.value for s in Status}
    assert "pass_rate" in keys
    assert {key for key in keys if f"`{key}`" not in TEXT} - {"bot"} == set()
