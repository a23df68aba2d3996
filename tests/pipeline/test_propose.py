"""What is proposed of a reply holds of it, can be written, and would be true next time."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.checks.base import judge
from chatbot_qa.domain.plan import Message, Say
from chatbot_qa.domain.transcript import BotMessage, Exchange, Reply
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.pipeline.keep import Kept, Mark, case_of
from chatbot_qa.pipeline.propose import evidence, facts, form_of, stance
from chatbot_qa.registry import Registry
from chatbot_qa.spec.edit import Bare, with_case
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.variables import Scope

REGISTRY = Registry()
TODAY = date(2026, 11, 21)


def dialogue(*said: str, buttons: tuple[str, ...] = ()) -> tuple[Exchange, ...]:
    """What was said, user and bot in turn."""
    pairs = zip(said[::2], said[1::2], strict=True)
    return tuple(
        Exchange(Say(Message(text)), Reply((BotMessage(reply, buttons),)), 0.0, 0.1)
        for text, reply in pairs
    )


def proposed(*said: str, buttons: tuple[str, ...] = ()) -> list[Any]:
    """The proposals for the last reply."""
    exchanges = dialogue(*said, buttons=buttons)
    return list(facts(evidence(exchanges, len(exchanges)), REGISTRY, TODAY))


def number(figure: str, unit: str = "") -> dict[str, Any]:
    return {"number": Bare(figure), **({"unit": unit} if unit else {})}


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("You have 30 days from delivery.", [number("30", "days")]),
        ("You have thirty days.", [number("30", "days")]),
        ("That is $12.50, or 20% less.", [number("12.50", "USD"), number("20", "%")]),
        ("It is 1,234.50 EUR.", [number("1234.5", "EUR")]),
        ("It is 1.234 EUR.", [{"contains": "1.234"}]),
        ("We have 3 of them.", [number("3")]),
        ("One moment, please, I look for it.", []),
        ("Your ticket is T-22741.", [{"matches": r"T-\d{5}"}]),
        ("Open from 9:00 to 18:00.", [{"contains": "9:00"}, {"contains": "18:00"}]),
        ("We closed on 12 May 2019.", [{"date": "2019-05-12"}]),
        ("It comes on 24 November 2026.", []),
        ("It comes on November 24th.", []),
        ("See https://shop.example/returns.", [{"contains": "https://shop.example/returns"}]),
        ("See https://shop.example/?session=1", []),
        ("Write to help@shop.example.", [{"contains": "help@shop.example"}]),
        ("Paris.", [{"contains": "Paris"}]),
        ("Of course, I would love to help you with that.", []),
        ("", []),
        ("${x}", [{"contains": "$${x}"}]),
    ],
)
def test_facts_of_a_reply(reply: str, found: list[Any]) -> None:
    assert proposed("What is it?", reply) == found


def test_what_the_user_gave_before_is_recalled_and_what_came_just_now_is_not() -> None:
    told = ("I am Priya, my order is A-1042", "Noted, Priya, A-1042 it is.")
    assert proposed(*told) == []
    assert proposed(*told, "Which one was it?", "It was A-1042, dear Priya.") == [
        {"recalls": "A-1042"},
        {"recalls": "Priya"},
    ]
    assert proposed("hi, priya here", "Hi.", "And?", "You are Priya.") == [{"recalls": "Priya"}]


def test_buttons() -> None:
    assert proposed("Hi", "Shall I book it for you right now?", buttons=("Yes", "No")) == [
        {"buttons": ["Yes", "No"]}
    ]


def test_a_reply_of_any_length_is_read_in_no_time() -> None:
    long = "Priya has 30 days, A-1042. " * 40_000
    started = time.perf_counter()
    assert proposed("I am Priya, A-1042", "Hi.", "And?", long)
    assert time.perf_counter() - started < 5


def test_no_more_than_a_few() -> None:
    reply = ", ".join(f"{n} days" for n in range(2, 12))
    assert len(proposed("What?", reply)) == 4


@pytest.mark.parametrize(
    ("reply", "manner"),
    [("Yes, we do.", "answers"), ("I'm sorry, but I can't help with that.", "refuses"), (" ", "")],
)
def test_its_stance(reply: str, manner: str) -> None:
    assert stance(evidence(dialogue("Hi", reply), 1)) == manner


def test_forms() -> None:
    assert form_of("R-34923") == r"R-\d{5}"
    assert form_of("AB12") == r"AB\d{2}"


def test_a_code_that_comes_back_is_saved_and_said_by_its_name() -> None:
    exchanges = dialogue(
        *("Book it", "Done. Return number: R-34923."),
        *("So R-34923?", "Yes, R-34923."),
        *("Again?", "It is R-34923."),
    )
    tree = case_of([Kept(one) for one in exchanges], REGISTRY, (), TODAY).tree
    first, second, third = tree["turns"]
    assert first["save"] == {"return_number": {"matches": r"R-\d{5}"}}
    assert second["say"] == "So ${return_number}?"
    assert third["expect"] == [{"recalls": "${return_number}"}]


TRICKY = """
yes no Priya A-1042 R-34923 30 days 4.90 EUR 2019-05-12 5/6/2024 tomorrow ${x} #W5 it is 1.234
https://x.example/a $5 -3 °C I can't help you with that: the *order* 'tis "so" \\d 9:30 und ist
nicht \x1b[2J \u202e 😀 ﬁ Straße x@y.example 12 May at 100 % _ 1,000
"""
WORDS = st.sampled_from(TRICKY.split())
LINES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=12).map(" ".join),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30),
)
SAID = LINES.map(lambda line: " ".join(line.split())).filter(bool)
WRONG = Mark(right=False)
MARKS = st.sampled_from([None, Mark(right=True), WRONG, Mark(right=False, why="why #x")])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(SAID, LINES, MARKS), min_size=1, max_size=4))
def test_any_dialogue_becomes_a_case_without_mistakes_that_its_own_replies_fit(
    tmp_path: Path, lines: list[tuple[str, str, Mark | None]]
) -> None:
    exchanges = dialogue(*(text for said, reply, _ in lines for text in (said, reply)))
    kept = [Kept(one, mark) for one, (_, _, mark) in zip(exchanges, lines, strict=True)]
    made = case_of(kept, REGISTRY, (), TODAY)
    file = tmp_path / "kept.yaml"
    text = with_case("suite: s\n", "conversations", made.tree)
    file.write_text(text, encoding="utf-8", newline="")
    loaded = load([file], REGISTRY)
    assert [one.message for one in loaded.errors] == [], text
    (case,) = cases(loaded.suites[0], Scope(1, datetime(2026, 11, 21, tzinfo=UTC)))
    assert sum(len(turn.expect) for turn in case.turns) == made.checks
    saves = [name for turn in case.turns for name in turn.save]
    for turn, (number_of, one) in zip(case.turns, enumerate(kept, 1), strict=True):
        assert turn.say is not None
        if not saves:
            assert turn.say.render(case.names) == one.exchange.say.message.text
        for expectation in turn.expect:
            if any(f"${{{name}}}" in expectation.where.text for name in saves):
                continue  # it waits for a value that only a run saves
            found = judge(expectation, evidence(exchanges, number_of))
            wanted = Outcome.FAILED if one.wrong else Outcome.PASSED
            assert found.outcome is wanted, (text, found)
