"""How many times as much the same messages take in another run: their mean, or a percentile.

The messages are paired, and drawn by topic, as in ``paired``: what takes longer in one topic
need not in another, so that the topics are what there are many of. Intervals are those of a
bootstrap: topics are drawn with replacement, each with all of its messages in both runs, by a
seed. Its percentiles are moved outwards, as Student's t lies beyond the normal, so that they
hold for few topics too (Hesterberg 2015, "expanded percentile").
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from math import ceil, inf, sqrt
from random import Random

from msgspec import Struct

from chatbot_qa.stats.intervals import Interval
from chatbot_qa.stats.special import normal_above, student_quantile

LEAST_TOPICS = 6
"""With fewer the interval would have to be wider than so many draws can show."""
_DRAWS = 999


class Took(Struct, frozen=True):
    """What one message took in the run before and in the run after: seconds, or money."""

    topic: Hashable
    before: float
    after: float


class Ratio(Struct, frozen=True):
    """``before`` and ``after``: the mean or the percentile; ``interval`` bounds their ratio.

    It is None where there are too few topics.
    """

    before: float
    after: float
    interval: Interval | None
    topics: int

    @property
    def value(self) -> float:
        """How many times as much."""
        return self.after / self.before


Drawn = Callable[[Sequence[int]], tuple[float, float]]
"""From how often each topic was drawn, by its number, to what it took before and after."""


def of_means(took: Sequence[Took], confidence: float = 0.95, seed: int = 0) -> Ratio:
    """The ratio of the means over messages. Raises ``ValueError`` where nothing was taken."""
    numbers = _numbers(took)
    befores, afters, sizes = ([0.0] * len(numbers) for _ in range(3))
    for one in took:
        number = numbers[one.topic]
        befores[number] += one.before
        afters[number] += one.after
        sizes[number] += 1

    def drawn(often: Sequence[int]) -> tuple[float, float]:
        of = _weighed(sizes, often)
        return _weighed(befores, often) / of, _weighed(afters, often) / of

    return _ratio(drawn, len(numbers), confidence, seed)


def of_percentiles(
    took: Sequence[Took], share: float = 0.95, confidence: float = 0.95, seed: int = 0
) -> Ratio:
    """The ratio of the percentiles over messages: the least that ``share`` of them do not exceed.

    Raises ``ValueError`` where nothing was taken.
    """
    numbers = _numbers(took)
    befores = sorted(((one.before, numbers[one.topic]) for one in took), reverse=True)
    afters = sorted(((one.after, numbers[one.topic]) for one in took), reverse=True)
    sizes = [0.0] * len(numbers)
    for one in took:
        sizes[numbers[one.topic]] += 1

    def drawn(often: Sequence[int]) -> tuple[float, float]:
        of = _weighed(sizes, often)
        above = of - ceil(share * of - 1e-9)
        return _passed(befores, often, above), _passed(afters, often, above)

    return _ratio(drawn, len(numbers), confidence, seed)


def _passed(falling: Iterable[tuple[float, int]], often: Sequence[int], above: float) -> float:
    """The first value that comes after so many others, each as often as its topic was drawn."""
    for value, number in falling:
        above -= often[number]
        if above < 0:
            return value
    raise ValueError("no message was drawn")


def _numbers(took: Iterable[Took]) -> dict[Hashable, int]:
    numbers = {topic: number for number, topic in enumerate(dict.fromkeys(o.topic for o in took))}
    if not numbers:
        raise ValueError("there is no message to compare")
    return numbers


def _weighed(values: Sequence[float], often: Sequence[int]) -> float:
    return sum(value * times for value, times in zip(values, often, strict=True))


def _ratio(drawn: Drawn, topics: int, confidence: float, seed: int) -> Ratio:
    before, after = drawn([1] * topics)
    if not before or not after:
        raise ValueError("where nothing was taken, nothing is a multiple of it")
    if topics < LEAST_TOPICS:
        return Ratio(before, after, None, topics)
    rng = Random(seed)
    ratios = sorted(_divided(*drawn(_draw(topics, rng))) for _ in range(_DRAWS))
    side = (1 - confidence) / 2
    farther = student_quantile(1 - side, topics - 1) * sqrt(topics / (topics - 1))
    place = max(1, int(normal_above(farther) * (_DRAWS + 1)))
    return Ratio(before, after, Interval(ratios[place - 1], ratios[-place]), topics)


def _draw(topics: int, rng: Random) -> list[int]:
    often = [0] * topics
    for number in rng.choices(range(topics), k=topics):
        often[number] += 1
    return often


def _divided(before: float, after: float) -> float:
    if before:
        return after / before
    return inf if after else 1.0
