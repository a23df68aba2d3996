"""From a dialogue that was held by hand to a case, with checks of what its replies said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import Exchange
from chatbot_qa.pipeline.propose import codes_in, evidence, facts, form_of, stance, typed
from chatbot_qa.registry import Registry
from chatbot_qa.spec.edit import Remark, Tree
from chatbot_qa.text.excerpt import shown

_WORD: Final = re.compile(r"[a-z0-9]+")
_LABEL: Final = re.compile(r"([A-Za-z]+)(?: ([A-Za-z]+))?:?\s*$")
_QUOTED: Final = 200
_WORDS_OF_ID: Final = 6


class Mark(Struct, frozen=True):
    """What the person said of a reply; ``why`` is what was wrong with it, if they said so."""

    right: bool
    why: str = ""


class Kept(Struct, frozen=True):
    """One exchange of the dialogue, with its mark if it has one."""

    exchange: Exchange
    mark: Mark | None = None

    @property
    def wrong(self) -> bool:
        """Whether it was marked as wrong."""
        return self.mark is not None and not self.mark.right


class Coined(Struct, frozen=True):
    """A code that the bot made up in one turn and that comes back later.

    ``later`` are the turns whose replies give it again.
    """

    code: str
    name: str
    form: str
    first: int
    later: tuple[int, ...]


class Made(Struct, frozen=True):
    """A case that was made of a dialogue: its id, how it is written, how many checks it has."""

    id: str
    tree: Mapping[str, Tree]
    checks: int


def said(message: Message) -> str:
    """What the user typed or pressed."""
    return message.text or message.click


def case_of(kept: Sequence[Kept], registry: Registry, taken: Collection[str], today: date) -> Made:
    """The dialogue as a case; ``taken`` are ids that it cannot have."""
    exchanges = tuple(one.exchange for one in kept)
    coined = _coined(exchanges)
    turns: list[Tree | Remark] = []
    checks = 0
    for number, one in enumerate(kept, 1):
        if one.wrong:
            turns.append(Remark(_told(one, today)))
        turn = _does(one.exchange.say.message, coined, number)
        made = {each.name: {"matches": each.form} for each in coined if each.first == number}
        if made:
            turn["save"] = made
        found = _found(exchanges, number, registry, coined, today)
        expected = _expected(one, found, stance(evidence(exchanges, number)))
        if expected:
            turn["expect"] = expected
        checks += len(expected)
        turns.append(turn)
    name = _free_id(said(exchanges[0].say.message), taken)
    return Made(name, {"id": name, "turns": turns}, checks)


def _told(one: Kept, today: date) -> str:
    """The comment above a turn whose reply was wrong."""
    why = f", {one.mark.why}" if one.mark is not None and one.mark.why else ""
    return f"wrong on {today}{why}: {shown(one.exchange.text, _QUOTED)}"


def _does(message: Message, coined: Sequence[Coined], turn: int) -> dict[str, Tree]:
    """What the user does, with the names of codes that the bot made up before."""
    text = typed(said(message))
    for one in coined:
        if one.first < turn:
            text = text.replace(one.code, f"${{{one.name}}}")
    return {"click" if message.click else "say": text}


def _found(
    exchanges: Sequence[Exchange],
    turn: int,
    registry: Registry,
    coined: Sequence[Coined],
    today: date,
) -> Sequence[Tree]:
    """The facts of a reply; codes that were given before are recalled, and not new ones."""
    again = [one for one in coined if turn in one.later]
    meant: list[Tree] = [{"matches": one.form} for one in again]
    meant += [{"recalls": one.code} for one in again]
    found = facts(evidence(exchanges, turn), registry, today)
    own = [tree for tree in found if tree not in meant]
    return [*own, *({"recalls": f"${{{one.name}}}"} for one in again)]


def _expected(one: Kept, found: Sequence[Tree], manner: str) -> Sequence[Tree]:
    """The checks of one turn, by its facts, by whether it refuses, and by its mark."""
    if one.wrong:
        return [_never_again(one, found, manner)]
    if one.mark is None and found:
        return found
    return [*([manner] if manner else []), *found]


def _never_again(one: Kept, found: Sequence[Tree], manner: str) -> Tree:
    """The check that fails as long as the bot says the same wrong thing."""
    why: Mapping[str, Tree] = {"because": one.mark.why} if one.mark and one.mark.why else {}
    words = one.exchange.text.strip().split("\n", 1)[0]
    if manner == "refuses" or not words:
        return {"answers": why} if why else "answers"
    if len(found) > 1:
        return {"not_all_of": found, **why}
    if found and isinstance(found[0], Mapping):
        (name, value), *options = found[0].items()
        return {f"not_{name}": value, **dict(options), **why}
    return {"not_contains": typed(words[:_QUOTED]), **why}


# Codes that the bot makes up


def _coined(exchanges: Sequence[Exchange]) -> Sequence[Coined]:
    """The codes that a reply made up and that the dialogue comes back to."""
    found: dict[str, Coined] = {}
    for number, exchange in enumerate(exchanges, 1):
        for code in codes_in(exchange.text):
            heard = "\n".join(said(one.say.message) for one in exchanges[:number])
            form = form_of(code)
            if code in found or code in heard or code not in _first(form, exchange.text):
                continue
            rest = list(enumerate(exchanges[number:], number + 1))
            later = tuple(turn for turn, one in rest if code in codes_in(one.text))
            if later or any(code in said(one.say.message) for _, one in rest):
                name = _name(exchange.text, code, [one.name for one in found.values()])
                found[code] = Coined(code, name, form, number, later)
    return tuple(found.values())


def _first(form: str, text: str) -> Sequence[str]:
    """What ``save: matches`` takes of a text."""
    match = re.search(form, text)
    return [match[0]] if match else []


def _name(text: str, code: str, taken: Collection[str]) -> str:
    """A name for a code by the words before it: ``Return number: R-1`` is return_number."""
    label = _LABEL.search(text[: text.index(code)])
    words = [word for word in label.groups() if word] if label else []
    plain = "_".join(words).lower()
    return _free(plain if len(plain) > 2 else "code", taken, "_")


def _free_id(text: str, taken: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = _WORD.findall(plain)[:_WORDS_OF_ID]
    return _free("-".join(words)[:60].strip("-") or "dialogue", taken, "-")


def _free(name: str, taken: Collection[str], joint: str) -> str:
    """The name, numbered where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}{joint}{number}"
    return free
