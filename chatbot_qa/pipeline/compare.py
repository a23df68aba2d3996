"""Compare a run with a baseline: what became of every case, and whether chance could do it.

The gate is red in at most 5 of 100 comparisons of a bot with itself: 4 are spent on the pass
rate of the whole, 1 on the cases, divided among them by Holm's method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb
from typing import Protocol

from msgspec.structs import replace

from chatbot_qa.domain.settings import NO_GATES, Gates
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.pipeline.compare_budgets import Tally, spent
from chatbot_qa.pipeline.compare_cases import Run, joined, topic_of
from chatbot_qa.pipeline.compare_rows import Paired, paired
from chatbot_qa.report.comparison import (
    Compared,
    Comparison,
    Count,
    Half,
    PassRate,
    Result,
    RunSide,
    Status,
)
from chatbot_qa.report.comparison_budgets import Spent
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


class Side(Protocol):
    """A run to compare: a run folder that is open, or what the history remembers of one."""

    def halves(self) -> Iterable[Half]:
        """Its cases, in suite order."""
        ...

    @property
    def side(self) -> RunSide:
        """What a comparison tells of it."""
        ...


def compare(before: Side, now: Side, gates: Gates = NO_GATES) -> Comparison:
    """Pair the cases of two runs, by suite, id and row, and say what changed.

    ``gates`` say by how much the run may be worse before it counts.
    """
    tolerated = gates.worse_by or 0.0
    pairs = list(joined(before.halves(), now.halves()))
    cases = _tested([_compared(*halves) for halves in pairs], tolerated)
    cases.sort(key=_suite_order)
    compared = [pair for case in cases if (pair := pair_of(case)) is not None]
    rate = pass_rate(compared) if compared else None
    fell_on_the_whole = _is_worse(compared, tolerated)
    worse = fell_on_the_whole or any(case.significant for case in cases)
    common = any(case.before and case.now for case in cases)
    budgets = _spent(before, now, pairs, gates)
    if worse:
        result = Result.WORSE
    elif any(one.exceeded for one in budgets):
        result = Result.OVER_BUDGET
    elif not compared:
        result = Result.NOT_COMPARED if common else Result.NO_BASELINE
    elif any(one.undecided for one in budgets):
        result = Result.BUDGET_NOT_MEASURED
    else:
        result = Result.NOT_WORSE
    return Comparison(
        before.side, now.side, cases, rate, result, fell_on_the_whole, tolerated, budgets
    )


def _spent(
    before: Side, now: Side, pairs: Sequence[tuple[Half | None, Half | None]], gates: Gates
) -> tuple[Spent, ...]:
    """What replies took; of a run whose folder is not here nobody knows any more."""
    if isinstance(before, Run) and isinstance(now, Run):
        return spent(before, now, pairs, gates)
    return tuple(replace(one, refused=_NO_REPLIES) for one in Tally().spent(gates))


_NO_REPLIES = "the replies of the baseline are not here"


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
    if before.counts and now.counts and (rows := _rows_of(before, now)) is not None:
        return rows.before, rows.now
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
    return Pair(topic_of(case.half), before.passed, before.of, now.passed, now.of)


def _suite_order(case: Compared) -> tuple[bool, int]:
    return case.now is None, case.half.place


def _tested(cases: Sequence[Compared], tolerated: float) -> list[Compared]:
    """The cases with their p-values, raised for how many of them could have shown a fall."""
    found = list(cases)
    pairs = {i: pair for i, case in enumerate(cases) if (pair := pair_of(case)) is not None}
    falls = {i: _falls(cases[i], pair) for i, pair in pairs.items()}
    for_list = [i for i, pair in pairs.items() if _least(pair) <= LISTED]
    held = dict(zip(pairs, held_of(list(pairs.values()), list(falls.values())), strict=True))
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
            held=held[i],
            listed=listed.get(i),
            significant=beyond and _shown(held[i]),
        )
    return found


def _falls(case: Compared, pair: Pair) -> float:
    """The p-value of a case's fall: row by row where both runs have the same labelled rows."""
    rows = _rows_of(case.before, case.now)
    return fell(pair) if rows is None else rows.falls


def _rows_of(before: Half | None, now: Half | None) -> Paired | None:
    return None if before is None or now is None else paired(before.answers, now.answers)


_STILL_PASSING = (Status.UNCHANGED, Status.NEWLY_FLAKY, Status.NOT_COMPARED)


def _least(pair: Pair) -> float:
    """The smallest p-value that so many repeats can have; such as cannot are no tests at all."""
    return 1 / comb(pair.of_before + pair.of_after, pair.of_after)


def held_of(pairs: Sequence[Pair], falls: Sequence[float]) -> list[float | None]:
    """The p-values of the falls of these cases after Holm; None where so few show nothing."""
    able = [i for i, pair in enumerate(pairs) if _least(pair) <= ON_CASES]
    held = dict(zip(able, holm([falls[i] for i in able]), strict=True))
    return [held.get(i) for i in range(len(pairs))]


def _shown(held: float | None) -> bool:
    return held is not None and held <= ON_CASES


def red(pairs: Sequence[Pair], tolerated: float = 0.0) -> bool:
    """Whether the gate is red: the whole, or a case, is shown to have got worse."""
    held = held_of(pairs, [fell(pair) for pair in pairs])
    cases = zip(pairs, held, strict=True)
    return _is_worse(pairs, tolerated) or any(
        _shown(p) and pair.change < -tolerated for pair, p in cases
    )


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
