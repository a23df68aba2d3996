"""The rows that train the refusal detector, and the trainer."""

from __future__ import annotations

import pytest

from bench.refusal_rows import composed, written
from bench.train_refusal import Example, composed_examples, head, minimum, own_examples

ROWS = composed()


def test_composed_rows_are_the_same_for_a_seed_and_differ_between_seeds():
    assert composed(5) == ROWS
    assert composed(6) != ROWS


def test_composed_rows_have_no_blanks_left():
    for row in ROWS:
        assert "{" not in row.ask + row.reply
        assert row.reply
        assert row.label in {"answered", "refused", "partly_refused", "non_answer"}


def test_no_blind_row_is_composed_or_learnt():
    blind = {row.reply for row in written("blind")}
    assert not blind & {row.reply for row in ROWS}
    assert not blind & {row.reply for row in written("seen")}


def test_answered_rows_weigh_as_much_as_the_others():
    mass = {True: 0.0, False: 0.0}
    for one in composed_examples():
        if "no request" not in one.named:
            mass[one.label == "answered"] += one.weight
    assert mass[True] == pytest.approx(mass[False], rel=0.05)


def test_rows_are_also_learnt_without_their_request():
    assert any("no request" in one.named for one in own_examples())


def test_the_least_of_a_bowl_is_found():
    def bowl(at):
        x, y = at
        return (x - 3) ** 2 + 10 * (y + 1) ** 2, [2 * (x - 3), 20 * (y + 1)]

    x, y = minimum(bowl, [0.0, 0.0])
    assert x == pytest.approx(3, abs=0.05)
    assert y == pytest.approx(-1, abs=0.05)


def test_a_head_learns_what_tells_its_classes_apart():
    rows = [
        Example("refused" if place % 2 else "answered", {"odd": place % 2, "all": 1.0}, (), 1.0)
        for place in range(400)
    ]
    learnt = head(rows, lambda row: row.label == "refused", hashed=False)
    assert learnt.probability({"odd": 1.0, "all": 1.0}, ()) > 0.8
    assert learnt.probability({"all": 1.0}, ()) < 0.2
    assert learnt == head(rows, lambda row: row.label == "refused", hashed=False)
