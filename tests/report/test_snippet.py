from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE, Diagnostic, Severity, Where
from chatbot_qa.domain.verdict import Finding, Outcome, Quote, Ruling, Verdict
from chatbot_qa.report.snippet import (
    cut,
    headline,
    render_diagnostic,
    render_finding,
    render_verdict,
    width,
)

AGAIN = "chatbot-qa run suites/returns.yaml --case 'remembers-order-number[letter]'"
WHERE = Where("suites/returns.yaml", 44, 13, "          - recalls: ${order}")
RECALLS = Finding(
    Outcome.FAILED,
    "the reply does not name the order given in turn 1",
    (
        Quote("turn 1 said", "Hi, my order number is A-1042."),
        Quote("reply 5 of 5", "Could you tell me your order number?"),
    ),
    check="recalls",
    turn=5,
    where=WHERE,
)


def verdict(*findings: Finding, ruling: Ruling = Ruling.FAILED, reason: str = "") -> Verdict:
    case = CaseId("Returns", "remembers-order-number", "letter")
    return Verdict(case, "conversations", ruling, WHERE, findings, reason=reason, again=AGAIN)


def test_a_failure_looks_as_the_design_shows_it() -> None:
    assert render_finding(verdict(RECALLS), RECALLS) == (
        "failed[recalls]: the reply does not name the order given in turn 1\n"
        "  --> suites/returns.yaml:44:13\n"
        "   |\n"
        "44 |           - recalls: ${order}\n"
        "   |             ^^^^^^^^^^^^^^^^^\n"
        '   |   turn 1 said:   "Hi, my order number is A-1042."\n'
        '   |   reply 5 of 5:  "Could you tell me your order number?"\n'
        f"   = again: {AGAIN}"
    )


def test_a_diagnostic_has_the_same_look() -> None:
    where = Where("a.yaml", 7, 3, "  sya: Hello   # greeting")
    found = Diagnostic(where, "unknown-key", "a turn has no key sya", "did you mean say?\nsay")
    assert render_diagnostic(found) == (
        "error[unknown-key]: a turn has no key sya\n"
        "  --> a.yaml:7:3\n"
        "   |\n"
        " 7 |   sya: Hello   # greeting\n"
        "   |   ^^^^^^^^^^\n"
        "   = help: did you mean say?\n"
        "           say"
    )


def test_a_warning_says_so() -> None:
    found = Diagnostic(NOWHERE, "unused-name", "name is not used", severity=Severity.WARNING)
    assert render_diagnostic(found) == "warning[unused-name]: name is not used"


@pytest.mark.parametrize(
    ("outcome", "warn_only", "head"),
    [
        (Outcome.FAILED, False, "failed[recalls]"),
        (Outcome.FAILED, True, "warning[recalls]"),
        (Outcome.BROKEN, False, "error[recalls]"),
        (Outcome.UNSURE, False, "inconclusive[recalls]"),
        (Outcome.NOT_MEASURED, False, "not measured[recalls]"),
        (Outcome.PASSED, True, "passed[recalls]"),
    ],
)
def test_the_head_names_the_outcome(outcome: Outcome, warn_only: bool, head: str) -> None:
    found = Finding(outcome, "why", check="recalls", warn_only=warn_only)
    assert render_finding(verdict(found), found).startswith(f"{head}: why")


def test_a_fault_shows_its_request_whole_and_unquoted() -> None:
    curl = "curl -d '" + "x" * 900 + "' http://bot/"
    found = Finding(Outcome.BROKEN, "no reply within 5 s", (Quote("again", curl),))
    text = render_finding(verdict(found), found)
    assert text.startswith("error: no reply within 5 s\n")
    assert f" = request: {curl}\n" in text


def test_because_is_shown() -> None:
    found = Finding(Outcome.FAILED, "why", because="the policy of March")
    assert " = because: the policy of March\n" in render_finding(verdict(found), found)


@pytest.mark.parametrize(
    ("line", "column", "caret"),
    [
        ("- 你好: x", 3, "     ^^^^^^^"),
        ("\t- say: x", 4, "         ^^^^^^"),
        ("你好: refuses", 5, "         ^^^^^^^"),
        ("- e\u0301a: x", 3, "     ^^^^^"),
        ("- say", 99, "        ^"),
    ],
)
def test_the_caret_stands_under_the_words(line: str, column: int, caret: str) -> None:
    found = Diagnostic(Where("a.yaml", 1, column, line), "c", "m")
    shown = render_diagnostic(found).split("\n")[-1]
    assert shown == "   | " + caret[3:]


def test_a_reply_cannot_steer_the_terminal_nor_forge_a_line() -> None:
    found = Finding(Outcome.FAILED, "bad \x1b[2J", (Quote("reply 1 of 1", "a\n::error::b\x1b[2J"),))
    text = render_finding(verdict(found), found)
    assert "\x1b" not in text
    assert '|   reply 1 of 1:  "a\n   |                   ::error::b\\x1b[2J"' in text


