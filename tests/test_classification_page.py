"""Every suite on the page about classification can be read, and says what the reader reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import load

PAGE = Path(__file__).parents[1] / "docs" / "classification.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
TOO_FEW = "too-few-rows"
"""What lint says of examples as short as those on a page."""


def test_there_are_examples() -> None:
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_can_be_read(tmp_path: Path, block: str) -> None:
    rows = [f"{label} {n},{label}" for label in ("returns", "hours", "shipping") for n in range(20)]
    (tmp_path / "intents.csv").write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    path = tmp_path / "suite.yaml"
    path.write_text(block, encoding="utf-8")
    found = load((path,), Registry()).diagnostics
    assert [str(one) for one in found if one.code != TOO_FEW] == []
