"""``report.html``: one page that holds the whole run and needs nothing else.

It opens from the disk, loads nothing, and may run no script but its own: its policy names
the script by hash. The run's two files are embedded as they are, escaped byte by byte, so
making the page costs a copy, and the browser reads a conversation when it is opened.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from chatbot_qa.domain.events import Event, Judged, RunFinished, RunInfo
from chatbot_qa.domain.exhibits import Rates
from chatbot_qa.domain.plan import REQUESTS
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.report.base import reporter
from chatbot_qa.report.exhibits import exhibit_lines
from chatbot_qa.report.part import PartFile
from chatbot_qa.report.snippet import plain, render_verdict
from chatbot_qa.report.words import counted, duration, flaky_told, not_reached, sentence
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.verdicts import FILE as VERDICTS
from chatbot_qa.text.safe import UNSEEN, for_html, for_json_in_html

NAME = "report.html"

MOST_WITHOUT_SCRIPT = 100
"""Failures that are also there as plain text, for readers whose browser runs no script."""

_SCRIPTS = ("data.js", "exhibits.js", "case.js", "list.js")
_CHUNK = 1 << 20
_MARKS = {
    Ruling.FAILED: "✕",
    Ruling.ERROR: "!",
    Ruling.INCONCLUSIVE: "?",
    Ruling.PASSED: "✓",
    Ruling.SKIPPED: "–",
}
SET_ASIDE = "aside"
"""What the page calls a case whose verdict does not count."""
_ASIDE_MARK = "‖"


@reporter("html", file=NAME)
class Html:
    """Keeps a bounded number of failures as text, and writes the page when the run ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._failures: list[str] = []
        self._more = 0

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, Judged):
            self._judged(event)
        elif isinstance(event, RunFinished):
            self._finished(event)

    def _judged(self, event: Judged) -> None:
        verdict = event.verdict
        if verdict.ruling in (Ruling.PASSED, Ruling.SKIPPED) or not verdict.counts:
            return
        if len(self._failures) == MOST_WITHOUT_SCRIPT:
            self._more += 1
            return
        name = f"{verdict.case.suite} › {verdict.case}"
        text = for_html(render_verdict(verdict))
        self._failures.append(f"<h3>{for_html(name)}</h3>\n<pre>{text}</pre>\n")

    def _finished(self, event: RunFinished) -> None:
        with PartFile(self._folder / NAME) as page:
            self._write(page, event)

    def _write(self, page: PartFile, event: RunFinished) -> None:
        style = _resource("page.css")
        script = "\n".join(map(_resource, _SCRIPTS))
        page.write(_head(event, style, script))
        page.write(_banner(event))
        page.write("<noscript>\n" + "".join(self._failures))
        if self._more:
            page.write(f"<p>and {self._more:,} more: they are in verdicts.jsonl</p>\n")
        page.write("</noscript>\n" + _resource("page.html"))
        page.write('<script type="application/json" id="run">')
        page.write_bytes(for_json_in_html(json.dumps(_facts()).encode()))
        page.write("</script>\n")
        for name, identity in ((VERDICTS, "verdicts"), (JOURNAL, "journal")):
            page.write(f'<script type="application/jsonl" id="{identity}">\n')
            for chunk in _whole_lines(self._folder / name):
                page.write_bytes(for_json_in_html(chunk))
            page.write("</script>\n")
        page.write(f"<script>{script}</script>\n</body>\n</html>\n")


def _resource(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _head(event: RunFinished, style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{for_html(sentence(event))} · chatbot_qa</title>\n"
        f"<style>{style}</style>\n</head>\n<body>\n"
    )


def _banner(event: RunFinished) -> str:
    run, ruling = event.run, event.ruling
    started = datetime.fromtimestamp(run.started, UTC)
    facts = [
        ("run", run.id),
        ("against", ", ".join(name for name in run.targets if name != REQUESTS)),
        ("model", _models(run)),
        ("started", f"{started:%Y-%m-%d %H:%M:%S} UTC"),
        ("took", duration(event.seconds)),
        ("seed", str(run.seed)),
        ("not reached", not_reached(event.reach)),
        ("flaky", flaky_told(event.flaky)),
        ("chatbot_qa", run.version),
    ]
    shown = "".join(
        f"<div><dt>{name}</dt><dd>{for_html(value)}</dd></div>" for name, value in facts if value
    )
    numbers = {each: event.counts.get(each, 0) for each in _MARKS}
    counts = "".join(
        _count(e.value, counted(e.value, number), number) for e, number in numbers.items()
    )
    if event.aside:
        counts += _count(SET_ASIDE, "set aside", event.aside)
    return (
        f'<header class="banner {ruling.value}">\n'
        f'<span class="mark" aria-hidden="true">{_MARKS[ruling]}</span>\n'
        f"<div><h1>{for_html(sentence(event))}</h1>\n<dl>{shown}</dl></div>\n"
        '<button type="button" id="theme" hidden>Light or dark</button>\n</header>\n'
        f'<ul class="counts" aria-label="Cases by verdict">{counts}</ul>\n'
        + "".join(map(_of_the_run, event.rates))
    )


def _models(run: RunInfo) -> str:
    """The models on this machine that were asked: what each is, its size and its licence."""
    return "; ".join(told for told in run.targets.values() if told.startswith("huggingface "))


def _of_the_run(rates: Rates) -> str:
    """Rates of the run as a whole, as the console shows them."""
    told = for_html(plain(exhibit_lines(rates)))
    return f'<section class="exhibit"><pre>{told}</pre></section>\n'


def _count(name: str, words: str, number: int) -> str:
    """A number of cases, which shows those alone when it is pressed."""
    mark = _ASIDE_MARK if name == SET_ASIDE else _MARKS[Ruling(name)]
    return (
        f'<li><button type="button" class="count {name}" data-verdict="{name}"'
        f' aria-pressed="false"><span class="mark" aria-hidden="true">{mark}</span>'
        f"<b>{number:,}</b> {words}</button></li>"
    )


def _facts() -> dict[str, object]:
    marks = {ruling.value: mark for ruling, mark in _MARKS.items()}
    return {"unseen": UNSEEN.pattern, "marks": {**marks, SET_ASIDE: _ASIDE_MARK}}


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The file in chunks that end with a line; a last line that was cut short is left out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline()
            yield chunk if chunk.endswith(b"\n") else chunk[: chunk.rfind(b"\n") + 1]
