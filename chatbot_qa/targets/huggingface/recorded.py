"""Decoding steps that are recorded once and then played, as CUDA graphs.

A step of a small model is hundreds of short kernels, and to start each of them from Python takes
longer than to run it. A recorded step is started as one. It has a fixed number of conversations
and reads a fixed number of tokens of each: the next larger of a few sizes, where those that are
none write to the place that nobody reads, and what is beyond an end is masked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch

from chatbot_qa.targets.huggingface.slots import Slots
from chatbot_qa.targets.models.loading import is_full

Run = Callable[[], Any]
"""One step: reads what stands in its inputs, returns logits."""

Compute = Callable[[Any, Any, int], Any]
"""Logits of tokens and the places that they go to, with so many places read."""

_LENGTHS = 256
"""Recorded steps read a multiple of so many tokens."""

_OFTEN = 2
"""A step of a size that was wanted so often before is worth recording."""


class Recorded:
    """The recorded steps of one model. ``record`` makes something that plays a step again."""

    def __init__(self, compute: Compute, record: Callable[[Run], Run], device: Any) -> None:
        self._compute = compute
        self._record = record
        self._device = device
        self._slots: tuple[Slots, int] | None = None
        self._wanted: Counter[tuple[int, int]] = Counter()
        self._kept: dict[tuple[int, int], tuple[Any, Run]] = {}
        self._able = True

    def step(self, slots: Slots, tokens: Sequence[int], starts: Sequence[int]) -> Any | None:
        """The logits after one token of each of the first slots; None where none is recorded.

        What was recorded writes to a buffer that is gone once the slots were resized.
        """
        if not self._able:
            return None
        if self._slots is None or self._slots[0] is not slots or self._slots[1] != slots.version:
            self._kept.clear()
            self._wanted.clear()
            self._slots = slots, slots.version
        length = min(-(-(max(starts) + 1) // _LENGTHS) * _LENGTHS, slots.places)
        size = min(wider(len(tokens)), slots.size), length
        if size not in self._kept:
            self._wanted[size] += 1
            if self._wanted[size] <= _OFTEN or not self._recorded(size):
                return None
        inputs, play = self._kept[size]
        padding = [0] * (size[0] - len(tokens)), [-1] * (size[0] - len(tokens))
        inputs.copy_(torch.tensor([[*tokens, *padding[0]], [*starts, *padding[1]]]).unsqueeze(-1))
        return play()[: len(tokens)]

    def _recorded(self, size: tuple[int, int]) -> bool:
        """Record a step of this size; where that cannot be, no other is tried."""
        # of shape [tokens or places, slots, 1]: nothing but padding while it is recorded
        inputs = torch.stack(
            [torch.zeros(size[0], 1, dtype=torch.long), torch.full((size[0], 1), -1)]
        ).to(self._device)
        try:
            play = self._record(lambda: self._compute(inputs[0], inputs[1], size[1]))
        except Exception as error:  # a model that asks the processor in the middle of a step
            self._able = False
            if is_full(error):
                raise
            return False
        self._kept[size] = inputs, play
        return True


def wider(count: int) -> int:
    """The next larger number of conversations: powers of two, and what lies half-way.

    >>> [wider(count) for count in (1, 3, 5, 7, 40, 65, 128)]
    [1, 3, 6, 8, 48, 96, 128]
    """
    power = 1
    while power < count:
        power *= 2
    return power * 3 // 4 if power >= 4 and count <= power * 3 // 4 else power


def cuda() -> Callable[[Run], Run]:
    """Records CUDA graphs, which all take their memory from one pool."""
    pool = torch.cuda.graph_pool_handle()

    def record(run: Run) -> Run:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):  # libraries set themselves up on their first call
            for _ in range(2):
                run()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=pool, capture_error_mode="thread_local"):
            logits = run()

        def play() -> Any:
            graph.replay()
            return logits

        return play

    return record
