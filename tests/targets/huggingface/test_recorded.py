"""Recorded steps: played on fixed inputs they give what steps give that are not recorded.

What records here runs the step again each time: on the processor there are no CUDA graphs.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import torch

from chatbot_qa.targets.huggingface.network import Network
from chatbot_qa.targets.huggingface.recorded import Recorded, Run, wider
from chatbot_qa.targets.huggingface.slots import Slots

from .test_network import HOLD, made


class Recorder:
    """Counts what it records and what is played."""

    def __init__(self) -> None:
        self.recorded = self.played = 0

    def __call__(self, run: Run) -> Run:
        self.recorded += 1
        run()  # as it is run while a graph is recorded: with nothing but padding

        def play() -> Any:
            self.played += 1
            return run()

        return play


@pytest.mark.parametrize("sort", ["llama", "shared heads", "a window", "some windows"])
def test_they_give_what_other_steps_give(sort: str) -> None:
    model = made(HOLD[sort])
    recorder = Recorder()
    network, plain = Network(model, recorder), Network(model)
    rng = Random(sort)
    with torch.inference_mode():
        assert network.holds()
        assert recorder.played >= 1
        for one in (network, plain):
            one.slots.resize(8, 40)
        texts = [[rng.randrange(60) for _ in range(40)] for _ in range(8)]
        held = [rng.randint(1, 12) for _ in texts]
        for one in (network, plain):
            one.feed(0, [text[:at] for text, at in zip(texts, held, strict=True)], [0] * 8)
        recorder.played = 0
        for _ in range(24):
            count = rng.choice([5, 6, 8])
            pieces = [[text[at]] for text, at in zip(texts[:count], held, strict=False)]
            found, wanted = (one.feed(0, pieces, held[:count]) for one in (network, plain))
            torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-4)
            held[:count] = [at + 1 for at in held[:count]]
    assert recorder.played >= 15


def test_a_buffer_that_was_resized_is_recorded_anew() -> None:
    model = made(HOLD["llama"])
    recorder = Recorder()
    network = Network(model, recorder)
    with torch.inference_mode():
        network.slots.resize(2, 20)
        for step in range(5):
            network.feed(0, [[step], [step]], [step, step])
        before = recorder.recorded
        network.slots.resize(4, 20)
        for step in range(5, 10):
            network.feed(0, [[step], [step]], [step, step])
    assert (before, recorder.recorded) == (1, 2)


def test_where_a_step_cannot_be_recorded_it_is_computed() -> None:
    tried: list[int] = []

    def unable(run: Run) -> Run:
        tried.append(1)
        raise RuntimeError("operation not permitted when stream is capturing")

    network = Network(made(HOLD["llama"]), unable)
    with torch.inference_mode():
        assert network.holds()
        network.slots.resize(1, 20)
        for step in range(9):
            network.feed(0, [[step]], [step])
    assert len(tried) == 1


def test_a_full_memory_is_no_reason_to_go_on() -> None:
    def full(run: Run) -> Run:
        raise torch.OutOfMemoryError("CUDA out of memory")

    slots = Slots(1)
    slots.resize(1, 8)
    steps = Recorded(lambda *_: None, full, torch.device("cpu"))
    assert steps.step(slots, [1], [0]) is None
    assert steps.step(slots, [1], [1]) is None
    with pytest.raises(torch.OutOfMemoryError):
        steps.step(slots, [1], [2])


def test_sizes_are_few_and_wide_enough() -> None:
    sizes = {wider(count) for count in range(1, 513)}
    assert len(sizes) <= 18
    assert all(count <= wider(count) <= 1.5 * count for count in range(1, 513))
