"""Checks proposed for a reply that a person has seen: what of it should hold next time too.

Only what is likely to be the same in another session is proposed: numbers, days, names and
codes that the user gave, links, the form of codes that the bot makes up. Each proposal was
judged on the very reply that it comes from, and holds of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import Evidence
from chatbot_qa.domain.suite import Unset
from chatbot_qa.domain.transcript import BotMessage, Exchange
from chatbot_qa.domain.values import Pattern
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.registry import Registry
from chatbot_qa.spec.edit import Bare, Tree
from chatbot_qa.text.dates import dates
from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.mentions import mentions
from chatbot_qa.text.numbers import Number, numbers
from chatbot_qa.text.refusals import Degree, refusal

MOST: Final = 4
"""Facts that are proposed for one reply."""

_NEAR: Final = (timedelta(days=-7), timedelta(days=62))
"""Days that the bot most likely counts from today, so that they are others next time."""

_CODE: Final = re.compile(r"(?<![\w-])[A-Za-z]{1,6}[-_]?\d{2,12}(?![\w-])")
_GIVEN: Final = re.compile(r"(?<![\w-])(?=[\w-]*\d)[\w-]{3,40}(?![\w-])")
_LINK: Final = re.compile(r"https?://[^\s<>\"'()\[\]]+[^\s<>\"'()\[\].,;:!?]")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_CLOCK: Final = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SENTENCE: Final = re.compile(r"(?:^|[.!?:]\s+|\n)\W*$")
_TIMES: Final = frozenset(("day", "hour", "minute", "second", "week", "month", "year"))
_SIZES: Final = frozenset(("%", "km", "kg", "m", "cm", "mi", "mb", "gb"))
_CURRENCIES: Final = frozenset(("usd", "eur", "gbp", "jpy", "inr"))
_SPACE: Final = re.compile(r"\s+")
_SHORT: Final = 3
_LONGEST: Final = 4_000
"""Characters of a reply in which facts are looked for."""


class Fact(Struct, frozen=True):
    """One proposal: the check as it is written, and where in the reply its fact stands."""

    tree: Tree
    start: int = 0
    end: int = 0


def facts(seen: Evidence, registry: Registry, today: date) -> Sequence[Tree]:
    """The facts of the reply under judgement that are worth keeping, as checks."""
    return _Proposing(seen, registry, today).facts()


def stance(seen: Evidence) -> str:
    """``refuses`` or ``answers``, whichever the reply does; "" where it has no words."""
    if not seen.text.strip():
        return ""
    found = refusal(seen.text, seen.said).degree
    return {Degree.NONE: "answers", Degree.MISSED: ""}.get(found, "refuses")


def codes_in(text: str) -> Sequence[str]:
    """What in a text looks like a code: letters and then figures, such as ``R-34923``."""
    return _CODE.findall(text)


def form_of(code: str) -> str:
    """A regular expression for codes of the same form: ``R-34923`` is ``R-\\d{5}``."""
    return re.sub(r"\d+", lambda run: rf"\d{{{len(run[0])}}}", re.escape(code).replace(r"\-", "-"))


def typed(text: str) -> str:
    """A text as a suite says it, in which ``${`` means nothing."""
    return text.replace("${", "$${")


def evidence(exchanges: Sequence[Exchange], turn: int) -> Evidence:
    """What a check is shown of a dialogue that was held by hand."""
    return Evidence(exchanges, turn, _no_names)


def _no_names(name: str) -> str:
    raise Unset(name)


class _Proposing:
    """The proposals for one reply; ``taken`` are the places that already have one."""

    def __init__(self, seen: Evidence, registry: Registry, today: date) -> None:
        self._seen = _shortened(seen)
        self._text = _SPACE.sub(_one_space, self._seen.text).strip()
        self._registry = registry
        self._today = today
        self._said = [one.say.message.text for one in seen.exchanges[: seen.turn]]
        self._taken: list[tuple[int, int]] = []

    def facts(self) -> Sequence[Tree]:
        found: list[Fact] = []
        sources: tuple[Callable[[], Iterator[Fact]], ...] = (
            self._links,
            self._recalled,
            self._codes,
            self._days,
            self._times,
            self._numbers,
        )
        for source in sources:
            for one in source():
                if one.tree not in [other.tree for other in found]:
                    found.append(one)
                    self._taken.append((one.start, one.end))
        trees = [one.tree for one in sorted(found, key=lambda one: one.start)[:MOST]]
        return [*(trees or self._short()), *self._buttons()]

    def _holds(self, name: str, **arguments: Any) -> bool:
        """Whether a check passes on this reply; False where there is no such check."""
        spec = self._registry.checks.get(name)
        if spec is None:
            return False
        found = spec.function(self._seen, **arguments)
        return isinstance(found, Finding) and found.outcome is Outcome.PASSED

    def _free(self, start: int, end: int) -> bool:
        return all(end <= first or start >= last for first, last in self._taken)

    def _links(self) -> Iterator[Fact]:
        for pattern in (_LINK, _MAIL):
            for match in pattern.finditer(self._text):
                if "?" in match[0]:  # it may hold a session, and its figures are no fact
                    self._taken.append(match.span())
                elif self._free(*match.span()):
                    yield Fact({"contains": typed(match[0])}, *match.span())

    def _recalled(self) -> Iterator[Fact]:
        """Codes and names of earlier turns that come back."""
        before = "\n".join(self._said[:-1])
        tried: set[str] = set()
        for match in (*_GIVEN.finditer(self._text), *_WORD.finditer(self._text)):
            word = match[0]
            if word in tried:
                continue
            coined = any(letter.isdigit() for letter in word) or self._is_name(match)
            if not coined or not self._free(*match.span()) or not mentions(before, word):
                continue
            tried.add(word)
            if self._holds("recalls", value=word):
                yield Fact({"recalls": typed(word)}, *match.span())

    def _is_name(self, match: re.Match[str]) -> bool:
        """Whether a word is written as names are, and not because a sentence begins with it."""
        return match[0][0].isupper() and not _SENTENCE.search(self._text[: match.start()])

    def _codes(self) -> Iterator[Fact]:
        """The form of codes that the bot made up: they are others in the next session."""
        heard = "\n".join(self._said)
        for match in _CODE.finditer(self._text):
            if not self._free(*match.span()) or mentions(heard, match[0]):
                continue
            form = form_of(match[0])
            if self._holds("matches", value=Pattern(form)):
                yield Fact({"matches": form}, *match.span())

    def _days(self) -> Iterator[Fact]:
        folded = without_accents(fold(self._text))
        source = self._text if len(folded) == len(self._text) else folded
        for found in dates(self._text):
            words = source[found.start : found.end]
            day = found.days[0]
            if len(found.days) != 1 or self._is_near(day.year, day.month, day.day):
                self._taken.append((found.start, found.end))  # nor are its figures a fact
                continue
            value = f"{day.year}-{day.month:02}-{day.day:02}" if day.year else words
            if self._holds("date", value=value):
                yield Fact({"date": typed(value)}, found.start, found.end)
            elif self._holds("contains", value=words):
                yield Fact({"contains": typed(words)}, found.start, found.end)

    def _is_near(self, year: int, month: int, day: int) -> bool:
        for one in (year,) if year else range(self._today.year - 1, self._today.year + 2):
            try:
                away = date(one, month, day) - self._today
            except ValueError:  # the 30th of February is not near
                continue
            if _NEAR[0] <= away <= _NEAR[1]:
                return True
        return False

    def _times(self) -> Iterator[Fact]:
        for match in _CLOCK.finditer(self._text):
            if self._free(*match.span()):
                yield Fact({"contains": typed(match[0])}, *match.span())

    def _numbers(self) -> Iterator[Fact]:
        words = len(self._text.split())
        for found in numbers(self._text):
            if not self._free(found.start, found.end):
                continue
            unit = self._unit(found)
            written = self._text[found.start].isdigit()
            if not unit and (words > 12 or not written):  # it says nothing of itself
                continue
            if len(found.values) != 1:
                there = self._text[found.start : found.end]
                yield Fact({"contains": typed(there)}, found.start, found.end)
                continue
            (value,) = found.values
            given = {"unit": unit} if unit else {}
            if self._holds("number", value=value, **given):
                figure = self._text[found.start : found.end]
                yield Fact({"number": Bare(_plain(figure, value)), **given}, found.start, found.end)

    def _unit(self, found: Number) -> str:
        """The unit as a person would write it; "" for none that is known."""
        money = next((unit for unit in found.units if unit in _CURRENCIES), "")
        if money:
            return money.upper()
        if not found.units or found.units[0] not in _TIMES | _SIZES:
            return ""
        word = _WORD.search(self._text, found.end)
        return found.units[0] if word is None or found.units[0] == "%" else word[0]

    def _short(self) -> Sequence[Tree]:
        """A reply of a word or two, as it stands."""
        words = self._text.strip().rstrip(".!")
        short = bool(words) and not self._taken and len(words.split()) <= _SHORT
        if short and self._holds("contains", value=words):
            return [{"contains": typed(words)}]
        return []

    def _buttons(self) -> Sequence[Tree]:
        labels = tuple(dict.fromkeys(b for one in self._seen.reply.messages for b in one.buttons))
        if not labels or not self._holds("buttons", values=labels):
            return []
        return [{"buttons": [typed(label) for label in labels]}]


def _shortened(seen: Evidence) -> Evidence:
    """The same, its reply no longer than what facts are looked for in."""
    if len(seen.text) <= _LONGEST:
        return seen
    buttons = tuple(label for message in seen.reply.messages for label in message.buttons)
    reply = replace(seen.reply, messages=(BotMessage(seen.text[:_LONGEST], buttons),))
    before = seen.exchanges[: seen.turn - 1]
    return replace(seen, exchanges=(*before, replace(seen.exchange, reply=reply)))


def _plain(figure: str, value: float) -> str:
    """A number as it was written, where that is how YAML writes it too."""
    if re.fullmatch(r"\d+(\.\d+)?", figure) and float(figure) == value:
        return figure
    return f"{value:.15g}"


def _one_space(match: re.Match[str]) -> str:
    """One character for a run of white space, so that places are those of the folded text."""
    return "\n" if "\n" in match[0] else " "
