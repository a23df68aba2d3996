"""The conversation examination, driven by hand: no engine, no target."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from chatbot_qa.domain.verdict import Outcome, Ruling
from chatbot_qa.registry import Registry
from chatbot_qa.replay.sources import Identities

from .talking import REFUSED, cases_of, key, talk

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


# Saving


def saving(how: str) -> str:
    return f"""
    conversations:
      - id: saves
        turns:
          - say: A ticket, please.
            save:
              ticket: {{{how}}}
          - say: Nice weather.
            expect:
              - contains: sunny
          - say: Close ticket ${{ticket}}.
            expect:
              - contains: closed
              - recalls: ${{ticket}}
"""


@pytest.mark.parametrize(
    ("how", "reply", "value"),
    [
        ("after: 'Ticket number:'", "Done. ticket number: T-7, keep it.", "T-7"),
        ("after: 'Ticket number:'", "Ticket number: T-7.", "T-7"),
        ("matches: 'T-\\d+'", "It is T-81 for you", "T-81"),
        ("matches: 'nr (\\d+)'", "It is nr 81 for you", "81"),
        ("json_path: $.ticket.id", '{"ticket": {"id": "T-9"}}', "T-9"),
        ("json_path: $.ticket.id", '{"ticket": {"id": 12}}', "12"),
    ],
)
def test_a_saved_value_is_said_and_recalled(how: str, reply: str, value: str) -> None:
    (case,) = cases_of(saving(how))
    done = talk(case, reply, "sunny", f"{value} is closed")
    assert done.said[2] == f"Close ticket {value}."
    assert done.ruling == "passed"
    wrong = talk(case, reply, "sunny", "some other is closed")
    assert wrong.finding("recalls").outcome is Outcome.FAILED


def test_a_button_is_saved() -> None:
    from .talking import buttons

    (case,) = cases_of(saving("button: 'T-.*'"))
    done = talk(case, buttons("Which?", "None", "T-5 (new)"), "sunny", "T-5 (new) closed")
    assert done.said[2] == "Close ticket T-5 (new)."
    assert done.ruling == "passed"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("after: 'Ticket number:'", "nothing after 'Ticket number:'"),
        ("matches: 'T-\\d+'", "nothing that matches 'T-\\\\d+'"),
        ("json_path: $.ticket", "nothing at $.ticket"),
        ("button: 'T-.*'", "no button that matches 'T-.*'"),
    ],
)
def test_a_value_that_is_not_there_fails_its_turn_and_skips_what_needs_it(
    how: str, reason: str
) -> None:
    (case,) = cases_of(saving(how))
    done = talk(case, "I have none for you", "sunny")
    assert done.said == ["A ticket, please.", "Nice weather."]
    assert done.outcomes == [
        ("save", 1, "failed"),
        ("contains", 2, "passed"),
        ("contains", 3, "not_reached"),
        ("recalls", 3, "not_reached"),
    ]
    assert reason in done.finding("save").reason
    assert "${ticket}" in done.finding("recalls").reason
    assert done.ruling == "failed"
    assert done.verdict is not None
    assert (done.verdict.turns, done.verdict.reached) == (3, 2)


def test_a_later_value_replaces_an_earlier_one() -> None:
    (case,) = cases_of("""
    conversations:
      - id: twice
        turns:
          - say: first
            save:
              code: {after: "code"}
          - say: use ${code}
            save:
              code: {after: "code"}
          - say: use ${code}
    """)
    assert talk(case, "code A1", "code B2", "ok").said == ["first", "use A1", "use B2"]


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


def test_on_failure_stop_is_stopped_by_a_value_that_was_not_there() -> None:
    text = saving("after: 'Ticket'").replace("id: saves", "id: saves\n        on_failure: stop")
    (case,) = cases_of(text)
    assert talk(case, "none").said == ["A ticket, please."]


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


def test_a_fault_is_told_before_the_value_that_it_kept_from_being_saved() -> None:
    (case,) = cases_of(saving("after: 'Ticket number:'"))
    done = talk(case, REFUSED)
    assert done.ruling == "error"
    assert "broke off" in done.finding("recalls").reason


# Names, secrets, system prompt


def test_a_check_whose_value_is_unset_for_a_row_is_skipped_and_never_passed() -> None:
    bare, filled = cases_of("""
    conversations:
      - id: rows
        turns:
          - say: hello
            expect:
              - contains: ${word}
              - not_contains: ${other}
        examples:
          - {id: bare, other: x}
          - {id: filled, word: hi, other: x}
    """)
    assert talk(bare, "hi").outcomes == [("contains", 1, "skipped"), ("not_contains", 1, "passed")]
    assert talk(filled, "hi").outcomes[0] == ("contains", 1, "passed")
    assert talk(filled, "ho").ruling == "failed"


UNSAID = """
    conversations:
      - id: unsaid
        {system}
        turns:
          - say: Hello{again}
          - say: About ${{word}}.
            expect:
              - contains: word
          - say: Bye
        examples:
          - {{id: bare}}
          - {{id: filled, word: hats}}
