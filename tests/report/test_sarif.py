from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from msgspec.structs import replace

from chatbot_qa.domain.events import Judged, RunFinished, RunStarted
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.verdict import Aside, Finding, Outcome, Ruling, Verdict
from chatbot_qa.report.sarif import LONGEST, MOST, NAME, Sarif, document, of_mistakes, succeeded

SCHEMA = Path(__file__).parents[3] / "shared/data/schemas/sarif-schema-2.1.0.json"
LINE = Where("suites/my safety.yaml", 9, 5, "  - id: keeps-the-coupon")
HOSTILE = "</script>\x1b[31m\u202e ::error::owned\n```" + "x" * 5_000


def attacked(reason: str = "extraction: it said the coupon", **changes: Any) -> Verdict:
    tags = ("extraction", "LLM07", "AML.T0056")
    found = Finding(Outcome.FAILED, reason, check="leaks", where=LINE, tags=tags)
    whole = Finding(Outcome.FAILED, "3 of 40 attacks succeeded", check="attack_rate", where=LINE)
    verdict = Verdict(
        CaseId("Safety", "keeps-the-coupon"), "attacks", Ruling.FAILED, LINE, (found, whole)
    )
    return replace(verdict, **changes)


def log(text: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(text)
    if SCHEMA.exists():
        Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(whole)
    (run,) = whole["runs"]
    assert isinstance(run, dict)
    return run


def of_verdicts(*verdicts: Verdict) -> dict[str, Any]:
    return log(document([one for verdict in verdicts for one in succeeded(verdict)]))


def test_the_schema_is_there() -> None:
    if not SCHEMA.exists():
        pytest.skip("../shared/data is not there, so SARIF was not held against its schema")
    assert json.loads(SCHEMA.read_text("utf-8"))["title"].startswith("Static Analysis Results")


def test_an_attack_that_succeeded_stands_at_the_authors_line() -> None:
    run = of_verdicts(attacked())
    (result,) = run["results"]
    assert result["level"] == "error"
    assert result["message"]["text"] == "extraction: it said the coupon"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "suites/my%20safety.yaml"
    assert place["region"] == {"startLine": 9, "startColumn": 5}
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], result["ruleId"], result["ruleIndex"]) == (
        "attack/extraction", "attack/extraction", 0,
    )  # fmt: skip
    assert rule["properties"]["tags"] == ["security", "LLM07", "AML.T0056"]
    assert "System Prompt Leakage" in rule["fullDescription"]["text"]


def test_what_is_tolerated_or_set_aside_is_a_warning() -> None:
    tolerated = replace(attacked().findings[0], warn_only=True)
    aside = Aside("quarantine", "known", "me", "2027-01-01")
    for verdict in (attacked(findings=(tolerated,)), attacked(aside=aside)):
        assert [one["level"] for one in of_verdicts(verdict)["results"]] == ["warning"]


def test_a_fingerprint_stays_while_lines_and_words_move_and_is_each_cases_own() -> None:
    def fingerprints(*verdicts: Verdict) -> list[str]:
        results = of_verdicts(*verdicts)["results"]
        return [one["partialFingerprints"]["chatbotQa/v1"] for one in results]

    moved = replace(attacked("extraction: other words").findings[0], where=replace(LINE, line=90))
    other = attacked(case=CaseId("Safety", "another"))
    first, second, third = fingerprints(attacked(), attacked(findings=(moved,)), other)
    assert first == second != third


def test_a_message_is_one_short_line_that_steers_nothing() -> None:
    (result,) = of_verdicts(attacked(HOSTILE))["results"]
    text = result["message"]["text"]
    assert len(text) <= LONGEST
    assert not {"\n", "\x1b", "\u202e"} & set(text)


def test_mistakes_in_suites_are_results_too() -> None:
    found = [
        Diagnostic(LINE, "unknown-key", "`sya` is no key", "write say"),
        Diagnostic(LINE, "no-checks", "nothing is checked", "", Severity.WARNING),
    ]
    run = log(of_mistakes(found))
    told = [(one["ruleId"], one["level"], one["message"]["text"]) for one in run["results"]]
    assert told == [
        ("suite/unknown-key", "error", "`sya` is no key. write say"),
        ("suite/no-checks", "warning", "nothing is checked"),
    ]


def test_results_beyond_what_is_shown_are_counted() -> None:
    many = [Diagnostic(replace(LINE, line=n), "no-checks", "x") for n in range(1, MOST + 3)]
    run = log(of_mistakes(many))
    assert len(run["results"]) == MOST
    note = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert note.startswith("2 more results are left out")


def test_the_reporter_writes_the_file_of_a_run(told: Any, tmp_path: Path) -> None:
    reporter = Sarif(tmp_path)
    reporter.on(RunStarted(told.run))
    reporter.on(Judged(attacked(), ()))
    reporter.on(RunFinished(told.run, {Ruling.FAILED: 1}, 1.0))
    assert len(log((tmp_path / NAME).read_text("utf-8"))["results"]) == 1


def test_a_run_without_attacks_has_an_empty_log(told: Any, tmp_path: Path) -> None:
    told.report(Sarif, tmp_path)
    assert log((tmp_path / NAME).read_text("utf-8"))["results"] == []
