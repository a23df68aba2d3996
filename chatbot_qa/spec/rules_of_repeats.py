"""What ``lint`` says of repeats: one function a rule; see ``lint``.

Whether so many repeats can tell a good bot from a bad one is known before the first is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from chatbot_qa.domain.settings import ErrorRates, Repeat, RepeatRule
from chatbot_qa.domain.suite import RepeatedCase
from chatbot_qa.spec.view import Found, View
from chatbot_qa.stats.designs import Question, fixed, least_beta

MOST: Final = 10_000
"""How often a case may be repeated."""

_EXAMPLE: Final = "such as `repeat: {good: 95%, bad: 70%}`, or a number: `repeat: 5`"


def _cases(view: View) -> Iterator[RepeatedCase]:
    """The declared cases that are repeated."""
    for declared in view.suite.declared:
        if isinstance(declared.case, RepeatedCase) and declared.case.repeat is not None:
            yield declared.case


def bad_repeat(view: View) -> Iterator[Found]:
    """A number of repeats that cannot be, or shares between which nothing lies.

    Nothing would be asked, or no number of repeats could decide.

    Example: `repeat: {good: 70%, bad: 95%}`.
    """
    for case in _cases(view):
        wrong = flaw(case.repeat) or flaw_of_errors(case.errors)
        if wrong is not None:
            yield case.where, *wrong


def flaw(repeat: Repeat | None) -> tuple[str, str] | None:
    """What is wrong with a ``repeat``, and how to mend it; None where nothing is."""
    if repeat is None:
        return None
    if not isinstance(repeat, RepeatRule):
        if 1 <= repeat <= MOST:
            return None
        return f"`repeat: {repeat}` is no number from 1 to {MOST:,}", _EXAMPLE
    good, bad, cap = repeat.good, repeat.bad, repeat.cap
    if not bad < good:
        told = f"`good: {percent(good)}` is not above `bad: {percent(bad)}`"
        return told, f"a bot of `good` is to pass and one of `bad` to fail, {_EXAMPLE}"
    if cap is not None and not 1 <= cap <= MOST:
        return f"`cap: {cap}` is no number from 1 to {MOST:,}", "24 is a good start"
    return None


def flaw_of_errors(errors: ErrorRates | None) -> tuple[str, str] | None:
    """What is wrong with error rates, and how to mend it; None where nothing is."""
    if errors is None:
        return None
    for name in ("alpha", "beta"):
        value: float = getattr(errors, name)
        if not 0 < value < 1:
            told = f"`{name}: {percent(value)}` is no error rate between 0% and 100%"
            return told, "such as `errors: {alpha: 5%, beta: 10%}`; there is none without errors"
    return None


def too_small_cap(view: View) -> Iterator[Found]:
    """A cap within which the error rates of the suite cannot be held.

    The alpha of a suite is shared by its cases that repeat so: the more there are, the more
    repeats each takes.

    Example: `repeat: {good: 95%, bad: 70%, cap: 10}`; it takes 16.
    """
    for case in _cases(view):
        if isinstance(case.repeat, RepeatRule) and not (
            flaw(case.repeat) or flaw_of_errors(case.errors)
        ):
            found = _of_cap(case, case.repeat)
            if found is not None:
                yield case.where, *found


def _of_cap(case: RepeatedCase, rule: RepeatRule) -> tuple[str, str] | None:
    question = Question(rule.good, rule.bad, case.alpha, case.errors.beta)
    needed = _needed(question)
    far, near = percent(rule.good), percent(rule.bad)
    if needed is None:
        return (
            f"{far} and {near} are too near to be told apart{_at(case)}",
            f"the farther apart, the fewer repeats it takes, such as {_less(question, 1000)}",
        )
    if rule.cap is None or rule.cap >= needed:
        return None
    through = least_beta(question, rule.cap)
    return (
        f"`cap: {rule.cap}` is too small to tell {far} from {near}{_at(case)}",
        f"`cap: {needed}` or more, or {_less(question, rule.cap)}; within {rule.cap} repeats a "
        f"bot of {near} passes {through:.0%} of the time",
    )


def _at(case: RepeatedCase) -> str:
    """The error rates of a case, in words."""
    over = f" ({percent(case.errors.alpha)} over {case.sharing} cases)" if case.sharing > 1 else ""
    return f" at alpha {percent(case.alpha)}{over} and beta {percent(case.errors.beta)}"


@cache
def _needed(question: Question) -> int | None:
    """The smallest cap that will do; None where none will."""
    try:
        return fixed(question).repeats
    except ValueError:
        return None


@cache
def _less(question: Question, cap: int) -> str:
    """The worst bot but one that so many repeats can tell from a good one, as a setting."""
    low, high = -1, int(100 * question.bad)
    while high - low > 1:
        middle = (low + high) // 2
        needed = _needed(question._replace(bad=middle / 100))
        low, high = (middle, high) if needed is not None and needed <= cap else (low, middle)
    return f"`bad: {low}%`" if low >= 0 else "a smaller `good`"


def percent(share: float) -> str:
    """A share as its author would write it."""
    return f"{100 * share:.4g}%"
