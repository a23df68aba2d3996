"""How well a check agrees with people: a calibration as it is kept, and what is known of a check.

A calibration file is one JSON object; ``docs/calibrate.md`` says what each key holds.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

FORMAT: Final = "chatbot-qa calibration 1"


class Figure(Struct, frozen=True):
    """A figure with its 95% interval; None where it has no value."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Figures(Struct, frozen=True):
    """The figures of a calibration, all but ``decided`` over the rows that are decided.

    ``decided`` is the share of rows that are not unsure. ``precision``, ``recall``, ``f1`` and
    ``accuracy`` tell the positive labels from the others; ``kappa`` tells every label from
    every other. ``bias`` is the share predicted positive less the share labelled so.
    """

    decided: Figure
    accuracy: Figure
    precision: Figure
    recall: Figure
    f1: Figure
    kappa: Figure
    bias: Figure


class Known(Struct, frozen=True, omit_defaults=True):
    """What is known of one version of a check: rows that it decided, by what they were.

    It reads a reply as ``finds`` ("refused") or not. ``hits`` were read so and are so,
    ``false_alarms`` are not, ``misses`` are so and were not read so, ``clear`` are neither.
    Rows are of ``items`` items, which stand or fall together. ``on`` says in words what they
    are. ``own``: by labels of the user's own; ``judged``: a judge decides, so that it may also
    be read of other replies. ``wording`` are sentences with which the bot refuses, learnt from
    those labels; the check is to be handed them.
    """

    check: str
    version: int
    finds: str
    hits: int
    false_alarms: int
    misses: int
    clear: int
    items: int
    on: str
    own: bool = False
    judged: bool = False
    wording: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it decided."""
        return self.hits + self.false_alarms + self.misses + self.clear

    @property
    def precision(self) -> float | None:
        """Of those read so, the share that is."""
        read = self.hits + self.false_alarms
        return self.hits / read if read else None

    @property
    def recall(self) -> float | None:
        """Of those that are so, the share read so."""
        so = self.hits + self.misses
        return self.hits / so if so else None

    def __str__(self) -> str:
        """In one sentence: ``refuses is right in 95% of what it reads as refused, …``."""
        told = []
        if self.precision is not None:
            told.append(f"is right in {self.precision:.0%} of what it reads as {self.finds}")
        if self.recall is not None:
            told.append(f"finds {self.recall:.0%} of what is {self.finds}")
        told = told or [f"never met what is {self.finds}"]
        return f"{self.check} {', and '.join(told)} (measured on {self.on})"


class Calibration(Struct, frozen=True, kw_only=True):
    """What was measured of one version of a check.

    ``confusion`` counts rows by label and prediction (``unsure`` is one), over ``n`` rows of
    ``items`` items. ``labels_sha256`` is the hash of the labels' file. ``wording`` are sentences
    with which the bot refuses, where they were learnt: the figures are of the check that knows
    them.
    """

    format: str = FORMAT
    check: str
    version: int
    labels: tuple[str, ...]
    positive: tuple[str, ...]
    n: int
    items: int
    broken: int
    confusion: dict[str, dict[str, int]]
    figures: Figures
    labels_sha256: str
    wording: tuple[str, ...] = ()

    def known(self, *, judged: bool = False) -> Known:
        """What it says of the check, the rows left out that the check did not decide."""
        hits, false_alarms, misses, clear = (
            self._count(so=so, read=read)
            for read, so in ((True, True), (True, False), (False, True), (False, False))
        )
        rows = "reply" if self.n == 1 else "replies"
        return Known(
            self.check,
            self.version,
            " or ".join(self.positive).replace("_", " "),
            hits,
            false_alarms,
            misses,
            clear,
            self.items,
            f"{self.n:,} labelled {rows} of your own",
            own=True,
            judged=judged,
            wording=self.wording,
        )

    def _count(self, *, so: bool, read: bool) -> int:
        """How many decided rows were read so, or not, and are so, or not."""
        return sum(
            count
            for label, counts in self.confusion.items()
            for said, count in counts.items()
            if said in self.labels
            and (label in self.positive) == so
            and (said in self.positive) == read
        )
