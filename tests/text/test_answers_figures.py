"""Floors under the figures that ``bench/answers.py`` prints for the held-out questions."""

from __future__ import annotations

import pytest

from bench.answers import DATA, development, figures, labelled


@pytest.fixture(scope="module")
def rows():
    if not DATA.exists():
        pytest.skip(f"{DATA} is not there")
    return labelled()


def test_answers_agree_with_people_on_questions_that_were_held_out(rows):
    ours, contained, *_ = figures(rows, resamples=40)
    assert (ours.judge, ours.part, contained.judge) == ("answers", "held out", "contained")
    assert ours.accuracy.value >= 0.945
    assert ours.decided.value >= 0.83
    assert ours.false_passes.value <= 0.04
    assert ours.accuracy.value > contained.accuracy.value + 0.1


def test_the_halves_part_the_questions(rows):
    halves = [{row["ask"] for row in rows if development(row) is half} for half in (True, False)]
    assert not halves[0] & halves[1]
    assert 0.45 < len(halves[0]) / len(halves[0] | halves[1]) < 0.55
