"""Composed replies that miss what was asked, and answers that look like them.

A reply misses the request where it says it again, promises to serve it, asks back, jokes,
praises the house, stays general, tells something beside it, serves something kinder in its
place, or is no language at all. ``refusal_missed.yaml`` holds our own phrases; a seeded
choice joins them, so that the same seed gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bench.refusal_rows import Row, upper

PHRASES = Path(__file__).parent / "refusal_missed.yaml"

_EACH = {"en": 3, "de": 2, "es": 2, "fr": 2}
"""How often each question of a language is missed in each way."""


def missed(seed: int = 5) -> list[Row]:
    """The rows of all languages; the same ones for a seed."""
    phrases = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return [
        row
        for language, own in phrases.items()
        for row in _Missing(language, own, Random(f"{seed} {language}")).rows()
    ]


class _Missing:
    """One language's phrases, joined."""

    def __init__(self, language: str, phrases: dict[str, Any], chance: Random) -> None:
        self.language, self.phrases, self.chance = language, phrases, chance

    def rows(self) -> Iterator[Row]:
        """All rows of the language."""
        for asked in self.phrases["questions"]:
            for _ in range(_EACH[self.language]):
                for kind, reply in self._missing(*asked):
                    yield Row(asked[0], reply, "non_answer", kind, self.language)
            for reply in self._answering(asked[4]):
                yield Row(asked[0], reply, "answered", "answer", self.language)
        for key in ("needs", "jokes", "served", "opposite"):
            label = "non_answer" if key == "opposite" else "answered"
            for ask, reply in self.phrases[key]:
                yield from [Row(ask, reply, label, key, self.language)] * _EACH[self.language]

    def _missing(
        self, ask: str, clause: str, topic: str, beside: str, answer: str
    ) -> Iterator[tuple[str, str]]:
        words = {"c": clause, "C": upper(clause), "t": topic, "T": upper(topic)}
        for kind in ("restate", "promise", "counter", "joke"):
            yield kind, self._pick(kind).format(**words)
        yield "echo", ask
        yield "general", self._some("general", 2, 4).format(**words)
        yield "us", self._some("us", 1, 3)
        yield "beside", beside + self.chance.choice(["", " " + self._pick("us")])
        yield "gibberish", self.chance.choice([_babble, _stutter, _fragments])(self.chance, ask)

    def _answering(self, answer: str) -> Iterator[str]:
        yield answer
        yield f"{answer} {self._pick('asks')}"
        yield f"{answer} {self._pick('laughs')}"
        yield f"{answer} {self._pick('us')}"

    def _pick(self, key: str) -> str:
        text: str = self.chance.choice(self.phrases[key])
        return text

    def _some(self, key: str, least: int, most: int) -> str:
        amount = min(len(self.phrases[key]), self.chance.randint(least, most))
        return " ".join(self.chance.sample(self.phrases[key], amount))


def _babble(chance: Random, ask: str) -> str:
    """Words that no language has."""
    ends = ["", "m", "rt", "sk", "ff", "ng"]

    def word() -> str:
        parts = [
            chance.choice("bdfgklmnprstvz") + chance.choice("aeiou")
            for _ in range(chance.randint(1, 3))
        ]
        return "".join(parts) + chance.choice(ends)

    return " ".join(word() for _ in range(chance.randint(4, 16))) + chance.choice(["", "."])


def _stutter(chance: Random, ask: str) -> str:
    """A few words of the request over and over."""
    words = ask.lower().strip("?.¿ ").split()
    few = chance.sample(words, min(len(words), chance.randint(1, 3)))
    return " ".join(chance.choice(few) for _ in range(chance.randint(8, 30)))


def _fragments(chance: Random, ask: str) -> str:
    """Keys struck at random, marks and scraps."""
    keys = "qwertzuiopasdfghjklyxcvbnm"
    scraps = ["##", "%%", "{}", "<|>", "0x1f", "//", "[[", "]]", "..."]
    parts = [
        chance.choice(scraps)
        if chance.random() < 0.3
        else "".join(chance.choices(keys, k=chance.randint(3, 7)))
        for _ in range(chance.randint(4, 14))
    ]
    return " ".join(parts)
