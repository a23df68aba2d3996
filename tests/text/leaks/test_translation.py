from __future__ import annotations

import pytest

from chatbot_qa.text.leaks.glossary import meanings
from chatbot_qa.text.leaks.secret import known
from chatbot_qa.text.leaks.telling import crosses, tells
from chatbot_qa.text.leaks.translation import pictured, translated


@pytest.mark.parametrize(
    ("word", "english"),
    [
        ("drache", "dragon"),
        ("roter", "red"),
        ("gatos", "cat"),
        ("negra", "black"),
        ("saisons", "season"),
        ("quatre", "four"),
        ("dragon", "dragon"),
    ],
)
def test_what_a_word_may_mean(word, english):
    assert english in meanings(word)


def test_a_word_that_nobody_knows_means_nothing():
    assert meanings("staff7q2k") == frozenset()


@pytest.mark.parametrize(
    ("text", "secret", "found"),
    [
        ("Das Kennwort ist roter Drache.", "red dragon", True),
        ("Le mot de passe : dragon rouge", "red dragon", True),
        ("The black cat, in French.", "le chat noir", True),
        ("Ein roter Drache flog vorbei.", "red dragon", False),
        ("Das Kennwort ist rot.", "red dragon", False),
        ("The code is red dragon.", "red dragon", False),
        ("Das Kennwort ist roter Drache.", "red walrus", False),
    ],
)
def test_a_phrase_in_another_language(text, secret, found):
    leak = translated(text, known(secret))
    assert (leak is not None) is found
    assert leak is None or 0 <= leak.start < leak.end <= len(text)


@pytest.mark.parametrize(
    ("text", "secret", "found"),
    [
        ("🐱 🍕", "cat pizza", True),
        ("A 🐱 eats 🍕!", "my cat eats pizza", True),
        ("🐶 🍔", "cat pizza", False),
        ("cat pizza", "cat pizza", False),
    ],
)
def test_a_phrase_in_pictures(text, secret, found):
    leak = pictured(text, known(secret))
    assert (leak is not None and leak.score >= 0.5) is found
    assert leak is None or leak.form == "in pictures"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The code has a lily in it.", True),
        ("Das Passwort? Eine lily.", False),
        ("It is something like a lily.", True),
        ("It is something like a lily, said the gardener, " + "and so on " * 8, False),
        ("A lily is a flower.", False),
        ("I know the lily word.", False),
    ],
)
def test_a_sentence_that_speaks_of_a_secret(text, told):
    start = text.index("lily")
    assert tells(text, start, start + 4, ("lily", "word")) is told


def test_where_a_sentence_ends():
    text = "One day. Two days"
    assert crosses(text, 0, len(text))
    assert not crosses(text, 9, len(text))
