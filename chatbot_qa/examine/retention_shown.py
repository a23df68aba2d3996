"""What the verdict of a ``retention`` case tells and shows: findings, the curve, rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Curve, Exhibit, Rates
from chatbot_qa.domain.suite import Unfit, Unset
from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.domain.verdict import Finding, Outcome, Quote
from chatbot_qa.examine.retention_case import Fact, RetentionCase, texts_of
from chatbot_qa.examine.retention_counts import Stand, Tally, of_half_life, rate
from chatbot_qa.examine.sampled import Came
from chatbot_qa.stats.curve import HalfLife, half_life
from chatbot_qa.stats.intervals import at_least, at_most, newcombe
from chatbot_qa.stats.power import sees_fall
from chatbot_qa.stats.trend import cochran_armitage

SHOWN = 3
"""How many samples are told of by the findings of their own checks."""

_HIGH, _LOW = 0.98, 0.70
"""The fall by which the power of the trend test is told."""

_OUTCOMES = {
    Stand.HOLDS: Outcome.PASSED,
    Stand.SHORT: Outcome.FAILED,
    Stand.OPEN: Outcome.UNSURE,
}


class Result(Struct, frozen=True, dict=True):
    """Everything that was measured: by distance, between distances, by arm.

    ``trials`` gives the number of a sample's conversation in the verdict; ``located`` are the
    tallies of the search for the exact turn, ``unlocated`` is why it ended early.
    """

    case: RetentionCase
    seed: int
    planned: tuple[Tally, ...]
    located: tuple[Tally, ...]
    arms: Mapping[str, Tally]
    stands: Mapping[int, Stand]
    trials: Mapping[int, int]
    unlocated: str = ""

    @property
    def measured(self) -> tuple[Tally, ...]:
        """All distances at which anything was measured, from near to far."""
        return tuple(sorted((*self.planned, *self.located), key=lambda one: one.at))

    @cached_property
    def life(self) -> HalfLife:
        """The half-life, from all distances."""
        rows = [one for one in self.measured if one.of]
        return half_life(
            [one.at for one in rows],
            [one.passed for one in rows],
            [one.of for one in rows],
            self.seed,
        )


def findings(result: Result) -> Iterator[Finding]:
    """One finding a distance and one of the half-life, then those of a few samples."""
    case = result.case
    if case.decides_by_distance:
        for one in result.planned:
            yield _of_distance(one, result)
    if case.half_life is not None and any(one.of for one in result.planned):
        stand = of_half_life(result.life, case.half_life)
        reason = f"{_life(result.life)}; at least {case.half_life} is wanted"
        yield Finding(_OUTCOMES[stand], reason, check="half_life", where=case.where)
    yield from _of_samples(result)


def _of_distance(one: Tally, result: Result) -> Finding:
    stand, wanted = result.stands[one.at], result.case.at_least
    reason = f"with {_turns(one.at)} between, {_counted(one)}"
    if wanted is not None and one.of:
        low, high = at_least(one.passed, one.of), at_most(one.passed + one.open, one.of)
        reason += {
            Stand.HOLDS: f" (at least {percent(low)})",
            Stand.SHORT: f" (at most {percent(high)}; at least {percent(wanted)} is wanted)",
            Stand.OPEN: f" (between {percent(low)} and {percent(high)}: too little to tell "
            f"whether it is the {percent(wanted)} that is wanted)",
        }[stand]
    shown = None if stand is Stand.HOLDS else _worst(one)
    return Finding(
        _OUTCOMES[stand],
        reason,
        _quotes(shown, result.case) if shown else (),
        score=one.passed / one.of if one.of else None,
        trial=result.trials[shown.sample.number] if shown else 0,
    )


def _counted(one: Tally) -> str:
    if not one.of:
        return "no dialogue came to its end"
    unsure = f", {one.open} unsure" if one.open else ""
    return f"{one.passed} of {one.of} passed{unsure}"


def _worst(one: Tally) -> Came | None:
    """The first sample that failed, or else of which nobody is sure."""
    return next(iter((*one.those(Outcome.FAILED), *one.those(Outcome.UNSURE))), None)


def _quotes(came: Came, case: RetentionCase) -> tuple[Quote, ...]:
    """What was told, what was asked and what was replied, of the fact that went wrong."""
    exchanges = _dialogue(came)
    finding = _decided(came)
    asked = max(1, finding.turn or len(exchanges))
    if asked > len(exchanges):
        return finding.quotes
    facts = case.told
    place = asked - 1 - (len(exchanges) - len(facts))
    before = sum(len(texts_of(fact.tell)) for fact in facts[: max(0, place)])
    tells = range(before, before + len(texts_of(facts[max(0, place)].tell)))
    told = [
        Quote(f"turn {number + 1} said", exchanges[number].say.message.text) for number in tells
    ]
    last = exchanges[asked - 1]
    return (
        *told,
        Quote(f"turn {asked} asked", last.say.message.text),
        Quote(f"reply {asked} of {len(exchanges)}", last.text),
    )


def _dialogue(came: Came) -> Sequence[Exchange]:
    return came.sample.held.script.dialogue(came.transcript.exchanges)


def _decided(came: Came) -> Finding:
    """The first finding that made the sample what it is."""
    return next(
        finding
        for finding in came.findings
        if finding.outcome is came.outcome and not finding.warn_only
    )


def _of_samples(result: Result) -> Iterator[Finding]:
    """What checks say of a few samples, each reason once, distances that fall short first.

    Where their distance does not fail, neither does what is told of them.
    """
    by_stand = sorted(result.planned, key=lambda one: result.stands[one.at] is not Stand.SHORT)
    told: dict[tuple[str, str], Finding] = {}
    for one in by_stand:
        short = result.case.decides_by_distance and result.stands[one.at] is Stand.SHORT
        for came in (*one.those(Outcome.FAILED), *one.those(Outcome.UNSURE)):
            found = _decided(came)
            number = result.trials[came.sample.number]
            told.setdefault(
                (found.check, found.reason), replace(found, trial=number, warn_only=not short)
            )
    yield from list(told.values())[:SHOWN]


# The curve


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
        shown.append(_facts(result))
    if result.arms:
        shown.append(_arms(result))
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
        yield _life(result.life)
        yield _trend(planned)
        yield power_told(result.case.samples, len(result.case.distances))
    yield from _broken(result)


def _first_short(result: Result) -> str:
    """At which distance it begins to fall short, as exactly as is known."""
    wanted = result.case.at_least
    measured = result.measured
    short = {one.at for one in result.planned if result.stands[one.at] is Stand.SHORT}
    short |= {one.at for one in result.located if one.below(wanted)}
    place = next((i for i, one in enumerate(measured) if one.at in short), None)
    if place is None or not result.case.decides_by_distance:
        return ""
    here = measured[place]
    said = f"it first falls short with {_turns(here.at)} between: {_counted(here)}"
    if not place:
        return f"{said}, already when asked at once" if not here.at else said
    near = measured[place - 1]
    return f"{said}; with {_turns(near.at)}, {_counted(near)}"


def _life(life: HalfLife) -> str:
    if life.at is None:
        if life.high is not None:
            return f"half-life: less than {_turns(life.high)}, with which nothing passed"
        return f"half-life: beyond what was measured, and at least {_turns(life.low)}"
    upward = "upward" if life.high is None else f"to {life.high:g}"
    return f"half-life: about {_turns(round(life.at, 1))} (95%: {life.low:g} {upward})"


def _trend(planned: Sequence[Tally]) -> str:
    found = cochran_armitage(
        range(len(planned)), [one.passed for one in planned], [one.of for one in planned]
    )
    p = "p < .0001" if found.p < 0.0001 else f"p = {found.p:.2g}"
    falls = found.p < 0.05
    said = "it falls with the distance" if falls else "no fall with the distance is shown"
    return f"trend: {said} (Cochran-Armitage, {p})"


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
        f"{by}{power:.2f}".replace(" 0.", " .")
    )


def _broken(result: Result) -> Iterator[str]:
    broken = [
        came
        for one in (*result.measured, *result.arms.values())
        for came in one.those(Outcome.BROKEN)
    ]
    if broken:
        dialogues = "1 dialogue" if len(broken) == 1 else f"{len(broken)} dialogues"
        yield f"{dialogues} broke off and count for neither side: {reason_of(broken[0])}"


def reason_of(came: Came) -> str:
    """Why a sample broke off."""
    if came.transcript.fault is not None:
        return came.transcript.fault.message
    return _decided(came).reason


# Facts and arms


def _facts(result: Result) -> Rates:
    """Each of several facts: how often it came back, and which other one in its place."""
    facts = result.case.told
    came = [
        one for place in result.planned for one in place.came if one.outcome is not Outcome.BROKEN
    ]
    rates = []
    mixed: dict[tuple[int, int], int] = {}
    for i, fact in enumerate(facts):
        good = sum(_right(one, i, len(facts)) for one in came)
        rates.append(rate(fact.ask.source, good, len(came)))
        for one in came:
            for j in _other(one, i, facts):
                mixed[i, j] = mixed.get((i, j), 0) + 1
    notes = tuple(
        f"asked “{facts[i].ask.source}”, it gave what belongs to “{facts[j].ask.source}” "
        f"{times} of {len(came)} times"
        for (i, j), times in sorted(mixed.items(), key=lambda item: -item[1])
    )
    return Rates("Facts", tuple(rates), notes)


def _turn_of(came: Came, fact: int, facts: int) -> int:
    return len(came.sample.held.talk.turns) - facts + fact + 1


def _right(came: Came, fact: int, facts: int) -> bool:
    """Whether every check of that fact's reply passed."""
    turn = _turn_of(came, fact, facts)
    return all(
        finding.outcome not in (Outcome.FAILED, Outcome.UNSURE)
        for finding in came.findings
        if finding.turn == turn and not finding.warn_only
    )


