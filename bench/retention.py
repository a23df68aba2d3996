"""What can be relied on in ``retention`` cases: ``python -m bench.retention [--quick]``.

Seeded runs of the examination itself: the exact turn at which the demo bot forgets, a bot that
forgets by and by told from one that does not, no false alarm on a perfect bot, a bot at exactly
the share that is wanted; and the tiny chat model's curve beside the table of its README, where
torch and ``../shared/tiny_chat`` are there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bench.retaining import case_of, demo, falls, judged, knowing, located
from bench.table import table
from chatbot_qa.domain.suite import Case
from chatbot_qa.domain.values import Share
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.stats.intervals import Interval, at_most, wilson
from chatbot_qa.stats.power import false_alarm, samples_for, sees_fall
from chatbot_qa.stats.special import binomial
from chatbot_qa.targets.demo.options import DemoOptions

DISTANCES = (1, 2, 4, 8, 16, 32)
HIGH, LOW, POWER = 0.98, 0.70, 0.9
WANTED = 0.9
NAME = "Priya"
BRIEF = ["Nice weather."]
"""Neutral turns that take no time to make up, for bots that do not listen to them."""


class Figure(Struct, frozen=True):
    """What was measured, and what is claimed of it; ``holds`` is None where it was skipped."""

    what: str
    measured: str
    claimed: str
    holds: bool | None


def figures(runs: int = 1_000) -> Iterator[Figure]:
    """Every figure, one after another; so many seeded runs where chance is at play."""
    from bench.tiny_retention import readings

    yield of_exact_turns()
    yield of_false_alarms(runs)
    yield of_a_bot_at_the_share(runs)
    yield from of_a_bot_at_the_half_life(runs)
    yield from of_gradual_forgetting(runs)
    for what, measured, claimed, holds in readings():
        yield Figure(what, measured, claimed, holds)


def _case(**keys: object) -> Case:
    own = "".join(f"    {name}: {value}\n" for name, value in keys.items())
    return case_of(
        f"retention:\n  - id: name\n    tell: My name is {NAME}.\n    ask: What is my name?\n"
        f"    recalls: {NAME}\n{own}"
    )


def of_exact_turns(up_to: int = 32) -> Figure:
    """The demo bot with ``forget_after: n``, for every n: is n the turn that is named?"""
    case = _case(at_least="90%")
    named = [_turn(judged(case, n, demo(DemoOptions(forget_after=n)))) for n in _up_to(up_to)]
    right = sum(one == n for one, n in zip(named, _up_to(up_to), strict=True))
    what = f"forget_after 1 to {up_to}: exact turn"
    return Figure(what, f"{right} of {up_to}", f"{up_to} of {up_to}", right == up_to)


def _up_to(number: int) -> range:
    return range(1, number + 1)


def _turn(verdict: Verdict) -> int | None:
    """The turn at which nothing is known any more, right after one at which all is."""
    said = (
        r"it first falls short with (\d+) turns?.*: 0 of 30 .* with (\d+) turns?, 30 of 30 passed"
    )
    found = re.fullmatch(said, located(verdict))
    return int(found[1]) if found and int(found[2]) == int(found[1]) - 1 else None


def of_false_alarms(runs: int) -> Figure:
    """The sound demo bot and built-in small talk: whatever is not passed is a false alarm."""
    case = _case(at_least="90%", half_life=16, distances=[1, 4, 16])
    alarms = sum(
        judged(case, seed, demo(DemoOptions(), seed)).ruling is not Ruling.PASSED
        for seed in range(runs)
    )
    return Figure("perfect bot: not passed", _of(alarms, runs), "0%", alarms == 0)


def of_a_bot_at_the_share(runs: int) -> Figure:
    """A bot that knows in exactly 90% at each of six distances: how often it is failed."""
    distances = range(6)
    case = _case(between=BRIEF, at_least="90%", distances=[*distances], locate="false")
    failed = sum(
        judged(case, seed, knowing([WANTED] * 6, distances, seed, NAME)).ruling is Ruling.FAILED
        for seed in range(runs)
    )
    claimed = f"{_failed_exactly(30, len(distances)):.1%}, at most 5%"
    return Figure(
        "bot at exactly 90%: failed", _of(failed, runs), claimed, _low(failed, runs) <= 0.05
    )


def _failed_exactly(samples: int, distances: int) -> float:
    """How often that is, added up: where a bound, at its part of the doubt, lies below."""
    sure = 1 - 0.05 / distances
    short = sum(
        chance
        for k, chance in enumerate(binomial(samples, WANTED))
        if at_most(k, samples, sure) < WANTED
    )
    return 1 - (1 - short) ** distances


def of_a_bot_at_the_half_life(runs: int) -> Iterator[Figure]:
    """A bot whose half-life is exactly the one that is wanted: how often that decides at all."""
    distances, rates = range(6), [0.98, 0.9, 0.8, 0.65, 0.49, 0.3]
    case = _case(between=BRIEF, half_life=4, distances=[*distances])
    rulings = [
        judged(case, seed, knowing(rates, distances, seed, NAME)).ruling for seed in range(runs)
    ]
    for ruling in (Ruling.FAILED, Ruling.PASSED):
        met = rulings.count(ruling)
        what = f"bot at exactly the half-life: {ruling.value}"
        yield Figure(what, _of(met, runs), "at most 5%", _low(met, runs) <= 0.05)


def of_gradual_forgetting(runs: int) -> Iterator[Figure]:
    """A fall from .98 to .70 seen with the samples that the power calculation names."""
    distances = range(len(DISTANCES))
    samples = samples_for(POWER, HIGH, LOW, len(distances)) or 0
    case = _case(
        between=BRIEF, half_life=1, distances=[*distances], samples=samples, locate="false"
    )
    step = (HIGH - LOW) / (len(distances) - 1)
    falling = [HIGH - step * place for place in distances]
    seen = _seen(case, falling, runs)
    stated = sees_fall(samples, HIGH, LOW, len(distances))
    told = f"{samples} samples: fall from .98 to .70 seen"
    yield Figure(told, _of(seen, runs), f"{stated:.1%}", stated in _both(seen, runs))
    mistaken = _seen(case, [HIGH] * len(distances), runs)
    stated = sees_fall(samples, HIGH, HIGH, len(distances))
    worst = false_alarm(samples, len(distances))
    told = f"{samples} samples: fall seen at a steady .98"
    claimed = f"{stated:.1%}, at most {worst:.1%}"
    yield Figure(told, _of(mistaken, runs), claimed, _low(mistaken, runs) <= worst)
    yield _of_the_demo_bot(samples, runs)


def _of_the_demo_bot(samples: int, runs: int) -> Figure:
    """The demo bot that forgets 1% a turn: .98 with one turn between, .72 with 32."""
    case = _case(half_life=1, samples=samples, locate="false")
    options = DemoOptions(forgets=Share(0.01))
    few = max(1, runs // 5)
    seen = sum(falls(judged(case, seed, demo(options, seed))) for seed in range(few))
    what = f"{samples} samples: demo bot, forgets: 1%, seen"
    return Figure(what, _of(seen, few), "told from a sound bot", _low(seen, few) > 0.5)


def _seen(case: Case, rates: Sequence[float], runs: int) -> int:
    distances = range(len(rates))
    return sum(
        falls(judged(case, seed, knowing(rates, distances, seed, NAME))) for seed in range(runs)
    )


def _of(k: int, n: int) -> str:
    return f"{k} of {n}, {k / n:.1%} (at most {at_most(k, n):.1%})"


def _low(k: int, n: int) -> float:
    return wilson(k, n, 0.98).low


def _both(k: int, n: int) -> Interval:
    return wilson(k, n, 0.99)


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    runs = 100 if parser.parse_args(words).quick else 1_000
    shown = list(figures(runs))
    rows = [(one.what, one.measured, one.claimed, _WORDS[one.holds]) for one in shown]
    print(table(("retention", "measured", "claimed", "holds"), rows))
    return int(any(one.holds is False for one in shown))


_WORDS = {True: "yes", False: "NO", None: "skipped"}


if __name__ == "__main__":
    sys.exit(main())
