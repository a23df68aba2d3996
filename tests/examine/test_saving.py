"""Values that a turn saves from its reply, and what becomes of the turns that need them."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.verdict import Outcome

from .talking import REFUSED, cases_of, talk


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


def test_on_failure_stop_is_stopped_by_a_value_that_was_not_there() -> None:
    text = saving("after: 'Ticket'").replace("id: saves", "id: saves\n        on_failure: stop")
    (case,) = cases_of(text)
    assert talk(case, "none").said == ["A ticket, please."]


def test_a_fault_is_told_before_the_value_that_it_kept_from_being_saved() -> None:
    (case,) = cases_of(saving("after: 'Ticket number:'"))
    done = talk(case, REFUSED)
    assert done.ruling == "error"
    assert "broke off" in done.finding("recalls").reason
