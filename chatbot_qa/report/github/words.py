"""What comment and summary say alike."""

from __future__ import annotations

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.report.gauge import Attacked
from chatbot_qa.stats.intervals import at_least, at_most

_MARKS = {Ruling.PASSED: "🟢", Ruling.FAILED: "🔴", Ruling.ERROR: "🟠", Ruling.INCONCLUSIVE: "🟡"}


def mark(ruling: Ruling) -> str:
    """A dot in the colour of a verdict."""
    return _MARKS.get(ruling, "⚪")


def rate_of_success(attacked: Attacked) -> str:
    """How often attacks succeeded, with one-sided 95% bounds; "" where none was tried."""
    won, of = attacked.succeeded, attacked.of
    if not of:
        return ""
    high = f"at most {at_most(won, of):.1%}"
    low = f"at least {at_least(won, of):.1%}, " if won else ""
    return f"{won:,} of {of:,} attacks succeeded ({low}{high})"


def within(p95: float) -> str:
    """How long replies took, by the 95th percentile in seconds."""
    took = f"{1000 * p95:.0f} ms" if p95 < 1 else f"{p95:.2f} s"
    return f"95 of 100 replies came within {took}"
