"""Two runs of the same cases compared: how much the pass rate changed, and what could be seen.

The cases are paired, and counted by topic: cases of one topic stand or fall together, so that
the topics are what there are many of. Each case weighs the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from math import comb, sqrt

from msgspec import Struct

from chatbot_qa.stats.intervals import Interval, newcombe
from chatbot_qa.stats.special import student_above, student_quantile

_FEW = 12
"""Up to so many topics every way of turning their signs is gone through."""


class Pair(Struct, frozen=True):
    """One case: how many of its repeats passed, in the run before and in the run after."""

    topic: Hashable
    passed_before: int
    of_before: int
    passed_after: int
    of_after: int

    @property
    def change(self) -> float:
        """The pass rate after less that before."""
        return self.passed_after / self.of_after - self.passed_before / self.of_before


class Change(Struct, frozen=True):
    """The mean change of the pass rate over cases, from -1 to 1."""

    mean: float
    interval: Interval
    falls: float
    """The p-value of "it does not fall"."""
    topics: int


class _Topic(Struct, frozen=True):
    total: float
    cases: int


def change(pairs: Sequence[Pair], confidence: float = 0.95) -> Change:
    """The mean change with its two-sided interval, and the one-sided p-value of a fall.

    Up to 12 topics by turning the signs of the topics (Fisher 1935): exact where a topic that
    changes is as likely to change either way. Beyond, by Student's t over topics. Where no topic
    changed the interval is that of so many cases asked once in both runs (Newcombe).
    """
    topics = _topics(pairs)
    cases = len(pairs)
    mean = sum(topic.total for topic in topics) / cases
    if not any(topic.total for topic in topics):
        return Change(0.0, newcombe(cases, cases, cases, cases, confidence), 1.0, len(topics))
    if len(topics) <= _FEW:
        return _by_signs(topics, mean, confidence)
    error = _error(topics, mean)
    reach = student_quantile((1 + confidence) / 2, len(topics) - 1) * error
    falls = student_above(-mean / error, len(topics) - 1) if error else float(mean >= 0)
    return Change(mean, _held(mean - reach, mean + reach), falls, len(topics))


def _topics(pairs: Sequence[Pair]) -> list[_Topic]:
    if not pairs:
        raise ValueError("there is no pair to compare")
    totals: dict[Hashable, tuple[float, int]] = {}
    for pair in pairs:
        total, cases = totals.get(pair.topic, (0.0, 0))
        totals[pair.topic] = total + pair.change, cases + 1
    return [_Topic(round(total, 12), cases) for total, cases in totals.values()]


def _by_signs(topics: Sequence[_Topic], mean: float, confidence: float) -> Change:
    """A shift is ruled out where few of the ways to turn the signs of what is left go as far.

    Turning a set of topics goes as far as turning none just where the mean over the set is on
    the other side of the shift; so the bounds are means over sets, counted from either end.
    """
    sets = list(_sets(topics))
    means = sorted(total / cases for total, cases in sets)
    place = int((1 - confidence) / 2 * (len(sets) + 1) + 1e-9)
    interval = _held(means[place - 1], means[-place]) if place else Interval(-1.0, 1.0)
    falls = (1 + sum(total >= -1e-12 for total, _ in sets)) / (len(sets) + 1)
    return Change(mean, interval, falls, len(topics))


def _sets(topics: Sequence[_Topic]) -> Iterator[tuple[float, int]]:
    """The total and the number of cases of every set of topics but the empty one."""
    sums = [(0.0, 0)]
    for topic in topics:
        sums += [(total + topic.total, cases + topic.cases) for total, cases in sums]
    return iter(sums[1:])


def _error(topics: Sequence[_Topic], mean: float) -> float:
    """The standard error of the mean over cases, from how the topics differ."""
    size, cases = len(topics), sum(topic.cases for topic in topics)
    spread = sum((topic.total - mean * topic.cases) ** 2 for topic in topics)
    return sqrt(spread * size / (size - 1)) / cases


def _held(low: float, high: float) -> Interval:
    return Interval(max(-1.0, low), min(1.0, high))


def detectable(
    pairs: Sequence[Pair], power: float = 0.9, alpha: float = 0.05, repeats: int | None = None
) -> float | None:
    """The smallest fall of the pass rate that is seen with this power, one-sided at ``alpha``.

    An estimate: repeats scatter as they must at these pass rates, topics as they were seen to.
    ``repeats`` asks what it would be with so many of each case in the run after. None where no
    fall could be seen: five topics is the least with which signs can show one at 5%.
    """
    size = len(_topics(pairs))
    if alpha * 2 ** min(size, 60) < 1 or size < 2:
        return None
    reach = student_quantile(1 - alpha, size - 1) + student_quantile(power, size - 1)
    apart = _between(pairs)
    low, high = 0.0, 1.0
    if reach * _expected_error(pairs, high, apart, repeats) > high:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        if reach * _expected_error(pairs, middle, apart, repeats) > middle:
            low = middle
        else:
            high = middle
    return high


def repeats_for(
    pairs: Sequence[Pair], fall: float, power: float = 0.9, alpha: float = 0.05
) -> int | None:
    """How many repeats of each case in the run after see such a fall; None where 1,000 do not."""

    def seen(repeats: int) -> bool:
        found = detectable(pairs, power, alpha, repeats)
        return found is not None and found <= fall

    low, high = 0, 1000
    if not seen(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high


def _rate(pair: Pair) -> float:
    """The pass rate of a case over both runs, kept off 0 and 1 by half a repeat either way."""
    every = pair.of_before + pair.of_after
    return (pair.passed_before + pair.passed_after + 0.5) / (every + 1)


def _scatter(pair: Pair, fall: float = 0.0, repeats: int | None = None) -> float:
    """The variance of a case's change that comes of its repeats alone."""
    rate = _rate(pair)
    after = max(0.0, rate - fall)
    return rate * (1 - rate) / pair.of_before + after * (1 - after) / (repeats or pair.of_after)


def _between(pairs: Sequence[Pair]) -> float:
    """The variance of a topic's mean change beyond that of its repeats, at least 0."""
    topics = _topics(pairs)
    mean = sum(topic.total for topic in topics) / len(pairs)
    seen = _error(topics, mean) ** 2 * len(pairs) ** 2 - sum(_scatter(pair) for pair in pairs)
    return max(0.0, seen / sum(topic.cases**2 for topic in topics))


def _expected_error(
    pairs: Sequence[Pair], fall: float, between: float, repeats: int | None
) -> float:
    topics = between * sum(topic.cases**2 for topic in _topics(pairs))
    return sqrt(topics + sum(_scatter(pair, fall, repeats) for pair in pairs)) / len(pairs)


def fell(pair: Pair) -> float:
    """The p-value of "this case passes no less than before" (Fisher's exact test, one-sided)."""
    before, after = pair.of_before, pair.of_after
    passed = pair.passed_before + pair.passed_after
    ways = sum(
        comb(after, k) * comb(before, passed - k)
        for k in range(max(0, passed - before), pair.passed_after + 1)
    )
    return ways / comb(before + after, passed)


def fell_in_pairs(worse: int, better: int) -> float:
    """The p-value of "no more rows became wrong than right", of those that became either.

    McNemar's exact test (1947), one-sided: where chance alone changes rows, each is as likely to
    change either way. 1 where none changed.
    """
    if min(worse, better) < 0:
        raise ValueError(f"{worse} and {better} are no counts")
    changed = worse + better
    return sum(comb(changed, k) for k in range(worse, changed + 1)) / (1 << changed)
