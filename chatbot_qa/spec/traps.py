"""One value on its line: what YAML would make of it that its author did not mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatbot_qa.spec.brackets import STARTS, is_reference, read_brackets
from chatbot_qa.spec.keywords import KEYS
from chatbot_qa.spec.page import (
    IN_QUOTES,
    OTHER_QUOTES,
    Edit,
    Page,
    Trap,
    hash_in,
    without_comment,
)
from chatbot_qa.spec.quotes import (
    CLOSED,
    SINGLE_QUOTES,
    about_backslash,
    in_single_quotes,
    lost_backslashes,
    quoted,
)

COLON: Final = "a colon with a space after it makes a key of what stands before it"
_HOLDS_KEYS: Final = re.compile(
    r"(?:not_)?(?:all_of|any_of|contains_any|contains_all|one_of)|say_each|secrets|include|parts|expected_failure|quarantine|expect|expect_each_reply|save|vars|defaults|phrases|examples|turns|"
    r"conversations|matrix|links|tags|target"
)
"""Keys whose value is no text, so that more keys or items on their line were meant as such."""

LINE: Final = re.compile(
    r"""(?P<lead>\ *(?::\ +)?(?:[-?]\ +)*)
        (?:(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'
            |[^\s"'\[{!&*\#|>@`%,\]}](?:(?!\ \#)[^\n])*?)[ \t]*:(?=[ \t]|$)[ \t]*)?
        (?P<value>.*)""",
    re.VERBOSE,
)
_NO_SPACE_AFTER_DASH: Final = re.compile(rf"-(?:{KEYS})")
_NO_SPACE: Final = re.compile(rf"(?:{KEYS}):(?=[^\s/])")
_ADVICE: Final = {
    "text-cut": "put the text in quotes (a comment has a space after its #)",
    "smart-quotes": "write straight quotes; curly ones that belong to the text go inside them",
    "no-space": "write a space after the colon",
}
_SPACE_AFTER_DASH: Final = "write a space after the dash"
_KEYS_BELOW: Final = "write it on the lines below, further in, or in brackets"
_CURLY_INSIDE: Final = re.compile("[“”„‘]")
_LABEL: Final = re.compile(r"(?:![!\w:/.-]*|&[\w-]+)(?:[ \t]+|$)")
_BEHIND: Final = re.compile(r"[ \t]*(?:$|\n|[ \t]#)")
_COLON: Final = re.compile(r":(?=[ \t]|$)")
_BLOCK: Final = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])(?:[ \t]+#.*)?[ \t]*$")
_CURLY: Final = {"“": "”", "„": "“”", "‘": "’"}
_APOSTROPHE: Final = re.compile(r"'(?:tis|twas|cause|em|til|round|n|bout|\d)", re.IGNORECASE)


def is_open(begins: re.Match[str]) -> bool:
    """Whether a line ends in an unquoted text, which the next lines may go on with."""
    value = begins["value"]
    text = without_comment(value)
    return bool(text) and text[0] not in "\"'[{|>" and text == value.rstrip()


def parent_of(begins: re.Match[str]) -> int:
    """The column that the rest of a line's value must be to the right of."""
    lead = begins["lead"]
    if begins["key"] is not None:
        return len(lead)
    marks = lead.rstrip()
    return len(marks) - 1 if marks else len(lead) - 1


def begins_something(line: str) -> bool:
    """Whether a line begins a key or an item."""
    found = LINE.fullmatch(line)
    return bool(found and (found["key"] or "-" in found["lead"]))


def read_value(page: Page, number: int, found: re.Match[str]) -> None:
    """Look at the value of a line that was taken apart by ``LINE``, and note what is wrong."""
    if found["key"] and _NO_SPACE_AFTER_DASH.fullmatch(found["key"]):
        dash = found.start("key")
        page.trap(
            Trap(number, dash, "no-space", "a space is missing after this dash", _SPACE_AFTER_DASH),
            Edit(number, dash + 1, dash + 1, " "),
        )
        return
    _Value(page, number, found).read(found.start("value"))


class _Value:
    """The value of one line: its beginning decides how it is read."""

    def __init__(self, page: Page, number: int, found: re.Match[str]) -> None:
        self.page, self.number, self.found = page, number, found
        self.key: str | None = found["key"]
        self.line = page.lines[number]
        self.parent = parent_of(found)

    def read(self, column: int) -> None:
        """Read the value from a column on."""
        self.column = column
        self.value = self.line[column:]
        start = self.value[:1]
        if start in CLOSED:
            self.quoted(start)
        elif start in ("|", ">"):
            self.block()
        elif start in ("[", "{"):
            self.brackets(start)
        elif start in ("&", "!") and (behind := self.label()):
            self.read(column + behind)
        elif start:
            self.plain()

    def label(self) -> int:
        """How long the tag or anchor is that stands before the value; 0 where it is text."""
        found = _LABEL.match(self.value)
        if not found:
            return 0
        if self.value[0] == "&" and self.value[found.end() : found.end() + 1] in ("[", "{"):
            return found.end()
        if self.value.startswith("!!") or is_reference(self.page, self.value):
            return found.end()
        return found.end() if found.end() == len(self.value) and self.nested() else 0

    def nested(self) -> bool:
        """Whether lines below belong to this key, so that nothing needs to stand behind it."""
        return next(self.page.below(self.number, self.parent), None) is not None

    def wrong(self, offset: int, code: str, message: str, better: str, advice: str = "") -> None:
        """Note that the text, up to the comment behind it, is to be written otherwise."""
        start = self.column
        end = start + len(without_comment(self.value))
        self.page.trap(
            Trap(self.number, start + offset, code, message, advice or IN_QUOTES),
            Edit(self.number, start, end, better),
        )

    def plain(self) -> None:
        text = without_comment(self.value)
        first = min(self.faults(text), default=None)
        if first:
            offset, code, message = first
            better = self.better(text, code)
            advice = _ADVICE.get(code, IN_QUOTES)
            self.wrong(
                offset, code, message, better, advice if better[:1] not in "[{" else _KEYS_BELOW
            )

    def faults(self, text: str) -> Iterator[tuple[int, str, str]]:
        """Where and what is wrong with a text without quotes."""
        start = text[:1]
        if start in STARTS and not is_reference(self.page, text):
            yield 0, "special-character", STARTS[start]
        if self.key is not None and re.match(r"[-?](?:\s|$)", text):
            yield (
                0,
                "misplaced-dash",
                f"a list does not begin on the line of its key, and no text begins with `{start} `",
            )
        if start == ":" and text[1:2] in ("", " "):
            yield 0, "special-character", "no text may begin with a colon and a space in YAML"
        cut = hash_in(text)
        if cut > 0 or (cut == 0 and not self.nested()):
            yield cut, "text-cut", "YAML cuts the text off at this `#`"
        colon = _COLON.search(text)
        if colon and self.key is not None:
            yield colon.start(), "colon-in-text", COLON
        if (
            text[-1:] in _CURLY.get(start, "")
            and len(text) > 2
            and not _CURLY_INSIDE.search(text[1:-1])
        ):
            yield (
                0,
                "smart-quotes",
                "these curly quotes are no quotes for YAML, and would be part of the text",
            )
        space = _NO_SPACE.match(text) if self.key is None else None
        if space:
            yield space.end() - 1, "no-space", "a space is missing after this colon"

    def better(self, text: str, code: str) -> str:
        """The text as it should be written."""
        if code == "no-space":
            key, _, value = text.partition(":")
            return f"{key}: {value}"
        if code == "smart-quotes":
            return quoted(text[1:-1])
        item = text.removeprefix("- ")
        if _HOLDS_KEYS.fullmatch(self.key or "") and not re.search(r"[\[\]{},#\"']", item):
            inner = f"{{{item}}}" if _COLON.search(item) else item
            return f"[{inner}]" if item != text else inner
        return quoted(text)

    def block(self) -> None:
        if _BLOCK.match(self.value):
            lines = self.page.lines
            end = self.number + 1
            while end < len(lines) and self.inside(lines[end]):
                end += 1
            self.page.next = end
            if not any(map(str.strip, lines[self.number + 1 : end])):
                self.nothing_below()
            return
        text = without_comment(self.value)
        message = f"`{text[0]}` at the beginning opens a block of text on the lines below it"
        self.wrong(0, "block-text", message, quoted(text))

    def nothing_below(self) -> None:
        """A block without text: its lines stand too far out, or its mark is the text."""
        mark = self.value[0]
        message = f"`{mark}` opens a block of text, and no line below is further in than its key"
        below = list(self.too_far_out())
        if not below:
            advice = f"begin the text on the next line; where `{mark}` is the text, quote it"
            self.wrong(0, "empty-block", message, f'"{mark}"', advice)
            return
        advice = "move the lines of the text further in than the key above them"
        self.page.trap(
            Trap(self.number, self.column, "empty-block", message, advice, paste=False),
            *(Edit(at, 0, 0, " " * (self.parent + 2)) for at in below),
        )
        self.page.next = below[-1] + 1

    def too_far_out(self) -> Iterator[int]:
        """The lines below that are no keys and no items, and so must be the block's text."""
        for at in range(self.number + 1, len(self.page.lines)):
            line = self.page.lines[at]
            if not line.strip() or begins_something(line):
                return
            yield at

    def inside(self, line: str) -> bool:
        """Whether a line below belongs to the value."""
        text = line.lstrip(" ")
        return not text.strip() or len(line) - len(text) > self.parent

    def brackets(self, opening: str) -> None:
        page = self.page
        text = without_comment(self.value)
        traps, edits = len(page.traps), len(page.edits)
        behind = None
        if not self.value.startswith(("{{", "{%")):
            behind = read_brackets(page, self.number, self.column, self.parent)
        if behind is None:
            self.unclosed_bracket(opening, text)
            return
        end, column = behind
        rest = page.lines[end][column:]
        if not rest.strip() or re.match(r"[ \t]+#", rest):
            page.next = end + 1 if end > self.number else page.next
            return
        del page.traps[traps:], page.edits[edits:]
        what = "a list" if opening == "[" else "data"
        self.wrong(
            0,
            "special-character",
            f"a text that begins with `{opening}` is {what} in YAML",
            quoted(text),
        )

    def unclosed_bracket(self, opening: str, text: str) -> None:
        if text.startswith(("{{", "{%")):
            message = "a text that begins with `{` is data in YAML"
            self.wrong(0, "special-character", message, quoted(text))
            return
        message = f"this `{opening}` is never closed"
        if _HOLDS_KEYS.fullmatch(self.key or ""):
            better, advice = text + ("]" if opening == "[" else "}"), "close it"
        else:
            better, advice = quoted(text), "close it, or, where it is text, put that in quotes"
        self.wrong(0, "unclosed-bracket", message, better, advice)

    def quoted(self, mark: str) -> None:
        lines = self.page.lines
        closed = CLOSED[mark].match(self.value)
        if closed:
            self.closed(mark, closed.group(), self.value[closed.end() :], closed.end())
            return
        end = self.number + 1
        while end < len(lines) and (self.inside(lines[end]) or not begins_something(lines[end])):
            end += 1
        text = "\n".join((self.value, *lines[self.number + 1 : end]))
        closed = CLOSED[mark].match(text)
        if closed and _BEHIND.match(text, closed.end()):
            self.page.next = self.number + 1 + closed.group().count("\n")
            if mark == '"':
                self.escapes(closed.group())
            return
        self.unclosed(mark)

    def unclosed(self, mark: str) -> None:
        text = without_comment(self.value)
        if text[-1] in CLOSED and len(text) > 2:
            message = "this text begins with one sort of quote, and ends with the other"
            self.wrong(0, "unclosed-quote", message, quoted(text[1:-1]), "use the same sort twice")
            return
        if mark == "'" and _APOSTROPHE.match(text):
            message = "this apostrophe opens a text in quotes, which is never closed"
            self.wrong(0, "unclosed-quote", message, quoted(text))
            return
        message, advice = "this quote is never closed", "close it where the text ends"
        self.wrong(0, "unclosed-quote", message, quoted(text[1:]), advice)

    def closed(self, mark: str, inside: str, rest: str, behind: int) -> None:
        """A quoted text that ends on its line."""
        if not rest.strip() or re.match(r"[ \t]+#", rest):
            if mark == '"' and "\\" in inside:
                self.escapes(inside)
            return
        text = without_comment(self.value)
        inner = text[1:-1]
        around = re.match(rf"[^{mark}]*(?:\s{mark}|{mark}\w)", inner)
        whole = text[-1] == mark and around
        self.wrong(
            behind,
            "text-after-quote",
            "the quoted text ends before this, and yet the line goes on",
            quoted(inner.replace(mark * 2, mark) if whole else text),
            OTHER_QUOTES,
        )

    def escapes(self, text: str) -> None:
        """Backslashes in double quotes that YAML refuses, or takes for something else."""
        lost = lost_backslashes(text, self.key or "")
        if not lost:
            return
        message = about_backslash(text, lost[0])
        if "\n" not in text:
            self.wrong(lost[0], "bad-escape", message, in_single_quotes(text), SINGLE_QUOTES)
            return
        trap = Trap(self.number, self.column, "bad-escape", message, SINGLE_QUOTES, paste=False)
        self.page.trap(trap)
        for at in lost:
            row = text.count("\n", 0, at)
            column = at - (text.rfind("\n", 0, at) + 1) + (0 if row else self.column)
            self.page.edits.append(Edit(self.number + row, column, column, "\\"))
