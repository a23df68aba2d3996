"""Entities that a bot names instead of a tag for each word, put to the words of a row.

The data of a reply has them (``entities``, each with ``label``, ``start`` and ``end``, in
characters of what was said), or each of its lines names one: ``PER: Maria``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from chatbot_qa.domain.transcript import Exchange, Reply
from chatbot_qa.examine.classification_labels import Mapped
from chatbot_qa.stats.tagging import OUTSIDE
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold, without_stop

NOT_IN_TEXT: Final = "names words that the text does not have"
NONE_FOUND: Final = "no entities"
"""What a bot replies that names entities by lines, and found none."""

_LINE = re.compile(r"([^\s:]+):\s+(\S.*)")
_WORD = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W_]")


class Span(NamedTuple):
    """The characters from ``start`` up to ``end`` (without it) are an entity of a kind."""

    kind: str
    start: int
    end: int


def entity_tags(exchange: Exchange, text: str) -> Mapped | None:
    """A tag for each word of ``text`` by the entities that a reply names; None where it names none
    in either form.
    """
    if exchange.reply is None:
        return None
    begin = exchange.say.message.text.find(text)
    told = _in_data(exchange.reply)
    if told is not None and begin >= 0:
        own = [Span(kind, start - begin, end - begin) for kind, start, end in told]
        return Mapped(" ".join(_tags(text, own)))
    lines = _by_line(exchange.text)
    if lines is None:
        return None
    strange = next((words for _, words in lines if not _places(words, text)), "")
    if strange:
        return Mapped(why=f"{NOT_IN_TEXT}: {shown(strange)}")
    return Mapped(" ".join(_tags(text, _placed(lines, text))))


def _in_data(reply: Reply) -> list[Span] | None:
    entities = reply.data.get("entities")
    if not isinstance(entities, Sequence) or isinstance(entities, str):
        return None
    found = [_span(one) for one in entities]
    whole = [one for one in found if one is not None]
    return whole if len(whole) == len(found) else None


def _span(entity: object) -> Span | None:
    if not isinstance(entity, Mapping):
        return None
    label, start, end = (entity.get(key) for key in ("label", "start", "end"))
    if not (isinstance(label, str) and isinstance(start, int) and isinstance(end, int)):
        return None
    return Span("_".join(label.split()), start, end) if label.strip() else None


def _by_line(reply: str) -> list[tuple[str, str]] | None:
    """Kind and words of each line; None where one names no entity."""
    if without_stop(fold(reply)) == NONE_FOUND:
        return []
    found = [_LINE.fullmatch(line.strip()) for line in reply.splitlines() if line.strip()]
    named = [(one[1], one[2]) for one in found if one is not None]
    return named if named and len(named) == len(found) else None


def _placed(lines: Sequence[tuple[str, str]], text: str) -> list[Span]:
    """Each entity where its words stand: behind the one before it, or else where they are free.

    Words that all stand in entities before it are named twice, and count once.
    """
    found: list[Span] = []
    for kind, words in lines:
        free = [
            (start, end)
            for start, end in _places(words, text)
            if all(end <= one.start or one.end <= start for one in found)
        ]
        behind = [place for place in free if found and place[0] >= found[-1].end]
        found += (Span(kind, *place) for place in (behind or free)[:1])
    return found


def _places(words: str, text: str) -> list[tuple[int, int]]:
    spaced = r"\s+".join(map(re.escape, words.split()))
    return [one.span() for one in re.finditer(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE)]


def _tags(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """The tag of each word: that of the first entity in which its first letter or digit stands.

    So tags are given to the first piece of a word where models are trained, and so a comma that
    is written to a word is none of its entity's business.
    """
    before: Span | None = None
    for word in _WORD.finditer(text):
        letter = _LETTER.search(word.group())
        place = word.start() + (letter.start() if letter else 0)
        its = next((one for one in spans if one.start <= place < one.end), None)
        yield OUTSIDE if its is None else f"{'I' if its is before else 'B'}-{its.kind}"
        before = its
