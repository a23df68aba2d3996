from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.intervals import wilson
from chatbot_qa.stats.kappa import Confusion
from chatbot_qa.stats.ppi import of_people, powered

labelled = st.builds(Confusion, *[st.integers(0, 80)] * 4).filter(
    lambda one: one.hits + one.misses + one.false_alarms + one.clear
)
said = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_share_is_the_judges_less_how_far_it_is_off():
    """Of 100 labelled replies the judge passes 70 and people 62: it is 8 points too kind."""
    found = powered(400, 500, Confusion(hits=60, false_alarms=10, misses=2, clear=28))
    assert found.share == pytest.approx(0.80 - 0.08)


def test_the_interval_is_that_of_the_paper_where_rows_are_many():
    """An oracle of its own: the variances of the paper, from every single row."""
    np = pytest.importorskip("numpy")
    counts = Confusion(hits=6000, false_alarms=1000, misses=200, clear=2800)
    judge = np.repeat([1, 1, 0, 0], [6000, 1000, 200, 2800])
    people = np.repeat([1, 0, 1, 0], [6000, 1000, 200, 2800])
    others = np.repeat([1, 0], [40_000, 10_000])
    middle = others.mean() + (people - judge).mean()
    spread = 1.959964 * (others.var() / 50_000 + (people - judge).var() / 10_000) ** 0.5
    found = powered(40_000, 50_000, counts)
    wanted = (middle, middle - spread, middle + spread)
    assert (found.share, found.low, found.high) == pytest.approx(wanted, abs=2e-4)


def test_a_judge_that_never_erred_is_still_not_sure():
    found = powered(50, 50, Confusion(hits=60))
    assert found.share == 1
    assert 0.85 < found.low < 0.95


def test_labels_alone_are_a_share_of_their_own():
    found = of_people(Confusion(hits=20, false_alarms=9, misses=4, clear=7))
    bounds = wilson(24, 40)
    assert (found.share, found.low, found.high) == (0.6, bounds.low, bounds.high)


def test_nothing_is_said_of_nothing():
    with pytest.raises(ValueError, match="nothing is labelled"):
        powered(1, 2, Confusion())
    for said_of, of in ((0, 0), (3, 2)):
        with pytest.raises(ValueError, match="no share"):
            powered(said_of, of, Confusion(hits=60))


@given(said, labelled)
def test_whatever_is_found_is_a_share_inside_its_interval(count, rows):
    found = powered(*count, rows)
    assert 0 <= found.low <= found.share <= found.high <= 1


@given(said, labelled)
def test_a_judge_turned_round_turns_the_share_round(count, rows):
    found = powered(*count, rows)
    turned = Confusion(rows.clear, rows.misses, rows.false_alarms, rows.hits)
    other = powered(count[1] - count[0], count[1], turned)
    assert (1 - other.share, 1 - other.high, 1 - other.low) == pytest.approx(
        (found.share, found.low, found.high)
    )
