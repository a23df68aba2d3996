"""What comment and summary say alike."""

from __future__ import annotations

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.report.gauge import ENOUGH, Attacked, Numbers
from chatbot_qa.stats.intervals import at_least, at_most
from chatbot_qa.text.many import many

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
    return f"{won:,} of {many(of, 'attack')} succeeded ({low}{high})"


def took(numbers: Numbers) -> str:
    """How long replies took; "" where none came. Of a few the slowest: they have no percentile."""
    if numbers.p95 is None:
        return ""
    told = f"{1000 * numbers.p95:.0f} ms" if numbers.p95 < 1 else f"{numbers.p95:.2f} s"
    if numbers.replies == 1:
        return f"the only reply took {told}"
    if numbers.replies < ENOUGH:
        return f"the slowest of {numbers.replies} replies took {told}"
    return f"95 of 100 replies came within {told}"
