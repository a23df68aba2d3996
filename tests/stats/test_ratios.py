"""Ratios of what the same messages took in two runs: bounded by topics, and reproducible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.intervals import Interval
from chatbot_qa.stats.ratios import LEAST_TOPICS, Ratio, Took, of_means, of_percentiles

Of = Callable[[Sequence[Took]], Ratio]
BOTH = pytest.mark.parametrize("of", [of_means, of_percentiles])


def bounds(ratio: Ratio) -> Interval:
    assert ratio.interval is not None
    return ratio.interval


def drawn(
    rng: Random, ratio: float, topics: int = 12, each: int = 5, churn: float = 0.1
) -> list[Took]:
    """Messages that take so many times as long, each topic a little more or less than that."""
    found = []
    for topic in range(topics):
        more = ratio * exp(rng.gauss(0, churn))
        for _ in range(each):
            usual = exp(rng.gauss(0, 0.4))
            before, after = (usual * exp(rng.gauss(0, 0.3)) for _ in range(2))
            found.append(Took(topic, before, more * after))
    return found


@BOTH
def test_what_takes_exactly_so_many_times_as_long_has_no_width(of: Of) -> None:
    took = [Took(n % 10, float(n + 1), 1.5 * (n + 1)) for n in range(60)]
    found = of(took)
    assert found.value == pytest.approx(1.5)
    assert bounds(found).low == pytest.approx(1.5, rel=0.1)
    assert bounds(found).high == pytest.approx(1.5, rel=0.1)
    assert found.topics == 10


def test_the_percentile_is_the_least_that_so_many_do_not_exceed() -> None:
    took = [Took(n, float(n), float(2 * n)) for n in range(1, 101)]
    found = of_percentiles(took)
    assert (found.before, found.after) == (95.0, 190.0)
    assert of_percentiles(took, share=0.5).before == 50.0
    assert of_means(took).before == 50.5


@BOTH
def test_the_interval_holds_the_ratio_as_often_as_it_says(of: Of) -> None:
    rng = Random(5)
    ratios = [of(drawn(rng, 1.3)) for _ in range(120)]
    covered = sum(1.3 in bounds(ratio) for ratio in ratios)
    assert covered >= 108  # 90%: below that with a chance of 2% where it holds 95%
    assert not all(1.0 in bounds(ratio) for ratio in ratios)


@BOTH
def test_topics_are_what_there_are_many_of(of: Of) -> None:
    """Many messages of topics that differ are no more than so many topics."""
    took = drawn(Random(2), 1.2, topics=8, each=100, churn=0.4)
    apart = [Took(number, one.before, one.after) for number, one in enumerate(took)]
    clustered, separate = bounds(of(took)), bounds(of(apart))
    assert clustered.high - clustered.low > 2 * (separate.high - separate.low)


@BOTH
def test_too_few_topics_have_no_interval(of: Of) -> None:
    took = drawn(Random(1), 1.2, topics=LEAST_TOPICS - 1, each=50)
    assert of(took).interval is None
    assert of([*took, Took("one more", 1.0, 1.0)]).interval is not None


@BOTH
def test_what_took_nothing_has_no_ratio(of: Of) -> None:
    for took in ([], [Took(1, 0.0, 1.0)] * 20, [Took(1, 1.0, 0.0)] * 20):
        with pytest.raises(ValueError, match=r"nothing|no message"):
            of(took)


def test_a_topic_that_took_nothing_before_leaves_the_upper_end_open() -> None:
    took = [Took(n, 1.0 if n == 0 else 0.0, 1.0) for n in range(6)]
    found = bounds(of_means(took))
    assert found.high == float("inf")
    assert found.low >= 1.0


@settings(max_examples=25)
@given(st.integers(0, 1000), st.floats(0.1, 10))
def test_the_unit_changes_nothing(seed: int, unit: float) -> None:
    took = drawn(Random(seed), 1.1, topics=6, each=2)
    other = [Took(one.topic, unit * one.before, unit * one.after) for one in took]

    def told(ratio: Ratio) -> tuple[float, float, float]:
        return ratio.value, bounds(ratio).low, bounds(ratio).high

    assert told(of_percentiles(took)) == pytest.approx(told(of_percentiles(other)))
    assert told(of_percentiles(took)) == told(of_percentiles(took))
