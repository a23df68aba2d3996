from __future__ import annotations

import re
from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.verdict import Outcome, Ruling
from chatbot_qa.report.comparison import (
    Compared,
    Comparison,
    Count,
    Evidence,
    FindingChange,
    Half,
    RateChange,
    Result,
    RunSide,
    Status,
)
from chatbot_qa.report.gauge import Attacked, Numbers
from chatbot_qa.report.github.comment import (
    MOST_LINES,
    MOST_NAMED,
    Against,
    Story,
    comment,
    marker,
    running,
)

SIDE = RunSide("runs/1", "r-1", 0.0, 7, {"demo": "demo 1"}, "0.1.0", whole=True)
HOSTILE = "</details><img src=x onerror=alert(1)> @everyone [x](javascript:1) `x` \n::error::x"
NOW = Numbers(
    Ruling.FAILED, {Ruling.FAILED: 2, Ruling.PASSED: 38}, 0, 1, Attacked(0, 50), {"USD": 0.02}, 1.5,
    200,
)  # fmt: skip
BEFORE = Numbers(Ruling.PASSED, {Ruling.PASSED: 40}, 0, 0, Attacked(0, 50), {"USD": 0.01}, 1.0, 200)


def case(number: int, status: Status, name: str = "case") -> Compared:
    half = Half(
        CaseId("Desk", f"{name}-{number}"), "conversations", Ruling.FAILED, (Count("", 0, 1),), "",
        aside=False, place=number,
    )  # fmt: skip
    return Compared(half, half, status)


def against(*cases: Compared, reason: str = "it forgot the order") -> Against:
    comparison = Comparison(
        SIDE, SIDE, cases, None, Result.NOT_WORSE, suite_is_worse=False, tolerated=0.0
    )
    changed = FindingChange("recalls", 3, 0, Outcome.PASSED, Outcome.FAILED, reason, "")
    evidence = Evidence(Where("suites/a.yaml", 9, 1, "x"), findings=(changed,))
    return Against(BEFORE, comparison, lambda _case: evidence)


def story(**changes: Any) -> Story:
    whole = Story(
        "2 of 40 cases failed, 38 passed.", NOW, why_alone="No baseline was named.",
        link="https://example.test/report", again="chatbot-qa run suites --seed 7",
    )  # fmt: skip
    return replace(whole, **changes)


def test_a_run_against_a_baseline() -> None:
    cases = (case(1, Status.REGRESSED), case(2, Status.NEWLY_FLAKY), case(3, Status.FIXED, "old"))
    lines = comment("key", story(against=against(*cases))).split("\n")
    assert lines[0] == marker("key")
    assert lines[1] == r"**🔴 2 of 40 cases failed, 38 passed\.**"
    assert lines[2] == r"- 2 failed \(\+2\), 38 passed \(\-2\), 1 flaky \(\+1\)"
    assert "regressed" in lines[4]
    assert "turn 3" in lines[4]
    assert "it forgot the order" in lines[4]
    assert "newly flaky" in lines[5]
    assert lines[6].startswith("- **fixed** ")
    assert r"0 of 50 attacks succeeded \(at most 5\.8%\)" in lines[7]
    assert r"cost 0\.02 USD \(\+100%\)" in lines[7]
    assert r"came within 1\.50 s \(\+50%\)" in lines[7]
    assert "[report](<https://example.test/report>)" in lines[8]
    assert "` chatbot-qa run suites --seed 7 `" in lines[8]


@pytest.mark.parametrize("number", [0, 1, MOST_NAMED, MOST_NAMED + 1, 80])
def test_it_never_has_more_than_twelve_lines(number: int) -> None:
    cases = [case(n, Status.REGRESSED) for n in range(number)]
    fixed = [case(n, Status.FIXED, "old") for n in range(90)]
    lines = comment("key", story(against=against(*cases, *fixed))).split("\n")
    assert len(lines) <= MOST_LINES
    named = sum("**regressed**" in line for line in lines)
    assert named == min(number, MOST_NAMED if number <= MOST_NAMED else MOST_NAMED - 1)
    assert "again: " in lines[-1]
    if number > MOST_NAMED:
        assert f"and {number - MOST_NAMED + 1} more" in "".join(lines)
    assert "and 85 more" in "".join(lines)


def test_without_a_baseline_it_says_so_and_names_what_failed(told: Any) -> None:
    text = comment("key", story(failing=told.verdicts[:4]))
    assert r"- No baseline was named\." in text
    assert "no regression" not in text.lower()
    assert r"Returns desk / remembers\-order\-number\[letter\], turn 3" in text


def test_lines_of_suites_are_linked_where_they_can_be() -> None:
    worse = against(case(1, Status.REGRESSED))
    told = story(against=worse, source=lambda at: f"https://x/{at.line}")
    assert "](<https://x/9>)" in comment("key", told)
    assert "](<https" not in comment("key", replace(told, source=lambda _: "", link=""))


def test_hostile_words_are_text() -> None:
    name = "a](javascript:1)<b>@team"
    cases = (case(1, Status.REGRESSED, name),)
    told = story(
        sentence=HOSTILE, against=against(*cases, reason=HOSTILE), again=f"chatbot-qa {HOSTILE}"
    )
    text = comment("key", told)
    page = MarkdownIt("commonmark", {"html": True}).render(text)
    tags = set(re.findall(r"<([a-z!/-]+)", page))
    assert tags <= {"p", "/p", "strong", "/strong", "ul", "/ul", "li", "/li", "a", "/a", "!--",
                    "code", "/code"}  # fmt: skip
    assert re.findall(r'href="([^"]+)"', page) == ["https://example.test/report"]
    assert "@everyone" not in re.sub(r"<code>.*?</code>", "", page)


def test_the_marker_tells_jobs_apart_and_cannot_be_broken_out_of() -> None:
    assert marker("a") != marker("b")
    assert marker("x --> <b>").count("-->") == 1
    assert "<b>" not in marker("x --> <b>")


def test_a_run_that_is_under_way() -> None:
    assert running("key", "A run is under way.").split("\n") == [
        marker("key"),
        r"**⏳ A run is under way\.**",
    ]


def test_a_story_without_places_has_no_links() -> None:
    assert story().source(NOWHERE) == ""


def test_a_case_that_regressed_by_its_rate_alone_says_which() -> None:
    rate = RateChange("Rows right", "all", 40, 40, 24, 40, -0.56, -0.2)
    seen = Evidence(Where("a.yaml", 9, 1, "x"), rates=(rate,))
    fell = replace(against(case(1, Status.REGRESSED)), evidence=lambda _: seen)
    told = comment("key", story(against=fell)).replace("\\", "")
    assert "Rows right, all: 40 of 40, now 24 of 40: -40 points" in told
