"""The same question in other words, made by rules in English, Spanish, German, French, Portuguese.

A rule that cannot say the same gives nothing. Whatever a rule makes is read again before it
is given: numbers, codes and protected spans must all still be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from types import MappingProxyType

from msgspec import Struct

from chatbot_qa.text.numbers import numbers
from chatbot_qa.text.rewordings.contractions import contractions
from chatbot_qa.text.rewordings.letters import TYPOS, case, punctuation, typos
from chatbot_qa.text.rewordings.manners import filler_words, politeness, small_talk
from chatbot_qa.text.rewordings.order import order_of_facts, reordered_sentences
from chatbot_qa.text.rewordings.question import Question, Span, read
from chatbot_qa.text.rewordings.units import unit

Rule = Callable[[Question, Random], Sequence[str]]
"""What a rule can make of a question; empty texts and the question itself do not count."""

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "case": case,
        "typos": typos,
        "contractions": contractions,
        "politeness": politeness,
        "filler_words": filler_words,
        "order_of_facts": order_of_facts,
        "reordered_sentences": reordered_sentences,
        "small_talk": small_talk,
        "punctuation": punctuation,
        "unit": unit,
    }
)
LONGER = 200
"""Characters that a rewording may have more than its question."""


class Rewording(Struct, frozen=True):
    """A question in other words, with the name of the rule that made it."""

    rule: str
    text: str


def described(rule: str) -> str:
    """What a rule does, in one line."""
    return (RULES[rule].__doc__ or "").strip().partition("\n")[0]


def rewordings(
    question: str,
    rules: Sequence[str],
    seed: int,
    *,
    language: str = "",
    protected: Sequence[Span] = (),
    slips: int = TYPOS,
) -> tuple[Rewording, ...]:
    """The question in other words, in the order of the rules, none twice.

    ``language`` is a code ("de", "pt-BR"); without it the words tell. ``protected`` are spans
    of the question (first place, place behind the last) in which no letter changes; ``slips``
    is how many words get a typo. The same arguments give the same rewordings, and a rule gives
    the same whatever others are named. Raises ``ValueError`` for a rule that is not in ``RULES``,
    for a span that does not lie in the question and for less than one slip.
    """
    _refuse_unknown(rules)
    if slips < 1:
        raise ValueError(f"{slips} words cannot get a typo; 1 is the least")
    asked = read(question, language, protected)
    made: dict[str, Rewording] = {}
    for rule in rules:
        for text in _made(asked, rule, seed, slips):
            made.setdefault(text, Rewording(rule, text))
    return tuple(made.values())


def irrelevant(question: str, language: str, seed: int) -> str:
    """The question with a sentence before or behind it that has nothing to do with it.

    The question itself where the rules do not know its language.
    """
    made = rewordings(question, ("small_talk",), seed, language=language)
    return Random(f"{seed}:irrelevant").choice(made).text if made else question


def _refuse_unknown(rules: Sequence[str]) -> None:
    unknown = [rule for rule in rules if rule not in RULES]
    if unknown:
        raise ValueError(f"there is no rule `{unknown[0]}`; there are {', '.join(RULES)}")


def _made(question: Question, rule: str, seed: int, slips: int) -> Iterator[str]:
    random = Random(f"{seed}:{rule}:{question.text}")
    made = typos(question, random, slips) if rule == "typos" else RULES[rule](question, random)
    for text in made:
        if text.strip() and text != question.text and _stands(question, text, rule == "unit"):
            yield text


def _stands(question: Question, text: str, units_change: bool) -> bool:
    """Whether a rewording still has all that it must have, and no number more."""
    if len(text) > len(question.text) + LONGER:
        return False
    if units_change:
        return all(question.text[start:end] in text for start, end in question.protected)
    pieces = question.pieces()
    if any(text.count(piece) < question.text.count(piece) for piece in pieces):
        return False
    return _values(text) == _values(question.text)


def _values(text: str) -> list[tuple[float, ...]]:
    return sorted(number.values for number in numbers(text))
