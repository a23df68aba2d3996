"""The suite language, rule by rule: turns and checks; the rest is in ``test_format``."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from tests.spec.writing import CHECK, outcomes, said, sound, suite, talked, wrong


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Turns


def test_several_texts_are_refused_with_a_hint_to_say_each() -> None:
    (one,) = wrong(suite("- say: [a, b]\n  expect: [answers]"))
    assert "say_each" in one.hint


def test_say_each_makes_a_case_of_each_wording() -> None:
    text = suite(f"- say_each: [yes, sure, go ahead]{CHECK}")
    assert said(text) == ["yes", "sure", "go ahead"]
    assert list(talked(text, str)) == ["a[yes]", "a[sure]", "a[go-ahead]"]


def test_include_says_the_turns_of_a_part() -> None:
    top = "parts:\n  login:\n    with: [user]\n    turns:\n      - say: I am ${user}.\n"
    text = suite(f"- include: {{use: login, with: {{user: anna}}}}\n- say: Hi{CHECK}", top=top)
    assert said(text) == ["I am anna.", "Hi"]


def test_include_takes_a_part_from_another_file() -> None:
    text = suite(
        f"- include: {{use: login, from: common.yaml, with: {{user: anna}}}}\n- say: Hi{CHECK}"
    )
    common = "parts:\n  login:\n    with: [user]\n    turns:\n      - say: I am ${user}.\n"
    assert said(text, {"common.yaml": common}) == ["I am anna.", "Hi"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("", ["a", "b"]), ("on_failure: continue\n", ["a", "b"]), ("on_failure: stop\n", ["a"])],
)
def test_after_a_failure_the_case_goes_on_unless_told_to_stop(
    mode: str, expected: list[str]
) -> None:
    text = suite("- say: a\n  expect:\n    - contains: zebra\n- say: b" + CHECK, case=mode)
    ((lines, verdict),) = talked(text, lambda _: "hi").values()
    assert lines == expected
    assert verdict.ruling == "failed"
    assert verdict.missed == 2 - len(expected)


# Checks: (what is expected, a reply that passes, a reply that does not)

JUDGED = {
    "`expect` is a list of checks": ("- contains: a\n- contains: b", "a b", "a c"),
    "a mapping of different checks is accepted": ("contains: a\nends_with: b", "a b", "b a"),
    "a check's options may stand beside it": ("- contains: Ab\n  exactly: true", "Ab", "ab"),
    "or inside": ("- contains: {value: Ab, exactly: true}", "Ab", "ab"),
    "`not_contains` with a list means none of them": ("- not_contains: [x1, y1]", "z", "a y1"),
    "comparison folds case": ("- contains: HELLO You", "hello you", "hello"),
    "white space": ("- contains: hello you", "hello \n  you", "helloyou"),
    "quotes": ('- contains: it\'s "so"', "it’s “so”", "its so"),
    "and dashes": ("- contains: 9-5", "9–5", "9 5"),
    "unless told `exactly: true`": ("- contains: 9-5\n  exactly: true", "9-5", "9–5"),
    "`equals` folds the final full stop": ("- equals: Hello", "hello.", "hello!"),
    "`one_of` also": ("- one_of: [yes, sure]", "Sure.", "maybe"),
    "`not_` before any check": ("- not_matches: 'a+'", "b", "aa"),
    "`answers` alone means not refused": (
        "- answers",
        "You have 30 days.",
        "Sorry, I can't help with that.",
    ),
    "`answers: 30 days` means the right answer": (
        "- answers: 30 days",
        "You have thirty days.",
        "You have 14 days.",
    ),
    "`at_least` of several": (
        "- at_least: {count: 2, of: [{contains: a1}, {contains: b1}, {contains: c1}]}",
        "a1 c1",
        "c1",
    ),
    "`any_of`": ("- any_of:\n    - contains: a1\n    - contains: b1", "b1", "c1"),
    "`all_of`": ("- all_of:\n    - contains: a1\n    - contains: b1", "b1 a1", "b1"),
    "`contains_any`": ("- contains_any: [a1, b1]", "b1", "c1"),
    "`contains_all`": ("- contains_all: [a1, b1]", "b1 a1", "b1"),
    "`latency: 2s` is for each reply": ("- latency: 2s", "x", ""),
    "`replies` is the twin of `no_reply`": ("- replies", "x", ""),
}


@pytest.mark.parametrize("rule", JUDGED)
def test_what_a_check_says_of_a_reply(rule: str) -> None:
    expect, passing, failing = JUDGED[rule]
    text = suite(f"- say: x\n  expect:\n{indent(expect, '    ')}")
    assert set(outcomes(text, passing)) == {"passed"}
    if failing:
        assert "failed" in outcomes(text, failing)


def test_because_is_shown_and_warn_only_lets_the_case_pass() -> None:
    text = suite(
        "- say: x\n  expect:\n    - contains: a1\n      because: the policy\n      warn_only: true"
    )
    ((_, verdict),) = talked(text, lambda _: "b").values()
    (finding,) = verdict.findings
    assert (finding.outcome, finding.because, finding.warn_only) == ("failed", "the policy", True)
    assert verdict.ruling == "passed"


CORRECTED = {
    "It is 98187 now.": "passed",
    "It is 98178.": "failed",
    "It was 98178, and now it is 98187.": "passed",
}


@pytest.mark.parametrize("reply", CORRECTED)
def test_a_correction_is_judged_by_which_value_is_given_as_current(reply: str) -> None:
    text = suite(
        "- say: My zip code is 98178.\n- say: No, it is 98187.\n- say: What is it?\n  expect:\n"
        '    - recalls: {value: "98187", instead_of: "98178"}'
    )
    assert outcomes(text, reply) == [CORRECTED[reply]]


REFUSED = {
    "`contains: [a, b]` is refused and offers both": (
        "- say: x\n  expect:\n    - contains: [a, b]",
        "one-text",
        ("contains_any", "contains_all"),
    ),
    "a value that was never said or saved": (
        "- say: x\n  expect:\n    - recalls: A-1042",
        "never-said",
        ("earlier turn",),
    ),
    "phrases elsewhere are refused": (
        "- say: ${agree}\n  expect:\n    - answers",
        "phrase-as-text",
        ("say_each",),
    ),
    "phrases in a check of one text too": (
        "- say: x\n  expect:\n    - contains: ${agree}",
        "phrase-as-text",
        ("contains_any",),
    ),
    "percentiles only for a suite": (
        "- say: x\n  expect:\n    - latency: {p95: 2s}",
        "bad-argument",
        ("not indented",),
    ),
    "`cost` needs a currency": (
        "- say: x\n  expect:\n    - cost: {at_most: 0.02}",
        "bad-money",
        (),
    ),
    "an unknown argument prints what there is": (
        "- say: x\n  expect:\n    - contains: a\n      exact: true",
        "unknown-argument",
        ("exactly",),
    ),
    "`skip` wants a reason": ("- say: x", "no-reason", ("skip:",)),
    "a secret that is not named": (
        "- say: ${secret:OTHER}\n  expect:\n    - answers",
        "undeclared-secret",
        ("secrets",),
    ),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_is_refused_is_answered(rule: str) -> None:
    turns, code, words = REFUSED[rule]
    case = "skip: false\n" if "skip" in rule else ""
    text = suite(turns, top="phrases:\n  agree: ['yes', sure]\n", case=case)
    (one,) = wrong(text)
    assert one.code == code
    for word in words:
        assert word in one.hint


def test_phrases_stand_in_say_each_and_in_checks_that_take_several() -> None:
    top = "phrases:\n  agree:\n    - 'yes'\n    - go ahead\n"
    text = suite(
        "- say_each: ${agree}\n  expect:\n    - contains_any: ${agree}\n"
        '    - one_of:\n        - "${agree}"\n        - so be it',
        top=top,
    )
    assert said(text) == ["yes", "go ahead"]
    found = talked(text, lambda told: told)
    assert {verdict.ruling.value for _, verdict in found.values()} == {"passed"}


def test_what_a_suite_expects_as_a_whole_is_read_apart_from_its_cases() -> None:
    numbers = ", ".join(f"r{number}" for number in range(20))
    case, end = f"matrix: {{n: [{numbers}]}}\n", "expect:\n  - latency: {p95: 2s}\n"
    (check,) = sound(suite(f"- say: hi ${{n}}{CHECK}", case=case, end=end)).expect
    assert check.check == "latency"


