"""What YAML says of broken YAML, in words for a person who did not come to learn YAML.

libyaml and the pure parser word the same mistake differently; the needles fit both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml
from msgspec import Struct

from chatbot_qa.spec.indents import lines_up, with_colon, without_colon


class Explained(Struct, frozen=True):
    """A mistake in YAML: where (from 1), a stable code, what is wrong, how to mend it."""

    line: int
    column: int
    code: str
    message: str
    hint: str


class _Rule(Struct, frozen=True):
    needle: re.Pattern[str]
    code: str
    message: str
    hint: str
    at_start: bool = False
    """Whether it is shown where the construct began, not where the parser gave up."""


def _rule(needle: str, code: str, message: str, hint: str, *, at_start: bool = False) -> _Rule:
    return _Rule(re.compile(needle, re.IGNORECASE), code, message, hint, at_start)


_KEY_LINE = re.compile(r"[ ]*(?:- +)*[\w-]+$")
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

_QUOTE_IT = 'put the whole text in quotes: "…"'

_NO_KEY = "this line has no key: `key: value` or `- item` was expected"

_RULES = (
    _rule(
        r"tab character|character '\\t'",
        "tab",
        "a tab stands where YAML wants spaces",
        "indent with spaces, two a level; most editors can replace the tabs",
    ),
    _rule(
        r"quoted scalar.*(end of stream|document (indicator|separator))",
        "unclosed-quote",
        "this quote is never closed",
        "close it, or put a text that holds such a quote in quotes of the other sort",
        at_start=True,
    ),
    _rule(
        r"escape|hexa?decimal",
        "bad-escape",
        "a backslash in double quotes begins an escape, and YAML knows none of this name",
        "use single quotes, in which a backslash stands for itself: '…'",
    ),
    _rule(
        r"expected ',' or ']'",
        "unclosed-bracket",
        "this [ is never closed, or a comma is missing in it",
        "close it with ], or write the list as lines that begin with a dash",
        at_start=True,
    ),
    _rule(
        r"expected ',' or '}'",
        "unclosed-bracket",
        "this { is never closed, or a comma is missing in it",
        "close it with }, or write each key on a line of its own",
        at_start=True,
    ),
    _rule(
        r"could not find expected ':'",
        "missing-colon",
        _NO_KEY,
        "is a colon missing, or does the line belong to a text above? "
        "A text of several lines begins with `|` after its key",
        at_start=True,
    ),
    _rule(
        r"scanning an (alias|anchor)",
        "special-character",
        "a text cannot begin with * or & in YAML",
        _QUOTE_IT,
        at_start=True,
    ),
    _rule(
        r"cannot start any token",
        "special-character",
        "a text cannot begin with this character in YAML",
        _QUOTE_IT,
    ),
    _rule(
        r"tag handle|scanning a tag|parsing a tag",
        "yaml-tag",
        "a text that begins with ! is a YAML tag, and no tag is obeyed here",
        _QUOTE_IT,
    ),
    _rule(
        r"block scalar",
        "block-text",
        "after | or > the text begins on the next line",
        'move the text to the next line, further in; or quote it: "> …"',
    ),
    _rule(
        r"sequence entries are not allowed",
        "misplaced-dash",
        "a list cannot begin behind a key on the same line",
        "move the dash to the next line, further in; a text that begins with a dash is quoted",
    ),
    _rule(
        r"directive|YAML document|document start",
        "yaml-directive",
        "YAML takes this for a directive or for the end of the document",
        "a line of text must not begin with % or ---; indent it under its key",
    ),
    _rule(
        r"node content",
        "misplaced-bracket",
        "a value was expected here",
        "is there a comma or a bracket too many, or one too few?",
    ),
    _rule(
        r"parsing a block collection",
        "wrong-indent",
        "this line stands among the items of a list but does not begin with a dash",
        "indent it as far as the keys of the item above, or begin it with `- `",
    ),
    _rule(
        r"parsing a block mapping",
        "wrong-indent",
        "this line fits neither the key above it nor the list around it",
        "line it up with the keys that it belongs to; "
        "if a text above it begins with a quote, the quote must end the text as well",
    ),
)

_DEEPER = (
    "wrong-indent",
    "this key stands further in than the one above it, which has a value already",
    "line it up with the key above",
)
_COLON = (
    "colon-in-text",
    "a colon followed by a space makes a key of the words before it",
    _QUOTE_IT,
)
_UNKNOWN = ("yaml", "this is not YAML", "look at the indent and at the quotes around here")


def explain(error: yaml.YAMLError | UnicodeEncodeError, text: str) -> Explained:
    """An error of either YAML parser about ``text``, in words."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _unprintable(text)
    problem, start = error.problem_mark, error.context_mark
    mark = problem or start
    if mark is None:
        return Explained(1, 1, *_UNKNOWN)
    said = f"{error.context or ''}: {error.problem or ''}"
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line[mark.column : mark.column + 1] == "\t":
        said = "tab character"
    if "mapping values" in said or "mapping keys" in said:
        before = line[: mark.column]
        alone = _KEY_LINE.match(before) and "- " not in before
        bare = without_colon(lines, mark.line) if alone else None
        if bare is not None:
            indent = len(lines[bare]) - len(lines[bare].lstrip(" -"))
            fixed = with_colon(lines[bare], known=False)
            hint = f"is a colon missing, as in `{fixed}`?"
            return Explained(bare + 1, indent + 1, "missing-colon", _NO_KEY, hint)
        column = len(before) - len(before.lstrip()) if alone else mark.column
        return Explained(mark.line + 1, column + 1, *(_DEEPER if alone else _COLON))
    for rule in _RULES:
        if rule.needle.search(said):
            shown = start if rule.at_start and start is not None else mark
            hint = _mend(rule, lines, shown.line, mark.line) or rule.hint
            return Explained(shown.line + 1, shown.column + 1, rule.code, rule.message, hint)
    return Explained(mark.line + 1, mark.column + 1, *_UNKNOWN)


def _mend(rule: _Rule, lines: Sequence[str], begun: int, stray: int) -> str:
    """How to mend the very line that is wrong; "" where that is not known.

    ``begun`` and ``stray`` are lines from 0: where it began, and where the parser gave up.
    """
    if max(begun, stray) >= len(lines):
        return ""
    if rule.code == "missing-colon" and (better := with_colon(lines[begun])):
        return f"is a colon missing, as in `{better}`?"
    if rule.code == "wrong-indent":
        return lines_up(lines, stray, item="`- `" in rule.hint)
    return ""


def _unprintable(text: str) -> Explained:
    found = _UNPRINTABLE.search(text)
    begin = found.start() if found else 0
    line = text.count("\n", 0, begin) + 1
    column = begin - (text.rfind("\n", 0, begin) + 1) + 1
    code = ord(text[begin]) if text else 0
    return Explained(
        line,
        column,
        "control-character",
        f"an invisible character (U+{code:04X}) stands here, which YAML does not allow",
        f'delete it, or write it in double quotes as "\\x{code:02X}"',
    )
