"""Suites for the pytest plugin, and a pytest of its own to run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..pipeline.command import journal, only_run, rulings, verdicts, write

__all__ = ["journal", "only_run", "rulings", "verdicts", "write"]

QUICK = ("-p", "no:hypothesispytest", "-p", "no:anyio")
"""Plugins that no test here needs, and that are slow to load."""

PATIENCE = 240.0
"""Seconds after which a pytest that hangs fails its test."""

DESK = """
suite: Desk
target:
  kind: demo
  forget_after: 2
owner: anna
tags: [returns, smoke-test]
conversations:
  - id: remembers
    title: It remembers ${name}
    severity: critical
    links:
      - issue: https://example.test/7
    turns:
      - say: Hi, my name is ${name}.
      - say: Which sizes are there?
      - say: How long do I have to send something back?
        expect:
          - contains: 30 days
      - say: What is my name?
        expect:
          - recalls: ${name}
    examples:
      - id: p
        name: Priya
      - id: b
        name: Boris
  - id: greets
    tags: [skip, "area:front", fast]
    turns:
      - say: Hello
        expect:
          - answers
  - id: later
    skip: not built yet
    turns:
      - say: Hello
        expect:
          - answers
expect:
  - latency:
      max: 30s
"""
"""Of its five items two fail, two pass, one is skipped; eight replies come to all of them."""

SHOWN = """\
failed[recalls]: the reply does not name "Priya", said in turn 1
  --> desk.yaml:22:13
   |
22 |           - recalls: ${name}
   |             ^^^^^^^^^^^^^^^^
   |   turn 1 said:   "Hi, my name is Priya."
   |   reply 4 of 4:  "*"
   = again: chatbot-qa run desk.yaml --case 'remembers[[]p[]]'
"""
"""How one of its failures looks, for fnmatch."""


def suite(name: str, *ids: str, target: str = "demo", more: str = "") -> str:
    """A suite whose cases each say one thing, and pass against a sound demo bot."""
    cases = "".join(
        f"""
  - id: {one}
    turns:
      - say: How long do I have to send {one} back?
        expect:
          - contains: 30 days"""
        for one in ids
    )
    return f"suite: {name}\ntarget: {target}\nconversations:{cases}\n{more}"


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    """A pytest in a process of its own; nothing it prints may be a traceback."""
    result = pytester.runpytest_subprocess(
        *QUICK, "-p", "no:cacheprovider", *words, timeout=PATIENCE
    )
    printed = result.stdout.str() + result.stderr.str()
    assert "Traceback" not in printed, printed
    assert "INTERNALERROR" not in printed, printed
    assert "/_pytest/" not in printed, printed
    return result


def allure(folder: Path) -> dict[str, Any]:
    """The results of ``allure-pytest`` by case, ``remembers[p]`` for one of several rows."""
    found: dict[str, Any] = {}
    for path in folder.glob("*-result.json"):
        result = json.loads(path.read_bytes())
        case = result["fullName"].rpartition("#")[2]
        rows = [each["value"].strip("'") for each in result.get("parameters", ())]
        name = f"{case}[{rows[0]}]" if rows else case
        assert name not in found, f"two results of {name}"
        found[name] = result
    return found
