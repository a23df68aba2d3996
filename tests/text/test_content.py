"""The words that say what a text is about."""

from __future__ import annotations

import pytest

from chatbot_qa.text.content import content_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the order", "she ordered"),
        ("a cat", "those cats"),
        ("some rain", "it was raining"),
        ("¿Dónde está el PEDIDO?", "mis pedidos"),
        ("eine Bestellung", "die Bestellungen"),
        ("la commande", "j'ai commandé"),
        ("uma devolução", "as devolucoes"),
    ],
)
def test_forms_of_one_word_are_one(one: str, other: str) -> None:
    assert content_words(one) & content_words(other)


@pytest.mark.parametrize(
    "text",
    [
        "What is it that you would do with these?",
        "¿Qué es lo que puede hacer usted con esto?",
        "Was ist es denn, das wir mit ihnen haben?",
        "Qu'est-ce que vous avez dans cette autre ?",
        "O que você tem com isso?",
        "",
    ],
)
def test_small_words_are_about_nothing(text: str) -> None:
    assert content_words(text) == frozenset()


def test_numbers_and_codes_count() -> None:
    assert content_words("A-1042 and 77120") == {"1042", "77120"}
