from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.intervals import clopper_pearson
from chatbot_qa.stats.sequential import Call, Design

SMALL = Design(passes_in=(3, 6, 8), fails_by=(0, 0, 4))
DESIGNS = (
    SMALL,
    Design(passes_in=(8, 15, 20, 24), fails_by=(0, 0, 5, 13)),
    Design(passes_in=(24, 58, 65), fails_by=(0, 0, 32)),
    Design(passes_in=(7,), fails_by=(0,)),
)
RATES = (0.0, 0.3, 0.5, 0.8, 0.95, 0.99, 1.0)


def ends(design):
    return [state for state in design.states() if state.call is not Call.GO_ON]


def counts(state):
    return state.repeats - state.misses, state.misses


def test_the_limits_decide():
    said = [SMALL.decide(passes, 0) for passes in range(4)]
    assert said == [Call.GO_ON] * 3 + [Call.PASS]
    assert [SMALL.decide(passes, 1) for passes in range(6)] == [Call.GO_ON] * 5 + [Call.PASS]
    assert [SMALL.decide(passes, 2) for passes in range(7)] == (
        [Call.FAIL] * 3 + [Call.GO_ON] * 3 + [Call.PASS]
    )
    assert SMALL.decide(9, 3) is Call.FAIL
    assert SMALL.cap == 8
    strict = Design((24, 50), (0, 1))
    assert (strict.decide(0, 1), strict.decide(1, 1)) == (Call.FAIL, Call.GO_ON)


def test_the_rule_in_words():
    assert SMALL.rule() == (
        "fails at 2 misses by run 4, 3 by run 8; passes at 0 misses in 3, 1 in 6, 2 in 8"
    )
    assert Design((7,), (0,)).rule() == "fails at 1 miss by run 7; passes at 0 misses in 7"
    same = Design((13, 24, 33, 41), (0, 0, 4, 4))
    assert same.rule().startswith("fails at 2 misses by run 4, 4 by run 41; passes")


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("rate", RATES)
def test_a_case_comes_to_one_end_and_to_one_alone(design, rate):
    assert sum(end.chance(rate) for end in ends(design)) == pytest.approx(1, abs=1e-12)
    assert design.passes(rate) + design.fails(rate) == pytest.approx(1, abs=1e-12)
    expected = sum(end.chance(rate) * end.repeats for end in ends(design))
    assert design.calls(rate) == pytest.approx(expected, abs=1e-9)
    assert max(end.repeats for end in ends(design)) <= design.cap


def test_the_chances_are_those_of_all_ways_written_out():
    rate, passed, calls = 0.8, 0.0, 0.0
    for number in range(2**8):
        missed = [bool(number >> i & 1) for i in range(8)]
        chance = 1.0
        for miss in missed:
            chance *= 1 - rate if miss else rate
        for n in range(1, 9):
            call = SMALL.decide(n - sum(missed[:n]), sum(missed[:n]))
            if call is not Call.GO_ON:
                passed += chance * (call is Call.PASS)
                calls += chance * n
                break
    assert SMALL.passes(rate) == pytest.approx(passed, abs=1e-12)
    assert SMALL.calls(rate) == pytest.approx(calls, abs=1e-12)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_better_bot_passes_more_often(design):
    chances = [design.passes(i / 50) for i in range(51)]
    assert all(one <= two + 1e-12 for one, two in pairwise(chances))
    assert (chances[0], chances[-1]) == (0, 1)


@pytest.mark.parametrize("design", DESIGNS)
def test_so_many_may_be_asked_at_once_and_none_in_vain(design):
    starts = [(0, 0), *(counts(s) for s in design.states() if s.call is Call.GO_ON)]
    for passes, misses in starts:
        more = design.soonest(passes, misses)
        for first in range(more):
            for failed in range(first + 1):
                assert design.decide(passes + first - failed, misses + failed) is Call.GO_ON
        said = [
            design.decide(passes + more - failed, misses + failed) for failed in range(more + 1)
        ]
        assert set(said) != {Call.GO_ON}
    assert design.soonest(design.cap, 0) == 0


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("rate", RATES)
def test_the_bounds_after_the_stop_cover_what_they_say(design, rate):
    covered = sum(end.chance(rate) for end in ends(design) if rate in design.rate(*counts(end)))
    assert covered >= 0.95 - 1e-9


@pytest.mark.parametrize("budget", [1, 4, 7])
@pytest.mark.parametrize("rate", RATES)
def test_and_also_where_a_budget_cuts_cases_short(budget, rate):
    design = DESIGNS[1]
    stops = [
        state
        for state in design.states()
        if state.repeats == budget or (state.repeats < budget and state.call is not Call.GO_ON)
    ]
    assert sum(stop.chance(rate) for stop in stops) == pytest.approx(1, abs=1e-12)
    covered = sum(stop.chance(rate) for stop in stops if rate in design.rate(*counts(stop)))
    assert covered >= 0.95 - 1e-9


@pytest.mark.parametrize("design", DESIGNS)
def test_the_bounds_hold_the_rate_that_was_seen_and_rise_with_the_order(design):
    order = sorted(
        ends(design), key=lambda e: (e.call is Call.PASS, e.repeats * (-1) ** (e.call is Call.PASS))
    )
    bounds = [design.rate(*counts(end)) for end in order]
    for end, bound in zip(order, bounds, strict=True):
        assert bound.low <= 1 - end.misses / end.repeats <= bound.high
    for one, two in pairwise(bounds):
        assert one.low <= two.low
        assert one.high <= two.high
    assert bounds[0].low == 0
    assert bounds[-1].high == 1


def test_before_anything_could_stop_they_are_those_of_plain_repeats():
    found, plain = DESIGNS[1].rate(1, 0, 0.9), clopper_pearson(1, 1, 0.9)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=1e-9)
    alone = DESIGNS[3].rate(7, 0)
    assert alone.low == pytest.approx(clopper_pearson(7, 7).low, abs=1e-9)


def test_at_the_first_ends_the_bounds_have_a_formula():
    assert DESIGNS[1].rate(0, 2).high == pytest.approx(1 - 0.025**0.5, abs=1e-9)
    assert DESIGNS[1].rate(1, 2, 0.9).high == pytest.approx(
        next(p / 10**5 for p in range(10**5) if (1 - p / 10**5) ** 2 * (1 + 2 * p / 10**5) <= 0.05),
        abs=1e-4,
    )
    assert DESIGNS[1].rate(8, 0).low == pytest.approx(0.025 ** (1 / 8), abs=1e-9)


def test_what_is_no_end_is_refused():
    for passes, misses in ((9, 0), (0, 4), (0, 0)):
        with pytest.raises(ValueError, match="no end"):
            DESIGNS[1].rate(passes, misses)


@given(st.sampled_from(DESIGNS), st.sampled_from(RATES), st.integers(0, 2**32))
def test_a_case_that_is_played_comes_to_a_listed_end(design, rate, seed):
    rng, passes, misses = Random(seed), 0, 0
    while design.decide(passes, misses) is Call.GO_ON:
        good = rng.random() < rate
        passes, misses = passes + good, misses + (not good)
    assert (passes, misses) in {counts(end) for end in ends(design)}
