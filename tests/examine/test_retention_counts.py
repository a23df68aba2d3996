"""How often a ``retention`` case is passed or failed by mistake: exactly, by adding up."""

from __future__ import annotations

from math import comb, isclose
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.examine.retention_counts import Stand, Tally, of_half_life, stands, tally
from chatbot_qa.examine.sampled import Came
from chatbot_qa.stats.curve import HalfLife

NOTHING: Any = None


def came(outcome: Outcome, *findings: Finding) -> Came:
    return Came(NOTHING, NOTHING, findings, outcome)


def counted(at: int, passed: int, failed: int, unsure: int = 0, broken: int = 0) -> Tally:
    outcomes = (
        [Outcome.PASSED] * passed
        + [Outcome.FAILED] * failed
        + [Outcome.UNSURE] * unsure
        + [Outcome.BROKEN] * broken
    )
    return tally(at, [came(outcome) for outcome in outcomes])


def chance(k: int, n: int, p: float) -> float:
    return comb(n, k) * p**k * (1 - p) ** (n - k)


CASES = [
    (samples, share, distances)
    for samples in (29, 30, 60)
    for share in (0.5, 0.9)
    for distances in (1, 2, 6)
]


@pytest.mark.parametrize(("samples", "share", "distances"), CASES)
def test_a_bot_at_exactly_the_share_is_failed_in_at_most_5_percent_of_runs(
    samples: int, share: float, distances: int
) -> None:
    """Failing takes one distance that is short; the first to be so is judged by its own count."""
    others = [counted(at, samples, 0) for at in range(1, distances)]

    def short(k: int) -> bool:
        standing = stands([counted(0, k, samples - k), *others], share)
        return standing[0] is Stand.SHORT

    spared = sum(chance(k, samples, share) for k in range(samples + 1) if not short(k))
    assert 0 < 1 - spared**distances <= 0.05


@pytest.mark.parametrize(("samples", "share", "distances"), CASES)
def test_a_bot_below_the_share_at_one_distance_is_passed_in_at_most_5_percent_of_runs(
    samples: int, share: float, distances: int
) -> None:
    others = [counted(at, samples, 0) for at in range(1, distances)]

    def passes(k: int) -> bool:
        standing = stands([counted(0, k, samples - k), *others], share)
        return set(standing.values()) == {Stand.HOLDS}

    assert passes(samples)
    assert sum(chance(k, samples, share) for k in range(samples + 1) if passes(k)) <= 0.05


def test_more_distances_that_are_short_make_the_next_easier_to_tell() -> None:
    """Holm's steps: the doubt is divided over those that are left."""
    doubtful = counted(0, 23, 7)
    sound = [counted(at, 30, 0) for at in (1, 2)]
    lost = [counted(at, 0, 30) for at in (1, 2)]
    assert stands([doubtful, *sound], 0.9)[0] is Stand.OPEN
    assert stands([doubtful, *lost], 0.9)[0] is Stand.SHORT


counts = st.integers(0, 40)


@given(counts, counts, counts, st.sampled_from([0.5, 0.8, 0.9, None]))
def test_who_is_unsure_helps_neither_side(
    passed: int, failed: int, unsure: int, share: float | None
) -> None:
    standing = stands([counted(1, passed, failed, unsure)], share)[1]
    if standing is Stand.HOLDS:
        assert stands([counted(1, passed, failed + unsure)], share)[1] is Stand.HOLDS
    if standing is Stand.SHORT:
        assert stands([counted(1, passed + unsure, failed)], share)[1] is Stand.SHORT


@given(counts, counts, st.integers(0, 9), st.sampled_from([0.5, 0.9, None]))
def test_what_broke_off_counts_for_neither_side(
    passed: int, failed: int, broken: int, share: float | None
) -> None:
    whole, part = counted(1, passed, failed), counted(1, passed, failed, broken=broken)
    assert stands([whole], share) == stands([part], share)
    assert part.of == passed + failed


@given(counts, counts, st.sampled_from([0.5, 0.9, None]))
def test_one_more_failure_never_makes_it_better(
    passed: int, failed: int, share: float | None
) -> None:
    order = [Stand.SHORT, Stand.OPEN, Stand.HOLDS]
    before = stands([counted(1, passed, failed)], share)[1]
    after = stands([counted(1, passed, failed + 1)], share)[1]
    assert order.index(after) <= order.index(before)


def test_nothing_heard_is_nothing_known() -> None:
    assert stands([counted(3, 0, 0, broken=4)], None) == {3: Stand.OPEN}
    assert stands([counted(3, 0, 0)], 0.9) == {3: Stand.OPEN}


def test_a_sample_whose_checks_were_all_skipped_does_not_count() -> None:
    skipped = Finding(Outcome.SKIPPED, "no value in this row")
    kept = Finding(Outcome.PASSED, "there")
    found = tally(1, [came(Outcome.PASSED, skipped), came(Outcome.PASSED, skipped, kept)])
    assert (found.of, found.passed) == (1, 1)


def test_a_count_right_at_the_share_is_not_below_it() -> None:
    for passed, of, share in ((27, 30, 0.9), (7, 10, 0.7), (57, 60, 0.95)):
        assert isclose(passed / of, share)
        assert not counted(1, passed, of - passed).below(share)
        assert not counted(1, 0, of - passed, unsure=passed).below(share)
        assert counted(1, passed - 1, of - passed + 1).below(share)


@pytest.mark.parametrize(
    ("life", "stand"),
    [
        (HalfLife(None, 32, None), Stand.HOLDS),
        (HalfLife(20.0, 16, 32), Stand.HOLDS),
        (HalfLife(9.0, 8, 16), Stand.OPEN),
        (HalfLife(9.0, 8, None), Stand.OPEN),
        (HalfLife(5.0, 4, 8), Stand.SHORT),
        (HalfLife(None, 0, 16), Stand.SHORT),
    ],
)
def test_a_half_life_is_held_against_the_one_that_is_wanted(life: HalfLife, stand: Stand) -> None:
    assert of_half_life(life, 16) is stand
