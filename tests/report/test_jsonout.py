from __future__ import annotations

import io
import json
from typing import Any

from msgspec.structs import replace

from chatbot_qa.report.jsonout import document, write

CASE_KEYS = {
    "suite",
    "id",
    "kind",
    "verdict",
    "file",
    "line",
    "trials",
    "seconds",
    "turns",
    "reached",
    "checks_not_reached",
    "findings",
}


def test_the_documented_shape(told: Any) -> None:
    found = document(told.run, told.finished, told.verdicts)
    assert found["verdict"] == "failed"
    assert found["counts"] == {
        "total": 6,
        "passed": 1,
        "failed": 2,
        "inconclusive": 1,
        "error": 1,
        "skipped": 1,
        "set_aside": 0,
    }
    assert found["reach"] == {"turns": 8, "reached": 7, "checks_not_reached": 1}
    assert found["run"]["id"] == "r-1"
    assert all(case.keys() >= CASE_KEYS for case in found["cases"])
    first = found["cases"][0]
    assert first["id"] == "remembers-order-number[letter]"
    assert first["trials"] == 1
    assert first["findings"][1] == {
        "check": "recalls",
        "outcome": "failed",
        "turn": 3,
        "reason": "the reply does not name the order given in turn 1",
        "file": "suites/returns.yaml",
        "line": 44,
        "quotes": [
            {"label": "turn 1 said", "text": "Hi, my order number is A-1042."},
            {"label": "reply 3 of 3", "text": "Could you tell me your order number?"},
        ],
        "because": "the returns policy of March",
    }


def test_writing_it_piece_by_piece_is_the_same(told: Any) -> None:
    for run in (told, replace(told, cases=()), replace(told, stopped="interrupted")):
        stream = io.StringIO()
        write(stream, run.run, run.finished, iter(run.verdicts))
        expected = document(run.run, run.finished, run.verdicts)
        assert json.loads(stream.getvalue()) == expected
        assert stream.getvalue().isascii()


def test_a_run_that_stopped_says_so(told: Any) -> None:
    stopped = replace(told, cases=told.cases[4:5], stopped="interrupted")
    found = document(stopped.run, stopped.finished, stopped.verdicts)
    assert (found["verdict"], found["stopped"]) == ("inconclusive", "interrupted")