def test_a_reply_of_nothing_is_seen() -> None:
    found = Finding(Outcome.FAILED, "why", (Quote("reply 1 of 1", ""),))
    assert 'reply 1 of 1:  "" (nothing)' in render_finding(verdict(found), found)


def test_a_long_reply_is_cut_around_the_words_that_decided() -> None:
    text = "a" * 5000 + " a refund is impossible " + "b" * 5000
    line = Where("s.yaml", 1, 3, "- not_contains: refund is impossible")
    found = Finding(Outcome.FAILED, "it says so", (Quote("reply 1 of 1", text),), where=line)
    shown = render_finding(verdict(found), found)
    assert "refund is impossible" in shown.split("\n")[-2]
    assert shown.count("more characters") == 2
    assert len(shown) < 1200


def test_a_long_reply_with_no_such_words_keeps_both_ends() -> None:
    shown = cut("begin " + "x" * 9000 + " end", ["absent"])
    assert shown.startswith("begin ")
    assert shown.endswith(" end")
    assert "(8,611 more characters)" in shown


@given(st.text(max_size=1200), st.lists(st.text(max_size=9), max_size=3), st.integers(40, 500))
def test_a_cut_says_how_much_is_gone(text: str, around: list[str], longest: int) -> None:
    shown = cut(text, around, longest)
    if len(text) <= longest:
        assert shown == text
    else:
        assert "more characters" in shown
        assert len(shown) <= longest + 80


def test_many_lines_are_cut_too() -> None:
    found = Finding(Outcome.FAILED, "why", (Quote("reply 1 of 1", "\n".join("abcdefghijklmnop")),))
    assert "…(4 more lines)…" in render_finding(verdict(found), found)


def test_a_case_shows_what_decided_first_and_the_command_once() -> None:
    warning = Finding(Outcome.FAILED, "slow", check="latency", warn_only=True)
    fine = Finding(Outcome.PASSED, "fine", check="contains")
    shown = render_verdict(verdict(warning, fine, RECALLS))
    assert shown.index("failed[recalls]") < shown.index("warning[latency]")
    assert "fine" not in shown
    assert shown.count(AGAIN) == 1
    assert shown.endswith(AGAIN)


def test_a_case_without_findings_says_its_reason() -> None:
    shown = render_verdict(verdict(ruling=Ruling.INCONCLUSIVE, reason="the budget was used up"))
    assert shown.startswith("inconclusive: the budget was used up\n  --> suites/returns.yaml:44:13")


def test_a_headline_counts_only_what_decides() -> None:
    warning = Finding(Outcome.FAILED, "slow", warn_only=True)
    assert headline(verdict(RECALLS, warning)) == RECALLS.reason
    assert headline(verdict(RECALLS, RECALLS)) == f"{RECALLS.reason} (and 1 more)"
    assert headline(verdict(RECALLS, ruling=Ruling.PASSED)) == ""
    assert headline(verdict(reason="a\nb", ruling=Ruling.ERROR)) == "a ⏎ b"
    assert headline(verdict(RECALLS, RECALLS, reason=RECALLS.reason)).endswith(" (and 1 more)")
    assert headline(verdict(RECALLS, reason="its date is over")) == "its date is over"
    assert headline(verdict(ruling=Ruling.INCONCLUSIVE)) == "the case is inconclusive"


def test_a_reason_of_its_own_comes_before_the_findings() -> None:
    shown = render_verdict(verdict(RECALLS, reason="its date is over"))
    assert shown.startswith("failed: its date is over\n")
    assert "failed[recalls]: " in shown
    assert shown.count(AGAIN) == 1


@given(st.text())
def test_a_rendered_line_never_raises_and_never_steers(text: str) -> None:
    where = Where("f\x1b.yaml", 3, 2, text)
    found = Finding(Outcome.FAILED, text, (Quote(text, text),), check=text, where=where)
    assert "\x1b" not in render_finding(verdict(found), found)


def test_width_counts_columns() -> None:
    assert width("ab") == 2
    assert width("你a") == 3
    assert width("e\u0301") == 1


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("- length: {at_most: 5, unit: words}", "5"),
        ("- length: {at_most: 5}", "5"),
        ("- contains_any: [a, 'b, c', d]", "'b, c'"),
        ('- recalls: {value: "a}", instead_of: b}', '"a}"'),
        ("target: {kind: http, start: {url: x}}", "{url: x}"),
        ("- contains: a, b", "a, b"),
        ("- say: don't [do, it]", "don't [do, it]"),
    ],
)
def test_inside_brackets_the_mark_ends_with_its_item(line: str, mark: str) -> None:
    where = Where("s.yaml", 1, line.index(mark) + 1, line)
    told = render_diagnostic(Diagnostic(where, "code", "message"))
    assert told.splitlines()[-1] == "   | " + " " * line.index(mark) + "^" * len(mark)
