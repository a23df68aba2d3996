"""Parts of labelled rows, drawn by a seed: folds, and rows held out.

Rows of one group stay together, so that no part knows the answer to another. Where it is
``stratified`` each part has its share of every label, as near as whole groups allow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from random import Random


def folds(
    labels: Sequence[Hashable],
    number: int,
    seed: int,
    *,
    stratified: bool = True,
    groups: Sequence[Hashable] | None = None,
) -> tuple[int, ...]:
    """The fold of each row, from 0; ``groups`` say which rows stay together (none: each alone).

    Groups are dealt out in an order drawn by the seed, the largest first, each to the fold that
    has the least of its labels (of all rows, where it is not stratified), and of those the
    smallest. Raises ``ValueError`` for fewer than 2 folds, or fewer groups than folds.
    """
    members = _members(len(labels), groups)
    if not 2 <= number <= len(members):
        raise ValueError(f"{len(members)} groups of rows cannot be dealt to {number} folds")
    order = list(members)
    Random(seed).shuffle(order)
    order.sort(key=len, reverse=True)
    counts = [Counter[Hashable]() for _ in range(number)]
    sizes = [0] * number
    found = [0] * len(labels)
    for rows in order:
        has = Counter(labels[row] if stratified else None for row in rows)

        def crowded(
            fold: int, has: Counter[Hashable] = has, size: int = len(rows)
        ) -> tuple[float, int, int]:
            same = sum(counts[fold][label] * times for label, times in has.items()) / size
            return same, sizes[fold], fold

        chosen = min(range(number), key=crowded)
        counts[chosen].update(has)
        sizes[chosen] += len(rows)
        for row in rows:
            found[row] = chosen
    return tuple(found)


def held_out(
    labels: Sequence[Hashable],
    share: float,
    seed: int,
    *,
    stratified: bool = True,
    groups: Sequence[Hashable] | None = None,
) -> tuple[bool, ...]:
    """Whether each row is held out, about this share of all, and of each label if stratified.

    At least one row is held out and one is not; raises ``ValueError`` where that cannot be.
    """
    members = _members(len(labels), groups)
    if not 0 < share < 1 or len(members) < 2:
        raise ValueError(f"{share:g} of {len(members)} groups of rows cannot be held out")
    order = list(members)
    Random(seed).shuffle(order)
    wanted = Counter(labels[row] if stratified else None for row in range(len(labels)))
    taken = Counter[Hashable]()
    out = [False] * len(labels)
    left = len(order)
    for rows in order:
        has = Counter(labels[row] if stratified else None for row in rows)
        lack = sum(times * (share * wanted[label] - taken[label]) for label, times in has.items())
        enough = lack < sum(times * times for times in has.values()) / 2
        if enough and (left > 1 or any(out)):
            left -= 1
            continue
        if all(out[row] or row in rows for row in range(len(labels))):
            break
        left -= 1
        taken.update(has)
        for row in rows:
            out[row] = True
    return tuple(out)


def _members(rows: int, groups: Sequence[Hashable] | None) -> list[tuple[int, ...]]:
    """The rows of each group, in the order of their first."""
    together: dict[Hashable, list[int]] = {}
    for row in range(rows):
        together.setdefault(("row", row) if groups is None else groups[row], []).append(row)
    return [tuple(found) for found in together.values()]
