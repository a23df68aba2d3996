"""The detector of drift: ranks that are uniform, alarms that are rare, changes that are seen."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.drift import BETS, Side, alarms, p_values, threshold

SHARES = st.lists(st.sampled_from((0.0, 0.2, 0.5, 1.0)), min_size=1, max_size=30)


def test_p_values_by_hand() -> None:
    values, draws = [3.0, 1.0, 2.0, 1.0], [0.5] * 4
    assert list(p_values(values, draws, "fall")) == [0.5, 0.25, 0.5, 0.25]
    assert list(p_values(values, draws, "rise")) == [0.5, 0.75, 0.5, 0.75]


@given(SHARES, st.data())
def test_p_values_are_ranks_whatever_the_scale(values: list[float], data: st.DataObject) -> None:
    size = len(values)
    draws = data.draw(st.lists(st.floats(0, 1), min_size=size, max_size=size))
    found = list(p_values(values, draws, "fall"))
    assert all(0 <= p <= 1 for p in found)
    assert list(p_values([10 * value + 3 for value in values], draws, "fall")) == found
    mirrored = list(p_values([-value for value in values], draws, "rise"))
    assert mirrored == found


def test_each_p_value_is_uniform_for_alike_values() -> None:
    """With ties too: the mean of each, and how rare small ones are."""
    rng, runs = Random(1), 4000
    for place in (1, 5, 19):
        seen = []
        for _ in range(runs):
            values = [rng.choice((0.0, 0.0, 1.0)) for _ in range(20)]
            seen.append(list(p_values(values, [rng.random() for _ in values], "fall"))[place])
        assert sum(seen) / runs == pytest.approx(0.5, abs=0.02)
        assert sum(p <= 0.05 for p in seen) / runs == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize("exponent", BETS)
def test_a_bet_pays_back_its_stake_on_average(exponent: float) -> None:
    steps = 200_000
    middle = ((i + 0.5) / steps for i in range(steps))
    paid = sum(exponent * p ** (exponent - 1) for p in middle) / steps
    assert 0.9 < paid <= 1.0  # the end at 0 is cut


def series(rng: Random, rate: float, nights: int, of: int = 10) -> list[float]:
    return [sum(rng.random() < rate for _ in range(of)) / of for _ in range(nights)]


def found(values: list[float], rng: Random, side: Side, limit: float) -> list[tuple[int, int]]:
    draws = [rng.random() for _ in values]
    return [(alarm.at, alarm.since) for alarm in alarms(values, draws, side, limit)]


def test_false_alarms_are_as_rare_as_stated() -> None:
    """At most one in 100 nights, on average; here 0.4 or so, and 4.5 standard errors below 1."""
    rng, runs, nights = Random(2), 300, 200
    limit = threshold(100, 1)
    number = sum(len(found(series(rng, 0.9, nights), rng, "fall", limit)) for _ in range(runs))
    assert 0.1 < number / (runs * nights / 100) < 1


def test_a_fall_is_seen_and_dated_and_the_other_side_says_nothing() -> None:
    rng, limit = Random(3), threshold(200, 100)
    seen = 0
    for _ in range(50):
        values = series(rng, 0.95, 60) + series(rng, 0.6, 40)
        first = next(iter(found(values, rng, "fall", limit)), None)
        if first is not None and 60 <= first[0] <= 75 and 57 <= first[1] <= 63:
            seen += 1
        assert not found(values, rng, "rise", limit)
    assert seen >= 45


def test_after_an_alarm_it_begins_anew() -> None:
    rng, limit = Random(4), threshold(200, 10)
    values = series(rng, 1.0, 50) + series(rng, 0.6, 50) + series(rng, 0.1, 50)
    (first, since), (second, again) = found(values, rng, "fall", limit)
    assert 50 <= first < 65 and 48 <= since <= 52
    assert 100 <= second < 115 and 95 <= again <= 104


def test_a_draw_of_nothing_and_no_values_are_borne() -> None:
    assert list(alarms([], [], "fall", 10.0)) == []
    (alarm, *_) = alarms([1.0] * 9, [0.0] * 9, "rise", 10.0)
    assert alarm.at == 0


@pytest.mark.parametrize(("nights", "series_"), [(0.5, 1), (200, 0)])
def test_a_threshold_of_nothing_is_refused(nights: float, series_: int) -> None:
    with pytest.raises(ValueError, match="nothing to bound"):
        threshold(nights, series_)


def test_the_threshold_grows_with_the_series() -> None:
    assert threshold(200, 50) == 10_000
