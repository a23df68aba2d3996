"""The search for the sequential design that needs the fewest calls at stated error rates.

What "the fewest" means is a matter of which bots are tested: ``USUAL``. First the errors get a
price, in calls; the best design at a price comes out of backward induction (Wald and Wolfowitz
1948, Lai 1973), and the prices are raised until both errors are small enough. Its steps are
coarse, so the limits of the best few are then moved by one, singly and in pairs, for as long as
that saves calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, combinations, pairwise
from math import ceil
from typing import NamedTuple

from chatbot_qa.stats.sequential import Call, Design
from chatbot_qa.stats.special import at_most_k

Mix = tuple[tuple[float, float], ...]

USUAL: Mix = (
    (1.0, 0.60),
    (0.99, 0.15),
    (0.95, 0.10),
    (0.90, 0.05),
    (0.80, 0.04),
    (0.50, 0.03),
    (0.0, 0.03),
)
"""Pass rates of the cases of a usual suite, with the share of the cases that have them."""

_MOST = 1000
"""So many repeats of one case are nobody's wish."""
_EFFORT = 400_000
"""How many points are looked at while limits are moved: about a tenth of a second."""
_LARGE = 30_000
"""So many points of one design make every look at it slow."""
_ASKED = 0.94


class Question(NamedTuple):
    """Between which pass rates to tell, and how often to be wrong at either of them."""

    good: float
    bad: float
    alpha: float = 0.05
    """The most that a bot of ``good`` may fail."""
    beta: float = 0.10
    """The most that a bot of ``bad`` may pass."""


class Fixed(NamedTuple):
    """A plan without early stops: ``repeats``, of which at most ``misses`` may fail."""

    repeats: int
    misses: int


def fixed(question: Question) -> Fixed:
    """The shortest plan without early stops; its repeats are the smallest cap that will do."""
    good, bad, alpha, beta = question
    if not 0 <= bad < good <= 1 or not 0 < alpha < 1 or not 0 < beta < 1:
        raise ValueError(f"there is nothing to tell apart: {question}")
    misses = 0
    for repeats in range(1, _MOST):
        misses = _tolerated(question, repeats, misses)
        if at_most_k(misses, repeats, 1 - bad) <= beta:
            return Fixed(repeats, misses)
    raise ValueError(f"{good} and {bad} are too near to be told apart by {_MOST} repeats")


def _tolerated(question: Question, repeats: int, misses: int = 0) -> int:
    """The fewest misses to tolerate, from so many up, that a good bot seldom exceeds."""
    while 1 - at_most_k(misses, repeats, 1 - question.good) > question.alpha:
        misses += 1
    return misses


def design(question: Question, cap: int | None = None, mix: Mix = USUAL) -> Design:
    """The design of the fewest calls over the mix; the cap is half as long again as ``fixed``.

    It errs a little less than it may (6%), so that 100,000 simulated cases show that it does;
    where the cap is too small for that it errs as much as it may. A cap above four times that of
    ``fixed`` saves nothing more, and is not used up. Raises ValueError where the cap is too small
    for the question, with the cap that will do.
    """
    needed = fixed(question).repeats
    cap = ceil(1.5 * needed) if cap is None else min(cap, 4 * needed)
    if cap < needed:
        raise ValueError(f"a cap of {cap} is too small: it takes {needed} repeats at least")
    good, bad, alpha, beta = question
    stricter = Question(good, bad, alpha * _ASKED, beta * _ASKED)
    return _searched(stricter if fixed(stricter).repeats <= cap else question, cap, mix)


def least_beta(question: Question, cap: int) -> float:
    """How often a bot of ``bad`` passes at the least, where no more than ``cap`` may be asked.

    For a cap too small for the question: what it can ask instead, at the same alpha.
    """
    return at_most_k(_tolerated(question, cap), cap, 1 - question.bad)


@lru_cache(maxsize=256)
def _searched(question: Question, cap: int, mix: Mix) -> Design:
    return _Search(question, cap, mix).best()


