from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot_qa.importers.formats import FORMATS
from tests.pipeline.command import Ended

Command = Callable[..., Ended]

CONFIG = """\
description: Greets people
prompts: ['{{q}}']
providers: echo
tests:
  - vars: {q: How long do I have to send it back?}
    assert:
      - {type: icontains, value: 30 days}
      - {type: python, value: len(output) > 3}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "promptfooconfig.yaml"
    path.write_text(CONFIG)
    return path


def test_a_suite_is_written_with_a_report_and_runs(command: Command, config: Path) -> None:
    ended = command("import", "promptfoo", "promptfooconfig.yaml", "--out", "in")
    assert ended.code == 0, ended.all
    assert ended.out.startswith("4 carried, 0 approximated, 2 by hand, 0 refused\n")
    assert "  promptfooconfig.yaml:8: assert python: it is a program" in ended.out
    assert "    | type: python, value: len(output) > 3" in ended.out
    assert ended.out.endswith("written: in/greets-people.yaml\n")
    lint = command("lint", "in")
    assert lint.code == 0, lint.all
    run = command("run", "in", "--target", "demo", "--quiet")
    assert run.code == 0, run.all


def test_the_report_is_json_for_scripts(command: Command, config: Path) -> None:
    ended = command(
        "import", "promptfoo", "promptfooconfig.yaml", "--out", "in", "--format", "json"
    )
    assert ended.json["counts"] == {"carried": 4, "approximated": 0, "by-hand": 2, "refused": 0}
    assert ended.json["files"] == ["in/greets-people.yaml"]
    assert ended.json["cases"] == 1
    assert {
        "file": "promptfooconfig.yaml",
        "line": 8,
        "element": "assert python",
        "at": "tests[0].assert[1]",
        "fate": "by-hand",
        "words": "it is a program; write what it asks as checks",
        "original": "type: python, value: len(output) > 3",
    } in ended.json["notes"]


def test_nothing_is_written_over(command: Command, config: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    mine = tmp_path / "in/greets-people.yaml"
    mine.write_text("mine")
    ended = command("import", "promptfoo", "promptfooconfig.yaml", "--out", "in")
    assert ended.code == 2
    assert "in/greets-people.yaml stands there already" in ended.err
    assert mine.read_text() == "mine"
    assert [path.name for path in (tmp_path / "in").iterdir()] == [mine.name]


def test_a_folder_and_names_that_are_taken(command: Command, config: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / config.name).write_text(CONFIG.replace("Greets", "Greets " * 20))
    ended = command("import", "promptfoo", "a", "b", "--out", "in")
    assert ended.code == 0
    first, second = sorted((path.name for path in (tmp_path / "in").glob("*.yaml")), key=len)
    assert second == first.replace(".yaml", "-2.yaml")
    assert command("lint", "in").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("promptfo", "promptfooconfig.yaml"), "promptfoo"),
        (("promptfoo", "gone.yaml"), "no file or folder gone.yaml"),
        (("postman", "."), "postman_collection"),
        (("promptfoo", "broken.yaml"), "broken.yaml:2"),
        (("promptfoo", "latin.yaml"), "latin.yaml:2"),
    ],
)
def test_what_cannot_be_imported_ends_with_2(
    command: Command, config: Path, words: tuple[str, ...], told: str
) -> None:
    config.with_name("broken.yaml").write_text("prompts:\n - [a\n")
    config.with_name("latin.yaml").write_bytes(b"prompts:\n - caf\xe9\n")
    ended = command("import", *words, "--out", "in")
    assert ended.code == 2
    assert told in ended.all
    assert not config.with_name("in").exists()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_each_format_refuses_garbage_at_a_line(command: Command, config: Path, name: str) -> None:
    config.with_name("garbage").write_bytes(b"{[\x00\xff")
    ended = command("import", name, "garbage", "--out", "in")
    assert ended.code == 2
    assert "garbage:1" in ended.all
