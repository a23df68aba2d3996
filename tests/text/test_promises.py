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
