"""Rates side by side in a ``retention`` case: several facts, and ways of telling them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Rates
from chatbot_qa.domain.suite import Unfit, Unset
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.examine.base import names_of
from chatbot_qa.examine.retention_case import Fact
from chatbot_qa.examine.retention_counts import Tally, rate
from chatbot_qa.examine.retention_result import Result, dialogue_of
from chatbot_qa.examine.sampled import Came
from chatbot_qa.examine.script import rendered
from chatbot_qa.stats.intervals import newcombe


def facts_of(result: Result) -> Rates:
    """Each of several facts: how often it came back, and which other one in its place."""
    facts, names = result.case.told, names_of(result.case).masked()
    asked = [rendered(fact.ask, names) for fact in facts]
    came = [
        one for place in result.planned for one in place.came if one.outcome is not Outcome.BROKEN
    ]
    rates = []
    mixed: dict[tuple[int, int], int] = {}
    for i, question in enumerate(asked):
        good = sum(_right(one, i, len(facts)) for one in came)
        rates.append(rate(question, good, len(came)))
        for one in came:
            for j in _other(one, i, facts):
                mixed[i, j] = mixed.get((i, j), 0) + 1
    notes = tuple(
        f"asked “{asked[i]}”, it gave what belongs to “{asked[j]}” {times} of {len(came)} times"
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
    exchanges = dialogue_of(came)
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


def arms_of(result: Result) -> Rates:
    """The arms side by side; Newcombe's intervals say what wording and turns cost."""
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
