"""What the verdict of a ``retention`` case tells: one finding a distance, and a few samples."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from chatbot_qa.domain.verdict import Finding, Outcome, Quote
from chatbot_qa.examine.retention_case import RetentionCase, texts_of
from chatbot_qa.examine.retention_counts import Stand, Tally, of_half_life
from chatbot_qa.examine.retention_result import (
    Result,
    counted,
    decided,
    dialogue_of,
    life_told,
    turns,
)
from chatbot_qa.examine.sampled import Came
from chatbot_qa.stats.intervals import at_least, at_most

SHOWN = 3
"""How many samples are told of by the findings of their own checks."""

_OUTCOMES = {
    Stand.HOLDS: Outcome.PASSED,
    Stand.SHORT: Outcome.FAILED,
    Stand.OPEN: Outcome.UNSURE,
}


def findings(result: Result) -> Iterator[Finding]:
    """One finding a distance and one of the half-life, then those of a few samples."""
    case = result.case
    if case.decides_by_distance:
        for one in result.planned:
            yield _of_distance(one, result)
    if case.half_life is not None and any(one.of for one in result.planned):
        stand = of_half_life(result.life, case.half_life)
        reason = f"{life_told(result.life)}; at least {case.half_life} is wanted"
        yield Finding(_OUTCOMES[stand], reason, check="half_life", where=case.where)
    yield from _of_samples(result)


def _of_distance(one: Tally, result: Result) -> Finding:
    stand, wanted = result.stands[one.at], result.case.at_least
    reason = f"with {turns(one.at)} between, {counted(one)}"
    if wanted is not None and one.of:
        low, high = at_least(one.passed, one.of), at_most(one.passed + one.open, one.of)
        reason += {
            Stand.HOLDS: f" (at least {percent(low)})",
            Stand.SHORT: f" (at most {percent(high)}; at least {percent(wanted)} is wanted)",
            Stand.OPEN: f" (between {percent(low)} and {percent(high)}: too little to tell "
            f"whether it is the {percent(wanted)} that is wanted)",
        }[stand]
    if (begins := result.begins) and stand is Stand.SHORT and one.at == result.short[0]:
        reason += f"; it begins with {turns(begins.at)}, {counted(begins)}"
    shown = None if stand is Stand.HOLDS else _worst(one)
    return Finding(
        _OUTCOMES[stand],
        reason,
        _quotes(shown, result.case) if shown else (),
        score=one.passed / one.of if one.of else None,
        trial=result.trials[shown.sample.number] if shown else 0,
    )


def _worst(one: Tally) -> Came | None:
    """The first sample that failed, or else of which nobody is sure."""
    return next(iter((*one.those(Outcome.FAILED), *one.those(Outcome.UNSURE))), None)


def _quotes(came: Came, case: RetentionCase) -> tuple[Quote, ...]:
    """What was told, what was asked and what was replied, of the fact that went wrong."""
    exchanges = dialogue_of(came)
    finding = decided(came)
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


def _of_samples(result: Result) -> Iterator[Finding]:
    """What checks say of a few samples, each reason once, distances that fall short first.

    Where their distance does not fail, neither does what is told of them.
    """
    by_stand = sorted(result.planned, key=lambda one: result.stands[one.at] is not Stand.SHORT)
    told: dict[tuple[str, str], Finding] = {}
    for one in by_stand:
        short = result.case.decides_by_distance and result.stands[one.at] is Stand.SHORT
        for came in (*one.those(Outcome.FAILED), *one.those(Outcome.UNSURE)):
            found = decided(came)
            number = result.trials[came.sample.number]
            told.setdefault(
                (found.check, found.reason), replace(found, trial=number, warn_only=not short)
            )
    yield from list(told.values())[:SHOWN]


def percent(share: float) -> str:
    """A share as it is told: 90%, 5.8%."""
    return f"{100 * share:.1f}".removesuffix(".0") + "%"
