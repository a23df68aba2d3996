"""Parts of one run become one run, and what they lack is told."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.merge import KILLED, merge
from chatbot_qa.pipeline.options import RunOptions

from .command import journal, rulings, verdicts, write
from .conftest import Command

OPTIONS = RunOptions(paths=())
SUITE = """suite: Calm
target: demo
conversations:
  - id: asks
    turns:
      - say: How long do I have to send ${item} back?
        expect:
          - contains: 30 days
    examples:
      - item: socks
      - item: shoes
expect:
  - tokens:
      at_most: 10000
"""


@pytest.fixture
def lines(command: Command, here: Path) -> list[bytes]:
    """The journal of a run of two trials: run, three lines each, ended."""
    write(here, "calm.yaml", SUITE)
    assert command("run", "calm.yaml", "--out", "whole", "--concurrency", "1").code == 0
    found = (here / "whole" / "journal.jsonl").read_bytes().splitlines(keepends=True)
    assert [orjson.loads(line)["event"] for line in found] == [
        "run", "trial", "exchange", "end", "trial", "exchange", "end", "ended",
    ]  # fmt: skip
    return found


def part(name: str, lines: list[bytes]) -> Path:
    folder = Path(name)
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    return folder


def test_parts_of_a_run_give_the_verdicts_of_the_whole(here: Path, lines: list[bytes]) -> None:
    run, *trials, ended = lines
    parts = [part("one", [run, *trials[3:], ended]), part("two", [run, *trials[:3], ended])]
    finished = merge(parts, Path("merged"), OPTIONS)
    assert finished.ruling is Ruling.PASSED
    assert verdicts(Path("merged")) == verdicts(Path("whole"))
    events = [line["event"] for line in journal(Path("merged"))]
    assert (events[0], events[-1]) == ("run", "ended")
    assert len(events) == len(lines)


def test_what_a_killed_part_did_not_get_to_is_left_out(here: Path, lines: list[bytes]) -> None:
    run, *trials, ended = lines
    parts = [part("one", [run, *trials[:4], trials[4][:20]]), part("two", [run, ended])]
    finished = merge(parts, Path("merged"), OPTIONS)
    assert finished.stopped == KILLED
    assert finished.ruling is Ruling.INCONCLUSIVE
    assert rulings(Path("merged")) == {"asks[1]": "passed"}


def test_what_nobody_asked_in_a_run_that_ended_is_an_error(here: Path, lines: list[bytes]) -> None:
    run, *trials, ended = lines
    merge([part("one", [run, *trials[:3], ended])], Path("merged"), OPTIONS)
    assert rulings(Path("merged"))["asks[2]"] == "error"


def test_parts_of_different_runs_are_refused(here: Path, lines: list[bytes]) -> None:
    other = orjson.loads(lines[0])
    other["run"]["seed"] += 1
    parts = [part("one", lines), part("two", [orjson.dumps(other) + b"\n", *lines[1:]])]
    with pytest.raises(UsageError, match="not parts of one run"):
        merge(parts, Path("merged"), OPTIONS)
    assert not Path("merged").exists()
