"""Models that examinations ask, from chatbot-qa.yaml to the verdict; here they are functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.targets.models.making import tiny

from .command import Ended, journal, only_run, rulings, write

Command = Callable[..., Ended]

CONFIG = """\
targets:
  bot: {kind: python, function: bots.py:bot}
nli: {kind: python, function: bots.py:nli}
embeddings: {kind: python, function: bots.py:embeddings}
"""
BOTS = """\
import json

def noted(who):
    with open("asked", "a") as asked:
        asked.write(who)

def bot(message):
    noted("b")
    return "Bring it to any of our shops." if "jacket" in message else "Post it to us."

def nli(message):
    noted("n")
    pair = json.loads(message)
    follows = 1.0 if pair["premise"] == pair["hypothesis"] else SCORE
    told = {"entailment": follows, "contradiction": 1 - follows, "neutral": 0.0}
    return {"text": str(told), "data": told}

def embeddings(message):
    noted("e")
    return {"text": "cosine", "data": {"cosine": NEAR}}
"""
SUITE = """\
suite: Asked
target: bot
consistency:
  - id: return
    ask: How do I return a jacket?
    paraphrases:
      - How does one send something back?
"""


@pytest.fixture
def told(here: Path) -> Callable[..., Path]:
    """Models that say so: how surely it follows, and how near it is."""

    def made(score: float, near: float = 0.5) -> Path:
        write(here, "chatbot-qa.yaml", CONFIG)
        write(here, "bots.py", BOTS.replace("SCORE", str(score)).replace("NEAR", str(near)))
        return write(here, "a.yaml", SUITE)

    return made


def asked(here: Path) -> str:
    """Who was asked, in any order."""
    return "".join(sorted((here / "asked").read_text()))


@pytest.mark.parametrize(
    ("score", "near", "code", "ruling", "who"),
    [
        (1.0, 0.5, 0, "passed", "bbnn"),
        (0.0, 0.5, 1, "failed", "bbnn"),
        (0.5, 0.01, 1, "failed", "bbenn"),
        (0.5, 0.5, 3, "inconclusive", "bbenn"),
    ],
)
def test_models_decide_what_words_leave_open_each_in_its_turn(
    here: Path,
    command: Command,
    told: Callable[..., Path],
    score: float,
    near: float,
    code: int,
    ruling: str,
    who: str,
) -> None:
    told(score, near)
    assert command("run", "a.yaml").code == code
    assert rulings(only_run(here)) == {"return": ruling}
    assert asked(here) == who
    (info, *_) = journal(only_run(here))
    assert set(info["run"]["targets"]) == {"bot", "(nli)", "(embeddings)"}


def test_judging_again_asks_nobody_what_was_asked(
    here: Path, command: Command, told: Callable[..., Path]
) -> None:
    told(0.5)
    command("run", "a.yaml")
    before = asked(here)
    assert command("judge", "latest").code == 3
    assert asked(here) == before


@pytest.mark.parametrize(("score", "ruling"), [(0.95, "passed"), (0.85, "inconclusive")])
def test_a_function_is_believed_where_models_usually_are(
    here: Path, command: Command, told: Callable[..., Path], score: float, ruling: str
) -> None:
    told(score)
    command("run", "a.yaml")
    assert rulings(only_run(here)) == {"return": ruling}


def test_other_thresholds_judge_otherwise_and_nobody_is_asked_again(
    here: Path, command: Command, told: Callable[..., Path]
) -> None:
    told(0.5)
    tiny(here / "tiny")
    model = CONFIG.replace("kind: python, function: bots.py:nli", "kind: nli, model: tiny, LIMITS")
    always = "same_above: -1, different_below: -1"
    write(here, "chatbot-qa.yaml", model.replace("LIMITS", always))
    assert command("run", "a.yaml", "--offline").code == 0
    before = len(journal(only_run(here)))
    write(here, "chatbot-qa.yaml", model.replace("LIMITS", "same_above: 1, different_below: 1"))
    assert command("judge", "latest").code == 1
    assert rulings(only_run(here)) == {"return": "failed"}
    assert len(journal(only_run(here))) == before


def test_a_model_that_breaks_is_an_error_and_no_failure(
    here: Path, command: Command, told: Callable[..., Path]
) -> None:
    told(0.5)
    write(here, "bots.py", BOTS.replace('noted("n")', "raise RuntimeError('no memory')"))
    assert command("run", "a.yaml").code == 3
    assert rulings(only_run(here)) == {"return": "error"}


def test_a_model_that_is_not_installed_here_stops_a_run_and_not_the_judging_of_one(
    here: Path, command: Command, told: Callable[..., Path]
) -> None:
    told(1.0)
    assert command("run", "a.yaml").code == 0
    elsewhere = CONFIG.replace("python, function: bots.py:nli", "nli, model: not/here")
    write(here, "chatbot-qa.yaml", elsewhere)
    assert command("judge", "latest").code == 0
    assert command("run", "a.yaml").code == 2


def test_the_doctor_asks_each_model_what_it_understands(
    here: Path, command: Command, told: Callable[..., Path]
) -> None:
    told(0.5)
    ended = command("doctor")
    assert "(nli)" in ended.out
    assert "(embeddings)" in ended.out
    assert "asked" in {path.name for path in here.iterdir()}
    assert ended.code == 0
