"""What the verdict of a ``retention`` case shows: the curve by distance, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from chatbot_qa.domain.exhibits import Curve, Exhibit
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.examine.retention_counts import Tally
from chatbot_qa.examine.retention_rates import arms_of, facts_of
from chatbot_qa.examine.retention_result import Result, counted, decided, life_told, turns
from chatbot_qa.examine.sampled import Came
from chatbot_qa.stats import intervals
from chatbot_qa.stats.power import sees_fall
from chatbot_qa.stats.special import binomial
from chatbot_qa.stats.trend import cochran_armitage

_HIGH, _LOW = 0.98, 0.70
"""The fall by which the power of the trend test is told."""

_GOOD = 0.99
"""The bot by which it is told how likely a good one passes."""


def exhibits(result: Result) -> tuple[Exhibit, ...]:
    """The curve by distance, and where there are any, the facts and the arms side by side."""
    shown: list[Exhibit] = [
        Curve(
            "What it still knows, by distance",
            "neutral turns between telling and asking",
            tuple(one.rate() for one in result.measured),
            result.case.at_least,
            tuple(_notes(result)),
        )
    ]
    if len(result.case.told) > 1:
        shown.append(facts_of(result))
    if result.arms:
        shown.append(arms_of(result))
    return tuple(shown)


def _notes(result: Result) -> Iterator[str]:
    planned = [one for one in result.planned if one.of]
    if not planned:
        return
    first = _first_short(result)
    if first:
        yield first
    if result.unlocated:
        yield f"the exact turn was not looked for to the end: {result.unlocated}"
    if len(planned) > 1:
        yield life_told(result.life)
        yield trend_told(planned, result.located)
        yield power_told(result.case.samples, len(result.case.distances))
    if result.case.at_least is not None:
        yield passing_told(result.case.samples, len(planned), result.case.at_least)
    yield from _broken(result)


def _first_short(result: Result) -> str:
    """At which distance it begins to fall short, as exactly as is known."""
    short = result.short
    if not short or not result.case.decides_by_distance:
        return ""
    begins, measured = result.begins, result.measured
    place = [one.at for one in measured].index(begins.at if begins else short[0])
    here = measured[place]
    said = f"it first falls short with {turns(here.at)} between: {counted(here)}"
    if not place:
        return f"{said}, already when asked at once" if not here.at else said
    near = measured[place - 1]
    return f"{said}; with {turns(near.at)}, {counted(near)}"


def trend_told(planned: Sequence[Tally], probed: Sequence[Tally]) -> str:
    """Whether it falls over the planned distances, in words.

    The probes between them stand in the same curve, but not in the test: what was seen chose
    them, and so they would find a fall where there is none. Where there are any, the words say
    over which distances it was tested.
    """
    over = f" over its own distances ({_listed(planned)})" if probed else ""
    if not any(one.passed for one in planned):
        return f"trend{over}: none to test, nothing passed at any of them"
    found = cochran_armitage(
        range(len(planned)), [one.passed for one in planned], [one.of for one in planned]
    )
    p = "p < .0001" if found.p < 0.0001 else f"p = {found.p:.2g}"
    falls = found.p < 0.05
    said = "it falls with the distance" if falls else "no fall with the distance is shown"
    apart = "; the others were chosen by what was seen" if probed else ""
    return f"trend{over}: {said} (Cochran-Armitage, {p}){apart}"


def _listed(planned: Sequence[Tally]) -> str:
    return ", ".join(str(one.at) for one in planned)


@cache
def power_told(samples: int, distances: int) -> str:
    """What so many samples can show of a fall, in words.

    Beyond 40 samples or six distances there is more power than told, and working it out takes
    long.
    """
    some, few = min(samples, 40), min(distances, 6)
    power = sees_fall(some, _HIGH, _LOW, few)
    capped = (some, few) != (samples, distances)
    by = "more than " if capped and power < 0.995 else ""
    return (
        f"power: {samples} samples a distance see a fall from .98 to .70 with probability "
        f"{by}{_short(power)}"
    )


@cache
def passing_told(samples: int, distances: int, wanted: float) -> str:
    """How likely a good bot, though not a perfect one, passes with so many samples, in words."""
    chances = binomial(samples, _GOOD)
    one = sum(
        chance for k, chance in enumerate(chances) if intervals.at_least(k, samples) >= wanted
    )
    return f"power: a bot that knows {_GOOD:.0%} passes with probability {_short(one**distances)}"


def _short(probability: float) -> str:
    return f"{probability:.2f}".removeprefix("0")


def _broken(result: Result) -> Iterator[str]:
    broken = [
        came
        for one in (*result.measured, *result.arms.values())
        for came in one.those(Outcome.BROKEN)
    ]
    if broken:
        dialogues = "1 dialogue" if len(broken) == 1 else f"{len(broken)} dialogues"
        yield f"{dialogues} broke off and count for neither side: {_reason(broken[0])}"


def _reason(came: Came) -> str:
    """Why a sample broke off."""
    if came.transcript.fault is not None:
        return came.transcript.fault.message
    return decided(came).reason
