from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.designs import USUAL, Fixed, Question, design, fixed, least_beta, least_calls
from chatbot_qa.stats.sequential import Call, Design

ASKED = [
    (Question(0.95, 0.70), 24, 16, 8.4),
    (Question(0.95, 0.80), 57, 38, 15.4),
    (Question(0.90, 0.60), 27, 18, 6.5),
    (Question(0.99, 0.90), 65, 52, 24.3),
]


def calls(found, mix=USUAL):
    return sum(share * found.calls(rate) for rate, share in mix)


def test_the_mix_is_whole():
    assert sum(share for _, share in USUAL) == pytest.approx(1)


@pytest.mark.parametrize(("question", "cap", "plain", "target"), ASKED)
def test_the_designs_reach_the_targets(question, cap, plain, target):
    found = design(question, cap)
    assert found.fails(question.good) <= question.alpha
    assert found.passes(question.bad) <= question.beta
    assert found.cap <= cap
    assert fixed(question).repeats == plain
    assert least_calls(question, cap) <= calls(found) <= 1.03 * target


@pytest.mark.parametrize(
    "question",
    [
        Question(0.95, 0.70, 0.05 / 50),
        Question(0.90, 0.60, 0.05 / 200),
        Question(0.99, 0.90, 0.01, 0.05),
        Question(1.0, 0.5),
        Question(0.8, 0.0),
        Question(0.6, 0.2, 0.2, 0.3),
    ],
)
def test_any_question_has_a_design_that_holds_its_error_rates(question):
    found = design(question)
    assert found.fails(question.good) <= question.alpha
    assert found.passes(question.bad) <= question.beta
    assert found.cap <= -(-3 * fixed(question).repeats // 2)
    assert calls(found) < fixed(question).repeats


def test_it_is_near_the_best_there_can_be():
    question = Question(0.95, 0.70, 0.05 / 50)
    stricter = Question(0.95, 0.70, 0.94 * 0.05 / 50, 0.94 * 0.10)
    bound = least_calls(stricter, 56)
    assert bound <= calls(design(question, 56)) <= 1.02 * bound


@pytest.mark.parametrize(("question", "cap", "plain", "target"), ASKED)
def test_the_smallest_cap_will_do_and_a_smaller_one_is_refused(question, cap, plain, target):
    found = design(question, plain)
    assert found.fails(question.good) <= question.alpha
    assert found.passes(question.bad) <= question.beta
    with pytest.raises(ValueError, match=f"takes {plain} repeats at least"):
        design(question, plain - 1)


@pytest.mark.parametrize(("question", "cap", "plain", "target"), ASKED)
def test_the_fixed_plan_is_the_shortest(question, cap, plain, target):
    binom = pytest.importorskip("scipy.stats").binom
    good, bad, alpha, beta = question
    holding = [
        n
        for n in range(1, plain + 1)
        if any(
            binom.sf(m, n, 1 - good) <= alpha and binom.cdf(m, n, 1 - bad) <= beta for m in range(n)
        )
    ]
    assert holding == [plain]
    misses = fixed(question).misses
    assert binom.sf(misses, plain, 1 - good) <= alpha
    assert binom.cdf(misses, plain, 1 - bad) <= beta


@pytest.mark.parametrize(("question", "cap", "plain", "target"), ASKED)
def test_a_decision_comes_no_later_than_it_must(question, cap, plain, target):
    """Where both next repeats would end alike there was nothing left to ask."""
    found = design(question, cap)
    for state in found.states():
        if state.call is Call.GO_ON:
            passes = state.repeats - state.misses
            after = {found.decide(passes + 1, state.misses), found.decide(passes, state.misses + 1)}
            assert after != {Call.PASS}
            assert after != {Call.FAIL}


def test_the_mix_decides_what_the_fewest_calls_are():
    question = Question(0.95, 0.70)
    doubtful = ((0.85, 1.0),)
    usual, other = design(question, 24), design(question, 24, doubtful)
    assert calls(other, doubtful) < calls(usual, doubtful)
    assert calls(usual) < calls(other)


@pytest.mark.parametrize(
    "question",
    [
        Question(0.7, 0.95),
        Question(0.9, 0.9),
        Question(95, 70),
        Question(0.9, 0.6, 0),
        Question(0.9, 0.6, 0.05, 1),
        Question(0.9, 0.6, 0.05, 0),
        Question(0.9, 0.6, 1),
        Question(0.9, 0.8999),
    ],
)
def test_what_cannot_be_told_apart_is_refused(question):
    with pytest.raises(ValueError, match=r"tell apart|told apart"):
        design(question)


def test_a_cap_too_small_has_a_beta_that_it_can_hold():
    question = Question(0.95, 0.70, 0.05 / 50)
    beta = least_beta(question, 24)
    assert 0.1 < beta < 0.5
    found = design(question._replace(beta=beta), 24)
    assert found.fails(0.95) <= question.alpha
    assert found.passes(0.70) <= beta
    with pytest.raises(ValueError, match="too small"):
        design(question._replace(beta=beta - 1e-6), 24)


def test_a_cap_beyond_all_need_changes_nothing():
    question = Question(0.95, 0.70)
    assert design(question, 10**6) == design(question, 64)
    assert calls(design(question, 64)) < calls(design(question, 24))


def test_one_repeat_tells_all_from_nothing():
    assert fixed(Question(1.0, 0.0)) == Fixed(1, 0)
    assert design(Question(1.0, 0.0)) == Design((1,), (0,))


RISING = st.lists(st.floats(0, 1), min_size=1, max_size=3)


@given(st.floats(0.4, 1), st.floats(0.2, 0.4), st.sampled_from([0.3, 0.05, 0.001]), RISING)
@settings(max_examples=10)
def test_whatever_the_mix_the_limits_rise_and_the_errors_hold(good, gap, alpha, rates):
    question = Question(good, good - gap, alpha, 0.2)
    found = design(question, mix=tuple((rate, 1 / len(rates)) for rate in rates))
    assert found.fails(question.good) <= alpha
    assert found.passes(question.bad) <= 0.2
    for limits in (found.passes_in, found.fails_by):
        assert list(limits) == sorted(limits)
    assert found.fails_by[0] == 0
    assert found.cap <= -(-3 * fixed(question).repeats // 2)
