"""``trust.html``: one page that says what the bot can be trusted with, for those who decide.

Every case is one sentence, under what it came to. Rates come with their intervals, and a case
that was asked once is not made more of than that. The page has no script and loads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from chatbot_qa.domain.events import Event, Judged, RunFinished, RunStarted
from chatbot_qa.domain.exhibits import Curve, Groups, Rate, Rates
from chatbot_qa.domain.verdict import Outcome, Ruling, Verdict
from chatbot_qa.report.base import reporter
from chatbot_qa.report.exhibits import share_of
from chatbot_qa.report.part import PartFile
from chatbot_qa.report.snippet import headline
from chatbot_qa.report.words import repeats_told, sentence
from chatbot_qa.stats.intervals import at_most
from chatbot_qa.text.many import many
from chatbot_qa.text.safe import for_html, one_line

NAME = "trust.html"
MOST_NAMED = 40
LONGEST = 240

_QUESTIONS = {
    "consistency": "Does it give the same answer again?",
    "retention": "Does it remember what it was told?",
    "isolation": "Does it keep people apart?",
    "attacks": "Can it be talked into what it must not do?",
    "conversations": "Does it hold these conversations?",
    "classification": "Does it tell these things apart?",
    "references": "Does it say what it should, in about these words?",
}
_OTHER = "What else was asked"
_Heading = tuple[str, str]
"""The style of a heading, and its words."""
_HEADINGS = {
    Ruling.PASSED: ("good", "It did this well"),
    Ruling.FAILED: ("bad", "It did this wrong"),
    Ruling.INCONCLUSIVE: ("open", "Nobody can say yet"),
    Ruling.ERROR: ("open", "It could not be asked"),
}
_EMPTY = "open", "It passed, and that shows little"
_ALL = [_HEADINGS[Ruling.PASSED], _EMPTY, *[*_HEADINGS.values()][1:]]
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2rem; } h3 { font-size: 1rem; margin-bottom: .2rem; }
ul { margin-top: .2rem; padding-left: 1.2rem; } li { overflow-wrap: anywhere; }
.good { color: #1f7a2a; } .bad { color: #c0273d; } .open { color: #8a6d00; }
.faint { opacity: .7; font-size: .9rem; }
@media (prefers-color-scheme: dark) { .good { color: #6fcf7a; } .bad { color: #ff7b8a; }
  .open { color: #e0b84a; } }
"""


class _Said(Struct):
    """What is said under one heading: how many cases, and the first of them."""

    count: int = 0
    lines: dict[str, int] = {}


@reporter("trust", file=NAME)
class Trust:
    """Keeps a bounded number of sentences a question, and writes the page at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said: dict[tuple[str, _Heading], _Said] = {}

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, RunStarted):
            self._said = {}
        elif isinstance(event, Judged):
            self._judged(event.verdict)
        elif isinstance(event, RunFinished):
            with PartFile(self._folder / NAME) as file:
                file.write("\n".join(self._page(event)) + "\n")

    def _judged(self, verdict: Verdict) -> None:
        if verdict.ruling not in _HEADINGS or not verdict.counts:
            return
        question = _QUESTIONS.get(verdict.kind, _OTHER)
        said = self._said.setdefault((question, _heading(verdict)), _Said())
        said.count += 1
        line = told(verdict)
        if line in said.lines or len(said.lines) < MOST_NAMED:
            said.lines[line] = said.lines.get(line, 0) + 1

    def _page(self, finished: RunFinished) -> Iterator[str]:
        day = datetime.fromtimestamp(finished.run.started, UTC).strftime("%Y-%m-%d %H:%M UTC")
        yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
        yield '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        yield "style-src 'unsafe-inline'\">"
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>What the bot can be trusted with</title>\n<style>{_STYLE}</style>"
        yield "</head>\n<body>\n<h1>What the bot can be trusted with</h1>"
        yield f"<p>{for_html(sentence(finished))}</p>"
        yield f'<p class="faint">{day}; intervals are of 95%. What was asked once says little'
        yield "of the next time; what was repeated, and a rate, say more.</p>"
        for question in (*_QUESTIONS.values(), _OTHER):
            parts = {heading: self._said.get((question, heading)) for heading in _ALL}
            if any(parts.values()):
                yield f"<h2>{for_html(question)}</h2>"
                for heading, said in parts.items():
                    if said is not None:
                        yield from _part(heading, said)
        yield "</body>\n</html>"


def _heading(verdict: Verdict) -> _Heading:
    passed = verdict.ruling is Ruling.PASSED
    return _EMPTY if passed and _empty(verdict) else _HEADINGS[verdict.ruling]


def _empty(verdict: Verdict) -> str:
    """Why a case shows little though it passed: people are apart to a bot that keeps nothing."""
    if verdict.kind != "isolation":
        return ""
    found = (one for one in verdict.findings if one.outcome is Outcome.NOT_MEASURED)
    return next((one.reason for one in found), "")


def _part(heading: _Heading, said: _Said) -> Iterator[str]:
    style, told = heading
    cases = f"{said.count:,} case{'' if said.count == 1 else 's'}"
    yield f'<h3 class="{style}">{told}: {cases}</h3>'
    yield "<ul>"
    for line, times in said.lines.items():
        rows = f' <span class="faint">({times:,} rows)</span>' if times > 1 else ""
        yield f"<li>{for_html(line)}{rows}</li>"
    if left := said.count - sum(said.lines.values()):
        yield f"<li>and {left:,} more</li>"
    yield "</ul>"


def told(verdict: Verdict) -> str:
    """One case in one sentence: its title, what was measured, and what speaks against it."""
    title = verdict.about.title or f"{verdict.case.suite}: {verdict.case}"
    why = _empty(verdict) if verdict.ruling is Ruling.PASSED else headline(verdict)
    parts = (_measured(verdict), repeats_told(verdict), why)
    return _cut("; ".join((title, *filter(None, parts))))


def _measured(verdict: Verdict) -> str:
    """The weakest rate of what was measured first; of attacks, how often they may succeed."""
    rates, axis = _first_rates(verdict)
    if not rates:
        return ""
    if verdict.kind == "attacks":
        won, of = rates[0].of - rates[0].passed, rates[0].of
        return f"{won} of {many(of, 'attack')} succeeded, at most {at_most(won, of):.1%}"
    worst = min(rates, key=lambda rate: rate.share)
    if axis:
        return f"{share_of(worst)}, {axis}: {worst.label}"
    label = f"{worst.label}: " if worst.label else ""
    return label + share_of(worst)


def _first_rates(verdict: Verdict) -> tuple[tuple[Rate, ...], str]:
    """The rates of the first exhibit that has any, and what their labels count, if anything."""
    for exhibit in verdict.exhibits:
        if isinstance(exhibit, Groups):
            return (exhibit.agreement,) if exhibit.agreement.of else (), ""
        rates = exhibit.rates if isinstance(exhibit, Curve | Rates) else ()
        if found := tuple(rate for rate in rates if rate.of):
            return found, exhibit.axis if isinstance(exhibit, Curve) else ""
    return (), ""


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
