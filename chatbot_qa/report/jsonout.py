"""The documented JSON of ``--format json``: one object for a whole run.

Scripts may rely on these keys; others may be added. ``id`` includes the row of the
examples (``greets[de]``), ``trials`` is how many conversations a verdict rests on,
``retries`` how many of its requests were sent again, which changes nothing,
``turn`` counts from 1 (0: the conversation as a whole), ``seconds`` are the bot's. A case that
was repeated has ``repeats`` (``passed`` of ``of``, and ``lost``, which count for neither side)
and ``flaky``: it passed although they differ; ``flaky`` at the top counts such cases. A case
whose checks are known to err has ``known``: for each, the labelled rows that it read rightly and
wrongly; ``rates`` beside ``verdict`` are what judges passed over the run, corrected by labels. A
case with ``set_aside`` is not among the ``counts`` by verdict unless that says ``counts: true``:
its last day is past.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

import msgspec

from chatbot_qa.domain.events import REPLAYED, RunFinished, RunInfo
from chatbot_qa.domain.verdict import Aside, Finding, Ruling, Verdict

Json = dict[str, Any]


def document(run: RunInfo, finished: RunFinished, verdicts: Iterable[Verdict]) -> Json:
    """The whole object. ``write`` makes the same without holding it."""
    return {**_head(run, finished), "cases": [case(verdict) for verdict in verdicts]}


def write(stream: TextIO, run: RunInfo, finished: RunFinished, verdicts: Iterable[Verdict]) -> None:
    """Write the object, a line a case; pure ASCII, so that any console can show it."""
    head = json.dumps(_head(run, finished))
    stream.write(head[:-1] + ', "cases": [')
    lead = "\n"
    for verdict in verdicts:
        stream.write(lead + json.dumps(case(verdict)))
        lead = ",\n"
    stream.write("\n]}\n")


def case(verdict: Verdict) -> Json:
    """What is told of one case."""
    told: Json = {
        "suite": verdict.case.suite,
        "id": str(verdict.case),
        "kind": verdict.kind,
        "verdict": verdict.ruling.value,
        "file": verdict.where.file,
        "line": verdict.where.line,
        "trials": len(verdict.trials),
        "seconds": round(verdict.seconds, 6),
        "turns": verdict.turns,
        "reached": verdict.reached,
        "checks_not_reached": verdict.missed,
        "findings": [_finding(finding) for finding in verdict.findings],
    }
    if verdict.reason:
        told["reason"] = verdict.reason
    if verdict.again:
        told["again"] = verdict.again
    if verdict.exhibits:
        told["exhibits"] = msgspec.to_builtins(verdict.exhibits)
    if verdict.known:
        told["known"] = msgspec.to_builtins(verdict.known)
    if verdict.retries:
        told["retries"] = verdict.retries
    if verdict.repeats is not None:
        told["repeats"] = msgspec.to_builtins(verdict.repeats)
        told["flaky"] = verdict.flaky
    if verdict.aside is not None:
        told["set_aside"] = _aside(verdict.aside)
    return told


def _aside(aside: Aside) -> Json:
    return {
        "by": aside.kind,
        "reason": aside.reason,
        "owner": aside.owner,
        "until": aside.until,
        "counts": aside.over,
    }


def _finding(finding: Finding) -> Json:
    told: Json = {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "turn": finding.turn,
        "reason": finding.reason,
        "file": finding.where.file,
        "line": finding.where.line,
    }
    if finding.trial:
        told["trial"] = finding.trial
    if finding.quotes:
        told["quotes"] = [{"label": quote.label, "text": quote.text} for quote in finding.quotes]
    if finding.score is not None:
        told["score"] = finding.score
    if finding.because:
        told["because"] = finding.because
    if finding.warn_only:
        told["warn_only"] = True
    return told


def _head(run: RunInfo, finished: RunFinished) -> Json:
    counts = {ruling.value: finished.counts.get(ruling, 0) for ruling in Ruling}
    head: Json = {
        "run": {
            "id": run.id,
            "started": run.started,
            "seconds": round(finished.seconds, 3),
            "seed": run.seed,
            "paths": list(run.paths),
            "targets": dict(run.targets),
            "version": run.version,
            **({REPLAYED: run.settings[REPLAYED]} if REPLAYED in run.settings else {}),
        },
        "verdict": finished.ruling.value,
        "counts": {
            "total": sum(counts.values()) + finished.aside,
            **counts,
            "set_aside": finished.aside,
        },
        "flaky": finished.flaky,
        "reach": {
            "turns": finished.reach.turns,
            "reached": finished.reach.reached,
            "checks_not_reached": finished.reach.missed,
        },
    }
    if finished.rates:
        head["rates"] = msgspec.to_builtins(finished.rates)
    if finished.stopped:
        head["stopped"] = finished.stopped
    return head
