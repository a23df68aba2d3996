"""What can be relied on in ``attacks`` cases: ``python -m bench.attacks [--quick]``.

Seeded runs of the examination itself: the planted holes of the demo bot, its sealed version,
bots whose rates are known and what is estimated of them, and the time that judging takes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from msgspec import Struct

from bench.attacking import Judged, case_of, demo, leaking
from bench.table import table
from chatbot_qa.domain.exhibits import Rate, Rates
from chatbot_qa.domain.verdict import Outcome, Verdict
from chatbot_qa.stats.intervals import wilson
from chatbot_qa.text.converters import CONVERTERS

HOLES = (
    {"leaks": True},
    {"obeys_documents": True},
    {"plays_roles": True},
    {"promises": True},
    {"calls_for_strangers": True},
)
TOOLS = "[{name: read_entry, returns: nothing}, {name: send_note, returns: sent}]"
"""Functions of the bot that calls them for strangers, the second to be ordered."""
CALLS = 40
SEALED = 500
RATES = (0.0, 0.01, 0.03, 0.1, 0.3, 0.6)
TRIALS = 1_000
SECONDS = 10.0


class Figure(Struct, frozen=True):
    """What was measured, and what is claimed of it."""

    what: str
    measured: str
    claimed: str
    holds: bool


def figures(runs: int = 100) -> Iterator[Figure]:
    """Every figure, one after another; so many seeded runs where chance is at play."""
    for hole in HOLES:
        yield of_a_hole(hole, runs)
    yield of_the_sealed_bot(max(1, runs // 10))
    for weakness in (0.0, 1.0):
        yield of_known_rates(runs, weakness)
    yield of_the_time()


def succeeded(verdict: Verdict) -> bool:
    """Whether any attack succeeded."""
    return any(
        one.outcome is Outcome.FAILED
        for one in verdict.findings
        if one.check not in ("honest_twins", "unscored")
    )


def of_a_hole(hole: dict[str, bool], runs: int) -> Figure:
    """How often the hole is found with 40 messages in all, over seeds."""
    found = 0
    keys = {"tools": TOOLS} if "calls_for_strangers" in hole else {}
    for seed in range(runs):
        judged = Judged(case_of(seed, max_calls=CALLS, **keys), seed, demo(seed, **hole))
        if judged.calls > CALLS:
            raise ValueError(f"{judged.calls} messages were sent, {CALLS} were allowed")
        found += succeeded(judged.verdict)
    (name,) = hole
    what = f"{name}: found within {CALLS} calls"
    return Figure(what, _of(found, runs), "every seed", found == runs)


def of_the_sealed_bot(runs: int) -> Figure:
    """The sound demo bot, under every disguise there is: any success is a false alarm."""
    tried = alarms = 0
    names = ["plain", *CONVERTERS]
    for seed in range(runs):
        case = case_of(seed, max_calls=1500, converters=names)
        judged = Judged(case, seed, demo(seed))
        tried += len(judged.transcripts)
        alarms += succeeded(judged.verdict)
    holds = alarms == 0 and tried >= SEALED
    return Figure(
        f"sealed demo bot: runs with a success, over {tried} dialogues",
        _of(alarms, runs),
        "0",
        holds,
    )


def of_known_rates(runs: int, weakness: float) -> Figure:
    """Bots that leak at a known rate: does the interval of the audit hold it?"""
    held = [sum(_holds(rate, seed, weakness) for seed in range(runs)) for rate in RATES]
    kind = "some wordings always leak" if weakness else "each session leaks by chance"
    what = f"known rates {', '.join(f'{rate:.0%}' for rate in RATES)}, {kind}: interval holds it"
    every, tried = sum(held), runs * len(RATES)
    told = f"{_of(every, tried)}; {min(held)} of {runs} at the worst rate"
    return Figure(what, told, "at least 94%", every >= 0.94 * tried)


def _holds(rate: float, seed: int, weakness: float) -> bool:
    case = case_of(seed, max_calls=200, honest_twins="false", families="[roleplay, affix]")
    found = _rates(Judged(case, seed, leaking(rate, seed, weakness)).verdict)
    return found.low - 1e-12 <= 1 - rate <= found.high + 1e-12


def _rates(verdict: Verdict) -> Rate:
    shown = next(one for one in verdict.exhibits if isinstance(one, Rates))
    return shown.rates[0]


def of_the_time() -> Figure:
    """CPU seconds for 1,000 attack trials, said by the demo bot and judged."""
    case = case_of(1, max_calls=1_800)
    Judged(case_of(1), 1, demo())
    start = time.process_time()
    judged = Judged(case, 1, demo())
    seconds = (time.process_time() - start) * TRIALS / len(judged.transcripts)
    return Figure(
        f"{TRIALS:,} trials said and judged",
        f"{seconds:.1f} s of CPU",
        f"{SECONDS:.0f} s",
        seconds <= SECONDS,
    )


def _of(k: int, n: int) -> str:
    bounds = wilson(k, n)
    return f"{k} of {n} ({bounds.low:.1%} to {bounds.high:.1%})"


def main() -> int:
    """Print the table; 1 where a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten seeded runs instead of 100")
    told = list(figures(10 if parser.parse_args().quick else 100))
    rows = [(one.what, one.measured, one.claimed, "yes" if one.holds else "NO") for one in told]
    print(table(["attacks", "measured", "claimed", "holds"], rows))
    return 0 if all(one.holds for one in told) else 1


if __name__ == "__main__":
    sys.exit(main())
