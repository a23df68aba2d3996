"""Entities in a text, marked word by word (BIO), and how well they were found.

``B-PER`` begins an entity of the kind PER, ``I-PER`` goes on with it, ``O`` is outside. An ``I``
that goes on with nothing of its kind is no entity. An entity counts as found where kind, first and
last word agree. That is IOB2 as seqeval reads it in its mode ``strict`` (Ramshaw and Marcus 1995;
Nakayama 2018).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from chatbot_qa.stats.classification import NONE, Cell

OUTSIDE = "O"
_TAG = re.compile(r"O|[BI]-\S+")


class Entity(NamedTuple):
    """The words from ``start`` up to ``end`` (without it), of a kind."""

    kind: str
    start: int
    end: int


def is_tag(text: str) -> bool:
    """Whether a word's mark is one: ``O``, ``B-PER``, ``I-PER``."""
    return _TAG.fullmatch(text) is not None


def entities(tags: Sequence[str]) -> tuple[Entity, ...]:
    """The entities of a text by its tags, in order. Raises ``ValueError`` for what is no tag."""
    found: list[Entity] = []
    kind, start = "", 0
    for place, tag in enumerate((*tags, OUTSIDE)):
        if not is_tag(tag):
            raise ValueError(f"{tag!r} is no tag: O, B-KIND or I-KIND")
        if kind and tag == f"I-{kind}":
            continue
        if kind:
            found.append(Entity(kind, start, place))
        kind, start = (tag[2:], place) if tag.startswith("B-") else ("", 0)
    return tuple(found)


def kinds_in(rows: Sequence[str]) -> tuple[str, ...]:
    """The kinds of entities that rows of tags have, in the order in which they come."""
    tags = (tag for row in rows for tag in row.split())
    return tuple(dict.fromkeys(tag[2:] for tag in tags if tag != OUTSIDE))


def cells(true: Sequence[str], given: Sequence[str], kinds: Sequence[str]) -> tuple[Cell, ...]:
    """What became of the entities of a text: found (k, k), missed (k, NONE), made up (NONE, k).

    Kinds are told by their numbers in ``kinds``; raises ``ValueError`` for one that is not there.
    """
    wanted, found = entities(true), entities(given)
    return (
        *(_cell(one, kinds, missed=one not in found) for one in wanted),
        *((NONE, kinds.index(one.kind)) for one in found if one not in wanted),
    )


def _cell(entity: Entity, kinds: Sequence[str], *, missed: bool) -> Cell:
    number = kinds.index(entity.kind)
    return number, NONE if missed else number
