"""The demo bot that forgets by and by: ``forgets: 10%``."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.values import Share
from chatbot_qa.stats.intervals import wilson
from chatbot_qa.targets.demo.bot import Bot
from chatbot_qa.targets.demo.options import DemoOptions


def knows(share: float, seed: int, turns: int) -> bool:
    """Whether it still knows a name, so many turns after the one in which it was told."""
    bot = Bot(DemoOptions(forgets=Share(share)), seed, str(seed))
    bot.reply("My name is Priya.")
    for _ in range(turns - 1):
        bot.reply("Nice weather.")
    return "Priya" in bot.reply("What is my name?").text


@pytest.mark.parametrize(("share", "turns"), [(0.1, 1), (0.1, 5), (0.1, 20), (0.5, 2), (0.01, 30)])
def test_it_loses_what_it_was_told_with_this_chance_in_each_turn(share: float, turns: int) -> None:
    kept = sum(knows(share, seed * 2_654_435_761, turns) for seed in range(1_000))
    assert (1 - share) ** turns in wilson(kept, 1_000, 0.9999)


def test_what_is_lost_stays_lost_and_the_same_seed_loses_it_again() -> None:
    lasted = {
        seed: [knows(0.2, seed, turns) for turns in range(1, 12)]
        for seed in range(1_000, 900_000, 70_000)
    }
    for seed, known in lasted.items():
        assert known == sorted(known, reverse=True)
        assert known == [knows(0.2, seed, turns) for turns in range(1, 12)]
    assert len({sum(known) for known in lasted.values()}) > 3


def test_at_the_ends_it_forgets_at_once_or_never() -> None:
    assert not any(knows(1.0, seed, 1) for seed in range(50))
    assert all(knows(0.0, seed, 40) for seed in range(5))


def test_what_is_told_again_is_known_again() -> None:
    bot = Bot(DemoOptions(forgets=Share(1.0)), 1, "a")
    bot.reply("My name is Priya.")
    assert "Priya" not in bot.reply("What is my name?").text
    assert "Priya" in bot.reply("My name is Priya. What is my name?").text
