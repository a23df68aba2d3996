"""A measure of all rows of a case in two runs: accuracy, F1 of labels, BLEU and its like."""

from __future__ import annotations

from msgspec import Struct


class MeasureChange(Struct, frozen=True):
    """A measure of all rows of a case in both runs, over the ``rows`` that both have.

    ``low`` and ``high`` bound its change by a paired 95% interval; ``worse`` is the p-value of
    "it got no worse". ``less`` where less of it is better.
    """

    name: str
    before: float
    now: float
    low: float
    high: float
    worse: float
    rows: int
    less: bool = False

    @property
    def change(self) -> float:
        """What it is now less what it was."""
        return self.now - self.before
