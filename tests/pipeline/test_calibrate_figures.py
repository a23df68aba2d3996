from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.domain.calibration import Figure
from chatbot_qa.pipeline.calibrate_figures import Cell, figures
from chatbot_qa.stats.intervals import wilson
from chatbot_qa.stats.kappa import bootstrap, confusion, crossed, kappa

LABELS = ("right", "wrong")
SAID = (*LABELS, "unsure")

cells = st.tuples(st.sampled_from(LABELS), st.sampled_from(SAID))
rows_by_item = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=12)


def counted(*items: list[Cell]) -> list[Counter[Cell]]:
    return [Counter(item) for item in items]


@given(rows_by_item)
@settings(max_examples=60, deadline=None)
def test_figures_are_those_of_the_statistics_of_rows(items: list[list[Cell]]) -> None:
    found = figures(counted(*items), LABELS, ("right",), draws=3)
    every = [cell for item in items for cell in item]
    decided = [(said, label) for label, said in every if said != "unsure"]
    sides = confusion((said == "right", label == "right") for said, label in decided)
    assert found.decided.value == pytest.approx(len(decided) / len(every))
    assert found.precision.value == sides.precision
    assert found.recall.value == sides.recall
    assert found.f1.value == sides.f1
    assert found.accuracy.value == sides.accuracy
    assert found.kappa.value == pytest.approx(kappa(crossed(decided, LABELS)))


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "accuracy"])
def test_intervals_are_those_of_a_bootstrap_over_whole_items(name: str) -> None:
    rng = Random(8)
    kinds = [(label, said) for label in LABELS for said in SAID]
    weights = [6, 2, 1, 2, 6, 1]
    items = [rng.choices(kinds, weights, k=rng.randint(1, 3)) for _ in range(40)]
    rows = [(number, cell) for number, item in enumerate(items) for cell in item]

    def statistic(drawn: Sequence[tuple[int, Cell]]) -> float | None:
        sides = confusion(
            (said == "right", label == "right") for _, (label, said) in drawn if said != "unsure"
        )
        value = getattr(sides, name)
        assert value is None or isinstance(value, float)
        return value

    found = getattr(figures(counted(*items), LABELS, ("right",), seed=4, draws=300), name)
    whole = bootstrap(rows, statistic, 4, item=lambda row: row[0], draws=300)
    assert whole is not None
    assert (found.low, found.high) == (whole.low, whole.high)
    assert 0.2 < found.low < found.value < found.high < 1


def test_rows_of_one_item_are_not_evidence_of_their_own() -> None:
    hit, miss = ("right", "right"), ("right", "wrong")
    clear = ("wrong", "wrong")
    apart = figures(counted(*[[hit]] * 60, *[[miss]] * 30, *[[clear]] * 60), LABELS, ("right",))
    together = figures(counted(*[[hit] * 10] * 6, *[[miss] * 10] * 3, *[[clear] * 10] * 6), LABELS,
                       ("right",))  # fmt: skip

    def width(figure: Figure) -> float:
        assert figure.low is not None and figure.high is not None
        return figure.high - figure.low

    assert apart.recall.value == together.recall.value
    assert width(together.recall) > 2 * width(apart.recall)


def test_where_all_is_right_the_interval_is_no_point() -> None:
    items = counted(*[[("right", "right")]] * 12, *[[("wrong", "wrong"), ("wrong", "wrong")]] * 8)
    found = figures(items, LABELS, ("right",))
    assert (found.precision.low, found.precision.high) == (wilson(12, 12).low, 1.0)
    assert found.accuracy == Figure(1.0, wilson(20, 20).low, 1.0)
    assert found.f1.low == pytest.approx(wilson(12, 12).low)
    assert found.kappa.value == found.kappa.high == 1.0
    assert found.kappa.low == pytest.approx((wilson(20, 20).low - 0.5102) / 0.4898, abs=1e-3)


def test_what_has_no_value_has_none() -> None:
    found = figures(counted([("wrong", "wrong")], [("wrong", "unsure")]), LABELS, ("right",))
    assert found.precision == found.recall == found.f1 == found.kappa == Figure(None)
    assert found.decided.value == 0.5
    unsure = figures(counted([("right", "unsure")]), LABELS, ("right",))
    assert unsure.accuracy == unsure.bias == Figure(None)
    assert unsure.decided.value == 0.0


def test_kappa_tells_every_label_apart_and_the_rest_the_sides() -> None:
    labels = ("answered", "refused", "partly_refused")
    items = counted([("refused", "partly_refused")], [("answered", "answered")],
                    [("refused", "refused")])  # fmt: skip
    found = figures(items, labels, labels[1:])
    assert found.f1.value == found.accuracy.value == 1.0
    assert found.kappa.value == pytest.approx(0.5)


def test_bias_is_the_share_said_less_the_share_labelled() -> None:
    items = counted(*[[("wrong", "right")]] * 3, [("right", "wrong")], *[[("right", "right")]] * 4)
    assert figures(items, LABELS, ("right",)).bias.value == pytest.approx(2 / 8)
