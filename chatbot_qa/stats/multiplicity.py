"""P-values of many tests at once, raised so that each may be compared with the level as it is."""

from __future__ import annotations

from collections.abc import Sequence


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """Adjusted so that not even one true null is rejected, but for a share of alpha (Holm 1979).

    In the order of ``ps``, whatever their dependence. For a gate.
    """
    order, adjusted, least = _rising(ps), [1.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        least = max(least, ps[i] * (len(ps) - rank))
        adjusted[i] = min(1.0, least)
    return tuple(adjusted)


def benjamini_hochberg(ps: Sequence[float]) -> tuple[float, ...]:
    """Adjusted so that of those rejected at most a share of alpha is, on average, truly null.

    In the order of ``ps``, for tests that are independent or lean the same way (Benjamini and
    Hochberg 1995). For a list to look through.
    """
    order, adjusted, least = _rising(ps), [1.0] * len(ps), 1.0
    for rank, i in reversed(list(enumerate(order, start=1))):
        least = min(least, ps[i] * (len(ps) / rank))
        adjusted[i] = least
    return tuple(adjusted)


def _rising(ps: Sequence[float]) -> list[int]:
    if not all(0 <= p <= 1 for p in ps):
        raise ValueError(f"p-values lie between 0 and 1, unlike {list(ps)}")
    return sorted(range(len(ps)), key=lambda i: ps[i])
