"""``verdicts.jsonl``: findings and verdicts in suite order, made again whenever we judge again."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import orjson

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.exhibits import Exhibit
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import (
    About,
    Aside,
    Finding,
    Link,
    Outcome,
    Quote,
    Repeats,
    Ruling,
    Told,
    Verdict,
)
from chatbot_qa.errors import StorageError, UsageError

FILE = "verdicts.jsonl"
_PLAIN = About()
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


def encode(verdict: Verdict) -> dict[str, Any]:
    """The JSON object of a verdict, defaults left out."""
    case, where = verdict.case, verdict.where
    line: dict[str, Any] = {"suite": case.suite, "id": case.case}
    if case.row:
        line["row"] = case.row
    line |= {
        "kind": verdict.kind,
        "verdict": verdict.ruling,
        "file": where.file,
        "line": where.line,
        "column": where.column,
    }
    if verdict.about != _PLAIN:
        line |= _about(verdict.about)
    line |= {
        "turns": verdict.turns,
        "reached": verdict.reached,
        "trials": verdict.trials,
        "seconds": round(verdict.seconds, 3),
    }
    if verdict.reason:
        line["reason"] = verdict.reason
    if verdict.again:
        line["again"] = verdict.again
    if verdict.aside is not None:
        line["aside"] = _aside(verdict.aside)
    if verdict.retries:
        line["retries"] = verdict.retries
    if verdict.results:
        line["results"] = [(one.outcome, one.text) for one in verdict.results]
    if verdict.repeats is not None:
        line["repeats"] = _repeats(verdict.repeats)
    if verdict.known:
        line["known"] = msgspec.to_builtins(verdict.known)
    line["findings"] = [_finding(finding, where.file) for finding in verdict.findings]
    if verdict.exhibits:
        line["exhibits"] = msgspec.to_builtins(verdict.exhibits)
    return line


def _aside(aside: Aside) -> dict[str, Any]:
    line = {name: getattr(aside, name) for name in ("kind", "reason", "owner", "until")}
    return {**line, "over": True} if aside.over else line


def _repeats(repeats: Repeats) -> dict[str, int]:
    line = {"passed": repeats.passed, "of": repeats.of}
    return {**line, "lost": repeats.lost} if repeats.lost else line


def _about(about: About) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for name in ("title", "severity", "owner", "topic", "tags"):
        value = getattr(about, name)
        if value != getattr(_PLAIN, name):
            line[name] = value
    if about.links:
        line["links"] = [
            {"kind": link.kind, "url": link.url, "name": link.name} for link in about.links
        ]
    if about.parameters:
        line["parameters"] = dict(about.parameters)
    return line


def _finding(finding: Finding, file: str) -> dict[str, Any]:
    where = finding.where
    line: dict[str, Any] = {"check": finding.check, "outcome": finding.outcome}
    if finding.turn:
        line["turn"] = finding.turn
    if finding.trial:
        line["trial"] = finding.trial
    line["reason"] = finding.reason
    line["line"] = where.line
    line["column"] = where.column
    if where.file != file:
        line["file"] = where.file
    if finding.outcome is not Outcome.PASSED:
        line["text"] = where.text
    if finding.quotes:
        line["quotes"] = [(quote.label, quote.text) for quote in finding.quotes]
    if finding.score is not None:
        line["score"] = finding.score
    if finding.because:
        line["because"] = finding.because
    if finding.warn_only:
        line["warn_only"] = True
    if finding.version != 1:
        line["version"] = finding.version
    if finding.tags:
        line["tags"] = finding.tags
    return line


def decode(line: Mapping[str, Any]) -> Verdict:
    """The verdict of a line."""
    file = line["file"]
    return Verdict(
        CaseId(line["suite"], line["id"], line.get("row", "")),
        line["kind"],
        Ruling(line["verdict"]),
        Where(file, line["line"], line["column"]),
        tuple(_finding_of(finding, file) for finding in line["findings"]),
        tuple(line["trials"]),
        line["seconds"],
        line.get("reason", ""),
        line.get("again", ""),
        line["turns"],
        line["reached"],
        _about_of(line),
        Aside(**line["aside"]) if "aside" in line else None,
        msgspec.convert(line["exhibits"], tuple[Exhibit, ...]) if "exhibits" in line else (),
        Repeats(**line["repeats"]) if "repeats" in line else None,
        tuple(Known(**one) for one in line.get("known", ())),
        line.get("retries", 0),
        tuple(Told(Outcome(outcome), text) for outcome, text in line.get("results", ())),
    )


def _about_of(line: Mapping[str, Any]) -> About:
    return About(
        line.get("title", ""),
        line.get("severity", _PLAIN.severity),
        line.get("owner", ""),
        tuple(line.get("tags", ())),
        tuple(Link(**link) for link in line.get("links", ())),
        line.get("topic", ""),
        tuple(line.get("parameters", {}).items()),
    )


def _finding_of(line: Mapping[str, Any], file: str) -> Finding:
    outcome = line["outcome"]
    return Finding(
        _OUTCOMES.get(outcome) or Outcome(outcome),
        line["reason"],
        tuple(Quote(label, text) for label, text in line["quotes"]) if "quotes" in line else (),
        line.get("score"),
        line["check"],
        line.get("version", 1),
        line.get("turn", 0),
        Where(line.get("file", file), line["line"], line["column"], line.get("text", "")),
        line.get("because", ""),
        line.get("warn_only", False),
        line.get("trial", 0),
        tuple(line.get("tags", ())),
    )


class VerdictWriter:
    """Takes verdicts in any order, by their number in suite order, and writes them in it.

    Memory: 16 bytes a verdict. The file appears whole, when it is closed.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._part = folder / f"{FILE}.part"
        self._whole = folder / f"{FILE}.whole"
        self._file = self._part.open("w+b")
        self._numbers = array("Q")
        self._places = array("Q")

    def add(self, number: int, verdict: Verdict) -> None:
        """Keep the verdict of the case that is ``number`` in suite order.

        Raises ``StorageError``.
        """
        line = orjson.dumps(encode(verdict), option=orjson.OPT_APPEND_NEWLINE)
        try:
            place = self._file.tell()
            self._file.write(line)
        except OSError as error:
            raise self._no_room(error) from error
        self._numbers.append(number)
        self._places.append(place)

    def close(self) -> None:
        """Write the file in suite order. Raises ``StorageError``."""
        try:
            with self._file, self._whole.open("wb") as out:
                for index in sorted(range(len(self._numbers)), key=self._numbers.__getitem__):
                    self._file.seek(self._places[index])
                    out.write(self._file.readline())
        except OSError as error:
            raise self._no_room(error) from error
        self._whole.replace(self._path)
        self._part.unlink()

    def discard(self) -> None:
        """Give up: close and remove the unfinished files, if it was not closed."""
        with contextlib.suppress(OSError):  # what it still held back has no room either
            self._file.close()
        for unfinished in (self._part, self._whole):
            unfinished.unlink(missing_ok=True)

    def _no_room(self, error: OSError) -> StorageError:
        return StorageError(
            f"{self._path} cannot be written: {error.strerror}",
            f"make room, then go on where it stopped: --resume {self._path.parent}",
        )


def read(folder: Path) -> Iterator[Verdict]:
    """The verdicts of a run, in suite order, one at a time."""
    path = folder / FILE
    if not path.exists():
        raise UsageError(
            f"{folder} holds no {FILE}",
            f"if it holds a journal.jsonl, judge it first: chatbot-qa judge {folder}",
        )
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield decode(orjson.loads(line))
            except (orjson.JSONDecodeError, KeyError, ValueError, TypeError) as error:
                raise UsageError(f"{path}:{number}: this is not a verdict: {error}") from error
