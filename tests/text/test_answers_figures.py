"""Floors under the figures that ``bench/answers.py`` prints, told from one fold of the questions.

All five folds take too long for a test. The first one is judged here as the bench judges it: by
weights and thresholds that were made from the other four, but for the thresholds, which are
chosen with one way to part those four, not two.
"""

from __future__ import annotations

import pytest

from bench.answer_weights import DATA, labelled, readings, scale, sheet
from bench.answers import CROSS_VALIDATED, contained, cross_validated, folded, line

JUDGED = 0


@pytest.fixture(scope="module")
def rows():
    if not DATA.exists():
        pytest.skip(f"{DATA} is not there")
    return labelled()


@pytest.fixture(scope="module")
def read(rows):
    return readings(rows)


def test_answers_agree_with_people_on_questions_that_were_held_out(rows, read):
    said = cross_validated(read, [JUDGED], salts=[1])
    ours = line(CROSS_VALIDATED, "first fold", rows, said, resamples=40)
    plainly = [contained(row) if own is not None else None
               for row, own in zip(rows, said, strict=True)]  # fmt: skip
    plain = line("contained", "first fold", rows, plainly, resamples=40)
    assert 0.15 * len(rows) < ours.rows == plain.rows < 0.25 * len(rows)
    assert ours.accuracy.value >= 0.945
    assert ours.decided.value >= 0.83
    assert ours.false_passes.value <= 0.025
    assert ours.accuracy.value > plain.accuracy.value + 0.08


def test_no_question_lies_in_two_folds(read):
    by_question = {}
    for row, own in zip(read, folded(read), strict=True):
        by_question.setdefault(row.ask, set()).add(own)
    assert all(len(folds) == 1 for folds in by_question.values())
    assert set().union(*by_question.values()) == set(range(5))


def test_a_scale_knows_nothing_of_the_rows_that_are_left_out(read):
    import numpy as np  # after the bench, which sets how many threads it takes

    few = read[:600]
    inside = np.arange(len(few)) % 2 == 0
    turned = [row if there else row._replace(right=not row.right)
              for row, there in zip(few, inside, strict=True)]  # fmt: skip
    asks = [row.ask for row in few]
    assert scale(sheet(few), asks, inside) == scale(sheet(turned), asks, inside)
