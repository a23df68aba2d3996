"""``language_model:``: named in chatbot-qa.yaml, asked in a run, and not when judging again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.command import Ended
from tests.readme import ROOT, blocks

Command = Callable[..., Ended]
MODEL = ROOT / "fixtures" / "tiny_chat"

SUITE = """\
suite: Fluent
target: demo
conversations:
  - id: hours
    turns:
      - say: How long do I have to return a jacket?
        expect:
          - perplexity: {at_most}
          - likeliest:
              value: A
              choices:
                - my order number is
                - xq zz qqqq vvvv jj
"""


@pytest.fixture
def model(here: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    if not (MODEL / "model.safetensors").is_file():
        pytest.skip(f"there is no model in {MODEL}")
    text = f"language_model:\n  kind: language_model\n  model: {MODEL}\n"
    (here / "chatbot-qa.yaml").write_text(text)


def suite(here: Path, at_most: float) -> None:
    (here / "s.yaml").write_text(SUITE.format(at_most=at_most))


def test_replies_are_judged_by_it_and_judged_again_without_it(
    command: Command, here: Path, model: None
) -> None:
    suite(here, 1e6)
    assert "no mistakes" in command("lint", "s.yaml").out
    ended = command("run", "s.yaml", "--out", "r")
    assert ended.code == 0, ended.all
    (here / "chatbot-qa.yaml").write_text(
        "language_model:\n  kind: language_model\n  model: nowhere\n"
    )
    assert command("judge", "r").code == 0
    suite(here, 1.01)
    ended = command("judge", "r")
    assert ended.code == 1, ended.all
    assert "perplexity is" in ended.all


def test_without_one_lint_says_so_and_the_case_is_inconclusive(
    command: Command, here: Path
) -> None:
    suite(here, 40)
    told = command("lint", "s.yaml").out
    assert told.count("warning[no-judge]") == 2
    assert "name a model under `language_model:` in chatbot-qa.yaml" in told
    assert command("run", "s.yaml", "--quiet").code == 3


def test_a_judge_does_not_stand_in(command: Command, here: Path) -> None:
    suite(here, 40)
    (here / "chatbot-qa.yaml").write_text("judges:\n  strict:\n    kind: demo\n")
    assert "language_model:" in command("lint", "s.yaml").out


def test_a_model_that_is_not_there_is_told_before_the_first_conversation(
    command: Command, here: Path
) -> None:
    suite(here, 40)
    (here / "chatbot-qa.yaml").write_text(
        "language_model:\n  kind: language_model\n  model: nowhere\n"
    )
    ended = command("run", "s.yaml")
    assert ended.code == 2
    assert "nowhere" in ended.err


def test_a_model_that_nothing_asks_is_not_looked_for(command: Command, here: Path) -> None:
    (here / "s.yaml").write_text(
        "suite: S\ntarget: demo\nconsistency:\n"
        "  - {id: hours, ask: When are you open?, repeat: 2}\n"
    )
    (here / "chatbot-qa.yaml").write_text(
        "language_model:\n  kind: language_model\n  model: nowhere\n"
    )
    ended = command("run", "s.yaml", "--out", "r")
    assert ended.code == 0, ended.all
    assert command("judge", "r").code == 0
    suite(here, 40)
    assert command("run", "s.yaml").code == 2


def test_a_model_that_is_named_wrongly_is_not_said_to_be_missing(
    command: Command, here: Path
) -> None:
    suite(here, 40)
    (here / "chatbot-qa.yaml").write_text("language_model: models/our-own\n")
    ended = command("lint", "s.yaml")
    assert "there is no target `models/our-own`" in ended.all
    assert "no-judge" not in ended.all


def test_the_page_is_true(command: Command, here: Path) -> None:
    for block in blocks(ROOT / "docs" / "perplexity.md"):
        if "file" in block.marks:
            (here / block.marks["file"]).write_text(block.text)
    for config in ("chatbot-qa.yaml", "tuned.yaml"):
        told = command("lint", "fluent.yaml", "--config", config).out
        assert told.startswith("no mistakes in 1 suite with 2 cases")
