from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chatbot_qa.domain.exhibits import Curve, Groups, Rate, Rates
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.verdict import About, Aside, Outcome, Repeats
from chatbot_qa.report import trust
from chatbot_qa.report.trust import MOST_NAMED, NAME, Trust


def page(run: Any, folder: Path) -> str:
    run.report(Trust, folder)
    return (folder / NAME).read_text("utf-8")


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def titled(verdict: Any, title: str, **changes: Any) -> Any:
    return replace(verdict, about=About(title), **changes)


def test_every_case_stands_under_what_it_came_to(told: Any, tmp_path: Path) -> None:
    shown = text(page(told, tmp_path))
    assert "3 of 6" not in shown
    places = [shown.index(words) for words in (
        "It did this well: 1 case", "It did this wrong: 2 cases", "Nobody can say yet: 1 case",
        "It could not be asked: 1 case",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "The bot remembers the order number; the reply does not name the order" in shown


def test_rates_are_told_by_the_weakest_with_its_interval(told: Any) -> None:
    rates = (Rate("1", 30, 30, 0.88, 1.0, 1), Rate("32", 20, 30, 0.49, 0.81, 32))
    verdict = titled(told.verdicts[4], "Names", exhibits=(Curve("Kept", "turns", rates),))
    assert told_line(verdict) == "Names; 20 of 30, 67% (49% to 81%), turns: 32"
    agreement = Rate("", 4, 5, 0.38, 0.96)
    grouped = titled(told.verdicts[4], "Window", exhibits=(Groups("Replies", (), agreement),))
    assert told_line(grouped) == "Window; 4 of 5, 80% (38% to 96%)"


def test_a_bot_that_keeps_nothing_does_not_keep_people_apart_well(
    told: Any, tmp_path: Path
) -> None:
    kept = Rates("Who heard", (Rate("kept apart in sequence", 4, 4, 0.51, 1.0),))
    control = Rates("Whether it keeps", (Rate("told back", 0, 4, 0.0, 0.49),))
    fine, transcripts = told.cases[4]
    memory = replace(fine.findings[0], outcome=Outcome.NOT_MEASURED, reason="it may keep nothing")
    empty = titled(fine, "Apart", findings=(memory,), exhibits=(kept, control), kind="isolation")
    shown = text(page(replace(told, cases=((empty, transcripts),)), tmp_path))
    assert "It did this well" not in shown
    assert (
        "It passed, and that shows little: 1 case Apart; kept apart in sequence: "
        "4 of 4, 100% (51% to 100%); it may keep nothing"
    ) in shown


def told_line(verdict: Any) -> str:
    return trust.told(verdict)


def test_attacks_are_told_by_how_often_they_may_succeed(told: Any) -> None:
    rates = Rates("Attacks resisted", (Rate("all", 50, 50, 0.93, 1.0),))
    verdict = titled(told.verdicts[4], "Coupon", kind="attacks", exhibits=(rates,))
    assert told_line(verdict) == "Coupon; 0 of 50 attacks succeeded, at most 5.8%"


def test_repeats_are_told(told: Any) -> None:
    verdict = titled(told.verdicts[4], "Hello", repeats=Repeats(14, 15))
    assert told_line(verdict) == "Hello; 14 of 15 passed"


def test_rows_of_one_title_are_one_line_and_many_cases_are_counted(
    told: Any, tmp_path: Path
) -> None:
    fine, transcripts = told.cases[4]
    rows = [
        (titled(fine, "Same", case=CaseId("S", "a", str(n))), transcripts) for n in range(3)
    ] + [(titled(fine, f"Case {n}"), transcripts) for n in range(MOST_NAMED + 4)]
    shown = text(page(replace(told, cases=tuple(rows)), tmp_path))
    assert "Same (3 rows)" in shown
    assert "and 5 more" in shown
    assert f"It did this well: {MOST_NAMED + 7} cases" in shown


def test_what_is_set_aside_is_not_told(told: Any, tmp_path: Path) -> None:
    verdict = titled(told.verdicts[0], "Hidden", aside=Aside("quarantine", "x", "me", "2027-01-01"))
    assert "Hidden" not in page(replace(told, cases=((verdict, told.cases[0][1]),)), tmp_path)


def test_hostile_words_are_text(told: Any, tmp_path: Path) -> None:
    html = page(told, tmp_path)
    assert set(re.findall(r"<(\w+)", html)) <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li", "span",
    }  # fmt: skip
    assert "\u202e" not in html
