"""The conversation examination, driven by hand: no engine, no target."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chatbot_qa.domain.verdict import Outcome

from .talking import REFUSED, cases_of, talk

TWO = """
    conversations:
      - id: two
        turns:
          - say: Hello
            expect:
              - contains: welcome
          - say: How long?
            expect:
              - contains: 30 days
              - not_contains: 14 days
"""


def test_every_reply_is_judged_by_its_own_checks() -> None:
    (case,) = cases_of(TWO)
    done = talk(case, "Welcome!", "You have 30 days.")
    assert done.said == ["Hello", "How long?"]
    assert done.ruling == "passed"
    assert done.outcomes == [
        ("contains", 1, "passed"),
        ("contains", 2, "passed"),
        ("not_contains", 2, "passed"),
    ]
    assert done.verdict is not None
    assert (done.verdict.turns, done.verdict.reached) == (2, 2)
    assert done.verdict.trials == ("k1",)
    assert done.verdict.seconds == 1.0


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        (("Go away", "30 days"), ("contains", 1, "failed")),
        (("welcome", "No idea"), ("contains", 2, "failed")),
        (("welcome", "30 days, or 14 days"), ("not_contains", 2, "failed")),
    ],
)
def test_one_failed_check_of_one_turn_fails_the_case(
    answers: tuple[str, str], wrong: tuple[str, int, str]
) -> None:
    (case,) = cases_of(TWO)
    done = talk(case, *answers)
    assert done.ruling == "failed"
    assert [one for one in done.outcomes if one[2] == "failed"] == [wrong]
    assert done.verdict is not None
    assert done.verdict.reason == next(o.reason for o in done.findings if o.outcome == "failed")


def test_a_check_of_an_earlier_reply_does_not_see_a_later_one() -> None:
    (case,) = cases_of(TWO)
    assert talk(case, "no", "welcome, 30 days").outcomes[0] == ("contains", 1, "failed")


def test_a_failing_check_quotes_the_reply_and_points_at_the_authors_line() -> None:
    (case,) = cases_of(TWO)
    done = talk(case, "Go away", "30 days")
    finding = done.findings[0]
    assert [(quote.label, quote.text) for quote in finding.quotes] == [("reply 1 of 2", "Go away")]
    assert finding.where.line == 8
    assert finding.where.text.strip() == "- contains: welcome"


EACH = """
    defaults:
      expect_each_reply:
        - not_contains: error
    conversations:
      - id: each
        turns:
          - say: one
          - say: two
            expect:
              - contains: b
"""


def test_what_each_reply_must_be_is_asked_of_each_and_first() -> None:
    (case,) = cases_of(EACH)
    assert talk(case, "a", "b").outcomes == [
        ("not_contains", 1, "passed"),
        ("not_contains", 2, "passed"),
        ("contains", 2, "passed"),
    ]
    assert talk(case, "a", "b error").ruling == "failed"
    assert talk(case, "an error", "b").ruling == "failed"


WHOLE = """
    conversations:
      - id: whole
        turns:
          - say: one
          - say: two
        expect:
          - contains: wanted
"""


@pytest.mark.parametrize(
    ("answers", "ruling"),
    [(("wanted", "x"), "passed"), (("x", "wanted"), "passed"), (("x", "y"), "failed")],
)
def test_a_conversation_is_judged_as_a_whole(answers: tuple[str, str], ruling: str) -> None:
    (case,) = cases_of(WHOLE)
    done = talk(case, *answers)
    assert done.ruling == ruling
    assert done.finding("contains").turn == 0


def test_a_conversation_that_broke_off_is_not_judged_as_a_whole() -> None:
    (case,) = cases_of(WHOLE)
    done = talk(case, "x", REFUSED)
    assert done.finding("contains").outcome is Outcome.NOT_REACHED
    assert done.ruling == "error"


# on_failure, warn_only, because, skip


STOPS = """
    conversations:
      - id: stops
        on_failure: stop
        turns:
          - say: one
            expect:
              - contains: a
                warn_only: {warn}
          - say: two
            expect:
              - contains: b
        expect:
          - not_contains: zzz
"""


def test_on_failure_stop_says_no_more() -> None:
    (case,) = cases_of(STOPS.format(warn="false"))
    assert talk(case, "a", "b").said == ["one", "two"]
    done = talk(case, "x")
    assert done.said == ["one"]
    assert ("contains", 2, "not_reached") in done.outcomes
    assert done.ruling == "failed"
    assert "on_failure is stop" in done.findings[1].reason


def test_on_failure_stop_is_not_stopped_by_a_warning() -> None:
    (case,) = cases_of(STOPS.format(warn="true"))
    assert talk(case, "x", "b").said == ["one", "two"]


def test_a_warning_is_shown_and_changes_nothing() -> None:
    (case,) = cases_of(STOPS.format(warn="true"))
    done = talk(case, "x", "b")
    assert done.outcomes[0] == ("contains", 1, "failed")
    assert done.findings[0].warn_only
    assert done.ruling == "passed"
    assert done.verdict is not None
    assert done.verdict.reason == ""


def test_because_goes_with_the_finding_and_is_filled_in() -> None:
    (case,) = cases_of("""
    vars:
      month: March
    conversations:
      - id: why
        turns:
          - say: one
            expect:
              - contains: a
                because: the policy of ${month}
    """)
    assert talk(case, "x").findings[0].because == "the policy of March"


def test_a_case_set_aside_asks_nothing_and_says_why() -> None:
    (case,) = cases_of("""
    conversations:
      - id: later
        skip: waits for the new catalogue
        turns:
          - say: one
    """)
    done = talk(case)
    assert done.trials == ()
    assert done.ruling == "skipped"
    assert done.verdict is not None
    assert done.verdict.reason == "waits for the new catalogue"


# Faults


def test_a_fault_is_an_error_with_the_request_that_repeats_it() -> None:
    (case,) = cases_of(TWO)
    done = talk(case, "welcome", REFUSED)
    assert done.ruling == "error"
    assert done.outcomes == [
        ("contains", 1, "passed"),
        ("refused", 2, "broken"),
        ("contains", 2, "not_reached"),
        ("not_contains", 2, "not_reached"),
    ]
    finding = done.finding("refused")
    assert [(quote.label, quote.text) for quote in finding.quotes] == [("again", "curl http://bot")]
    assert finding.where.line == 9
    assert done.verdict is not None
    assert done.verdict.reason == "nobody listens there"


def test_a_check_that_failed_before_a_fault_still_fails_the_case() -> None:
    (case,) = cases_of(TWO)
    assert talk(case, "Go away", REFUSED).ruling == "failed"


def test_turns_after_a_fault_are_not_reached() -> None:
    (case,) = cases_of(TWO)
    done = talk(case, REFUSED)
    assert [outcome for _, _, outcome in done.outcomes] == ["broken", *["not_reached"] * 3]
    assert "broke off" in done.findings[-1].reason
    assert done.verdict is not None
    assert done.verdict.reached == 1


def test_a_conversation_that_ran_out_of_time_is_an_error_of_the_turn_it_was_in() -> None:
    (case,) = cases_of(
        TWO.replace("          - say: How", "          - say: Wait\n          - say: How")
    )
    late = replace(REFUSED, kind="timeout", message="not over within 1 s")
    done = talk(case, "welcome", fault=late)
    finding = done.finding("timeout")
    assert finding.outcome is Outcome.BROKEN
    assert (finding.turn, finding.where.text.strip()) == (2, "- say: Wait")
    assert done.ruling == "error"
