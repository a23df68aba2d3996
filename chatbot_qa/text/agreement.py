"""Do two replies to one question say the same? Agree, disagree or unsure, in tiers.

Each tier speaks only where it can: the first that decides names itself in the result.

``words``     the replies are the same, or use the same words in the same order
``decision``  one refuses or does not know, the other answers
``values``    numbers, days, times, codes, addresses and names that answer the question
``contrast``  near-copies that differ in who does what, a bound, what is included or a name
``edits``     near-copies of each other, told apart by what was replaced (``changed``)
``answer``    yes against no; the short answer of one looked for in the other
``denial``    one denies what the other says, of the same thing

A pair that no tier decides is unsure. A negation, a word more or less, or how similar the
texts are decides nothing alone. No tier calls agreed what leaves something of weight over:
a word that narrows one reply only, a name that shares a part, a number of its own in each.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from chatbot_qa.text.agreement_left import Contrast, completes, contrast, same_words
from chatbot_qa.text.agreement_marks import Token, tokens
from chatbot_qa.text.agreement_values import (
    Replies,
    about_one,
    alike,
    conflicts,
    may_be_one,
    own,
    rivals,
    shared_values,
    telling,
)
from chatbot_qa.text.changed_edits import denies
from chatbot_qa.text.claim import Claim
from chatbot_qa.text.claims import Claims, claims
from chatbot_qa.text.clauses import Clause
from chatbot_qa.text.declining import SHORT, declines
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.fold import fold, without_stop
from chatbot_qa.text.wanted import wanted

Span = tuple[int, int]
NOWHERE: Span = (0, 0)


class State(StrEnum):
    """Whether two replies say the same."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"


class Difference(Struct, frozen=True):
    """Places (start, end) that differ, one in each text; (0, 0) where there is none."""

    first: Span
    second: Span


class Agreement(Struct, frozen=True):
    """Two replies compared: ``tier`` is what decided ("" if nothing did), ``reason`` in words."""

    state: State
    tier: str
    reason: str
    differences: tuple[Difference, ...] = ()


class _Pair(Replies, frozen=True):
    """Two replies to one question with what they claim."""

    first: str
    second: str


_UNDECIDED = Agreement(State.UNSURE, "", "the words alone do not tell whether they say the same")


def compare(first: str, second: str, ask: str = "") -> Agreement:
    """Compare two replies to the question ``ask``; the reason says first against second."""
    if without_stop(fold(first)) == without_stop(fold(second)):
        return Agreement(State.AGREE, "words", "the words are the same")
    pair = _Pair(claims(first), claims(second), claims(ask), ask, first, second)
    for tier in _TIERS:
        found = tier(pair)
        if found is not None and not (found.state is State.AGREE and _leaves(pair, found.tier)):
            return found
    return _UNDECIDED


# ── decision ────────────────────────────────────────────────────────────────────────


def _by_decision(pair: _Pair) -> Agreement | None:
    ours = declines(pair.first, pair.ours, pair.asked, pair.ask)
    theirs = declines(pair.second, pair.theirs, pair.asked, pair.ask)
    if ours and theirs:
        if ours != theirs:
            return None
        return Agreement(State.AGREE, "decision", f"both {ours}")
    said, heard = own(pair.ours.values, pair.asked), own(pair.theirs.values, pair.asked)
    if any(one.same(it) for one in said for it in heard):
        return None
    if ours or theirs:
        reason = f"the first {ours or 'answers'}, the second {theirs or 'answers'}"
        return Agreement(State.DISAGREE, "decision", reason, (_whole(pair),))
    return None


def _whole(pair: _Pair) -> Difference:
    return Difference((0, len(pair.first)), (0, len(pair.second)))


# ── contrast ────────────────────────────────────────────────────────────────────────


def _contrast(pair: _Pair) -> Contrast | None:
    return contrast(*_read(pair), pair.ask)


def _read(pair: _Pair) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """The tokens of both, a value that both have being one token in each."""
    shared = [it for it in shared_values(pair) if telling(it[0])]
    return (
        tokens(pair.first, tuple((one.start, one.end) for one, _ in shared)),
        tokens(pair.second, tuple((other.start, other.end) for _, other in shared)),
    )


def _by_contrast(pair: _Pair) -> Agreement | None:
    found = _contrast(pair)
    if found is None or not found.certain:
        return None
    told = f"{_cut(pair.first, found.first)} against {_cut(pair.second, found.second)}"
    return Agreement(State.DISAGREE, "contrast", told, (Difference(found.first, found.second),))


