"""Whether verdicts err as rarely as they say, by simulation: ``python -m bench.stats``.

Every line is seeded, and prints what was measured beside what is stated. What can be counted
exactly (the coverage of intervals) is counted, not simulated.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from random import Random
from typing import NamedTuple

from bench.figure import Figure
from bench.stats_errors import errors
from bench.stats_gates import budgets, gate, spending
from bench.table import table
from chatbot_qa.stats.curve import first_short, half_life
from chatbot_qa.stats.designs import USUAL, Question, design, fixed
from chatbot_qa.stats.intervals import Interval, at_most, clopper_pearson, wilson
from chatbot_qa.stats.power import false_alarm, sees_fall
from chatbot_qa.stats.sequential import Call, Design
from chatbot_qa.stats.special import binomial
from chatbot_qa.stats.trend import cochran_armitage

SEED = 20261121
ASKED = (
    (Question(0.95, 0.70), 24, 8.4, 16),
    (Question(0.95, 0.80), 57, 15.4, 38),
    (Question(0.90, 0.60), 27, 6.5, 18),
    (Question(0.99, 0.90), 65, 24.3, 52),
)
RATES = (0.5, 0.8, 0.95, 0.99, 1.0)
SIZES = (5, 10, 50, 200)
DISTANCES = (1, 2, 4, 8, 16, 32)


class Ended(NamedTuple):
    """How a simulated case ended."""

    passed: bool
    calls: int


def play(found: Design, rate: float, rng: Random) -> Ended:
    """One case of a bot with this pass rate, repeated until decided."""
    passes = misses = 0
    while (call := found.decide(passes, misses)) is Call.GO_ON:
        if rng.random() < rate:
            passes += 1
        else:
            misses += 1
    return Ended(call is Call.PASS, passes + misses)


def sequential(cases: int) -> Iterator[Figure]:
    """The error rates and calls of the designs, over so many simulated cases each."""
    rng = Random(SEED)
    rates, shares = zip(*USUAL, strict=True)
    for question, cap, target, plain in ASKED:
        found = design(question, cap)
        name = f"good {question.good:.2f} bad {question.bad:.2f} cap {cap}"
        red = sum(not play(found, question.good, rng).passed for _ in range(cases))
        green = sum(play(found, question.bad, rng).passed for _ in range(cases))
        mixed = rng.choices(rates, shares, k=cases)
        calls = sum(play(found, rate, rng).calls for rate in mixed) / cases
        exact = sum(share * found.calls(rate) for rate, share in USUAL)
        yield Figure(f"{name}: alpha, exact", found.fails(question.good), most=question.alpha)
        yield Figure(
            f"{name}: alpha, simulated, upper 99% bound",
            at_most(red, cases, 0.99),
            most=question.alpha,
        )
        yield Figure(f"{name}: beta, exact", found.passes(question.bad), most=question.beta)
        yield Figure(
            f"{name}: beta, simulated, upper 99% bound",
            at_most(green, cases, 0.99),
            most=question.beta,
        )
        yield Figure(f"{name}: calls on the mix, exact", exact, most=1.03 * target, digits=2)
        yield Figure(
            f"{name}: calls on the mix, simulated", calls, 0.97 * exact, 1.03 * exact, digits=2
        )
        yield Figure(f"{name}: calls of a fixed plan", fixed(question).repeats, plain, plain, 0)


def suites(runs: int) -> Iterator[Figure]:
    """How often a suite of 50 good cases is red, and a rerun lets a bad one pass."""
    rng, cases = Random(SEED + 1), 50
    found = design(Question(0.95, 0.70, 0.05 / cases))

    def red(rate: float) -> float:
        return sum(
            any(not play(found, rate, rng).passed for _ in range(cases)) for _ in range(runs)
        )

    once = sum(any(rng.random() >= 0.99 for _ in range(cases)) for _ in range(runs)) / runs
    rerun = sum(any(rng.random() < 0.7 for _ in range(3)) for _ in range(runs)) / runs
    until = sum(play(found, 0.7, rng).passed for _ in range(runs)) / runs
    yield Figure("50 cases of 99%: red, until decided", red(0.99) / runs, most=0.05)
    yield Figure(
        "50 cases of 95%: red, until decided, exact", 1 - found.passes(0.95) ** 50, None, 0.05
    )
    yield Figure("50 cases of 99%: red, single runs", once, least=0.37, most=0.42)
    yield Figure("a bot of 70%: passes, up to two reruns", rerun, least=0.95)
    yield Figure("a bot of 70%: passes, until decided", until, most=0.115)
    yield Figure("50 cases: calls a case of 99%", found.calls(0.99), digits=2)


def coverage() -> Iterator[Figure]:
    """How often intervals of nominal 95% hold the rate, counted exactly."""
    for name, interval, least in (("Wilson", wilson, None), ("exact", clopper_pearson, 0.95)):
        cells = [_covered(interval, rate, n) for rate in RATES for n in SIZES]
        yield Figure(f"{name} intervals: coverage over the grid", sum(cells) / len(cells), 0.94)
        yield Figure(f"{name} intervals: the least of its cells", min(cells), least)
    for question, cap, _, _ in ASKED:
        found = design(question, cap)
        ends = [state for state in found.states() if state.call is not Call.GO_ON]
        bounds = [found.rate(end.repeats - end.misses, end.misses) for end in ends]
        cells = [
            sum(end.chance(rate) for end, bound in zip(ends, bounds, strict=True) if rate in bound)
            for rate in RATES
        ]
        plain = [
            sum(end.chance(p) for end in ends if p in wilson(end.repeats - end.misses, end.repeats))
            for p in RATES
        ]
        name = f"after stopping, good {question.good:.2f} bad {question.bad:.2f}"
        yield Figure(f"{name}: the least coverage", min(cells), 0.94)
        yield Figure(f"{name}: the least of Wilson's, unadjusted", min(plain))


def _covered(interval: Callable[[int, int], Interval], rate: float, n: int) -> float:
    return sum(chance for k, chance in enumerate(binomial(n, rate)) if rate in interval(k, n))


def _passed(rng: Random, n: int, rate: float) -> int:
    return sum(rng.random() < rate for _ in range(n))


def retention(runs: int) -> Iterator[Figure]:
    """The trend test, the half-life and the first distance that falls short."""
    rng, of = Random(SEED + 3), [20] * len(DISTANCES)

    def curve(rates: Sequence[float]) -> list[int]:
        return [_passed(rng, 20, rate) for rate in rates]

    def falls(rates: Sequence[float]) -> float:
        ranks = range(len(DISTANCES))
        return sum(cochran_armitage(ranks, curve(rates), of).p <= 0.05 for _ in range(runs)) / runs

    noise = 3.29 * sqrt(0.92 * 0.08 / runs)
    steady = [0.98 - 0.28 * i / 5 for i in range(6)]
    exact = sees_fall(20, 0.98, 0.70, 6)
    yield Figure("trend: six distances, .98 to .70, exact power", exact, 0.915, 0.925)
    yield Figure("trend: the same, simulated", falls(steady), exact - noise, exact + noise)
    yield Figure("trend: two distances, .98 to .70, exact power", sees_fall(20, 0.98, 0.70))
    worst = max(false_alarm(n, m) for n in (5, 10, 20, 30) for m in (2, 3, 6))
    yield Figure("trend: false alarms at worst, exact", worst, most=0.058)
    yield Figure("trend: false alarms of a perfect bot", falls([1.0] * 6), most=0.0)
    few = max(1, runs // 25)
    for name, rates, after, before in (
        ("forgets at once after 8", (1, 1, 1, 1, 0, 0), 8, 16),
        ("fades", (1, 0.97, 0.9, 0.75, 0.3, 0.1), 8, 16),
        ("fades late", (0.98, 0.9, 0.8, 0.7, 0.55, 0.4), 16, 32),
    ):
        found = [half_life(DISTANCES, curve(rates), of, seed) for seed in range(few)]
        held = sum(f.low <= after and (f.high or 99) >= before for f in found)
        yield Figure(f"half-life: a bot that {name}, covered", held / few, least=0.94)
    short = sum(
        first_short(DISTANCES, [_passed(rng, 30, 0.9) for _ in of], [30] * 6, 0.9) is not None
        for _ in range(runs)
    )
    yield Figure("at least 90%: a bot of 90% called short", short / runs, None, 0.05)


def of_errors(runs: int) -> Iterator[Figure]:
    """Rates that are corrected for the errors of who counted them."""
    noise = 3.29 * sqrt(0.94 * 0.06 / runs)
    for found in errors(runs):
        yield Figure(f"{found.name}: coverage over the grid", found.mean, least=0.94)
        yield Figure(f"{found.name}: the least of its cells", found.least, least=0.94 - noise)
        yield Figure(f"{found.name}: of what was counted alone", found.counted)


def figures(cases: int) -> Iterator[Figure]:
    """All of it; ``cases`` is how many cases of each design are simulated."""
    yield from sequential(cases)
    yield from suites(max(20, cases // 25))
    yield from coverage()
    yield from gate(max(20, cases // 25))
    yield from budgets(max(20, cases // 250))
    yield from spending(max(5, cases // 1000))
    yield from retention(max(20, cases // 10))
    yield from of_errors(max(20, cases // 100))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where something measured is not as stated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="simulated cases a design")
    found = list(figures(parser.parse_args(arguments).cases))
    print(table(("what", "measured", "stated", "held"), [figure.cells() for figure in found]))
    return int(not all(figure.held for figure in found))


if __name__ == "__main__":
    sys.exit(main())
