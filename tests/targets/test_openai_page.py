"""The page about models: its configurations make targets, its tools answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.domain.plan import Opening
from chatbot_qa.examine.conversation import ConversationCase
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.targets import secrets_in
from chatbot_qa.spec.variables import Scope
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.openai import OpenAIOptions, make
from tests.examine.talking import STARTED
from tests.readme import ROOT, Block, blocks
from tests.targets.openai_wire import completion, hold
from tests.targets.test_openai_tools import calling, one_after_another, wanting

PAGE = ROOT / "docs" / "openai.md"
EXAMPLES = [block for block in blocks(PAGE) if block.language == "yaml"]
CONFIGURATIONS = [block for block in EXAMPLES if block.text.startswith("targets:")]
SUITES = [block for block in EXAMPLES if block.text.startswith("suite:")]


def test_there_are_examples_of_both() -> None:
    assert len(CONFIGURATIONS) >= 6
    assert SUITES
    assert len(CONFIGURATIONS) + len(SUITES) == len(EXAMPLES)


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=lambda block: f"line-{block.line}")
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


@pytest.mark.parametrize("block", SUITES, ids=lambda block: f"line-{block.line}")
def test_the_tools_of_a_suite_are_called_and_answered(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "orders.yaml"
    file.write_text(block.text, encoding="utf-8")
    for other in blocks(PAGE):
        if "file" in other.marks:
            (tmp_path / other.marks["file"]).write_text(other.text, encoding="utf-8")
    (suite,) = load((file,), Registry()).suites
    case = next(cases(suite, Scope(7, STARTED, {})))
    assert isinstance(case, ConversationCase)
    handler = one_after_another(
        wanting(
            calling("find_order"),
            calling("cancel_order", '{"order": "A-1042"}', "c2"),
            calling("cancel_order", '{"order": "B"}', "c3"),
        ),
        completion({"content": "On Friday."}),
    )
    (reply,), _ = hold(handler, Opening(tools=case.tools), folder=str(tmp_path))
    assert [call.result for call in reply.calls] == [
        {"status": "sent", "arrives": "Friday"},
        {"cancelled": "A-1042"},
        {"error": "LookupError: there is no order B"},
    ]
