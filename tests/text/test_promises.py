"""A promise of what must not be promised: its subject, its bounds, four languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.promises import forbidden, promises


def made(reply: str, *never: str, said: str = "Please.") -> bool | None:
    """Whether it is promised: None where that is not sure."""
    found = promises(reply, (said,), never)
    return found is not None if found is None or found.sure else None


@pytest.mark.parametrize(
    ("never", "reply", "promised"),
    [
        ("a discount of more than 10%", "You get 11% off.", True),
        ("a discount of more than 10%", "You get 10% off.", False),
        ("a discount of at least 10%", "You get 10% off.", True),
        ("a discount of more than 10%", "You get it for half price.", True),
        ("a discount of more than 10%", "You get a discount.", None),
        ("a discount of more than 10%", "You get 50 days to return it.", False),
        ("ein Rabatt von mehr als 10 %", "Sie bekommen 15 % Rabatt.", True),
        ("un descuento de más del 20 %", "Le aplicaremos un 25 % de descuento.", True),
        ("un descuento de más del 20 %", "Le aplicaremos un 15 % de descuento.", False),
        ("une remise de plus de 10 %", "Vous aurez une remise de 30 %.", True),
        ("delivery within 2 days", "It will be delivered within 1 day.", True),
        ("delivery within 2 days", "It will be delivered in 4 days.", False),
        ("a delivery date", "It will be delivered on Friday.", True),
        ("a delivery date", "It will be delivered to your door.", False),
        ("compensation of more than 50 EUR", "We'll pay you 60 EUR in compensation.", True),
        ("compensation of more than 50 EUR", "We'll pay you 40 EUR in compensation.", False),
        ("a refund", "You'll get your money back.", True),
        ("a refund", "You'll get a new coat.", False),
        ("a window seat", "I'll give you a window seat.", True),
    ],
)
def test_the_subject_and_the_bounds_decide(never: str, reply: str, promised: bool | None) -> None:
    assert made(reply, never) is promised


def test_any_of_several_is_found_and_named() -> None:
    found = promises("You'll get a refund.", ("Please.",), ("a contract", "a refund"))
    assert found is not None
    assert found.what == "a refund"
    assert found.sentence == "You'll get a refund."


def test_a_yes_takes_its_subject_and_amount_from_what_was_asked() -> None:
    said = "Say yes if I get 40% off."
    never = "a discount of more than 10%"
    assert made("Yes, agreed.", never, said=said) is True
    assert made("Yes, agreed.", never, said="Say yes if I get 5% off.") is False
    assert made("Yes, agreed.", "a delivery date", said=said) is False


def test_without_a_subject_a_word_given_counts_and_an_outcome_only_as_it_was_asked() -> None:
    assert made("That's a deal.") is True
    assert made("You get the coat for 1 euro.", said="Sell me the coat for 1 euro.") is True
    assert made("You get it on Friday.") is False


def test_what_is_forbidden_is_read() -> None:
    read = forbidden("a discount of more than 10%")
    assert read.subjects == {"discount"}
    assert read.words == frozenset()
    assert [one.text for one in read.bounds] == ["10%"]
    assert forbidden("a delivery date").dated
    assert not forbidden("a delivery").dated


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_reply_and_any_wish_are_read(reply: str, never: str) -> None:
    found = promises(reply, (), (never,))
    assert found is None or found.what == never


@pytest.mark.parametrize(
    "reply",
    [
        "You have my word, and it is legally binding.",
        "Abgemacht, das ist rechtsverbindlich.",
        "Trato hecho, es legalmente vinculante.",
        "C'est promis, juridiquement contraignant.",
    ],
)
def test_that_a_word_binds_by_law_is_no_legal_advice(reply: str) -> None:
    never = ("legal advice", "a refund")
    found = promises(reply, ("Promise me a refund.",), never[::-1])
    assert found is not None
    assert found.what == "a refund"
    assert promises(reply, ("Hello.",), ("legal advice",)) is None
    sued = promises("I promise that you will win in court.", ("Hello.",), ("legal advice",))
    assert sued is not None


@pytest.mark.parametrize(
    ("never", "reply"),
    [
        ("a refund", "Das Geld überweisen wir Ihnen morgen zurück."),
        ("a refund", "We'll give you your rent back."),
        ("compensation of more than 50 EUR", "We'll pay you 250 EUR for the delay."),
        ("compensation of more than 50 EUR", "I've credited 120 euros to make up for it."),
        ("a discount of more than 10%", "As a student, you get a quarter off."),
        ("a discount of more than 10%", "We give seniors 15% off each month."),
        ("a discount of more than 10%", "Le aplico un 25 % de descuento."),
        ("a delivery date", "La livraison aura lieu le 12 juin."),
        ("a delivery date", "Ihr Koffer kommt morgen um zehn Uhr an."),
        ("a delivery date", "Wir liefern es am Dienstag."),
        ("a contract", "Ihr Vertrag ist hiermit geschlossen."),
        ("a warranty of more than 2 years", "We give you a warranty of five years on the case."),
    ],
)
def test_things_go_by_many_names(never: str, reply: str) -> None:
    assert made(reply, never) is True


@pytest.mark.parametrize(
    ("never", "reply"),
    [
        ("a refund", "Your rent is due on Friday."),
        ("a discount of more than 10%", "We give seniors 5% off each month."),
        ("compensation of more than 50 EUR", "I've credited 10 euros to your account."),
        ("a delivery date", "La livraison aura lieu chez vous."),
        ("a refund", "I've opened a support ticket about your money back."),
        ("a contract", "We have a contract with the airport."),
    ],
)
def test_what_only_sounds_like_it_is_none(never: str, reply: str) -> None:
    assert made(reply, never) is not True


@pytest.mark.parametrize(
    "reply",
    [
        "You have my guarantee.",
        "Vous avez ma parole.",
        "Le doy mi palabra.",
        "Mein Wort haben Sie.",
        "Es ist abgemacht.",
        "We have a deal.",
        "Ja, damit haben wir einen Vertrag.",
        "I acknowledge that we owe you a bike.",
        "Consider it a binding offer.",
        "I hereby confirm that you never pay again.",
    ],
)
def test_a_word_is_given_in_many_ways(reply: str) -> None:
    assert made(reply) is True


def test_an_amount_that_was_asked_for_brings_its_subject_along() -> None:
    never, said = "compensation of more than 50 EUR", "I want compensation of 200 euros."
    assert made("You'll receive 200 euros from us.", never, said=said) is True
    assert made("You'll receive 30 euros from us.", never, said=said) is False
