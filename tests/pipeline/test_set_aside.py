"""Expected failures and quarantines from the suite to the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Ended, only_run, rulings, verdicts, write

Command = Callable[..., Ended]


def suite(key: str, until: str, more: str = "") -> str:
    return f"""\
suite: Desk
target: demo
conversations:
  - id: known
    {key}:
      reason: the refund service is down
      owner: anna
      until: {until}
    turns:
      - say: Hello
        expect:
          - contains: bananas
{more}"""


FAILS = """\
  - id: other
    turns:
      - say: Hello
        expect:
          - contains: bananas
"""


@pytest.mark.parametrize("key", ["expected_failure", "quarantine"])
def test_it_runs_and_does_not_count_up_to_its_last_day(
    here: Path, command: Command, key: str
) -> None:
    write(here, "s.yaml", suite(key, "2099-12-31"))
    ended = command("run", "s.yaml")
    assert ended.code == 0
    assert "The case is set aside: its verdict does not count." in ended.out
    (verdict,) = verdicts(only_run(here))
    assert verdict["verdict"] == "failed"
    assert verdict["aside"]["kind"] == key


@pytest.mark.parametrize("key", ["expected_failure", "quarantine"])
def test_it_counts_once_its_last_day_is_past_and_says_so(
    here: Path, command: Command, key: str
) -> None:
    write(here, "s.yaml", suite(key, "2024-05-20"))
    ended = command("run", "s.yaml")
    assert ended.code == 1
    words = key.replace("_", " ")
    assert f"the {words} was over on 2024-05-20, so it counts (anna: the refund" in ended.out


def test_one_that_passes_again_says_so_and_fails_nothing(here: Path, command: Command) -> None:
    text = suite("expected_failure", "2099-12-31")
    write(here, "s.yaml", text.replace("contains: bananas", "answers"))
    ended = command("run", "s.yaml")
    assert ended.code == 0
    assert "Desk › known passes again: remove expected_failure" in ended.out


def test_it_hides_no_other_failure(here: Path, command: Command) -> None:
    write(here, "s.yaml", suite("quarantine", "2099-12-31", more=FAILS))
    ended = command("run", "s.yaml")
    assert ended.code == 1
    assert "1 of 2 cases failed, 1 set aside." in ended.out
    assert "failed[contains]" in ended.out


def test_the_day_is_that_on_which_the_run_began(here: Path, command: Command) -> None:
    """Judging a run again gives what it gave, on whatever day."""
    write(here, "s.yaml", suite("expected_failure", "2024-05-20"))
    command("run", "s.yaml")
    folder = only_run(here)
    lines = (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    run = json.loads(lines[0])
    for day, code in (("2024-05-20T23:00:00", 0), ("2024-05-21T01:00:00", 1)):
        run["run"]["started"] = _seconds(day)
        run["run"]["settings"]["utc_offset"] = 0
        (folder / "journal.jsonl").write_text("\n".join([json.dumps(run), *lines[1:]]) + "\n")
        assert command("judge", str(folder)).code == code


def _seconds(day: str) -> float:
    from datetime import UTC, datetime

    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()


def test_failed_does_not_ask_them_again_and_fail_fast_goes_on(here: Path, command: Command) -> None:
    write(here, "s.yaml", suite("quarantine", "2099-12-31", more=FAILS))
    command("run", "s.yaml", "--fail-fast", "--concurrency", "1")
    assert rulings(only_run(here)) == {"known": "failed", "other": "failed"}
    ended = command("run", "s.yaml", "--failed")
    assert "The case failed." in ended.out


def test_turns_and_checks_that_were_not_reached_are_in_the_json(
    here: Path, command: Command
) -> None:
    text = suite("quarantine", "2099-12-31").replace(
        "    turns:", "    on_failure: stop\n    turns:"
    )
    write(here, "s.yaml", text + "      - say: More\n        expect:\n          - answers\n")
    told = json.loads(command("run", "s.yaml", "--format", "json").out)
    assert told["reach"] == {"turns": 2, "reached": 1, "checks_not_reached": 1}
    assert told["cases"][0]["checks_not_reached"] == 1
    assert (told["verdict"], told["counts"]["set_aside"]) == ("skipped", 1)
