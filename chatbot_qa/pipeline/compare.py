"""Compare a run with a baseline: what became of every case, and whether chance could do it.

The gate is red in at most 5 of 100 comparisons of a bot with itself: 4 are spent on the pass
rate of the whole, 1 on the cases, divided among them by Holm's method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb

from msgspec.structs import replace

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.pipeline.compare_cases import Run, joined
from chatbot_qa.report.comparison import Compared, Comparison, Count, Half, PassRate, Result, Status
from chatbot_qa.stats.multiplicity import benjamini_hochberg, holm
from chatbot_qa.stats.paired import Pair, change, detectable, fell, repeats_for

ON_THE_WHOLE = 0.04
ON_CASES = 0.01
LISTED = 0.05
"""The share of cases listed as worse by their rate alone that may have got no worse."""
WANTED_FALL = 0.05
"""The fall for which it is told how many repeats would see it."""

_SAME_FOR_BOTH = {
    (Ruling.PASSED, Ruling.FAILED): Status.REGRESSED,
    (Ruling.FAILED, Ruling.PASSED): Status.FIXED,
    (Ruling.FAILED, Ruling.FAILED): Status.STILL_FAILING,
    (Ruling.INCONCLUSIVE, Ruling.INCONCLUSIVE): Status.UNCHANGED,
    (Ruling.SKIPPED, Ruling.SKIPPED): Status.UNCHANGED,
}


def compare(before: Run, now: Run, tolerated: float = 0.0) -> Comparison:
    """Pair the cases of two runs, by suite, id and row, and say what changed.

    ``tolerated`` is by how much (a share) the pass rate may fall before it counts.
    """
    pairs = joined(before.halves(), now.halves())
    cases = _tested([_compared(*halves) for halves in pairs], tolerated)
    cases.sort(key=_suite_order)
    compared = [pair for case in cases if (pair := pair_of(case)) is not None]
    rate = pass_rate(compared) if compared else None
    fell_on_the_whole = _is_worse(compared, tolerated)
    worse = fell_on_the_whole or any(case.significant for case in cases)
    common = any(case.before and case.now for case in cases)
    undecided = Result.NOT_COMPARED if common else Result.NO_BASELINE
    result = Result.WORSE if worse else Result.NOT_WORSE if compared else undecided
    return Comparison(before.side, now.side, cases, rate, result, fell_on_the_whole, tolerated)


def _compared(before: Half | None, now: Half | None) -> Compared:
    return Compared(before, now, status_of(before, now), counts_in_both(before, now))


def status_of(before: Half | None, now: Half | None) -> Status:
    """What became of a case, by its verdicts."""
    if before is None:
        return Status.NEW
    if now is None:
        return Status.GONE
    if before.ruling is Ruling.PASSED and now.ruling is Ruling.PASSED:
        newly = now.flaky and not before.flaky
        return Status.NEWLY_FLAKY if newly else Status.UNCHANGED
    return _SAME_FOR_BOTH.get((before.ruling, now.ruling), Status.NOT_COMPARED)


def counts_in_both(before: Half | None, now: Half | None) -> tuple[Count, Count] | None:
    """What can be set side by side of a case; None where either says nothing, or is set aside.

    Rates are counted as far as both runs have them: a run may have looked closer.
    """
    if before is None or now is None or before.kind != now.kind or before.aside or now.aside:
        return None
    olds = {count.name: count for count in before.counts}
    news = [count for count in now.counts if count.name in olds]
    if not news:
        return None
    return _sum(olds[count.name] for count in news), _sum(news)


def _sum(counts: Iterable[Count]) -> Count:
    passed = of = 0
    for count in counts:
        passed, of = passed + count.passed, of + count.of
    return Count("", passed, of)


def pair_of(case: Compared) -> Pair | None:
    """The counts of a case in both runs, by its topic; None where there are none.

    The rows of one case are of one topic, unless their author names another.
    """
    if case.both is None:
        return None
    before, now = case.both
    half = case.half
    topic = half.topic or (half.case.suite, half.case.case)
    return Pair(topic, before.passed, before.of, now.passed, now.of)


def _suite_order(case: Compared) -> tuple[bool, int]:
    return case.now is None, case.half.place


def _tested(cases: Sequence[Compared], tolerated: float) -> list[Compared]:
    """The cases with their p-values, raised for how many of them could have shown a fall."""
    found = list(cases)
    pairs = {i: pair for i, case in enumerate(cases) if (pair := pair_of(case)) is not None}
    falls = {i: fell(pair) for i, pair in pairs.items()}
    for_gate = [i for i, pair in pairs.items() if _least(pair) <= ON_CASES]
    for_list = [i for i, pair in pairs.items() if _least(pair) <= LISTED]
    held = dict(zip(for_gate, holm([falls[i] for i in for_gate]), strict=True))
    listed = dict(zip(for_list, benjamini_hochberg([falls[i] for i in for_list]), strict=True))
    for i, pair in pairs.items():
        beyond = pair.change < -tolerated
        status = cases[i].status
        if beyond and listed.get(i, 1.0) <= LISTED and status in _STILL_PASSING:
            status = Status.REGRESSED
        found[i] = replace(
            cases[i],
            status=status,
            falls=falls[i],
            held=held.get(i),
            listed=listed.get(i),
            significant=beyond and held.get(i, 1.0) <= ON_CASES,
        )
    return found


_STILL_PASSING = (Status.UNCHANGED, Status.NEWLY_FLAKY, Status.NOT_COMPARED)


def _least(pair: Pair) -> float:
    """The smallest p-value that so many repeats can have; such as cannot are no tests at all."""
    return 1 / comb(pair.of_before + pair.of_after, pair.of_after)


def _is_worse(pairs: Sequence[Pair], tolerated: float) -> bool:
    """Whether the pass rate is shown to have fallen by more than is tolerated."""
    if not pairs:
        return False
    return change(pairs, confidence=1 - 2 * ON_THE_WHOLE).interval.high < -tolerated


def pass_rate(pairs: Sequence[Pair]) -> PassRate:
    """The pass rate in both runs, each case weighing the same, and what could be seen of it."""
    found = change(pairs)
    before = sum(pair.passed_before / pair.of_before for pair in pairs) / len(pairs)
    now = sum(pair.passed_after / pair.of_after for pair in pairs) / len(pairs)
    sees = detectable(pairs, alpha=ON_THE_WHOLE)
    enough = sees is not None and sees <= WANTED_FALL
    return PassRate(
        before,
        now,
        found.mean,
        found.interval.low,
        found.interval.high,
        found.falls,
        len(pairs),
        found.topics,
        sees,
        None if enough else repeats_for(pairs, WANTED_FALL, alpha=ON_THE_WHOLE),
    )
