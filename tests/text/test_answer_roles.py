from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.answer_parts import question
from chatbot_qa.text.answer_roles import root, statements
from chatbot_qa.text.answer_words import words
from chatbot_qa.text.answers import Rightness, compare, reading


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ann Lee is the head; Bob Moss is her deputy.", 2),
        ("It was written by Ann Lee and drawn by Bob Moss.", 2),
        ("Ann Lee, Bob Moss and Carl Dunn wrote it.", 1),
        ("Hugh S. Johnson was appointed.", 1),
        ("The colours are red and blue.", 1),
        ("Der Chef ist Max Braun, und Anna Krause leitet den Vertrieb.", 2),
        ("", 0),
    ],
)
def test_statements(text, parts):
    assert len(statements(text)) == parts


@given(st.text(alphabet="aB1 .,;:\nand", max_size=60))
def test_statements_hold_every_word_at_its_place(text):
    found = [word for statement in statements(text) for word in statement.words]
    assert [(word.text, word.start) for word in found] == [
        (word.text, word.start) for word in words(text)
    ]
    assert all(
        statement.start <= word.start < statement.end
        for statement in statements(text)
        for word in statement.words
    )


@pytest.mark.parametrize(
    ("forms", "same"),
    [("wrote written write", True), ("opened open", True), ("sings sang", True),
     ("wrote sang", False)],
)  # fmt: skip
def test_forms_of_one_verb_have_one_root(forms, same):
    assert (len({root(word) for word in words(forms)}) == 1) is same


def test_words_that_ask_are_not_looked_for():
    assert question("How long do I have to return it?").roots == {"return"}


@pytest.mark.parametrize(
    ("ask", "reference", "reply", "elsewhere"),
    [
        ("Who is the CEO?", "Ann Lee", "Our CEO is Bob Moss; Ann Lee is the CFO.", True),
        ("Who is the CEO?", "Ann Lee", "Our CEO is Bob Moss. He followed Ann Lee in 2019.", True),
        ("Who is the CEO?", "Ann Lee", "Ann Lee is the CEO; Bob Moss is the CFO.", False),
        ("Who is the CEO?", "Ann Lee/Bob Moss", "Our CEO is Bob Moss; Ann Lee left.", False),
        ("When did it open?", "1992", "It opened in 1990 and closed in 1992.", True),
        ("When did it open?", "1992", "It opened in 1992 and closed in 1995.", False),
        ("What is it?", "Ann Lee", "It is a thing; Ann Lee is a person.", False),
    ],
)
def test_an_answer_that_is_said_of_another(ask, reference, reply, elsewhere):
    assert reading(reference, reply, ask).of_another is elsewhere
    right = compare(reference, reply, ask).rightness is Rightness.RIGHT
    assert not (elsewhere and right)
