"""The page about programs and WebSockets is true: its examples load, and such targets run."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson
import pytest

from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.targets import secrets_in
from chatbot_qa.targets.base import Surroundings
from tests.pipeline.command import exchanges, run, write
from tests.readme import ROOT, Block, blocks

PAGE = ROOT / "docs" / "other-targets.md"
EXAMPLES = [block for block in blocks(PAGE) if block.language == "yaml"]

REPL = """
import sys
print('Welcome')
while True:
    print('> ', end='', flush=True)
    line = sys.stdin.readline()
    if not line: break
    print('you said', line.strip())
"""
SUITE = """
suite: Desk
target: desk
conversations:
  - id: echoes
    turns:
      - say: Hello
        expect:
          - equals: you said Hello
      - say: "02134"
        expect:
          - equals: you said 02134
"""


def test_there_are_examples_of_both_kinds() -> None:
    kinds = {word for block in EXAMPLES for word in block.text.split() if word in KINDS}
    assert kinds == set(KINDS)


KINDS = ("command", "websocket")


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: f"line {block.line}")
def test_every_example_loads_and_makes_a_target(block: Block, tmp_path: Path) -> None:
    registry = Registry()
    config, wrong = load_config(write(tmp_path, "chatbot-qa.yaml", block.text), registry)
    assert not wrong
    for settings in config.targets.values():
        secrets = dict.fromkeys(secrets_in(settings.options), "hunter2000")
        assert set(secrets) == set(config.secrets)
        made = registry.targets[settings.kind].make(
            settings.options, Surroundings(str(tmp_path), secrets)
        )
        assert "hunter2000" not in made.fingerprint


def desk(folder: Path) -> Path:
    """A suite against a program, as the command and the plugin find it."""
    write(folder, "repl.py", REPL)
    write(
        folder,
        "chatbot-qa.yaml",
        "targets:\n  desk:\n    kind: command\n"
        f"    command: [{orjson.dumps(sys.executable).decode()}, -S, repl.py]\n"
        '    prompt: ">"\n',
    )
    return write(folder, "desk.yaml", SUITE)


def test_a_program_is_run_by_the_command(tmp_path: Path) -> None:
    desk(tmp_path)
    ended = run("run", "desk.yaml", "--offline", "--out", "kept", cwd=tmp_path)
    assert ended.code == 0, ended.all
    assert exchanges(tmp_path / "kept") == [
        ("Hello", "you said Hello"),
        ("02134", "you said 02134"),
    ]


def test_a_program_is_run_by_the_plugin_whose_loop_has_a_thread_of_its_own(
    tmp_path: Path,
) -> None:
    import subprocess

    desk(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "desk.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
