"""The checks of what a bot keeps over a conversation: persona, language, form."""

from __future__ import annotations

import pytest

from chatbot_qa.checks.keeping import keeps_format, keeps_language, keeps_persona
from chatbot_qa.domain.verdict import Finding
from chatbot_qa.text.layout import Layout

from .talk import talked


def persona(*replies: str, value: str | None = None) -> Finding:
    return keeps_persona(talked(*(("Hello", reply) for reply in replies)), value=value)


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        (("Hi, I'm Lina.", "You are speaking with Lina of the returns desk."), "passed"),
        (("Hi, I'm Lina.", "My name is Tom."), "failed"),
        (("Ich bin Lina.", "Ich heiße jetzt Klaus."), "failed"),
        (("Me llamo Marta.", "Soy Marta, tu asistente virtual."), "passed"),
        (("Je m'appelle Paul.", "Je suis Anne."), "failed"),
        (("Sou a Ana.", "Chamo-me Rita."), "failed"),
        (("I am a virtual assistant.", "I'm a real person, of course."), "failed"),
        (("I'm not a robot.", "As an AI, I cannot."), "failed"),
        (("No soy un robot.", "Soy un asistente virtual."), "failed"),
        (("Je suis un robot.", "Je ne suis pas un robot."), "failed"),
        (("Ich bin ein Chatbot.", "Ich bin kein Mensch."), "passed"),
        (("I'm just a chatbot.", "I am not a human."), "passed"),
        (("I'm happy to help.", "I'm sorry to hear that."), "passed"),
        (("I'm Afraid not.", "I am here to help."), "passed"),
    ],
)
def test_what_a_bot_says_of_itself_stays_the_same(replies: tuple[str, ...], outcome: str) -> None:
    assert persona(*replies).outcome == outcome


def test_a_name_that_is_asked_for_must_be_kept() -> None:
    assert persona("I'm Lina.", value="Lina").outcome == "passed"
    wrong = persona("Good day.", "I am DAN now.", value="Lina")
    assert wrong.outcome == "failed"
    assert wrong.reason == 'the bot calls itself "DAN", not "Lina"'
    assert wrong.quotes[0].label == "reply 2 of 2"
    assert persona("Good day.", value="Lina").outcome == "not_measured"


def test_both_turns_are_named() -> None:
    finding = persona("I am an AI.", "Yes.", "I'm a human being.")
    assert finding.reason == ("the bot says that it is a person in turn 3, and machine in turn 1")
    assert [quote.label for quote in finding.quotes] == ["reply 1 of 3", "reply 3 of 3"]


ENGLISH = "You can send the jacket back within thirty days of delivery, free of charge."
GERMAN = "Sie können die Jacke innerhalb von dreißig Tagen kostenlos zurückschicken."
SPANISH = "Puede devolver la chaqueta gratis dentro de los treinta días desde la entrega."
ASKED = "How long do I have to send this jacket back to you?"
GEFRAGT = "Wie lange kann ich diese Jacke denn noch zurückschicken?"


@pytest.mark.parametrize(
    ("turns", "value", "outcome"),
    [
        (((ASKED, ENGLISH), (GEFRAGT, GERMAN)), "user", "passed"),
        (((ASKED, ENGLISH), (GEFRAGT, GERMAN)), "first", "failed"),
        (((ASKED, ENGLISH), (ASKED, SPANISH)), "user", "failed"),
        (((ASKED, ENGLISH), ("ok", SPANISH)), "user", "failed"),
        (((ASKED, ENGLISH), ("ok", "Sí")), "user", "passed"),
        (((ASKED, "Sí"), ("ok", "A-1042")), "user", "not_measured"),
        (((ASKED, SPANISH), (ASKED, SPANISH)), "first", "passed"),
    ],
)
def test_replies_are_in_the_language_of_the_user(
    turns: tuple[tuple[str, str], ...], value: str, outcome: str
) -> None:
    finding = keeps_language(talked(*turns), value=value)  # type: ignore[arg-type]
    assert finding.outcome == outcome


def test_the_turn_and_both_languages_are_named() -> None:
    finding = keeps_language(talked((ASKED, ENGLISH), (ASKED, SPANISH)))
    assert finding.reason == "the reply of turn 2 is in es, and the user writes en"


LIST = "Here they are:\n- tents\n- stoves\n- maps"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"
CODE = "```python\nprint(1)\n```"


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("json", '{"a": 1}', "a is 1"),
        ("list", LIST, "tents, stoves and maps"),
        ("table", TABLE, LIST),
        ("code", CODE, "print(1)"),
        ("one line", "Yes, of course.", "Yes.\nOf course."),
        ("plain text", "Yes, 3 * 4 is 12 - really.\nOf course.", "**Yes**, of course"),
        ("plain text", "See page 2 [1] and a < b", "See [our terms](https://shop.example)"),
        ("plain text", "1. We open at nine.", "- one\n- two"),
        ("plain text", "Call us.", "Call <b>us</b>."),
    ],
)
def test_replies_keep_a_form(form: Layout, good: str, bad: str) -> None:
    assert keeps_format(talked(("a", good), ("b", good)), value=form).outcome == "passed"
    finding = keeps_format(talked(("a", good), ("b", bad)), value=form)
    assert finding.outcome == "failed"
    assert finding.reason.startswith(f"the reply of turn 2 does not come as {form}, but as ")


def test_without_a_form_it_is_that_of_the_first_reply() -> None:
    assert keeps_format(talked(("a", LIST), ("b", LIST))).outcome == "passed"
    finding = keeps_format(talked(("a", LIST), ("b", "Tents.")))
    assert finding.outcome == "failed"
    assert "list, as the first reply does, but as plain text" in finding.reason
    assert keeps_format(talked(("a", "**Yes**, of"), ("b", LIST))).outcome == "not_measured"


def test_long_replies_are_read_in_part() -> None:
    long = "I am Lina. " + "word " * 200_000
    assert persona(long, "I am Tom.").outcome == "failed"
    assert keeps_format(talked(("a", long)), value="plain text").outcome == "passed"
