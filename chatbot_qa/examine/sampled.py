"""What the kinds share that ask the same many times: a sample is one dialogue of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.plan import Tool
from chatbot_qa.domain.suite import At, Case, CaseNames, Expectation, HistoryLine, Text, Turn
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.examine.base import Asking, names_of, settled
from chatbot_qa.examine.dialogue import Dialogue, Talk, dialogue

TOLERATED = 0.05
"""The share of dialogues that may break off without the case being an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledCase(Case):
    """The keys of every kind that holds many dialogues: how each of them begins."""

    system: Annotated[Text | None, "The system prompt that the bot is given"] = None
    history: Annotated[tuple[HistoryLine, ...], "What was said before, by user and bot"] = ()
    tools: Annotated[tuple[Tool, ...], "Functions that the bot may call"] = ()
    expect_each_reply: Annotated[tuple[Expectation, ...], "Checks of every reply", At("turn")] = ()


class Sample(Struct, frozen=True):
    """One dialogue with its number among those of the case, from 0."""

    number: int
    held: Dialogue


class Came(Struct, frozen=True):
    """A sample that was replayed: what was found in it, and what that comes to.

    ``outcome`` is passed, failed, unsure or broken, the worst of its findings.
    """

    sample: Sample
    transcript: Transcript
    findings: tuple[Finding, ...]
    outcome: Outcome


def names_at(case: Case, number: int) -> CaseNames:
    """The names of one sample: what is drawn (``${canary}``, ``${unique}``) is its own."""
    return names_of(case).at(number)


def sample(
    case: SampledCase, number: int, turns: Sequence[Turn], names: CaseNames | None = None
) -> Sample:
    """The dialogue of these turns as one of the case's; its names are its own unless given.

    Raises ``Unset``.
    """
    return Sample(number, dialogue(case, talk_of(case, turns), names or names_at(case, number)))


def talk_of(case: SampledCase, turns: Sequence[Turn]) -> Talk:
    """What is said in one dialogue of the case."""
    return Talk(
        turns=tuple(turns),
        expect_each_reply=case.expect_each_reply,
        system=case.system,
        history=case.history,
        tools=case.tools,
    )


def at_temperature(one: Sample, temperature: float | None) -> Sample:
    """The same sample, held with replies worded as freely as this; None: as the target does."""
    if temperature is None:
        return one
    opening = replace(one.held.opening, temperature=temperature)
    return replace(one, held=replace(one.held, opening=opening))


def replayed(
    samples: Sequence[Sample], seed: int, worth: Callable[[], float] | None = None
) -> Asking[tuple[Came, ...]]:
    """Have all samples replayed side by side, and judge each; ``worth`` is that of their trials."""
    trials = [one.held.trial(seed, one.number) for one in samples]
    transcripts = yield trials if worth is None else [replace(one, worth=worth) for one in trials]
    pairs = list(zip(samples, transcripts, strict=True))
    found = [one.held.findings(transcript, seed) for one, transcript in pairs]
    settled_ones = iter((yield from settled([item for items in found for item in items])))
    came = []
    for (one, transcript), items in zip(pairs, found, strict=True):
        findings = tuple(next(settled_ones) for _ in items)
        came.append(Came(one, transcript, findings, outcome_of(findings, transcript)))
    return tuple(came)


_WORST = (Outcome.BROKEN, Outcome.FAILED, Outcome.UNSURE)
MOST_QUOTED = 3
"""Replies that are quoted of those that fail one check."""


def condensed(expect: Sequence[Expectation], came: Sequence[Came]) -> Iterator[Finding]:
    """What each check found in all dialogues, as one finding: the worst, how often, with quotes."""
    for expectation in expect:
        found = [
            (one, finding)
            for one in came
            if one.transcript.fault is None
            for finding in one.findings
            if finding.where == expectation.where and finding.check == expectation.name
        ]
        if not found:
            continue
        outcomes = [finding.outcome for _, finding in found]
        worst = next((outcome for outcome in _WORST if outcome in outcomes), outcomes[0])
        alike = [pair for pair in found if pair[1].outcome is worst]
        first, finding = alike[0]
        reason = finding.reason
        if len(found) > 1:
            reason = f"{reason}, in {len(alike)} of {len(found)} replies"
        quoted = dict.fromkeys(quote for _, other in alike for quote in other.quotes)
        quotes = tuple(islice(quoted, MOST_QUOTED))
        trial = first.sample.number + 1 if worst is not Outcome.PASSED else 0
        yield replace(finding, reason=reason, quotes=quotes, trial=trial)


def outcome_of(findings: Sequence[Finding], transcript: Transcript) -> Outcome:
    """What a dialogue comes to; one that broke off says nothing about the bot."""
    if transcript.fault is not None:
        return Outcome.BROKEN
    there = {finding.outcome for finding in findings if not finding.warn_only}
    return next((outcome for outcome in _WORST if outcome in there), Outcome.PASSED)


def tolerated(dialogues: int) -> int:
    """How many of so many dialogues may break off without the case being an error."""
    return int(dialogues * TOLERATED)
