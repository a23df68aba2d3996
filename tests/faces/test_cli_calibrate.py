from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot_qa.pipeline import calibration
from tests.pipeline.command import Ended
from tests.readme import ROOT, blocks, shows

Command = Callable[..., Ended]

SECRET = "STAFF-7Q2K-COUPON"


@pytest.fixture
def labels(here: Path) -> Path:
    return here / "labels.jsonl"


def fill(labels: Path, *rows: dict[str, str]) -> None:
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_page_is_true(command: Command, here: Path) -> None:
    page = list(blocks(ROOT / "docs" / "calibrate.md"))
    (file,) = (block for block in page if "file" in block.marks)
    (here / file.marks["file"]).write_text(file.text, encoding="utf-8")
    (shown,) = (block for block in page if block.language == "console")
    for line, printed in shown.commands():
        ended = command(*shlex.split(line)[1:])
        assert ended.code == 0, ended.all
        assert shows(printed, ended.out), ended.out


def test_json_stands_alone_and_lists_rows_in_order(command: Command, labels: Path) -> None:
    fill(labels, {"value": "a", "reply": "b", "label": "passed"},
         {"value": "a", "reply": "a", "label": "passed"})  # fmt: skip
    ended = command("calibrate", "contains", "labels.jsonl", "--format", "json")
    assert ended.code == 0
    assert [row["predicted"] for row in ended.json["rows"]] == ["failed", "passed"]
    assert ended.json["recall"]["value"] == 0.5


def test_a_check_that_breaks_is_an_error_and_no_figure(
    command: Command, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: str) -> None:
        raise ValueError("out of\x1b order")

    monkeypatch.setattr("chatbot_qa.text.refusals.refusal", broken)
    fill(labels, {"ask": "a", "reply": "b", "label": "answered"})
    ended = command("calibrate", "refuses", "labels.jsonl")
    assert ended.code == 3
    told = (
        "the check failed at 1 row; line 1: the check itself failed: ValueError: out of\\x1b order"
    )
    assert told in ended.out
    assert command("calibrate", "refuses", "labels.jsonl", "--format", "json").json["broken"] == 1


def test_bad_rows_are_told_with_their_lines(command: Command, labels: Path) -> None:
    labels.write_text('{"reply": "a", "label": "passed"}\n{"reply": "a", "label": "good"}\nx\n')
    ended = command("calibrate", "replies", "labels.jsonl", "--format", "json")
    assert ended.code == 2
    assert ended.out == ""
    assert "labels.jsonl:2:" in ended.err
    assert "labels.jsonl:3:" in ended.err


def test_an_unknown_check_is_told_with_near_names(command: Command, labels: Path) -> None:
    ended = command("calibrate", "refuse", "labels.jsonl")
    assert ended.code == 2
    assert "do you mean `refuses`?" in ended.err


def test_the_first_disagreements_are_shown_or_all(command: Command, labels: Path) -> None:
    fill(labels, *({"value": "a", "reply": f"b{n}", "label": "passed"} for n in range(30)))
    some = command("calibrate", "contains", "labels.jsonl").out
    assert "30 disagreements:" in some
    assert some.count("labelled passed, read as failed") == 20
    assert "… and 10 more, shown with --all" in some
    every = command("calibrate", "contains", "labels.jsonl", "--all").out
    assert every.count("labelled passed, read as failed") == 30
    assert "shown with --all" not in every


def test_a_row_steers_no_terminal_and_shows_no_secret(command: Command, labels: Path) -> None:
    fill(labels, {"ask": "\x1b[2JWhat\u202e is it?\nTell!", "secret": SECRET, "label": "kept",
                  "reply": f"It is {SECRET.lower()}\r\x07. ##[group] {'long ' * 99}"})  # fmt: skip
    ended = command("calibrate", "leaks", "labels.jsonl")
    assert "line 1: labelled kept, read as leaked" in ended.out
    assert "\x1b" not in ended.out and "\x07" not in ended.out and "\u202e" not in ended.out
    assert "\\x1b[2JWhat\\u202e is it? Tell!" in ended.out
    assert SECRET.lower() not in ended.out.lower()
    assert "It is ‹secret›" in ended.out
    assert "##[group]" not in ended.out
    assert max(map(len, ended.out.splitlines())) < 260


def test_figures_are_kept_in_a_file(command: Command, here: Path, labels: Path) -> None:
    fill(labels, {"value": "a", "reply": "a", "label": "passed"})
    assert "to keep these figures: --write calibration-contains.json" in command(
        "calibrate", "contains", "labels.jsonl"
    ).out  # fmt: skip
    assert not (here / "calibration-contains.json").exists()
    ended = command("calibrate", "contains", "labels.jsonl", "--write", "kept.json")
    assert "written: kept.json\n" in ended.out
    assert calibration.read(here / "kept.json").confusion["passed"]["passed"] == 1
    over = command("calibrate", "contains", "labels.jsonl", "--write", "labels.jsonl")
    assert over.code == 2
    assert "not written over" in over.err


def test_nothing_that_agrees_is_called_a_disagreement(command: Command, labels: Path) -> None:
    fill(labels, {"value": "a", "reply": "a", "label": "passed"})
    ended = command("calibrate", "contains", "labels.jsonl")
    assert "disagreement" not in ended.out
    assert "note: every row is labelled passed" in ended.out
