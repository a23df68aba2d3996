"""docs/models.md is true: its configurations load, its figures of defaults hold, its model runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatbot_qa.domain.settings import OF_EMBEDDINGS, OF_NLI, TargetSettings
from chatbot_qa.registry import MARK, Registry, Shelf, TargetSpec
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.targets import secrets_in
from chatbot_qa.targets.base import Surroundings, Target
from chatbot_qa.targets.models import embeddings, nli
from chatbot_qa.targets.models.nli import NliOptions
from chatbot_qa.targets.models.options import EmbeddingsOptions
from tests.readme import ROOT, Block, blocks
from tests.targets.asking import go

from .making import ask, opened

PAGE = ROOT / "docs" / "models.md"
EXAMPLES = [block for block in blocks(PAGE) if block.language == "yaml"]
KINDS = {"nli": getattr(nli.make, MARK), "embeddings": getattr(embeddings.make, MARK)}


def registry() -> Registry:
    return Registry(targets=Shelf(TargetSpec, "chatbot_qa.targets", KINDS))


def made(settings: TargetSettings, folder: Path) -> Target:
    secrets = dict.fromkeys(secrets_in(settings.options), "hunter2000")
    spec = registry().targets[settings.kind]
    target: Target = spec.make(settings.options, Surroundings(str(folder), secrets))
    return target


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: f"line {block.line}")
def test_every_example_loads(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "chatbot-qa.yaml"
    file.write_text(block.text, encoding="utf-8")
    config, wrong = load_config(file, registry())
    assert not wrong
    assert config.asked
    for settings in config.asked.values():
        if "base_url" in block.text or settings.kind == "openai":
            go(made(settings, tmp_path).close())


def test_there_are_examples_of_every_way() -> None:
    told = "".join(block.text for block in EXAMPLES)
    for words in ("kind: nli", "kind: embeddings", "base_url:", "nli: strict", "strict: house"):
        assert words in told


def test_the_function_that_is_shown_is_such_a_model(tmp_path: Path) -> None:
    (shown,) = (block for block in blocks(PAGE) if block.language == "python")
    (tmp_path / shown.marks["file"]).write_text(shown.text, encoding="utf-8")
    block = next(one for one in EXAMPLES if shown.marks["file"] in one.text)
    file = tmp_path / "chatbot-qa.yaml"
    file.write_text(block.text, encoding="utf-8")
    config, _ = load_config(file, registry())
    target = made(config.asked["(embeddings)"], tmp_path)

    async def asked() -> list[object]:
        session = await opened(target)
        replies = await asyncio.gather(
            ask(session, first="a b", second="A b"), ask(session, first="a b", second="b c")
        )
        await target.close()
        return [reply.data["cosine"] for reply in replies]

    assert go(asked()) == [1.0, pytest.approx(1 / 3)]


def test_the_page_names_the_thresholds_that_there_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"`same_above` ({OF_NLI.same_above:g})" in text
    assert f"`different_below` ({OF_NLI.different_below:g})" in text
    assert f"`different_below` is {OF_EMBEDDINGS.different_below:g}" in text
    assert OF_EMBEDDINGS.same_above is None
    plain = (NliOptions(model="m"), EmbeddingsOptions(model="m"))
    for options, usual in zip(plain, (OF_NLI, OF_EMBEDDINGS), strict=True):
        assert options.same_above == usual.same_above
        assert options.different_below == usual.different_below
