"""Which attack to try next: a seeded bandit that learns which families and disguises work.

Thompson sampling (Thompson 1933): each family, disguise and attack has a Beta distribution of
how often it works, one value is drawn of each, and the cells with the greatest products go
next. Rates of success are never estimated from what it tries: it looks where it is worst.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random

from chatbot_qa.attacks.space import Cell
from chatbot_qa.attacks.wording import PLAIN

_PRIOR = (1.0, 1.0)
_DISGUISED = (1.0, 2.0)
"""A disguise that a bot cannot read is no attack: seen less often to work than plain words."""


def opening(cells: Sequence[Cell], calls: int) -> tuple[Cell, ...]:
    """The first attack of each family in plain words, the cheap ones first, for so many calls.

    A catalogue lists the likeliest attack of a family first. Where those leave an aim out, the
    first attack with that aim goes before them.
    """
    families = _firsts(cells, lambda cell: cell.attack.family)
    aims = _firsts(cells, lambda cell: cell.attack.aim)
    there = {cell.attack.aim for cell in families.values()}
    lacking = [cell for aim, cell in aims.items() if aim not in there]
    found = []
    for cell in sorted((*lacking, *families.values()), key=lambda one: one.cost):
        calls -= cell.cost
        if calls < 0:
            break
        found.append(cell)
    return tuple(found)


def _firsts(cells: Sequence[Cell], key: Callable[[Cell], str]) -> dict[str, Cell]:
    """The first cell of each sort, in plain words where there is such a one."""
    first: dict[str, Cell] = {}
    for cell in cells:
        known = first.get(key(cell))
        if known is None or cell.converter == PLAIN != known.converter:
            first[key(cell)] = cell
    return first


class Bandit:
    """Learns from every attempt; ``seed`` decides all that it draws."""

    def __init__(self, cells: Sequence[Cell], seed: str) -> None:
        self._cells = tuple(cells)
        self._draw = Random(f"search {seed}")
        self._tried: Counter[Cell] = Counter()
        self._won: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()

    def learn(self, cell: Cell, won: bool) -> None:
        """Take note of an attempt that was scored."""
        self._tried[cell] += 1
        for arm in _arms(cell):
            (self._won if won else self._lost)[arm] += 1

    def skip(self, cell: Cell) -> None:
        """Take note of an attempt that says nothing."""
        self._tried[cell] += 1

    def choose(self, count: int, calls: int) -> tuple[Cell, ...]:
        """Up to ``count`` cells for so many messages, those tried least often first."""
        drawn: dict[str, float] = {}
        ranked = sorted(
            self._cells,
            key=lambda cell: (self._tried[cell], -self._promise(_arms(cell), drawn)),
        )
        found: list[Cell] = []
        for cell in ranked:
            if len(found) == count:
                break
            if cell.cost <= calls:
                found.append(cell)
                calls -= cell.cost
        return tuple(found)

    def _promise(self, arms: Iterable[str], drawn: dict[str, float]) -> float:
        product = 1.0
        for arm in arms:
            if arm not in drawn:
                won, lost = _DISGUISED if arm.startswith("through ") else _PRIOR
                if arm == f"through {PLAIN}":
                    won, lost = lost, won
                drawn[arm] = self._draw.betavariate(won + self._won[arm], lost + self._lost[arm])
            product *= drawn[arm]
        return product


def _arms(cell: Cell) -> tuple[str, ...]:
    attack = cell.attack
    name = f"attack {attack.family}/{attack.id}"
    return (f"family {attack.family}", name, f"through {cell.converter}", f"ask {cell.ask}")
