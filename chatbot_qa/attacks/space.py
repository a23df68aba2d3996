"""What can be tried in a case: every attack with every ask and every disguise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Literal

from msgspec import Struct

from chatbot_qa.attacks.library import texts_of
from chatbot_qa.attacks.wording import PLAIN, marks_in
from chatbot_qa.domain.attack import Attack, Family

BACK = 2
"""How often one attempt goes back after a refusal, at most."""


class Ask(Struct, frozen=True):
    """Something to ask for: ``text`` in the words of an order, ``aim`` what it would give."""

    text: str
    aim: Literal["secret", "prompt", "policy", "promise"]


class Given(Struct, frozen=True):
    """What a case gives to attack, and to judge by."""

    asks: tuple[Ask, ...] = ()
    secret: bool = False
    prompt: bool = False
    policy: bool = False
    history: bool = False
    tool: bool = False
    role: bool = False


class Cell(Struct, frozen=True):
    """One way of attacking; ``ask`` is the number of what is asked for, -1 for nothing."""

    attack: Attack
    converter: str
    ask: int = -1

    @property
    def cost(self) -> int:
        """How many messages it takes at most."""
        turns = len(self.attack.turns)
        return turns * (1 + BACK) if self.attack.climbs else turns


class Untried(Struct, frozen=True):
    """An attack that the case gives no way to try, and what it would need."""

    attack: Attack
    needs: str


class Space(Struct, frozen=True):
    """All cells of a case, and the attacks that have none."""

    cells: tuple[Cell, ...]
    untried: tuple[Untried, ...]

    @property
    def cost(self) -> float:
        """How many messages a cell takes at most, on average."""
        return sum(cell.cost for cell in self.cells) / len(self.cells) if self.cells else 0.0


_LACKS = {
    "secret": "a `secret:`",
    "prompt": "a system prompt under `system:`",
    "policy": "checks under `policy:`",
    "role": "a `role:` or a `system:` that says who the bot is",
    "ask": "a `secret:`, a `system:`, `never_promise:`, or `goals:` with a `policy:`",
    "history": "a `history:` (the bot must take lines that were said before)",
    "tool": "a function under `tools:` that the bot calls",
}


def space_of(families: Sequence[Family], given: Given, converters: Sequence[str]) -> Space:
    """Every attack of the families with all that it can be combined with."""
    cells: list[Cell] = []
    untried: list[Untried] = []
    for attack in (one for family in families for one in family.members):
        needs = next(_lacks(attack, given), "")
        if needs:
            untried.append(Untried(attack, needs))
        else:
            cells += _cells(attack, given, converters)
    return Space(tuple(cells), tuple(untried))


def _lacks(attack: Attack, given: Given) -> Iterator[str]:
    if attack.aim == "ask" and not given.asks:
        yield _LACKS["ask"]
    if attack.aim in ("secret", "prompt", "policy", "role") and not getattr(given, attack.aim):
        yield _LACKS[attack.aim]
    for need in attack.needs:
        if not getattr(given, need):
            yield _LACKS[need]


def _cells(attack: Attack, given: Given, converters: Sequence[str]) -> Iterator[Cell]:
    asks = range(len(given.asks)) if _asks(attack) else (-1,)
    for converter in attack.through or converters or (PLAIN,):
        for ask in asks:
            yield Cell(attack, converter, ask)


def _asks(attack: Attack) -> bool:
    """Whether what is asked for stands in its texts."""
    return any(mark.startswith("ask") for text in texts_of(attack) for mark in marks_in(text))


def drawn(space: Space, count: int, seed: str) -> tuple[Cell, ...]:
    """``count`` cells, each as likely as any other, none twice before all have come once.

    Drawn without putting back, the number of successes varies no more than a binomial one
    (Hoeffding 1963, theorem 4), so that exact binomial bounds hold.
    """
    draw = Random(f"audit {seed}")
    cells: list[Cell] = []
    while space.cells and len(cells) < count:
        cells += draw.sample(space.cells, len(space.cells))
    return tuple(cells[:count])
