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


def _joined(outcome: Outcome, findings: Sequence[Finding]) -> Finding:
    quotes: dict[Quote, None] = dict.fromkeys(
        quote for finding in findings for quote in finding.quotes
    )
    reasons = "; ".join(f"{finding.check}: {finding.reason}" for finding in findings)
    return Finding(outcome, reasons or "there is no check in it", tuple(quotes))
