"""Two processes and one run folder: the second is refused, and a dead one holds nothing."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from .command import journal, rulings, start, wait, write
from .conftest import Command
from .served import Served
from .suites import people


@pytest.mark.skipif(sys.platform == "win32", reason="killed by a signal")
def test_a_run_that_is_going_on_is_not_gone_on_with(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "people.yaml", people(4))
    asked, go_on = threading.Event(), threading.Event()

    def hold(number: int) -> None:
        if number == 2:
            asked.set()
            assert go_on.wait(30)

    bot.before = hold
    to = ("--target", "http", "--url", bot.url, "--concurrency", "1")
    first = start("run", "people.yaml", *to, "--out", "run", cwd=here)
    assert asked.wait(30)
    before = (here / "run" / "journal.jsonl").read_bytes()

    second = wait(start("run", "--resume", "run", cwd=here))
    assert second.code == 2
    assert "another process is writing to run" in second.err
    assert "wait until that run is over" in second.err
    assert (here / "run" / "journal.jsonl").read_bytes() == before
    assert len(bot.said) == 2
    again = wait(start("run", "people.yaml", *to, "--out", "run", cwd=here))
    assert again.code == 2
    assert "already holds a run" in again.err

    os.kill(first.pid, signal.SIGKILL)
    go_on.set()
    assert wait(first).code == -signal.SIGKILL
    ended = command("run", "--resume", "run")
    assert ended.code == 0, ended.all
    assert set(rulings(here / "run").values()) == {"passed"}
    assert len([line for line in journal(here / "run") if line["event"] == "ended"]) == 1


def test_a_run_that_is_over_can_be_gone_on_with_and_judged(
    here: Path, command: Command, bot: Served
) -> None:
    write(here, "people.yaml", people(2))
    to = ("--target", "http", "--url", bot.url)
    command("run", "people.yaml", *to, "--max-calls", "1", "--out", "run")
    assert command("run", "--resume", "run").code == 0
    assert command("judge", "run").code == 0
    assert command("run", "--resume", "run").code == 0
