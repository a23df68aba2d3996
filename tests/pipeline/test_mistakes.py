"""``run`` and ``lint`` tell all mistakes at once, those of targets in their place among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_qa.errors import SuiteError
from chatbot_qa.pipeline.lint import lint
from chatbot_qa.pipeline.options import Asked, RunOptions
from chatbot_qa.pipeline.prepare import prepare
from chatbot_qa.registry import Registry

SUITE = """\
suite: Returns
owner: ${team}
target: dmeo
conversations:
  - id: asks
    turns:
      - say: hi
        expect:
          - language: english
"""
TOLD = [("not-filled-in", 2, 8), ("unknown-target", 3, 9), ("bad-argument", 9, 23)]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    file = tmp_path / "returns.yaml"
    file.write_text(SUITE, encoding="utf-8")
    return file


def places(diagnostics: object) -> list[tuple[str, int, int]]:
    assert isinstance(diagnostics, list | tuple)
    return [(one.code, one.where.line, one.where.column) for one in diagnostics]


def test_lint_tells_them_by_line(suite: Path) -> None:
    assert places(lint((suite,), None).diagnostics) == TOLD


@pytest.mark.parametrize(("target", "told"), [(None, TOLD), ("demo", [TOLD[0], TOLD[2]])])
def test_a_run_tells_them_too_but_for_a_target_that_it_does_not_need(
    suite: Path, target: str | None, told: list[tuple[str, int, int]]
) -> None:
    options = RunOptions(paths=(suite,), asked=Asked(target=target))
    with pytest.raises(SuiteError) as raised:
        prepare(options, {}, Registry())
    assert places(raised.value.diagnostics) == told
