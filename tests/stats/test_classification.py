"""Metrics of labels, with scikit-learn as their oracle, and the bounds that go with them."""

from __future__ import annotations

from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.classification import (
    NONE,
    Average,
    Labelled,
    Measure,
    Name,
    best,
    scores,
    tally,
    value,
    worst,
)
from chatbot_qa.stats.intervals import at_least, at_most

LABELS = 4
AVERAGES = get_args(Average)
CELLS = st.lists(
    st.tuples(st.integers(0, LABELS - 1), st.integers(NONE, LABELS - 1)), min_size=1, max_size=60
)


def labelled(*cells: tuple[int, int], times: int = 1) -> list[Labelled]:
    return [Labelled((cell,)) for cell in cells for _ in range(times)]


@settings(deadline=None)
@given(CELLS)
def test_every_measure_is_that_of_scikit_learn(cells: list[tuple[int, int]]) -> None:
    from sklearn.metrics import accuracy_score, precision_recall_fscore_support

    true, said = [one[0] for one in cells], [one[1] for one in cells]
    counts = tally(((cell, 1.0) for cell in cells), LABELS)
    assert value(Measure("accuracy"), counts) == pytest.approx(accuracy_score(true, said), abs=1e-9)
    names: tuple[Name, ...] = ("precision", "recall", "f1")
    for average in (None, *AVERAGES):
        found = precision_recall_fscore_support(
            true, said, labels=range(LABELS), average=average, zero_division=0
        )
        for name, wanted in zip(names, found, strict=False):
            if average is None:
                ours = [value(Measure(name, label=each), counts) for each in range(LABELS)]
                assert ours == pytest.approx(list(wanted), abs=1e-9)
            else:
                assert value(Measure(name, average), counts) == pytest.approx(wanted, abs=1e-9)


def test_shares_of_rows_are_bounded_exactly() -> None:
    rows = labelled((0, 0), times=17) + labelled((0, 1), times=3) + labelled((1, 1), times=9)
    accuracy, recall, precision = scores(
        rows, 2, [Measure("accuracy"), Measure("recall", label=0), Measure("precision", label=1)], 1
    )
    assert (accuracy.at_least(), accuracy.at_most()) == (at_least(26, 29), at_most(26, 29))
    assert (recall.at_least(0.9), recall.at_most(0.9)) == (
        at_least(17, 20, 0.9),
        at_most(17, 20, 0.9),
    )
    assert precision.at_least() == at_least(9, 12)


def test_rows_that_are_each_a_topic_are_bounded_as_rows_by_themselves() -> None:
    cells = [(0, 0)] * 17 + [(0, 1)] * 3
    (drawn,) = scores(
        [Labelled((cell,), number) for number, cell in enumerate(cells)],
        2,
        [Measure("accuracy")],
        1,
        draws=8000,
    )
    assert drawn.drawn is not None
    assert drawn.at_least() == pytest.approx(at_least(17, 20), abs=0.01)
    assert drawn.at_most() == pytest.approx(at_most(17, 20), abs=0.01)


def test_rows_of_one_topic_say_less_than_as_many_by_themselves() -> None:
    cells = [(0, 0)] * 40 + [(0, 1)] * 8
    topics = [Labelled((cell,), number // 8) for number, cell in enumerate(cells)]
    (together,) = scores(topics, 2, [Measure("accuracy")], 1)
    (alone,) = scores([Labelled((cell,)) for cell in cells], 2, [Measure("accuracy")], 1)
    assert together.value == alone.value
    assert together.at_least() < alone.at_least() - 0.1
    assert together.at_most() > alone.at_most()


def test_rows_that_are_all_right_are_not_taken_for_perfect() -> None:
    rows = labelled((0, 0), (1, 1), times=29)
    (f1,) = scores(rows, 2, [Measure("f1", "macro")], 1)
    assert f1.value == 1
    assert at_least(29, 29) < f1.at_least() < 0.97
    assert f1.at_most() == 1


def test_rows_that_are_all_wrong_are_not_taken_for_hopeless() -> None:
    (f1,) = scores(labelled((0, 1), (1, 0), times=10), 2, [Measure("f1", "macro")], 1)
    assert f1.value == 0
    assert f1.at_least() == 0
    assert 0.05 < f1.at_most() < 0.4


def test_nothing_measured_is_anything() -> None:
    (precision,) = scores(labelled((0, 0), (1, 0)), 2, [Measure("precision", label=1)], 1)
    assert (precision.value, precision.at_least(), precision.at_most()) == (0, 0, 1)


def test_the_same_seed_draws_the_same() -> None:
    rows = labelled((0, 0), (0, 1), (1, 1), times=5)
    measure = [Measure("f1")]
    assert scores(rows, 2, measure, 3) == scores(rows, 2, measure, 3)
    assert scores(rows, 2, measure, 3) != scores(rows, 2, measure, 4)


@given(CELLS, st.sampled_from([*AVERAGES, 0, LABELS - 1]), st.sampled_from(get_args(Name)))
def test_no_other_row_costs_or_helps_more(
    cells: list[tuple[int, int]], of: str | int, name: Name
) -> None:
    counts = tally(((cell, 1.0) for cell in cells), LABELS)
    of_label = isinstance(of, int)
    measure = Measure(name, label=of) if of_label else Measure(name, of)  # type: ignore[arg-type]
    if measure.average == "weighted" and measure.label is None:
        return  # a row also moves the weights: it is the worst of its kind that is looked for
    every = [(t, s) for t in range(LABELS) for s in range(NONE, LABELS)]
    values = {cell: value(measure, counts.plus(cell, 1.0)) for cell in every}
    wrong = [values[t, s] for t, s in every if t != s]
    assert values[worst(measure, counts)] <= min(wrong) + 1e-9
    assert values[best(measure, counts)] >= max(values[t, t] for t in range(LABELS)) - 1e-9


def test_the_bounds_hold_as_often_as_they_say() -> None:
    chances = (0.9, 0.8, 0.6)
    random = Random(5)

    def draw() -> Labelled:
        truth = random.choices((0, 1, 2), (5, 3, 2))[0]
        right = random.random() < chances[truth]
        return Labelled(((truth, truth if right else (truth + random.choice((1, 2))) % 3),))

    measure = Measure("f1", "macro")
    truth = value(measure, tally(((draw().cells[0], 1.0) for _ in range(100_000)), 3))
    missed = [0, 0]
    for number in range(150):
        (found,) = scores([draw() for _ in range(60)], 3, [measure], number, draws=200)
        missed[0] += found.at_least() > truth
        missed[1] += found.at_most() < truth
    assert max(missed) <= 15  # of 150, at 5% each: more has a chance of 0.5%
    assert sum(missed) >= 1
