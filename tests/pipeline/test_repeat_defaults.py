"""How often is repeated what says nothing of it: defaults of the suite, of a profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Ended, rulings, write

Command = Callable[..., Ended]

CASE = """\
  - id: {id}
    turns:
      - say: How long can I send it back?
        expect:
          - contains: 30 days
"""
RULE = "{good: 95%, bad: 70%, cap: 24}"


def suite(cases: int = 1, defaults: str = "") -> str:
    top = f"defaults:\n{defaults}" if defaults else ""
    return f"suite: S\ntarget: demo\n{top}conversations:\n" + "".join(
        CASE.format(id=f"c{number}") for number in range(cases)
    )


def calls(command: Command, *more: str) -> int:
    """How many calls are foreseen."""
    asked = command("run", "s.yaml", "--dry-run", "--format", "json", *more)
    assert asked.code == 0, asked.all
    return int(asked.json["calls"])


def test_the_nearest_wins(here: Path, command: Command) -> None:
    write(here, "s.yaml", suite())
    write(here, "chatbot-qa.yaml", "defaults:\n  repeat: 3\nprofiles:\n  nightly:\n    repeat: 4\n")
    assert calls(command) == 3
    assert calls(command, "--profile", "nightly") == 4
    write(here, "s.yaml", suite(defaults="  repeat: 2\n"))
    assert calls(command, "--profile", "nightly") == 2
    write(here, "s.yaml", suite(defaults="  repeat: 2\n") + "    repeat: 6\n")
    assert calls(command, "--profile", "nightly") == 6


def test_a_default_leaves_other_kinds_alone(here: Path, command: Command) -> None:
    text = "suite: S\ntarget: demo\ndefaults:\n  repeat: 9\nconsistency:\n  - id: q\n"
    write(here, "s.yaml", f"{text}    ask: How long?\n    paraphrases: [For how long?]\n")
    assert calls(command) == 2


def test_the_alpha_of_a_suite_is_shared_by_its_declared_cases_whatever_is_selected(
    here: Path, command: Command
) -> None:
    write(here, "s.yaml", suite(3, f"  repeat: {RULE}\n"))
    ended = command("lint", "s.yaml")
    assert ended.code == 2
    assert "at alpha 1.667% (5% over 3 cases) and beta 10%" in ended.all
    write(here, "s.yaml", suite(3, f"  repeat: {RULE}\n  errors: {{alpha: 15%}}\n"))
    assert command("lint", "s.yaml").code == 0
    one = command(
        "run", "s.yaml", "--case", "c1", "--seed", "1", "--out", "one", "--format", "json"
    )
    assert one.code == 0
    verdict = (here / "one" / "verdicts.jsonl").read_text(encoding="utf-8")
    assert "fails in at most 5% of runs (15% over 3 cases)" in verdict


def test_the_errors_of_a_profile_decide_whether_a_cap_is_too_small(
    here: Path, command: Command
) -> None:
    config = (
        "defaults:\n  errors: {alpha: 15%}\n"
        "profiles:\n  strict:\n    errors: {alpha: 1%}\n"
        f"  other:\n    repeat: {RULE}\n    errors: {{alpha: 1%}}\n"
    )
    write(here, "chatbot-qa.yaml", config)
    write(here, "s.yaml", suite(3, f"  repeat: {RULE}\n"))
    assert command("run", "s.yaml", "--seed", "1", "--out", "run").code == 0
    assert set(rulings(here / "run").values()) == {"passed"}
    strict = command("run", "s.yaml", "--profile", "strict")
    assert strict.code == 2
    assert "small-cap" in strict.all
    write(here, "s.yaml", suite(3))
    assert command("lint", "s.yaml").code == 0
    assert command("run", "s.yaml", "--profile", "other").code == 2


def test_judging_again_and_going_on_take_the_profile_of_the_run(
    here: Path, command: Command
) -> None:
    write(here, "chatbot-qa.yaml", "profiles:\n  nightly:\n    repeat: 4\n")
    write(here, "s.yaml", suite())
    asked = command("run", "s.yaml", "--profile", "nightly", "--seed", "1", "--out", "run")
    assert asked.code == 0
    before = (here / "run" / "verdicts.jsonl").read_bytes()
    assert command("judge", "run").code == 0
    assert (here / "run" / "verdicts.jsonl").read_bytes() == before
    assert before.count(b"0 of 4 failed") > 0


@pytest.mark.parametrize("line", ["repeat: 0", "errors: {alpha: 0%}"])
def test_a_default_that_cannot_be_is_told(here: Path, command: Command, line: str) -> None:
    rest = "" if line.startswith("repeat") else f"  repeat: {RULE}\n"
    write(here, "s.yaml", suite(defaults=f"  {line}\n{rest}"))
    assert "bad-repeat" in command("lint", "s.yaml").all
