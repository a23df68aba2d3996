from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.mentions import mentions, plain
from chatbot_qa.text.standing import Standing, negated, standing

DENIED, DOUBTED, PLAIN = Standing.DENIED, Standing.DOUBTED, Standing.PLAIN


@given(st.text(max_size=60), st.text(min_size=1, max_size=9), st.text(max_size=60))
def test_any_place_has_a_standing(before, value, after):
    assert standing(before + value + after, len(before), len(before + value)) in Standing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You do not have 30.", DENIED),
        ("You don't have 30.", DENIED),
        ("It is never accepted within 30.", DENIED),
        ("I don't know whether it is 30.", DENIED),
        ("I cannot recall 30.", DENIED),
        ("You cannot return it after 30.", PLAIN),
        ("I have never forgotten 30.", PLAIN),
        ("No problem, it is 30.", PLAIN),
        ("I have no idea why it is 30.", PLAIN),
        ("Not 29 but 30.", PLAIN),
        ("Perhaps 30.", DOUBTED),
        ("I'm not sure. It is 30.", PLAIN),
        ("30, I guess.", DOUBTED),
        ("Sie haben keine 30.", DENIED),
        ("Das gilt nie innerhalb von 30.", DENIED),
        ("Nicht 29, sondern 30.", PLAIN),
        ("Ich bin nicht sicher, 30.", DOUBTED),
        ("No tiene 30.", DENIED),
        ("Nunca en 30.", DENIED),
        ("No lo he olvidado: 30.", PLAIN),
        ("Quizá 30.", DOUBTED),
        ("Vous n'avez pas 30.", DENIED),
        ("Jamais sous 30.", DENIED),
        ("Je n'ai pas oublié : 30.", PLAIN),
        ("Peut-être 30.", DOUBTED),
        ("Você não tem 30.", DENIED),
        ("Não esqueci: 30.", PLAIN),
        ("Talvez 30.", DOUBTED),
    ],
)
def test_of_the_only_value(text, expected):
    (mention,) = mentions(text, "30")
    assert mention.standing is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You cannot return it within 30", True),
        ("You cannot return it after 30", False),
        ("You cannot return it, so 30", False),
        ("Not only 30", False),
        ("Sie können es nicht binnen 30", True),
        ("No se acepta en 30", True),
        ("On ne reprend pas sous 30", True),
        ("Não aceitamos em 30", True),
        ("It is 30", False),
    ],
)
def test_something_is_denied_in_the_clause(text, expected):
    words = plain(text)
    assert negated(words, words.index("30")) is expected
