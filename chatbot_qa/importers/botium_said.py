"""What Botium's bot is to say, as checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from chatbot_qa.importers.base import Check, Fate
from chatbot_qa.importers.botium_checks import Words
from chatbot_qa.importers.botium_text import Step
from chatbot_qa.importers.botium_words import VARIABLE, Read, Wanted, wanted
from chatbot_qa.importers.dialogue import literal

_LIKE_A_COMMAND = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:\s.*)?|[A-Z][A-Z0-9]{3,}\s.*\|.*")
_LIKE_A_NAME = re.compile(r"[A-Z][A-Z0-9]{3,}")


class Said(Struct):
    """The checks of a text, what is saved of it, and how well that fits.

    ``custom`` are lines that look like asserters which are declared nowhere.
    """

    checks: list[Check] = field(default_factory=list)
    save: dict[str, Any] = field(default_factory=dict)
    fate: Fate = "carried"
    words: str = ""
    reads: list[Read] = field(default_factory=list)
    phrases: dict[str, Sequence[str]] = field(default_factory=dict)
    custom: list[str] = field(default_factory=list)


def phrase(name: str) -> str:
    """The name that an utterance list has under ``phrases:``."""
    return re.sub(r"\W", "_", name.strip()) or "phrase"


def wordings(text: str, phrases: Mapping[str, tuple[str, ...]]) -> Sequence[str] | None:
    """The texts of the utterance list that a text names; ``%s`` in them are what follows it."""
    known = phrases.get(text)
    if known is not None:
        return known
    name, *args = text.split()
    listed = phrases.get(name, ())
    if not args or not any("%s" in one for one in listed):
        return None
    return [_formatted(one, args) for one in listed]


def _formatted(text: str, args: Sequence[str]) -> str:
    """The text with its ``%s`` filled in, in their order."""
    for arg in args:
        text = text.replace("%s", arg, 1)
    return text


def said(step: Step, words: Words) -> Said:
    """The checks of the text of a section of ``#bot``."""
    if step.data is not None:
        return _of_json(step)
    texts = wordings(step.text, words.phrases)
    if texts is not None:
        return _any_text(step, texts, words)
    lines = step.text.split("\n")
    custom = [line for line in lines if _LIKE_A_COMMAND.fullmatch(line)]
    rest = "\n".join(line for line in lines if line not in custom).strip()
    if not rest:
        return Said(custom=custom)
    found = wanted(rest, words.known, negated=step.negated)
    told = Said(found.checks, found.save, reads=[found.read], custom=custom)
    if found.read.by_hand:
        return Said(fate="by-hand", words="; ".join(found.read.by_hand), custom=custom)
    if found.read.nearly:
        told.fate, told.words = "approximated", "; ".join(found.read.nearly)
    elif _LIKE_A_NAME.fullmatch(rest):
        told.fate = "approximated"
        told.words = "it is compared as text: no asserter and no list here has this name"
    return told


def _of_json(step: Step) -> Said:
    """JSON is compared with the connector's answer: here with what the target maps of it."""
    if not isinstance(step.data, dict) or not step.data:
        return Said(fate="by-hand", words="a list of JSON has no names to compare by")
    check = Check("not_data" if step.negated else "data", _paths(step.data))
    words = "the target has to map these names under `data:`"
    return Said([check], fate="approximated", words=words)


def _paths(data: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The values of nested mappings by names joined with dots."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, dict) and value:
            found |= _paths(value, path)
        else:
            found[path] = literal(value) if isinstance(value, str) else value
    return found


def _any_text(step: Step, texts: Sequence[str], words: Words) -> Said:
    """One of the wordings of an utterance list."""
    if not any(VARIABLE.search(text) for text in texts):
        name = phrase(step.text)
        check = Check("not_contains_any" if step.negated else "contains_any", f"${{{name}}}")
        return Said([check], phrases={name: [literal(text) for text in texts]})
    each = [wanted(text, words.known) for text in texts]
    checks = [check for one in each for check in one.checks]
    if len(checks) > 1:
        check = Check("not_any_of" if step.negated else "any_of", checks)
    else:
        (only,) = checks
        check = Check(f"not_{only.name}" if step.negated else only.name, only.value, only.options)
    told = Said([check], reads=[one.read for one in each])
    wrong = [words for one in each for words in (*one.read.by_hand, *one.read.nearly)]
    lost = _saved(each, told.save)
    if lost:
        names = ", ".join(f"${name}" for name in lost)
        wrong.append(f"{names} is not saved, as not every wording holds it")
    if wrong:
        told.fate, told.words = "approximated", "; ".join(wrong)
    return told


def _saved(each: Sequence[Wanted], save: dict[str, Any]) -> list[str]:
    """Save what every wording holds; the names that only some of them do."""
    if len(each) == 1:
        save |= each[0].save
        return []
    lost: list[str] = []
    for name in dict.fromkeys(name for one in each for name in one.save):
        if not all(name in one.save for one in each):
            lost.append(name)
            continue
        before = [one.save[name]["matches"].partition(r"(\S+)")[0] for one in each]
        heads = "|".join(part.removeprefix("(?i)") for part in before)
        save[name] = {"matches": rf"(?i)(?:{heads})(\S+)"}
    return lost
