"""A key that stands in the wrong place is answered with where it belongs."""

from __future__ import annotations

import pytest

from chatbot_qa.spec.elsewhere import elsewhere
from chatbot_qa.spec.positions import MapNode, Node, TextNode
from chatbot_qa.spec.words import near

TEXT = TextNode("x", 1, 1)
KEYS: Node = MapNode({}, 1, 1)
SUITE, CASE, TURN = ("suite", "conversations"), ("id", "turns", "title"), ("say", "expect")


@pytest.mark.parametrize(
    ("name", "value", "beside", "check", "words"),
    [
        ("contains", TEXT, TURN, True, "write it below `expect:`, behind a dash"),
        ("contains", TEXT, CASE, True, "write it below the `expect:` of a turn"),
        ("contains", TEXT, SUITE, True, "with `expect:` and `- contains: …` below"),
        ("because", TEXT, TURN, False, "goes with a check"),
        ("title", TEXT, TURN, False, "beside that case's `turns:`"),
        ("say", TEXT, CASE, False, "write it below `turns:`, behind a dash: `- say: …`"),
        ("user", TEXT, CASE, False, "`- say: …`"),
        ("User", TEXT, SUITE, False, "below its `turns:` write `- say: …`"),
        ("Test Größe 1!", KEYS, SUITE, False, "begun by a dash: `- id: test-größe-1`"),
        ("???", KEYS, SUITE, False, "begun by a dash: `- id: case`"),
    ],
)
def test_where_it_belongs(
    name: str, value: Node, beside: tuple[str, ...], check: bool, words: str
) -> None:
    assert words in elsewhere(name, value, beside, check=check)


@pytest.mark.parametrize("beside", [SUITE, CASE, TURN, ("kind", "url")])
def test_a_word_that_means_nothing_belongs_nowhere(beside: tuple[str, ...]) -> None:
    assert elsewhere("xylophone", TEXT, beside, check=False) == ""


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("enthält", "contains"),
        ("Enthält", "contains"),
        ("ne_contient_pas", "not_contains"),
        ("enthält nicht", "not_contains"),
        ("erwartet", "expect"),
        ("étapes", "turns"),
        ("ziel", "target"),
        ("titre", "title"),
    ],
)
def test_words_of_other_languages_are_known_by_their_meaning(word: str, meant: str) -> None:
    valid = ("contains", "not_contains", "expect", "turns", "target", "title", "say")
    assert near(word, valid) == meant
