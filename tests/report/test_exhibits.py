"""Exhibits in every report: curves, rates, replies grouped by what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Curve, Exhibit, Group, Groups, Rate, Rates, Reading
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.transcript import Transcript
from chatbot_qa.domain.verdict import Finding, Outcome, Ruling, Verdict
from chatbot_qa.report import bubbles
from chatbot_qa.report.allure import Allure
from chatbot_qa.report.exhibits import exhibit_lines, share_of
from chatbot_qa.report.figures import Figures
from chatbot_qa.report.html import Html
from chatbot_qa.report.jsonout import case as as_json
from chatbot_qa.report.junit import JUnit
from chatbot_qa.report.snippet import plain, render_verdict
from chatbot_qa.report.svg import picture
from chatbot_qa.runlog.verdicts import decode, encode
from chatbot_qa.stats.intervals import wilson
from tests.report.conftest import HOSTILE, Told, exchange

CURVE = Curve(
    "What it still knows",
    "turns between",
    (
        Rate("1", 30, 30, 0.89, 1.0, at=1),
        Rate("4", 27, 30, 0.74, 0.97, at=4),
        Rate("16", 3, 30, 0.03, 0.26, at=16, open=2),
    ),
    wanted=0.9,
    notes=("half-life: 9 turns",),
)
RATES = Rates("Who heard it", (Rate("kept apart", 4, 5, 0.38, 0.96), Rate("told back", 0, 0, 0, 1)))
GROUPS = Groups(
    'What 12 replies say to "How long?"',
    (
        Group('"30 days"', 11, (Reading("How long?", "You have 30 days.", 1),)),
        Group(
            '"14 days"',
            1,
            (Reading("how long??", "You have 14 days.", 12, ((9, 16),)),),
            "14 days against 30 days (values)",
        ),
    ),
    Rate("agree", 11, 12, 0.65, 0.99),
    (Reading("How long?", "It depends.", 5),),
)
SUFFERS = Rate(HOSTILE, 1, 2, 0.1, 0.9, at=3)
HOSTILE_ONES: tuple[Exhibit, ...] = (
    Curve(HOSTILE, HOSTILE, (SUFFERS,), 0.95, (HOSTILE,)),
    Rates(HOSTILE, (SUFFERS,), (HOSTILE,)),
    Groups(
        HOSTILE,
        (
            Group(HOSTILE, 1, (Reading(HOSTILE, HOSTILE, 1),)),
            Group(
                HOSTILE, 1, (Reading(HOSTILE, HOSTILE, 2, ((0, 9), (3, 12), (20, 30))),), HOSTILE
            ),
        ),
        SUFFERS,
        (Reading(HOSTILE, HOSTILE, 3),),
        (HOSTILE,),
    ),
)
EMPTY: tuple[Exhibit, ...] = (
    Curve("", "", ()),
    Rates("", ()),
    Groups("", (), Rate("agree", 0, 0, 0.0, 1.0)),
)


def verdict_with(
    *exhibits: Exhibit, findings: tuple[Finding, ...] = (), trials: int = 1
) -> Verdict:
    where = Where("suites/a.yaml", 3, 5, "  - id: a")
    return Verdict(
        CaseId("Suite", "a"),
        "retention",
        Ruling.FAILED,
        where,
        tuple(replace(one, where=where) for one in findings),
        tuple(f"k{number}" for number in range(1, trials + 1)),
        reason="it forgets",
        exhibits=exhibits,
    )


def told(verdict: Verdict, all_passed: Any) -> Told:
    transcripts = tuple(
        Transcript(key, (exchange(n, f"Question {n}", f"Reply {n}"),))
        for n, key in enumerate(verdict.trials, 1)
    )
    return Told(all_passed.run, ((verdict, transcripts),))


def text(exhibit: Exhibit) -> str:
    return plain(exhibit_lines(exhibit))


def test_a_curve_is_drawn_as_bars_with_its_intervals() -> None:
    assert text(CURVE).splitlines() == [
        "What it still knows",
        "  turns between, with 95% intervals; 90% was asked for",
        "   1 ████████████████████████ 30 of 30, 100% (89% to 100%)",
        "   4 █████████████████████▋·· 27 of 30, 90% (74% to 97%)",
        "  16 ██▍····················· 3 of 30, 2 undecided, 10% (3% to 26%)",
        "  half-life: 9 turns",
    ]
    styles = [[style for style, _ in line] for line in exhibit_lines(CURVE)]
    assert styles[2][1] == "good"
    assert styles[4][1] == "bad"


@pytest.mark.parametrize(
    ("passed", "of", "words"),
    [
        (0, 50, "0 of 50, 0% (at most 5.8%)"),
        (50, 50, "50 of 50, 100% (at least 94.2%)"),
        (5, 5, "5 of 5, 100% (at least 54.9%)"),
        (1, 50, "1 of 50, 2% (0% to 10%)"),
    ],
)
def test_what_none_or_all_of_plain_samples_show_is_a_one_sided_bound(
    passed: int, of: int, words: str
) -> None:
    bounds = wilson(passed, of)
    rate = Rate("a", passed, of, bounds.low, bounds.high)
    assert share_of(rate) == words
    adjusted = replace(rate, low=rate.low / 2, high=(1 + rate.high) / 2)
    assert " to " in share_of(adjusted)
    assert " to " in share_of(replace(rate, open=1))


def test_rates_stand_below_one_another() -> None:
    assert text(RATES).splitlines() == [
        "Who heard it",
        "  kept apart ███████████████████▎···· 4 of 5, 80% (38% to 96%)",
        "   told back ························ 0 of 0, 0% (0% to 100%)",
    ]


def test_groups_show_the_largest_and_mark_what_the_odd_ones_say() -> None:
    assert text(GROUPS).splitlines() == [
        'What 12 replies say to "How long?"',
        "  agree: 11 of 12, 92% (65% to 99%)",
        "   11× You have 30 days.  ← How long?",
        "    1× You have ⟦14 days⟧.  ← how long??",
        "       14 days against 30 days (values)",
        "    ? It depends.  ← How long?",
    ]


def test_many_groups_are_counted_and_not_all_told() -> None:
    many = replace(GROUPS, groups=GROUPS.groups[:1] + GROUPS.groups[1:] * 50)
    lines = text(many).splitlines()
    assert "  and 45 more groups" in lines
    assert len(lines) < 20


@pytest.mark.parametrize("exhibit", [*HOSTILE_ONES, *EMPTY])
def test_hostile_and_empty_exhibits_are_text_on_a_terminal(exhibit: Exhibit) -> None:
    shown = text(exhibit)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert not any(line.startswith("::") for line in shown.splitlines())


def drawn(exhibit: Curve | Rates) -> ET.Element:
    return ET.fromstring(picture(exhibit))


NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_the_picture_of_a_curve_has_band_line_dots_and_what_was_asked_for() -> None:
    root = drawn(CURVE)
    kinds = [element.tag.removeprefix(NAMESPACE) for element in root]
    assert kinds.count("circle") == 3
    assert kinds.count("polygon") == kinds.count("polyline") == 1
    words = "".join(root.itertext())
    for part in ("What it still knows", "turns between", "90% asked for", "half-life: 9 turns"):
        assert part in words
    fills = [one.get("fill") for one in root.iter(f"{NAMESPACE}circle")]
    assert fills[0] == fills[1] != fills[2]
    heights = [float(one.get("cy", "")) for one in root.iter(f"{NAMESPACE}circle")]
    assert heights == sorted(heights)


def rates() -> st.SearchStrategy[Rate]:
    return st.builds(
        Rate,
        label=st.text(max_size=20),
        passed=st.integers(0, 30),
        of=st.integers(30, 60),
        low=st.floats(0, 0.5),
        high=st.floats(0.5, 1),
        at=st.floats(0, 1e6),
        open=st.integers(0, 9),
    )


@given(st.lists(rates(), max_size=8), st.none() | st.floats(0, 1))
def test_whatever_is_drawn_stays_in_the_picture(made: list[Rate], wanted: float | None) -> None:
    for exhibit in (Curve("t", "a", tuple(made), wanted), Rates("t", tuple(made))):
        root = drawn(exhibit)
        wide, high = float(root.get("width", "")), float(root.get("height", ""))
        for circle in root.iter(f"{NAMESPACE}circle"):
            assert 0 <= float(circle.get("cx", "")) <= wide
            assert 0 <= float(circle.get("cy", "")) <= high


@pytest.mark.parametrize(
    "exhibit", [one for one in (*HOSTILE_ONES, *EMPTY) if not isinstance(one, Groups)]
)
def test_a_picture_is_sound_xml_without_scripts_whatever_it_says(exhibit: Any) -> None:
    tags = {element.tag.removeprefix(NAMESPACE) for element in drawn(exhibit).iter()}
    assert tags <= {"svg", "title", "rect", "text", "path", "polygon", "polyline", "circle"}


EXHIBITS = st.one_of(
    st.builds(Rates, title=st.text(), rates=st.lists(rates(), max_size=3).map(tuple)),
    st.builds(
        Curve,
        title=st.text(),
        axis=st.text(),
        rates=st.lists(rates(), max_size=3).map(tuple),
        wanted=st.none() | st.floats(0, 1),
        notes=st.lists(st.text(), max_size=2).map(tuple),
    ),
    st.just(GROUPS),
)


@given(st.lists(EXHIBITS, max_size=3), st.integers(0, 200))
def test_a_verdict_comes_back_from_its_line_with_its_exhibits(
    exhibits: list[Exhibit], trial: int
) -> None:
    finding = Finding(Outcome.FAILED, "it forgets", check="retention", trial=trial)
    verdict = verdict_with(*exhibits, findings=(finding,))
    line = json.loads(json.dumps(encode(verdict), default=str))
    again = decode(line)
    assert (again.exhibits, again.findings) == (verdict.exhibits, verdict.findings)
    assert json.loads(json.dumps(encode(again), default=str)) == line


def test_a_verdict_without_exhibits_has_no_key_for_them() -> None:
    assert "exhibits" not in encode(verdict_with())
    assert "exhibits" not in as_json(verdict_with())


def test_json_tells_exhibits_as_plain_data() -> None:
    (curve,) = as_json(verdict_with(CURVE))["exhibits"]
    assert curve["shows"] == "curve"
    assert msgspec.convert(curve, Curve) == CURVE


def test_failures_carry_their_exhibits_as_text() -> None:
    shown = render_verdict(verdict_with(CURVE, GROUPS))
    assert "27 of 30, 90% (74% to 97%)" in shown
    assert "⟦14 days⟧" in shown


def test_figures_are_files_of_their_own_and_only_where_there_are_any(
    tmp_path: Path, all_passed: Any
) -> None:
    told(verdict_with(CURVE, RATES, GROUPS), all_passed).report(Figures, tmp_path)
    names = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert names == ["Suite-a-2.svg", "Suite-a.svg"]
    told(verdict_with(GROUPS), all_passed).report(Figures, tmp_path)
    assert not (tmp_path / "figures").exists()


def test_names_of_figures_fit_any_file_system(tmp_path: Path, all_passed: Any) -> None:
    verdict = replace(verdict_with(CURVE), case=CaseId("../../etc\\x00 " + "ä" * 300, "a:b*?"))
    told(verdict, all_passed).report(Figures, tmp_path)
    (path,) = (tmp_path / "figures").iterdir()
    assert re.fullmatch(r"[\w-]{1,120}\.svg", path.name)


def test_allure_attaches_each_curve_as_a_picture(tmp_path: Path, all_passed: Any) -> None:
    told(verdict_with(CURVE, RATES, GROUPS), all_passed).report(Allure, tmp_path)
    folder = tmp_path / "allure-results"
    (result,) = (json.loads(path.read_bytes()) for path in folder.glob("*-result.json"))
    pictures = [one for one in result["attachments"] if one["type"] == "image/svg+xml"]
    assert [one["name"] for one in pictures] == ["What it still knows", "Who heard it"]
    for one in pictures:
        ET.fromstring((folder / one["source"]).read_text(encoding="utf-8"))


def test_junit_is_sound_with_hostile_exhibits(tmp_path: Path, all_passed: Any) -> None:
    told(verdict_with(*HOSTILE_ONES), all_passed).report(JUnit, tmp_path)
    ET.parse(tmp_path / "junit.xml")


def page_of(verdict: Verdict, transcripts: tuple[Transcript, ...]) -> str:
    return bubbles.page(verdict, bubbles.excerpt(verdict, transcripts))


def test_the_page_of_bubbles_shows_groups_with_marks() -> None:
    page = page_of(verdict_with(GROUPS), (Transcript("k1", ()),))
    assert "You have <mark>14 days</mark>." in page
    assert "<b>11×</b>" in page


def test_hostile_exhibits_add_no_markup_to_the_page_of_bubbles() -> None:
    page = page_of(verdict_with(*HOSTILE_ONES), (Transcript("k1", ()),))
    assert "<script" not in page
    assert "<img" not in page
    assert "onerror=alert" not in re.sub(r"&lt;img.*?&gt;", "", page)


def test_of_very_many_conversations_those_are_shown_that_findings_are_about() -> None:
    finding = Finding(Outcome.FAILED, "forgot", check="retention", turn=1, trial=170)
    verdict = verdict_with(findings=(finding,), trials=180)
    transcripts = tuple(
        Transcript(f"k{n}", (exchange(n, f"Question {n}", f"Reply {n}"),)) for n in range(1, 181)
    )
    page = page_of(verdict, transcripts)
    assert "conversation 170 of 180" in page
    assert page.count("<h2>conversation") == bubbles.MOST_SHOWN
    assert "and 168 more conversations" in page
    assert page.index("Reply 170") < page.index("forgot") < page.index("</body>")


def test_a_finding_of_one_conversation_stands_at_its_turn_there_alone() -> None:
    finding = Finding(Outcome.FAILED, "forgot it", check="recalls", turn=1, trial=2)
    verdict = verdict_with(findings=(finding,), trials=3)
    transcripts = tuple(
        Transcript(f"k{n}", (exchange(n, f"Question {n}", f"Reply {n}"),)) for n in range(1, 4)
    )
    page = page_of(verdict, transcripts)
    assert page.count("forgot it") == 1
    assert page.index("Reply 2") < page.index("forgot it") < page.index("Reply 3")


def test_the_page_of_a_run_holds_hostile_exhibits_as_data(tmp_path: Path, all_passed: Any) -> None:
    told(verdict_with(*HOSTILE_ONES), all_passed).report(Html, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script>document.title" not in page
    assert "<img src=x" not in page
