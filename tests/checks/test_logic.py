from __future__ import annotations

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.base import failed, not_measured, passed, unsure
from chatbot_qa.checks.logic import all_of, any_of
from chatbot_qa.checks.text import asks_question, contains
from chatbot_qa.domain.verdict import Quote
from tests.checks.talk import (
    BROKEN,
    FAILED,
    NOT_MEASURED,
    PASSED,
    UNSURE,
    expects,
    judged,
    negated,
    seen,
)


def crash(_):
    raise RuntimeError


GIVES = {
    "p": lambda _: passed("good", Quote("x", "p")),
    "f": lambda _: failed("bad", Quote("x", "f")),
    "u": lambda _: unsure("who knows"),
    "b": crash,
    "n": lambda _: not_measured("no clock"),
}


def made(letters):
    return tuple(replace(expects(contains), function=GIVES[letter]) for letter in letters)


@pytest.mark.parametrize(
    ("letters", "every", "some"),
    [
        ("pp", PASSED, PASSED),
        ("pf", FAILED, PASSED),
        ("ff", FAILED, FAILED),
        ("pu", UNSURE, PASSED),
        ("fu", FAILED, UNSURE),
        ("pb", BROKEN, PASSED),
        ("fb", FAILED, BROKEN),
        ("ub", BROKEN, BROKEN),
        ("pn", PASSED, PASSED),
        ("fn", FAILED, FAILED),
        ("nn", NOT_MEASURED, NOT_MEASURED),
    ],
)
def test_outcomes_are_joined(letters, every, some):
    assert judged(all_of, seen("x"), checks=made(letters)).outcome is every
    assert judged(any_of, seen("x"), checks=made(letters)).outcome is some


def test_any_of_says_of_each_why():
    checks = (expects(contains, value="30 days"), expects(asks_question, negated=True))
    finding = judged(any_of, seen("Why?"), checks=checks)
    assert finding.outcome is FAILED
    assert finding.reason == (
        'contains: the reply does not contain "30 days"; '
        "not_asks_question: the reply asks a question"
    )
    assert len(finding.quotes) == 1


def test_negations():
    checks = (expects(contains, value="a"), expects(contains, value="b"))
    assert negated(any_of, seen("c"), checks=checks).outcome is PASSED
    finding = negated(any_of, seen("b"), checks=checks)
    assert finding.outcome is FAILED
    assert finding.reason == 'contains: the reply contains "b"'
    assert negated(all_of, seen("a"), checks=checks).outcome is PASSED
    assert negated(all_of, seen("ab"), checks=checks).outcome is FAILED


def test_a_check_that_only_warns_decides_nothing():
    warning = replace(made("f")[0], warn_only=True)
    assert judged(all_of, seen("x"), checks=(warning, *made("p"))).outcome is PASSED
    warning = replace(made("p")[0], warn_only=True)
    assert judged(any_of, seen("x"), checks=(warning, *made("f"))).outcome is FAILED
