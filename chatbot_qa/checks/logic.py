"""Checks made of checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from chatbot_qa.checks.base import (
    Evidence,
    Group,
    Inquiry,
    Pending,
    always,
    check,
    inquire,
    judge,
    never,
)
from chatbot_qa.domain.suite import Expectation
from chatbot_qa.domain.verdict import Finding, Outcome, Quote
from chatbot_qa.registry import Flaw, Scope, Use

_EVERYWHERE: tuple[Scope, ...] = ("turn", "conversation", "group")


def _undone(use: Use, *, checks: tuple[Expectation, ...], every: bool) -> Flaw | None:
    """No checks at all, or one beside its own contrary."""
    if not checks:
        return Flaw("holds no checks", "begin each with a dash, such as `- contains: 30 days`")
    for place, one in enumerate(checks):
        if any(_contrary(one, other) for other in checks[:place]):
            why = f"`{one.name}` stands beside its own contrary"
            hint = "leave out one of the two"
            return (never if every else always)(use, why, hint, ("checks", place))
    return None


def _contrary(one: Expectation, other: Expectation) -> bool:
    return (
        one.check == other.check
        and one.negated is not other.negated
        and one.fixed == other.fixed
        and one.late == other.late
    )


@check("all_of", scope=_EVERYWHERE, verify=partial(_undone, every=True))
def all_of(seen: Evidence | Group, *, checks: tuple[Expectation, ...]) -> Finding | Inquiry:
    """All of these checks pass.

    For use inside ``any_of``, where one way of being right needs several checks; in
    ``expect`` itself all checks must pass anyway, and each is reported by itself.

    Example:
        - all_of:
            - contains: label
            - number: {value: 30, unit: days}
    """
    order = (Outcome.FAILED, Outcome.BROKEN, Outcome.UNSURE, Outcome.PASSED)
    return _ruled(partial(_first_of, order), checks, seen)


@check("any_of", scope=_EVERYWHERE, verify=partial(_undone, every=False))
def any_of(seen: Evidence | Group, *, checks: tuple[Expectation, ...]) -> Finding | Inquiry:
    """At least one of these checks passes.

    For turns in which the bot may rightly do one of several things, such as answer or ask
    back. When none passes, the reason says of each why.

    Example:
        - any_of:
            - contains: 30 days
            - asks_question
    """
    order = (Outcome.PASSED, Outcome.BROKEN, Outcome.UNSURE, Outcome.FAILED)
    return _ruled(partial(_first_of, order), checks, seen)


def _bad_number(use: Use, *, of: tuple[Expectation, ...], count: int) -> Flaw | None:
    """A number that is always reached or never, or checks that make it so."""
    if not of:
        return Flaw("holds no checks", "begin each with a dash, such as `- contains: 30 days`")
    if count < 1:
        return always(use, f"at least {count} of any checks pass", "", ("count",))
    if count > len(of):
        return never(use, f"of {len(of)} checks, {count} cannot pass", "", ("count",))
    if count in (1, len(of)):
        flaw = _undone(use, checks=of, every=count == len(of))
        return flaw and Flaw(flaw.message, flaw.hint, ("of", *flaw.at[1:]))
    return None


@check("at_least", scope=_EVERYWHERE, verify=_bad_number)
def at_least(
    seen: Evidence | Group, *, of: tuple[Expectation, ...], count: int
) -> Finding | Inquiry:
    """So many of these checks pass, whichever they are.

    For answers that may leave out a part: two of three facts, most steps of a list. Where
    what cannot be decided could still make up the number, neither is it decided.

    Example:
        - at_least:
            count: 2
            of:
              - contains: label
              - contains: parcel shop
              - number: {value: 30, unit: days}
    """
    return _ruled(partial(_so_many, count), of, seen)


# ── from findings to one ────────────────────────────────────────────────────────────

Rule = Callable[[Sequence[Finding], int], Finding | None]
"""What findings come to together, and None while those that are still to come may change it.

The number is how many are to come; where there are none, a rule always comes to something.
"""


def _ruled(rule: Rule, checks: Sequence[Expectation], seen: Evidence | Group) -> Finding | Inquiry:
    """What checks come to; a model is asked for those that want it while that is open."""
    if isinstance(seen, Group):
        begun: list[Finding | Pending] = [judge(expectation, seen) for expectation in checks]
    else:
        begun = [inquire(expectation, seen) for expectation in checks]
    known = [one for one in begun if isinstance(one, Finding)]
    waiting = [one for one in begun if isinstance(one, Pending)]
    return rule(known, len(waiting)) or _asked(rule, known, waiting)


def _asked(rule: Rule, known: list[Finding], waiting: Sequence[Pending]) -> Inquiry:
    found = None
    for still, pending in zip(reversed(range(len(waiting))), waiting, strict=True):
        known.append((yield from pending.ask()))
        found = rule(known, still)
        if found is not None:
            break
    return found or _joined(Outcome.NOT_MEASURED, known)


def _counting(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Those that decide: one that only warns does so only where there is no other."""
    return [finding for finding in findings if not finding.warn_only] or findings


def _first_of(
    order: Sequence[Outcome], findings: Sequence[Finding], to_come: int
) -> Finding | None:
    """The first outcome of ``order`` that any check has, with the reasons of those that have it.

    Checks that were not measured or skipped decide nothing while another does.
    """
    judged = _counting(findings)
    for outcome in order[:1] if to_come else order:
        decisive = [finding for finding in judged if finding.outcome is outcome]
        if decisive and not (to_come and decisive[0].warn_only):
            return _joined(outcome, decisive)
    if to_come:
        return None
    return _joined(judged[0].outcome if judged else Outcome.NOT_MEASURED, judged)


def _so_many(count: int, findings: Sequence[Finding], to_come: int) -> Finding | None:
    """Passed where so many passed, failed where no more than fewer can."""
    judged = _counting(findings)
    by_outcome = {
        outcome: [finding for finding in judged if finding.outcome is outcome]
        for outcome in Outcome
    }
    right, wrong = by_outcome[Outcome.PASSED], by_outcome[Outcome.FAILED]
    doubtful = [*by_outcome[Outcome.BROKEN], *by_outcome[Outcome.UNSURE]]
    told = f"{len(right)} of {len(judged)} passed, and {count} must"
    if len(right) >= count:
        return Finding(Outcome.PASSED, f"{len(right)} of {len(judged)} passed")
    if to_come:
        return None
    if len(right) + len(doubtful) >= count:
        return _joined(doubtful[0].outcome, doubtful, told)
    if len(right) + len(doubtful) + len(wrong) < count:
        rest = [finding for finding in judged if finding not in right]
        return _joined(Outcome.NOT_MEASURED, rest, told)
    return _joined(Outcome.FAILED, wrong, told)


def _joined(outcome: Outcome, findings: Sequence[Finding], before: str = "") -> Finding:
    quotes: dict[Quote, None] = dict.fromkeys(
        quote for finding in findings for quote in finding.quotes
    )
    reasons = "; ".join(f"{finding.check}: {finding.reason}" for finding in findings)
    reasons = f"{before}: {reasons}" if before else reasons
    return Finding(outcome, reasons or "there is no check in it", tuple(quotes))
