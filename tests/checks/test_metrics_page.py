"""The pages on references and fine-tuning data are true."""

from __future__ import annotations

import re
from pathlib import Path

from chatbot_qa.registry import Registry
from chatbot_qa.spec.load import load
from tests.readme import ROOT, blocks

METRICS = ROOT / "docs" / "metrics.md"
DATA = ROOT / "docs" / "lint-data.md"


def test_the_suite_on_the_page_has_no_mistakes(tmp_path: Path) -> None:
    (block,) = [one for one in blocks(METRICS) if one.language == "yaml"]
    path = tmp_path / "metrics.yaml"
    path.write_text(block.text)
    loaded = load([path], Registry())
    assert loaded.diagnostics == ()
    (suite,) = loaded.suites
    assert len(suite.declared) == 3


def test_every_check_of_the_page_is_there() -> None:
    named = re.findall(r"^\| `(\w+)` \|", METRICS.read_text(), re.MULTILINE)
    assert len(named) == 8
    assert {*named} <= {*Registry().checks.names}


def test_every_problem_of_the_page_is_told_by_the_code_and_the_other_way_round() -> None:
    table = DATA.read_text().split("| option |")[0]
    told = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z0-9-]+)`", line.split("|")[1])
    }
    code = "".join(
        path.read_text() for path in (ROOT / "chatbot_qa" / "pipeline").glob("lint_data*.py")
    )
    known = set(re.findall(r'(?:Problem\(|where, |code = |1\), )"([a-z0-9-]+)"', code))
    known |= {"nearly-duplicate-row", "duplicate-row"}
    assert told == known
