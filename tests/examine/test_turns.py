"""What a turn can be besides something said: a click, a condition, another user, silence."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.plan import Line
from chatbot_qa.domain.transcript import BotMessage, Card, Reply
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.examine.script import sessions_of

from .talking import Talk, buttons, cases_of, key, talk

SILENCE = Reply(())


def talked(turns: str, *answers: str | Reply, more: str = "") -> Talk:
    (case,) = cases_of(f"conversations:\n  - id: a\n{more}    turns:\n{turns}")
    return talk(case, *answers)


CLICK = """
      - say: Hi
      - click: talk to a PERSON
        expect:
          - contains: colleague
"""


def test_a_click_presses_the_button_as_the_bot_writes_it() -> None:
    done = talked(CLICK, buttons("How can I help?", "Returns", "Talk to a person"), "A colleague!")
    assert done.exchanges[1].say.message.click == "Talk to a person"
    assert done.exchanges[1].say.message.text == ""
    assert done.ruling == "passed"


def test_buttons_of_cards_can_be_pressed_too() -> None:
    card = Card("Help", buttons=("Talk to a person",))
    done = talked(CLICK, Reply((BotMessage("How can I help?", cards=(card,)),)), "A colleague!")
    assert done.ruling == "passed"


def test_a_button_that_is_not_there_fails_its_turn_and_is_not_pressed() -> None:
    done = talked(CLICK + "      - say: Bye\n", buttons("Hello", "Returns", "Orders"), "Goodbye")
    assert done.ruling == "failed"
    assert done.said == ["Hi", "Bye"]
    finding = done.finding("click")
    assert finding.reason.endswith("no button 'talk to a PERSON'; it has 'Returns', 'Orders'")
    assert (finding.turn, finding.where.line) == (2, 7)
    assert ("contains", 2, "not_reached") in done.outcomes


WHEN = """
      - say: I want to return it
      - when:
          - contains: zip code
        say: It is 98187.
        expect:
          - contains: thanks
      - say: Bye
        expect:
          - contains: bye
"""


def test_a_turn_with_a_condition_is_said_where_the_reply_before_meets_it() -> None:
    done = talked(WHEN, "What is your zip code?", "thanks", "bye")
    assert done.said == ["I want to return it", "It is 98187.", "Bye"]
    assert done.ruling == "passed"


def test_a_turn_whose_condition_does_not_hold_is_left_out_and_shown() -> None:
    done = talked(WHEN, "It is done.", "bye")
    assert done.said == ["I want to return it", "Bye"]
    assert done.ruling == "passed"
    finding = done.finding("when")
    assert finding.outcome is Outcome.SKIPPED
    assert "left out" in finding.reason
    assert finding.turn == 2
    assert ("contains", 3, "passed") in done.outcomes


def test_of_what_nobody_can_be_sure_a_condition_does_not_hold() -> None:
    turns = """
      - say: How long?
      - when:
          - answers: 30 days
        say: Thanks!
      - say: Bye
"""
    done = talked(turns, "It depends on several things that nobody knows.", "bye")
    assert done.said == ["How long?", "Bye"]
    assert done.finding("when").outcome is Outcome.SKIPPED


USERS = """
      - say: I am Anna
      - as: ben
        say: I am Ben
      - as: anna
        say: Who am I?
      - as: ben
        new_session: true
        say: Who am I?
"""


def test_every_user_has_a_session_and_a_return_visit_another() -> None:
    done = talked(USERS, "ok", "ok", "Anna", "?", more="    users: [anna, ben]\n")
    assert [one.say.to for one in done.exchanges] == ["anna", "ben", "anna", "ben/2"]
    (trial,) = done.trials
    assert set(trial.sessions) == {"anna", "ben", "ben/2"}


def test_a_condition_looks_at_the_replies_of_its_own_user() -> None:
    turns = """
      - say: Hi
      - as: ben
        say: Hello
      - when:
          - contains: welcome
        say: Thanks
"""
    users = "    users: [anna, ben]\n"
    assert talked(turns, "welcome", "go away", "ok", more=users).said == ["Hi", "Hello", "Thanks"]
    assert talked(turns, "go away", "welcome", more=users).said == ["Hi", "Hello"]


def test_sessions_are_named_after_their_users() -> None:
    (case,) = cases_of(f"conversations:\n  - id: a\n    turns:\n{CLICK}")
    assert sessions_of(case.turns, ()) == ("bot", "bot")  # type: ignore[attr-defined]


def test_a_pause_a_deadline_and_files_go_with_what_is_said() -> None:
    turns = """
      - say: Here is the photo
        pause: 1.5s
        within: 3s
"""
    (exchange,) = talked(turns, "Thanks").exchanges
    assert (exchange.say.wait, exchange.say.within) == (1.5, 3.0)
    assert exchange.say.reply_expected


def test_where_the_bot_speaks_first_nothing_is_sent() -> None:
    turns = "      - bot_starts: true\n        expect:\n          - contains: welcome\n"
    done = talked(turns, "You are welcome")
    (exchange,) = done.exchanges
    assert exchange.say.message.opens
    assert (exchange.say.message.text, done.ruling) == ("", "passed")


HISTORY = "    history:\n      - user: I am Zoe\n      - bot: Hello Zoe\n"


def test_what_was_said_before_goes_to_the_bot_and_into_the_key() -> None:
    turns = "      - say: Who am I?\n        expect:\n          - recalls: Zoe\n"
    done = talked(turns, "You are Zoe", more=HISTORY)
    (trial,) = done.trials
    assert trial.sessions["bot"].history == (Line("user", "I am Zoe"), Line("bot", "Hello Zoe"))
    other = talked(turns, "You are Zoe", more=HISTORY.replace("Hello", "Welcome"))
    assert key(trial) != key(other.trials[0])


def test_tools_are_handed_to_the_bot() -> None:
    tools = """    tools:
      - name: find_order
        description: Finds an order
        parameters: {type: object}
        returns: {status: shipped}
"""
    (trial,) = talked("      - say: Hi\n", "Hello", more=tools).trials
    (tool,) = trial.sessions["bot"].tools
    assert (tool.name, tool.returns) == ("find_order", {"status": "shipped"})


@pytest.mark.parametrize("stop", ["continue", "stop"])
def test_a_failed_check_ends_a_conversation_that_stops_at_one(stop: str) -> None:
    turns = """
      - say: Hi
        save:
          n: {matches: (\\d+)}
        expect:
          - contains: welcome
      - say: Bye
"""
    answers = ("go away 1",) if stop == "stop" else ("go away 1", "bye")
    done = talked(turns, *answers, more=f"    on_failure: {stop}\n")
    assert done.said == (["Hi"] if stop == "stop" else ["Hi", "Bye"])


def test_what_is_said_knows_the_number_of_its_turn_where_others_were_left_out() -> None:
    done = talked(WHEN, "It is done.", "bye")
    assert [one.say.turn for one in done.exchanges] == [0, 3]
    assert [one.say.turn for one in talked(WHEN, "zip code?", "thanks", "bye").exchanges] == [0] * 3


def test_what_needs_a_value_of_a_turn_that_was_left_out_is_not_decided() -> None:
    turns = """
      - say: Hello
      - when:
          - contains: zebra
        say: Which day?
        save:
          day: {matches: on (.*)}
      - say: Again ${day}
        expect:
          - contains: never
"""
    done = talked(turns, "Hello")
    assert done.said == ["Hello"]
    assert done.ruling == "inconclusive"
    assert "may have been left out" in done.verdict.reason  # type: ignore[union-attr]