def _leaves(pair: _Pair, tier: str) -> bool:
    """Whether something of weight is left over, for which the replies may not say the same."""
    if tier == "decision":
        return False
    return rivals(pair) or (tier != "edits" and _contrast(pair) is not None)


# ── values ──────────────────────────────────────────────────────────────────────────


def _by_values(pair: _Pair) -> Agreement | None:
    """By the values that are not those of the question."""
    apart = conflicts(pair)
    if apart:
        one, other = apart[0]
        differences = tuple(
            Difference((it.start, it.end), (that.start, that.end)) for it, that in apart
        )
        return Agreement(State.DISAGREE, "values", _against(one, other), differences)
    ours, theirs = own(pair.ours.values, pair.asked), own(pair.theirs.values, pair.asked)
    shared = [one for one in ours if telling(one) and any(one.same(it) for it in theirs)]
    if not shared or _denied_apart(pair) or _opened_apart(pair):
        return None
    left = [one for one in ours if not any(one.same(it) for it in theirs)]
    more = [one for one in theirs if not any(one.same(it) for it in ours)]
    if left and more:
        return None
    wants = wanted(pair.ask)
    answered = not (left or more) or any(one.kind in wants for one in shared)
    if not answered or not about_one(pair, shared[0], left + more):
        return None
    said = " and ".join(dict.fromkeys(one.text for one in shared))
    detail = ", the second says more" if more else ", the first says more" if left else ""
    return Agreement(State.AGREE, "values", f"both say {said}{detail}")


def _against(one: Claim, other: Claim) -> str:
    if one.against(other) and not one.readings.isdisjoint(other.readings):
        return f"{one.bound} {one.text} against {other.bound} {other.text}"
    return f"{one.text} against {other.text}"


# ── edits ───────────────────────────────────────────────────────────────────────────

_WORD = re.compile(r"\w+")
_COPIED = 0.8
"""The share of words, those of the question aside, that near-copies have in common."""
_AT_LEAST = 8
"""Words of a reply below which its words are too few to be a near-copy of another."""


def _by_edits(pair: _Pair) -> Agreement | None:
    """Near-copies, on which ``changed`` was measured, read both ways.

    More detail is a change in one direction only, and a word more that denies nothing is
    no disagreement.
    """
    asked = set(_WORD.findall(fold(pair.ask)))
    words, others = (set(_WORD.findall(fold(text))) - asked for text in (pair.first, pair.second))
    if min(len(words), len(others)) < _AT_LEAST:
        return None
    if len(words & others) < _COPIED * max(len(words), len(others)):
        return None
    from chatbot_qa.text.changed import Change, changed

    there, back = changed(pair.first, pair.second), changed(pair.second, pair.first)
    if there.state is not back.state or there.state is Change.UNSURE:
        return None
    if there.state is Change.SAME:
        return Agreement(State.AGREE, "edits", "only the wording differs")
    first, second = there.first or NOWHERE, there.second or NOWHERE
    alone = pair.first[slice(*first)] or pair.second[slice(*second)]
    if (first == NOWHERE) != (second == NOWHERE) and not denies(fold(alone)):
        return None
    told = f"{_cut(pair.first, first)} against {_cut(pair.second, second)}"
    return Agreement(State.DISAGREE, "edits", told, (Difference(first, second),))


def _cut(text: str, span: Span) -> str:
    return shown(text[span[0] : span[1]]) if span != NOWHERE else "nothing"


# ── answer ──────────────────────────────────────────────────────────────────────────


def _opened_apart(pair: _Pair) -> bool:
    return {pair.ours.polarity, pair.theirs.polarity} == {"yes", "no"}


def _by_opening(pair: _Pair) -> Agreement | None:
    """Yes against no. Where what follows is the same, the opening decides nothing."""
    if not _opened_apart(pair):
        return None
    rest = [_said(one) for one in (pair.ours, pair.theirs)]
    if rest[0] and rest[0] == rest[1]:
        return None
    first, second = pair.ours.polarity, pair.theirs.polarity
    spans = (_opening(pair.first), _opening(pair.second))
    return Agreement(State.DISAGREE, "answer", f"{first} against {second}", (Difference(*spans),))


def _said(said: Claims) -> list[tuple[tuple[str, ...], bool]]:
    """The clauses with what they deny, without a bare yes or no."""
    return [(clause.words, clause.denied) for clause in said.clauses if clause.words]


