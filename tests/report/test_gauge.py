from __future__ import annotations

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatbot_qa.domain.events import Judged, RunFinished
from chatbot_qa.domain.exhibits import Rate, Rates
from chatbot_qa.domain.verdict import Aside, Repeats, Ruling
from chatbot_qa.report.gauge import Attacked, Gauge, percentile


def numbers(told: Any, *judged: Judged):  # type: ignore[no-untyped-def]
    gauge = Gauge()
    for event in judged:
        gauge.on(event)
    gauge.on(RunFinished(told.run, {Ruling.PASSED: len(judged)}, 1.0))
    return gauge.numbers


def test_replies_are_measured_and_their_cost_added_up(told: Any) -> None:
    verdict, transcripts = told.cases[0]
    found = numbers(told, Judged(verdict, transcripts), Judged(verdict, transcripts))
    assert (found.replies, found.p95, found.cost) == (6, 0.25, {"USD": 0.0008})


def test_nothing_asked_is_nothing_measured(told: Any) -> None:
    found = numbers(told, Judged(told.verdicts[5], ()))
    assert (found.replies, found.p95, found.cost) == (0, None, {})


def test_attacks_are_counted_by_their_first_rate(told: Any) -> None:
    rates = Rates("Attacks resisted", (Rate("all", 47, 50, 0.8, 1.0), Rate("a", 9, 10, 0.5, 1.0)))
    attacks = replace(told.verdicts[4], kind="attacks", exhibits=(rates,))
    assert numbers(told, Judged(attacks, ())).attacked == Attacked(3, 50)
    aside = replace(attacks, aside=Aside("quarantine", "known", "me", "2027-01-01"))
    assert numbers(told, Judged(aside, ())).attacked == Attacked(0, 0)
    assert numbers(told, Judged(replace(attacks, kind="retention"), ())).attacked.of == 0


def test_flaky_cases_are_counted(told: Any) -> None:
    flaky = replace(told.verdicts[4], repeats=Repeats(4, 5))
    assert numbers(told, Judged(flaky, ()), Judged(told.verdicts[4], ())).flaky == 1


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= math.floor(share * len(values))
    assert sum(value < found for value in values) < share * len(values)
