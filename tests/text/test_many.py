"""A number with its noun."""

from __future__ import annotations

import pytest

from chatbot_qa.text.many import many


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (2000, "2,000 cases")]
)
def test_one_is_told_of_a_single_thing_alone(number: int, told: str) -> None:
    assert many(number, "case") == told


def test_many_may_have_a_word_of_their_own() -> None:
    assert [many(number, "reply", "replies") for number in (1, 2)] == ["1 reply", "2 replies"]
