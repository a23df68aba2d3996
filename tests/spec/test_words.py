"""Words that people try first."""

from __future__ import annotations

import pytest

from chatbot_qa.spec.words import answer, meanings, near

TURN = ("say", "say_each", "expect", "save", "click")
CASE = ("id", "title", "turns", "expect", "tags")
CHECKS = ("contains", "contains_any", "equals", "matches", "rubric", "refuses")


@pytest.mark.parametrize(
    ("word", "valid", "ours"),
    [
        *((word, TURN, "say") for word in ("user", "input", "query", "human")),
        *((word, TURN, "expect") for word in ("bot", "assert", "expected", "then")),
        *((word, CASE, "turns") for word in ("steps", "messages")),
        *((word, ("suite", "conversations"), "conversations") for word in ("tests", "cases")),
        ("scenarios", ("suite", "conversations"), "conversations"),
        *((word, CASE, "title") for word in ("name", "description")),
        *((word, CHECKS, "contains") for word in ("includes", "icontains", "has")),
        ("regex", CHECKS, "matches"),
        *((word, CHECKS, "rubric") for word in ("llm-rubric", "criteria")),
        *((word, ("at_least", "samples"), "at_least") for word in ("threshold", "min")),
        ("must_not_contain", (*CHECKS, "not_contains"), "not_contains"),
        ("plant", ("tell", "ask"), "tell"),
        ("probe", ("tell", "ask"), "ask"),
        ("contians", CHECKS, "contains"),
        ("Say", TURN, "say"),
        ("not-contains", ("not_contains",), "not_contains"),
        ("llm-rubric", ("answers", "contains"), "answers"),
        ("plant", TURN, "say"),
        ("high", ("critical", "minor"), "critical"),
        ("sya", TURN, "say"),
    ],
)
def test_meaning_goes_before_spelling(word: str, valid: tuple[str, ...], ours: str) -> None:
    assert near(word, valid) == ours
    assert f"do you mean `{ours}`?" in answer(word, valid)


def test_a_word_that_is_only_a_little_like_ours_is_not_taken_for_it() -> None:
    assert near("repeat", TURN) is None
    assert near("parts", ("vars", "tags")) is None


def test_what_is_near_nothing_is_answered_with_all_that_there_is() -> None:
    assert near("zzz", TURN) is None
    assert answer("zzz", TURN) == "there are: click, expect, save, say, say_each"
    assert answer("zzz", ()) == "there are: none"


def test_a_meaning_counts_only_where_it_may_stand() -> None:
    assert near("name", ("suite",)) == "suite"
    assert all(isinstance(ours, tuple) and ours for ours in meanings().values())
