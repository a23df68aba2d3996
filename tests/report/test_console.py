from __future__ import annotations

import io
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.events import Exchanged, RunFinished, RunStarted
from chatbot_qa.domain.verdict import Finding, Outcome, Ruling
from chatbot_qa.report.console import MOST_ALIKE, MOST_SHOWN, Console
from chatbot_qa.report.words import duration, sentence


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(told: Any, mode: Any = "plain", **options: Any) -> str:
    stream = options.pop("stream", None) or io.StringIO()
    console = Console(stream, mode, **options)
    for event in told.events():
        console.on(event)
    console.close()
    return stream.getvalue()


def test_quiet_prints_the_verdict_and_nothing_else(told: Any) -> None:
    text = shown(told, "quiet")
    assert text == ("2 of 6 cases failed, 1 error, 1 inconclusive, 1 skipped, 1 passed.  12.5 s\n")


def test_plain_tells_each_case_as_it_comes(told: Any) -> None:
    stream = io.StringIO()
    console = Console(stream, "plain")
    events = iter(told.events())
    console.on(next(events))
    console.on(next(events))
    assert stream.getvalue().splitlines() == [
        "6 cases against demo  seed 7",
        "failed       Returns desk › remembers-order-number[letter]: "
        "the reply does not name the order given in turn 1",
    ]


def test_plain_has_no_progress_also_in_colour(told: Any) -> None:
    assert "6/6 cases" in shown(told, "live", stream=Terminal(), colour=True)
    assert "6/6 cases" not in shown(told, "plain", stream=Terminal(), colour=True)


def test_the_end_has_the_failures_in_full_and_what_was_left_out(told: Any) -> None:
    text = shown(told, folder=Path("runs/r-1"), reports=[Path("runs/r-1/report.html")])
    assert "failed[recalls]: the reply does not name the order given in turn 1\n  -->" in text
    assert "error[timeout]: no reply within 5 s" in text
    assert "= request: curl -H 'Authorization: $KEY' http://b/" in text
    assert "skipped: Safety <b> › later: waits for the new shop\n" in text
    assert "not reached: 1 of 8 turns, 1 check\n" in text
    assert "not measured: cost ×1\n" in text
    assert "inconclusive: there was too little evidence" in text
    assert "report: runs/r-1/report.html\n" in text
    assert "run:    runs/r-1\n" in text
    assert text.endswith("again:  chatbot-qa run suites/ --failed\n")


def test_a_row_a_suite_in_columns(told: Any) -> None:
    rows = [line for line in shown(told).splitlines() if "1 failed" in line and "›" not in line]
    assert rows == [
        "Returns desk              1 failed",
        "Safety <b>     1 passed   1 failed   1 inconclusive   1 error   1 skipped",
    ]


def test_errors_are_counted_in_the_plural_and_columns_stay_columns(told: Any) -> None:
    error, transcripts = next(one for one in told.cases if one[0].ruling is Ruling.ERROR)
    named = [replace(error, case=replace(error.case, suite=suite)) for suite in "aab"]
    mixed = [replace(one, ruling=Ruling.SKIPPED) for one in named]
    cases = tuple((one, transcripts) for one in (*named, *mixed))
    rows = [line for line in shown(replace(told, cases=cases)).splitlines() if "   " in line]
    assert [row for row in rows if row.endswith("skipped")] == [
        "a   2 errors   2 skipped",
        "b   1 error    1 skipped",
    ]


def test_passed_cases_are_named_on_request_only(told: Any) -> None:
    assert "passed       Safety <b> › greets" in shown(told, show_passed=True)
    assert "› greets" not in shown(told)


def test_a_warning_of_a_passed_case_is_shown(told: Any) -> None:
    verdict, transcripts = told.cases[0]
    warned = replace(verdict, ruling=Ruling.PASSED, findings=verdict.findings[2:])
    text = shown(replace(told, cases=((warned, transcripts),)))
    assert "warning[latency]: the reply took 6 s" in text
    assert "The case passed." in text


def test_no_reply_steers_the_terminal_or_the_ci(told: Any) -> None:
    for colour in (False, True):
        text = shown(told, colour=colour)
        assert "\\x1b[31m" in text
        assert ("\x1b" in text) is colour
        assert "\u202e" not in text
        assert "##[add-mask]" not in text
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_more_failures_than_anyone_reads_are_counted(told: Any) -> None:
    verdict, transcripts = told.cases[1]
    places = range(MOST_SHOWN + 3)
    reasons = [replace(verdict.findings[0], reason=f"it is wrong in {n} ways") for n in places]
    each = tuple((replace(verdict, findings=(one,)), transcripts) for one in reasons)
    text = shown(replace(told, cases=each))
    assert text.count("\nfailed[not_contains]") == MOST_SHOWN
    assert "and 3 more: see report.html\n" in text


def test_failures_with_one_cause_are_told_together(told: Any) -> None:
    failed, transcripts = told.cases[1]
    rows = [
        replace(failed, case=replace(failed.case, row=f"r{n:02}")) for n in range(MOST_ALIKE + 15)
    ]
    text = shown(replace(told, cases=tuple((one, transcripts) for one in reversed(rows))))
    assert text.count("\nfailed[not_contains]") == MOST_ALIKE
    (line,) = [line for line in text.splitlines() if "for the same reason" in line]
    assert line.startswith("  = 15 more for the same reason: ")
    assert line.endswith(", and 5 more")
    assert line.count(" › ") == 10


