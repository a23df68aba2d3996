from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.events import Judged, RunFinished
from chatbot_qa.domain.verdict import Repeats, Ruling
from chatbot_qa.report.badge import Badge, message, svg


def finished(told: Any, stopped: str = "", **counts: int) -> RunFinished:
    return RunFinished(told.run, {Ruling(k): n for k, n in counts.items()}, 1.0, stopped)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"passed": 40}, "40 of 40 passed"),
        ({"passed": 38, "failed": 2}, "38 of 40 passed, 2 failed"),
        ({"passed": 1, "error": 1, "inconclusive": 2}, "1 of 4 passed, 1 error, 2 inconclusive"),
        ({}, "no case"),
    ],
)
def test_the_words(told: Any, counts: dict[str, int], words: str) -> None:
    assert message(finished(told, **counts)) == words


def test_a_run_that_stopped_early_does_not_look_whole(told: Any) -> None:
    assert message(finished(told, "interrupted", passed=3)) == "stopped early"


def test_both_files_say_the_same(told: Any, tmp_path: Path) -> None:
    told.report(Badge, tmp_path)
    data = json.loads((tmp_path / "badge.json").read_text("utf-8"))
    assert data["schemaVersion"] == 1
    assert data["message"] == "1 of 6 passed, 2 failed, 1 error, 1 inconclusive"
    root = ElementTree.parse(tmp_path / "badge.svg").getroot()
    assert root.attrib["aria-label"] == f"chatbot-qa: {data['message']}"
    colours = {rect.attrib["fill"] for rect in root.iter("{http://www.w3.org/2000/svg}rect")}
    assert data["color"] in colours


def test_flaky_cases_are_told(told: Any, tmp_path: Path) -> None:
    badge = Badge(tmp_path)
    fine = replace(told.verdicts[4], repeats=Repeats(4, 5))
    badge.on(Judged(fine, ()))
    badge.on(finished(told, passed=1))
    assert json.loads((tmp_path / "badge.json").read_text("utf-8"))["message"].endswith("1 flaky")


def test_it_is_wide_enough_for_its_words() -> None:
    narrow, wide = (
        int(ElementTree.fromstring(svg("chatbot-qa", text, "#000000")).attrib["width"])
        for text in ("1 of 1 passed", "1,000 of 2,000 passed, 1,000 failed")
    )
    assert wide - narrow > 100
