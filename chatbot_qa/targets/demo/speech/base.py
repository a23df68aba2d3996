"""What a language is to the bot: words by which it understands, and what it says."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Language(Struct, frozen=True):
    """One language.

    ``marks`` are words that tell it from the others. ``understands`` maps an intent to
    patterns: groups set apart by spaces, alternatives by ``|``; a sentence fits a pattern
    that has a word of it in each group. ``@product``, ``@slot`` and ``@language`` stand
    for the words of those tables. ``ways`` are excuses under which a leaky bot tells its
    secret. ``labels`` name what a customer can tell, possessive included. ``says`` maps
    an intent to wordings that mean the same.
    """

    code: str
    decimal: str
    marks: str
    names: Mapping[str, str]
    slots: Mapping[str, str]
    products: Mapping[str, str]
    understands: Mapping[str, tuple[str, ...]]
    ways: Mapping[str, str]
    wary: str
    quantities: Mapping[str, int]
    labels: Mapping[str, str]
    wares: Mapping[str, str]
    says: Mapping[str, tuple[str, ...]]

    def money(self, cents: int) -> str:
        """An amount as it is written in this language."""
        return f"{cents // 100}{self.decimal}{cents % 100:02d} EUR"
