"""The example suite of answers held against references: it passes, it can fail, it is compared."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.readme import ROOT

from .command import Ended, write

Command = Callable[..., Ended]

ANSWERS = (ROOT / "suites" / "answers.yaml").read_text("utf-8")


def ran(here: Path, command: Command, *options: str) -> tuple[int, str]:
    """The exit code of a run of the suite, and the folder of that run."""
    write(here, "answers.yaml", ANSWERS)
    before = {*here.glob(".chatbot-qa/runs/*")}
    code = command("run", "answers.yaml", "--quiet", *options).code
    (folder,) = {*here.glob(".chatbot-qa/runs/*")} - before
    return code, str(folder)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_passes_offline_without_another_library(
    here: Path, command: Command, seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("sacrebleu", "nltk"):
        monkeypatch.setitem(sys.modules, library, None)
    code, folder = ran(here, command, "--seed", seed)
    assert code == 0
    tables = [path.read_text("utf-8-sig") for path in Path(folder, "figures").glob("*.csv")]
    scores = "".join(text for text in tables if text.startswith("score of all rows,"))
    for name in ("rougeL (f1)", "rouge1 (recall)", "token f1", "exact match"):
        assert f"\n{name}," in scores


def test_a_bot_that_says_nothing_of_use_fails_and_its_fall_is_told(
    here: Path, command: Command
) -> None:
    _, sound = ran(here, command)
    write(here, "vague.py", 'def bot(text: str) -> str:\n    return "I cannot say."\n')
    write(here, "chatbot-qa.yaml", "targets:\n  vague: {kind: python, function: vague.py:bot}\n")
    code, vague = ran(here, command, "--target", "vague")
    assert code == 1
    told = command("compare", sound, vague).out
    assert re.search(r"exact match +10 +1\.000 +0\.000 +-1\.000 +-1\.000 to -", told)
    assert re.search(r"rougeL \(f1\) +14 ", told)
