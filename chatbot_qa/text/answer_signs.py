"""What speaks for and against an answer: signs between 0 and 1, of one alternative at a time.

Each sign is a plain question about the reply ("is it named in the first sentence?", "does
the reply give another year?"); ``answer_weights`` says how much each of them weighs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from chatbot_qa.text.answer_measures import Amount, amounts_in, by_number, by_time
from chatbot_qa.text.answer_names import Naming, naming
from chatbot_qa.text.answer_parts import Kind, Question, grouped
from chatbot_qa.text.answer_reply import Said, assent
from chatbot_qa.text.answer_roles import another_has_it
from chatbot_qa.text.answer_times import Time, times
from chatbot_qa.text.answer_words import Word, content, found_in, function, indexed, squeezed, words
from chatbot_qa.text.mentions import Mention, mentions


class Shape(StrEnum):
    """What an alternative is; each shape has weights of its own."""

    TIME = "time"
    NUMBER = "number"
    NAME = "name"
    PHRASE = "phrase"


class Compared(Struct, frozen=True):
    """An alternative beside a reply: its shape, where it is mentioned, and the signs."""

    shape: Shape
    mentions: tuple[Mention, ...]
    signs: dict[str, float]


def compared(asked: Question, alternatives: Sequence[str], reply: Said) -> list[Compared]:
    """The signs of each bare alternative; those that are not there are left out."""
    found = [_mentions(reply, alternative) for alternative in alternatives]
    listed = _listed(alternatives, found)
    return [
        _compared(asked, alternative, there, reply, listed)
        for alternative, there in zip(alternatives, found, strict=True)
    ]


def _mentions(reply: Said, alternative: str) -> tuple[Mention, ...]:
    letters = squeezed(alternative)
    may_be_there = letters in reply.letters or not letters.isalpha()
    return mentions(reply.text, alternative) if may_be_there else ()


_LIST = 2
"""Answers in other words than each other, above which a reference lists several."""


def _listed(alternatives: Sequence[str], found: Sequence[Sequence[Mention]]) -> dict[str, float]:
    """Which part of a list the reply names, where the reference is one."""
    if not alternatives:
        return {}
    groups = grouped(tuple(alternatives))
    every = set(groups)
    named = {group for group, there in zip(groups, found, strict=True) if there}
    return {"of the list": len(named) / len(every), "a list": float(len(every) > _LIST)}


_LONGEST = 40
"""Words that are read of one alternative."""


def _compared(
    asked: Question,
    alternative: str,
    found: tuple[Mention, ...],
    reply: Said,
    listed: Mapping[str, float],
) -> Compared:
    meant = words(alternative)
    core = (content(meant) or list(meant))[:_LONGEST]
    when = times(alternative)
    amounts = amounts_in(alternative)
    shape = _shape(core, when, amounts)
    told = _figures(core) if shape in (Shape.TIME, Shape.NUMBER) else core
    signs = {**reply.signs, **listed, **_by_words(asked, told, found, reply, alternative)}
    if shape is Shape.TIME:
        signs |= by_time(asked, when, reply)
    elif shape is Shape.NUMBER:
        signs = _as_measured(signs, by_number(amounts[0], reply), named=bool(found))
    else:
        signs |= _rivals(asked, core, reply) | _by_assent(alternative, reply)
    known = {**signs, f"asks {asked.kind}": 1.0}
    for first, second in _TOGETHER:
        both = known.get(first, 0.0) * known.get(second, 0.0)
        if both:
            signs[f"{first} & {second}"] = both
    return Compared(shape, found, {sign: value for sign, value in signs.items() if value})


# Signs that mean more, or less, where another one is there.
_TOGETHER = (
    ("but", "named in head"),
    ("but", "named later"),
    ("but", "none"),
    ("hedged", "named in head"),
    ("hedged", "none"),
    ("not in head", "named in head"),
    ("not in head", "none"),
    ("short", "none"),
    ("short", "named in head"),
    ("short", "partly"),
    ("long", "named later"),
    ("long", "none"),
    ("asks who", "none"),
    ("asks who", "partly"),
    ("asks where", "none"),
    ("asks where", "partly"),
    ("in its slot", "named in head"),
    ("in its slot", "named later"),
    ("says names", "none"),
    ("behind others", "named in head"),
    ("one word", "partly"),
    ("one word", "none"),
    ("not in head", "all, near"),
    ("not in head", "named later"),
)


def of_another(asked: Question, options: Sequence[Compared], reply: Said) -> bool:
    """Whether the reply names these answers, but answers the question with something else."""
    places = [mention.start for option in options for mention in option.mentions]
    figures = all(option.shape in (Shape.TIME, Shape.NUMBER) for option in options)

    def rival(said_words: Sequence[Word]) -> bool:
        if figures:
            return any(word.stem[0].isdigit() and not _asked(asked, word) for word in said_words)
        return bool(_names(asked, said_words))

    return another_has_it(asked.roots, reply.text, places, rival)


_PLAIN_WORDS = 2
"""Words beside a time or a number that leave it one: "by the mid-1980s", "30 working days"."""


def _shape(core: Sequence[Word], when: Sequence[Time], amounts: Sequence[Amount]) -> Shape:
    names = [word for word in core if not word.text[0].isdigit()]
    if when and len(names) <= _PLAIN_WORDS + sum(time.month > 0 for time in when):
        return Shape.TIME
    if len(amounts) == 1 and len(names) <= _PLAIN_WORDS:
        return Shape.NUMBER
    if all(map(_named, core)):
        return Shape.NAME
    return Shape.PHRASE


def _figures(core: Sequence[Word]) -> Sequence[Word]:
    """The figures of a time or a number, where it has some: "days" alone says nothing of 30."""
    return [word for word in core if word.text[0].isdigit()] or core


_BY_LETTERS = ("all, near", "all, apart", "partly", "partly, near", "none", "another figure")


def _as_measured(
    signs: dict[str, float], measured: dict[str, float], *, named: bool
) -> dict[str, float]:
    """Where amounts tell more than letters: two weeks are 14 days, 30 weeks are not 30 days."""
    same, other = "number: same" in measured, "number: other of the unit" in measured
    if named or not (same or other):
        return {**signs, **measured}
    kept = {sign: value for sign, value in signs.items() if sign not in _BY_LETTERS}
    if same:
        in_head = measured["number: in head"]
        kept |= {"named in head" if in_head else "named later": 1.0, "last word": 1.0}
    else:
        kept |= {"none": 1.0, "another figure": 1.0, "last word": 0.0}
    return {**kept, **measured, "share": float(same), "share in head": float(same)}


def _place_said(asked: Question, alternative: str, reply: Said) -> bool:
    """Whether the reply names the town of "Lisbon, Portugal"."""
    town, comma, _ = alternative.partition(", ")
    if not comma or asked.kind is not Kind.WHERE:
        return False
    meant = content(words(town))
    return bool(meant) and min(found_in(meant, reply.index)) >= 0


# Words beside a name or a noun that replies leave out or change.
_LIGHT_WORDS = (
    "president king queen prince princess emperor minister prime chief sir dr mr mrs ms lord lady "
    "saint st pope captain general colonel doctor professor actor actress singer band group author "
    "player city county state province river lake mount mountain island season century family "
    "university college company corporation inc ltd limited school church team club street party "
    "war song film movie series album book jr sr approximately about around circa early late mid "
    "by during prior area region number german british american english french italian"
)
_LIGHT = frozenset(_LIGHT_WORDS.split())


def _weight(word: Word) -> float:
    return word.weight * (0.35 if word.text in _LIGHT else 1.0)


def _by_words(
    asked: Question,
    core: Sequence[Word],
    found: Sequence[Mention],
    reply: Said,
    alternative: str,
) -> dict[str, float]:
    """How much of the alternative the reply says, and how much of the reply it is."""
    new = [word for word in core if not _asked(asked, word)]
    meant = new or list(core)
    places = found_in(meant, reply.index)
    how = naming(core, reply.index)
    there = [place for place in places if place >= 0]
    total = sum(map(_weight, meant))
    share = sum(_weight(word) for word, at in zip(meant, places, strict=True) if at >= 0) / total
    first = len(reply.head_words)
    in_head = [place for place in there if place < first]
    head = sum(_weight(word) for word, at in zip(meant, places, strict=True) if 0 <= at < first)
    near = len(there) == 1 or (len(there) > 1 and max(there) - min(there) <= len(there) + 2)
    signs = {
        "share": share,
        "share in head": head / total,
        "last word": float(places[-1] >= 0),
        "one word": float(len(meant) == 1),
        "many words": float(len(meant) > 3),
        "common words": float(len(core) <= 2 and not any(map(_named, core))),
        "all asked": float(not new),
        "echo": _echo(asked, core, reply),
    }
    if found:
        grade = "named in head" if found[0].start <= len(reply.head) else "named later"
        signs["in its slot"] = float(any(_in_slot(reply, mention) for mention in found))
    elif how in (Naming.LAST, Naming.FULL):
        grade = f"name: {how.name.lower()}"
    elif _place_said(asked, alternative, reply):
        grade = "the place"
    elif len(there) == len(meant):
        grade = "all, near" if near else "all, apart"
    elif there:
        grade = "partly"
        signs["partly, near"] = float(near and bool(in_head))
    else:
        grade = "none"
    signs[grade] = 1.0
    if grade in _IN_SHORT:
        signs |= {"share": 1.0, "share in head": float(bool(in_head))}
    if how in (Naming.FIRST, Naming.OTHER):
        signs[f"name: {how.name.lower()}"] = 1.0
    figures = [at for word, at in zip(meant, places, strict=True) if word.text[0].isdigit()]
    signs["another figure"] = float(
        bool(figures)
        and max(figures) < 0
        and any(word.text[0].isdigit() for word in _new_words(asked, reply.head_words))
    )
    return signs


_IN_SHORT = ("name: full", "the place")
"""What is said in full though some words of the alternative are left out."""

_SLOT = re.compile(
    r"(?:^|[.!?:]\W+|\b(?:is|was|are|were|be|been|by|called|named|as|means?|in|on|at|to|from|"
    r"between|than|es|ist|war|est|era|von|par|por|pour|en|em)\W+)"
    r"(?:(?:the|a|an|actor|actress|singer|author|president|captain|sir|dr|mr|mrs|der|die|das|le|"
    r"la|les|el|los|las|o|os|as)\W+)*$"
)


def _in_slot(reply: Said, mention: Mention) -> bool:
    """Whether a mention stands where answers do: it begins a sentence, or "is", "by" lead to it."""
    before = reply.folded[max(0, mention.start - 40) : mention.start]
    return _SLOT.search(before) is not None


def _named(word: Word) -> bool:
    return word.capital or word.text[0].isdigit()


def _asked(asked: Question, word: Word) -> bool:
    return word.text in asked.words or word.stem in asked.words


def _new_words(asked: Question, said_words: Iterable[Word]) -> list[Word]:
    """The words of a reply that tell what its question did not say."""
    return [word for word in content(said_words) if not _asked(asked, word)]


def _echo(asked: Question, core: Sequence[Word], reply: Said) -> float:
    """The share of what is new in the head that the alternative says too."""
    new = _new_words(asked, reply.head_words)
    if not new:
        return 0.0
    back = found_in(new, indexed(core))
    total = sum(word.weight for word in new)
    return sum(word.weight for word, at in zip(new, back, strict=True) if at >= 0) / total


def _rivals(asked: Question, core: Sequence[Word], reply: Said) -> dict[str, float]:
    """Other names in the head, and how many of them stand before the one that is meant."""
    runs = _names(asked, reply.head_words)
    ours = [
        place
        for place, run in enumerate(runs)
        if any(at >= 0 for at in found_in(core, indexed(run)))
    ]
    before = min(ours[0], 4) / 4 if ours else 1.0
    return {
        "others": min(len(runs) - len(ours), 4) / 4,
        "behind others": before,
        "first of names": float(bool(ours) and ours[0] == 0),
        "says names": float(bool(runs)),
    }


def _names(asked: Question, said_words: Sequence[Word]) -> list[list[Word]]:
    """The runs of words with a capital that the question does not hold."""
    runs: list[list[Word]] = [[]]
    for place, word in enumerate(said_words):
        named = word.capital and word.text[0].isalpha() and not function(word.text)
        if place == 0 and len(said_words) > 1:  # every sentence begins with a capital
            named = named and said_words[1].capital
        if not named or _asked(asked, word):
            runs.append([])
            continue
        last = runs[-1][-1] if runs[-1] else None
        if last and word.start - last.start - len(last.text) > 2:
            runs.append([])
        runs[-1].append(word)
    return [run for run in runs if run]


def _by_assent(alternative: str, reply: Said) -> dict[str, float]:
    """Where the answer is yes or no."""
    meant = assent(alternative)
    if not meant:
        return {}
    heard = assent(reply.text)
    return {"says yes or no": float(heard == meant), "says the contrary": float(heard == -meant)}
