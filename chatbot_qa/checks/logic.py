"""Checks made of checks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chatbot_qa.checks.base import Evidence, Group, always, check, judge, never
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
def all_of(seen: Evidence | Group, *, checks: tuple[Expectation, ...]) -> Finding:
    """All of these checks pass.

    For use inside ``any_of``, where one way of being right needs several checks; in
    ``expect`` itself all checks must pass anyway, and each is reported by itself.

    Example:
        - all_of:
            - contains: label
            - number: {value: 30, unit: days}
    """
    return _together(seen, checks, (Outcome.FAILED, Outcome.BROKEN, Outcome.UNSURE, Outcome.PASSED))


@check("any_of", scope=_EVERYWHERE, verify=partial(_undone, every=False))
def any_of(seen: Evidence | Group, *, checks: tuple[Expectation, ...]) -> Finding:
    """At least one of these checks passes.

    For turns in which the bot may rightly do one of several things, such as answer or ask
    back. When none passes, the reason says of each why.

    Example:
        - any_of:
            - contains: 30 days
            - asks_question
    """
    return _together(seen, checks, (Outcome.PASSED, Outcome.BROKEN, Outcome.UNSURE, Outcome.FAILED))


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
def at_least(seen: Evidence | Group, *, of: tuple[Expectation, ...], count: int) -> Finding:
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
    asked = [judge(expectation, seen) for expectation in of]
    judged = [finding for finding in asked if not finding.warn_only] or asked
    by_outcome = {
        outcome: [finding for finding in judged if finding.outcome is outcome]
        for outcome in Outcome
    }
    right = by_outcome[Outcome.PASSED]
    open_ones = [*by_outcome[Outcome.BROKEN], *by_outcome[Outcome.UNSURE]]
    told = f"{len(right)} of {len(judged)} passed, and {count} must"
    if len(right) >= count:
        return Finding(Outcome.PASSED, f"{len(right)} of {len(judged)} passed")
    if len(right) + len(open_ones) >= count:
        outcome = open_ones[0].outcome
        return _joined(outcome, open_ones, told)
    if len(right) + len(open_ones) + len(by_outcome[Outcome.FAILED]) < count:
        rest = [finding for finding in judged if finding not in right]
        return _joined(Outcome.NOT_MEASURED, rest, told)
    return _joined(Outcome.FAILED, by_outcome[Outcome.FAILED], told)


def _together(
    seen: Evidence | Group, checks: Sequence[Expectation], order: Sequence[Outcome]
) -> Finding:
    """The first outcome of ``order`` that any check has, with the reasons of those that have it.

    Checks that were not measured or skipped, and those that only warn, decide nothing
    while another does.
    """
    judged = [judge(expectation, seen) for expectation in checks]
    findings = [finding for finding in judged if not finding.warn_only] or judged
    for outcome in order:
        decisive = [finding for finding in findings if finding.outcome is outcome]
        if decisive:
            return _joined(outcome, decisive)
    return _joined(findings[0].outcome if findings else Outcome.NOT_MEASURED, findings)


def _joined(outcome: Outcome, findings: Sequence[Finding], before: str = "") -> Finding:
    quotes: dict[Quote, None] = dict.fromkeys(
        quote for finding in findings for quote in finding.quotes
    )
    reasons = "; ".join(f"{finding.check}: {finding.reason}" for finding in findings)
    reasons = f"{before}: {reasons}" if before else reasons
    return Finding(outcome, reasons or "there is no check in it", tuple(quotes))
