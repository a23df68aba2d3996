"""The pytest plugin: suites are test files, their cases are items, ``chatbot`` is a fixture.

``pytest suites/`` replays them as ``chatbot-qa run`` does: one engine for all selected
cases, in a thread beside pytest, whose items wait for their verdicts. Under xdist each
worker replays its own and the journals are merged at the end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chatbot_qa.faces.pytest_plugin.items import SuiteFile
    from chatbot_qa.faces.pytest_plugin.session import Replaying
    from chatbot_qa.replay.talk import Dialogue

_SUITE = re.compile(rb"^\xef?\xbb?\xbf?suite[ \t]*:", re.MULTILINE)
_OPTIONS = (
    ("target", str, "the chatbot: a name from chatbot-qa.yaml, or a kind"),
    ("base-url", str, "with the target openai: its URL"),
    ("model", str, "with the target openai: the model"),
    ("url", str, "with the target http: its URL"),
    ("profile", str, "a profile from chatbot-qa.yaml"),
    ("seed", int, "the seed of everything that is drawn"),
    ("concurrency", int, "conversations at once"),
    ("out", str, "the run folder to make"),
)
KEY = pytest.StashKey["Replaying"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of a run, under ``--chatbot-…``."""
    group = parser.getgroup("chatbot-qa", "replaying conversations against a chatbot")
    for name, form, text in _OPTIONS:
        group.addoption(f"--chatbot-{name}", type=form, default=None, help=text)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
    """A YAML file with ``suite:`` at its top is a suite."""
    if file_path.suffix not in (".yaml", ".yml") or not _is_suite(file_path):
        return None
    from chatbot_qa.faces.pytest_plugin.items import SuiteFile

    return SuiteFile.from_parent(parent, path=file_path)


def _is_suite(path: Path) -> bool:
    with path.open("rb") as file:
        return _SUITE.search(file.read(100_000)) is not None


def replaying(config: pytest.Config) -> Replaying:
    """The run of this pytest session, made when the first suite is collected."""
    from chatbot_qa.faces.pytest_plugin.session import Replaying

    if KEY not in config.stash:
        config.stash[KEY] = Replaying(config)
    return config.stash[KEY]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: every worker gets the seed, the start and the folder of the one run."""
    node.workerinput["chatbot_qa"] = replaying(node.config).handed_down()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the run in good order, also where pytest stopped early."""
    if KEY in session.config.stash:
        session.config.stash[KEY].finish()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say where the run folder is."""
    if KEY in config.stash and (folder := config.stash[KEY].folder) is not None:
        terminalreporter.write_line(f"chatbot-qa: {folder}")


@pytest.fixture
def chatbot(request: pytest.FixtureRequest) -> Iterator[Dialogue]:
    """A dialogue with the chatbot under test: ``chatbot.say("Hi").text``."""
    from chatbot_qa.pipeline.talk import dialogue

    run = replaying(request.config)
    with dialogue(
        run.asked, request.path.parent, os.environ, request.node.nodeid, run.seed
    ) as talk:
        yield talk