def test_errors_with_one_cause_are_told_once_and_other_causes_apart(told: Any) -> None:
    error, transcripts = next(one for one in told.cases if one[0].ruling is Ruling.ERROR)
    cases = [replace(error, case=replace(error.case, case=name)) for name in "abc"]
    other = replace(error, reason="something else", findings=())
    text = shown(replace(told, cases=tuple((one, transcripts) for one in (*cases, other))))
    assert text.count("\nerror[timeout]: no reply within 5 s") == 1
    assert text.count("\nerror: something else") == 1
    suite = error.case.suite
    assert f"  = 2 more for the same reason: {suite} › b, {suite} › c\n" in text


def test_a_place_of_its_own_is_a_cause_of_its_own(told: Any) -> None:
    verdict, transcripts = told.cases[1]
    (finding, *_) = verdict.findings
    moved = [
        replace(verdict, findings=(replace(finding, where=replace(finding.where, line=n)),))
        for n in range(1, MOST_ALIKE + 3)
    ]
    text = shown(replace(told, cases=tuple((one, transcripts) for one in moved)))
    assert text.count("\nfailed[not_contains]") == MOST_ALIKE + 2
    assert "for the same reason" not in text


def test_what_the_stream_cannot_say_is_shown_by_number(told: Any) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    console = Console(stream, "plain")
    for event in told.events():
        console.on(event)
    assert b"Returns desk \\u203a remembers" in raw.getvalue()


def test_live_without_a_terminal_is_plain(told: Any) -> None:
    assert shown(told, "live") == shown(told, "plain")


def test_live_draws_progress_and_takes_it_away(told: Any) -> None:
    stream = Terminal()
    ticks = iter(range(10_000))
    console = Console(stream, "live", colour=True, clock=lambda: float(next(ticks)))
    events = list(told.events())
    for event in events[:2]:
        console.on(event)
    exchange = told.cases[0][1][0].exchanges[0]
    console.on(Exchanged("k1", told.cases[0][0].case, 1, exchange))
    line = "".join(text for _, text in console._progress())
    assert line.startswith("1/6 cases  1 failed  1 call, ")
    console.on(events[-1])
    console.close()
    text = stream.getvalue()
    assert "/6 cases" in text
    assert text.endswith("--failed\n")
    assert text.rindex("\x1b[?25h") < text.rindex("2 of 6 cases failed")


def test_plain_does_not_pay_for_rich() -> None:
    script = (
        "import sys, io; from chatbot_qa.report.console import Console; "
        "Console(io.StringIO(), 'plain'); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]


@pytest.mark.parametrize(
    ("counts", "stopped", "words"),
    [
        ({Ruling.PASSED: 14}, "", "All 14 cases passed."),
        ({Ruling.PASSED: 1}, "", "The case passed."),
        ({Ruling.FAILED: 1}, "", "The case failed."),
        ({Ruling.FAILED: 2, Ruling.PASSED: 12}, "", "2 of 14 cases failed, 12 passed."),
        ({Ruling.ERROR: 1, Ruling.PASSED: 1}, "", "No case failed, 1 error, 1 passed."),
        ({Ruling.ERROR: 10}, "", "No case failed, 10 errors."),
        ({Ruling.SKIPPED: 3}, "", "All 3 cases skipped: nothing was asked."),
        ({}, "", "No case was judged."),
        (
            {Ruling.PASSED: 3},
            "the budget of 10 calls is used up",
            "Stopped early (the budget of 10 calls is used up): 3 of 6 cases got a verdict; "
            "no case failed, 3 passed.",
        ),
    ],
)
def test_the_verdict_in_words(told: Any, counts: Any, stopped: str, words: str) -> None:
    assert sentence(RunFinished(told.run, Counter(counts), 1.0, stopped)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.1204, "120 ms"), (59.94, "59.9 s"), (61.2, "1 min 1 s"), (3725.0, "1 h 2 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_run_of_nothing_still_ends(told: Any) -> None:
    stream = io.StringIO()
    console = Console(stream, "plain")
    console.on(RunStarted(told.run))
    console.on(RunFinished(told.run, {}, 0.0))
    assert "No case was judged." in stream.getvalue()


def test_the_command_to_ask_again_has_the_options_of_the_run(told: Any) -> None:
    run = replace(told.run, paths=("my suites",), settings={"again": "--target shop"})
    text = shown(replace(told, run=run))
    assert text.endswith("again:  chatbot-qa run 'my suites' --failed --target shop\n")


def test_cases_judged_in_any_order_are_shown_in_that_of_the_suites(told: Any) -> None:
    backwards = replace(told, cases=told.cases[::-1])
    assert shown(backwards).split("\n\n")[1:4] == shown(told).split("\n\n")[1:4]


def test_attacks_that_were_not_tried_are_told_in_words(told: Any) -> None:
    ((first, transcripts), *rest) = told.cases
    left_out = Finding(Outcome.NOT_MEASURED, "it needs a role", check="not_tried")
    with_both = (replace(first, findings=(left_out, left_out)), transcripts)
    text = shown(replace(told, cases=(with_both, *rest)))
    assert "attacks not tried ×2\n" in text
    assert "not_tried" not in text
