"""Codes of languages, and what people write in their place."""

from __future__ import annotations

import pytest

from chatbot_qa.text import languages
from chatbot_qa.text.languages import known, meant, tongue


def test_the_codes_are_those_of_the_model() -> None:
    labels = set(languages._model().labels)
    short = {languages._SAME.get(label, label) for label in labels if len(label) == 2}
    assert {code for code in short if known(code) == code} == short
    assert all(known(code) in short for code in languages._NAMES)


def test_no_name_stands_for_two_languages() -> None:
    names = [name for names in languages._NAMES.values() for name in names.split()]
    assert len(names) == len(set(names))
    assert not languages._NAMES.keys() & set(names)


@pytest.mark.parametrize(
    ("typed", "code"), [("en", "en"), ("EN", "en"), ("de-AT", "de"), ("pt_BR", "pt"), ("nb", "no")]
)
def test_codes_that_are_known(typed: str, code: str) -> None:
    assert known(typed) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("english", "en"),
        ("German", "de"),
        ("deutsch", "de"),
        ("Frensh", "fr"),
        ("xx", ""),
        ("", ""),
    ],
)
def test_names_in_place_of_codes(typed: str, code: str) -> None:
    assert not known(typed)
    assert meant(typed) == code


@pytest.mark.parametrize("letter", ["y", "ü", "{", "(", "‹", "@", "wort_ "])
def test_a_reply_of_any_length_is_told_in_no_time(letter: str) -> None:
    tongue(letter * 300_000)  # hangs for hours where the time goes with the square
