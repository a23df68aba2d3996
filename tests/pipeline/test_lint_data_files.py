"""What is no file of JSON lines is told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.lint_data import DataLint, Wanted
from tests.pipeline.command import Ended

Command = Callable[..., Ended]
GOOD = (
    '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]}'
)


def told(path: Path, text: str) -> list[tuple[int, str, str]]:
    path.write_text(text, encoding="utf-8")
    lint = DataLint([path], Wanted())
    return [(one.where.line, one.code, one.message) for one in lint.problems()]


@pytest.mark.parametrize("text", ["", "\n  \n", "\ufeff"])
def test_an_empty_file_is_no_good_one(here: Path, text: str) -> None:
    assert told(here / "a.jsonl", text) == [
        (1, "no-rows", f"there is no row in {here / 'a.jsonl'}")
    ]


def test_an_empty_file_beside_a_good_one_is_told(here: Path, command: Command) -> None:
    (here / "good.jsonl").write_text(GOOD + "\n")
    (here / "none.jsonl").write_text("")
    ended = command("lint-data", "good.jsonl", "none.jsonl")
    assert ended.code == 2
    assert "there is no row in none.jsonl" in ended.out
    assert "no problems" not in ended.out
    assert command("lint-data", "good.jsonl").code == 0


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "text,label\nHi there,hours\n" * 20, "this file is a table (CSV)"),
        ("a.csv", "Hi\nho\n", "this file is a table (CSV)"),
        ("a.jsonl", '\ufeffprompt;"the reply"\nHi;Hello\n', "this file is a table (CSV)"),
        ("a.json", f"[\n{GOOD},\n{GOOD}\n]\n", "this file is a single JSON list over many lines"),
        ("a.json", '{\n  "messages": []\n}\n', "this file is a single JSON object over many lines"),
        ("a.txt", "\n\nHello.\nHow are you, my friend?\n", "this file has no JSON lines"),
    ],
)
def test_a_file_of_another_form_is_told_once(
    here: Path, name: str, text: str, message: str
) -> None:
    ((line, code, said),) = told(here / name, text)
    assert (line, code) == (3 if name == "a.txt" else 1, "not-json-lines")
    assert said.startswith(message)


def test_what_is_private_in_its_first_line_is_not_shown(here: Path, command: Command) -> None:
    (here / "a.csv").write_text("ann@example.com,hours\nann@example.com,returns\n")
    ended = command("lint-data", "a.csv")
    assert ended.code == 2
    assert "ann@" not in ended.all


def test_lines_that_are_spoiled_are_still_told_one_by_one(here: Path) -> None:
    wrong = [code for _, code, _ in told(here / "a.jsonl", f"oops\n{GOOD}\nno\n")]
    assert wrong == ["json-line", "json-line"]
    assert told(here / "a.csv", GOOD) == []


def test_a_folder_is_told_as_one(here: Path) -> None:
    (here / "run").mkdir()
    with pytest.raises(UsageError, match="run is a folder") as raised:
        DataLint([here / "run"], Wanted())
    assert raised.value.hint == "there is no .jsonl in it"
    (here / "run" / "a.jsonl").write_text(GOOD)
    with pytest.raises(UsageError, match="run is a folder") as raised:
        DataLint([here / "run"], Wanted())
    assert raised.value.hint.endswith("run/*.jsonl")
    with pytest.raises(UsageError, match="there is no file"):
        DataLint([here / "nothing"], Wanted())
