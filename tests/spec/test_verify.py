"""Arguments without sense: told at their own place, as soon as their values are known."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.registry import Registry
from chatbot_qa.spec.files import Source
from chatbot_qa.spec.positions import lines_of
from chatbot_qa.spec.suites import read_suite

REGISTRY = Registry()


def told(text: str) -> list[Diagnostic]:
    text = textwrap.dedent(text)
    return read_suite(Source("s.yaml", text, lines_of(text)), REGISTRY)[1]


def of_check(check: str, *, top: str = "", case: str = "", say: str = "hi") -> list[Diagnostic]:
    """The mistakes of a suite whose one turn has this check, from line 6 on."""
    lines = textwrap.indent(check, " " * 10)
    return told(
        f"suite: S\n{top}conversations:\n  - id: a\n{case}    turns:\n      - say: {say}\n"
        f"        expect:\n{lines}\n"
    )


def marked(diagnostic: Diagnostic) -> str:
    """The author's line from the place of a mistake on."""
    return diagnostic.where.text[diagnostic.where.column - 1 :]


@pytest.mark.parametrize(
    ("check", "there"),
    [
        ("- language: english", "english"),
        ("- length", "length"),
        ("- length:\n    at_least: 0", "0"),
        ("- contains_any:\n    - a\n    - \u200b", "\u200b"),
        ("- not_contains:\n    - a\n    - \u200b", "\u200b"),
        ("- similar: abc\n  at_least: 0%", "0%"),
        ("- recalls: {value: a 1, instead_of: a1}", "a1}"),
        ("- json_schema:\n    items:\n      type: text", "text"),
        ("- json_schema:\n    items:\n      requird: [a]", "requird: [a]"),
        ("- json_schema:\n    anyOf:\n      - {}\n      - type: text", "text"),
        ("- any_of:\n    - refuses\n    - not_refuses", "not_refuses"),
        ("- all_of: []", "all_of: []"),
        ("- any_of:\n    - refuses\n    - length: {exactly: -1}", "-1}"),
    ],
)
def test_a_flaw_is_told_where_it_stands(check: str, there: str) -> None:
    (wrong,) = of_check(check)
    assert (wrong.code, wrong.severity) == ("bad-argument", Severity.ERROR)
    assert marked(wrong) == there


def test_a_check_with_a_mistake_is_not_verified_beside_it() -> None:
    assert [one.code for one in of_check("- length: {at_lest: 0}")] == ["unknown-argument"]


def test_the_message_names_the_check_as_it_was_written() -> None:
    (wrong,) = of_check("- not_matches: .*")
    assert wrong.message.startswith("`not_matches` never passes: ")


# Values of variables and of rows.


def test_a_variable_that_does_not_fit_is_told_where_it_is_used() -> None:
    (wrong,) = of_check("- language: ${lang}", top="vars: {lang: english}\n")
    assert wrong.code == "unfit-value"
    assert marked(wrong) == "${lang}"
    assert wrong.hint == "do you mean `en`?"


def test_a_variable_of_the_wrong_type_is_told_before_a_run() -> None:
    (wrong,) = of_check("- number: ${n}", top="vars: {n: '${m}', m: a month}\n")
    assert wrong.code == "unfit-value"
    assert "“a month” is not a number" in wrong.message


@pytest.mark.parametrize(
    ("top", "case"),
    [
        ("vars: {lang: en}\n", ""),
        ("vars: {lang: english}\n", "    vars: {lang: en}\n"),
        ("vars: {lang: english}\n", "    examples: [{lang: en}]\n"),
        ("vars: {lang: '${today}'}\n", ""),
    ],
)
def test_the_nearest_value_counts_and_what_is_not_known_yet_is_let_be(top: str, case: str) -> None:
    assert not of_check("- language: ${lang}", top=top, case=case)


def test_arguments_are_verified_together_once_a_row_fills_them_in() -> None:
    rows = "    examples:\n      - {new: b2, old: a1}\n      - {new: a1, old: a 1}\n"
    check = '- recalls: {value: "${new}", instead_of: "${old}"}'
    (wrong,) = of_check(check, case=rows, say="${new} ${old}")
    assert wrong.code == "unfit-cell"
    assert wrong.where.line == 6
    assert marked(wrong) == "a 1}"
    assert "s.yaml:10:52" in wrong.hint


def test_a_row_is_told_once_for_each_of_its_cells(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("lang,size\nen,3\ngerman,few\n", encoding="utf-8")
    suite = tmp_path / "s.yaml"
    text = (
        "suite: S\nconversations:\n  - id: a\n    examples: {file: rows.csv}\n"
        "    turns:\n      - say: hi\n        expect:\n          - language: ${lang}\n"
        "          - not_language: ${lang}x\n          - length: {at_most: '${size}'}\n"
    )
    found = read_suite(Source(str(suite), text, lines_of(text)), REGISTRY)[1]
    assert [(one.code, one.where.line, marked(one)) for one in found if one.where.line == 3] == [
        ("unfit-cell", 3, "german,few"),
        ("unfit-cell", 3, "few"),
    ]


def test_what_a_reply_gives_is_left_to_the_run() -> None:
    assert not told(
        """\
        suite: S
        conversations:
          - id: a
            turns:
              - say: hi
                save:
                  lang: {after: "in "}
                expect:
                  - language: ${lang}
        """
    )


# Over the suite.

ROWS = "    examples:\n" + "".join(f"      - {{id: row-{number}}}\n" for number in range(20))


@pytest.mark.parametrize(("rows", "enough"), [("", False), (ROWS, True)])
def test_a_percentile_wants_replies_enough(rows: str, enough: bool) -> None:
    found = told(
        f"suite: S\nconversations:\n  - id: a\n{rows}    turns:\n      - say: hi\n"
        "        expect:\n          - refuses\nexpect:\n  - latency: {p95: 2s}\n"
    )
    assert [one.code for one in found] == ([] if enough else ["bad-argument"])


def test_cases_that_are_skipped_give_no_replies() -> None:
    rows = ROWS + "    skip: not today\n"
    (wrong,) = told(
        f"suite: S\nconversations:\n  - id: a\n{rows}    turns:\n      - say: hi\n"
        "        expect:\n          - refuses\nexpect:\n  - latency: {p95: 2s}\n"
    )
    assert "comes to 0 replies" in wrong.message
