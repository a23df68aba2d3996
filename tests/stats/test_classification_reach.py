"""What so many rows can show at best, and rule out at worst: never less than what is drawn."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.classification import NONE, Labelled, Measure, Name, scores
from chatbot_qa.stats.classification_reach import highest, lowest
from chatbot_qa.stats.intervals import at_least

MEASURES = [
    Measure("f1", "micro"),
    Measure("f1", "macro"),
    Measure("recall", "macro"),
    Measure("precision", "weighted"),
    Measure("f1", label=0),
]
ROWS = st.lists(st.lists(st.integers(0, 2), max_size=4), min_size=1, max_size=25)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.sampled_from(MEASURES), st.booleans())
def test_no_bound_that_is_drawn_is_narrower(
    kinds: list[list[int]], measure: Measure, topics: bool
) -> None:
    right = [
        Labelled(tuple((one, one) for one in row), n % 5 if topics else None)
        for n, row in enumerate([*kinds, [0, 1, 2]])
    ]
    wrong = [Labelled(tuple((one, NONE) for one, _ in row.cells), row.topic) for row in right]
    (good,) = scores(right, 3, [measure], seed=1, draws=1000)
    (bad,) = scores(wrong, 3, [measure], seed=1, draws=1000)
    assert good.at_least() <= highest(right, 3, measure) + 0.02
    assert bad.at_most() >= lowest(wrong, 3, measure) - 0.02


@pytest.mark.parametrize("number", [5, 12, 29, 60])
def test_of_rows_of_one_size_it_is_the_exact_bound_of_a_share(number: int) -> None:
    rows = [Labelled(((0, 0), (1, 1)))] * number
    assert highest(rows, 2, Measure("recall", "micro")) == pytest.approx(at_least(number, number))


@pytest.mark.parametrize("name", ["f1", "recall"])
def test_more_rows_reach_further_and_more_doubt_less_far(name: Name) -> None:
    random, measure = Random(1), Measure(name, "macro")
    rows = [Labelled(tuple((k, k) for k in random.choices(range(2), k=3))) for _ in range(40)]
    assert highest(rows[:10], 2, measure) < highest(rows, 2, measure) < 1
    assert highest(rows, 2, measure, 0.99) < highest(rows, 2, measure)
    lost = [Labelled(tuple((k, NONE) for k, _ in row.cells)) for row in rows]
    assert lowest(lost[:10], 2, measure) > lowest(lost, 2, measure) > 0
    assert lowest(lost, 2, measure, 0.99) > lowest(lost, 2, measure)


def test_rows_of_one_topic_are_one() -> None:
    alone = [Labelled(((0, 0),))] * 12
    together = [Labelled(((0, 0),), "one")] * 12
    assert highest(together, 1, Measure("recall", "micro")) == pytest.approx(at_least(1, 1))
    assert highest(alone, 1, Measure("recall", "micro")) > 0.75


def test_where_nothing_is_there_nothing_is_reached() -> None:
    assert highest([Labelled(())], 1, Measure("recall", "micro")) == 0.0
