"""Labelled texts from files of rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.domain.labelled import LabelledFile
from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import Loaded, load

SUITE = """suite: Labels
classification:
  - id: intents
    expect: [accuracy: {at_least: 10%}]
    rows: ROWS
"""


def loaded(tmp_path: Path, rows: str, **files: str) -> Loaded:
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
    path = tmp_path / "suite.yaml"
    path.write_text(SUITE.replace("ROWS", rows), encoding="utf-8")
    return load((path,), Registry())


def messages(found: Loaded) -> list[str]:
    return [one.message for one in found.diagnostics if one.code != "too-few-rows"]


def texts(found: Loaded) -> list[tuple[str, str, str]]:
    case = found.suites[0].declared[0].case
    rows = getattr(case, "rows")  # noqa: B009
    assert isinstance(rows, LabelledFile)
    return [(row.text, row.label, row.topic) for row in rows.rows]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a_csv", 'text,label\n"Hello, you",greeting\n=1+1 ${x},sum\n'),
        ("a_csv", "text;label\nHello, you;greeting\n=1+1 ${x};sum\n"),
        (
            "a_jsonl",
            '{"text": "Hello, you", "label": "greeting"}\n{"text": "=1+1 ${x}", "label": "sum"}\n',
        ),
    ],
)
def test_rows_are_read_as_they_stand(tmp_path: Path, name: str, text: str) -> None:
    found = loaded(tmp_path, f"{{file: {name.replace('_', '.')}}}", **{name: text})
    assert messages(found) == []
    assert texts(found) == [("Hello, you", "greeting", ""), ("=1+1 ${x}", "sum", "")]


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    text = "utterance,intent,customer\nHi,a,7\nHo,b,7\n"
    rows = "{file: a.csv, text: utterance, label: intent, topic: customer}"
    assert texts(loaded(tmp_path, rows, a_csv=text)) == [("Hi", "a", "7"), ("Ho", "b", "7")]


def test_a_column_topic_needs_no_mention(tmp_path: Path) -> None:
    found = loaded(tmp_path, "{file: a.csv}", a_csv="text,label,topic\nHi,a,x\nHo,b,\n")
    assert texts(found) == [("Hi", "a", "x"), ("Ho", "b", "")]


@pytest.mark.parametrize(
    ("rows", "text", "message"),
    [
        ("{file: a.csv}", "text,labels\nHi,a\n", "there is no column `label` in a.csv"),
        ("{file: a.csv, topic: who}", "text,label\nHi,a\n", "there is no column `who` in a.csv"),
        ("{file: a.csv}", "text,label\nHi,\n", "this row has nothing in the column `label`"),
        ("{file: a.csv}", "text,label\n", "there is no row in a.csv"),
        ("{file: a.csv, split: x}", "text,label\nHi,a\n", "unknown key `split`"),
        ("{text: a}", "", "`file:` names no file"),
        ("{file: a.csv, text: []}", "text,label\nHi,a\n", "`text` names a column"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, rows: str, text: str, message: str) -> None:
    assert messages(loaded(tmp_path, rows, a_csv=text))[:1] == [message]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    found = loaded(tmp_path, "{file: b.csv}", a_csv="text,label\nHi,a\n")
    assert "there is no file" in messages(found)[0]
