"""The simulations of ``bench.stats_gates`` run, and draw what they say they draw."""

from __future__ import annotations

from random import Random

import pytest

from bench.stats_gates import World, budgets, gate, spending, spent
from chatbot_qa.stats.designs import Question, design

PLAN = design(Question(0.95, 0.70), 24)


def test_a_world_falls_or_churns_by_topic() -> None:
    rng = Random(1)
    fallen = World(1.0, fall=1.0, topics=2, cases=3, repeats=4).draw(rng)
    assert [(pair.passed_before, pair.passed_after) for pair in fallen] == [(4, 0)] * 6
    assert [pair.topic for pair in fallen] == [0, 0, 0, 1, 1, 1]
    churned = World(0.5, churn=0.5, topics=20, cases=2).draw(rng)
    ends = {pair.topic: {one.passed_after for one in churned if one.topic == pair.topic}
            for pair in churned}  # fmt: skip
    assert all(end in ({0}, {5}) for end in ends.values())
    assert {0} in ends.values()
    assert {5} in ends.values()


@pytest.mark.parametrize("by_gain", [False, True])
def test_no_more_calls_are_spent_than_there_are(by_gain: bool) -> None:
    perfect = [1.0] * 10
    first = PLAN.passes_in[0]
    for calls in (0, first - 1, first, 3 * first, 10 * first, 1000):
        done = spent(PLAN, perfect, calls, Random(1), by_gain=by_gain)
        assert done == min(10, calls // first)


def test_each_figure_is_named_and_stated() -> None:
    figures = [*gate(20), *budgets(5), *spending(2)]
    names = [figure.what for figure in figures]
    assert len(set(names)) == len(names) == 8 + 12 + 2
    assert sum(figure.most is not None for figure in figures) == 5 + 4
    by_gain, in_order = figures[-1], figures[-2]
    assert by_gain.least == in_order.measured
    assert by_gain.held
