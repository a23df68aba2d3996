"""How measures of labels change between two runs over the same rows."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.bootstrap import paired_difference
from chatbot_qa.stats.classification import NONE, Cell, Labelled, Measure, scores
from chatbot_qa.stats.classification_pairs import Twice, changes

MACRO, MICRO, ACCURACY = Measure("f1", "macro"), Measure("f1", "micro"), Measure("accuracy")
LABELS = 3
ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-1, 2), st.integers(-1, 2)), min_size=1, max_size=30
)


def twice(truth: int, before: int, now: int, topic: str | None = None) -> Twice:
    return Twice(((truth, before),), ((truth, now),), topic)


def score(cells: list[Cell], measure: Measure) -> float:
    (found,) = scores([Labelled((cell,)) for cell in cells], LABELS, [measure], seed=1, draws=2)
    return found.value


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_before_and_now_are_the_scores_of_either_run(rows: list[tuple[int, int, int]]) -> None:
    found = changes([twice(*row) for row in rows], LABELS, [MACRO, MICRO], seed=3, draws=20)
    for measure, change in zip((MACRO, MICRO), found, strict=True):
        assert change.before == pytest.approx(score([(t, b) for t, b, _ in rows], measure))
        assert change.now == pytest.approx(score([(t, n) for t, _, n in rows], measure))
        assert change.interval.low <= change.interval.high
        assert 0 < change.falls <= 1


def test_it_is_scikit_learns_macro_f1() -> None:
    from sklearn.metrics import f1_score

    random = Random(4)
    rows = [tuple(random.choices(range(LABELS), k=3)) for _ in range(50)]
    (found,) = changes([twice(*row) for row in rows], LABELS, [MACRO], seed=1, draws=10)
    truth, before, now = zip(*rows, strict=True)
    assert found.before == pytest.approx(f1_score(truth, before, average="macro"), abs=1e-9)
    assert found.now == pytest.approx(f1_score(truth, now, average="macro"), abs=1e-9)


def test_of_accuracy_it_is_the_paired_difference() -> None:
    """Both bounds are those of the interval that has no labels to know of, but for the draws."""
    rows = [twice(0, 0, 0)] * 60 + [twice(1, 1, 0)] * 15 + [twice(1, 0, 1)] * 5
    (found,) = changes(rows, 2, [ACCURACY], seed=5)
    told = paired_difference([(0.0, 1)] * 60 + [(-1.0, 1)] * 15 + [(1.0, 1)] * 5, seed=5)
    assert found.now - found.before == pytest.approx(-0.125)
    assert found.interval.low == pytest.approx(told.low, abs=0.01)
    assert found.interval.high == pytest.approx(told.high, abs=0.01)


def test_a_rare_label_that_is_lost_is_seen_where_accuracy_hardly_moves() -> None:
    rows = [twice(0, 0, 0)] * 180 + [twice(1, 1, 0)] * 12 + [twice(2, 2, 2)] * 8
    macro, accuracy = changes(rows, LABELS, [MACRO, ACCURACY], seed=1)
    assert macro.now - macro.before < -0.3
    assert macro.interval.high < -0.2
    assert macro.falls < 0.001
    assert accuracy.interval.low > -0.13


def test_rows_that_both_get_wrong_take_nothing_from_the_pairing() -> None:
    """The change of a row that is alike in both is none, however hard it is."""
    random = Random(1)
    alike = [
        twice(t, g, g) for t, g in ((random.randrange(3), random.randrange(3)) for _ in "x" * 90)
    ]
    changed = [twice(0, 0, 1)] * 3
    (paired,) = changes([*alike, *changed], LABELS, [ACCURACY], seed=1)
    assert paired.interval.high - paired.interval.low < 0.12


def test_the_worse_and_the_better_mirror_each_other() -> None:
    rows = [twice(0, 0, 0)] * 20 + [twice(1, 1, 0)] * 6
    back = [Twice(row.now, row.before) for row in rows]
    (fall,), (rise,) = (changes(one, 2, [MACRO], seed=2) for one in (rows, back))
    assert (fall.before, fall.now) == (rise.now, rise.before)
    assert fall.interval.low == pytest.approx(-rise.interval.high)
    assert fall.interval.high == pytest.approx(-rise.interval.low)
    assert fall.falls < 0.05 < rise.falls


def test_rows_of_a_topic_stand_or_fall_together() -> None:
    alone = [twice(0, 0, 0)] * 40 + [twice(1, 1, 0)] * 20
    one_topic = [twice(0, 0, 0)] * 40 + [twice(1, 1, 0, "t")] * 20
    (many,), (few,) = (changes(rows, 2, [MACRO], seed=2) for rows in (alone, one_topic))
    assert few.interval.high > many.interval.high
    assert few.interval.low <= many.interval.low


def test_rows_with_several_cells_or_none() -> None:
    both = [Twice(((0, 0), (1, NONE)), ((0, 0), (NONE, 1))), Twice((), ())]
    (found,) = changes(both, 2, [MICRO], seed=1, draws=50)
    assert (found.before, found.now) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_two_bots_alike_are_seldom_told_apart() -> None:
    random = Random(9)

    def says(truth: int) -> int:
        return truth if random.random() < 0.8 else (truth + 1) % LABELS

    missed = alarms = 0
    for seed in range(60):
        truths = random.choices(range(LABELS), (6, 3, 1), k=60)
        rows = [twice(truth, says(truth), says(truth)) for truth in truths]
        (found,) = changes(rows, LABELS, [MACRO], seed, draws=200)
        missed += not found.interval.low <= 0 <= found.interval.high
        alarms += found.falls <= 0.05
    assert missed <= 6
    assert alarms <= 6


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no row to compare"):
        changes([], LABELS, [MACRO], seed=1)
