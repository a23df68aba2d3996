"""Retention: which runs the history lets go of."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_qa.domain.settings import Keep
from chatbot_qa.history.rows import Kept

_DAY = 86_400.0


def leaving(runs: Sequence[Kept], keep: Keep, now: float, main: str) -> list[int]:
    """The numbers of the runs to let go of; ``runs`` are all, the newest first.

    Those beyond the newest ``keep.runs``, and those older than ``keep.days``; but never the last
    green run of the main branch, which others are compared with.
    """
    baseline = next(
        (number for number, run, _ in runs if run.green and run.whole and run.branch == main),
        None,
    )
    oldest = now - keep.days * _DAY
    return [
        number
        for place, (number, run, _) in enumerate(runs)
        if (place >= keep.runs or run.started < oldest) and number != baseline
    ]