def least_calls(question: Question, cap: int, mix: Mix = USUAL) -> float:
    """Fewer calls over the mix than this no design of the cap needs (its Lagrangian dual)."""
    search = _Search(question, cap, mix)
    search.priced()
    return search.bound


class _Price(NamedTuple):
    """What a design costs: calls over the mix, and its exact error rates."""

    calls: float
    alpha: float
    beta: float


class _Search:
    """One search. In its tables ``[n][m]`` is the chance of one way to m misses in n repeats."""

    def __init__(self, question: Question, cap: int, mix: Mix) -> None:
        self.question, self.cap = question, cap
        self.most = _tolerated(question, cap) + 2
        self.good = self._chances(((question.good, 1.0),))
        self.bad = self._chances(((question.bad, 1.0),))
        self.mixed = self._chances(mix)
        self.prices = (0.0, 0.0)
        """In calls, of an error with a good and with a bad bot."""
        self.bound = 0.0
        """Fewer calls than this no design needs."""
        self.work = 0

    def _chances(self, mix: Mix) -> list[list[float]]:
        return [
            [
                sum(share * rate ** (n - m) * (1 - rate) ** m for rate, share in mix)
                for m in range(min(n, self.most) + 1)
            ]
            for n in range(self.cap + 1)
        ]

    def best(self) -> Design:
        """The best design that was found."""
        found = self.priced()
        end = self.work + _EFFORT
        for start in sorted(found, key=lambda design: self.worth(found[design])):
            found |= self.polished(start, end)
        return min(
            (design for design, price in found.items() if self.holds(price)),
            key=lambda design: found[design].calls,
            default=self.safe(),
        )

    def safe(self) -> Design:
        """The fixed plan, stopped where its end is certain."""
        repeats, misses = fixed(self.question)
        first = repeats - misses
        return Design(tuple(range(first, repeats + 1)), (0,) * (misses + 1))

    def holds(self, price: _Price) -> bool:
        """Whether both error rates are small enough."""
        return price.alpha <= self.question.alpha and price.beta <= self.question.beta

    def worth(self, price: _Price) -> float:
        """Calls, with each error above what is allowed at twice its price."""
        failing, passing = self.prices
        over = failing * max(0.0, price.alpha - self.question.alpha)
        return price.calls + 2 * (over + passing * max(0.0, price.beta - self.question.beta))

    def priced(self) -> dict[Design, _Price]:
        """The best designs at many prices, set by turns so that each error is just small enough."""
        found: dict[Design, _Price] = {}
        logs = [4.0, 4.0]
        turns = 8 if self.cap * self.most < _LARGE else 4
        for which in (1, 0) * (turns // 2):
            low, high = -1.0, 9.0
            for _ in range(10):
                logs[which] = (low + high) / 2
                prices = 10 ** logs[0], 10 ** logs[1]
                design, price, bound = self.best_at(*prices)
                if design:
                    found[design] = price
                if bound > self.bound:
                    self.bound, self.prices = bound, prices
                if price[1:][which] > self.question[2:][which]:
                    low = logs[which]
                else:
                    high = logs[which]
        return found

    def best_at(self, failing: float, passing: float) -> tuple[Design | None, _Price, float]:
        """The best design at these prices of errors, its price, and the bound that follows.

        None where asking is not worth a call, or the limits do not rise (for some mixes).
        """
        later: list[float] = []
        calls: dict[tuple[int, int], Call] = {}
        for n in range(self.cap, -1, -1):
            good, bad, mixed, now = self.good[n], self.bad[n], self.mixed[n], []
            for m in range(min(n, self.most) + 1):
                fail, pass_ = failing * good[m], passing * bad[m]
                call, least = (Call.PASS, pass_) if pass_ < fail else (Call.FAIL, fail)
                if m == self.most:
                    call, least = Call.FAIL, fail
                elif n < self.cap and (more := mixed[m] + later[m] + later[m + 1]) < least:
                    call, least = Call.GO_ON, more
                now.append(least)
                calls[n, m] = call
            later = now
        bound = later[0] - failing * self.question.alpha - passing * self.question.beta
        if calls[0, 0] is not Call.GO_ON:
            wrong = calls[0, 0] is Call.FAIL
            return None, _Price(0.0, float(wrong), float(not wrong)), bound
        design = _read(calls, self.cap)
        return design if _in_order(design) else None, self.price(design), bound

    def price(self, found: Design) -> _Price:
        """By counting the ways to each point."""
        calls, alpha, beta, going = 1.0, 0.0, 0.0, {0: 1}
        passes_in, fails_by = found.passes_in, found.fails_by
        for n in range(1, found.cap + 1):
            came: dict[int, int] = {}
            for m, ways in going.items():
                came[m] = came.get(m, 0) + ways
                came[m + 1] = came.get(m + 1, 0) + ways
            going = {}
            self.work += len(came)
            for m, ways in came.items():
                if m >= len(passes_in) or n <= fails_by[m]:
                    alpha += ways * self.good[n][m]
                elif n >= passes_in[m]:
                    beta += ways * self.bad[n][m]
                else:
                    calls += ways * self.mixed[n][m]
                    going[m] = ways
        return _Price(calls, alpha, beta)

    def polished(self, start: Design, end: int) -> dict[Design, _Price]:
        """What comes up while limits are moved for as long as it pays."""
        tried = {start: self.price(start)}
        best, moves = start, self.moves(start)
        while self.work < end and (moved := next(moves, None)):
            if moved not in tried:
                tried[moved] = self.price(moved)
                if self.worth(tried[moved]) < self.worth(tried[best]) - 1e-9:
                    best, moves = moved, self.moves(moved)
        return tried

    def moves(self, found: Design) -> Iterator[Design]:
        """The designs that differ by a step or two of one limit, then those that do of two."""
        size = len(found.passes_in)
        steps = [(place, step) for place in range(2 * size) for step in (-1, 1, -2, 2)]
        for taken in (*((each,) for each in steps), *combinations(steps, 2)):
            limits = [*found.passes_in, *found.fails_by]
            for place, step in taken:
                limits[place] = _stepped(limits[place], step, place - size)
            new = Design(tuple(limits[:size]), tuple(limits[size:]))
            if new.passes_in[-1] <= self.cap and _in_order(new):
                yield new


def _in_order(design: Design) -> bool:
    passes, fails = design.passes_in, design.fails_by
    return (
        fails[0] == 0
        and all(m < n for m, n in enumerate(passes))
        and all(one < two for one, two in pairwise(passes))
        and all(one <= two for one, two in pairwise(fails))
        and all(by < in_ for by, in_ in zip(fails, passes, strict=True))
    )


def _stepped(limit: int, step: int, misses: int) -> int:
    """The limit one step on; so many misses cannot fail before there are so many repeats."""
    new = limit + step
    if 0 < new < misses:
        return misses if step > 0 else 0
    return new


def _read(calls: dict[tuple[int, int], Call], cap: int) -> Design:
    """The limits of what was decided at the points that one can come to."""
    passes: dict[int, int] = {}
    fails: dict[int, int] = {}
    going = {0}
    for n in range(1, cap + 1):
        came = going | {m + 1 for m in going}
        going = {m for m in came if calls[n, m] is Call.GO_ON}
        fails |= {m: n for m in came if calls[n, m] is Call.FAIL}
        passes = {m: n for m in came if calls[n, m] is Call.PASS} | passes
    tolerated = range(max(passes) + 1)
    passes_in = accumulate((passes.get(m, cap) for m in reversed(tolerated)), _earlier)
    fails_by = accumulate((fails.get(m, 0) for m in tolerated), max)
    return Design(tuple(reversed(list(passes_in))), tuple(fails_by))


def _earlier(more_misses: int, limit: int) -> int:
    """A limit, before that of one miss more."""
    return min(limit, more_misses - 1)
