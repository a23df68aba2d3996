"""The check ``consistent``: what contradicts itself, what does not, and what nobody can say."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.base import Asker
from chatbot_qa.checks.consistent import consistent
from chatbot_qa.domain.plan import CaseId, Message, Say
from chatbot_qa.domain.transcript import Exchange, FaultNote, Transcript, text_reply
from chatbot_qa.domain.verdict import Finding

from .talk import talked

Turns = tuple[tuple[str, str], ...]


def judged(*turns: tuple[str, str]) -> Finding:
    found = consistent(talked(*turns))
    assert isinstance(found, Finding)
    return found


AGAIN = "So how long do I have to return the coat?"
FIRST = ("How long can I return a coat?", "You have 30 days to return it.")


@pytest.mark.parametrize(
    ("turns", "outcome"),
    [
        ((FIRST, ("Thanks", "Sure"), (AGAIN, "You have 14 days.")), "failed"),
        ((FIRST, ("Thanks", "Sure"), (AGAIN, "Thirty days from delivery.")), "passed"),
        ((FIRST, ("Thanks", "Sure"), (AGAIN, "That depends on the coat.")), "unsure"),
        ((FIRST, ("Do you take cards?", "Yes, all of them.")), "passed"),
        (
            (
                ("My order number is A-1042.", "Thanks, I noted your order number A-1042."),
                ("Which one?", "Your order number is B-7731."),
            ),
            "failed",
        ),
        (
            (
                ("My order number is A-1042.", "Thanks, I noted your order number A-1042."),
                ("Sorry, my order number is B-7731.", "Your order number is B-7731 then."),
            ),
            "passed",
        ),
        (
            (
                ("My order number is A-1042.", "Thanks, I noted your order number A-1042."),
                ("Sorry, my order number is B-7731.", "Your order number is A-1042."),
            ),
            "failed",
        ),
        (
            (
                ("hi", "Standard delivery takes 3 days."),
                ("and then?", "Express delivery takes 1 day."),
            ),
            "passed",
        ),
        (
            (
                ("hallo", "Der Versand der Ware kostet 4,90 Euro."),
                ("und?", "Der Versand der Ware kostet 5,90 Euro."),
            ),
            "failed",
        ),
        (
            (
                ("hola", "El plazo de devolución es de 30 días."),
                ("gracias", "El plazo de devolución es de 15 días."),
            ),
            "failed",
        ),
        (
            (
                ("Is the museum open today?", "The museum opens at 9:00 today."),
                ("And the shop?", "The shop opens at 10:00 today."),
            ),
            "passed",
        ),
        (
            (
                ("Two shirts", "2 shirts cost 79.80 EUR."),
                ("Three shirts", "3 shirts cost 119.70 EUR."),
            ),
            "passed",
        ),
        (
            (
                ("What does it cost?", "The jacket costs 129 EUR."),
                ("Can you do that cheaper?", "With the sale the jacket costs 99 EUR."),
            ),
            "passed",
        ),
    ],
)
def test_only_what_is_about_one_thing_contradicts(turns: Turns, outcome: str) -> None:
    assert judged(*turns).outcome == outcome


def test_both_turns_both_values_and_the_tier_are_named() -> None:
    finding = judged(FIRST, ("Thanks", "Sure"), (AGAIN, "You have 14 days."))
    assert finding.reason == (
        "the reply of turn 3 contradicts what it said in turn 1: 30 days against 14 days "
        "(decided by values)"
    )
    assert [quote.label for quote in finding.quotes] == ["reply 1 of 3", "reply 3 of 3"]


def test_what_the_user_said_is_quoted_as_said() -> None:
    finding = judged(
        ("My order number is A-1042.", "All right."), ("So?", "Your order number is B-7731.")
    )
    assert finding.reason.startswith("the reply of turn 2 contradicts what the user said in turn 1")
    assert finding.quotes[0].label == "turn 1 said"


def test_a_bare_not_and_likeness_decide_nothing() -> None:
    finding = judged(
        ("Can I return sale items?", "Returns of sale items are a pleasure for us."),
        ("I see", "We do not like to see you go."),
    )
    assert finding.outcome == "passed"


OPEN = (FIRST, ("Thanks", "Sure"), (AGAIN, "That depends on the coat."))


def asked(verdict: str | None) -> Finding:
    """What it comes to where a judge says this of both orders; None: it does not answer."""
    asker = Asker(CaseId("s", "c"), 7, ("strict",))
    inquiry = consistent(replace(talked(*OPEN), asker=asker))
    assert isinstance(inquiry, Generator)
    trials = next(inquiry)
    assert [trial.sessions["bot"].target for trial in trials] == ["judge:strict"] * 2
    said = f'{{"reason": "so it is", "verdict": "{verdict}"}}'
    transcripts = [
        Transcript("k", (), FaultNote("refused", "nobody listens"))
        if verdict is None
        else Transcript("k", (Exchange(Say(Message("?")), text_reply(said), 0.0, 0.1),))
        for _ in trials
    ]
    try:
        inquiry.send(transcripts)
    except StopIteration as end:
        finding: Finding = end.value
        return finding
    raise AssertionError("it asks once")


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [("same", "passed"), ("different", "failed"), ("unsure", "unsure"), (None, "broken")],
)
def test_a_judge_decides_what_words_leave_open(verdict: str | None, outcome: str) -> None:
    assert asked(verdict).outcome == outcome


def test_long_dialogues_and_long_replies_are_bounded() -> None:
    turns = [
        (f"Question {n} about thing {n}?", f"Thing {n} costs {n} euros today.") for n in range(60)
    ]
    assert judged(*turns).outcome == "passed"
    assert judged(("a", "word " * 200_000), ("b", "word " * 200_000)).outcome == "passed"
