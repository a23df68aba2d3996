"""Cases with references as their author writes them: rows inline and from files, and lint."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.domain.referenced import ReferencedFile
from chatbot_qa.examine.references_case import ReferencesCase
from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import Loaded, load
from tests.readme import ROOT, blocks

SUITE = """suite: Translations
references:
  - id: de-en
    ask: "Translate: ${text}"
    expect: [bleu: {at_least: 10%}]
    rows: ROWS
"""


def loaded(tmp_path: Path, suite: str, **files: str) -> Loaded:
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
    path = tmp_path / "suite.yaml"
    path.write_text(suite, encoding="utf-8")
    return load((path,), Registry())


def case(found: Loaded) -> ReferencesCase:
    assert found.diagnostics == ()
    one = found.suites[0].declared[0].case
    assert isinstance(one, ReferencesCase)
    return one


def rows(found: Loaded) -> list[tuple[str, tuple[str, ...], str]]:
    return [(row.text, row.references, row.topic) for row in case(found).texts]


def test_rows_in_the_suite(tmp_path: Path) -> None:
    given = "[{text: Hallo, reference: Hello}, {text: Tag, reference: [Hi, Hey], topic: x}]"
    found = loaded(tmp_path, SUITE.replace("ROWS", given))
    assert rows(found) == [("Hallo", ("Hello",), ""), ("Tag", ("Hi", "Hey"), "x")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a_csv", 'text,reference\n"Ja, ${x}",Yes\n=1+1,Two\n'),
        (
            "a_jsonl",
            '{"text": "Ja, ${x}", "reference": "Yes"}\n{"text": "=1+1", "reference": "Two"}\n',
        ),
    ],
)
def test_rows_of_a_file_are_read_as_they_stand(tmp_path: Path, name: str, text: str) -> None:
    suite = SUITE.replace("ROWS", f"{{file: {name.replace('_', '.')}}}")
    found = loaded(tmp_path, suite, **{name: text})
    assert rows(found) == [("Ja, ${x}", ("Yes",), ""), ("=1+1", ("Two",), "")]
    assert isinstance(case(found).rows, ReferencedFile)


def test_columns_may_have_other_names_and_several_hold_references(tmp_path: Path) -> None:
    text = "de,en,us,page\nHallo,Hello,Hi,7\nTag,Good day,,8\n"
    given = "{file: a.csv, text: de, reference: [en, us], topic: page}"
    found = loaded(tmp_path, SUITE.replace("ROWS", given), a_csv=text)
    assert rows(found) == [("Hallo", ("Hello", "Hi"), "7"), ("Tag", ("Good day",), "8")]


@pytest.mark.parametrize(
    ("given", "text", "code"),
    [
        ("{file: a.csv, reference: engl}", "text,reference\na,b\n", "unknown-column"),
        ("{file: a.csv, topic: page}", "text,reference\na,b\n", "unknown-column"),
        ("{file: a.csv, label: x}", "text,reference\na,b\n", "unknown-key"),
        ("{file: a.csv, text: [a, b]}", "text,reference\na,b\n", "wrong-type"),
        ("{file: a.csv, reference: []}", "text,reference\na,b\n", "wrong-type"),
        ("{text: a}", "", "missing-key"),
        ("{file: a.csv}", "text,reference\na,\n", "empty-cell"),
        ("{file: a.csv}", "text,reference\n", "no-rows"),
        ("{file: b.csv}", "", "missing-file"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    tmp_path: Path, given: str, text: str, code: str
) -> None:
    found = loaded(tmp_path, SUITE.replace("ROWS", given), a_csv=text)
    assert code in [one.code for one in found.diagnostics]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ROWS", "[]", "has no rows"),
        ("ROWS", "[{text: a, reference: []}]", "without a word, or none"),
        ("ROWS", '[{text: " ", reference: a}]', "the text of this row is empty"),
        ("Translate: ${text}", "Translate it", "does not say the text"),
        ("    expect: [bleu: {at_least: 10%}]\n", "", "so it cannot fail"),
        ("bleu: {at_least: 10%}", "{bleu: {at_least: 10%}, ter: {at_most: 1}}", "2 scores stand"),
        ("at_least: 10%", "at_least: 0", "every corpus reaches a BLEU of 0"),
        ("at_least: 10%", "at_least: 100%", "no number of rows shows that BLEU is 1"),
        ("bleu: {at_least: 10%}", "ter: {at_most: -0.1}", "nothing takes fewer than no edits"),
    ],
)
def test_what_makes_no_sense_is_told_beforehand(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    suite = SUITE.replace(old, new).replace("ROWS", "[{text: Hallo, reference: Hello}]")
    found = loaded(tmp_path, suite)
    told = [one for one in found.diagnostics if one.code == "bad-references"]
    assert says in " ".join(one.message for one in told)


def test_the_suite_on_the_page_has_no_mistakes(tmp_path: Path) -> None:
    (block,) = [one for one in blocks(ROOT / "docs" / "references.md") if one.language == "yaml"]
    one = case(loaded(tmp_path, block.text))
    assert [metric.name for want in one.expect for metric, _ in want.scores] == [
        "BLEU",
        "chrF",
        "TER",
    ]
