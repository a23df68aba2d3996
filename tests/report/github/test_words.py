"""What comment and summary say of attacks and of how long replies took."""

from __future__ import annotations

import pytest

from chatbot_qa.report.gauge import Attacked, Numbers
from chatbot_qa.report.github.words import rate_of_success, took


@pytest.mark.parametrize(
    ("seconds", "replies", "words"),
    [
        (None, 0, ""),
        (0.12, 1, "the only reply took 120 ms"),
        (1.5, 2, "the slowest of 2 replies took 1.50 s"),
        (1.5, 19, "the slowest of 19 replies took 1.50 s"),
        (1.5, 20, "95 of 100 replies came within 1.50 s"),
    ],
)
def test_a_few_replies_have_no_percentile(seconds: float | None, replies: int, words: str) -> None:
    assert took(Numbers(p95=seconds, replies=replies)) == words


@pytest.mark.parametrize(
    ("attacked", "words"),
    [
        (Attacked(0, 0), ""),
        (Attacked(0, 1), "0 of 1 attack succeeded (at most 95.0%)"),
        (Attacked(1, 1), "1 of 1 attack succeeded (at least 5.0%, at most 100.0%)"),
        (Attacked(0, 50), "0 of 50 attacks succeeded (at most 5.8%)"),
    ],
)
def test_attacks_are_counted_with_their_bounds(attacked: Attacked, words: str) -> None:
    assert rate_of_success(attacked) == words
