"""A seed is drawn where none is given, and kept with the time at which the run began."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from .command import Ended, journal, write

Command = Callable[..., Ended]

SUITE = """\
suite: Desk
target: demo
conversations:
  - id: greets
    turns:
      - say: Hello, I am ${unique}, and it is ${today}.
        expect:
          - answers
"""


def test_without_a_seed_a_new_one_is_drawn_and_recorded_with_the_start(
    here: Path, command: Command
) -> None:
    write(here, "s.yaml", SUITE)
    texts, seeds = set(), set()
    for name in ("one", "two"):
        assert command("run", "s.yaml", "--out", name).code == 0
        lines = journal(here / name)
        seeds.add(lines[0]["run"]["seed"])
        started = datetime.fromtimestamp(lines[0]["run"]["started"], UTC)
        assert abs((datetime.now(UTC) - started).total_seconds()) < 100
        texts |= {one["say"]["text"] for one in lines if one["event"] == "exchange"}
    assert len(seeds) == len(texts) == 2


def test_judging_takes_the_recorded_ones(here: Path, command: Command) -> None:
    write(here, "s.yaml", SUITE)
    command("run", "s.yaml", "--out", "one")
    assert command("judge", "one").code == 0
