"""The pytest plugin: suites are test files, their cases are items, ``chatbot`` is a fixture.

``pytest suites/`` replays them as ``chatbot-qa run`` does: one engine for all selected
cases, in a thread beside pytest, whose items wait for their verdicts. Under xdist each
worker replays its own and the journals are merged at the end.

pytest loads this module in every session of everybody who has the package installed, so it
imports nothing but pytest; the rest comes with the first suite.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from chatbot_qa.faces.pytest_plugin.items import SuiteFile
    from chatbot_qa.replay.talk import Dialogue

_SUITE = re.compile(rb"^(?:\xef\xbb\xbf)?[\"']?suite[\"']?[ \t]*:", re.MULTILINE)
_ENOUGH = 1_000_000
"""Bytes of a YAML file in which its ``suite:`` key is looked for."""


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 5000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 5000")
    return int(text)


_OPTIONS = (
    ("target", str, "the chatbot: a name from chatbot-qa.yaml, or a kind"),
    ("base-url", str, "with the target openai: its URL"),
    ("model", str, "with the target openai: the model"),
    ("url", str, "with the target http: its URL"),
    ("profile", str, "a profile from chatbot-qa.yaml"),
    ("seed", int, "the seed of everything that is drawn"),
    ("concurrency", _count, "conversations at once; under xdist it is the number of workers"),
    ("out", str, "the run folder to make"),
    ("baseline", str, "compare with this run afterwards: its folder or name, latest, last-green"),
    ("worse-by", str, "with a baseline: by how much the pass rate may fall, as 5%%"),
    ("slower-by", str, "with a baseline: by how much the p95 latency may grow, as 20%%"),
    ("costlier-by", str, "with a baseline: by how much the cost of a reply may grow, as 10%%"),
)
_COMPARING = ("baseline", "worse_by", "slower_by", "costlier_by")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of a run, under ``--chatbot-…``."""
    group = parser.getgroup("chatbot-qa", "replaying conversations against a chatbot")
    for name, form, text in _OPTIONS:
        group.addoption(f"--chatbot-{name}", type=form, default=None, help=text)
    parser.addini("chatbot_target", "the chatbot that the fixture `chatbot` talks to")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that cannot be meant."""
    if config.getoption("chatbot_target") is None:
        for name in ("base-url", "model", "url"):
            if config.getoption(f"chatbot_{name.replace('-', '_')}") is not None:
                raise pytest.UsageError(
                    f"--chatbot-{name} needs --chatbot-target: say what it is, "
                    "--chatbot-target openai or --chatbot-target http"
                )
    if hasattr(config, "workerinput"):
        return
    out = config.getoption("chatbot_out")
    if out is not None and _holds_a_run(Path(out)):
        raise pytest.UsageError(f"{out} already holds a run: name another with --chatbot-out")
    if any(config.getoption(f"chatbot_{name}") is not None for name in _COMPARING):
        from chatbot_qa.faces.pytest_plugin.against import look_up

        look_up(config)


def _holds_a_run(folder: Path) -> bool:
    from chatbot_qa.runlog.folder import JOURNAL

    return (folder / JOURNAL).exists()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
    """A YAML file with ``suite:`` at its top is a suite."""
    if file_path.suffix.lower() not in (".yaml", ".yml") or file_path.name == "chatbot-qa.yaml":
        return None
    if not _is_suite(file_path):
        return None
    from chatbot_qa.faces.pytest_plugin.items import SuiteFile
    from chatbot_qa.faces.pytest_plugin.session import replaying

    replaying(parent.config)
    made: SuiteFile = SuiteFile.from_parent(parent, path=file_path)
    return made


def _is_suite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _SUITE.search(file.read(_ENOUGH)) is not None
    except OSError:  # somebody else's file, for all that can be known of it
        return False


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: every worker gets what all parts of the one run must agree on."""
    from chatbot_qa.faces.pytest_plugin.gather import gathering

    node.workerinput["chatbot_qa"] = gathering(node.config).handed_down(node.gateway.id)


@pytest.fixture
def chatbot(request: pytest.FixtureRequest) -> Iterator[Dialogue]:
    """A dialogue with the chatbot under test: ``chatbot.say("Hi").text``."""
    from chatbot_qa.faces.pytest_plugin.asked import opened

    with opened(request) as talk:
        yield talk
