"""What became of adding a run to the history, for those who end runs and load no history."""

from __future__ import annotations

from msgspec import Struct


class Noted(Struct, frozen=True):
    """A warning where the run could not be added, and sentences on cases that are healthy again."""

    warning: str = ""
    healthy: tuple[str, ...] = ()


NOT_NOTED = Noted()
