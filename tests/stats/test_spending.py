"""Which case is worth the next repeat: by backward induction, against a plain recursion."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.designs import USUAL, Question, design
from chatbot_qa.stats.sequential import Call, Design
from chatbot_qa.stats.spending import gain

PLAN = design(Question(0.95, 0.70), 24)
SHARED = design(Question(0.95, 0.70, 0.05 / 30))
SMALL = Design((2, 4), (0, 2))
"""0 misses pass in 2, 1 in 4; 1 miss fails by 2."""


def worth(plan: Design, passes: int, misses: int, price: float) -> float:
    """What the best rule of stopping is worth, where a decision is worth 1."""

    def chance(more: int, fewer: int) -> float:
        return sum(share * p ** (passes + more) * (1 - p) ** (misses + fewer) for p, share in USUAL)

    def best(more: int, fewer: int) -> float:
        call = plan.decide(passes + more, misses + fewer)
        if call is not Call.GO_ON:
            return chance(more, fewer)
        on = best(more + 1, fewer) + best(more, fewer + 1) - price * chance(more, fewer)
        return on if not more + fewer else max(0.0, on)

    return best(0, 0)


@given(st.integers(0, 3), st.integers(0, 3))
def test_it_is_the_price_at_which_going_on_is_worth_nothing(passes: int, misses: int) -> None:
    plan = Design((3, 5, 6), (0, 2, 4))
    if plan.decide(passes, misses) is not Call.GO_ON:
        with pytest.raises(ValueError, match="decided"):
            gain(plan, passes, misses)
        return
    found = gain(plan, passes, misses)
    assert worth(plan, passes, misses, found + 1e-6) <= 0
    assert worth(plan, passes, misses, found - 1e-6) > 0


def test_a_repeat_that_decides_in_any_case_is_worth_a_whole_one() -> None:
    assert gain(SMALL, 1, 0) == pytest.approx(1.0, abs=1e-6)
    assert 0.4 < gain(SMALL, 0, 0) < 0.6


def test_the_nearer_to_a_decision_the_more_it_is_worth() -> None:
    clean = [gain(PLAN, passes, 0) for passes in range(PLAN.passes_in[0])]
    assert clean == sorted(clean)
    assert gain(PLAN, 5, 1) < gain(PLAN, 0, 0) < gain(PLAN, 6, 0)


def decided(orderly: bool, calls: int, seed: int) -> int:
    """How many of 30 usual cases are decided within so many calls, in order or by gain."""
    rng = Random(seed)
    rates, shares = zip(*USUAL, strict=True)
    bots = rng.choices(rates, shares, k=30)
    tallies = [(0, 0)] * len(bots)
    for _ in range(calls):
        left = [i for i, one in enumerate(tallies) if SHARED.decide(*one) is Call.GO_ON]
        if not left:
            break
        i = left[0] if orderly else max(left, key=lambda i: (gain(SHARED, *tallies[i]), -i))
        passes, misses = tallies[i]
        good = rng.random() < bots[i]
        tallies[i] = (passes + good, misses + (not good))
    return sum(SHARED.decide(*one) is not Call.GO_ON for one in tallies)


def test_more_cases_are_decided_by_it_than_in_order() -> None:
    half = round(30 * sum(share * SHARED.calls(rate) for rate, share in USUAL) / 2)
    ours, in_order = (sum(decided(how, half, seed) for seed in range(40)) for how in (False, True))
    assert ours > 1.1 * in_order
