"""What is said of a suite without calling the bot."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.source import Diagnostic, Severity
from chatbot_qa.registry import Registry
from chatbot_qa.spec.files import Source
from chatbot_qa.spec.lint import RULES
from chatbot_qa.spec.positions import lines_of
from chatbot_qa.spec.suites import read_suite
from tests.spec.checks_for_tests import registry

REGISTRY = registry()


def lint(turns: str, top: str = "", case: str = "") -> list[Diagnostic]:
    """The mistakes of a suite of one case; ``turns`` are its turns, indented by their dash."""
    text = f"suite: S\n{top}conversations:\n  - id: a\n{case}    turns:\n"
    text += "".join(f"      {line}\n" for line in turns.splitlines())
    suite, wrong = read_suite(Source("s.yaml", text, lines_of(text)), REGISTRY)
    assert suite is not None
    return wrong


def codes(turns: str, top: str = "", case: str = "") -> list[str]:
    return [one.code for one in lint(turns, top, case)]


CHECKED = "\n  expect:\n    - refuses"
SAVING = "- say: hi\n  save:\n    ticket: {after: 'T:'}"


@pytest.mark.parametrize(
    ("turns", "top", "case"),
    [
        ("- say: hi" + CHECKED, "", ""),
        ("- say: ${a} ${b}" + CHECKED, "vars: {a: x}\n", "    vars: {b: y}\n"),
        ("- say: ${a}" + CHECKED, "", "    examples:\n      - {a: x}\n"),
        ("- say: ${a}" + CHECKED, "", "    matrix: {a: [x, y]}\n"),
        ("- say: ${today+1d:%d %B} ${unique} ${canary}" + CHECKED, "", ""),
        ("- say: ${secret:KEY}" + CHECKED, "secrets: [KEY]\n", ""),
        ("- say: $${a}" + CHECKED, "", ""),
        (SAVING + "\n  expect:\n    - contains: ${ticket}", "", ""),
        (SAVING + "\n- say: ${ticket}" + CHECKED, "", ""),
        (SAVING + CHECKED, "", "    expect:\n      - contains: ${ticket}\n"),
        ("- say: hi", "defaults:\n  expect_each_reply:\n    - refuses\n", ""),
        ("- say: hi" + CHECKED, "vars: {a: '${b}', b: x}\n", "    title: Of ${a}\n"),
        ("- say: I am Bo\n- say: who?\n  expect:\n    - recalls: bo", "", ""),
        ("- say: I am ${n}\n- say: who?\n  expect:\n    - recalls: ${n}", "vars: {n: Bo}\n", ""),
        ("- say: I am ${n}\n- say: who?\n  expect:\n    - recalls: Bo", "vars: {n: Bo}\n", ""),
        ("- say: it is A 1042\n- say: who?\n  expect:\n    - recalls: A-1042", "", ""),
        ("- say: I want thirty\n- say: how many?\n  expect:\n    - recalls: '30'", "", ""),
        (SAVING + "\n- say: which?\n  expect:\n    - recalls: ${ticket}", "", ""),
        ("- say: who?\n  expect:\n    - recalls: Bo", "", "    system: The user is Bo.\n"),
        ("- say: who?\n  expect:\n    - not_recalls: Bo", "", ""),
        (
            "- say: I am ${n}\n- say: who?\n  expect:\n    - recalls: ${n}",
            "",
            "    examples:\n      - {n: Bo}\n",
        ),
        ("- say: hi\n  expect:\n    - contains: a\n    - not_contains: b", "", ""),
        ("- say: hi" + CHECKED + "\n- say: ho\n  expect:\n    - not_refuses", "", ""),
        ("- say: $${a} {b} {{c}} $5 <d> ${a}" + CHECKED, "vars: {a: x}\n", ""),
        (
            "- say: ${a}" + CHECKED,
            "vars: {a: z}\n",
            "    examples:\n      - {id: q, a: x}\n      - {id: r}\n",
        ),
    ],
)
def test_sound_suites_pass(turns: str, top: str, case: str) -> None:
    assert not lint(turns, top, case)


@pytest.mark.parametrize(
    ("code", "turns", "top", "case"),
    [
        ("unknown-name", "- say: ${ordr}" + CHECKED, "", ""),
        ("unknown-name", "- say: hi\n  expect:\n    - contains: ${x}", "", ""),
        ("unknown-name", "- say: hi\n  expect:\n    - contains_any: ['${x}']", "", ""),
        ("unknown-name", "- say: hi\n  expect:\n    - all_of:\n        - contains: ${x}", "", ""),
        ("unknown-name", "- say: hi\n  expect:\n    - refuses:\n      because: ${x}", "", ""),
        ("unknown-name", "- say: hi" + CHECKED, "", "    title: ${x}\n"),
        ("unknown-name", "- say: ${a}" + CHECKED, "vars: {a: '${x}'}\n", ""),
        ("unknown-name", "- say: ${a}" + CHECKED, "", "    examples:\n      - {a: '${x}'}\n"),
        ("used-before-saved", f"- say: ${{ticket}}\n{SAVING}{CHECKED}", "", ""),
        ("used-before-saved", SAVING.replace("hi", "${ticket}") + CHECKED, "", ""),
        ("used-before-saved", SAVING + CHECKED, "", "    title: ${ticket}\n"),
        ("phrase-as-text", "- say: ${agree}" + CHECKED, "phrases: {agree: [a, b]}\n", ""),
        (
            "phrase-as-text",
            "- say: hi\n  expect:\n    - contains: ${agree}",
            "phrases: {agree: [a, b]}\n",
            "",
        ),
        ("undeclared-secret", "- say: ${secret:KEY}" + CHECKED, "", ""),
        ("undeclared-secret", "- say: ${secret:KYE}" + CHECKED, "secrets: [KEY]\n", ""),
        ("bad-function", "- say: ${today+1x}" + CHECKED, "", ""),
        ("bad-function", "- say: '${secret:}'" + CHECKED, "", ""),
        ("variable-cycle", "- say: ${a}" + CHECKED, "vars: {a: '${b}', b: '${a}'}\n", ""),
        ("variable-cycle", "- say: ${a}" + CHECKED, "", "    vars: {a: '${a}'}\n"),
        ("never-said", "- say: who?\n  expect:\n    - recalls: Bo", "", ""),
        ("never-said", "- say: who?\n  expect:\n    - recalls: Bo\n- say: I am Bo", "", ""),
        ("never-said", "- say: who?\n  expect:\n    - recalls: ${n}", "vars: {n: Bo}\n", ""),
        (
            "never-said",
            "- say: who?\n  expect:\n    - recalls: ${n}",
            "",
            "    examples:\n      - {n: Bo}\n",
        ),
        (
            "never-said",
            "- say: who?\n  expect:\n    - all_of:\n        - recalls: Bo",
            "",
            "",
        ),
        ("not-filled-in", "- say: hi" + CHECKED, "", "    owner: ${team}\n"),
        ("not-filled-in", "- say: hi" + CHECKED, "tags: ['${team}']\n", ""),
        (
            "not-filled-in",
            "- say: hi\n  save:\n    t: {matches: 'No ${x}'}" + CHECKED,
            "",
            "",
        ),
        ("unfit-value", "- say: hi\n  expect:\n    - number: ${n}", "vars: {n: few}\n", ""),
        (
            "contradiction",
            "- say: hi\n  expect:\n    - contains: a\n    - not_contains: a",
            "",
            "",
        ),
        (
            "contradiction",
            "- say: hi\n  expect:\n    - not_refuses",
            "defaults:\n  expect_each_reply:\n    - refuses\n",
            "",
        ),
        ("contradiction", "- say: hi", "", "    expect:\n      - refuses\n      - not_refuses\n"),
        ("other-braces", "- say: x {a} ${a}" + CHECKED, "vars: {a: x}\n", ""),
        ("other-braces", "- say: '{{ a }} ${a}'" + CHECKED, "vars: {a: x}\n", ""),
        ("other-braces", "- say: $a ${a}" + CHECKED, "vars: {a: x}\n", ""),
        ("other-braces", "- say: <a> ${a}" + CHECKED, "vars: {a: x}\n", ""),
        ("other-braces", "- say: is %a% ${a}" + CHECKED, "vars: {a: x}\n", ""),
        ("other-braces", SAVING + "\n  expect:\n    - contains: $(ticket)", "", ""),
        (
            "unset-in-row",
            "- say: ${a}" + CHECKED,
            "",
            "    examples:\n      - {id: q, a: x}\n      - {id: r}\n",
        ),
        (
            "skipped-in-row",
            "- say: hi\n  expect:\n    - contains: ${a}\n    - matches: ${a}",
            "",
            "    examples:\n      - {id: q, a: x}\n      - {id: r}\n",
        ),
        ("no-checks", "- say: hi", "", ""),
        ("save-over-variable", SAVING + CHECKED, "", "    vars: {ticket: x}\n"),
        ("save-over-variable", SAVING + CHECKED, "", "    examples:\n      - {ticket: x}\n"),
        ("unused-column", "- say: hi" + CHECKED, "", "    examples:\n      - {a: x}\n"),
        ("unused-variable", "- say: hi" + CHECKED, "vars: {a: x}\n", ""),
    ],
)
def test_each_rule_objects(code: str, turns: str, top: str, case: str) -> None:
    found = lint(turns, top, case)
    assert [one.code for one in found] == [code]
    (wrong,) = found
    assert wrong.message
    assert wrong.hint
    assert wrong.where.text


def test_no_turns() -> None:
    text = "suite: S\nconversations:\n  - id: a\n    turns: []\n"
    wrong = read_suite(Source("s.yaml", text, lines_of(text)), REGISTRY)[1]
    assert [one.code for one in wrong] == ["no-turns"]


def test_a_name_is_shown_where_it_stands() -> None:
    (wrong,) = lint("- say: Hi ${order}, it is ${ordr}." + CHECKED, "vars: {order: x}\n")
    assert wrong.where.column == 33
    assert wrong.where.text[32:39] == "${ordr}"
    assert "do you mean `order`?" in wrong.hint


@pytest.mark.parametrize(
    ("turns", "top", "case", "there"),
    [
        ("- say: hi" + CHECKED, "", "    owner: ${team}\n", "${team}"),
        ("- say: hi" + CHECKED, "owner: ${team}\n", "", "${team}"),
        ("- say: hi" + CHECKED, "defaults: {owner: '${team}'}\n", "", "'${team}'}"),
        ("- say: hi" + CHECKED, "tags:\n  - a\n  - b ${c}\n", "", "b ${c}"),
        ("- say: hi" + CHECKED, "", "    links:\n      - issue: ${nr}\n", "${nr}"),
        ("- say: hi\n  save:\n    t:\n      matches: 'No ${x}'" + CHECKED, "", "", "'No ${x}'"),
        ("- say: hi\n  save:\n    t: {button: '${x}'}" + CHECKED, "", "", "'${x}'}"),
    ],
)
def test_a_name_that_is_not_filled_in_is_told_at_its_own_place(
    turns: str, top: str, case: str, there: str
) -> None:
    (wrong,) = lint(turns, top, case)
    assert wrong.code == "not-filled-in"
    assert wrong.where.text[wrong.where.column - 1 :] == there


def test_a_literal_name_is_let_be() -> None:
    assert not lint("- say: hi" + CHECKED, "", "    owner: $${team}\n")


def test_a_value_said_too_late_is_told_with_its_turn() -> None:
    (wrong,) = lint("- say: who?\n  expect:\n    - recalls: Bo\n- say: I am Bo")
    assert "in turn 2" in wrong.message


def test_a_cycle_is_told_once() -> None:
    top = "vars: {a: '${b}', b: '${c}', c: '${a}'}\n"
    (wrong,) = lint("- say: ${a} ${b}" + CHECKED, top)
    assert "a → b → c → a" in wrong.message


def test_a_variable_used_in_a_cell_is_used() -> None:
    top, case = "vars: {a: x}\n", "    examples:\n      - {b: '${a}'}\n"
    assert not lint("- say: ${b}" + CHECKED, top, case)


def test_a_column_used_in_another_column_or_by_the_matrix_alone_is_let_be() -> None:
    case = "    examples:\n      - {a: x, b: '${a}'}\n    matrix: {time: ['1', '2']}\n"
    assert not lint("- say: ${b}" + CHECKED, "", case)


def test_a_misspelt_column_is_told_with_the_name_that_its_row_lacks() -> None:
    case = "    examples:\n      - {id: q, answer: x}\n      - {id: r, anwser: y}\n"
    skipped, unused = lint("- say: hi\n  expect:\n    - contains: ${answer}", "", case)
    assert (skipped.code, unused.code) == ("skipped-in-row", "unused-column")
    assert "do you mean `answer`?" in unused.hint


def test_every_rule_says_what_it_does_why_it_is_bad_and_gives_an_example() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        does, why, example = rule.doc.strip().split("\n\n")
        assert does.endswith(".")
        assert why.strip().endswith(".")
        assert example.strip().startswith("Example: ")
    assert {rule.severity for rule in RULES} == {Severity.ERROR, Severity.WARNING}


def test_a_rule_that_looks_at_one_kind_of_cases_names_a_kind_that_there_is() -> None:
    named = {rule.kind for rule in RULES} - {""}
    assert named
    assert named <= set(Registry().kinds.listed)
