from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.intervals import Interval
from chatbot_qa.stats.kappa import Confusion, bootstrap, confusion, crossed, kappa

pairs = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40)


@pytest.mark.parametrize(
    "table", [[[20, 5], [10, 15]], [[3, 1, 0], [2, 7, 1], [0, 4, 11]], [[0, 5], [5, 0]]]
)
def test_kappa_is_that_of_statsmodels(table):
    rater = pytest.importorskip("statsmodels.stats.inter_rater")
    oracle = rater.cohens_kappa(table, return_results=False)
    assert kappa(table) == pytest.approx(oracle, abs=1e-9)


def test_kappa_has_no_value_where_nothing_could_differ():
    assert kappa([[7, 0], [0, 0]]) is None
    assert kappa([]) is None
    assert kappa([[0, 0], [0, 0]]) is None
    with pytest.raises(ValueError, match="square"):
        kappa([[1, 2]])


def test_the_words_of_a_confusion():
    found = confusion(
        [(True, True)] * 6 + [(True, False)] * 2 + [(False, True)] * 4 + [(False, False)] * 8
    )
    assert found == Confusion(hits=6, false_alarms=2, misses=4, clear=8)
    assert (found.precision, found.recall, found.accuracy) == (6 / 8, 6 / 10, 14 / 20)
    assert found.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))
    assert found.kappa == pytest.approx((0.7 - 0.5) / 0.5)


def test_rates_of_nothing_have_no_value():
    none = Confusion()
    assert (none.precision, none.recall, none.f1, none.accuracy, none.kappa) == (None,) * 5


@given(pairs)
def test_the_table_and_the_confusion_agree_and_turning_it_changes_no_kappa(rows):
    table = crossed(rows, [True, False])
    found = confusion(rows)
    assert table == [[found.hits, found.false_alarms], [found.misses, found.clear]]
    turned = kappa(crossed([(so, said) for said, so in rows], [True, False]))
    assert kappa(table) == found.kappa == turned
    assert found.kappa is None or -1 <= found.kappa <= 1


def mean(rows):
    return sum(rows) / len(rows)


def test_the_bootstrap_is_near_the_normal_interval():
    rows = [1] * 70 + [0] * 30
    found = bootstrap(rows, mean, seed=3)
    assert found.low == pytest.approx(0.7 - 1.96 * 0.0458, abs=0.015)
    assert found.high == pytest.approx(0.7 + 1.96 * 0.0458, abs=0.015)
    assert bootstrap(rows, mean, seed=3) == found
    assert bootstrap(rows, mean, seed=4) != found
    narrower = bootstrap(rows, mean, seed=3, confidence=0.8)
    assert found.low < narrower.low < narrower.high < found.high


def test_rows_of_one_item_are_drawn_together():
    rows = [(item, item % 2) for item in range(20) for _ in range(30)]

    def share(drawn):
        return sum(value for _, value in drawn) / len(drawn)

    alone = bootstrap(rows, share, seed=1)
    together = bootstrap(rows, share, seed=1, item=lambda row: row[0])
    assert together.high - together.low > 4 * (alone.high - alone.low)


def test_draws_without_a_value_are_left_out():
    assert bootstrap([1, 0], lambda drawn: 1.0 if any(drawn) else None, seed=1) == Interval(1, 1)
    assert bootstrap([1], lambda drawn: None, seed=1) is None
    assert bootstrap([], mean, seed=1) is None
