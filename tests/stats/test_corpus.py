"""Scores of a whole corpus, how far chance moves them, and how they change between two runs."""

from __future__ import annotations

from random import Random

import pytest

from chatbot_qa.stats.corpus import MEAN, Added, Numbers, Scale, change, corpus
from chatbot_qa.stats.intervals import at_least, at_most


def share(numbers: Numbers) -> float:
    return numbers[0] / numbers[1]


SHARE = Scale(share, lambda row: (0.0, row[1]), lambda row: (row[1], row[1]))
MISSED = Scale(share, lambda row: (row[1], row[1]), lambda row: (0.0, row[1]), less=True)


def rows(right: int, of: int, topic: str | None = None) -> list[Added]:
    return [Added((float(n < right), 1.0), topic) for n in range(of)]


@pytest.mark.parametrize(("right", "of"), [(0, 12), (8, 12), (12, 12), (95, 100)])
def test_of_a_plain_share_the_bounds_are_those_of_clopper_and_pearson(right: int, of: int) -> None:
    found = corpus(rows(right, of), SHARE, seed=1, draws=4000)
    assert found.value == right / of
    assert found.drawn.at_least() == pytest.approx(at_least(right, of), abs=0.015)
    assert found.drawn.at_most() == pytest.approx(at_most(right, of), abs=0.015)


def test_where_less_is_better_the_bad_row_raises_the_upper_bound() -> None:
    found = corpus(rows(0, 20), MISSED, seed=1, draws=2000)
    assert found.drawn.at_least() == 0.0
    assert found.drawn.at_most() == pytest.approx(at_most(0, 20), abs=0.02)


def test_rows_of_a_topic_are_drawn_together() -> None:
    alone = corpus(rows(10, 20), SHARE, seed=1)
    halves = [Added((1.0, 1.0), "a")] * 10 + [Added((0.0, 1.0), "b")] * 10
    together = corpus(halves, SHARE, seed=1)
    assert together.value == alone.value
    assert together.drawn.at_least() < alone.drawn.at_least() - 0.1
    assert together.drawn.at_most() > alone.drawn.at_most() + 0.1


def test_the_same_seed_gives_the_same_bounds() -> None:
    one, other, third = (corpus(rows(5, 9), SHARE, seed=seed, draws=50) for seed in (1, 1, 2))
    assert one == other != third


def test_a_change_is_of_pairs() -> None:
    random = Random(1)
    before = [Added((float(random.random() < 0.5), 1.0)) for _ in range(100)]
    now = [Added((0.0, 1.0)) if n < 8 else one for n, one in enumerate(before)]
    found = change(before, now, SHARE, seed=1)
    assert found.before - found.now == pytest.approx(
        sum(one.numbers[0] for one in before[:8]) / 100
    )
    assert found.interval.high < 0.02
    assert found.interval.low > -0.15
    assert found.interval.high - found.interval.low < 0.15


@pytest.mark.parametrize("scale", [SHARE, MISSED])
def test_worse_is_what_the_scale_says(scale: Scale) -> None:
    many, few = rows(38, 40), rows(20, 40)
    fall, rise = change(many, few, scale, seed=1), change(few, many, scale, seed=1)
    worse, better = (rise, fall) if scale.less else (fall, rise)
    assert worse.worse < 0.01
    assert better.worse > 0.9
    assert fall.interval.low == pytest.approx(-rise.interval.high)


def test_two_runs_alike_differ_by_nothing_that_is_shown() -> None:
    found = change(rows(7, 10), rows(7, 10), SHARE, seed=1)
    assert (found.before, found.now) == (0.7, 0.7)
    assert found.interval.low < 0 < found.interval.high
    assert found.worse > 0.5


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no row to score"):
        corpus([], SHARE, seed=1)
    with pytest.raises(ValueError, match="1 and 2 rows make no pairs"):
        change(rows(1, 1), rows(1, 2), SHARE, seed=1)


@pytest.mark.parametrize(("right", "of"), [(0, 12), (8, 12), (12, 12)])
def test_a_mean_of_right_and_wrong_is_a_share(right: int, of: int) -> None:
    assert corpus(rows(right, of), MEAN, seed=1) == corpus(rows(right, of), SHARE, seed=1)


def test_a_mean_is_that_of_rows_whatever_their_topics() -> None:
    scores = (0.25, 0.5, 1.0, 0.0, 0.9)
    added = [Added((score, 1.0), "ab"[n < 3]) for n, score in enumerate(scores)]
    found = corpus(added, MEAN, seed=1)
    assert found.value == pytest.approx(sum(scores) / 5, abs=1e-12)
    assert 0 <= found.drawn.low[0] <= found.value <= found.drawn.high[-1] <= 1


def test_means_of_less_spread_have_narrower_intervals() -> None:
    """Of the same mean: halves everywhere, or ones and zeros."""
    halves = corpus([Added((0.5, 1.0))] * 40, MEAN, seed=1).drawn
    ends = corpus(rows(20, 40), MEAN, seed=1).drawn
    assert ends.at_least() < halves.at_least() < 0.5 < halves.at_most() < ends.at_most()
