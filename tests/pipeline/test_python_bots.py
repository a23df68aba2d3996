"""Bots in Python that print, that say very much, and that are told other options for once."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import orjson

from .command import only_run, write
from .conftest import Command

SUITE = """\
suite: Loud
conversations:
  - id: hello
    turns:
      - say: Hello
        expect:
          - contains: bananas
          - contains: cherries
"""

LOUD = """\
import asyncio
print("::error::at import")

def reply(message):
    print("::error::in a thread")
    return "Hello"

async def slowly(message):
    print("::error::in the loop")
    await asyncio.sleep(0.5)
    return "Hello"

def much(message):
    return "word " * 200_000
"""


def bot(here: Path, function: str) -> None:
    write(here, "loud.yaml", SUITE)
    write(here, "loud.py", LOUD)
    target = f"{{kind: python, function: 'loud.py:{function}', limits: {{retries: 0}}}}"
    write(here, "chatbot-qa.yaml", f"targets:\n  shop: {target}\n")


def test_what_a_bot_prints_goes_to_standard_error(here: Path, command: Command) -> None:
    bot(here, "reply")
    ended = command("run", "loud.yaml", "--format", "json")
    assert ended.json["verdict"] == "failed"
    assert "\\x3a:error::at import" in ended.err
    assert "\\x3a:error::in a thread" in ended.err
    ended = command("run", "loud.yaml")
    assert "::error::" not in ended.out
    assert "failed[contains]" in ended.out


def test_so_does_what_an_async_bot_prints(here: Path, command: Command) -> None:
    bot(here, "slowly")
    ended = command("run", "loud.yaml", "--format", "json")
    assert ended.json["verdict"] == "failed"
    assert "\\x3a:error::in the loop" in ended.err


def test_a_long_reply_is_whole_in_the_journal_and_quoted_by_its_beginning(
    here: Path, command: Command
) -> None:
    bot(here, "much")
    assert command("run", "loud.yaml", "--report", "junit").code == 1
    folder = only_run(here)
    assert max(map(len, (folder / "journal.jsonl").read_text().splitlines())) > 1_000_000
    (line,) = (folder / "verdicts.jsonl").read_text().splitlines()
    quotes = [text for one in orjson.loads(line)["findings"] for _, text in one["quotes"]]
    assert len(quotes) == 2
    assert max(map(len, quotes)) < 4_100
    ElementTree.parse(folder / "junit.xml")
    assert (folder / "junit.xml").stat().st_size < 1_100_000  # its transcript has it once


def test_an_option_can_be_set_over_those_of_a_configured_target(
    here: Path, command: Command
) -> None:
    bot(here, "slowly")
    assert command("run", "loud.yaml", "--target", "shop").code == 1
    ended = command("run", "loud.yaml", "--target", "shop", "--set", "timeout=100ms")
    assert ended.code == 3, ended.all
    assert "error[timeout]" in ended.out
    assert "--target shop --set timeout=100ms" in ended.out
    ended = command("run", "loud.yaml", "--target", "shop", "--set", "colour=red")
    assert ended.code == 2
    assert "`colour` is no key of a target of the kind python" in ended.err
