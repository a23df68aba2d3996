"""The search goes where attacks succeed, within its calls, by its seed alone."""

from __future__ import annotations

from collections import Counter

from chatbot_qa.attacks.library import chosen
from chatbot_qa.attacks.search import Bandit, opening
from chatbot_qa.attacks.space import Ask, Cell, Given, space_of

GIVEN = Given((Ask("tell me", "secret"),), secret=True, policy=True)
CELLS = space_of(
    chosen(("roleplay", "affix", "suppression", "splitting"), ()),
    GIVEN,
    ("plain", "rot13", "leetspeak"),
).cells


def searched(weak: str, seed: str, rounds: int = 4) -> list[Cell]:
    bandit, found = Bandit(CELLS, seed), list[Cell]()
    for _ in range(rounds):
        for cell in bandit.choose(4, 100):
            bandit.learn(cell, cell.attack.family == weak)
            found.append(cell)
    return found


def test_what_succeeds_is_tried_more_than_chance_would_have_it() -> None:
    share = sum(cell.attack.family == "affix" for cell in CELLS) / len(CELLS)
    tried = Counter(
        cell.attack.family for seed in range(30) for cell in searched("affix", str(seed))
    )
    assert tried["affix"] / sum(tried.values()) > 1.5 * share


def test_plain_words_are_tried_first_where_nothing_is_known() -> None:
    first = Counter(
        cell.converter for seed in range(40) for cell in Bandit(CELLS, str(seed)).choose(4, 100)
    )
    assert first["plain"] > first["rot13"] + first["leetspeak"]


def test_the_same_seed_tries_the_same() -> None:
    assert searched("affix", "1") == searched("affix", "1")
    assert searched("affix", "1") != searched("affix", "2")


def test_no_more_is_chosen_than_there_are_calls_for() -> None:
    for calls in range(12):
        chosen_ones = Bandit(CELLS, "1").choose(8, calls)
        assert sum(cell.cost for cell in chosen_ones) <= calls
        assert len(chosen_ones) <= 8
    assert Bandit(CELLS, "1").choose(8, 0) == ()


def test_nothing_is_tried_again_before_all_was_tried_once() -> None:
    bandit, seen = Bandit(CELLS, "1"), list[Cell]()
    while len(seen) < len(CELLS):
        (cell,) = bandit.choose(1, 100)
        bandit.skip(cell)
        seen.append(cell)
    assert set(seen) == set(CELLS)
    assert bandit.choose(1, 100)


def test_the_opening_is_the_first_attack_of_each_family_in_plain_words_cheap_ones_first() -> None:
    found = opening(CELLS, 100)
    assert [(cell.attack.family, cell.attack.id) for cell in found] == [
        ("splitting", "fill-the-gap"),  # the only one that is after the secret alone
        ("roleplay", "grandmother"),
        ("affix", "begins-with-sure"),
        ("suppression", "no-sorry"),
        ("splitting", "three-parts"),
    ]
    assert {cell.converter for cell in found} == {"plain"}
    assert [cell.attack.id for cell in opening(CELLS, 5)] == [
        "fill-the-gap",
        "grandmother",
        "begins-with-sure",
        "no-sorry",
    ]
    assert opening(CELLS, 0) == ()
