"""Which case gets the next repeat, where there are too few for all.

The aim is as many decided cases as the calls that are left can decide. How often a bot passes
is not known: ``USUAL`` says what is likely beforehand, the repeats so far what is likely now. A
case is worth the chance that it is decided, for each repeat that it takes, as far ahead as that
is best: its Gittins index (Sevcik 1974, Gittins 1979), which is the order that decides the most
where one case after another may be put aside and taken up again.
"""

from __future__ import annotations

from functools import lru_cache

from chatbot_qa.stats.designs import USUAL, Mix
from chatbot_qa.stats.sequential import Call, Design

_STEPS = 24
_AHEAD = 60
"""Repeats that are looked ahead: beyond so many the index changes no order that matters."""


@lru_cache(maxsize=4096)
def gain(design: Design, passes: int, misses: int, mix: Mix = USUAL) -> float:
    """Decided cases for each further repeat of a case with these counts: above 0, at most 1.

    Raises ``ValueError`` where it is decided.
    """
    if design.decide(passes, misses) is not Call.GO_ON:
        raise ValueError(f"{misses} misses in {passes + misses} are decided")
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        price = (low + high) / 2
        if _worth(design, passes, misses, mix, price) > 0:
            low = price
        else:
            high = price
    return high


def _worth(design: Design, passes: int, misses: int, mix: Mix, price: float) -> float:
    """What going on is worth at a price of a repeat, where a decision is worth 1.

    By backward induction over the points ahead, each reached by the chances of the mix; one may
    stop anywhere.
    """
    start = passes + misses
    end = min(design.cap, start + _AHEAD)
    later: list[float] = []
    for repeats in range(end, start - 1, -1):
        now = []
        for more in range(repeats - start + 1):
            there = misses + more
            weight = _weight(mix, repeats - there, there)
            if design.decide(repeats - there, there) is not Call.GO_ON:
                now.append(weight)
            elif repeats == end:
                now.append(0.0)
            else:
                on = later[more] + later[more + 1] - price * weight
                now.append(on if repeats == start else max(0.0, on))
        later = now
    return later[0]


@lru_cache(maxsize=65536)
def _weight(mix: Mix, passes: int, misses: int) -> float:
    """The chance of one way to these counts, over the mix."""
    return sum(share * rate**passes * (1 - rate) ** misses for rate, share in mix)
