"""The case kind ``consistency``: is the same question answered the same?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Annotated, Literal

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import broken, failed, passed, unsure
from chatbot_qa.domain.exhibits import Group, Groups, Rate, Reading
from chatbot_qa.domain.suite import At, Expectation, Text, Turn
from chatbot_qa.domain.values import JsonPath, Share
from chatbot_qa.domain.verdict import Finding, Outcome, Quote, Verdict
from chatbot_qa.examine.agreeing import AgreeOn, Match, Terms, asked_of_models, match
from chatbot_qa.examine.base import Asking, asker_of, examination, names_of
from chatbot_qa.examine.grouping import Grouping, Placed, grouped
from chatbot_qa.examine.relations import Relation, holds
from chatbot_qa.examine.sampled import (
    Came,
    Sample,
    SampledCase,
    at_temperature,
    condensed,
    replayed,
    sample,
    tolerated,
)
from chatbot_qa.examine.verdicts import verdict_of
from chatbot_qa.stats.intervals import at_least, at_most, wilson
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold

MEND = (
    "to decide more, name a model (docs/models.md), or say what must agree: agree_on: number, "
    "label or decision"
)
MOST_READINGS = 10
"""Replies of a group that a report shows, each in other words."""

MOST_TOLD = 5
"""Groups that are told one by one."""


RuleName = Literal[
    "case",
    "contractions",
    "filler_words",
    "order_of_facts",
    "politeness",
    "punctuation",
    "reordered_sentences",
    "small_talk",
    "typos",
    "unit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyCase(SampledCase):
    """A question asked again and again: in fresh sessions, in other words, after other turns."""

    ask: Annotated[Text, "The question"]
    paraphrases: Annotated[tuple[Text, ...], "The same question in other words"] = ()
    reword: Annotated[
        tuple[RuleName, ...], "More wordings, made by these rules without changing what is asked"
    ] = ()
    after: Annotated[
        tuple[Text | tuple[Text, ...], ...],
        "What is said first in the same session: a text, or several; each is a variant",
    ] = ()
    temperatures: Annotated[tuple[float, ...], "The question again at each of these"] = ()
    repeat: Annotated[int, "How often each wording is asked, each in a fresh session"] = 1
    agree_on: Annotated[AgreeOn, "What must be the same in the replies"] = "answer"
    ignore: Annotated[tuple[JsonPath, ...], "With json: what may differ"] = ()
    labels: Annotated[tuple[str, ...], "With label: the labels there are"] = ()
    relations: Annotated[
        tuple[Relation, ...], "Changed questions, and what must hold between the replies"
    ] = ()
    at_least: Annotated[
        Share | None, "The share of replies that must agree; all of them if not given"
    ] = None
    expect: Annotated[tuple[Expectation, ...], "Checks of every reply", At("turn")] = ()

    @property
    def asks_models(self) -> bool:
        """Where words leave it open whether two answers agree, models are asked."""
        return self.agree_on == "answer"

    @property
    def replies(self) -> int:
        """How many replies are compared, those aside that rules could not reword."""
        ways = 1 + len(self.paraphrases) + len(self.after) + len(self.temperatures)
        return ways * self.repeat


class Variant(Struct, frozen=True):
    """A way of asking: what it is called in reports, and the turns of its dialogue."""

    name: str
    turns: tuple[Turn, ...]
    temperature: float | None = None


@examination("consistency")
def examine(case: ConsistencyCase, seed: int) -> Asking[Verdict]:
    """Ask in every way, group the replies by what they say, and look at the relations."""
    variants = tuple(_variants(case, seed))
    changed = tuple(_changed(case))
    samples = _samples(case, (*variants, *changed))
    came = yield from replayed(samples, seed)
    plain, others = came[: len(variants) * case.repeat], came[len(variants) * case.repeat :]
    heard = tuple(one for one in plain if one.transcript.fault is None)
    readings = tuple(
        Reading(variants[one.sample.number // case.repeat].name, _said(one), one.sample.number + 1)
        for one in heard
    )
    terms = Terms(case.agree_on, case.ask.render(names_of(case)), case.ignore, case.labels)
    models = partial(asked_of_models, asker_of(case, seed), terms)
    grouping = yield from grouped(terms, readings, models)
    findings = (
        *_agreement(case, terms, readings, grouping),
        *_related(case, plain, others),
        *condensed((*case.expect_each_reply, *case.expect), came),
    )
    return verdict_of(
        case,
        "consistency",
        findings,
        [one.transcript for one in came],
        turns=sum(len(one.held.talk.turns) for one in samples),
        reached=sum(one.sample.held.reached(one.transcript) for one in came),
        exhibits=(_exhibit(terms, readings, grouping),) if readings else (),
        faults=tolerated(len(came)),
    )


def _variants(case: ConsistencyCase, seed: int) -> Iterator[Variant]:
    names = names_of(case)
    asked = case.ask.render(names.masked())
    yield Variant(asked, (_asks(case, case.ask),))
    for text in case.paraphrases:
        yield Variant(text.render(names.masked()), (_asks(case, text),))
    yield from _reworded(case, seed)
    for before in case.after:
        texts = before if isinstance(before, tuple) else (before,)
        first = tuple(Turn(say=text, where=text.where) for text in texts)
        told = " / ".join(text.render(names.masked()) for text in texts)
        yield Variant(f"{asked} (after: {told})", (*first, _asks(case, case.ask)))
    for warmth in case.temperatures:
        asks = (_asks(case, case.ask),)
        yield Variant(f"{asked} (at temperature {warmth:g})", asks, warmth)


def _reworded(case: ConsistencyCase, seed: int) -> Iterator[Variant]:
    """The question as rules word it; what the author's names stand for is never touched."""
    if not case.reword:
        return
    from chatbot_qa.text.rewordings import rewordings

    names = names_of(case).masked()
    asked = case.ask.render(names)
    values = (re.escape(names(name)) for name in case.ask.names)
    spans = [found.span() for value in values for found in re.finditer(value, asked)]
    for made in rewordings(asked, case.reword, seed, protected=spans):
        text = Text(made.text.replace("${", "$${"), case.ask.where)
        yield Variant(f"{made.text} ({made.rule})", (_asks(case, text),))


