"""What drifts is found in the right case and signal, and nothing else is told of."""

from __future__ import annotations

from random import Random

from chatbot_qa.history.drifting import NIGHTS, drifted
from chatbot_qa.history.rows import CaseRow, Kept, Measured
from chatbot_qa.history.telling import drift_json, drift_lines

from .making import run

NAMES = {number: CaseRow("Desk", f"case-{number}") for number in range(6)}


def nights(number: int) -> list[Kept]:
    return [Kept(100 + night, run(night), len(NAMES)) for night in range(number)]


def steady(rng: Random, at: int, case: int) -> Measured:
    passed = sum(rng.random() < 0.9 for _ in range(10))
    length = rng.gauss(200, 20)
    return Measured(100 + at, case, passed, 10, rng.lognormvariate(0, 0.2), length, 10, 0)


def table(seed: int, number: int = 80) -> list[Measured]:
    rng = Random(seed)
    return [steady(rng, at, case) for at in range(number) for case in NAMES]


def test_nothing_drifts_in_what_is_steady() -> None:
    found = drifted(nights(80), table(1), NAMES)
    assert (found.drifts, found.runs) == ((), 80)
    assert found.series == 4 * len(NAMES) + 4  # each case, and the suite


def test_a_case_that_gets_slower_is_named_with_its_night() -> None:
    rows = [
        one._replace(p50=3 * one.p50) if one.case == 2 and one.run >= 150 else one  # type: ignore[operator]
        for one in table(2)
    ]
    found = drifted(nights(80), rows, NAMES)
    of_case = [one for one in found.drifts if one.case is not None]
    (drift,) = of_case
    assert (str(drift.case), drift.signal, drift.side) == ("Desk › case-2", "latency", "rise")
    assert 147 <= drift.since.number <= 153
    assert drift.since.number <= drift.seen.number <= 165
    assert drift.after > 2 * drift.before
    told = "\n".join(drift_lines(found))
    assert "Desk › case-2: latency rose from" in told
    assert f"1 in {NIGHTS} runs" in told
    assert drift_json(found)["drifts"][0]["signal"] == "latency"


def test_a_suite_that_drifts_as_a_whole_is_seen_sooner_than_its_cases() -> None:
    rng = Random(4)
    rows = [
        one._replace(passed=sum(rng.random() < 0.7 for _ in range(10))) if one.run >= 160 else one
        for one in table(3)
    ]
    found = drifted(nights(80), rows, NAMES)
    falls = [one for one in found.drifts if one.signal == "pass rate"]
    (whole,) = (one for one in falls if one.case is None)
    assert 160 <= whole.seen.number <= 168
    assert all(whole.seen.number <= one.seen.number for one in falls)


def test_a_bot_that_begins_to_refuse_is_seen() -> None:
    rows = [one._replace(refused=6) if one.run >= 160 else one for one in table(5)]
    signals = {(one.signal, one.side) for one in drifted(nights(80), rows, NAMES).drifts}
    assert signals == {("refusals", "rise")}


def test_a_case_that_comes_or_goes_moves_no_suite() -> None:
    """All others pass always, and this one never does."""
    perfect = [one._replace(passed=10) for one in table(6)]
    for there in (range(140, 180), range(100, 140)):
        rows = [
            one._replace(passed=0) if one.case == 0 else one
            for one in perfect
            if one.case != 0 or one.run in there
        ]
        found = drifted(nights(80), rows, NAMES)
        assert [one for one in found.drifts if one.signal == "pass rate"] == []


def test_what_was_not_measured_is_no_series() -> None:
    bare = [Measured(100 + at, 0, 0, 0, None, None, 0, None) for at in range(80)]
    found = drifted(nights(80), bare, NAMES)
    assert (found.drifts, found.series) == ((), 0)
    assert list(drift_lines(found)) == [
        "No drift seen in 80 runs: too few for any series of values."
    ]


def test_asked_twice_it_says_the_same() -> None:
    rows = [one._replace(refused=6) if one.run >= 160 else one for one in table(7)]
    assert drifted(nights(80), rows, NAMES) == drifted(nights(80), list(reversed(rows)), NAMES)
