"""Every suite on the page about classification can be read, and says what the reader reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import load
from chatbot_qa.stats.intervals import at_least, at_most
from chatbot_qa.stats.power import clean_needed, wrong_needed

PAGE = Path(__file__).parents[1] / "docs" / "classification.md"
TEXT = PAGE.read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.M | re.S)


def cells(head: str) -> list[str]:
    (line,) = [one for one in TEXT.splitlines() if one.startswith(f"| {head} |")]
    return [one.strip() for one in line.strip("|").split("|")[1:]]


def test_there_are_examples() -> None:
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_can_be_read(tmp_path: Path, block: str) -> None:
    rows = [f"{label} {n},{label}" for label in ("returns", "hours", "shipping") for n in range(20)]
    (tmp_path / "intents.csv").write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    path = tmp_path / "suite.yaml"
    path.write_text(block, encoding="utf-8")
    found = load((path,), Registry()).diagnostics
    assert [str(one) for one in found] == []


def test_so_many_rows_decide_a_share_as_the_page_says() -> None:
    shares = [int(one.strip("%")) / 100 for one in cells("`at_least:`")]
    told = [int(one) for one in cells("rows that decide it")]
    decide = [max(clean_needed(one) or 0, wrong_needed(one) or 0) for one in shares]
    assert told == decide
    assert not any(at_most(0, 4) < share / 100 <= at_least(4, 4) for share in range(1, 100))
