"""The case kind ``retention``: does the bot still know, so many turns later?

It is told something, talks of something else for d turns, and is asked: ``samples`` times at
each distance d, each time with other small talk. Where a distance falls short, the turn at which
it begins to is looked for by halving. See ``retention_counts`` for what decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from chatbot_qa.domain.verdict import Finding, Outcome, Verdict
from chatbot_qa.errors import Stopped
from chatbot_qa.examine.base import Asking, examination
from chatbot_qa.examine.retention_case import RetentionCase
from chatbot_qa.examine.retention_counts import Stand, Tally, skipped, stands, tally
from chatbot_qa.examine.retention_curve import exhibits
from chatbot_qa.examine.retention_findings import SHOWN, findings
from chatbot_qa.examine.retention_result import Result
from chatbot_qa.examine.retention_talk import Talks, place_at, place_of
from chatbot_qa.examine.sampled import Came, replayed, tolerated
from chatbot_qa.examine.verdicts import verdict_of

__all__ = ["RetentionCase", "examine"]


@examination("retention")
def examine(case: RetentionCase, seed: int) -> Asking[Verdict]:
    """Replay all samples side by side, look for the exact turn if need be, and count."""
    talks = Talks.of(case, seed)
    distances = sorted(dict.fromkeys(case.distances))
    arms = tuple(dict.fromkeys(case.arms))
    samples = [one for distance in distances for one in talks.at_distance(distance)]
    samples += [one for arm in arms for one in talks.of_arm(arm)]
    came = yield from replayed(samples, seed)
    if came and all(skipped(one) for one in came):
        transcripts = [one.transcript for one in came]
        return verdict_of(case, "retention", came[0].findings, transcripts)
    planned = tuple(_at(distance, came) for distance in distances)
    located, unlocated = yield from _located(talks, planned)
    every = (*came, *(one for place in located for one in place.came))
    result = Result(
        case,
        seed,
        planned,
        located,
        {arm: _at(place_of(arm), came) for arm in arms},
        stands(planned, case.at_least),
        {one.sample.number: place for place, one in enumerate(every, 1)},
        unlocated,
    )
    return _verdict(result, every)


def _at(place: int, came: Sequence[Came]) -> Tally:
    return tally(place, (one for one in came if place_at(one.sample.number) == place))


def _located(talks: Talks, planned: Sequence[Tally]) -> Asking[tuple[tuple[Tally, ...], str]]:
    """Distances between the planned ones, halving the way to where it begins to fall short.

    Also why that ended early, "" where it did not: what was found before stands all the same.
    """
    case, found = talks.case, list[Tally]()
    standing = stands(planned, case.at_least)
    place = next((i for i, one in enumerate(planned) if standing[one.at] is Stand.SHORT), None)
    if place is None or not case.asks_more:
        return (), ""
    far = planned[place].at
    near = planned[place - 1].at if place else -1
    try:
        while far - near > 1:
            middle = (near + far) // 2 if near >= 0 else 0
            came = yield from replayed(talks.at_distance(middle), talks.seed)
            found.append(tally(middle, came))
            if not found[-1].of:
                return tuple(found), f"no dialogue with {middle} turns between came to its end"
            if found[-1].below(case.at_least):
                far = middle
            else:
                near = middle
    except Stopped as stopped:
        return tuple(found), stopped.reason
    return tuple(found), ""


def _verdict(result: Result, came: Sequence[Came]) -> Verdict:
    broken = [one for one in came if one.outcome is Outcome.BROKEN]
    few = tolerated(len(came))
    told = () if len(broken) <= few else tuple(_broken(result, broken))
    return verdict_of(
        result.case,
        "retention",
        (*findings(result), *told),
        [one.transcript for one in came],
        turns=sum(len(one.sample.held.talk.turns) for one in came),
        reached=sum(one.sample.held.reached(one.transcript) for one in came),
        exhibits=exhibits(result),
        faults=few,
    )


def _broken(result: Result, broken: Sequence[Came]) -> Iterator[Finding]:
    """Why dialogues broke off, each reason once."""
    told: dict[str, Finding] = {}
    for one in broken:
        for finding in one.findings:
            if finding.outcome is Outcome.BROKEN and finding.reason not in told:
                told[finding.reason] = replace(finding, trial=result.trials[one.sample.number])
    return iter(list(told.values())[:SHOWN])
