from __future__ import annotations

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.base import failed, not_measured, passed, unsure
from chatbot_qa.checks.logic import all_of, any_of, at_least
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


@pytest.mark.parametrize(
    ("letters", "count", "outcome"),
    [
        ("ppf", 2, PASSED),
        ("pff", 2, FAILED),
        ("pfu", 2, UNSURE),
        ("pfb", 2, BROKEN),
        ("ppu", 2, PASSED),
        ("ffu", 2, FAILED),
        ("puu", 3, UNSURE),
        ("pnn", 2, NOT_MEASURED),
        ("pfn", 2, FAILED),
        ("ffn", 2, FAILED),
        ("fnn", 1, FAILED),
        ("nn", 1, NOT_MEASURED),
    ],
)
def test_so_many_of_them(letters, count, outcome):
    assert judged(at_least, seen("x"), of=made(letters), count=count).outcome is outcome


def test_at_least_says_how_many_and_why():
    finding = judged(at_least, seen("x"), of=made("pff"), count=2)
    assert finding.reason == "1 of 3 passed, and 2 must: contains: bad; contains: bad"
    assert negated(at_least, seen("x"), of=made("ppf"), count=2).outcome is FAILED
    warns = (replace(made("f")[0], warn_only=True), *made("pp"))
    assert judged(at_least, seen("x"), of=warns, count=2).reason == "2 of 2 passed"


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
