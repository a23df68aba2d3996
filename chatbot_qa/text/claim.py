"""One value that a text claims, in a form that can be held against another's."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from chatbot_qa.text.agreement_units import CURRENCIES


class Kind(StrEnum):
    """What sort of value it is; values of two kinds are never compared."""

    NUMBER = "number"
    DAY = "day"
    YEAR = "year"
    WEEKDAY = "weekday"
    TIME = "time"
    CODE = "code"
    ADDRESS = "address"
    NAME = "name"


class Bound(StrEnum):
    """From which side a number binds: "within 30 days", "after 30 days"."""

    NONE = ""
    UP_TO = "at most"
    FROM = "at least"


class Claim(Struct, frozen=True):
    """A value of a text in one form.

    ``readings`` are the forms that it can mean ("5/6" is two days): two claims are the same
    where they share one. ``unit`` is "" where none is said; ``detail`` is what narrows it
    ("business" days). ``text`` is how it is written, ``start`` and ``end`` its place.
    """

    kind: Kind
    readings: frozenset[str | float]
    text: str
    start: int
    end: int
    unit: str = ""
    detail: str = ""
    bound: Bound = Bound.NONE
    ends: tuple[float, float] | None = None
    """The first and the last value of a range, its ``readings`` being the range as such."""

    @property
    def slot(self) -> tuple[Kind, str]:
        """Values of one slot can exclude one another."""
        return self.kind, "money" if self.unit in CURRENCIES else self.unit

    def same(self, other: Claim) -> bool:
        """Whether both can be one value."""
        if self.slot != other.slot or self.against(other):
            return False
        if self.kind is Kind.NAME:
            return self.readings <= other.readings or other.readings <= self.readings
        open_year = self.kind is Kind.DAY and not (self.detail and other.detail)
        units = self.unit == other.unit or "money" in (self.unit, other.unit)
        details = self.detail == other.detail or open_year
        return units and details and not self.readings.isdisjoint(other.readings)

    def against(self, other: Claim) -> bool:
        """Whether they bind from opposite sides: at most against at least."""
        return {self.bound, other.bound} == {Bound.UP_TO, Bound.FROM}
