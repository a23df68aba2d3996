"""docs/attacks.md is true: its suites have no mistake, its tables are those of the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from chatbot_qa.attacks.library import families
from chatbot_qa.attacks.wording import MARKS
from chatbot_qa.domain.attack import Aim
from chatbot_qa.examine.attack_case import CONVERTERS as DEFAULT
from chatbot_qa.examine.attack_case import COUNTING, SEARCHING
from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import load
from chatbot_qa.text.converters import CONVERTERS

PAGE = (Path(__file__).parents[2] / "docs" / "attacks.md").read_text(encoding="utf-8")
SUITES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", SUITES)
def test_a_suite_of_the_page_has_no_mistake(text: str, tmp_path: Path) -> None:
    suite = tmp_path / "suite.yaml"
    suite.write_text(f"suite: Page\ntarget: demo\n{text}", encoding="utf-8")
    loaded = load([suite], Registry())
    assert [one.message for one in loaded.diagnostics] == []
    assert loaded.suites


def test_every_family_stands_on_the_page_with_what_it_holds() -> None:
    assert len(SUITES) == 4
    for one in families():
        owasp = ", ".join(sorted({each.owasp for each in one.members}))
        atlas = ", ".join(sorted({each.atlas for each in one.members}))
        row = f"| `{one.family}` | {len(one.attacks)} | {one.about} | {owasp} | {atlas} |"
        assert row in PAGE


def test_every_disguise_mark_and_aim_stands_on_the_page() -> None:
    for name in (*CONVERTERS, *DEFAULT):
        assert re.search(rf"\b{name}\b", PAGE)
    for mark in MARKS:
        assert f"`{{{mark}}}`" in PAGE
    for aim in get_args(Aim):
        assert f"`{aim}`" in PAGE


def test_the_shares_on_the_page_are_those_of_the_code() -> None:
    for name, shares in (("with `at_most:`", COUNTING), ("without", SEARCHING)):
        row = f"| {name} | {shares.audit:.0%}"
        assert row in PAGE
        assert f"| {shares.twins:.0%} |" in PAGE
