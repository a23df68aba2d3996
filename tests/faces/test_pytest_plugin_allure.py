"""With ``allure-pytest``: one result an item, with all that is known of the case."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .pytesting import DESK, allure, only_run, run, suite, write

pytest_plugins = ["pytester"]
pytest.importorskip("allure_pytest")


def _labels(result: dict[str, Any], name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_one_result_an_item_with_all_that_is_known(pytester: pytest.Pytester) -> None:
    here = pytester.path
    write(here, "desk.yaml", DESK)
    write(here, "chatbot-qa.yaml", "defaults:\n  reports: [html, allure]\n")
    run(pytester, "--alluredir", "told").assert_outcomes(passed=2, failed=2, skipped=1)
    results = allure(here / "told")
    assert {name: result["status"] for name, result in results.items()} == {
        "remembers[p]": "failed",
        "remembers[b]": "failed",
        "greets": "passed",
        "later": "skipped",
        "suite": "passed",
    }
    failed = results["remembers[p]"]
    assert failed["name"] == "It remembers Priya"
    assert failed["statusDetails"]["message"].startswith("chatbot_qa.FailedError: the reply ")
    assert failed["statusDetails"]["trace"].startswith("failed[recalls]: the reply does not name ")
    assert _labels(failed, "severity") == ["critical"]
    assert _labels(failed, "owner") == ["anna"]
    assert sorted(_labels(failed, "tag")) == ["returns", "smoke-test"]
    assert _labels(failed, "suite") == ["Desk"]
    assert [(link["type"], link["url"]) for link in failed["links"]] == [
        ("issue", "https://example.test/7")
    ]
    assert [(each["name"], each["value"]) for each in failed["parameters"]] == [
        ("id", "'p'"),
        ("name", "'Priya'"),
    ]
    turns = [(turn["name"], turn["status"]) for turn in failed["steps"]]
    assert turns == [
        ("turn 1: Hi, my name is Priya.", "passed"),
        ("turn 2: Which sizes are there?", "passed"),
        ("turn 3: How long do I have to send something back?", "passed"),
        ("turn 4: What is my name?", "failed"),
    ]
    checks = [
        step["name"].partition(":")[0] for turn in failed["steps"] for step in turn.get("steps", ())
    ]
    assert checks == ["contains", "recalls"]
    assert [each["type"] for each in failed["attachments"]] == ["text/html", "application/json"]
    assert sorted(_labels(results["greets"], "tag")) == [
        "area:front", "fast", "returns", "skip", "smoke-test",
    ]  # fmt: skip
    assert not (only_run(here) / "allure-results").exists()
    assert (only_run(here) / "report.html").exists()


def test_rows_keep_a_history_each_over_runs_and_seeds(pytester: pytest.Pytester) -> None:
    here = pytester.path
    rows = """    examples:
      - word: socks
        mark: ${unique}
      - word: socks
        mark: ${canary}
      - word: shoes
        mark: none
"""
    write(
        here,
        "calm.yaml",
        suite("Calm", "sends").replace("send sends", "send ${word} ${mark}") + rows,
    )
    histories = []
    for number in (1, 2):
        words = ("--alluredir", f"told{number}", "--chatbot-seed", str(number))
        run(pytester, *words).assert_outcomes(passed=3)
        results = list((here / f"told{number}").glob("*-result.json"))
        histories.append({json.loads(one.read_bytes())["historyId"] for one in results})
    assert len(histories[0]) == 3
    assert histories[0] == histories[1]


def test_what_could_not_be_asked_is_broken(pytester: pytest.Pytester) -> None:
    here = pytester.path
    write(
        here,
        "calm.yaml",
        suite("Calm", "socks").replace(
            "- id: socks", "- id: socks\n    title: Socks\n    severity: blocker"
        ),
    )
    result = run(
        pytester, "--alluredir", "told",
        "--chatbot-target", "http", "--chatbot-url", "http://127.0.0.1:9/",
    )  # fmt: skip
    result.assert_outcomes(errors=1)
    told = allure(here / "told")["socks"]
    assert told["status"] == "broken"
    assert told["name"] == "Socks"
    assert _labels(told, "severity") == ["blocker"]
    assert told["statusDetails"]["message"].startswith("chatbot_qa.NotDecidedError: error: ")
    assert [turn["status"] for turn in told["steps"]] == ["broken"]
