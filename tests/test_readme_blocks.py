"""The reader of the README's blocks sees what a person sees."""

from __future__ import annotations

import pytest

from tests.readme import Block, shows


def test_a_block_is_its_commands_with_what_they_print() -> None:
    block = Block(1, "console", "$ one --two\nprinted\n…\n$ three\n", {})
    assert list(block.commands()) == [("one --two", ["printed", "…"]), ("three", [])]


@pytest.mark.parametrize(
    ("shown", "printed", "holds"),
    [
        (["a"], "a\n", True),
        (["a"], "b\n", False),
        (["a"], "a\nb\n", False),
        (["a", "…"], "a\nb\nc\n", True),
        (["…", "c"], "a\nb\nc\n", True),
        (["…"], "", True),
        (["a … c."], "a b c.\n", True),
        (["a.c"], "abc\n", False),
        ([], "a\n", False),
    ],
)
def test_an_ellipsis_stands_for_anything(shown: list[str], printed: str, holds: bool) -> None:
    assert shows(shown, printed) is holds
