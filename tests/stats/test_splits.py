"""Folds and rows held out: every row once, each label its share, groups whole."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.splits import folds, held_out

LABELS = st.lists(st.sampled_from("abc"), min_size=6, max_size=60)


@given(LABELS, st.integers(2, 6), st.integers(0, 99), st.booleans())
def test_folds_are_as_equal_as_can_be(
    labels: list[str], number: int, seed: int, stratified: bool
) -> None:
    found = folds(labels, number, seed, stratified=stratified)
    assert found == folds(labels, number, seed, stratified=stratified)
    sizes = Counter(found)
    assert set(sizes) == set(range(number))
    for label in set(labels) if stratified else ():
        mine = [
            sizes[0] * 0 + sum(f == k and x == label for f, x in zip(found, labels, strict=True))
            for k in range(number)
        ]
        assert max(mine) - min(mine) <= 1
    if not stratified:
        assert max(sizes.values()) - min(sizes.values()) <= 1


@given(LABELS, st.lists(st.integers(0, 5), min_size=60, max_size=60), st.integers(0, 99))
def test_groups_stay_together(labels: list[str], groups: list[int], seed: int) -> None:
    groups = groups[: len(labels)]
    if len(set(groups)) < 2:
        groups[0] = 9
    found = folds(labels, 2, seed, groups=groups)
    out = held_out(labels, 0.3, seed, groups=groups)
    for group in set(groups):
        members = [n for n, its in enumerate(groups) if its == group]
        assert len({found[n] for n in members}) == 1
        assert len({out[n] for n in members}) == 1
    assert set(found) == {0, 1}
    assert set(out) == {True, False}


@given(st.integers(10, 40), st.integers(10, 40), st.floats(0.1, 0.5), st.integers(0, 99))
def test_about_the_share_of_each_label_is_held_out(
    first: int, second: int, share: float, seed: int
) -> None:
    labels = ["a"] * first + ["b"] * second
    out = held_out(labels, share, seed)
    for label, number in (("a", first), ("b", second)):
        taken = sum(one for one, its in zip(out, labels, strict=True) if its == label)
        assert abs(taken - share * number) <= 0.5 + 1e-9
    assert out == held_out(labels, share, seed)


def test_another_seed_deals_otherwise() -> None:
    labels = ["a", "b"] * 20
    assert folds(labels, 4, 1) != folds(labels, 4, 2)
    assert held_out(labels, 0.5, 1) != held_out(labels, 0.5, 2)


def test_what_cannot_be_dealt_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be dealt to 4 folds"):
        folds("abc", 4, 1)
    with pytest.raises(ValueError, match="cannot be dealt"):
        folds("abcd", 3, 1, groups="xxyy")
    with pytest.raises(ValueError, match="cannot be held out"):
        held_out("ab", 1.0, 1)
