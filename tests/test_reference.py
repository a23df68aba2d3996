"""``docs/checks.md`` and ``docs/suites.md``: as the code makes them, every example of them run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot_qa.checks.base import judge
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.pipeline import examples, reference
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.shape import CaseExtras, ConfigKeys, SuiteKeys, TurnExtras, keys
from chatbot_qa.spec.variables import Scope
from tests.checks.test_examples import FITS
from tests.pipeline.conftest import Command, command, here
from tests.readme import Block, blocks

__all__ = ["command", "here"]

DOCS = Path(__file__).parents[1] / "docs"
CHECKS = DOCS / "checks.md"
SUITES = DOCS / "suites.md"
REGISTRY = Registry()
OURS = [
    spec for spec in REGISTRY.checks if spec.function.__module__.startswith("chatbot_qa.checks.")
]
TURN = """\
suite: s
conversations:
  - id: a
    turns:
      - say: It is 98187.
        expect:
"""


def headed(page: Path) -> Iterator[tuple[str, Block]]:
    """Each example with the heading that it stands under."""
    lines = page.read_text("utf-8").splitlines()
    for block in blocks(page):
        above = [line for line in lines[: block.line] if re.match("#+ ", line)]
        yield above[-1].lstrip("# "), block


@pytest.mark.parametrize("name", ["checks.md", "suites.md"])
def test_the_page_is_as_the_code_makes_it(name: str) -> None:
    made = reference.pages(REGISTRY)[name]
    assert (DOCS / name).read_text("utf-8") == made, "make docs writes it anew"


def test_every_check_is_on_the_page_with_its_example() -> None:
    assert {spec.name for spec in OURS} <= {heading for heading, _ in headed(CHECKS)}


def read(block: Block, folder: Path, name: str = "suite.yaml") -> Path:
    file = folder / name
    file.write_text(block.text, encoding="utf-8")
    return file


@pytest.mark.parametrize(("heading", "block"), list(headed(CHECKS)), ids=lambda one: str(one)[:30])
def test_an_example_of_a_check_can_be_pasted_and_judges(
    heading: str, block: Block, tmp_path: Path
) -> None:
    file = tmp_path / "suite.yaml"
    whole = heading in REGISTRY.checks.names and "turn" not in REGISTRY.checks[heading].scopes
    head = TURN.replace("        expect:", "    expect:") if whole else TURN
    file.write_text(head + textwrap.indent(block.text, " " * 10), encoding="utf-8")
    found = load([file], REGISTRY)
    assert [one.message for one in found.errors] == []
    (case,) = cases(found.suites[0], Scope(1, datetime(2024, 5, 20, tzinfo=UTC)))
    first = (case.expect if whole else case.turns[0].expect)[0]
    if heading not in FITS:
        assert heading == "Checks" or REGISTRY.checks[heading].asks  # it is a model's to judge
        return
    right, wrong = FITS[heading]
    assert judge(first, right).outcome is Outcome.PASSED
    assert judge(first, wrong).outcome is Outcome.FAILED


def suites() -> list[Block]:
    return [one for _, one in headed(SUITES) if "conversations:" in one.text]


@pytest.mark.parametrize("block", suites(), ids=lambda one: f"line {one.line}")
def test_the_example_of_a_suite_has_no_mistakes_and_runs(
    block: Block, command: Command, here: Path
) -> None:
    read(block, here)
    linted = command("lint", "suite.yaml")
    assert linted.out.startswith("no mistakes in 1 suite"), linted.all
    if "bot.example.com" in block.text:  # nobody answers its requests
        return
    ran = command("run", "suite.yaml", "--quiet")
    assert ran.code == 0, ran.all


def configurations() -> list[Block]:
    return [one for _, one in headed(SUITES) if "targets:" in one.text]


@pytest.mark.parametrize("block", configurations(), ids=lambda one: f"line {one.line}")
def test_the_example_of_a_configuration_is_read(block: Block, tmp_path: Path) -> None:
    config, wrong = load_config(read(block, tmp_path, "chatbot-qa.yaml"), REGISTRY)
    assert [one.message for one in wrong] == []
    assert config.targets


def test_every_kind_of_target_has_an_example() -> None:
    ours = {kind.name for kind in REGISTRY.targets if kind.make.__module__.startswith("chatbot_qa")}
    assert examples.KINDS.keys() == ours
    for name, text in examples.KINDS.items():
        assert f"kind: {name}\n" in text


@pytest.mark.parametrize("page", [CHECKS, SUITES], ids=lambda page: page.name)
def test_it_is_in_words_and_tables_are_tables(page: Path) -> None:
    text = page.read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows
    assert [row for row in rows if len(re.findall(r"(?<!\\)\|", row)) != 4] == []
    assert re.findall(r"\w+\(\w+=|<class|object at|typing\.", text) == []


def test_every_example_is_looked_at() -> None:
    assert len(suites()) == 3
    assert len(list(headed(SUITES))) == len(configurations()) + 3


def test_every_key_is_on_the_page() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", SUITES.read_text("utf-8"), re.M))
    shapes = [SuiteKeys, CaseExtras, TurnExtras, ConfigKeys]
    shapes += [kind.case_type for kind in REGISTRY.kinds]
    shapes += [kind.options for kind in REGISTRY.targets]
    assert {key.name for shape in shapes for key in keys(shape)} - told == set()


@pytest.mark.parametrize("page", [CHECKS, SUITES], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    anchors = [re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings]
    assert len(anchors) == len(set(anchors))
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links
    assert links <= set(anchors)


def test_pages_of_ones_own(command: Command, here: Path) -> None:
    (here / "mine").mkdir()
    done = command("checks", "--pages", "mine")
    assert done.code == 0
    assert done.out.splitlines() == ["mine/checks.md", "mine/suites.md"]
    assert (here / "mine" / "checks.md").read_text("utf-8") == reference.pages(REGISTRY)[
        "checks.md"
    ]
    assert command("checks", "--pages", "nowhere").code == 2
    assert command("checks", "contains", "--pages", "mine").code == 2