def _changed(case: ConsistencyCase) -> Iterator[Variant]:
    """The changed questions, each in the session that it belongs to."""
    for relation in case.relations:
        text = relation.ask or relation.then
        if text is None:
            continue
        turn = Turn(say=text, where=text.where)
        first = (Turn(say=case.ask, where=case.ask.where),) if relation.then else ()
        yield Variant(text.source, (*first, turn))


def _asks(case: ConsistencyCase, text: Text) -> Turn:
    return Turn(say=text, expect=case.expect, where=text.where)


def _samples(case: ConsistencyCase, variants: Sequence[Variant]) -> tuple[Sample, ...]:
    names = names_of(case)
    return tuple(
        at_temperature(
            sample(case, place * case.repeat + again, variant.turns, names), variant.temperature
        )
        for place, variant in enumerate(variants)
        for again in range(case.repeat)
    )


def _said(came: Came) -> str:
    return came.transcript.exchanges[-1].text if came.transcript.exchanges else ""


def _agreement(
    case: ConsistencyCase, terms: Terms, readings: Sequence[Reading], grouping: Grouping
) -> Iterator[Finding]:
    """One finding for each group that says something else, or one that all agree."""
    total, agreed, left = len(readings), grouping.agreed, len(grouping.undecided)
    if not total:
        return
    if case.at_least is not None:
        yield _share(case.at_least, grouping, readings)
        return
    first = readings[grouping.groups[0].members[0]]
    for group in grouping.groups[1 : MOST_TOLD + 1]:
        odd = readings[group.members[0]]
        found = _against(terms, first, odd, group.against)
        reason = (
            f"{agreed} of {total} replies agree, and {len(group.members)} "
            f"{_say(len(group.members))} otherwise: {found.reason} (decided by {found.tier})"
        )
        yield replace(failed(reason, *_quotes(first, odd)), check="agree", trial=odd.trial)
    for number, why in grouping.undecided[:1]:
        odd = readings[number]
        reason = (
            f"of {_replies(left)} of {total} nobody can say whether they agree with the other "
            f"{agreed}: {why.reason}"
        )
        finding = broken(why.reason) if why.broken else unsure(reason)
        quotes = _quotes(first, odd)
        yield replace(finding, check="agree", quotes=quotes, trial=odd.trial)
    if agreed == total:
        told = f"all {total} replies agree (decided by {' and '.join(grouping.tiers)})"
        yield replace(passed(told if total > 1 else "there is one reply alone"), check="agree")


def _against(terms: Terms, first: Reading, odd: Reading, founded: Match | None) -> Match:
    """What tells a group from the largest, which may have been found after it."""
    found = match(terms, first.said, odd.said)
    return found if found.state == "disagree" or founded is None else founded


