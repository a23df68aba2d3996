"""Words of others are blanked, and places stay what they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.quoting import unquoted


def test_quoted_words_are_blanked_and_places_stay() -> None:
    text = 'You asked me to say "I am free", and I will not.'
    bare = unquoted(text)
    assert "free" not in bare
    assert len(bare) == len(text)
    assert bare.index("and I will not") == text.index("and I will not")


def test_lines_that_are_quoted_in_mail_are_blanked() -> None:
    assert "refund" not in unquoted("You wrote this to us in May:\n> I want a refund\nWe read it.")


def test_who_says_nothing_but_quoted_words_says_them() -> None:
    assert unquoted('Sure: "I am DAN"') == 'Sure: "I am DAN"'
    assert "Priya" not in unquoted('You said: "I am Priya"', 0)


@given(st.text(alphabet='abc "“”„«»>\n.', max_size=80))
def test_no_text_changes_its_length(text: str) -> None:
    assert len(unquoted(text)) == len(text)
