"""Cases that run and do not count: what each report says of them, and what none hides."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.events import Reach, RunFinished
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.verdict import Aside, Finding, Outcome, Ruling, Verdict
from chatbot_qa.report.allure import Allure
from chatbot_qa.report.console import Console
from chatbot_qa.report.html import Html
from chatbot_qa.report.jsonout import document
from chatbot_qa.report.junit import JUnit
from chatbot_qa.report.snippet import render_verdict
from chatbot_qa.report.words import not_reached, sentence, set_aside
from chatbot_qa.runlog.verdicts import decode, encode

KNOWN = Aside("expected_failure", "the refund service is down", "anna", "2026-12-31")
FLAKY = Aside("quarantine", "fails now and then", "bo", "2025-12-01")
OVER = replace(FLAKY, over=True)


@pytest.fixture
def aside(told: Any) -> Any:
    """The run with its two failures set aside, one of them too long, and a greeting that passes."""
    failing = told.cases[0]

    def of(name: str, aside: Aside | None, ruling: Ruling = Ruling.FAILED) -> Any:
        verdict = replace(failing[0], case=CaseId("Returns desk", name), ruling=ruling, aside=aside)
        if ruling is Ruling.PASSED:
            verdict = replace(verdict, findings=(), again="")
        key = f"key-{name}"
        told = tuple(replace(one, key=key) for one in failing[1])
        return replace(verdict, trials=(key,)), told

    return replace(
        told,
        cases=(
            of("known", KNOWN),
            of("flaky", FLAKY),
            of("mended", KNOWN, Ruling.PASSED),
            of("late", OVER),
            of("unreached", replace(FLAKY, kind="quarantine"), Ruling.ERROR),
            of("fine", None, Ruling.PASSED),
        ),
    )


def test_what_is_set_aside_decides_nothing(aside: Any) -> None:
    assert aside.finished.ruling is Ruling.FAILED
    assert sentence(aside.finished) == "1 of 6 cases failed, 1 passed, 4 set aside."
    in_force = [one for one in aside.cases if one[0].aside != OVER]
    rest = replace(aside, cases=tuple(in_force))
    assert rest.finished.ruling is Ruling.PASSED
    assert sentence(rest.finished) == "No case failed, 1 passed, 4 set aside."
    alone = replace(aside, cases=aside.cases[:2])
    assert alone.finished.ruling is Ruling.SKIPPED
    assert sentence(alone.finished) == "All 2 cases set aside: no verdict counts."


def test_the_words() -> None:
    verdict = Verdict(CaseId("S", "a"), "conversations", Ruling.FAILED, None)  # type: ignore[arg-type]
    assert set_aside(verdict) == ""
    assert set_aside(replace(verdict, aside=KNOWN)) == (
        "expected failure until 2026-12-31, so it does not count (anna: the refund service is down)"
    )
    assert set_aside(replace(verdict, aside=OVER)) == (
        "the quarantine was over on 2025-12-01, so it counts (bo: fails now and then)"
    )
    passed = replace(verdict, ruling=Ruling.PASSED)
    assert set_aside(replace(passed, aside=KNOWN)) == "passes again: remove expected_failure"
    assert set_aside(replace(passed, aside=OVER)) == "passes again: remove quarantine"


def test_the_console_lists_them_apart_from_the_failures(aside: Any) -> None:
    stream = io.StringIO()
    console = Console(stream, "plain")
    for event in aside.events():
        console.on(event)
    text = stream.getvalue()
    assert text.count("failed[recalls]") == 1
    assert "= note: the quarantine was over on 2025-12-01, so it counts" in text
    assert "set aside    Returns desk › known: failed: the reply does not name" in text
    assert "set aside: Returns desk › known: failed: expected failure until 2026-12-31" in text
    assert "set aside: Returns desk › unreached: error: quarantine until 2025-12-01" in text
    assert "Returns desk › mended passes again: remove expected_failure\n" in text
    assert "Returns desk   1 passed   1 failed   4 set aside\n" in text


def test_many_of_them_are_counted(aside: Any) -> None:
    many = replace(aside, cases=aside.cases[:1] * 12)
    stream = io.StringIO()
    console = Console(stream, "plain")
    for event in many.events():
        console.on(event)
    assert "set aside: 2 more\n" in stream.getvalue()


def test_junit_skips_them_with_what_they_came_to(aside: Any, tmp_path: Path) -> None:
    aside.report(JUnit, tmp_path)
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").getroot()
    numbers = {"tests": "6", "failures": "1", "errors": "0", "skipped": "3"}
    assert numbers.items() <= suite.attrib.items()
    cases = {case.attrib["name"]: case for case in suite.iter("testcase")}
    skipped = cases["known"].find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"].startswith("expected failure until 2026-12-31")
    assert "failed: the reply does not name the order" in skipped.attrib["message"]
    assert "failed[recalls]" in (cases["known"].findtext("system-out") or "")
    assert [child.tag for child in cases["mended"]] == ["properties", "system-out"]
    assert "passes again" in (cases["mended"].findtext("system-out") or "")
    failure = cases["late"].find("failure")
    assert failure is not None
    assert "the quarantine was over on 2025-12-01" in (failure.text or "")
    assert [child.tag for child in cases["fine"]] == ["properties"]


def test_allure_knows_of_them(aside: Any, tmp_path: Path) -> None:
    aside.report(Allure, tmp_path)
    found = {}
    for path in (tmp_path / "allure-results").glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        found[result["fullName"].removeprefix("Returns desk: ")] = result
    details = {name: result.get("statusDetails", {}) for name, result in found.items()}
    assert details["known"]["known"] is True
    assert details["flaky"]["muted"] is True
    assert "muted" not in details["late"]
    assert details["mended"] == {"known": True, "message": "passes again: remove expected_failure"}
    assert found["mended"]["status"] == "passed"
    assert found["flaky"]["status"] == "failed"
    assert details["fine"] == {}


def test_json_says_all_of_it(aside: Any) -> None:
    found = document(aside.run, aside.finished, aside.verdicts)
    assert found["counts"]["set_aside"] == 4
    assert found["counts"]["total"] == 6
    by_name = {case["id"]: case for case in found["cases"]}
    assert by_name["known"]["set_aside"] == {
        "by": "expected_failure",
        "reason": "the refund service is down",
        "owner": "anna",
        "until": "2026-12-31",
        "counts": False,
    }
    assert by_name["late"]["set_aside"]["counts"] is True
    assert "set_aside" not in by_name["fine"]


def test_the_page_counts_them_apart(aside: Any, told: Any, tmp_path: Path) -> None:
    aside.report(Html, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'data-verdict="aside"' in page
    assert "<b>4</b> set aside" in page
    assert "<b>1</b> failed" in page
    without_script = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert without_script.count("<h3>") == 1
    friendly = tmp_path / "friendly"
    friendly.mkdir()
    told.report(Html, friendly)
    assert 'data-verdict="aside"' not in (friendly / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("aside", [None, KNOWN, OVER])
def test_a_verdict_keeps_it(told: Any, aside: Aside | None) -> None:
    verdict = replace(told.verdicts[3], aside=aside)
    line = json.loads(json.dumps(encode(verdict)))
    assert decode(line).aside == aside
    assert ("aside" in line) is (aside is not None)


def test_what_was_not_reached_is_said_in_words() -> None:
    assert not_reached(Reach(3, 3, 0)) == ""
    assert not_reached(Reach(3, 2, 0)) == "1 of 3 turns"
    assert not_reached(Reach(3, 3, 1)) == "1 check"
    assert not_reached(Reach(2000, 500, 1200)) == "1,500 of 2,000 turns, 1,200 checks"


def test_a_case_that_did_not_pass_says_what_of_it_was_not_reached(told: Any) -> None:
    missed = Finding(Outcome.NOT_REACHED, "it stopped before", check="contains", turn=3)
    verdict = replace(told.verdicts[0], reached=2, findings=(*told.verdicts[0].findings, missed))
    assert "= not reached: 1 of 3 turns, 1 check" in render_verdict(verdict)
    assert "not reached" not in render_verdict(told.verdicts[0])


def test_the_page_says_what_was_not_reached(told: Any, tmp_path: Path) -> None:
    told.report(Html, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<dt>not reached</dt><dd>1 of 8 turns, 1 check</dd>" in page


def test_a_run_that_stopped_early_and_has_only_such_cases_is_not_passed(told: Any) -> None:
    finished = RunFinished(told.run, {}, 1.0, "interrupted", aside=2)
    assert finished.ruling is Ruling.INCONCLUSIVE
    assert "2 of 6 cases got a verdict; no case failed, 2 set aside." in sentence(finished)
