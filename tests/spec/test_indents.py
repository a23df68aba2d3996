"""What is told of a line that does not line up, or lacks its colon."""

from __future__ import annotations

import pytest

from chatbot_qa.spec.indents import lines_up, with_colon, without_colon

TURNS = """\
    turns:
    - say: Hello
      expect:
      - contains: Hello
     - say: Again"""


def told(text: str, *, item: bool = False) -> str:
    lines = text.split("\n")
    return lines_up(lines, len(lines) - 1, item=item)


def test_a_line_is_meant_for_one_that_begins_with_the_same_key() -> None:
    assert told(TURNS) == "move it 1 space to the left, below `- say: Hello` of line 2"


def test_where_no_key_is_the_same_the_nearest_is_meant() -> None:
    text = TURNS.replace("     - say: Again", "     save:")
    assert told(text) == "move it 1 space to the right, below `expect:` of line 3"


def test_a_dash_is_meant_for_a_dash() -> None:
    text = "- say: Hello\n  expect:\n   - contains: Hello\n  - answers"
    assert told(text) == "move it 1 space to the right, below `- contains: Hello` of line 3"


def test_what_was_ended_since_is_not_gone_on_with() -> None:
    text = "a:\n      deep: 1\nb:\n  c: 1\n     deep: 2"
    assert told(text) == "move it 3 spaces to the left, below `c: 1` of line 4"


def test_blank_lines_and_comments_are_passed_over() -> None:
    text = TURNS.replace("      expect:", "\n# a comment\n      expect:")
    assert told(text).endswith("below `- say: Hello` of line 2")


def test_a_key_that_its_item_has_already_lacks_its_dash() -> None:
    text = "expect:\n  - contains: Hello\n  contains: again"
    assert told(text, item=True) == "begin it with `- `, as `- contains: Hello` of line 2 does"
    other = text.replace("contains: again", "because: it is polite")
    assert told(other, item=True) == (
        "move it 2 spaces to the right, below `- contains: Hello` of line 2, or begin it with `- `"
    )


@pytest.mark.parametrize(
    "text",
    [
        '- say: "Hello\n - say: Again',  # the quote may be what is wrong
        " - say: Hello",  # nothing stands above
        "say: Hello\nsay: again",  # it lines up as it is
    ],
)
def test_where_nothing_is_known_nothing_is_said(text: str) -> None:
    assert told(text) == ""


def test_a_long_line_is_cut() -> None:
    told_of = told(f"- say: {'x' * 90}\n - say: y")
    assert f"`- say: {'x' * 33}…` of line 1" in told_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("suite Returns\ntarget: demo", 0),
        ("suite: Returns\ntarget: demo", None),
        ("- say Hello\n  expect:", 0),
        ("- say Hello\n\n  # why\n  expect:", 0),
        ("- say Hello\n    expect:", None),
        ('- "say Hello"\n  expect:', None),
        ("target: demo", None),
    ],
)
def test_the_line_above_that_has_no_colon(text: str, found: int | None) -> None:
    lines = text.split("\n")
    assert without_colon(lines, len(lines) - 1) == found


def test_a_colon_is_put_behind_the_first_word() -> None:
    assert with_colon("  - say Hello again") == "say: Hello again"
    assert with_colon("  expect") == "expect:"
    assert with_colon("target = demo") == "target: demo"
    assert with_colon("- say： Hello") == "say: Hello"
    assert with_colon("Hello again") == ""
    assert with_colon("Hello again", known=False) == "Hello: again"
