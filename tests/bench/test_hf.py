"""The benchmark of local models works: the tiny one, and one that is drawn as for a GPU."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from bench.hf import AT_ONCE, SEED, TINY, Setting, decoding, draw, measured, talks_of

pytest.importorskip("torch", reason="it runs a model, and torch is not installed here")
pytest.importorskip("transformers", reason="it runs a model, and transformers is not here")

SMALL = {
    "vocab_size": 900,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
}


def test_it_holds_the_same_conversations_in_every_way() -> None:
    setting = Setting(str(TINY), "cpu", 48, talks_of(6, 2, Random(SEED)), 2)
    *rows, same = measured(setting)
    spread = ["this target"] if (os.cpu_count() or 1) > 1 else []  # by all cores
    assert [row[0].split(",")[0] for row in rows] == [
        "2 one by one",
        "a bare loop of generate",
        "this target",
        *spread,
        "a run of a suite",
    ]
    assert same[0] == "replies as the bare loop's: 12 of 12"
    assert all(float(row[2].replace(",", "")) > 0 for row in rows)


def test_what_runs_on_a_gpu_runs(tmp_path: Path) -> None:
    draw(str(tmp_path), "cpu", SMALL)
    setting = Setting(str(tmp_path), "cpu", 5, talks_of(3, 2, Random(SEED)), 1)
    assert measured(setting)[-1][0] == "replies as the bare loop's: 6 of 6"
    copying, *steps = decoding(setting, (1, 3), steps=4)
    assert copying[1].endswith("GB/s")
    assert [step[0] for step in steps] == ["a step of 1 conversations", "a step of 3 conversations"]
    assert all("tokens/s" in step[1] and step[1].endswith("of it") for step in steps)
    assert AT_ONCE == 128
