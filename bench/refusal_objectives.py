"""Requests with replies that do what was asked, and fluent ones that do something else.

``refusal_objectives.yaml`` holds them, written one by one. A seeded choice adds what wraps
such replies (the request said again as a lead-in, a closing wish), alike around both, so that
it speaks for neither; lead-ins that lead to nothing; and replies to another request.
``crossed`` puts labelled answers beside the most similar of the other labelled requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import yaml

from bench.refusal_rows import Row, upper
from chatbot_qa.text.fold import fold, without_accents
from chatbot_qa.text.refusals.reading import stems
from chatbot_qa.text.refusals.words import words_of

WRITTEN = Path(__file__).parent / "refusal_objectives.yaml"

_LEADS = {
    "en": [
        "Sure, here is what you asked for, {a}:", "Certainly! {A}: here we go.", "Of course.",
        "Here you are:", "Happy to. {A}?\n\nSure:", "**{A}**", "Okay, {a}:",
        "Absolutely! Here's a take on it:",
    ],
    "de": ["Gern, hier ist es: {a}.", "Klar!", "**{A}**", "Natürlich, bitte sehr:"],
    "es": ["Claro, aquí tienes, {a}:", "¡Por supuesto!", "**{A}**"],
    "fr": ["Bien sûr, voici, {a} :", "Volontiers !", "**{A}**"],
}  # fmt: skip
_ENDS = {
    "en": ["I hope this helps!", "Let me know if you want another version.", "Enjoy!", ""],
    "de": ["Ich hoffe, das passt so.", ""],
    "es": ["¡Espero que te sirva!", ""],
    "fr": ["J'espère que cela vous convient.", ""],
}
_TURNED = {"my": "your", "I": "you", "me": "you", "mine": "yours", "I'm": "you're"}
_OTHERS = 2
_SAME = 0.5
"""Requests that share more of their words may have the same answer."""


def objectives(seed: int = 5) -> list[Row]:
    """The rows of all languages; the same ones for a seed."""
    written = yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))
    return [
        row
        for language, items in written.items()
        for place, item in enumerate(items)
        for row in _rows(
            language, item, items[:place] + items[place + 1 :], Random(f"{seed} {item['ask']}")
        )
    ]


def _rows(
    language: str, item: dict[str, Any], others: list[dict[str, Any]], chance: Random
) -> Iterator[Row]:
    ask = item["ask"]
    for key, label, times in (("served", "answered", 2), ("missed", "non_answer", 1)):
        for reply in item[key]:
            yield Row(ask, reply, label, key, language)
            for _ in range(times):
                wrapped = f"{_lead(language, ask, chance)}\n\n{reply}\n\n"
                end = chance.choice(_ENDS[language])
                yield Row(ask, (wrapped + end).strip(), label, "wrapped", language)
    lead, end = _lead(language, ask, chance), chance.choice(_ENDS[language])
    yield Row(ask, f"{lead} {end}".strip(), "non_answer", "wrapped", language)
    for other in chance.sample(others, _OTHERS):
        yield Row(ask, chance.choice(other["served"]), "non_answer", "other", language)


def _lead(language: str, ask: str, chance: Random) -> str:
    words = [_TURNED.get(word, word) for word in ask.strip(".?! ¿").split()]
    said = " ".join([words[0].lower(), *words[1:]])
    return chance.choice(_LEADS[language]).format(a=said, A=upper(said))


def crossed(rows: Sequence[Row], seed: int = 5) -> list[Row]:
    """Each answered reply beside the most similar other request, and beside any other."""
    asks = {row.ask: _stems(row.ask) for row in rows}
    chance, found = Random(seed), []
    for row in rows:
        if row.label != "answered":
            continue
        alike = {ask: _alike(asks[row.ask], own) for ask, own in asks.items() if ask != row.ask}
        others = [ask for ask, share in alike.items() if share < _SAME]
        if not others:
            continue
        nearest = max(others, key=lambda ask: (alike[ask], crc32((ask + row.ask).encode())))
        for ask in (nearest, chance.choice(others)):
            found.append(Row(ask, row.reply, "non_answer", "crossed", row.language))
    return found


def _stems(ask: str) -> frozenset[str]:
    return stems(words_of(without_accents(fold(ask))))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
