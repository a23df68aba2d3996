"""Choosing tokens: as often as their shares say, and each row by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.targets.huggingface.sampling import Sampling, choose

LOGITS = [2.0, 1.0, 0.5, -1.0, 0.0]


class Row:
    def __init__(self, sampling: Sampling, seed: int = 1, tokens: Sequence[int] = (0,)) -> None:
        self.sampling = sampling
        self.chance = Random(seed)
        self.tokens = list(tokens)


def drawn(sampling: Sampling, count: int = 4_000, **row: Any) -> Counter[int]:
    one = Row(sampling, **row)
    found = (choose(torch.tensor([LOGITS]), [one])[0] for _ in range(count))
    return Counter(token for token in found if token is not None)


def shares(temperature: float) -> list[float]:
    found: list[float] = (torch.tensor(LOGITS) / temperature).softmax(-1).tolist()
    return found


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_words_come_as_often_as_their_shares_say(temperature: float) -> None:
    found = drawn(Sampling(temperature))
    for token, share in enumerate(shares(temperature)):
        # five standard deviations: one seed in a million would fail
        assert abs(found[token] - 4_000 * share) <= 5 * (4_000 * share * (1 - share)) ** 0.5


def test_temperature_0_takes_the_likeliest() -> None:
    assert drawn(Sampling(0.0), 20) == {0: 20}


def test_top_k_leaves_so_many() -> None:
    found = drawn(Sampling(5.0, top_k=2))
    assert found.keys() == {0, 1}
    one, other, *_ = shares(5.0)
    assert abs(found[0] - 4_000 * one / (one + other)) < 160


@pytest.mark.parametrize(("top_p", "left"), [(0.01, {0}), (0.6, {0, 1}), (0.95, {0, 1, 2, 4})])
def test_top_p_leaves_those_up_to_the_share(top_p: float, left: set[int]) -> None:
    # the shares are .56, .21, .13, .08 and .03
    assert drawn(Sampling(1.0, top_p=top_p)).keys() == left


def test_a_penalty_makes_what_stood_before_less_likely() -> None:
    greedy = Sampling(0.0, repetition_penalty=3.0)
    assert choose(torch.tensor([LOGITS]), [Row(greedy, tokens=[0])]) == [1]
    assert choose(torch.tensor([LOGITS]), [Row(greedy, tokens=[3])]) == [0]
    assert choose(torch.tensor([[-1.0, -1.5]]), [Row(greedy, tokens=[0])]) == [1]


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.7, 2.0]), st.integers(0, 99)), min_size=1))
def test_a_row_does_not_depend_on_its_neighbours(rows: list[tuple[float, int]]) -> None:
    made = [Row(Sampling(warm, 0.9, 4), seed) for warm, seed in rows]
    logits = torch.stack([torch.tensor(LOGITS).roll(seed) for _, seed in rows])
    together = choose(logits, made)
    apart = [
        choose(torch.tensor([LOGITS]).roll(seed, 1), [Row(Sampling(warm, 0.9, 4), seed)])[0]
        for warm, seed in rows
    ]
    assert together == apart


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_what_is_no_number_chooses_nothing_and_leaves_the_others_alone(
    bad: float, temperature: float
) -> None:
    logits = torch.tensor([LOGITS, [0.0, bad, 1.0, 2.0, 0.0], LOGITS, [float("-inf")] * 5])
    rows = [Row(Sampling(temperature), seed) for seed in range(4)]
    alone = [Row(Sampling(temperature), seed) for seed in (0, 2)]
    found = choose(logits, rows)
    assert found[1] is None
    assert found[3] is None
    assert [found[0], found[2]] == choose(torch.tensor([LOGITS, LOGITS]), alone)


def test_words_that_a_model_forbids_are_no_error() -> None:
    logits = torch.tensor([[float("-inf"), 1.0, 2.0, float("-inf"), 0.0]])
    assert choose(logits, [Row(Sampling())]) == [2]
    assert choose(logits, [Row(Sampling(0.5))])[0] in (1, 2, 4)
