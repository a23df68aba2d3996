"""The page about models: its configurations are read, and make targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.targets import secrets_in
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.openai import OpenAIOptions, make
from tests.readme import ROOT, Block, blocks

EXAMPLES = [block for block in blocks(ROOT / "docs" / "openai.md") if block.language == "yaml"]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: f"line-{block.line}")
def test_an_example_makes_targets(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "chatbot-qa.yaml"
    file.write_text(block.text, encoding="utf-8")
    config, wrong = load_config(file, Registry())
    assert not wrong
    assert config.targets
    for settings in config.targets.values():
        options = settings.options
        assert isinstance(options, OpenAIOptions)
        values = {name: f"value-of-{name}" for name in secrets_in(options)}
        target = make(options, Surroundings(secrets=values))
        assert target.url.endswith(("/chat/completions", "/responses", "api-version=2024-10-21"))
