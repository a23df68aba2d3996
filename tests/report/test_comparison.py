"""A comparison as it is shown: on a terminal, as Markdown, as JSON; replies attack all three."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.source import Where
from chatbot_qa.domain.verdict import Outcome, Ruling
from chatbot_qa.report.comparison import (
    Compared,
    Comparison,
    Count,
    Evidence,
    FindingChange,
    Half,
    PassRate,
    RateChange,
    ReplyChange,
    Result,
    RunSide,
    Status,
    write,
)
from chatbot_qa.report.comparison_lines import MOST_LINES, comparison_lines
from chatbot_qa.report.comparison_markdown import comparison_markdown
from chatbot_qa.report.comparison_words import apart, could_see, headline, notes, points
from chatbot_qa.report.snippet import plain

HOSTILE = (
    "</script><img src=x onerror=alert(1)>\x1b[31m @everyone [x](http://evil) `code` **b**\n"
    "::error::owned \u202ecod.exe # | <!-- " + "long " * 200
)
RATE = PassRate(0.92, 0.8, -0.12, -0.2, -0.04, 0.003, 60, 20, 0.12, 4)

BLIND = PassRate(1.0, 1.0, 0.0, -1.0, 1.0, 1.0, 2, 2, None, None)


def side(name: str, **more: object) -> RunSide:
    return RunSide(**{
        "folder": name, "id": name, "started": 1.0, "seed": 7, "targets": {"bot": "bot 1"},
        "version": "0", "whole": True, **more,
    })  # fmt: skip


def case(number: int, status: Status = Status.REGRESSED, **more: object) -> Compared:
    name = CaseId(f"Suite {HOSTILE}", f"case-{number}{HOSTILE}")
    old = Half(name, "conversations", Ruling.PASSED, (Count("", 1, 1),), "", False, number)
    new = Half(name, "conversations", Ruling.FAILED, (Count("", 0, 1),), "", False, number)
    before = None if status is Status.NEW else old
    now = None if status is Status.GONE else new
    return Compared(before, now, status, **more)


def comparison(
    *cases: Compared, rate: PassRate | None = RATE, result: Result = Result.WORSE, **more: object
) -> Comparison:
    fields = {"before": side("a"), "now": side("b"), "suite_is_worse": True, "tolerated": 0.0}
    return Comparison(cases=cases, rate=rate, result=result, **{**fields, **more})


def attacked(_: Compared) -> Evidence:
    findings = tuple(
        FindingChange(f"check{n}", n, 0, Outcome.PASSED, Outcome.FAILED, HOSTILE, "")
        for n in range(1, 9)
    )
    replies = tuple(
        ReplyChange(1, n, HOSTILE, "before " + HOSTILE, HOSTILE, ((0, 6),), ((3, 40), (60, 70)),
                    (HOSTILE, HOSTILE, HOSTILE))
        for n in range(1, 9)
    )  # fmt: skip
    rates = (RateChange(HOSTILE, HOSTILE, 9, 10, 1, 10, -0.9, -0.4),) * 4
    return Evidence(Where("shop.yaml", 4, 1), HOSTILE, findings, replies, rates, 3)


def console(found: Comparison) -> str:
    return plain(comparison_lines(found, attacked))


MANY = [case(n, status) for status in Status for n in range(30)]


def test_the_console_shows_little_and_regressions_first() -> None:
    text = console(comparison(*reversed(MANY)))
    assert len(text.splitlines()) <= MOST_LINES
    assert text.index("regressed Suite") < text.index("more: --format json")
    assert "30 regressed, 30 newly flaky, 30 still failing, 30 fixed" in text
    for word in ("fixed: ", "new: ", "gone: ", "not compared: "):
        assert f"\n{word}" in text


def test_the_significant_come_first_and_one_row_of_each_case() -> None:
    def row(name: str, place: int, aside: bool = False, **more: object) -> Compared:
        half = Half(CaseId("s", name, str(place)), "conversations", Ruling.PASSED, (), "", aside, 0)
        return Compared(half, half, Status.REGRESSED, **more)

    cases = (
        row("a", 1, aside=True), row("b", 2), row("b", 3), row("c", 4),
        row("d", 5, significant=True),
    )  # fmt: skip
    found = comparison(*cases).of(Status.REGRESSED)
    assert [str(case.half.case) for case in found] == ["d[5]", "b[2]", "c[4]", "b[3]", "a[1]"]


def test_no_reply_steers_the_console() -> None:
    text = console(comparison(*MANY))
    assert not re.search("[\x1b\u202e]", text)
    assert not any(line.startswith("::") for line in text.splitlines())
    assert all(len(line) < 700 for line in text.splitlines())


def test_the_console_shows_the_reply_before_and_now() -> None:
    reply = ReplyChange(1, 2, "How long?", "You have 30 days.", "You have 14 days.",
                        ((9, 11),), ((9, 11),))  # fmt: skip
    change = FindingChange("contains", 2, 0, Outcome.PASSED, Outcome.FAILED, "no 30 days", "")
    seen = Evidence(Where("shop.yaml", 4, 1), "no 30 days", (change,), (reply,))
    text = plain(comparison_lines(comparison(case(1)), lambda _: seen))
    assert "contains in turn 2: passed before, now failed: no 30 days" in text
    assert '  the reply to turn 2 to "How long?":' in text
    assert "before: You have ⟦30⟧ days." in text
    assert "now:    You have ⟦14⟧ days." in text
    assert "shop.yaml:4" in text


def test_the_words_that_differ_are_in_view_however_long_the_reply() -> None:
    old, new = ("x" * 5 + " ") * 500 + "thirty" + " y" * 900, ("x" * 5 + " ") * 500 + "ten"
    reply = ReplyChange(1, 1, "?", old, new, ((3000, 3006),), ((3000, 3003),))
    seen = Evidence(Where("s.yaml", 1, 1), "", (), (reply,))
    text = plain(comparison_lines(comparison(case(1)), lambda _: seen))
    assert "⟦thirty⟧" in text
    assert "⟦ten⟧" in text


def test_the_reply_of_the_turn_that_failed_comes_first() -> None:
    replies = tuple(ReplyChange(1, n, f"say {n}", "a", "b") for n in range(1, 6))
    change = FindingChange("contains", 4, 0, Outcome.PASSED, Outcome.FAILED, "no", "")
    seen = Evidence(Where("s.yaml", 1, 1), "", (change,), replies)
    text = plain(comparison_lines(comparison(case(1)), lambda _: seen))
    assert text.index('"say 4"') < text.index('"say 1"')
    assert "and 3 more replies changed" in text


def test_markdown_is_short_and_does_nothing() -> None:
    notes = {"now": side("b", targets={"bot": HOSTILE}, seed=8, whole=False)}
    text = comparison_markdown(comparison(*MANY, **notes), attacked)
    assert len(text.splitlines()) <= 12
    assert text.startswith("**🔴 Worse")
    assert not re.search(r"[<\x1b\u202e]|@\w|(?<!\\)[`\[\]]|(?<!\\)!|::", text)
    assert all(len(line) < 3000 for line in text.splitlines())
    assert text.count("**regressed**") == 4
    # each line is one that we wrote
    assert all(line == "" or line.startswith(("**", "- ")) for line in text.splitlines())


def test_green_is_for_comparisons_that_could_have_been_red() -> None:
    seeing = comparison(case(1), result=Result.NOT_WORSE)
    blind = comparison(case(1), result=Result.NOT_WORSE, rate=BLIND)
    assert comparison_markdown(seeing, attacked).startswith("**🟢")
    assert comparison_markdown(blind, attacked).startswith("**⚪")
    assert comparison_lines(seeing, attacked)[1][0][0] == "good"
    assert comparison_lines(blind, attacked)[1][0][0] == "warning"


def test_json_is_one_object_with_a_line_a_case() -> None:
    stream = io.StringIO()
    write(stream, comparison(*MANY), attacked)
    text = stream.getvalue()
    assert text.isascii()
    told = json.loads(text)
    assert len(text.splitlines()) == len(MANY) + 2
    assert told["verdict"] == "worse"
    assert told["counts"]["newly_flaky"] == 30
    assert told["pass_rate"]["change"] == -0.12
    one = told["cases"][0]
    assert one["status"] == "regressed"
    assert one["before"] == {"verdict": "passed", "passed": 1, "of": 1}
    assert one["replies"][0]["now"] == HOSTILE
    assert one["replies"][0]["gone"] == ["before"]
    assert one["messages_not_paired"] == 3
    assert one["findings"][0]["before"] == "passed"
    (new,) = {str(it["before"]) for it in told["cases"] if it["status"] == "new"}
    assert new == "None"


def test_no_baseline_never_reads_as_no_regression() -> None:
    found = comparison(case(1, Status.NEW), rate=None, result=Result.NO_BASELINE)
    for text in (console(found), comparison_markdown(found, attacked)):
        assert "No baseline" in text
        assert "egression" not in text


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (comparison(case(1)), "Worse: the pass rate fell, by more than chance does."),
        (
            comparison(case(1, significant=True), suite_is_worse=False),
            "Worse: 1 case passes less often, by more than chance does.",
        ),
        (
            comparison(case(1), tolerated=0.05),
            "Worse by more than 5%: the pass rate fell, by more than chance does.",
        ),
        (
            comparison(case(1), case(2), result=Result.NOT_WORSE),
            "No significant regression: 2 cases regressed, which chance can do too.",
        ),
        (
            comparison(case(1, Status.UNCHANGED), result=Result.NOT_WORSE),
            "No significant regression: no case regressed of those compared.",
        ),
        (
            comparison(case(1), result=Result.NOT_WORSE, rate=BLIND),
            "No significant regression, but none could have been seen: "
            "1 case regressed, which chance can do too.",
        ),
        (
            comparison(case(1, Status.UNCHANGED, held=0.3), result=Result.NOT_WORSE, rate=BLIND),
            "No significant regression: no case regressed of those compared.",
        ),
        (
            comparison(result=Result.NOT_COMPARED),
            "Not compared: no case came to a verdict in both runs.",
        ),
    ],
)  # fmt: skip
def test_it_is_told_in_one_sentence(found: Comparison, told: str) -> None:
    assert headline(found) == told


@pytest.mark.parametrize(
    ("sees", "repeats", "told"),
    [
        (0.12, 4, "falls of 12% or more would have been seen 9 times in 10; "
                  "to see 5%, run each case 4 times"),
        (0.04, None, "falls of 4% or more would have been seen 9 times in 10"),
        (0.12, None, "falls of 12% or more would have been seen 9 times in 10; "
                     "repeats alone would not show 5%: more topics would"),
        (None, None, "no fall, however large, would have been seen 9 times in 10: "
                     "these are too few topics"),
        (None, 9, "no fall, however large, would have been seen 9 times in 10: "
                  "each case ran too seldom; to see 5%, run each case 9 times"),
    ],
)  # fmt: skip
def test_what_could_be_seen_is_told(sees: float | None, repeats: int | None, told: str) -> None:
    assert could_see(PassRate(1, 1, 0, 0, 0, 1, 9, 9, sees, repeats)) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [(0.0, "0"), (-0.0001, "0"), (-0.125, "-12.5"), (0.05, "+5"), (1.0, "+100"), (-1.0, "-100")],
)
def test_points_have_a_sign(change: float, told: str) -> None:
    assert points(change) == told


def test_of_two_targets_what_differs_is_told() -> None:
    """Of a local model the words that tell it from its LoRA stand behind a hundred others."""
    sizes = "9bce8b43119b0b88 (557,952 parameters, 2.2 MB, float32 on cpu, licence: not told)"
    base, tuned = f"huggingface model {sizes} 67587", f"huggingface model with adapter {sizes} 00c2"
    found = comparison(
        before=side("a", targets={"bot": base, "judge": "openai gpt"}),
        now=side("b", targets={"tuned": tuned, "judge": "openai gpt"}),
    )
    (note,) = notes(found)
    assert note == (
        "the target was huggingface model … 67587, and is huggingface model with adapter … 00c2"
    )
    assert note in console(found)
    gone = comparison(before=side("a"), now=side("b", targets={}))
    assert list(notes(gone)) == ["the target was bot 1, and is none"]


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_what_differs_is_never_left_out(one: list[str], other: list[str]) -> None:
    told, now = (text.split() for text in apart(" ".join(one), " ".join(other)))
    assert (told == now) == (one == other)
    assert len(told) <= len(one)
    if "…" not in told:
        assert (told, now) == (one, other)


def test_notes_warn_where_the_runs_are_not_alike() -> None:
    aside = case(3)
    assert aside.now is not None
    half = Half(aside.now.case, "conversations", Ruling.FAILED, (), "", True, 3)
    found = comparison(
        case(1, Status.GONE),
        case(2, Status.NOT_COMPARED),
        Compared(aside.before, half, Status.REGRESSED),
        before=side("a", whole=False),
        now=side("b", seed=8, targets={"bot": "bot 2"}, whole=False),
    )
    text = console(found)
    for told in (
        "the target was bot 1, and is bot 2",
        "the seeds differ (7, 8)",
        "the baseline is not of every case",
        "gone may mean not asked",
        "1 case not compared",
        "1 case set aside",
        "(set aside)",
    ):
        assert told in text
    assert "note:" not in console(comparison(case(1)))
