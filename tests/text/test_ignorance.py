from __future__ import annotations

import pytest

from chatbot_qa.text.ignorance import admits_ignorance


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't know.", True),
        ("I have no record of it.", True),
        ("You haven't told me.", True),
        ("Das weiß ich nicht.", True),
        ("Keine Ahnung.", True),
        ("No lo sé.", True),
        ("No me acuerdo, ni idea.", True),
        ("Je ne sais pas.", True),
        ("Aucune idée.", True),
        ("Não sei.", True),
        ("Não me lembro.", True),
        ("Now you know.", False),
        ("Das weiß ich.", False),
        ("Sí, lo sé.", False),
        ("Je sais.", False),
        ("Eu sei.", False),
    ],
)
def test_a_reply_that_does_not_know(text, expected):
    assert admits_ignorance(text) is expected
