"""The front page of published runs: how the bot does over time, and a link to each report.

A page without scripts. Whatever stands in it that came from a run is shown as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.text.safe import for_html, one_line

_COLOURS = {
    Ruling.PASSED: "#2a7d2e",
    Ruling.FAILED: "#c0273d",
    Ruling.ERROR: "#b35900",
    Ruling.INCONCLUSIVE: "#8a6d00",
    Ruling.SKIPPED: "#6b7280",
}
_WIDTH, _HEIGHT, _EDGE = 720, 120, 10
_LEFT = 44
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; }
p.faint { opacity: .7; }
"""


class Published(Struct, frozen=True):
    """A run on the site. ``folder`` is its folder below ``runs/``; ``size`` is in bytes.

    ``started`` is in seconds since the epoch. ``succeeded`` of ``attacks`` attacks succeeded.
    """

    id: str
    folder: str
    started: float
    ruling: Ruling
    sentence: str
    passed: int
    total: int
    flaky: int = 0
    succeeded: int = 0
    attacks: int = 0
    p95: float | None = None
    commit: str = ""
    size: int = 0
    pages: tuple[tuple[str, str], ...] = ()
    """Name and path below its folder of what can be opened."""

    @property
    def share(self) -> float:
        """The share of its cases that passed; 0 where there are none."""
        return self.passed / self.total if self.total else 0.0


def front(title: str, runs: Sequence[Published], gone: int = 0) -> str:
    """The page; ``runs`` are the newest first, ``gone`` is how many are no longer kept."""
    return "\n".join(_page(title, runs, gone)) + "\n"


def _page(title: str, runs: Sequence[Published], gone: int) -> Iterator[str]:
    name = for_html(one_line(title))
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    yield "style-src 'unsafe-inline'; img-src 'self'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>"
    if runs:
        yield _trend(list(reversed(runs)))
    yield "<table>\n<thead><tr><th>run</th><th>verdict</th><th>passed</th><th>flaky</th>"
    yield "<th>attacks succeeded</th><th>replies, p95</th><th></th></tr></thead>"
    yield "<tbody>"
    for run in runs:
        yield _row(run)
    yield "</tbody>\n</table>"
    if gone:
        what = "run is" if gone == 1 else "runs are"
        yield f'<p class="faint">{gone:,} older {what} no longer kept.</p>'
    yield "</body>\n</html>"


def _row(run: Published) -> str:
    when = datetime.fromtimestamp(run.started, UTC).strftime("%Y-%m-%d %H:%M UTC")
    attacks = f"{run.succeeded:,} of {run.attacks:,}" if run.attacks else ""
    p95 = "" if run.p95 is None else f"{run.p95:.2f} s"
    links = " · ".join(
        f'<a href="runs/{for_html(run.folder)}/{for_html(path)}">{for_html(name)}</a>'
        for name, path in run.pages
    )
    commit = f" <code>{for_html(run.commit[:8])}</code>" if run.commit else ""
    mark = f'<span style="color:{_COLOURS[run.ruling]}">●</span>'
    return (
        f"<tr><td>{when}{commit}</td><td>{mark} {for_html(one_line(run.sentence))}</td>"
        f'<td class="number">{run.passed:,} of {run.total:,}</td>'
        f'<td class="number">{run.flaky or ""}</td><td class="number">{attacks}</td>'
        f'<td class="number">{p95}</td><td>{links}</td></tr>'
    )


def _trend(runs: Sequence[Published]) -> str:
    """The share that passed, run by run, the oldest on the left."""
    step = (_WIDTH - _LEFT - _EDGE) / max(len(runs) - 1, 1)
    room = _HEIGHT - 2 * _EDGE
    places = [(_LEFT + n * step, _EDGE + (1 - run.share) * room) for n, run in enumerate(runs)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_COLOURS[run.ruling]}">'
        f"<title>{run.passed:,} of {run.total:,} passed</title></circle>"
        for (x, y), run in zip(places, runs, strict=True)
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"><title>Share of cases that passed, '
        f"run by run</title>"
        f'<g font-size="11" fill="#888"><text x="0" y="{_EDGE + 4}">100%</text>'
        f'<text x="0" y="{_HEIGHT - _EDGE + 4}">0%</text></g>'
        f'<polyline points="{line}" fill="none" stroke="#8889" stroke-width="2"/>{dots}</svg>'
    )
