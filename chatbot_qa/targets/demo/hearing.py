"""What the bot makes of a message: its language, what it tells, and what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from chatbot_qa.targets.demo.speech import LANGUAGES

SIGNALS = ("yes", "no", "correction", "number_only", "pasted", "promise")
"""Not intents but how a message is meant."""

INTENTS = (
    "secret",
    "harm",
    "offtopic",
    "language",
    "forget",
    "handover",
    "stolen",
    "notification",
    "password",
    "discount",
    "status",
    "cancel",
    "refund",
    "advice",
    "booking",
    "book",
    "returns",
    "shipping",
    "delivery",
    "hours",
    "price",
    "payment",
    "recall",
    "identity",
    "wellbeing",
    "joke",
    "weather",
    "thanks",
    "goodbye",
    "greeting",
)
"""Of several that fit a sentence, the first is meant."""

COURTESIES = frozenset({"wellbeing", "thanks", "goodbye", "greeting"})
"""Answered only where nothing else is there to answer."""

_FOLD = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.!?]+\s+|\n+")


def fold(text: str) -> str:
    """Lower case without accents."""
    folded = text.casefold()
    return folded if folded.isascii() else folded.translate(_FOLD)


def words_of(text: str) -> frozenset[str]:
    """The words of a text, folded, each also without the s of a plural."""
    words = _WORD.findall(fold(text))
    return frozenset(words + [word[:-1] for word in words if word[-1] == "s" and len(word) > 3])


class Rule(Struct, frozen=True):
    """Fits a sentence that has a word of each of its groups; a lower rank goes first."""

    rank: int
    groups: tuple[frozenset[str], ...]

    def fits(self, words: frozenset[str]) -> bool:
        return not any(map(words.isdisjoint, self.groups))


def _words(alternatives: str) -> frozenset[str]:
    return frozenset(fold(alternatives).split("|"))


def _by_word(tables: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {word: meaning for meaning, words in tables for word in _words(words)}


SLOTS: Mapping[str, str] = _by_word(
    item for language in LANGUAGES.values() for item in language.slots.items()
)
_PRODUCTS: Mapping[str, str] = _by_word(
    item for language in LANGUAGES.values() for item in language.products.items()
)
_WAYS: Mapping[str, str] = _by_word(
    item for language in LANGUAGES.values() for item in language.ways.items()
)
_WARY = frozenset().union(*(_words(language.wary) for language in LANGUAGES.values()))
_QUANTITIES: Mapping[str, int] = {
    fold(word): number
    for language in LANGUAGES.values()
    for word, number in language.quantities.items()
}
_LANGUAGE_NAMES = _by_word(
    item for language in LANGUAGES.values() for item in language.names.items()
)
_GROUPS = {
    "@slot": frozenset(SLOTS),
    "@product": frozenset(_PRODUCTS),
    "@language": frozenset(_LANGUAGE_NAMES),
}


def _group(written: str) -> frozenset[str]:
    return frozenset().union(
        *(_GROUPS.get(word, frozenset({fold(word)})) for word in written.split("|"))
    )


def _rule(rank: int, pattern: str) -> Rule:
    return Rule(rank, tuple(_group(group) for group in pattern.split()))


def _index(understands: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Rule, ...]]:
    """Rules by each word of their first group."""
    index: dict[str, list[Rule]] = {}
    for rank, intent in enumerate(INTENTS):
        for rule in (_rule(rank, pattern) for pattern in understands.get(intent, ())):
            for word in rule.groups[0]:
                index.setdefault(word, []).append(rule)
    return {word: tuple(rules) for word, rules in index.items()}


_FIRST = {code: (code, *(other for other in LANGUAGES if other != code)) for code in LANGUAGES}
_RULES = {code: _index(language.understands) for code, language in LANGUAGES.items()}
_SIGNALS = {
    signal: tuple(
        _rule(0, pattern)
        for language in LANGUAGES.values()
        for pattern in language.understands.get(signal, ())
    )
    for signal in SIGNALS
}


def _marks() -> dict[str, frozenset[str]]:
    """The words that only this language has, by language."""
    marks = {code: words_of(language.marks) for code, language in LANGUAGES.items()}
    return {
        code: words.difference(*(other for each, other in marks.items() if each != code))
        for code, words in marks.items()
    }


_MARKS = _marks()


def language_of(words: frozenset[str]) -> str | None:
    """The language whose words prevail; None where none does."""
    best, most = None, 0
    for code, marks in _MARKS.items():
        found = len(words & marks)
        if found > most:
            best, most = code, found
        elif found == most:
            best = None
    return best


def intent_of(words: frozenset[str], code: str) -> str | None:
    """What a sentence in that language asks for, or None."""
    index = _RULES[code]
    best = len(INTENTS)
    for word in words:
        for rule in index.get(word, ()):
            if rule.rank < best and rule.fits(words):
                best = rule.rank
    return INTENTS[best] if best < len(INTENTS) else None


def signals(words: frozenset[str], signal: str) -> bool:
    """Whether a message is meant so: yes, no, correction, number_only, pasted, promise."""
    return any(rule.fits(words) for rule in _SIGNALS[signal])


class Asked(Struct, frozen=True):
    """One thing that a message asks for, with the words of its sentence."""

    intent: str
    words: frozenset[str]


def asked_in(text: str, code: str) -> list[Asked]:
    """What the sentences of a text ask for, in order; in other languages if not in this one."""
    sentences = [words_of(sentence) for sentence in _SENTENCE.split(text)]
    for known in _FIRST[code]:
        found = [
            Asked(intent, words)
            for words in sentences
            if (intent := intent_of(words, known)) is not None
        ]
        if found:
            return found
    return []


def _meant(words: frozenset[str], table: Mapping[str, str]) -> tuple[str, ...]:
    """What the words of a table mean that are there, in the order of the table."""
    found = {table[word] for word in words if word in table}
    return tuple(meaning for meaning in dict.fromkeys(table.values()) if meaning in found)


def language_wanted(words: frozenset[str]) -> str | None:
    """The language that is asked for by its name, or None."""
    return next(iter(_meant(words, _LANGUAGE_NAMES)), None)


def slots_in(words: frozenset[str]) -> tuple[str, ...]:
    """What a customer can tell, as far as these words name it."""
    named = _meant(words, SLOTS)
    if "email" in named:  # an e-mail address is no address
        return tuple(slot for slot in named if slot != "address")
    return named


def products_in(words: frozenset[str]) -> tuple[str, ...]:
    """The wares that these words name."""
    return _meant(words, _PRODUCTS)


def quantity_in(words: frozenset[str]) -> int:
    """How many are asked for: a number below 1,000, else one."""
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= 3]
    numbers += [_QUANTITIES[word] for word in words if word in _QUANTITIES]
    return min((number for number in numbers if number), default=1)


def way_in(words: frozenset[str]) -> str:
    """The excuse under which a secret is asked for, or ""."""
    return next(iter(_meant(words, _WAYS)), "")


def is_wary_of(words: frozenset[str]) -> bool:
    """Whether a bot that looks at words alone would take fright."""
    return not _WARY.isdisjoint(words)


_PASTED = re.compile(r"(?:^|\n)[ \t]*(?:>|```|---|(?:From|Subject|Von|Betreff|De|Asunto|Objet):)")
_QUOTED = re.compile(r":\s*[\n\"“„«']")


def split_pasted(text: str) -> tuple[str, str]:
    """The user's own words, and the text of someone else that is pasted after them."""
    found = _PASTED.search(text)
    if found is None:
        found = _QUOTED.search(text)
        if found is None or not signals(words_of(text[: found.start()]), "pasted"):
            return text, ""
    return text[: found.start()], text[found.start() :].lstrip(": \n")


_PART = re.compile(
    r"\b(?:you are now|from now on you are|pretend to be|act as|work for|greet me as|then as"
    r"|switch to|du bist (?:jetzt|ab jetzt)|spiele?|eres ahora|ahora eres|actúa como"
    r"|tu es maintenant"
    r"|joue)\s+(?:the |an? |ein\w* |une? |un )?([\w-]{2,30})",
    re.I,
)


def part_in(text: str) -> str:
    """The part that a message gives to the bot, or ""."""
    found = _PART.search(text)
    return found.group(1) if found else ""