def _opening(text: str) -> Span:
    """The place of the first words, up to the first mark."""
    end = next((place for place, letter in enumerate(text) if letter in ",.!;:\n"), len(text))
    return 0, end


_BARE = 4
"""Words of a reply up to which it is nothing but an answer: "the Elk River"."""


def _words(pair: _Pair) -> int:
    return max(len(pair.first.split()), len(pair.second.split()))


def _by_answer(pair: _Pair) -> Agreement | None:
    """The short answer of each looked for in the other, both ways."""
    from chatbot_qa.text.answers import Rightness
    from chatbot_qa.text.answers import compare as look

    found = []
    for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
        if len(one.split()) <= SHORT and claims(one).clauses:
            found.append(look(one.rstrip(".!"), other, pair.ask).rightness)
    if not found or Rightness.UNSURE in found or len(set(found)) > 1:
        return None
    if found[0] is Rightness.RIGHT:
        if _denied_apart(pair) or _opened_apart(pair):
            return None
        return Agreement(State.AGREE, "answer", "the short answer of one stands in the other")
    if len(found) < 2 or not wanted(pair.ask) or _words(pair) > _BARE or may_be_one(pair):
        return None
    if any(map(telling, pair.ours.values)) != any(map(telling, pair.theirs.values)):
        return None
    reason = f"{shown(pair.first)} against {shown(pair.second)}"
    return Agreement(State.DISAGREE, "answer", reason, (_whole(pair),))


# ── denial ──────────────────────────────────────────────────────────────────────────

_SCOPE = 0.75
"""The share of words that two clauses have in common where they are about one thing."""


def _same_thing(one: Clause, other: Clause) -> bool:
    here, there = frozenset(one.words), frozenset(other.words)
    return bool(here) and alike(here, there) >= _SCOPE


def _denials(pair: _Pair) -> list[tuple[Clause, Clause]]:
    """Clauses about the same thing, of which one denies and the other does not."""
    return [
        (one, other)
        for one in pair.ours.clauses
        for other in pair.theirs.clauses
        if one.denied != other.denied and _same_thing(one, other)
    ]


def _denied_apart(pair: _Pair) -> bool:
    """Whether one reply denies more than the other, of what both speak of."""
    return _denied(pair.ours, pair.theirs) != _denied(pair.theirs, pair.ours)


def _denied(said: Claims, other: Claims) -> int:
    """How many clauses deny, those aside of which the other reply has hardly a word."""
    heard = {word for clause in other.clauses for word in clause.words}
    return sum(
        clause.denied and 2 * len(heard.intersection(clause.words)) >= len(clause.words)
        for clause in said.clauses
    )


def _by_denial(pair: _Pair) -> Agreement | None:
    found = _denials(pair)
    if not found:
        return None
    one, other = found[0]
    said = shown(_part(pair.first, one)), shown(_part(pair.second, other))
    if any(_repeated(it, pair) for it in found):
        return None
    differences = tuple(Difference((a.start, a.end), (b.start, b.end)) for a, b in found)
    return Agreement(State.DISAGREE, "denial", f"{said[0]} against {said[1]}", differences)


def _repeated(found: tuple[Clause, Clause], pair: _Pair) -> bool:
    """Whether one reply says of the thing both: what it denies here it grants there."""
    one, other = found
    both = [it for it in pair.ours.clauses if it is not one and _same_thing(it, one)]
    both += [it for it in pair.theirs.clauses if it is not other and _same_thing(it, other)]
    return bool(both)


def _part(text: str, clause: Clause) -> str:
    return text[clause.start : clause.end].strip(" .,;:!?\n")


# ── words ───────────────────────────────────────────────────────────────────────────


def _by_words(pair: _Pair) -> Agreement | None:
    """The same words of meaning in the same order, with the same denied."""
    ours, theirs = _said(pair.ours), _said(pair.theirs)
    if _opened_apart(pair):
        return None
    if same_words(*_read(pair)) or completes(pair.first, pair.second, pair.ask):
        return Agreement(State.AGREE, "words", "the words that carry meaning are the same")
    if not ours or ours != theirs:
        return None
    values = pair.ours.values, pair.theirs.values
    if len(values[0]) != len(values[1]) or not all(map(Claim.same, *values)):
        return None
    return Agreement(State.AGREE, "words", "the words that carry meaning are the same")


_TIERS: tuple[Callable[[_Pair], Agreement | None], ...] = (
    _by_decision, _by_values, _by_contrast, _by_opening, _by_edits, _by_answer, _by_denial,
    _by_words,
)  # fmt: skip
