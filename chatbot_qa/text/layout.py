"""In what form a reply comes: JSON, a table, code, a list, one line, plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Literal

from chatbot_qa.text.json_in import NotJson, json_in

Layout = Literal["json", "table", "code", "list", "one line", "plain text"]

READ = 20_000
"""Characters that are read: a form shows early."""

_ITEM = re.compile(r"^\s{0,8}(?:[-*•–]|\d{1,3}[.)])\s+\S")
_TABLE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*$")
_MARKUP = re.compile(
    r"^\s{0,3}#{1,6}\s+\S|^\s{0,3}>\s|```|~~~|\*\*\S|__\S|`[^`\n]+`|\[[^\]\n]+\]\([^)\n]+\)|"
    r"</?(?:b|i|p|ul|ol|li|br|div|span|table|strong|em|h[1-6]|a)\b[^>\n]*>",
    re.MULTILINE | re.IGNORECASE,
)


def _lines(text: str) -> list[str]:
    return [line for line in text[:READ].splitlines() if line.strip()]


def _json(text: str) -> bool:
    try:
        json_in(text)
    except NotJson:
        return False
    return True


def _table(text: str) -> bool:
    pairs = pairwise(_lines(text))
    return any("|" in above and _TABLE.match(line) for above, line in pairs)


def _code(text: str) -> bool:
    return re.search(r"^\s{0,3}(?:```|~~~)", text[:READ], re.MULTILINE) is not None


def _list(text: str) -> bool:
    """Two items or more, and no more lines beside them than items."""
    lines = _lines(text)
    items = sum(_ITEM.match(line) is not None for line in lines)
    return items >= 2 and items * 2 >= len(lines)


def _one_line(text: str) -> bool:
    return len(_lines(text)) == 1


def _plain(text: str) -> bool:
    return not (_MARKUP.search(text[:READ]) or _list(text) or _table(text))


LAYOUTS: Mapping[Layout, Callable[[str], bool]] = {
    "json": _json,
    "table": _table,
    "code": _code,
    "list": _list,
    "one line": _one_line,
    "plain text": _plain,
}
"""Whether a text comes in a form; the most telling form first."""


def layout(text: str) -> Layout | None:
    """The most telling form that a text comes in; None for running text with marks in it.

    One line of plain text is plain text: that it is one line is nothing to hold a bot to.
    """
    for name, holds in LAYOUTS.items():
        if name != "one line" and holds(text):
            return name
    return None
