"""docs/history.md is true: its example runs as shown, its YAML is valid, its keys are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot_qa.history.drifting import NIGHTS, SIGNALS
from chatbot_qa.history.life import runs_needed
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from tests.pipeline.command import write
from tests.readme import ROOT, blocks, shows
from tests.test_docs import execute

PAGE = ROOT / "docs" / "history.md"
TEXT = PAGE.read_text(encoding="utf-8")
CI = ("GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the page's example was run, as it is shown."""
    folder = tmp_path_factory.mktemp("page")
    with pytest.MonkeyPatch.context() as patch:
        for name in CI:
            patch.delenv(name, raising=False)
        for block in blocks(PAGE):
            if "file" in block.marks:
                write(folder, block.marks["file"], block.text)
            elif block.language == "console":
                *_, last = (command for command, _ in block.commands())
                for command, shown in block.commands():
                    done = execute(command, folder, folder)
                    code = int(block.marks["exit"]) if command == last else 0
                    assert done.returncode == code, f"{command}\n{done.stdout}"
                    assert shows(shown, done.stdout), f"{command}\n{done.stdout}"
    return folder


def test_the_example_runs_as_shown(ran: Path) -> None:
    assert (ran / ".chatbot-qa" / "history.db").exists()


def test_the_configuration_with_postgresql_is_valid(ran: Path) -> None:
    config, wrong = load_config(ran / "with-postgres" / "chatbot-qa.yaml", Registry())
    assert wrong == ()
    assert config.history is not None


@pytest.mark.parametrize(
    "words",
    [
        "list",
        "case 'return-window[1]'",
        "drift",
        "quarantine",
        "prune",
        "add latest",
    ],
)
def test_every_key_of_the_json_is_named(ran: Path, words: str) -> None:
    told = execute(f"chatbot-qa history {words} --format json", ran, ran).stdout
    keys = set(re.findall(r'"(\w+)":', told))
    assert keys
    assert {key for key in keys if f"`{key}`" not in TEXT} == set()


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"after {runs_needed()} runs in a row" in TEXT
    assert f"{0.8 ** runs_needed():.1%}" in TEXT
    assert f"one false alarm in {NIGHTS} runs" in TEXT
    assert f"won {2 * NIGHTS} times the number of series" in TEXT
    assert len(SIGNALS) == 4
