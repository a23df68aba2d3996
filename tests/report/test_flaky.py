"""A case that passed although its repeats differ: data of its verdict, which no report hides."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.verdict import Repeats, Ruling
from chatbot_qa.report.allure import Allure
from chatbot_qa.report.console import Console
from chatbot_qa.report.html import Html
from chatbot_qa.report.jsonout import document
from chatbot_qa.report.junit import JUnit
from chatbot_qa.report.words import flaky_told, repeats_told


@pytest.fixture
def repeated(told: Any) -> Any:
    """Three cases that were repeated: one flaky, one that always passed, one that failed."""
    verdict, transcripts = told.cases[0]

    def of(name: str, ruling: Ruling, repeats: Repeats) -> Any:
        findings = verdict.findings if ruling is Ruling.FAILED else ()
        case = CaseId("Returns desk", name)
        made = replace(
            verdict, case=case, ruling=ruling, repeats=repeats, findings=findings, trials=(name,)
        )
        return made, tuple(replace(one, key=name) for one in transcripts)

    return replace(
        told,
        cases=(
            of("now-and-then", Ruling.PASSED, Repeats(14, 15, lost=2)),
            of("always", Ruling.PASSED, Repeats(8, 8)),
            of("seldom", Ruling.FAILED, Repeats(1, 3)),
        ),
    )


def test_only_what_passed_with_repeats_that_differ_is_flaky(repeated: Any, told: Any) -> None:
    assert [verdict.flaky for verdict in repeated.verdicts] == [True, False, False]
    assert [verdict.repeats.differ for verdict in repeated.verdicts] == [True, False, True]
    assert not any(verdict.flaky for verdict in told.verdicts)
    assert repeats_told(repeated.verdicts[0]) == "14 of 15 passed, 2 came to nothing"
    assert repeats_told(told.verdicts[0]) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ""),
        (1, "1 case passed although its repeats differ"),
        (1200, "1,200 cases passed although their repeats differ"),
    ],
)
def test_how_many_are_flaky_in_words(number: int, words: str) -> None:
    assert flaky_told(number) == words


def test_the_json_has_it_of_each_case_and_counts_it(repeated: Any, told: Any) -> None:
    found = document(repeated.run, repeated.finished, repeated.verdicts)
    assert found["flaky"] == 1
    assert [case["flaky"] for case in found["cases"]] == [True, False, False]
    assert found["cases"][0]["repeats"] == {"passed": 14, "of": 15, "lost": 2}
    once = document(told.run, told.finished, told.verdicts)
    assert once["flaky"] == 0
    assert not any({"flaky", "repeats"} & case.keys() for case in once["cases"])


def test_the_console_names_them(repeated: Any) -> None:
    stream = io.StringIO()
    console = Console(stream, "plain")
    for event in repeated.events():
        console.on(event)
    assert (
        "flaky: 1 case passed although its repeats differ: Returns desk › now-and-then "
        "(14 of 15 passed, 2 came to nothing)\n"
    ) in stream.getvalue()


def test_many_of_them_are_counted(repeated: Any) -> None:
    stream = io.StringIO()
    console = Console(stream, "plain")
    for event in replace(repeated, cases=repeated.cases[:1] * 12).events():
        console.on(event)
    assert "flaky: 12 cases passed although their repeats differ" in stream.getvalue()
    assert ", and 2 more\n" in stream.getvalue()


def test_junit_has_properties_of_it(repeated: Any, tmp_path: Path) -> None:
    repeated.report(JUnit, tmp_path)
    found = {
        case.attrib["name"]: {
            one.attrib["name"]: one.attrib["value"] for one in case.iter("property")
        }
        for case in ElementTree.parse(tmp_path / "junit.xml").getroot().iter("testcase")
    }
    assert found["now-and-then"]["flaky"] == "true"
    assert found["now-and-then"]["repeats"] == "14 of 15 passed, 2 came to nothing"
    assert "flaky" not in found["always"]
    assert found["seldom"]["repeats"] == "1 of 3 passed"


def test_allure_marks_it(repeated: Any, tmp_path: Path) -> None:
    repeated.report(Allure, tmp_path)
    found = {}
    for path in (tmp_path / "allure-results").glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        found[result["fullName"].removeprefix("Returns desk: ")] = result
    flaky = found["now-and-then"]
    assert flaky["status"] == "passed"
    assert flaky["statusDetails"] == {
        "flaky": True,
        "message": "flaky: 14 of 15 passed, 2 came to nothing",
    }
    tags = {
        name: [one["value"] for one in result["labels"] if one["name"] == "tag"]
        for name, result in found.items()
    }
    assert "flaky" in tags["now-and-then"]
    assert "flaky" not in tags["always"] + tags["seldom"]
    assert "flaky" not in found["seldom"]["statusDetails"]


def test_requests_that_were_sent_again_are_counted_and_decide_nothing(
    told: Any, tmp_path: Path
) -> None:
    verdict, transcripts = told.cases[2]
    again = replace(told, cases=((replace(verdict, retries=3), transcripts),))
    (found,) = document(again.run, again.finished, again.verdicts)["cases"]
    assert (found["retries"], found["verdict"]) == (3, verdict.ruling)
    (once,) = document(again.run, again.finished, [verdict])["cases"]
    assert "retries" not in once
    stream = io.StringIO()
    console = Console(stream, "plain")
    for event in again.events():
        console.on(event)
    assert "retried: 3 requests were sent again, which changes no verdict\n" in stream.getvalue()
    again.report(JUnit, tmp_path)
    assert '<property name="retries" value="3"/>' in (tmp_path / "junit.xml").read_text("utf-8")


def test_the_page_says_so_at_its_top(repeated: Any, told: Any, tmp_path: Path) -> None:
    repeated.report(Html, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<dt>flaky</dt><dd>1 case passed although its repeats differ</dd>" in page
    assert '"repeats":{"passed":14,"of":15,"lost":2}' in page
