"""The rows that train the refusal detector, and the trainer."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("sklearn", reason="the trainer needs scikit-learn")

from bench.refusal_missed import missed
from bench.refusal_rows import composed, written
from bench.train_refusal import (
    BLIND,
    COUNTER,
    SEEN,
    Example,
    Mix,
    composed_examples,
    head,
    own_examples,
)

ROWS = composed()
MISSED = missed()
PLAIN = Mix(1.0, 1.0, 1.0)


def test_composed_rows_are_the_same_for_a_seed_and_differ_between_seeds():
    assert composed(5) == ROWS
    assert composed(6) != ROWS


def test_rows_that_miss_are_the_same_for_a_seed_and_differ_between_seeds():
    assert missed(5) == MISSED
    assert missed(6) != MISSED
    assert {row.language for row in MISSED} == {"en", "de", "es", "fr"}
    assert {row.label for row in MISSED} == {"answered", "non_answer"}


def test_rows_that_say_the_question_again_hold_its_words():
    again = [row for row in MISSED if row.kind == "restate" and row.language == "en"]
    assert again
    for row in again:
        assert set(row.ask.lower().strip("?.").split()) & set(row.reply.lower().split())


def test_composed_rows_have_no_blanks_left():
    for row in (*ROWS, *(row for row in MISSED if row.kind != "gibberish")):
        assert not re.search(r"\{\w*\}", row.ask + row.reply)
        assert row.reply
        assert row.label in {"answered", "refused", "partly_refused", "non_answer"}


def test_no_blind_row_is_composed_or_learnt():
    blind = {row.reply for name in BLIND for row in written(name)}
    assert not blind & {row.reply for row in (*ROWS, *MISSED)}
    assert not blind & {row.reply for name in SEEN for row in written(name)}


def test_answered_rows_weigh_as_much_as_the_others_and_those_of_a_counter_more():
    asked = [one for one in composed_examples() if "no request" not in one.named]
    weights = sorted({one.weight for one in asked if one.label == "answered"})
    others = sum(one.label != "answered" for one in asked)
    answered = sum(one.label == "answered" for one in asked)
    assert weights == [
        pytest.approx(others / answered, rel=0.05),
        pytest.approx(COUNTER * weights[0]),
    ]


def test_rows_are_also_learnt_without_their_request():
    assert any("no request" in one.named for one in own_examples())


def test_a_head_learns_what_tells_its_classes_apart():
    rows = [
        Example("refused" if place % 2 else "answered", {"odd": place % 2, "all": 1.0}, (), 1.0)
        for place in range(400)
    ]
    learnt = head(rows, lambda row: row.label == "refused", PLAIN, hashed=False)
    assert learnt.probability({"odd": 1.0, "all": 1.0}, ()) > 0.8
    assert learnt.probability({"all": 1.0}, ()) < 0.2
    assert learnt == head(rows, lambda row: row.label == "refused", PLAIN, hashed=False)


def test_a_head_weighs_hashed_words_too():
    rows = [
        Example("refused" if place % 2 else "answered", {"all": 1.0}, (7 + place % 2,), 1.0)
        for place in range(400)
    ]
    learnt = head(rows, lambda row: row.label == "refused", PLAIN)
    assert learnt.hashed[8] > 0 > learnt.hashed[7]
    assert learnt.probability({"all": 1.0}, (8,)) > 0.7
