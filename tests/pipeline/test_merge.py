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


# Shards


def sharded(command: Command, number: int, of: int, *words: str) -> None:
    out = f"shard-{number}"
    options = ("--shard", f"{number}/{of}", "--seed", "5", "--out", out)
    assert command("run", "calm.yaml", *options, *words).code == 0


@pytest.fixture
def many(here: Path) -> None:
    rows = "".join(f"      - item: thing {n}\n" for n in range(12))
    head, _, tail = SUITE.partition("      - item: socks\n      - item: shoes\n")
    write(here, "calm.yaml", head + rows + tail)


@pytest.mark.usefixtures("many")
def test_shards_share_the_cases_and_merge_into_the_whole(here: Path, command: Command) -> None:
    for number in (1, 2, 3):
        sharded(command, number, 3)
    parts = [rulings(here / f"shard-{number}") for number in (1, 2, 3)]
    assert all(parts)
    assert sum(map(len, parts)) == len({name for part in parts for name in part}) == 12
    merged = command("merge", "shard-3", "shard-1", "shard-2", "--out", "merged", "--quiet")
    assert merged.code == 0
    assert command("run", "calm.yaml", "--seed", "5", "--out", "whole").code == 0
    assert verdicts(here / "merged") == verdicts(here / "whole")
    assert rulings(here / "merged")["suite"] == "passed"
    assert command("judge", "merged").code == 0


@pytest.mark.usefixtures("many")
def test_a_missing_shard_is_never_green(here: Path, command: Command) -> None:
    for number in (1, 3):
        sharded(command, number, 3)
    for words in ((), ("--fail-on", "failed")):
        out = f"merged{len(words)}"
        ended = command("merge", "shard-1", "shard-3", "--out", out, *words)
        assert ended.code == 3
        assert "shard 2 of 3 is missing" in ended.out
        assert len(rulings(here / out)) < 12


@pytest.mark.usefixtures("many")
def test_shards_that_do_not_belong_together_are_refused(here: Path, command: Command) -> None:
    sharded(command, 1, 3)
    sharded(command, 2, 2)
    command("run", "calm.yaml", "--seed", "5", "--out", "whole")
    assert "not shards of one run" in command("merge", "shard-1", "shard-2", "--out", "x").err
    assert "not shards of one run" in command("merge", "shard-1", "whole", "--out", "x").err
    assert "is there twice" in command("merge", "shard-1", "shard-1", "--out", "x").err
    assert not (here / "x").exists()


def test_a_shard_without_cases_is_no_mistake(here: Path, command: Command) -> None:
    write(here, "calm.yaml", SUITE)
    for number in range(1, 9):
        sharded(command, number, 8, "--quiet")
    parts = [f"shard-{number}" for number in range(1, 9)]
    assert not all(rulings(here / part) for part in parts)
    assert command("merge", *parts, "--out", "merged").code == 0
    assert len(rulings(here / "merged")) == 3


@pytest.mark.parametrize("text", ["0/3", "4/3", "2", "a/b", "1/0", "-1/3", "1/3/5"])
def test_what_is_no_shard_is_told(here: Path, command: Command, text: str) -> None:
    write(here, "calm.yaml", SUITE)
    ended = command("run", "calm.yaml", "--seed", "5", "--shard", text)
    assert ended.code == 2
    assert "--shard 2/4" in ended.err


def test_a_shard_needs_a_seed(here: Path, command: Command) -> None:
    write(here, "calm.yaml", SUITE)
    assert "--shard needs --seed" in command("run", "calm.yaml", "--shard", "1/2").err


@pytest.mark.usefixtures("many")
def test_a_shard_is_resumed_as_that_shard(here: Path, command: Command) -> None:
    sharded(command, 1, 2, "--quiet")
    before = rulings(here / "shard-1")
    assert command("run", "--resume", "shard-1").code == 0
    assert rulings(here / "shard-1") == before


@pytest.mark.usefixtures("many")
def test_a_merged_run_is_held_against_a_baseline(here: Path, command: Command) -> None:
    command("run", "calm.yaml", "--seed", "5", "--out", "before")
    for number in (1, 2):
        sharded(command, number, 2, "--quiet")
    parts = ("merge", "shard-1", "shard-2")
    ended = command(*parts, "--out", "same", "--baseline", "before")
    assert ended.code == 0
    assert "13 unchanged" in ended.out
    text = (here / "calm.yaml").read_text("utf-8").replace("30 days", "31 days")
    write(here, "calm.yaml", text)
    ended = command(*parts, "--out", "worse", "--baseline", "before", "--fail-on", "failed")
    assert ended.code == 1
    assert "12 regressed" in ended.out
