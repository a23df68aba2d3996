"""What two runs compared come to, in sentences that no one can misread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from chatbot_qa.report.comparison import Comparison, PassRate, Result, Status
from chatbot_qa.report.comparison_budgets import exceeded_told, undecided_told
from chatbot_qa.text.many import many

_NAMES = {status: status.value.replace("_", " ") for status in Status}


def name_of(status: Status) -> str:
    """What a status is called."""
    return _NAMES[status]


def headline(comparison: Comparison) -> str:
    """What the comparison comes to, in one sentence."""
    if comparison.result is Result.NO_BASELINE:
        return "No baseline: the two runs have no case in common, so nothing was compared."
    if comparison.result is Result.NOT_COMPARED:
        return "Not compared: no case came to a verdict in both runs."
    if comparison.result is Result.WORSE:
        return _worse(comparison)
    if comparison.result is Result.OVER_BUDGET:
        return f"Over budget: {exceeded_told(comparison.budgets)}."
    if comparison.result is Result.BUDGET_NOT_MEASURED:
        return f"Too little was measured to judge {undecided_told(comparison.budgets)}."
    return _not_worse(comparison)


def _worse(comparison: Comparison) -> str:
    found = ["the pass rate fell"] if comparison.suite_is_worse else []
    worse = sum(case.significant for case in comparison.cases)
    if worse:
        found.append(f"{_cases(worse)} {'passes' if worse == 1 else 'pass'} less often")
    too = exceeded_told(comparison.budgets)
    also = f" Over budget: {too}." if too else ""
    told = f"Worse{_tolerated(comparison)}: {' and '.join(found)}, by more than chance does."
    return told + also


def _tolerated(comparison: Comparison) -> str:
    return f" by more than {share(comparison.tolerated)}" if comparison.tolerated else ""


def _not_worse(comparison: Comparison) -> str:
    shown = f"No significant regression{_tolerated(comparison)}"
    if comparison.blind:
        shown += ", but none could have been seen"
    regressed = sum(case.counts for case in comparison.of(Status.REGRESSED))
    if regressed:
        return f"{shown}: {_cases(regressed)} regressed, which chance can do too."
    return f"{shown}: no case regressed of those compared."


def tally(comparison: Comparison) -> str:
    """How many cases came to what."""
    counts = comparison.counts
    return ", ".join(f"{counts[one]:,} {_NAMES[one]}" for one in Status if counts[one])


def rate_told(rate: PassRate) -> str:
    """The change of the pass rate with its interval."""
    topics = many(rate.topics, "topic")
    return (
        f"{share(rate.before)} before, {share(rate.now)} now: {points(rate.change)} points "
        f"(95%: {points(rate.low)} to {points(rate.high)}; "
        f"{_cases(rate.cases)} in {topics}; p {p_told(rate.falls)})"
    )


def could_see(rate: PassRate) -> str:
    """What the comparison could have seen, and what would see more."""
    if rate.sees is None:
        few = "these are too few topics" if rate.repeats is None else "each case ran too seldom"
        told = f"no fall, however large, would have been seen 9 times in 10: {few}"
    else:
        told = f"falls of {share(rate.sees)} or more would have been seen 9 times in 10"
    if rate.repeats is not None:
        return f"{told}; to see 5%, run each case {rate.repeats:,} times"
    if rate.sees is not None and rate.sees > _SMALL:
        return f"{told}; repeats alone would not show 5%: more topics would"
    return told


_SMALL = 0.05


def notes(comparison: Comparison) -> Iterator[str]:
    """What else a reader must know to read it right."""
    before, now, counts = comparison.before, comparison.now, comparison.counts
    if before.targets != now.targets:
        was, is_ = _targets(before.targets, now.targets)
        yield f"the target was {was}, and is {is_}"
    if before.seed != now.seed:
        yield (
            f"the seeds differ ({before.seed}, {now.seed}): what was drawn differs, and replies "
            "to other messages are not compared"
        )
    if not before.whole:
        yield "the baseline is not of every case: some were not asked for, or not got to"
    if not now.whole and counts[Status.GONE]:
        yield "gone may mean not asked: this run is not of every case, or it ended early"
    if counts[Status.NOT_COMPARED]:
        yield (
            f"{_cases(counts[Status.NOT_COMPARED])} not compared: an error, a skip or too "
            "little evidence in one run or both counts for neither"
        )
    aside = sum(not case.counts for case in comparison.cases)
    if aside:
        yield f"{_cases(aside)} set aside: not in the pass rate"


def _targets(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, str]:
    """The targets of both runs, without those that are the same in both."""
    was = [one for one in before.values() if one not in now.values()]
    is_ = [one for one in now.values() if one not in before.values()]
    if not (was and is_):
        was, is_ = [*before.values()], [*now.values()]
    return apart(", ".join(was) or "none", ", ".join(is_) or "none")


_ALIKE = 3
"""Words in a row, the same in both, that are told."""


def apart(one: str, other: str) -> tuple[str, str]:
    """Two texts with the words that differ, and ``…`` for many that both have."""
    first, second = one.split(), other.split()
    matched = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    left: tuple[list[str], list[str]] = [], []
    at = 0, 0
    for start, begin, size in matched:
        left[0].extend(first[at[0] : start])
        left[1].extend(second[at[1] : begin])
        alike = first[start : start + size]
        short = alike if size <= _ALIKE else [*(alike[:1] if not (start or begin) else ()), "…"]
        left[0].extend(short)
        left[1].extend(short)
        at = start + size, begin + size
    return " ".join(left[0]), " ".join(left[1])


def points(change: float) -> str:
    """A change as percentage points, with its sign."""
    told = f"{100 * change:+.1f}".removesuffix(".0")
    return "0" if told in ("+0", "-0") else told


def share(value: float) -> str:
    """A share as a percentage."""
    return f"{100 * value:.1f}".removesuffix(".0") + "%"


def p_told(p: float) -> str:
    """A p-value."""
    return "below 0.001" if p < 0.001 else f"{p:.2g}"


def _cases(number: int) -> str:
    return f"{number:,} case{'' if number == 1 else 's'}"
