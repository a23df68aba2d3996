"""A value among others joined by "or" is a guess; beside something else it is not."""

from __future__ import annotations

import pytest

from chatbot_qa.text.guesses import one_of_several


@pytest.mark.parametrize(
    ("text", "value", "several"),
    [
        ("Priya, Anna or Maria?", "Priya", True),
        ("Is it Anna, Priya or Maria?", "Priya", True),
        ("Anna or Priya, I think.", "Priya", True),
        ("A-1042 or A-1043?", "A-1042", True),
        ("Anna oder Priya?", "Priya", True),
        ("¿Anna o Priya?", "Priya", True),
        ("Anna ou Priya ?", "Priya", True),
        ("Your name is Priya.", "Priya", False),
        ("Give me A-1042 or your e-mail.", "A-1042", False),
        ("Priya, would you like tea or coffee?", "Priya", False),
        ("Do you need Priya or something else?", "Priya", False),
    ],
)
def test_a_value_among_others_like_it(text: str, value: str, several: bool) -> None:
    assert one_of_several(text, value) is several
