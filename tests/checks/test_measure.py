from __future__ import annotations

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.measure import cost, first_token, latency, tokens
from chatbot_qa.domain.transcript import Usage, text_reply
from chatbot_qa.domain.values import Money
from tests.checks.talk import (
    BROKEN,
    FAILED,
    NOT_MEASURED,
    PASSED,
    UNSURE,
    exchange,
    judged,
    recorded,
    seen,
    timed,
    whole,
)


def lasting(seconds):
    evidence = seen("ok")
    return replace(evidence, exchanges=(exchange("ok", seconds=seconds),))


def paying(*replies):
    """A conversation of ``(cost, usage)``."""
    exchanges = tuple(
        exchange(replace(text_reply("ok"), cost=paid, usage=usage)) for paid, usage in replies
    )
    return replace(whole("ok"), exchanges=exchanges)


def test_latency_of_a_reply():
    assert judged(latency, lasting(5.0), value=5.0).outcome is PASSED
    finding = judged(latency, lasting(5.2), value=5.0)
    assert finding.outcome is FAILED
    assert finding.reason == "the reply took 5.2 s, more than 5 s"
    assert (
        judged(latency, lasting(0.4), value=0.3).reason == "the reply took 400 ms, more than 300 ms"
    )


def test_latency_of_a_conversation_is_that_of_its_slowest_reply():
    evidence = replace(
        whole("a"), exchanges=(exchange("a", seconds=1.0), exchange("b", seconds=6.0))
    )
    assert judged(latency, evidence, value=5.0).outcome is FAILED
    assert judged(latency, evidence, value=6.0).outcome is PASSED


def test_recorded_times_are_not_measured():
    assert judged(latency, recorded(lasting(9.0)), value=5.0).outcome is NOT_MEASURED
    assert judged(latency, timed(9.0, live=False), value=5.0).outcome is NOT_MEASURED


def test_bounds_are_needed_and_percentiles_are_for_suites():
    assert judged(latency, lasting(1.0)).outcome is BROKEN
    assert judged(latency, lasting(1.0), p95=2.0).outcome is BROKEN


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        ({"p95": 1.0}, PASSED),
        ({"p95": 0.9}, FAILED),
        ({"p50": 0.1}, PASSED),
        ({"p50": 0.09}, FAILED),
        ({"p99": 1.0}, FAILED),
        ({"p99": 9.0}, PASSED),
        ({"max": 8.9}, FAILED),
        ({"max": 9.0}, PASSED),
        ({"p50": 0.1, "p99": 1.0}, FAILED),
    ],
)
def test_percentiles_are_nearest_ranks(arguments, outcome):
    times = [0.1] * 18 + [1.0, 9.0]  # of 20 the 95th percentile is the 19th
    assert judged(latency, timed(*times), **arguments).outcome is outcome


def test_percentiles_below_20_replies_are_unsure_but_a_maximum_is_not():
    few = timed(*[0.1] * 19)
    assert judged(latency, few, p95=1.0).outcome is UNSURE
    assert judged(latency, few, p95=1.0, max=0.05).outcome is FAILED
    assert judged(latency, few, max=0.1).outcome is PASSED


def test_a_percentile_reason_names_what_was_too_slow():
    times = [0.1] * 18 + [3.0, 9.0]
    reason = judged(latency, timed(*times), p50=1.0, p95=2.0).reason
    assert reason == "p95 of 20 replies is 3 s, more than 2 s"


def test_first_token():
    streamed = replace(text_reply("ok"), first_token=0.5)
    evidence = replace(seen("ok"), exchanges=(exchange(streamed),))
    assert judged(first_token, evidence, value=0.5).outcome is PASSED
    assert judged(first_token, evidence, value=0.4).outcome is FAILED
    assert judged(first_token, seen("ok"), value=0.4).outcome is NOT_MEASURED


def test_cost_is_a_sum_and_unknown_is_not_nothing():
    usd = Money(0.01, "USD")
    both = paying((usd, None), (usd, None))
    assert judged(cost, both, at_most=Money(0.02, "USD")).outcome is PASSED
    finding = judged(cost, both, at_most=Money(0.015, "USD"))
    assert finding.outcome is FAILED
    assert finding.reason == "it took 0.02 USD, more than 0.015 USD"
    partly = paying((usd, None), (None, None))
    assert judged(cost, partly, at_most=Money(0.02, "USD")).outcome is NOT_MEASURED
    assert judged(cost, partly, at_most=Money(0.005, "USD")).outcome is FAILED
    assert judged(cost, both, at_most=Money(9.0, "EUR")).outcome is BROKEN


def test_cost_of_a_turn_is_that_of_its_reply():
    both = replace(paying((Money(5.0, "USD"), None), (Money(0.01, "USD"), None)), turn=2)
    assert judged(cost, both, at_most=Money(0.01, "USD")).outcome is PASSED


def test_cost_of_a_suite_adds_all_up():
    group = timed(0.1, 0.1)
    assert judged(cost, group, at_most=Money(1.0, "USD")).outcome is NOT_MEASURED


@pytest.mark.parametrize(
    ("of", "bound", "outcome"),
    [
        ("output", 5, PASSED),
        ("output", 4, FAILED),
        ("input", 70, PASSED),
        ("input", 69, FAILED),
        ("total", 75, PASSED),
        ("total", 74, FAILED),
    ],
)
def test_tokens(of, bound, outcome):
    evidence = paying((None, Usage(50, 2)), (None, Usage(20, 3)))
    assert judged(tokens, evidence, at_most=bound, of=of).outcome is outcome


def test_tokens_that_were_not_counted_are_not_measured():
    assert judged(tokens, seen("ok"), at_most=5).outcome is NOT_MEASURED
