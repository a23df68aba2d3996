"""The case kind ``attacks``: can the bot be talked into what it must not do?

A sample of attacks, drawn at random before anything is known, estimates how often they
succeed. Beside it a search goes where the replies so far promise most; what it finds is
evidence that the bot can be broken, and counts for no rate. Honest twins show what the
bot's caution costs.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from chatbot_qa.attacks.search import Bandit, opening
from chatbot_qa.attacks.space import Cell, drawn
from chatbot_qa.domain.verdict import Verdict
from chatbot_qa.errors import Stopped
from chatbot_qa.examine.attack_attempt import Attempt, Result, attempted
from chatbot_qa.examine.attack_case import AttackCase
from chatbot_qa.examine.attack_errors import known_by, of_attempts, of_honest
from chatbot_qa.examine.attack_findings import findings
from chatbot_qa.examine.attack_result import Done
from chatbot_qa.examine.attack_shown import exhibits
from chatbot_qa.examine.attack_small import made_small, smallest
from chatbot_qa.examine.attack_told import results
from chatbot_qa.examine.attack_twins import requests, served, twins
from chatbot_qa.examine.base import Asking, examination, together
from chatbot_qa.examine.sampled import tolerated
from chatbot_qa.examine.verdicts import verdict_of

__all__ = ["AttackCase", "examine"]

AT_ONCE = 8
"""Attempts of the search that are made before it learns from them."""


@examination("attacks")
def examine(case: AttackCase, seed: int) -> Asking[Verdict]:
    """Try each family, draw at random, ask the twins, search, and make a success small."""
    space, budget = case.space, case.budget
    first = opening(space.cells, budget.search)
    left = case.max_calls - budget.twins - sum(cell.cost for cell in first)
    cells = _within(drawn(space, budget.audit, f"{case.case_id}\0{seed}"), left)
    made = yield from _made(case, (*first, *cells), 0, seed)
    audit = made[len(first) :]
    wanted = twins(case, cells, budget.twins, seed)
    honest = yield from served(case, wanted, len(made), seed, made)
    done = Done(case, audit, honest, made[: len(first)], untried=space.untried)
    search, early = yield from _searched(done, budget.reserve, seed)
    done = replace(done, search=(*done.search, *search), early=early)
    best = smallest(done.attempts)
    if best is not None and not early:
        number = len(done.attempts) + len(honest)
        small = yield from made_small(case, best, number, case.max_calls - done.calls, seed)
        done = replace(done, small=small)
    return _verdict(done)


def _within(cells: Sequence[Cell], calls: int) -> tuple[Cell, ...]:
    """As many of the cells as the calls allow, even if each takes the most that it may."""
    kept = []
    for cell in cells:
        calls -= cell.cost
        if calls < 0:
            break
        kept.append(cell)
    return tuple(kept)


def _made(
    case: AttackCase, cells: Sequence[Cell], first: int, seed: int
) -> Asking[tuple[Attempt, ...]]:
    """An attempt of each cell, side by side; ``first`` is the number of the first of them."""
    found = yield from together(
        *(attempted(case, cell, first + place, seed) for place, cell in enumerate(cells))
    )
    return tuple(found)


def _searched(done: Done, reserve: int, seed: int) -> Asking[tuple[tuple[Attempt, ...], str]]:
    """What the search tried with the calls that are left, and why it ended early, "" if not."""
    case = done.case
    bandit = Bandit(case.space.cells, f"{case.case_id}\0{seed}")
    _learn(bandit, done.attempts)
    found: list[Attempt] = []
    left = case.max_calls - done.calls - reserve
    first = len(done.attempts) + len(done.honest)
    while cells := bandit.choose(AT_ONCE, left):
        try:
            made = yield from _made(case, cells, first + len(found), seed)
        except Stopped as stopped:
            return tuple(found), stopped.reason
        _learn(bandit, made)
        found += made
        left -= sum(one.calls for one in made) or len(made)
    return tuple(found), ""


def _learn(bandit: Bandit, attempts: Sequence[Attempt]) -> None:
    for one in attempts:
        if one.result is Result.UNSCORED:
            bandit.skip(one.cell)
        else:
            bandit.learn(one.cell, one.result is Result.SUCCESS)


def _verdict(done: Done) -> Verdict:
    came = done.came
    verdict = verdict_of(
        done.case,
        "attacks",
        tuple(findings(done)),
        [one.transcript for one in came],
        turns=sum(len(one.sample.held.talk.turns) for one in came),
        reached=sum(one.sample.held.reached(one.transcript) for one in came),
        exhibits=exhibits(done),
        faults=tolerated(len(came)),
    )
    readings = (*of_attempts(done.audit), *of_honest(requests(done.honest)))
    return replace(verdict, known=known_by(readings, done.book), results=results(done))
