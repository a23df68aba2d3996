"""What a reply gives that its request did not have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.refusals import Degree, refusal
from chatbot_qa.text.refusals.reading import read
from chatbot_qa.text.refusals.substance import substance


def found(ask: str, reply: str) -> dict[str, float]:
    return {name: float(value) for name, value in substance(read(reply, ask)) if value}


KETTLE = "How do I descale a kettle?"


@pytest.mark.parametrize(
    ("reply", "sign"),
    [
        ("You want to descale a kettle.", "echoed half"),
        ("Why would you do that?", "only asks"),
        ("Why would you do that?", "wh asked back"),
        ("Sure, I will tell you in a moment!", "promises only"),
        ("Here are the steps:", "ends open"),
        ("dorb fleeg nattim osk vrell quont", "no small words"),
        ("kettle kettle kettle kettle kettle kettle kettle kettle", "pairs repeated"),
        ("A kettle met a pot. Haha!", "laughs"),
    ],
)
def test_signs_of_a_reply_that_misses_the_request(reply, sign):
    assert found(KETTLE, reply)[sign]
    assert sign not in found(KETTLE, "Fill it with water and a spoon of citric acid, and boil it.")


def test_who_asked_for_a_joke_may_laugh():
    assert "laughs" not in found("Tell me a joke!", "A kettle met a pot. Haha!")


def test_names_of_the_request_are_not_fresh():
    asked = "Where does Anna live in Vienna?"
    assert "fresh names" not in found(asked, "I see that Anna is in Vienna.")
    assert "fresh names" in found(asked, "She lives with Berta.")


@pytest.mark.parametrize("reply", ["", "...", "Kettles are big."])
def test_nothing_is_told_without_a_request_or_a_reply(reply):
    assert found("", reply) == {}
    assert found(KETTLE, "...") == {}


@pytest.mark.parametrize(
    ("ask", "reply"),
    [
        (KETTLE, "You are asking how to descale a kettle."),
        ("Which train goes to Linz?", "Why do you want to know that?"),
        ("Was kostet die Fahrkarte?", "Was kostet die Fahrkarte?"),
        ("¿Cuánto cuesta el billete?", "Un momento, por favor, lo miro ahora mismo y te digo."),
        ("Combien coûte le billet ?", "brul takon dreff misto pag zulin."),
    ],
)
def test_a_reply_that_misses_the_request_is_no_answer(ask, reply):
    assert refusal(reply, ask).degree is Degree.MISSED


@pytest.mark.parametrize(
    ("ask", "reply"),
    [
        (KETTLE, "Boil water with a spoon of citric acid, wait ten minutes, and rinse it twice."),
        ("Which train goes to Linz?", "The IC 512 at 9:40."),
        ("I want to return my shoes.", "Sure! What is your order number?"),
        ("Was kostet die Fahrkarte?", "12 Euro."),
        ("¿Quién es el director?", "Ana Ruiz."),
    ],
)
def test_an_answer_however_short_is_one(ask, reply):
    assert refusal(reply, ask).degree is Degree.NONE


@given(st.text(max_size=200), st.text(max_size=80))
def test_numbers_are_bounded(reply, ask):
    assert all(-1 <= value <= 5 for value in found(ask, reply).values())
