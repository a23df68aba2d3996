"""A case of which nothing could be measured: inconclusive in the exit code and in JUnit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pipeline.command import Ended, rulings, write

Command = Callable[..., Ended]
SUITE = """\
suite: Prices
target: demo
conversations:
  - id: cheap
    turns:
      - say: When are you open?
        expect: [{turn}]
    expect: [{whole}]
"""


@pytest.mark.parametrize(("turn", "whole"), [("cost: 1 USD", ""), ("", "cost: 1 USD")])
def test_a_cost_that_is_not_known_lets_nothing_pass(
    here: Path, command: Command, turn: str, whole: str
) -> None:
    write(here, "s.yaml", SUITE.format(turn=turn, whole=whole))
    ended = command("run", "s.yaml", "--out", "r")
    assert ended.code == 3
    assert "the cost of a reply is not known" in ended.all
    (case,) = ElementTree.parse(here / "r" / "junit.xml").iter("testcase")
    (error,) = case.findall("error")
    assert error.get("type") == "inconclusive"
    assert "the cost of a reply is not known" in (error.get("message") or "")


def test_beside_a_check_that_held_it_changes_nothing(here: Path, command: Command) -> None:
    write(here, "s.yaml", SUITE.format(turn="replies", whole="cost: 1 USD"))
    assert command("run", "s.yaml", "--out", "r").code == 0


def test_times_on_a_cassette_are_skipped(here: Path, command: Command) -> None:
    write(here, "s.yaml", SUITE.format(turn="latency: 9s", whole=""))
    assert command("run", "s.yaml", "--record", "c.jsonl", "--out", "r").code == 0
    assert command("run", "s.yaml", "--replay", "c.jsonl", "--out", "again").code == 0
    assert rulings(here / "again") == {"cheap": "skipped"}
