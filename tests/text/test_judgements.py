"""Floors under the figures that ``bench/refusal.py`` prints."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


def bench(name: str):
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not module.DATA.exists():
        pytest.skip(f"{module.DATA} is not there")
    lines = module.DATA.read_text(encoding="utf-8").splitlines()
    return module, [json.loads(line) for line in lines]


def test_refusals_agree_with_people():
    module, rows = bench("refusal")
    figures = module.figures(rows)
    assert figures["f1"] > 0.90
    assert figures["precision"] > 0.95
