"""``badge.svg`` and ``badge.json``: what a run came to, in a few words beside a project's name.

The JSON is that of shields.io endpoints, so that a badge there can be made of it too.
"""

from __future__ import annotations

import json
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, RunFinished
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.report.base import reporter
from chatbot_qa.report.part import PartFile
from chatbot_qa.text.safe import for_html

NAME, DATA = "badge.svg", "badge.json"
LABEL = "chatbot-qa"

_COLOURS = {
    Ruling.PASSED: "#2a7d2e",
    Ruling.FAILED: "#c0273d",
    Ruling.ERROR: "#b35900",
    Ruling.INCONCLUSIVE: "#8a6d00",
    Ruling.SKIPPED: "#6b7280",
}
_LETTER = 7
"""Pixels a letter at 11 px of Verdana, on average, with some to spare."""
_MARGIN = 12


@reporter("badge", file=NAME)
class Badge:
    """Writes both files when the run is over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._flaky = 0

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, Judged):
            self._flaky += event.verdict.flaky and event.verdict.counts
        elif isinstance(event, RunFinished):
            told, colour = message(event, self._flaky), _COLOURS[event.ruling]
            data = {"schemaVersion": 1, "label": LABEL, "message": told, "color": colour}
            with PartFile(self._folder / NAME) as file:
                file.write(svg(LABEL, told, colour))
            with PartFile(self._folder / DATA) as file:
                file.write(json.dumps(data) + "\n")


def message(finished: RunFinished, flaky: int = 0) -> str:
    """The few words: how many passed of those that count, and what else there is."""
    counts = finished.counts
    total = sum(counts.values())
    if finished.stopped:
        return "stopped early"
    if not total:
        return "no case"
    words = [f"{counts.get(Ruling.PASSED, 0):,} of {total:,} passed"]
    for ruling in (Ruling.FAILED, Ruling.ERROR, Ruling.INCONCLUSIVE):
        if number := counts.get(ruling, 0):
            words.append(f"{number:,} {ruling.value}")
    if flaky:
        words.append(f"{flaky:,} flaky")
    return ", ".join(words)


def svg(label: str, told: str, colour: str) -> str:
    """A flat badge of two halves; ``colour`` is that of the right one."""
    left, right = (_MARGIN + _LETTER * len(text) for text in (label, told))
    whole = left + right
    title = for_html(f"{label}: {told}")
    texts = "".join(
        f'<text x="{x}" y="14" text-anchor="middle">{for_html(text)}</text>'
        for x, text in ((left / 2, label), (left + right / 2, told))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" '
        f'aria-label="{title}"><title>{title}</title>'
        f'<rect width="{left}" height="20" fill="#3b3f46"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{texts}</g></svg>\n"
    )
