from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.events import RunInfo
from chatbot_qa.domain.verdict import About, Ruling
from chatbot_qa.report.allure import REST, Allure, category

Result = dict[str, Any]


def results(told: Any, folder: Path) -> dict[str, Result]:
    folder.mkdir(exist_ok=True)
    told.report(Allure, folder)
    written = [
        json.loads(path.read_bytes()) for path in (folder / "allure-results").glob("*-result.json")
    ]
    return {result["fullName"].partition(": ")[2]: result for result in written}


@pytest.fixture
def found(told: Any, tmp_path: Path) -> dict[str, Result]:
    return results(told, tmp_path)


def labels(result: Result, name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_one_result_a_case_with_its_status(found: dict[str, Result]) -> None:
    assert {name: result["status"] for name, result in found.items()} == {
        "remembers-order-number[letter]": "failed",
        "attacked": "failed",
        "unreachable": "broken",
        "undecided": "broken",
        "greets": "passed",
        "later": "skipped",
    }


def test_what_is_said_of_a_case(found: dict[str, Result]) -> None:
    result = found["remembers-order-number[letter]"]
    assert result["name"] == "The bot remembers the order number"
    assert labels(result, "severity") == ["critical"]
    assert labels(result, "owner") == ["support-team"]
    assert labels(result, "tag") == ["returns", "memory"]
    assert labels(result, "epic") == ["conversations"]
    assert labels(result, "feature") == ["Returns desk"]
    assert labels(result, "story") == ["remembers-order-number"]
    assert result["links"] == [{"type": "issue", "url": "https://example.test/123", "name": "123"}]
    assert labels(result, "link") == ["javascript:alert(1)"]
    assert result["parameters"] == [{"name": "order", "value": "A-1042"}]
    assert result["titlePath"] == ["suites", "returns.yaml", "Returns desk"]


def test_a_step_a_turn_with_a_step_a_check(found: dict[str, Result]) -> None:
    steps = found["remembers-order-number[letter]"]["steps"]
    assert [(step["name"], step["status"]) for step in steps] == [
        ("turn 1: Hi, my order number is A-1042.", "passed"),
        ("turn 2: How long do I have?", "passed"),
        ("turn 3: Which order were we talking about?", "failed"),
    ]
    recalls, latency = steps[2]["steps"]
    assert recalls["name"] == "recalls: the reply does not name the order given in turn 1"
    assert recalls["statusDetails"]["trace"].startswith("failed[recalls]: ")
    assert (latency["name"], latency["status"]) == (
        "warning: latency: the reply took 6 s",
        "unknown",
    )


def test_times_are_those_of_the_conversation(found: dict[str, Result]) -> None:
    result = found["remembers-order-number[letter]"]
    assert (result["start"], result["stop"]) == (1_763_700_000_000, 1_763_700_002_250)
    assert result["steps"][1]["start"] == 1_763_700_001_000
    assert result["steps"][1]["stop"] == 1_763_700_001_250


def test_inconclusive_and_error_can_be_told_apart(found: dict[str, Result]) -> None:
    assert found["undecided"]["statusDetails"]["message"] == "inconclusive: it may be the answer"
    assert found["unreachable"]["statusDetails"]["message"] == "no reply within 5 s"
    assert found["unreachable"]["steps"][0]["status"] == "broken"
    assert found["unreachable"]["steps"][1]["status"] == "skipped"
    assert [each["matchedStatuses"] for each in REST] == [["failed"], ["broken"], ["broken"]]


def test_categories_are_by_what_decided_and_hold_what_they_are_of(
    found: dict[str, Result], tmp_path: Path
) -> None:
    named = json.loads((tmp_path / "allure-results" / "categories.json").read_bytes())
    assert [each["name"] for each in named[: -len(REST)]] == [
        "The bot was wrong: not_contains",
        "The bot was wrong: recalls",
        "Inconclusive: answers",
        "Could not be asked or judged: timeout",
    ]
    assert named[-len(REST) :] == REST
    for name, number in (("attacked", 0), ("undecided", 2), ("unreachable", 3)):
        trace = found[name]["statusDetails"]["trace"]
        matching = [
            n for n, each in enumerate(named) if re.match(each.get("traceRegex", "(?!)"), trace)
        ]
        assert matching == [number]
    assert category(Ruling.FAILED, "a.b")["traceRegex"].startswith(r"^failed\[a\.b\]")


def test_what_was_expected_stands_against_what_was_said(found: dict[str, Result]) -> None:
    details = found["remembers-order-number[letter]"]["statusDetails"]
    assert details["expected"] == "recalls: ${order}"
    assert details["actual"] == "Could you tell me your order number?"
    assert "expected" not in found["unreachable"]["statusDetails"]


def test_the_conversation_is_attached_without_scripts(
    found: dict[str, Result], tmp_path: Path
) -> None:
    page, data = found["attacked"]["attachments"]
    folder = tmp_path / "allure-results"
    source = (folder / page["source"]).read_text(encoding="utf-8")
    tags: set[str] = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            tags.add(tag)

    Tags().feed(source)
    assert tags == {
        "html", "head", "meta", "title", "style", "body", "div", "span", "ul", "li", "b",
    }  # fmt: skip
    assert "\\x1b[31m]]&gt;" in source
    assert "\u202e" not in source
    told = json.loads((folder / data["source"]).read_bytes())
    assert told[0]["exchanges"][0]["reply"][0]["text"].startswith("</script>")


def test_history_is_the_same_in_every_run(told: Any, tmp_path: Path) -> None:
    first = results(told, tmp_path / "first")
    later: RunInfo = replace(told.run, id="r-2", started=told.run.started + 9, seed=8)
    second = results(replace(told, run=later), tmp_path / "second")
    for name, result in first.items():
        assert result["historyId"] == second[name]["historyId"]
        assert result["testCaseId"] == second[name]["testCaseId"]
        assert result["uuid"] != second[name]["uuid"]
    assert len({result["historyId"] for result in first.values()}) == len(first)


def with_parameters(told: Any, row: str, **parameters: str) -> Any:
    verdict, transcripts = told.cases[0]
    about = About(parameters=tuple(parameters.items()))
    case = replace(verdict.case, row=row)
    return replace(told, cases=((replace(verdict, case=case, about=about), transcripts),))


def history(told: Any, folder: Path) -> str:
    (result,) = results(told, folder).values()
    return str(result["historyId"])


def test_history_does_not_depend_on_volatile_values_or_row_numbers(
    told: Any, tmp_path: Path
) -> None:
    one = history(with_parameters(told, "1", order="A", day="${today}"), tmp_path / "a")
    moved = history(with_parameters(told, "2", order="A", day="${today+1d}"), tmp_path / "b")
    other = history(with_parameters(told, "1", order="B", day="${today}"), tmp_path / "c")
    assert one == moved
    assert one != other


def test_two_cases_never_share_a_history(told: Any, tmp_path: Path) -> None:
    twin = with_parameters(told, "1", order="A").cases + with_parameters(told, "2", order="A").cases
    found = results(replace(told, cases=twin), tmp_path)
    assert len({result["historyId"] for result in found.values()}) == 2


def test_the_same_run_gives_the_same_files(told: Any, tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        told.report(Allure, folder)
        written = (folder / "allure-results").iterdir()
        files.append({path.name: path.read_bytes() for path in written})
    assert files[0] == files[1]


def test_the_environment_is_a_properties_file(told: Any, tmp_path: Path) -> None:
    told.report(Allure, tmp_path)
    text = (tmp_path / "allure-results" / "environment.properties").read_bytes()
    assert b"seed = 7\n" in text
    assert b"target.demo = demo\\ 1.0\\ \\u00fc\n" in text
    assert not (tmp_path / "allure-results" / "executor.json").exists()


def test_an_earlier_report_is_replaced_whole(told: Any, tmp_path: Path) -> None:
    told.report(Allure, tmp_path)
    stale = tmp_path / "allure-results" / "stale-result.json"
    stale.write_text("{}")
    (tmp_path / "journal.jsonl").unlink()
    told.report(Allure, tmp_path)
    assert not stale.exists()
    assert not (tmp_path / "allure-results.part").exists()
