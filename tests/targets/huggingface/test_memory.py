"""What the machine has to give."""

from __future__ import annotations

import os

import pytest
import torch

from chatbot_qa.targets.huggingface import memory


class TestThreads:
    def test_those_that_are_given(self) -> None:
        assert memory.threads(3, 10**9) == 3

    def test_one_for_a_small_model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(memory, "_cores", lambda: 16.0)
        monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
        assert memory.threads(None, 500_000) == 1

    @pytest.mark.parametrize(("load", "threads"), [(0.0, 8), (2.5, 5), (7.9, 1), (30.0, 1)])
    def test_as_many_as_are_idle(
        self, monkeypatch: pytest.MonkeyPatch, load: float, threads: int
    ) -> None:
        monkeypatch.setattr(memory, "_cores", lambda: 8.0)
        monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
        assert memory.threads(None, 10**9) == threads


def test_what_is_free_here_is_less_than_all() -> None:
    assert 0 < memory.free(torch.device("cpu")) < 1 << 50
    assert memory.for_conversations(torch.device("cpu")) < memory.free_here() * 1.1
