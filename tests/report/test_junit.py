from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.events import Judged
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.report.junit import JUnit
from chatbot_qa.report.shortened import LONGEST
from tests.report.conftest import exchange


@pytest.fixture
def root(told: Any, tmp_path: Path) -> ElementTree.Element:
    told.report(JUnit, tmp_path)
    return ElementTree.parse(tmp_path / "junit.xml").getroot()


def case(root: ElementTree.Element, name: str) -> ElementTree.Element:
    found = [each for each in root.iter("testcase") if each.attrib["name"] == name]
    assert len(found) == 1
    return found[0]


def test_one_test_case_a_case_in_its_suite(root: ElementTree.Element) -> None:
    suites = {
        suite.attrib["name"]: [each.attrib["name"] for each in suite.iter("testcase")]
        for suite in root
    }
    assert suites == {
        "Returns desk": ["remembers-order-number[letter]"],
        "Safety <b>": ["attacked", "unreachable", "undecided", "greets", "later"],
    }


def test_the_numbers_are_right(root: ElementTree.Element) -> None:
    numbers = {"tests": "5", "failures": "1", "errors": "2", "skipped": "1", "time": "5.750"}
    assert numbers.items() <= root[1].attrib.items()
    whole = {"tests": "6", "failures": "2", "errors": "2", "time": "6.500"}
    assert whole.items() <= root.attrib.items()
    assert root[0].attrib["timestamp"] == "2025-11-21T04:40:00"


def test_where_a_case_stands(root: ElementTree.Element) -> None:
    found = case(root, "remembers-order-number[letter]").attrib
    assert found["classname"] == "Returns desk"
    assert (found["file"], found["line"]) == ("suites/returns.yaml", "22")
    assert found["time"] == "0.750"


def test_a_failure_is_told_in_full(root: ElementTree.Element) -> None:
    failure = case(root, "remembers-order-number[letter]").find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "recalls"
    assert failure.attrib["message"] == "the reply does not name the order given in turn 1"
    assert (failure.text or "").startswith("failed[recalls]: the reply does not name")
    said = case(root, "remembers-order-number[letter]").findtext("system-out")
    assert "2 bot: You have 30 days.\n       Shall I start? [Yes] [No]" in (said or "")


def test_an_error_is_no_failure(root: ElementTree.Element) -> None:
    found = case(root, "unreachable")
    assert found.find("failure") is None
    error = found.find("error")
    assert error is not None
    assert error.attrib == {"type": "timeout", "message": "no reply within 5 s"}


def test_inconclusive_is_an_error_of_its_own_type(root: ElementTree.Element) -> None:
    error = case(root, "undecided").find("error")
    assert error is not None
    expected = {"type": "inconclusive", "message": "inconclusive: it may be the answer"}
    assert error.attrib == expected


def test_passed_and_skipped(root: ElementTree.Element) -> None:
    passed = case(root, "greets")
    assert {each.tag for each in passed} == {"properties"}
    skipped = case(root, "later").find("skipped")
    assert skipped is not None
    assert skipped.attrib == {"message": "waits for the new shop"}


def test_properties(root: ElementTree.Element) -> None:
    found = [
        (each.attrib["name"], each.attrib["value"])
        for each in case(root, "remembers-order-number[letter]").iter("property")
    ]
    expected = [("owner", "support-team"), ("severity", "critical"), ("tag", "memory")]
    assert set(expected) <= set(found)
    assert ("issue", "https://example.test/123") in found


def test_a_hostile_reply_reads_back_harmless(root: ElementTree.Element) -> None:
    failure = case(root, "attacked").find("failure")
    assert failure is not None
    assert "</script><script>document.title='owned'" in (failure.text or "")
    assert "\\x1b[31m]]>&amp;\\u202ecod.exe" in (failure.text or "")
    assert "\u202e" not in ElementTree.tostring(root, "unicode")


def test_a_reply_of_megabytes_is_cut_with_its_size(told: Any, tmp_path: Path) -> None:
    (verdict, (first, *_)), *_ = told.cases
    long = exchange(0, "Hi", "x" * (LONGEST + 3_000_000))
    replace(told, cases=((verdict, (Transcript(first.key, (long,)),)),)).report(JUnit, tmp_path)
    said = ElementTree.parse(tmp_path / "junit.xml").getroot().findtext(".//system-out") or ""
    assert "(3,000,001 more characters)" in said
    assert LONGEST <= len(said) < LONGEST + 1_000


def test_a_run_that_stopped_early_does_not_look_whole(told: Any, tmp_path: Path) -> None:
    replace(told, stopped="interrupted").report(JUnit, tmp_path)
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    error = case(root, "run").find("error")
    assert error is not None
    assert error.attrib["message"] == "interrupted"
    assert root.attrib["errors"] == "3"


def test_no_transcript_of_a_passed_case_is_read(told: Any, tmp_path: Path) -> None:
    class Unread:
        def __iter__(self) -> Any:
            raise AssertionError("a passed case's transcript was read")

    reporter = JUnit(tmp_path)
    for event in replace(told, cases=(told.cases[4],)).events():
        read = Judged(event.verdict, Unread()) if isinstance(event, Judged) else event  # type: ignore[arg-type]
        reporter.on(read)
    assert (tmp_path / "junit.xml").exists()


def test_the_file_appears_whole_or_not_at_all(told: Any, tmp_path: Path) -> None:
    reporter = JUnit(tmp_path)
    *events, last = told.events()
    for event in events:
        reporter.on(event)
    assert not (tmp_path / "junit.xml").exists()
    reporter.on(last)
    assert [path.name for path in tmp_path.iterdir()] == ["junit.xml"]
