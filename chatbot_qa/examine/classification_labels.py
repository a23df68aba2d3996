"""Which label a reply gives: exactly one of those there are, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.transcript import Reply
from chatbot_qa.domain.values import JsonPath
from chatbot_qa.examine.classification_case import Label, MapBy
from chatbot_qa.text.fold import fold, without_stop

NO_LABEL: Final = "names no label"
SEVERAL: Final = "names several labels"
_AROUND: Final = " \t\n\"'`*_.!"
"""What may stand around a label that is said alone: quotes, emphasis, a stop."""


class Mapped(Struct, frozen=True):
    """The label that a reply gives, or why it gives none."""

    label: str = ""
    why: str = ""


def mapped(text: str, labels: Sequence[Label], by: MapBy) -> Mapped:
    """The one label that the text gives; raises ``Endless`` where a pattern does not end."""
    found = {one.label: None for one in _given(text, labels, by)}
    if len(found) == 1:
        return Mapped(next(iter(found)))
    if found:
        return Mapped(why=f"{SEVERAL}: {', '.join(found)}")
    return Mapped(why=NO_LABEL)


def _given(text: str, labels: Sequence[Label], by: MapBy) -> Iterator[Label]:
    if by == "pattern":
        yield from _matching(text, labels)
        return
    alone = [one for one in labels if _bare(text) in map(_bare, one.words)]
    if alone or by == "exact":
        yield from alone
        return
    yield from _named(text, labels)


def _bare(text: str) -> str:
    return without_stop(fold(text).strip(_AROUND))


def _matching(text: str, labels: Sequence[Label]) -> Iterator[Label]:
    from chatbot_qa.text.patterns import search

    for label in labels:
        sources = (
            [label.matches.source]
            if label.matches is not None
            else [rf"(?<!\w){re.escape(word)}(?!\w)" for word in label.words]
        )
        if any(search(source, text, ignore_case=True) for source in sources):
            yield label


def _named(text: str, labels: Sequence[Label]) -> Iterator[Label]:
    """The labels that a text names and does not deny, but for those inside of longer ones."""
    from chatbot_qa.text.mentions import Standing, mentions

    found = [
        (mention, label)
        for label in labels
        for word in label.words
        for mention in mentions(text, word)
    ]
    for mention, label in found:
        inside = any(
            other.start <= mention.start
            and mention.end <= other.end
            and other.end - other.start > mention.end - mention.start
            for other, its in found
            if its is not label
        )
        if not inside and mention.standing is not Standing.DENIED:
            yield label


def score_in(reply: Reply | None, path: JsonPath | None) -> float | None:
    """How sure the bot says it is; None where it says nothing that is a number from 0 to 1."""
    if reply is None or path is None:
        return None
    from chatbot_qa.text.paths import finder

    found = finder(path)(dict(reply.data)) or _in_text(reply.text, path)
    if len(found) != 1 or isinstance(found[0], bool) or not isinstance(found[0], int | float):
        return None
    return float(found[0]) if 0 <= found[0] <= 1 else None


def _in_text(text: str, path: JsonPath) -> Sequence[object]:
    """The same in a reply that is JSON itself."""
    from chatbot_qa.text.json_in import NotJson, json_in
    from chatbot_qa.text.paths import finder

    try:
        return finder(path)(json_in(text))
    except NotJson:
        return ()