def _other(came: Came, fact: int, facts: Sequence[Fact]) -> Iterator[int]:
    """The other facts whose values a reply gives instead of its own."""
    from chatbot_qa.text.mentions import mentions

    if _right(came, fact, len(facts)):
        return
    exchanges = _dialogue(came)
    turn = _turn_of(came, fact, len(facts))
    if turn > len(exchanges):
        return
    own = _value(came, facts[fact])
    for other, one in enumerate(facts):
        value = _value(came, one)
        if other != fact and value and value != own and mentions(exchanges[turn - 1].text, value):
            yield other


def _value(came: Came, fact: Fact) -> str:
    """The value that a fact's ``recalls`` names in this sample; "" where there is none."""
    if fact.recalls is None or fact.recalls.negated:
        return ""
    try:
        return str(fact.recalls.arguments(came.sample.held.script.masked).get("value", ""))
    except (Unset, Unfit):
        return ""


_COSTS = {
    ("full", "concat"): "what the wording costs",
    ("concat", "sharded"): "what the turns cost",
    ("full", "sharded"): "what wording and turns cost together",
}


def _arms(result: Result) -> Rates:
    arms = result.arms
    notes = [
        _cost(arms[one], arms[other], f"{one} against {other}, {what}")
        for (one, other), what in _COSTS.items()
        if one in arms and other in arms
    ]
    shown = tuple(replace(one.rate(arm), at=0.0) for arm, one in arms.items())
    return Rates("The same told in other ways, and asked at once", shown, tuple(notes))


def _cost(one: Tally, other: Tally, what: str) -> str:
    interval = newcombe(one.passed, one.of, other.passed, other.of)
    if not (one.of and other.of):
        return f"{what}: nothing is known"
    points = 100 * (one.passed / one.of - other.passed / other.of)
    low, high = 100 * interval.low, 100 * interval.high
    return f"{what}: {points:.0f} points (95%: {low:.0f} to {high:.0f})"


def percent(share: float) -> str:
    """A share as it is told: 90%, 5.8%."""
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def _turns(number: float) -> str:
    return f"{number:g} turn" if number == 1 else f"{number:g} turns"
