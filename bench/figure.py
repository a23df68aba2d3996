"""One measured value beside what is stated of it."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    """One measured value; ``least`` and ``most`` are what it is held against, where it is."""

    what: str
    measured: float
    least: float | None = None
    most: float | None = None
    digits: int = 4

    @property
    def held(self) -> bool:
        """Whether the value is where it should be."""
        over = self.most is not None and self.measured > self.most
        return not over and (self.least is None or self.measured >= self.least)

    def cells(self) -> tuple[str, str, str, str]:
        """The line of the table."""
        bounds = [
            f"{sign} {bound:.{self.digits}f}"
            for sign, bound in ((">=", self.least), ("<=", self.most))
            if bound is not None
        ]
        said = ("yes" if self.held else "NO") if bounds else ""
        return self.what, f"{self.measured:.{self.digits}f}", " ".join(bounds), said
