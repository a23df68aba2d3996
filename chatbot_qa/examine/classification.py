"""The case kind ``classification``: how often does the bot give a text its true label?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from random import Random

from chatbot_qa.checks.base import broken
from chatbot_qa.domain.labelled import LabelledRow
from chatbot_qa.domain.suite import Text, Turn
from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.domain.verdict import Finding, Outcome, Verdict
from chatbot_qa.examine.base import Asking, examination
from chatbot_qa.examine.classification_case import SHOTS, TEXT, ClassificationCase, Split
from chatbot_qa.examine.classification_entities import entity_tags
from chatbot_qa.examine.classification_labels import Mapped, mapped, score_in
from chatbot_qa.examine.classification_result import Judged, Result, exhibits, findings
from chatbot_qa.examine.classification_tags import NO_TAGS, tags_in
from chatbot_qa.examine.sampled import (
    Came,
    Sample,
    condensed,
    names_at,
    replayed,
    sample,
    tolerated,
)
from chatbot_qa.examine.verdicts import verdict_of
from chatbot_qa.stats.splits import folds, held_out
from chatbot_qa.stats.tagging import kinds_in
from chatbot_qa.text.fold import fold
from chatbot_qa.text.patterns import Endless

__all__ = ["ClassificationCase", "examine"]


@examination("classification")
def examine(case: ClassificationCase, seed: int) -> Asking[Verdict]:
    """Ask for the label of every row in a session of its own, and count."""
    unknown = _unknown(case)
    if unknown is not None:
        return verdict_of(case, "classification", (unknown,))
    parts = parts_of(case, seed)
    shots = {part: shots_for(case, parts, part, seed) for part in set(parts) if part is not None}
    samples = [
        _sample(case, number, row, shots.get(part, ""))
        for number, (row, part) in enumerate(zip(case.texts, parts, strict=True))
        if part is not None
    ]
    came = yield from replayed(samples, seed)
    heard = [
        (one.sample.number, exchange)
        for one in came
        if one.transcript.fault is None and (exchange := _reply(one)) is not None
    ]
    found: tuple[Finding, ...]
    try:
        rows = tuple(_judged(case, *one, parts) for one in heard)
        result = Result(case, tuple(one.label for one in case.known), rows, seed)
        found, drawn = tuple(findings(result)) if rows else (), exhibits(result)
    except Endless as endless:
        found, drawn = (broken(str(endless)),), ()
    return verdict_of(
        case,
        "classification",
        (*found, *_unasked(came), *condensed(case.expect_each_reply, came)),
        [one.transcript for one in came],
        turns=len(samples),
        reached=sum(one.sample.held.reached(one.transcript) for one in came),
        exhibits=drawn,
        faults=tolerated(len(came)),
    )


def _unknown(case: ClassificationCase) -> Finding | None:
    """What cannot be counted: a row or a wish with a label that is none of those there are."""
    known = {one.label for one in case.known}
    wanted = (bound.label for want in case.expect for _, bound in want.measures if bound.label)
    named = [row.label for row in case.texts]
    for label in (*(kinds_in(named) if case.map == "tags" else named), *wanted):
        if label not in known:
            return broken(f"`{label}` is none of the labels of this case")
    return None


def _reply(came: Came) -> Exchange | None:
    """The exchange in which the row was asked; None where a request before it failed."""
    asked = (one for one in came.transcript.exchanges if one.say.message.call is None)
    return next(reversed(list(asked)), None)


def _unasked(came: Sequence[Came]) -> Iterator[Finding]:
    """Why rows were not asked though nothing broke off: once, where they are more than a few."""
    lost = [one for one in came if one.transcript.fault is None and _reply(one) is None]
    if len(lost) > tolerated(len(came)):
        broke = (one for each in lost for one in each.findings if one.outcome is Outcome.BROKEN)
        yield next(broke, broken(f"{len(lost)} rows were not asked"))


def _judged(
    case: ClassificationCase, number: int, exchange: Exchange, parts: Sequence[int | None]
) -> Judged:
    said, reply = exchange.text, exchange.reply
    row = case.texts[number]
    found = _tagged(exchange, row) if case.map == "tags" else mapped(said, case.known, case.map)
    fold = parts[number] if case.split is not None and case.split.folds else None
    return Judged(number, row, said, found, score_in(reply, case.score), fold)


def _tagged(exchange: Exchange, row: LabelledRow) -> Mapped:
    """A tag for each word: the reply is one, or names entities."""
    found = tags_in(exchange.text, len(row.label.split()))
    named = entity_tags(exchange, row.text) if found.why == NO_TAGS else None
    return named or found


def _sample(case: ClassificationCase, number: int, row: LabelledRow, shots: str) -> Sample:
    names = names_at(case, number).with_saved({TEXT: row.text, SHOTS: shots})
    say = case.ask or Text(row.text.replace("${", "$${"), row.where)
    return sample(case, number, (Turn(say=say, where=say.where),), names)


def parts_of(case: ClassificationCase, seed: int) -> tuple[int | None, ...]:
    """The part that each row is asked in, from 0; None where it is not asked at all."""
    split = case.split
    if split is None:
        return (0,) * len(case.texts)
    labels = ["" if case.map == "tags" else row.label for row in case.texts]
    groups = _groups(case.texts)
    drawn = _seed(split, seed)
    if split.hold_out is not None:
        out = held_out(labels, split.hold_out, drawn, stratified=split.stratified, groups=groups)
        return tuple(0 if one else None for one in out)
    number = split.folds or 2
    return folds(labels, number, drawn, stratified=split.stratified, groups=groups)


def _seed(split: Split, seed: int) -> int:
    return seed if split.seed is None else split.seed


def _groups(rows: Sequence[LabelledRow]) -> list[str]:
    """Rows of one topic stay together, and so do those of the same text: no example gives an
    answer away."""
    return [f"topic {row.topic}" if row.topic else f"text {fold(row.text)}" for row in rows]


def shots_for(case: ClassificationCase, parts: Sequence[int | None], part: int, seed: int) -> str:
    """The examples for one part, drawn from the rows of all others, label after label."""
    if not case.shots or case.split is None:
        return ""
    others = [row for row, its in zip(case.texts, parts, strict=True) if its != part]
    random = Random(f"{_seed(case.split, seed)}/{part}")
    by_label: dict[str, list[LabelledRow]] = (
        {} if case.map == "tags" else {one.label: [] for one in case.known}
    )
    for row in random.sample(others, len(others)):
        by_label.setdefault("" if case.map == "tags" else row.label, []).append(row)
    chosen = list(islice(_in_turn(by_label), case.shots))
    return "\n".join(f"Text: {row.text}\nLabel: {row.label}" for row in chosen)


def _in_turn(by_label: Mapping[str, list[LabelledRow]]) -> Iterator[LabelledRow]:
    """A row of each label in turn, as long as there are any."""
    left = sum(map(len, by_label.values()))
    for rows in cycle(by_label.values()):
        if not left:
            return
        if rows:
            left -= 1
            yield rows.pop()
