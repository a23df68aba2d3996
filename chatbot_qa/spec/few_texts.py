"""Whether texts whose words have tags are enough to decide what is wanted of them.

What counts are entities, and those of a text stand or fall together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from math import floor
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.spec.view import Found
from chatbot_qa.stats.classification import Labelled, Measure
from chatbot_qa.stats.classification_reach import highest, lowest
from chatbot_qa.stats.tagging import OUTSIDE, cells, is_tag
from chatbot_qa.text.many import many

_MOST: Final = 2_000
"""Texts beyond which it is not told how many would do."""


class _Entities(Struct, frozen=True):
    """Texts that are all right, and all wrong, as they count for a measure."""

    good: Sequence[Labelled]
    bad: Sequence[Labelled]
    labels: int

    def most(self, measure: Measure) -> float:
        return highest(self.good, self.labels, measure)

    def least(self, measure: Measure, doubt: float) -> float:
        return lowest(self.bad, self.labels, measure, 1 - doubt)

    def so_many(self, number: int) -> _Entities:
        """As many texts like these, each time round with topics of their own."""
        return _Entities(_more(self.good, number), _more(self.bad, number), self.labels)


def _more(texts: Sequence[Labelled], number: int) -> list[Labelled]:
    return [
        one if one.topic is None else replace(one, topic=f"{n // len(texts)} {one.topic}")
        for n, one in enumerate(islice(cycle(texts), number))
    ]


def few_texts(case: Any, asked: Sequence[Any], doubt: float) -> Iterator[Found]:
    """What so many texts cannot show, or cannot rule out, of what is wanted of a case.

    A file of tags that do not fit their words is told by another rule.
    """
    kinds = [one.label for one in case.known]
    tagged = [(row.label.split(), row.topic or None) for row in asked]
    if not kinds or not tagged or any(_odd(tags, kinds) for tags, _ in tagged):
        return
    nothing = [[OUTSIDE] * len(tags) for tags, _ in tagged]
    entities = _Entities(
        [Labelled(cells(tags, tags, kinds), topic) for tags, topic in tagged],
        [
            Labelled(cells(tags, none, kinds), topic)
            for (tags, topic), none in zip(tagged, nothing, strict=True)
        ],
        len(kinds),
    )
    words = _Entities(
        [Labelled(((0, 0),) * len(tags), topic) for tags, topic in tagged],
        [Labelled(((0, -1),) * len(tags), topic) for tags, topic in tagged],
        1,
    )
    for want in case.expect:
        for name, bound in want.measures:
            if bound.label and bound.label not in kinds:
                continue
            label = kinds.index(bound.label) if bound.label else None
            measure = Measure(name, bound.average or "macro", label)
            texts = words if name == "accuracy" else entities
            yield from _few(want, texts, measure, bound.at_least, doubt)


def _odd(tags: Sequence[str], kinds: Sequence[str]) -> bool:
    return any(not is_tag(tag) or (tag != OUTSIDE and tag[2:] not in kinds) for tag in tags)


def _few(
    want: Any, texts: _Entities, measure: Measure, share: float, doubt: float
) -> Iterator[Found]:
    told = f"`{measure.name}: {{at_least: {100 * share:.4g}%}}`"
    if share in (0, 1):
        yield want.where, f"{told} can never be shown, or always is", "such as `at_least: 90%`"
        return
    number = many(len(texts.good), "text")
    most, least = texts.most(measure), texts.least(measure, doubt)
    if least < share <= most:
        return
    message = f"{number} cannot fail {told}"
    if most < share:
        message = f"{told} cannot pass: {number} that are all right show {most:.1%} at most"
    needed = _texts_needed(texts, measure, share, doubt)
    hint = "add texts"
    if needed is not None:
        hint = f"about {needed:,} such texts can show it and can rule it out"
    low, high = floor(100 * least) + 1, floor(100 * most)
    if low <= high:
        hint += f"; or ask for {low}% to {high}% of these"
    yield want.where, message, hint


def _texts_needed(texts: _Entities, measure: Measure, share: float, doubt: float) -> int | None:
    """How many texts like these can show a share and can rule it out, found by halving."""

    def decide(number: int) -> bool:
        more = texts.so_many(number)
        return more.least(measure, doubt) < share <= more.most(measure)

    least, most = len(texts.good), 2 * len(texts.good)
    while not decide(most):
        least, most = most, 2 * most
        if most > _MOST:
            return None
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if decide(middle) else (middle, most)
    return most
