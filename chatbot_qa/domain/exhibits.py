"""What a verdict shows besides its findings: rates with intervals, curves, groups of replies,
tables and matrices of confusion.

Numbers and texts alone: a report draws them as it can. They are opinions, like findings.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType


class Corrected(Struct, frozen=True):
    """A share with its 95% interval that holds the errors of whoever counted it."""

    share: float
    low: float
    high: float


class Rate(Struct, frozen=True):
    """How often something went well: ``passed`` of ``of``, at most ``open`` more undecided.

    ``low`` and ``high`` bound the share (0 to 1) by a two-sided 95% interval. ``at`` is where
    it stands on the axis of a curve. ``corrected`` is there where it is known how often those
    who counted err.
    """

    label: str
    passed: int
    of: int
    low: float
    high: float
    at: float = 0.0
    open: int = 0
    corrected: Corrected | UnsetType = UNSET

    @property
    def share(self) -> float:
        """The share that passed; 0 where nothing was measured."""
        return self.passed / self.of if self.of else 0.0


class Rates(Struct, frozen=True, tag="rates", tag_field="shows"):
    """Rates side by side, each a line of a table; ``notes`` are sentences below it."""

    title: str
    rates: tuple[Rate, ...]
    notes: tuple[str, ...] = ()


class Curve(Struct, frozen=True, tag="curve", tag_field="shows"):
    """Rates along an axis, such as the turns between telling and asking.

    ``axis`` says in words what ``at`` counts; ``wanted`` is the share that was asked for.
    """

    title: str
    axis: str
    rates: tuple[Rate, ...]
    wanted: float | None = None
    notes: tuple[str, ...] = ()


class Reading(Struct, frozen=True):
    """One reply among several to the same question.

    ``asked`` is the wording, ``trial`` the number of its conversation in the verdict (from
    1), ``marks`` the stretches of ``said`` (start, end) that tell it from the largest group.
    """

    asked: str
    said: str
    trial: int
    marks: tuple[tuple[int, int], ...] = ()


class Group(Struct, frozen=True):
    """Replies that say the same: ``count`` of them, of which ``readings`` are the different ones.

    ``label`` is what they say in few words, ``why`` what tells them from the largest group.
    """

    label: str
    count: int
    readings: tuple[Reading, ...]
    why: str = ""


class Groups(Struct, frozen=True, tag="groups", tag_field="shows"):
    """Replies grouped by what they say, the largest group first.

    ``agreement`` is the share of the largest group; ``undecided`` are replies of which
    nobody can say whether they agree.
    """

    title: str
    groups: tuple[Group, ...]
    agreement: Rate
    undecided: tuple[Reading, ...] = ()
    notes: tuple[str, ...] = ()


class Listing(Struct, frozen=True, tag="listing", tag_field="shows"):
    """A text to copy, shown as it is, in lines of equal letters: a case that may be committed."""

    title: str
    text: str
    notes: tuple[str, ...] = ()


class Matrix(Struct, frozen=True, tag="matrix", tag_field="shows"):
    """How often each true label was given which: ``counts`` has a row for each of ``true``.

    The columns are ``given``; those that are also ``true`` come in the same order.
    """

    title: str
    true: tuple[str, ...]
    given: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    notes: tuple[str, ...] = ()


class Table(Struct, frozen=True, tag="table", tag_field="shows"):
    """Texts in rows and columns. A report shows the first ``shown`` rows, a file has them all."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shown: int = 100
    notes: tuple[str, ...] = ()


ROW_HEADS = ("row", "text", "true", "given", "right")
"""The first heads of a table that has every labelled row of a case, by which runs are compared."""

Exhibit = Rates | Curve | Groups | Listing | Matrix | Table
"""Whatever a report may draw."""
