"""The files that ``init`` writes, as texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from shlex import quote
from typing import Final

from msgspec import Struct

from chatbot_qa import __version__
from chatbot_qa.spec.edit import Tree, lines_for, scalar

TARGET: Final = "bot"
"""What the bot is called in the configuration and in the first suite."""

SUITE: Final = f"""\
# yaml-language-server: $schema=./suite.schema.json
# A first suite, true of any bot that talks English; make it yours.
# chatbot-qa checks lists what can be expected, chatbot-qa chat keeps a dialogue as a case.
suite: First
target: {TARGET}

conversations:
  - id: says-hello
    title: It answers a greeting, and soon
    turns:
      - say: Hello
        expect:
          - answers
          - latency: 10s

  - id: remembers-a-name
    title: It still knows the customer's name
    severity: critical
    turns:
      - say: Hello, my name is Priya.
        expect:
          - answers
      - say: What is my name?
        expect:
          - recalls: Priya
"""

IGNORED: Final = (".env", ".chatbot-qa/", "chatbot-qa-run/")
"""What git is not to keep: secrets, and the folders of runs."""

OWNERLESS: Final = "git+https://github.com/OWNER/chatbot_qa"
"""Where CI installs from, if this installation does not know where it came from."""

_CONFIG_HEAD: Final = """\
# yaml-language-server: $schema=./suites/config.schema.json
# Which chatbots there are. chatbot-qa doctor says whether each of them answers.
"""


class Bot(Struct, frozen=True, kw_only=True):
    """What is known of the bot; ``keys`` are its target's, as they stand in the configuration.

    ``secret`` names the environment variable that holds its key, "" for none.
    """

    keys: Mapping[str, Tree]
    secret: str = ""


def config_text(bot: Bot) -> str:
    """``chatbot-qa.yaml``."""
    tree: Tree = {"targets": {TARGET: bot.keys}}
    return _CONFIG_HEAD + "\n".join(lines_for(tree, 0)) + "\n"


def env_text(secret: str) -> str:
    """``.env.example``."""
    head = "# Copy this file to .env, which git does not keep, and write the values behind the =.\n"
    return head + (f"{secret}=\n" if secret else "# This bot needs no secret yet.\n")


def gitignore_text(there: str) -> str:
    """``.gitignore`` with what was there, and the lines that were missing."""
    known = {line.strip() for line in there.splitlines()}
    missing = [line for line in IGNORED if line not in known]
    start = there if not there or there.endswith("\n") else there + "\n"
    return start + "".join(f"{line}\n" for line in missing)


def install_words() -> str:
    """What pip is told in CI, so that it installs the very same."""
    try:
        written = distribution("chatbot-qa").read_text("direct_url.json")
    except PackageNotFoundError:
        return OWNERLESS
    if written is None:
        return f"chatbot-qa=={__version__}"
    origin = json.loads(written)
    commit = origin.get("vcs_info", {}).get("commit_id")
    return f"git+{origin['url']}@{commit}" if commit else OWNERLESS


def workflow_text(secret: str, folder: str) -> str:
    """A GitHub workflow that lints and runs the suites; ``folder`` is seen from the root."""
    kept = scalar(f"{folder}/chatbot-qa-run" if folder else "chatbot-qa-run")
    inside = _INSIDE.format(folder=scalar(folder)) if folder else ""
    key = _KEY.format(name=secret) if secret else ""
    return _WORKFLOW.format(install=quote(install_words()), inside=inside, key=key, kept=kept)


_INSIDE: Final = """\
    defaults:
      run:
        working-directory: {folder}
"""

_KEY: Final = """\
        env:
          {name}: ${{{{ secrets.{name} }}}}
"""

_WORKFLOW: Final = """\
# The suites against the bot: the exit code is the gate, the run folder is for people.
name: chatbot-qa

on:
  push:
    branches: [main]
  pull_request:
  workflow_dispatch:

permissions: {{}}

concurrency:
  group: chatbot-qa-${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: true

jobs:
  suites:
    name: suites
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
{inside}\
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.13"
      - run: python -m pip install --quiet {install}
      - run: chatbot-qa lint suites --format github
      - run: chatbot-qa run suites --out chatbot-qa-run --report html --report junit
{key}\
      - name: keep the run folder
        if: ${{{{ !cancelled() }}}}
        uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
        with:
          name: chatbot-qa-run
          path: {kept}
          if-no-files-found: ignore
          retention-days: 14
"""