"""


@pytest.mark.parametrize("again", ["", "\n            save:\n              x: {after: 'x'}"])
def test_a_turn_whose_value_is_unset_for_a_row_is_an_error_and_not_said(again: str) -> None:
    bare, filled = cases_of(UNSAID.format(system="", again=again))
    assert talk(filled, "x 1", "word", "b").said == ["Hello", "About hats.", "Bye"]
    done = talk(bare, "x 1", "b")
    assert done.said == ["Hello", "Bye"]
    assert ("say", 2, "broken") in done.outcomes
    assert ("contains", 2, "not_reached") in done.outcomes
    assert done.ruling == "error"
    assert done.finding("say").reason == "not said: ${word} has no value in this row"


def test_a_system_prompt_whose_value_is_unset_for_a_row_is_an_error() -> None:
    bare, filled = cases_of(UNSAID.format(system="system: You sell ${word}.", again=""))
    assert talk(bare).ruling == "error"
    assert talk(bare).finding("system").reason == "not said: ${word} has no value in this row"
    assert talk(filled, "a", "word", "b").trials[0].sessions["bot"].system == "You sell hats."


SECRET = """
    secrets: [PIN]
    conversations:
      - id: secret
        system: The pin is ${secret:PIN}.
        turns:
          - say: My pin is ${secret:PIN}.
            expect:
              - recalls: ${secret:PIN}
"""


def test_a_secret_is_said_but_checks_see_its_mask() -> None:
    (case,) = cases_of(SECRET, {"PIN": "hunter2000"})
    done = talk(case, "Your pin is ‹secret:PIN›, is it?")
    assert done.said == ["My pin is hunter2000."]
    assert done.ruling == "passed"
    assert "hunter2000" not in repr((done.verdict, done.trials[0].plan.identity()))
    assert "hunter2000" not in repr(done.trials[0].plan.texts())


def test_the_bot_is_given_the_system_prompt_with_its_secret() -> None:
    (case,) = cases_of(SECRET, {"PIN": "hunter2000"})
    (trial,) = talk(case, "‹secret:PIN›").trials
    assert trial.sessions["bot"].system == "The pin is hunter2000."


def test_without_a_system_prompt_the_target_has_its_own() -> None:
    (case,) = cases_of(TWO)
    (trial,) = talk(case, "a", "b").trials
    assert trial.sessions["bot"].system is None


# Keys: what makes a trial the same


def keys(text: str) -> list[str]:
    found = []
    for case in cases_of(text):
        (trial,) = next(Registry().kinds["conversations"].examine(case, 7))
        found.append(key(trial))
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("contains: welcome", "contains: something else"),
        ("not_contains: 14 days", "latency: 5s"),
        ("id: two", "id: two\n        title: Two turns"),
        ("id: two", "id: two\n        severity: critical"),
    ],
)
def test_what_is_expected_or_told_of_a_case_does_not_change_its_key(
    before: str, after: str
) -> None:
    changed = TWO.replace(before, after)
    assert changed != TWO
    assert keys(TWO) == keys(changed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("say: Hello", "say: Hello!"),
        ("id: two", "id: other"),
        ("id: two", "id: two\n        system: Be kind."),
        ("- say: How long?", "- say: Hm.\n          - say: How long?"),
    ],
)
def test_what_is_said_changes_the_key(before: str, after: str) -> None:
    changed = TWO.replace(before, after)
    assert changed != TWO
    assert keys(TWO) != keys(changed)


def test_the_key_knows_the_target_and_the_seed() -> None:
    (case,) = cases_of(TWO)
    (trial,) = next(Registry().kinds["conversations"].examine(case, 7))
    other = Identities({"bot": "demo 2"}, {"Talks": "bot"})
    assert len({key(trial), key(replace(trial, seed=8)), key(replace(trial, repeat=1))}) == 3
    assert other.key(trial) != key(trial)


def test_a_plan_can_be_sent_to_another_process() -> None:
    (case,) = cases_of(TWO)
    (trial,) = next(Registry().kinds["conversations"].examine(case, 7))
    again = pickle.loads(pickle.dumps(trial))
    assert key(again) == key(trial)
    assert again.plan.next(()) == trial.plan.next(())


def test_replies_of_a_recorded_run_have_no_times_to_judge() -> None:
    (case,) = cases_of("""
    conversations:
      - id: fast
        turns:
          - say: hello
            expect:
              - latency: 100ms
    """)
    assert talk(case, "x").ruling == "failed"
    recorded = talk(case, "x", live=False)
    assert recorded.outcomes == [("latency", 1, "not_measured")]
    assert recorded.ruling == "passed"


def test_a_check_that_crashes_is_an_error_and_no_failure() -> None:
    (case,) = cases_of(TWO)

    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nothing to share")

    turn = case.turns[0]  # type: ignore[attr-defined]
    expectation = replace(turn.expect[0], function=crash)
    broken = replace(case, turns=(replace(turn, expect=(expectation,)),))  # type: ignore[call-arg]
    done = talk(broken, "welcome")
    assert done.verdict is not None
    assert done.verdict.ruling is Ruling.ERROR
    assert "ZeroDivisionError" in done.verdict.reason
