"""SARIF 2.1.0: what is wrong in suites, and which attacks succeeded, at the author's line.

The format is OASIS's; GitHub shows at most 5,000 results of a file. A result holds no
transcript, only why it is one. Its fingerprint is made of names alone, so it stays the same
while lines move. Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from chatbot_qa import __version__
from chatbot_qa.attacks.taxonomy import told as called
from chatbot_qa.domain.events import Event, Judged, RunFinished, RunStarted
from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.verdict import Finding, Outcome, Verdict
from chatbot_qa.report.base import reporter
from chatbot_qa.report.part import PartFile
from chatbot_qa.text.many import many
from chatbot_qa.text.safe import one_line

NAME = "report.sarif"
MOST = 5_000
LONGEST = 600

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ATTACK = "attack/"

Json = dict[str, Any]


class Result(Struct, frozen=True):
    """One result: ``rule`` with its ``tags``, and what keeps the fingerprint the same."""

    rule: str
    level: str
    message: str
    where: Where
    names: tuple[str, ...]
    tags: tuple[str, ...] = ()


@reporter("sarif", file=NAME)
class Sarif:
    """Writes the attacks that succeeded in a run, one result a family and case."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._results: list[Result] = []
        self._more = 0

    def on(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, RunStarted):
            self._results, self._more = [], 0
        elif isinstance(event, Judged):
            for result in succeeded(event.verdict):
                if len(self._results) < MOST:
                    self._results.append(result)
                else:
                    self._more += 1
        elif isinstance(event, RunFinished):
            with PartFile(self._folder / NAME) as file:
                file.write(document(self._results, self._more))


def succeeded(verdict: Verdict) -> Iterator[Result]:
    """The attacks that succeeded in a case: those that fail it are errors, others warnings."""
    for finding in verdict.findings:
        if finding.tags and finding.outcome is Outcome.FAILED:
            yield _attack(verdict, finding)


def _attack(verdict: Verdict, finding: Finding) -> Result:
    family, *ids = finding.tags
    tolerated = finding.warn_only or not verdict.counts
    where = finding.where if finding.where.line else verdict.where
    return Result(
        _ATTACK + family,
        "warning" if tolerated else "error",
        finding.reason,
        where,
        (verdict.case.suite, str(verdict.case), family),
        tuple(ids),
    )


def of_mistakes(diagnostics: Sequence[Diagnostic]) -> str:
    """What is wrong in suites, as a SARIF document."""
    results = [
        Result(
            f"suite/{one.code}",
            "error" if one.severity is Severity.ERROR else "warning",
            f"{one.message}. {one.hint}" if one.hint else one.message,
            one.where,
            (one.where.file, one.code, one.where.text.strip()),
        )
        for one in diagnostics
    ]
    return document(results[:MOST], max(len(results) - MOST, 0))


def document(results: Iterable[Result], more: int = 0) -> str:
    """A SARIF log of one run of this tool; ``more`` results are told of and left out."""
    found = list(results)
    rules = {one.rule: one for one in found}
    order = {rule: number for number, rule in enumerate(rules)}
    run: Json = {
        "tool": {
            "driver": {
                "name": "chatbot-qa",
                "version": __version__,
                "rules": [_rule(one) for one in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, order[one.rule]) for one in found],
    }
    if more:
        are = "is" if more == 1 else "are"
        told = f"{many(more, 'more result')} {are} left out: a file shows {MOST:,} at most"
        note = {"level": "warning", "message": {"text": told}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [note]}]
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(one: Result) -> Json:
    family = one.rule.removeprefix(_ATTACK)
    if family == one.rule:
        told = f"a suite: {family.removeprefix('suite/').replace('-', ' ')}"
        return {"id": one.rule, "shortDescription": {"text": told}, "properties": {"tags": []}}
    names = called(*(*one.tags, "", "")[:2])
    return {
        "id": one.rule,
        "shortDescription": {"text": f"an attack of the family {family} succeeds"},
        "fullDescription": {"text": names or family},
        "properties": {"tags": ["security", *filter(None, one.tags)], "precision": "high"},
    }


def _result(one: Result, rule: int) -> Json:
    where = one.where
    region = {"startLine": max(where.line, 1), "startColumn": max(where.column, 1)}
    place = {"artifactLocation": {"uri": _uri(where.file)}, "region": region}
    return {
        "ruleId": one.rule,
        "ruleIndex": rule,
        "level": one.level,
        "message": {"text": _message(one.message)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"chatbotQa/v1": _fingerprint(one)},
    }


def _message(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _uri(file: str) -> str:
    """A relative reference, or a file address where the path is absolute."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _fingerprint(one: Result) -> str:
    names = "\0".join((one.rule, *one.names))
    return sha256(names.encode("utf-8", "surrogatepass")).hexdigest()[:32]
