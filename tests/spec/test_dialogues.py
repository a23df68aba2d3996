"""Neutral turns from a file of dialogues."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import Dialogues
from tests.spec.writing import loaded

SUITE = """suite: S
target: demo
retention:
  - id: a
    tell: I am Priya.
    ask: Who am I?
    recalls: Priya
    between: {between}
"""


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))


def read(*lines: str, between: str = "{file: talk.jsonl}") -> Dialogues | list[Diagnostic]:
    text = SUITE.replace("{between}", between)
    found = loaded(text, {"talk.jsonl": "\n".join(lines)})
    if found.diagnostics:
        return list(found.diagnostics)
    case = found.suites[0].declared[0].case
    between_read: Dialogues = case.between  # type: ignore[attr-defined]
    return between_read


def test_each_form_of_a_line_is_read() -> None:
    found = read(
        '["Hi.", "So."]',
        "",
        '{"turns": ["One.", "Two."]}',
        '{"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "Hello."},'
        ' {"role": "assistant", "content": "Hi!"}, {"role": "user", "content": "Bye."}]}',
    )
    assert found == Dialogues(
        file="talk.jsonl", texts=(("Hi.", "So."), ("One.", "Two."), ("Hello.", "Bye."))
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("[1, 2]", "json-line"),
        ("{", "json-line"),
        ('"text"', "json-line"),
        ("{}", "json-line"),
        ('{"messages": ["x"]}', "json-line"),
        ('{"messages": [{"role": "user", "content": null}]}', "json-line"),
        ("[" * 100_000, "json-line"),
        ("[]", "nothing-said"),
        ('["Hi.", " "]', "nothing-said"),
        ('{"messages": [{"role": "assistant", "content": "Hi!"}]}', "nothing-said"),
    ],
)
def test_a_line_that_is_no_dialogue_is_told_where_it_stands(line: str, code: str) -> None:
    found = read('["Hi."]', line)
    assert isinstance(found, list)
    assert [(one.code, one.where.file, one.where.line) for one in found] == [
        (code, "talk.jsonl", 2)
    ]


@pytest.mark.parametrize(
    ("between", "code"),
    [
        ("{file: tlk.jsonl}", "missing-file"),
        ("{file: talk.csv}", "unknown-format"),
        ("{file: ''}", "missing-key"),
        ("{}", "missing-key"),
        ("{files: talk.jsonl}", "unknown-key"),
        ("{file: [talk.jsonl]}", "missing-key"),
        ("Nice day.", "wrong-type"),
    ],
)
def test_what_names_no_file_is_told(between: str, code: str) -> None:
    found = read('["Hi."]', between=between)
    assert isinstance(found, list)
    assert [one.code for one in found] == [code]


def test_a_file_that_is_nearly_named_so_is_offered() -> None:
    found = read('["Hi."]', between="{file: tlk.jsonl}")
    assert isinstance(found, list)
    assert (
        found[0].hint == "did you mean `talk.jsonl`? the path is seen from the folder of the suite"
    )


def test_a_file_without_a_dialogue_or_without_utf_8_is_told() -> None:
    found = read("")
    assert isinstance(found, list)
    assert [one.code for one in found] == ["no-dialogues"]
    text = SUITE.replace("{between}", "{file: talk.jsonl}")
    (wrong,) = loaded(text, {"talk.jsonl": b'["Gr\xfc\xdfe"]'}).diagnostics
    assert (wrong.code, wrong.where.line) == ("not-utf-8", 1)


texts = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text.strip())


@given(st.lists(st.lists(texts, min_size=1), min_size=1))
def test_whatever_was_said_is_read_back(dialogues: list[list[str]]) -> None:
    lines = [json.dumps(one, ensure_ascii=True) for one in dialogues]
    found = read(*lines)
    assert isinstance(found, Dialogues)
    assert [list(one) for one in found.texts] == dialogues
