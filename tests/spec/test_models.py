"""``judges:``, ``nli:`` and ``embeddings:`` of ``chatbot-qa.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

from chatbot_qa.domain.settings import Config, Model, Thresholds
from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.registry import Registry, Shelf, TargetSpec
from chatbot_qa.spec.config import load_config


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer(Thresholds):
    model: Annotated[str, "Which"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    word: Annotated[str, "What it always says"] = ""


KINDS = {"scorer": TargetSpec("scorer", Scorer, Scorer), "plain": TargetSpec("plain", Plain, Plain)}
TARGETS = """\
targets:
  bot: {kind: plain}
  far: {kind: scorer, model: big, same_above: 0.7}
judges:
  strict: {kind: plain, word: "no"}
  mild: bot
"""


def read(tmp_path: Path, text: str) -> tuple[Config, tuple[Diagnostic, ...]]:
    path = tmp_path / "chatbot-qa.yaml"
    path.write_text(text)
    shelf: Shelf[TargetSpec] = Shelf(TargetSpec, "chatbot_qa.targets", KINDS)
    return load_config(path, Registry(targets=shelf))


def sound(tmp_path: Path, text: str) -> Config:
    config, wrong = read(tmp_path, text)
    assert not wrong
    return config


def test_there_is_none_where_none_is_named(tmp_path: Path) -> None:
    config = sound(tmp_path, "targets:\n  bot: {kind: plain}\n")
    assert config.nli is None
    assert config.embeddings is None
    assert not config.asked


def test_a_mapping_is_a_target_of_its_own(tmp_path: Path) -> None:
    config = sound(
        tmp_path, "embeddings: {kind: scorer, model: m, same_above: 0.9, different_below: 0.1}\n"
    )
    assert config.embeddings == Model("(embeddings)", 0.9, 0.1)
    (target,) = config.asked.values()
    assert (target.name, target.options.model) == ("(embeddings)", "m")


def test_thresholds_of_a_kind_are_those_that_it_says(tmp_path: Path) -> None:
    config = sound(tmp_path, TARGETS + "nli: far\nembeddings: {kind: scorer, model: m}\n")
    assert config.nli == Model("(nli)", 0.7, None)
    assert config.embeddings == Model("(embeddings)", None, None)


def test_a_kind_that_says_nothing_of_thresholds_has_the_usual_ones(tmp_path: Path) -> None:
    config = sound(tmp_path, TARGETS + "nli: bot\nembeddings: bot\n")
    assert config.nli == Model("(nli)", 0.8, -0.8)
    assert config.embeddings == Model("(embeddings)", None, 0.05)


def test_a_judge_may_be_named_for_inference_and_is_asked_in_words(tmp_path: Path) -> None:
    config = sound(tmp_path, TARGETS + "nli: strict\n")
    assert config.nli == Model("judge:strict", 0.8, -0.8, in_words=True)
    assert "(nli)" not in config.asked


def test_a_target_goes_before_a_judge_of_its_name(tmp_path: Path) -> None:
    config = sound(tmp_path, TARGETS.replace("strict:", "far:") + "nli: far\n")
    assert config.nli == Model("(nli)", 0.7, None)


def test_a_judge_may_be_the_name_of_a_target(tmp_path: Path) -> None:
    config = sound(tmp_path, TARGETS)
    assert list(config.judges) == ["strict", "mild"]
    assert config.judges["mild"].name == "judge:mild"
    assert config.judges["mild"].options == config.targets["bot"].options


def test_all_that_may_be_asked_goes_by_the_names_that_trials_say(tmp_path: Path) -> None:
    config = sound(tmp_path, TARGETS + "nli: far\nembeddings: far\n")
    assert sorted(config.asked) == ["(embeddings)", "(nli)", "judge:mild", "judge:strict"]
    assert all(name == target.name for name, target in config.asked.items())
    assert config.targets["far"].name == "far"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (TARGETS + "nli: fra\n", 7, "there is no target `fra`"),
        (TARGETS + "embeddings: strict\n", 7, "there is no target `strict`"),
        (TARGETS.replace("mild: bot", "mild: bat"), 6, "there is no target `bat`"),
        ("nli: far\n", 1, "there is no target `far`"),
    ],
)
def test_a_name_that_means_nothing_is_told_at_its_place(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    _, (wrong,) = read(tmp_path, text)
    assert (wrong.code, wrong.where.line, wrong.message) == ("unknown-target", line, told)


def test_what_is_there_is_offered(tmp_path: Path) -> None:
    _, (wrong,) = read(tmp_path, TARGETS + "nli: stric\n")
    assert "do you mean `strict`?" in wrong.hint
    _, (alone,) = read(tmp_path, "nli: far\n")
    assert "kind:" in alone.hint


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("same_above: 1.5", "same_above: scores lie between -1 and 1"),
        ("same_above: 0.1, different_below: 0.2", "different_below: is above same_above"),
        ("same_below: 0.1", "`same_below` is no key"),
    ],
)
def test_thresholds_that_cannot_be_are_told(tmp_path: Path, options: str, told: str) -> None:
    _, wrong = read(tmp_path, f"nli: {{kind: scorer, model: m, {options}}}\n")
    assert any(told in one.message for one in wrong)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("language_model: talks\n", "the target `talks` is of the kind openai, which replies"),
        ("language_model: {kind: openai, model: m}\n", "this is of the kind openai, which replies"),
    ],
)
def test_a_target_that_talks_is_no_language_model(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "chatbot-qa.yaml"
    path.write_text("targets:\n  talks: {kind: openai, model: m}\n" + text)
    config, (wrong,) = load_config(path, Registry())
    assert (wrong.code, wrong.where.line) == ("no-language-model", 3)
    assert wrong.message.startswith(told)
    assert "kind: language_model" in wrong.hint
    assert config.language_model is None
    assert not config.asked


def test_a_local_model_that_talks_is_named_in_the_advice(tmp_path: Path) -> None:
    path = tmp_path / "chatbot-qa.yaml"
    path.write_text("targets:\n  a: {kind: huggingface, model: our/own}\nlanguage_model: a\n")
    _, (wrong,) = load_config(path, Registry())
    assert wrong.hint == "write `language_model: {kind: language_model, model: our/own}`"
