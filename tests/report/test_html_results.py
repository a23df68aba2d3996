"""What the page's script says of each conversation of a case, and of a case set aside."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from typing import Any

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Aside, Outcome, Ruling, Told, Verdict
from chatbot_qa.report.bubbles import excerpt, page
from chatbot_qa.report.html import _facts
from chatbot_qa.report.words import set_aside
from chatbot_qa.runlog.verdicts import encode
from tests.report.conftest import HOSTILE
from tests.report.test_html_script import _DOCUMENT, NODE, needs_node, texts

VERDICT = Verdict(CaseId("s", "c"), "attacks", Ruling.FAILED, Where("f.yaml", 1, 1))


def made(script: str, verdict: Verdict) -> Any:
    """What an expression of the page's script comes to; ``one`` in it is the verdict's line."""
    folder = files("chatbot_qa.report.html")
    scripts = [folder.joinpath(name).read_text(encoding="utf-8") for name in ("data.js", "case.js")]
    own = "\n".join(scripts).replace('"use strict";', "")
    program = (
        f"const FACTS = {json.dumps(_facts())};{_DOCUMENT}{own}\njournal = new Map();"
        f"const one = {json.dumps(encode(verdict))};console.log(JSON.stringify({script}));"
    )
    assert NODE is not None
    done = subprocess.run(
        [NODE, "-"], input=program, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


@needs_node
@pytest.mark.parametrize("many", [2, 9])
def test_each_conversation_is_told_with_its_result(many: int) -> None:
    """Those that stand open, and those that are folded."""
    results = [Told(Outcome.PASSED, f"resisted: a/{number}") for number in range(many - 1)]
    verdict = replace(
        VERDICT,
        trials=tuple(f"k{number}" for number in range(many)),
        results=(*results, Told(Outcome.FAILED, f"succeeded: {HOSTILE}")),
    )
    found = made("conversations(one).map((each) => each.told())", verdict)
    assert len(found) == many
    for number, each in enumerate(found[:-1]):
        assert texts(each, "result passed") == [f"resisted: a/{number}"]
        assert f"Conversation {number + 1} of {many}" in texts(each)
    (told,) = texts(found[-1], "result failed")
    assert told.startswith("succeeded: ")
    assert "\u202e" not in told


def test_the_page_beside_a_result_of_allure_tells_them_too() -> None:
    said = [Transcript(key, ()) for key in "ab"]
    results = (Told(Outcome.PASSED, "resisted: a/b"), Told(Outcome.FAILED, f"won: {HOSTILE}"))
    found = page(VERDICT, excerpt(VERDICT, said))
    assert "<h2>conversation 1 of 2</h2>" in found
    verdict = replace(VERDICT, trials=("a", "b"), results=results)
    found = page(verdict, excerpt(verdict, said))
    assert "<h2>conversation 1 of 2: resisted: a/b</h2>" in found
    assert "<h2>conversation 2 of 2: won: " in found
    assert HOSTILE not in found


@needs_node
def test_a_kind_that_says_nothing_of_single_conversations_shows_no_result() -> None:
    (found,) = made(
        "conversations(one).map((each) => each.told())", replace(VERDICT, trials=("k",))
    )
    assert texts(found) == ["Conversation", "Nothing was said."]


@needs_node
@pytest.mark.parametrize("kind", ["quarantine", "expected_failure"])
@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("ruling", [Ruling.PASSED, Ruling.FAILED])
def test_a_case_that_is_set_aside_is_told_as_on_the_console(
    kind: str, over: bool, ruling: Ruling
) -> None:
    aside = Aside(kind, "it is slow", "anna", "2026-12-31", over)
    verdict = replace(VERDICT, ruling=ruling, aside=aside)
    assert made("setAside(one)", verdict) == set_aside(verdict)


def test_no_mark_needs_a_font_of_emoji() -> None:
    """Debian's Chromium, for one, has none: such a mark is an empty box there."""
    marks = _facts()["marks"]
    assert isinstance(marks, dict)
    assert len(marks) == 6
    for mark in marks.values():
        assert len(mark) == 1
        assert not 0x2300 <= ord(mark) < 0x2400
        assert ord(mark) < 0x2800
