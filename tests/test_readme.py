"""The README is true: its commands run, its files are well written, its lists are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_qa.registry import Registry
from tests.readme import README, ROOT, Block, blocks, shows

BIN = Path(sys.executable).parent
ADDRESS = "127.0.0.1:8765"


@pytest.fixture
def served() -> Iterator[str]:
    """Where a demo bot answers, as ``host:port``."""
    words = [BIN / "chatbot-qa", "demo-bot", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip().rpartition("//")[2]
        finally:
            server.terminate()


def execute(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a reader would, in a shell that finds ``chatbot-qa``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environ = kept | {"PATH": f"{BIN}{os.pathsep}{kept['PATH']}", "CI": "true"}
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_readme_can_be_followed(tmp_path: Path, served: str) -> None:
    """Its files are written and its commands run, in the order of reading."""
    for block in blocks():
        here = block.text.replace(ADDRESS, served)
        if "file" in block.marks:
            file = tmp_path / block.marks["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(here, encoding="utf-8")
        elif block.language == "console" and "not run" not in block.marks:
            follow(Block(block.line, block.language, here, block.marks), tmp_path)
    linted = execute("chatbot-qa lint suites", tmp_path)
    assert linted.returncode == 0, linted.stdout


def follow(block: Block, folder: Path) -> None:
    """Run the commands of a block: they end and print as the README says."""
    *_, last = (command for command, _ in block.commands())
    for command, shown in block.commands():
        done = execute(command, folder)
        expected = int(block.marks.get("exit", 0)) if command == last else 0
        place = f"README.md:{block.line}: $ {command}\n{done.stdout}"
        assert done.returncode == expected, place
        assert shows(shown, done.stdout), place


def test_every_block_of_yaml_is_checked() -> None:
    unchecked = [
        block.line for block in blocks() if block.language == "yaml" and "file" not in block.marks
    ]
    assert unchecked == []


def test_its_workflow_is_one(tmp_path: Path) -> None:
    flows = [block for block in blocks() if ".github/" in block.marks.get("file", "")]
    assert flows
    for number, block in enumerate(flows):
        file = tmp_path / f"{number}.yml"
        file.write_text(block.text, encoding="utf-8")
        schema = "check-jsonschema --builtin-schema vendor.github-workflows"
        done = execute(f"{schema} {file}", tmp_path)
        assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")
def test_what_it_says_of_make_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", _code()))
    assert {"run", "test"} <= named
    for target in sorted(named):
        done = execute(f"make --dry-run {target}", ROOT)
        assert done.returncode == 0, f"make {target}\n{done.stdout}"


def test_it_names_every_check() -> None:
    section = _section("### Checks")
    named = {name for row in re.findall(r"^\|.*\|$", section, re.M) for name in _quoted(row)}
    assert named == {spec.name for spec in Registry().checks}


def test_it_links_to_what_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_first_suite_has_ten_lines() -> None:
    first = next(block for block in blocks() if block.language == "yaml")
    assert len(first.text.splitlines()) == 10


def test_a_generic_bot_takes_eight_lines() -> None:
    config = next(block for block in blocks() if block.marks.get("file") == "chatbot-qa.yaml")
    assert len(config.text.splitlines()) == 8


def _code() -> str:
    """Everything that the README sets as code."""
    text = README.read_text(encoding="utf-8")
    return "\n".join((*(block.text for block in blocks()), *_quoted(text)))


def _section(head: str) -> str:
    return README.read_text(encoding="utf-8").partition(f"{head}\n")[2].partition("\n#")[0]


def _quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)
