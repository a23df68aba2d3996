"""The suite language, rule by rule: text, keys of a case, words that people try first.

Each row names the rule that it holds. Turns and checks are in ``test_format_turns``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.variables import Scope
from tests.spec.writing import CHECK, SECRETS, STARTED, loaded, outcomes, said, suite, talked, wrong


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Text is what was typed

AS_TYPED = ("02134", "1.10", "no", "on", "true", "2024-05-20", "~x", "0x1F", "1_000", "12:30:45")


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_text_is_sent_and_compared_as_typed(typed: str) -> None:
    assert said(suite(f"- say: {typed}{CHECK}")) == [typed]
    row = suite(f"- say: ${{v}}{CHECK}", case=f"examples:\n  - v: {typed}\n")
    assert said(row) == [typed]
    top = suite(f"- say: ${{v}}{CHECK}", top=f"vars:\n  v: {typed}\n")
    assert said(top) == [typed]
    csv = suite(f"- say: ${{v}}{CHECK}", case="examples: {file: rows.csv}\n")
    assert said(csv, {"rows.csv": f"v\n{typed}\n"}) == [typed]
    compared = suite(f"- say: x\n  expect:\n    - equals: {typed}\n    - contains: {typed}")
    assert outcomes(compared, typed) == ["passed", "passed"]
    assert outcomes(compared, "other") == ["failed", "failed"]


SAID = {
    "`say: |` drops its last newline": (
        "- say: |\n    two\n    lines\n  expect: [answers]",
        ["two\nlines"],
    ),
    "marks of templates inside text mean nothing": (
        f"- say: a {{{{b}}}} {{% c %}} <d> & --- e{CHECK}",
        ["a {{b}} {% c %} <d> & --- e"],
    ),
    "`$${` is literal": (f"- say: a $${{b}}{CHECK}", ["a ${b}"]),
    "`${today}` is the day of the run": (f"- say: ${{today}}{CHECK}", ["2026-02-28"]),
    "`${today+1d:%d %B}` counts on and has a form": (
        f"- say: ${{today+1d:%d %B}} ${{today-2w:%d.%m.%Y}} ${{today+1m}}{CHECK}",
        ["01 March 14.02.2026 2026-03-28"],
    ),
    "`${secret:NAME}` is read from the environment": (
        f"- say: ${{secret:TOKEN}}{CHECK}",
        [SECRETS["TOKEN"]],
    ),
    "turns are said in order": (f"- say: a\n- say: b{CHECK}", ["a", "b"]),
}


@pytest.mark.parametrize("rule", SAID)
def test_what_is_said(rule: str) -> None:
    turns, expected = SAID[rule]
    assert said(suite(turns, top="secrets: [TOKEN]\n")) == expected


def test_a_row_goes_over_the_case_and_the_case_over_the_suite() -> None:
    text = suite(
        f"- say: ${{a}} ${{b}} ${{c}}{CHECK}",
        top="vars: {a: suite, b: suite, c: suite}\n",
        case="vars: {b: case, c: case}\nexamples:\n  - c: row\n",
    )
    assert said(text) == ["suite case row"]


def test_a_saved_value_is_used_in_later_turns() -> None:
    text = suite(
        "- say: one\n  save:\n    ticket: {after: 'Ticket number:'}\n- say: It is ${ticket}."
        + CHECK
    )
    ((lines, verdict),) = talked(text, lambda _: "Noted. Ticket number: T-17, thanks").values()
    assert lines == ["one", "It is T-17."]
    assert verdict.ruling == "passed"


def test_a_saved_value_that_is_not_found_fails_its_turn_and_later_ones_are_not_reached() -> None:
    text = suite(
        "- say: one\n  save:\n    ticket: {after: 'Ticket number:'}\n- say: It is ${ticket}."
        + CHECK
    )
    ((lines, verdict),) = talked(text, lambda _: "Noted.").values()
    assert lines == ["one"]
    assert verdict.ruling == "failed"
    assert [(one.check, one.turn, one.outcome.value) for one in verdict.findings] == [
        ("save", 1, "failed"),
        ("not_refuses", 2, "not_reached"),
    ]
    assert (verdict.turns, verdict.reached, verdict.missed) == (2, 1, 1)


def test_unique_and_canary_are_made_from_seed_and_case() -> None:
    text = suite(f"- say: ${{unique}} ${{canary}}{CHECK}", case="examples:\n  - id: x\n  - id: y\n")
    first = talked(text, str, seed=1)
    assert talked(text, str, seed=1) == first
    words = [lines[0] for lines, _ in first.values()]
    words += [lines[0] for lines, _ in talked(text, str, seed=2).values()]
    assert len(set(words)) == 4
    assert all(re.fullmatch(r"[a-z]{8} (?:[a-z2-9]{5}-){2}[a-z2-9]{5}", one) for one in words)


def test_a_secret_is_masked_in_what_is_compared_and_shown() -> None:
    text = suite("- say: x\n  expect:\n    - contains: ${secret:TOKEN}", top="secrets: [TOKEN]\n")
    ((_, verdict),) = talked(text, lambda _: "no such word").values()
    assert SECRETS["TOKEN"] not in repr(verdict)
    assert "‹secret:TOKEN›" in repr(verdict)


TRAPS = {
    "text cut by ` #` with no space after it": ("- say: order is #W554", '- say: "order is #W554"'),
    "`!help` unquoted": ("- say: !help", '- say: "!help"'),
    "`*sigh*` unquoted": ("- say: *sigh*", '- say: "*sigh*"'),
    "`@agent` unquoted": ("- say: @agent please", '- say: "@agent please"'),
    "`'tis` unquoted": ("- say: 'tis mine", '- say: "\'tis mine"'),
    "`Note: this` unquoted": ("- say: Note: this", '- say: "Note: this"'),
    "`{%` at the beginning": ("- say: {% if %}", '- say: "{% if %}"'),
    "`{{` at the beginning": ("- say: {{name}} here", '- say: "{{name}} here"'),
    "`&` at the beginning": ("- say: & so on", '- say: "& so on"'),
    "`%` at the beginning": ("- say: % of it", '- say: "% of it"'),
    "a backtick at the beginning": ("- say: `code`", '- say: "`code`"'),
}


@pytest.mark.parametrize("rule", TRAPS)
def test_a_trap_of_yaml_is_an_error_that_prints_the_corrected_line(rule: str) -> None:
    typed, mended = TRAPS[rule]
    (one,) = wrong(suite(f"{typed}{CHECK}"))
    assert mended in one.hint
    assert said(suite(f"{mended}{CHECK}")) == [mended.removeprefix("- say: ")[1:-1]]


def test_a_backslash_in_double_quotes_is_told() -> None:
    (one,) = wrong(suite('- say: x\n  expect:\n    - matches: "\\d{5}"'))
    assert one.code == "bad-escape"
    assert "'\\d{5}'" in one.hint


def test_a_sentence_cut_at_its_commas_is_told() -> None:
    (one,) = wrong(suite("- say: x\n  expect:\n    - not_contains: [Sorry, I don't know]"))
    assert "Sorry, I don't know" in one.hint


@pytest.mark.parametrize("typed", ["[${x}, b]", "{v: ${x}}"])
def test_a_name_in_brackets_without_quotes_is_told(typed: str) -> None:
    check = "contains_any" if typed[0] == "[" else "contains"
    typed = typed.replace("v:", "value:")
    found = wrong(suite(f"- say: x\n  expect:\n    - {check}: {typed}", top="vars: {x: y}\n"))
    assert [one.code for one in found] == ["unquoted-name"]
    assert '"${x}"' in found[0].hint


def test_all_mistakes_are_told_at_once() -> None:
    text = suite("- say: order is #W554\n  expct:\n    - contains: a\n- say: ${nme}\n- say: *sigh*")
    codes = [one.code for one in wrong(text)]
    assert sorted(codes) == ["special-character", "text-cut", "unknown-key", "unknown-name"]


@pytest.mark.parametrize("check", ["contains", "matches", "equals", "recalls"])
def test_an_empty_text_to_look_for_is_an_error(check: str) -> None:
    found = wrong(suite(f'- say: x\n  expect:\n    - {check}: ""'))
    assert [one.code for one in found] == ["empty-text"]
    case = "examples: {file: r.csv}\n"
    cell = suite(f"- say: It is ${{v}}.\n  expect:\n    - {check}: ${{v}}", case=case)
    (one,) = wrong(cell, {"r.csv": 'id,v\na,x\nb,""\n'})
    assert (one.code, one.where.file, one.where.line) == ("unfit-cell", "r.csv", 3)


def test_a_check_whose_only_value_is_unset_for_a_row_is_skipped_and_not_passed() -> None:
    text = suite(
        "- say: x\n  expect:\n    - contains: ${v}\n    - answers",
        case="examples:\n  - {id: b, v: hello}\n  - {id: c}\n",
    )
    found = talked(text, lambda _: "hello").items()
    assert {name: [f.outcome.value for f in verdict.findings] for name, (_, verdict) in found} == {
        "a[b]": ["passed", "passed"],
        "a[c]": ["skipped", "passed"],
    }


CSV = {
    "a BOM": b"\xef\xbb\xbfid,v\nx,hello\n",
    "semicolons": b"id;v\nx;hello\n",
    "Excel's quoting": b'id;v\r\n"x";"hello"\r\n',
    "all of it": b'\xef\xbb\xbf"id";"v"\r\n"x";"hello"\r\n',
}


@pytest.mark.parametrize("rule", CSV)
def test_csv_is_read_as_spreadsheets_write_it(rule: str) -> None:
    text = suite(f"- say: ${{v}}{CHECK}", case="examples: {file: r.csv}\n")
    assert list(talked(text, str, {"r.csv": CSV[rule]})) == ["a[x]"]
    assert said(text, {"r.csv": CSV[rule]}) == ["hello"]


def test_quotes_commas_and_lines_inside_a_cell_are_kept() -> None:
    text = suite(f"- say: ${{v}}{CHECK}", case="examples: {file: r.csv}\n")
    raw = b'id,v\nx,"He said ""hi, you""\nand left; fast"\n'
    assert said(text, {"r.csv": raw}) == ['He said "hi, you"\nand left; fast']


def test_split_cuts_a_cell_into_several_texts() -> None:
    text = suite(
        "- say: x\n  expect:\n    - contains_any: ${v}",
        case='examples: {file: r.csv, split: "|"}\n',
    )
    ((_, verdict),) = talked(text, lambda _: "ciao", {"r.csv": "v\nhello|ciao\n"}).values()
    assert verdict.ruling == "passed"


def test_a_column_names_the_case_and_row_numbers_do_otherwise() -> None:
    turns = f"- say: ${{v}}{CHECK}"
    rows = {"r.csv": "key,v\nfirst,a\nsecond,b\n"}
    named = suite(turns, case="examples: {file: r.csv, id: key}\n")
    assert list(talked(named, str, rows)) == ["a[first]", "a[second]"]
    assert list(talked(suite(turns, case="examples: {file: r.csv}\n"), str, rows)) == [
        "a[1]",
        "a[2]",
    ]


def test_a_matrix_multiplies() -> None:
    text = suite(
        f"- say: ${{lang}} ${{input}}{CHECK}", case="matrix: {lang: [de, fr], input: [a, b]}\n"
    )
    assert said(text) == ["de a", "de b", "fr a", "fr b"]
    assert list(talked(text, str)) == ["a[de,a]", "a[de,b]", "a[fr,a]", "a[fr,b]"]


# Keys that set a case aside

AT_CASE = {
    "`skip: reason`": ("skip: the desk moves\n", lambda case: case.skip, "the desk moves"),
    "`topic:` groups cases": ("topic: returns\n", lambda case: case.topic, "returns"),
    "`expected_failure` runs on": (
        "expected_failure: {reason: down, owner: anna, until: 2026-12-31}\n",
        lambda case: (case.aside.kind, case.aside.over),
        ("expected_failure", False),
    ),
    "up to and with its last day": (
        "quarantine: {reason: down, owner: anna, until: 2026-02-28}\n",
        lambda case: (case.aside.kind, case.aside.over),
        ("quarantine", False),
    ),
    "whose date is over": (
        "quarantine: {reason: down, owner: anna, until: 2026-02-27}\n",
        lambda case: (case.aside.kind, case.aside.over),
        ("quarantine", True),
    ),
    "`links`": (
        "links:\n  - issue: 123\n  - tms: QA-7\n  - {url: 'https://x.test', name: Policy}\n",
        lambda case: [(link.kind, link.url, link.name) for link in case.links],
        [("issue", "123", ""), ("tms", "QA-7", ""), ("link", "https://x.test", "Policy")],
    ),
}


@pytest.mark.parametrize("rule", AT_CASE)
def test_a_key_of_a_case(rule: str) -> None:
    key, look, expected = AT_CASE[rule]
    found = loaded(suite(f"- say: x{CHECK}", case=key))
    assert [one for one in found.diagnostics if one.severity == "error"] == []
    (case,) = cases(found.suites[0], Scope(1, STARTED))
    assert look(case) == expected


def test_a_skipped_case_asks_nothing() -> None:
    found = talked(suite(f"- say: x{CHECK}", case="skip: the desk moves\n"), str)
    ((lines, verdict),) = found.values()
    assert (lines, verdict.ruling, verdict.reason) == ([], "skipped", "the desk moves")


# Words that people try first

WORDS = {
    **dict.fromkeys(("user", "input", "query", "human"), ("turn", "say")),
    **dict.fromkeys(("bot", "assert", "expected", "then"), ("turn", "expect")),
    **dict.fromkeys(("steps", "messages"), ("case", "turns")),
    **dict.fromkeys(("tests", "cases", "scenarios"), ("top", "conversations")),
    **dict.fromkeys(("name", "description"), ("case", "title")),
    **dict.fromkeys(("includes", "icontains", "has"), ("check", "contains")),
    **dict.fromkeys(("llm-rubric", "criteria"), ("check", "rubric")),
    "regex": ("check", "matches"),
    "must_not_contain": ("check", "not_contains"),
}


@pytest.mark.parametrize("word", WORDS)
def test_an_unknown_word_is_answered_by_its_meaning(word: str) -> None:
    place, ours = WORDS[word]
    say, turns, top, check, title = "say", "turns", "conversations", "contains", "title"
    if place == "check":
        check = word
    elif place == "top":
        top = word
    elif ours == "say":
        say = word
    elif ours == "turns":
        turns = word
    elif ours == "title":
        title = word
    expect = word if place == "turn" and ours == "expect" else "expect"
    text = (
        f"suite: S\n{top}:\n  - id: a\n    {title}: T\n    {turns}:\n      - {say}: hi\n"
        f"        {expect}:\n          - {check}: x\n"
    )
    found = wrong(text)
    assert any(f"`{ours}`" in one.hint for one in found), [(one.message, one.hint) for one in found]


@pytest.mark.parametrize("word", ["threshold", "min"])
def test_an_unknown_argument_is_answered_by_its_meaning(word: str) -> None:
    text = suite(f"- say: x\n  expect:\n    - similar: {{value: a b, {word}: 80%}}")
    (one,) = wrong(text)
    assert "`at_least`" in one.hint


# What is the author's own


def test_a_key_that_begins_with_x_is_the_authors_own_at_the_top() -> None:
    top = "x-checks: &polite\n  - not_refuses\nx-note: anything at all\n"
    text = suite("- say: hi\n  expect: *polite", top=top)
    assert said(text) == ["hi"]
    (one,) = wrong(suite(f"- say: hi{CHECK}", case="x-note: not here\n"))
    assert one.code == "unknown-key"