def _share(wanted: float, grouping: Grouping, readings: Sequence[Reading]) -> Finding:
    total, agreed, left = len(readings), grouping.agreed, len(grouping.undecided)
    low, high = at_least(agreed, total), at_most(min(agreed + left, total), total)
    told = f"{agreed} of {total} replies agree"
    if left:
        told += f", {left} may"
    if low >= wanted:
        finding = passed(f"{told}: at least {low:.1%}")
    elif high < wanted:
        finding = failed(f"{told}: at most {high:.1%}, and {wanted:.0%} was asked for")
    else:
        finding = unsure(
            f"{told}, which is anything from {low:.1%} to {high:.1%}: too few to tell whether "
            f"{wanted:.0%} agree"
        )
    others = grouping.groups[1:2]
    quotes: tuple[Quote, ...] = ()
    if others and finding.outcome is not Outcome.PASSED:
        quotes = _quotes(readings[grouping.groups[0].members[0]], readings[others[0].members[0]])
    return replace(finding, check="agree", quotes=quotes)


def _quotes(first: Reading, odd: Reading) -> tuple[Quote, ...]:
    return (
        Quote(f"asked {shown(first.asked, 60)}", first.said),
        Quote(f"asked {shown(odd.asked, 60)}", odd.said),
    )


def _replies(number: int) -> str:
    return f"{number} {'reply' if number == 1 else 'replies'}"


def _say(number: int) -> str:
    return "says" if number == 1 else "say"


def _related(
    case: ConsistencyCase, plain: Sequence[Came], others: Sequence[Came]
) -> Iterator[Finding]:
    """A finding for each relation: the first replay in which it does not hold, if there is one."""
    for place, relation in enumerate(case.relations):
        changed = others[place * case.repeat : (place + 1) * case.repeat]
        found = [
            (one, *_relation(relation, plain[again], one))
            for again, one in enumerate(changed)
            if one.transcript.fault is None
        ]
        if not found:
            continue
        worst = min(found, key=lambda item: _ORDER.index(item[1].state))
        came, decided, first = worst
        quotes = (
            Quote(f"asked {shown(case.ask.source, 60)}", first),
            Quote(
                f"asked {shown((relation.ask or relation.then or case.ask).source, 60)}",
                _said(came),
            ),
        )
        make = {"agree": passed, "disagree": failed, "unsure": unsure}[decided.state]
        reason = f"{relation.holds}: {decided.reason}"
        finding = make(reason, *(() if decided.state == "agree" else quotes))
        where = relation.where
        yield replace(finding, check="relation", where=where, trial=came.sample.number + 1)


_ORDER = ("disagree", "unsure", "agree")


def _relation(relation: Relation, plain: Came, changed: Came) -> tuple[Match, str]:
    """Whether it holds, and the first reply: that of the same session where there was one."""
    if relation.then is not None and len(changed.transcript.exchanges) > 1:
        first = changed.transcript.exchanges[-2].text
    else:
        first = _said(plain)
    return holds(relation, first, _said(changed)), first


def _exhibit(terms: Terms, readings: Sequence[Reading], grouping: Grouping) -> Groups:
    total, agreed = len(readings), grouping.agreed
    bounds = wilson(agreed, total)
    first = readings[grouping.groups[0].members[0]]
    groups = []
    for group in grouping.groups:
        voices = (readings[number] for number in _voices(group, readings))
        told = tuple(_marked(terms, first, one) for one in voices)
        why = "" if group.against is None else f"{group.against.reason} ({group.against.tier})"
        groups.append(Group(shown(told[0].said, 100), len(group.members), told, why))
    left = [readings[number] for number, _ in grouping.undecided]
    undecided = tuple({fold(one.said): one for one in reversed(left)}.values())[::-1]
    notes: tuple[str, ...] = ()
    if len(undecided) > MOST_READINGS or len(undecided) < len(left):
        notes = (f"undecided: {_replies(len(left))}, in {len(undecided)} different wordings",)
    if left:
        notes += (MEND,)
    return Groups(
        f"What {_replies(total)} {_say(total)} to {shown(terms.ask, 60)}",
        tuple(groups),
        Rate("agree", agreed, total, bounds.low, bounds.high, open=len(grouping.undecided)),
        undecided[:MOST_READINGS],
        notes,
    )


def _voices(group: Placed, readings: Sequence[Reading]) -> Iterator[int]:
    """The replies of a group that differ in their words, some of them where there are many."""
    told = {fold(readings[number].said): number for number in reversed(group.members)}
    return islice(sorted(told.values()), MOST_READINGS)


def _marked(terms: Terms, first: Reading, reading: Reading) -> Reading:
    found = match(terms, first.said, reading.said)
    return replace(reading, marks=found.marks) if found.state == "disagree" else reading
