"""Long and many conversations in Allure: an excerpt is shown, and the whole can be reached."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.report import allure_results, bubbles
from chatbot_qa.report.allure import Allure
from chatbot_qa.report.shortened import LONGEST
from chatbot_qa.text.safe import for_terminal
from tests.report.conftest import HOSTILE, exchange

MILLION = 1_000_000


def reported(told: Any, folder: Path, *replies: str) -> dict[str, Any]:
    """The result of the run's first case, held as often as there are replies."""
    folder.mkdir(exist_ok=True)
    verdict, _ = told.cases[0]
    names = tuple(f"k{number}" for number, _ in enumerate(replies))
    held = tuple(
        Transcript(name, (exchange(0, "Which order?", reply),))
        for name, reply in zip(names, replies, strict=True)
    )
    replace(told, cases=((replace(verdict, trials=names), held),)).report(Allure, folder)
    (path,) = (folder / "allure-results").glob("*-result.json")
    result: dict[str, Any] = json.loads(path.read_bytes())
    return result


def attached(result: dict[str, Any], folder: Path) -> dict[str, str]:
    """What is attached, by name."""
    return {
        one["name"]: (folder / "allure-results" / one["source"]).read_text(encoding="utf-8")
        for one in result["attachments"]
    }


def test_of_forty_conversations_twelve_are_shown_and_all_are_attached(
    told: Any, tmp_path: Path
) -> None:
    result = reported(told, tmp_path, *(f"Reply {number}." for number in range(40)))
    found = attached(result, tmp_path)
    assert list(found) == ["conversation", "all 40 conversations, uncut", "conversation as data"]
    assert found["conversation"].count("<h2>conversation") == bubbles.MOST_SHOWN
    assert "and 28 more conversations: the whole is in the attachment" in found["conversation"]
    assert "“all 40 conversations, uncut”" in found["conversation"]
    assert len(json.loads(found["conversation as data"])) == bubbles.MOST_SHOWN
    for number in range(40):
        lead = f"conversation {number + 1} of 40\n1 user: Which order?\n1 bot: Reply {number}."
        assert lead in found["all 40 conversations, uncut"]


def test_a_reply_of_a_million_characters_is_cut_and_stands_whole_beside(
    told: Any, tmp_path: Path
) -> None:
    said = (HOSTILE * (MILLION // len(HOSTILE) + 1))[:MILLION]
    result = reported(told, tmp_path, said)
    found = attached(result, tmp_path)
    page = found["conversation"]
    assert f"…({MILLION - LONGEST + 1:,} more characters)…" in page
    assert "long texts are cut: the whole is in the attachment “the conversation, uncut”" in page
    assert "<script" not in page
    assert "<img" not in page
    assert (
        for_terminal(said)[-500:].replace("\n", "\n" + " " * 7) in found["the conversation, uncut"]
    )
    for name, text in found.items():
        assert name == "the conversation, uncut" or len(text) < 10 * LONGEST
    assert result["attachments"][1]["type"] == "text/plain"


def test_where_the_whole_would_be_too_large_the_page_says_where_it_is(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allure_results, "MOST_WHOLE", 1_000)
    result = reported(told, tmp_path, "A" * 30_000)
    found = attached(result, tmp_path)
    assert list(found) == ["conversation", "conversation as data"]
    assert "the whole is in report.html of the run folder" in found["conversation"]


def test_the_room_for_what_is_uncut_is_that_of_the_run(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allure_results, "MOST_WHOLE", 70_000)
    made = []
    for number, (verdict, _) in enumerate(told.cases[:3]):
        one = Transcript(f"k{number}", (exchange(number, "Hi", "A" * 30_000),))
        made.append((replace(verdict, trials=(one.key,)), (one,)))
    replace(told, cases=tuple(made)).report(Allure, tmp_path)
    texts = list((tmp_path / "allure-results").glob("*-whole-attachment.txt"))
    assert len(texts) == 2


def test_what_is_short_is_attached_once(told: Any, tmp_path: Path) -> None:
    result = reported(told, tmp_path, *["Short."] * bubbles.MOST_SHOWN)
    assert list(attached(result, tmp_path)) == ["conversation", "conversation as data"]
    assert "the whole is in" not in attached(result, tmp_path)["conversation"]
