"""Writing cases into suites: read as meant, in the file's own manner, and nothing else moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry
from chatbot_qa.spec.edit import (
    PLAIN,
    Bare,
    Manner,
    Remark,
    lines_for,
    manner_of,
    scalar,
    with_case,
)
from chatbot_qa.spec.files import Source
from chatbot_qa.spec.positions import lines_of, parse
from chatbot_qa.spec.suites import read_suite
from chatbot_qa.spec.typed import scan

REGISTRY = Registry()
ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "suites").glob("*.yaml"))
EXAMPLES = [file for file in FILES if "\nsuite: " in file.read_text("utf-8")]
CASE = {
    "id": "new",
    "turns": [
        {"say": "order is #W554"},
        Remark("wrong on 2026-11-21: \x1b[2J\nno"),
        {"say": "no", "expect": ["answers", {"number": Bare("4.90"), "unit": "EUR"}]},
    ],
}
CHARACTERS = st.characters(exclude_categories=("Cs",))
TEXTS = st.text(CHARACTERS, max_size=40)
ODD = """
no 02134 2024-05-20 null ~ ${x} *a* !b @c 'tis #x - ? : a:b {a} [b] %d `e` | > & = << . \\d “hi” „x“
1_000 0x1F 1e5 .5 y on :) -x --- ...
"""
TRICKY = st.sampled_from(ODD.split())


def read(text: str):
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return read_suite(Source("s.yaml", plain, lines_of(plain)), REGISTRY)


def typed(form: str) -> str | None:
    """What a suite reads there, where it reads it without a word."""
    text = f"say: {form}\nlist:\n  - {form}\n"
    assert scan(text, "")[1] == []
    node, wrong = parse(text, "", text.split("\n"))
    assert wrong == []
    assert node is not None
    assert node.kind == "mapping"
    said, listed = node.get("say"), node.get("list")
    assert said is not None
    assert listed is not None
    assert said.kind == "text"
    assert listed.kind == "list"
    assert listed.items[0].kind == "text"
    assert listed.items[0].text == said.text
    return said.text


@given(st.one_of(TEXTS, TRICKY, st.tuples(TRICKY, TEXTS).map(" ".join)), st.sampled_from("\"' "))
def test_any_text_is_read_as_it_was(text: str, quote: str) -> None:
    assert typed(scalar(text, quote.strip())) == text


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("plain words, with a comma", "plain words, with a comma"),
        ("no", '"no"'),
        ("02134", '"02134"'),
        ("2024-05-20", '"2024-05-20"'),
        (r"R-\d{5}", r"R-\d{5}"),
        ('say "hi" #now', "'say \"hi\" #now'"),
        ("\u202eevil", r'"\u202eevil"'),
        ("a\nb\t\x00", r'"a\nb\t\x00"'),
    ],
)
def test_quotes_only_where_they_are_needed(text: str, form: str) -> None:
    assert scalar(text) == form


def test_what_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot hold"):
        scalar("a\ud800b")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_case_is_added_to_every_example_and_nothing_else_changes(file: Path, end: str) -> None:
    before = file.read_text("utf-8").replace("\n", end)
    after = with_case(before, "conversations", CASE)
    old, new = before.split(end), after.split(end)
    kept = iter(new)
    assert all(line in kept for line in old), "a line is gone, or stands elsewhere"
    assert after.count("\n") == after.count(end)
    section = 0 if "\nconversations:" in before.replace("\r", "") else 1
    assert len(new) - len(old) - section in (9, 10)
    _, said = read(before)
    suite, told = read(after)
    assert suite is not None
    assert [one.message for one in told] == [one.message for one in said]
    (case,) = [one.case for one in suite.declared if one.case.id == "new"]
    assert case.turns[0].say.source == "order is #W554"
    assert suite.declared[-1].case is case


FLAT = """\
suite: s
conversations:
- id: "a"
  turns:
  -   say: "b"

# about the suite
expect:
- cost: {at_most: 1 USD}
"""
WIDE = """\
suite: s
conversations:
    -   id: a
        turns:
            -   say: b
    -   id: c
        turns:
            -   say: 'd'
"""


def test_it_is_written_in_the_manner_of_its_file() -> None:
    added = with_case(FLAT, "conversations", {"id": "n", "turns": [{"say": "hi"}]})
    assert (
        added
        == """\
suite: s
conversations:
- id: "a"
  turns:
  -   say: "b"

- id: "n"
  turns:
  - say: "hi"

# about the suite
expect:
- cost: {at_most: 1 USD}
"""
    )
    added = with_case(WIDE, "conversations", {"id": "n", "turns": [{"say": "hi"}]})
    assert added.startswith(WIDE)
    assert added.removeprefix(WIDE) == ("    -   id: n\n        turns:\n            -   say: hi\n")


def test_manners() -> None:
    assert manner_of("") == PLAIN
    assert manner_of("- say: 'a'\n- say: 'b'\n") == Manner(0, 1, "'", apart=False)
    assert manner_of("- say: 'a'\n\n# c\n- say: b\n") == Manner(0, 1, "", apart=True)


@pytest.mark.parametrize(
    "text",
    [
        "suite: s\n",
        "suite: s",
        "suite: s\nconversations:\n",
        "suite: s\nconversations:   # none yet\n\n\n",
        "suite: s\n...\n",
    ],
)
def test_the_first_case_of_a_suite(text: str) -> None:
    suite, told = read(with_case(text, "conversations", CASE))
    assert suite is not None
    assert [one.case.id for one in suite.declared] == ["new"]
    assert [one for one in told if one.severity == "error"] == []


def test_cases_inside_brackets_are_left_alone() -> None:
    with pytest.raises(UsageError, match="inside brackets"):
        with_case("suite: s\nconversations: []\n", "conversations", CASE)


def test_a_comment_stays_one_line_and_steers_nothing() -> None:
    (line, *_) = lines_for([Remark("a\n- id: b\x1b[2J"), "c"], 2)
    assert line == r"  # a ⏎ - id: b\x1b[2J"
