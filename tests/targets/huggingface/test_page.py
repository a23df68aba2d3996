"""docs/huggingface.md is true: its configurations load, and it names every key."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.load import load
from chatbot_qa.targets.huggingface.options import HuggingFaceOptions
from tests.readme import ROOT, Block, blocks

PAGE = ROOT / "docs" / "huggingface.md"
EXAMPLES = [block for block in blocks(PAGE) if block.language == "yaml"]
CONFIGURATIONS = [block for block in EXAMPLES if block.marks["file"] == "chatbot-qa.yaml"]
SUITES = [block for block in EXAMPLES if block not in CONFIGURATIONS]


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=lambda block: f"line {block.line}")
def test_every_configuration_loads(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "chatbot-qa.yaml"
    file.write_text(block.text, encoding="utf-8")
    config, wrong = load_config(file, Registry())
    assert not wrong
    assert config.targets
    for settings in config.targets.values():
        assert isinstance(settings.options, HuggingFaceOptions)


@pytest.mark.parametrize("block", SUITES, ids=lambda block: f"line {block.line}")
def test_every_suite_is_sound(block: Block, tmp_path: Path) -> None:
    file = tmp_path / block.marks["file"]
    file.write_text(block.text, encoding="utf-8")
    found = load((file,), Registry())
    assert not found.diagnostics
    assert found.suites


def test_it_names_every_key() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|\b)(\w+)(?:`|:)", text))
    assert {one.name for one in fields(HuggingFaceOptions)} - named == set()


def test_it_has_examples_of_both() -> None:
    assert len(CONFIGURATIONS) >= 4
    assert SUITES
