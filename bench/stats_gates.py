"""The gates of ``compare`` as shipped, and what a budget of calls decides, by simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import exp, sqrt
from random import Random
from typing import NamedTuple

from bench.figure import Figure
from chatbot_qa.pipeline.compare import ON_THE_WHOLE, red
from chatbot_qa.stats.designs import USUAL, Question, design
from chatbot_qa.stats.paired import Pair, detectable
from chatbot_qa.stats.ratios import Ratio, Took, of_means, of_percentiles
from chatbot_qa.stats.sequential import Call, Design
from chatbot_qa.stats.special import normal_above
from chatbot_qa.stats.spending import gain

SEED = 20261121


class World(NamedTuple):
    """What is compared: topics of cases that are repeated, at a rate that falls or churns."""

    rate: float
    fall: float = 0.0
    churn: float = 0.0
    topics: int = 12
    cases: int = 5
    repeats: int = 5

    def draw(self, rng: Random) -> list[Pair]:
        """Two runs; the rate of each topic goes up or down by the churn."""
        pairs = []
        for topic in range(self.topics):
            after = self.rate - self.fall + self.churn * rng.choice((-1, 1))
            for _ in range(self.cases):
                one, other = (
                    passed(rng, self.repeats, self.rate),
                    passed(rng, self.repeats, after),
                )
                pairs.append(Pair(topic, one, self.repeats, other, self.repeats))
        return pairs


def passed(rng: Random, n: int, rate: float) -> int:
    """How many of so many repeats pass."""
    return sum(rng.random() < rate for _ in range(n))


def _pooled(pairs: Sequence[Pair]) -> bool:
    """A test that takes all repeats for separate, at 5%: what is not to be used."""
    n = sum(pair.of_after for pair in pairs)
    before, after = (sum(p.passed_before for p in pairs), sum(p.passed_after for p in pairs))
    share = (before + after) / (2 * n)
    return normal_above((before - after) / n / sqrt(2 * share * (1 - share) / n)) <= 0.05


def gate(runs: int) -> Iterator[Figure]:
    """How often the regression gate is red: with no change, with churn, with a fall."""
    rng = Random(SEED + 2)

    def rejected(world: World, gate: Callable[[list[Pair]], bool] = red) -> float:
        return sum(gate(world.draw(rng)) for _ in range(runs)) / runs

    for rate in (0.8, 0.9, 0.97):
        yield Figure(f"gate: no change at {rate:.2f}, red", rejected(World(rate)), None, 0.05)
    churning = World(0.8, churn=0.12)
    yield Figure("gate: topics churn by 12 points, red", rejected(churning), None, 0.05)
    pooled = rejected(churning, _pooled)
    yield Figure("gate: topics churn, red by a pooled test (12.7% stated)", pooled, 0.11)
    wide = rejected(World(0.8, 0, 0.12, 30, 2))
    yield Figure("gate: 30 topics churn, red", wide, None, 0.05)
    yield Figure("gate: minus 10 points from .90, red", rejected(World(0.9, 0.1)), 0.9)
    said = (detectable(World(0.9).draw(rng), alpha=ON_THE_WHOLE) or 1.0 for _ in range(101))
    seen = sorted(said)[50]
    yield Figure("gate: the fall said to be seen at power .9, median", seen, digits=3)


def _took(rng: Random, ratio: float, topics: int, each: int) -> list[Took]:
    """Messages that take so many times as long in the later run, each topic more or less so."""
    found = []
    for topic in range(topics):
        level, more = exp(rng.gauss(0, 0.3)), ratio * exp(rng.gauss(0, 0.15))
        for _ in range(each):
            usual = level * exp(rng.gauss(0, 0.3))
            before, after = (usual * exp(rng.gauss(0, 0.4)) for _ in range(2))
            found.append(Took(topic, before, more * after))
    return found


def budgets(runs: int) -> Iterator[Figure]:
    """How often a budget of 20% more is red: as much more, and half as much again."""
    rng = Random(SEED + 4)
    noise = 2.33 * sqrt(0.025 * 0.975 / runs)
    ways: dict[str, Callable[[list[Took]], Ratio]] = {
        "cost": of_means,
        "p95 latency": of_percentiles,
    }
    for name, of in ways.items():
        for topics, each in ((8, 10), (30, 5)):
            found = {
                grown: [of(_took(rng, grown, topics, each)).interval for _ in range(runs)]
                for grown in (1.2, 1.5)
            }
            over = {
                grown: sum(one is not None and one.low > 1.2 for one in intervals) / runs
                for grown, intervals in found.items()
            }
            covered = sum(one is not None and 1.2 in one for one in found[1.2]) / runs
            of_so_many = f"{name}, {topics} topics of {each} replies"
            yield Figure(f"{of_so_many}: coverage", covered, 0.95 - 2 * noise)
            yield Figure(f"{of_so_many}: 20% more, red", over[1.2], None, 0.025 + noise)
            yield Figure(f"{of_so_many}: 50% more, red", over[1.5])


def spent(found: Design, bots: Sequence[float], calls: int, rng: Random, *, by_gain: bool) -> int:
    """How many cases are decided within so many calls: by gain as in a run, or in their order."""
    tallies = [(0, 0)] * len(bots)
    left = list(range(len(bots)))
    while left and calls:
        if by_gain:
            left.sort(key=lambda i: (-gain(found, *tallies[i]), i))
        i = left[0]
        for _ in range(min(calls, found.soonest(*tallies[i]))):
            calls -= 1
            good = rng.random() < bots[i]
            tallies[i] = (tallies[i][0] + good, tallies[i][1] + (not good))
        if found.decide(*tallies[i]) is not Call.GO_ON:
            left.remove(i)
    return len(bots) - len(left)


def spending(runs: int) -> Iterator[Figure]:
    """The share of 50 usual cases that half of the calls decide that all of them would take."""
    rates, shares = zip(*USUAL, strict=True)
    found = design(Question(0.95, 0.70, 0.05 / 50))
    calls = round(50 * sum(share * found.calls(rate) for rate, share in USUAL) / 2)
    decided = {}
    for by_gain in (False, True):
        rng = Random(SEED + 5)
        total = sum(
            spent(found, rng.choices(rates, shares, k=50), calls, rng, by_gain=by_gain)
            for _ in range(runs)
        )
        decided[by_gain] = total / runs / 50
    in_order, ours = decided[False], decided[True]
    yield Figure("half of the calls: decided, cases in order", in_order, digits=3)
    yield Figure("half of the calls: decided, repeats by gain", ours, least=in_order, digits=3)
