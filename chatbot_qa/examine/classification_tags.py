"""Rows whose label is a tag for each word (``map: tags``): entities, read from replies and counted.

A reply that is no row of as many tags is unmapped: every entity of its text is missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from chatbot_qa.domain.exhibits import Matrix
from chatbot_qa.examine.classification_labels import Mapped
from chatbot_qa.stats.classification import NONE, Cell
from chatbot_qa.stats.tagging import OUTSIDE, cells, is_tag

NO_TAGS: Final = "names no tags"
OTHER_NUMBER: Final = "has another number of tags"
_LOST: Final = "no tags"


def tags_in(reply: str, number: int) -> Mapped:
    """The tags that a reply gives, joined by spaces: a JSON list, or words alone."""
    found = _listed(reply)
    if not found or not all(map(is_tag, found)):
        return Mapped(why=NO_TAGS)
    if len(found) != number:
        return Mapped(why=f"{OTHER_NUMBER}: {len(found)} for {number} words")
    return Mapped(" ".join(found))


def _listed(reply: str) -> list[str]:
    from chatbot_qa.text.json_in import NotJson, json_in

    try:
        data = json_in(reply)
    except NotJson:
        return reply.split()
    return data if isinstance(data, list) and all(isinstance(one, str) for one in data) else []


def entity_cells(true: str, given: str, kinds: Sequence[str]) -> tuple[Cell, ...]:
    """What became of the entities of a text; a kind that there is not is a word outside."""
    wanted = true.split()
    said = [tag if tag[2:] in kinds else OUTSIDE for tag in given.split()]
    return cells(wanted, said or [OUTSIDE] * len(wanted), kinds)


def word_cells(true: str, given: str) -> tuple[Cell, ...]:
    """Whether each word was given its tag: (0, 0), or else (0, NONE)."""
    wanted = true.split()
    said = given.split() or [""] * len(wanted)
    return tuple((0, 0 if one == other else NONE) for one, other in zip(wanted, said, strict=True))


def word_matrix(pairs: Sequence[tuple[str, str]]) -> Matrix:
    """How often each word's tag was given which, of pairs of true and given tags."""
    counts: Counter[tuple[str, str]] = Counter()
    for true, given in pairs:
        wanted = true.split()
        counts.update(zip(wanted, given.split() or [_LOST] * len(wanted), strict=True))
    true_tags = tuple(sorted({one for one, _ in counts}, key=_by_kind))
    others = sorted({other for _, other in counts} - {*true_tags}, key=_by_kind)
    columns = (*true_tags, *others)
    return Matrix(
        "True tags of words (rows) and those given (columns)",
        true_tags,
        columns,
        tuple(tuple(counts[one, other] for other in columns) for one in true_tags),
    )


def _by_kind(tag: str) -> tuple[bool, str, str]:
    return tag != OUTSIDE, tag[2:], tag[:1]
