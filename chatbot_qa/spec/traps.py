"""One value on its line: what YAML would make of it that its author did not mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatbot_qa.spec.brackets import STARTS, is_reference, read_brackets
from chatbot_qa.spec.page import IN_QUOTES, Edit, Page, Trap, hash_in, quoted, without_comment

COLON: Final = "a colon with a space after it makes a key of what stands before it"
_HOLDS_KEYS: Final = re.compile(
    r"(?:not_)?(?:all_of|any_of)|expect|expect_each_reply|save|vars|defaults|phrases|examples|turns|"
    r"conversations|matrix|links|tags|target"
)
"""Keys whose value is no text, so that more keys or items on their line were meant as such."""

KEYS: Final = (
    "suite|title|target|owner|vars|phrases|defaults|secrets|conversations|id|severity|tags|turns|"
    "say|say_each|expect|save|examples|matrix|links|topic|skip|system|on_failure|because|warn_only|"
    "expect_each_reply|(?:not_)?(?:contains(?:_any|_all)?|equals|matches|starts_with|ends_with|"
    "one_of|similar|length|number|json_schema|json_path|recalls|refuses|answers|leaks|"
    "asks_question|language|latency|first_token|cost|tokens|all_of|any_of)"
)

LINE: Final = re.compile(
    r"""(?P<lead>\ *(?::\ +)?(?:[-?]\ +)*)
        (?:(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'
            |[^\s"'\[{!&*\#|>@`%,\]}](?:(?!\ \#)[^\n])*?)[ \t]*:(?=[ \t]|$)[ \t]*)?
        (?P<value>.*)""",
    re.VERBOSE,
)
_NO_SPACE: Final = re.compile(rf"(?:{KEYS}):(?=[^\s/])")
_ADVICE: Final = {
    "text-cut": "put the text in quotes (a comment has a space after its #)",
    "smart-quotes": "write straight quotes; curly ones that belong to the text go inside them",
    "no-space": "write a space after the colon",
}
_KEYS_BELOW: Final = "write it on the lines below, further in, or in brackets"
_CURLY_INSIDE: Final = re.compile("[“”„‘]")
_LABEL: Final = re.compile(r"(?:![!\w:/.-]*|&[\w-]+)(?:[ \t]+|$)")
_BEHIND: Final = re.compile(r"[ \t]*(?:$|\n|[ \t]#)")
_COLON: Final = re.compile(r":(?=[ \t]|$)")
_BLOCK: Final = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])(?:[ \t]+#.*)?[ \t]*$")
_CURLY: Final = {"“": "”", "„": "“”", "‘": "’"}
_QUOTED: Final = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL),
    "'": re.compile(r"'(?:[^']|'')*+'"),
}
_ESCAPE: Final = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?P<known>[0abtnvfreN_LP \t\n/\\\"])"
    r"|(?P<wrong>.))",
    re.DOTALL,
)
_APOSTROPHE: Final = re.compile(r"'(?:tis|twas|cause|em|til|round|n|bout|\d)", re.IGNORECASE)
_VERBATIM: Final = {"matches": "bPLN_e0afv", "not_matches": "bPLN_e0afv", "file": "abtnvfreN_LP0"}
"""Keys under which a backslash is meant to stay one, with the letters that YAML would take."""


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


def read_value(page: Page, number: int, found: re.Match[str]) -> None:
    """Look at the value of a line that was taken apart by ``LINE``, and note what is wrong."""
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
        if start in _QUOTED:
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
            yield 0, "text-start", STARTS[start]
        if self.key is not None and re.match(r"[-?](?:\s|$)", text):
            yield (
                0,
                "text-start",
                f"a list does not begin on the line of its key, and no text begins with `{start} `",
            )
        if start == ":" and text[1:2] in ("", " "):
            yield 0, "text-start", "no text may begin with a colon and a space in YAML"
        cut = hash_in(text)
        if cut > 0 or (cut == 0 and not self.nested()):
            yield cut, "text-cut", "YAML cuts the text off at this `#`"
        colon = _COLON.search(text)
        if colon and self.key is not None:
            yield colon.start(), "text-colon", COLON
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
        self.wrong(0, "text-start", message, quoted(text))

    def nothing_below(self) -> None:
        mark = self.value[0]
        self.wrong(
            0,
            "empty-block",
            f"`{mark}` opens a block of text, and no line below is further in than its key",
            f'"{mark}"',
            f"move the lines of the text further in; where `{mark}` itself is the text, quote it",
        )

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
            message = "a text that begins with `{` is data in YAML"
            if text[:2] not in ("{{", "{%"):
                message = f"this `{opening}` is never closed"
            self.wrong(0, "text-start", message, quoted(text))
            return
        end, column = behind
        rest = page.lines[end][column:]
        if not rest.strip() or re.match(r"[ \t]+#", rest):
            page.next = end + 1 if end > self.number else page.next
            return
        del page.traps[traps:], page.edits[edits:]
        what = "a list" if opening == "[" else "data"
        self.wrong(
            0, "text-start", f"a text that begins with `{opening}` is {what} in YAML", quoted(text)
        )

    def quoted(self, mark: str) -> None:
        lines = self.page.lines
        closed = _QUOTED[mark].match(self.value)
        if closed:
            self.closed(mark, closed.group(), self.value[closed.end() :], closed.end())
            return
        end = self.number + 1
        while end < len(lines) and self.inside(lines[end]):
            end += 1
        text = "\n".join((self.value, *lines[self.number + 1 : end]))
        closed = _QUOTED[mark].match(text)
        if closed and _BEHIND.match(text, closed.end()):
            self.page.next = self.number + 1 + closed.group().count("\n")
            if mark == '"':
                self.escapes(closed.group())
            return
        self.unclosed(mark)

    def unclosed(self, mark: str) -> None:
        text = without_comment(self.value)
        keeps = mark == "'" and _APOSTROPHE.match(text)
        message = "this apostrophe opens a quoted text" if keeps else "this quote is never closed"
        self.wrong(0, "unclosed-quote", message, quoted(text if keeps else text[1:]))

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
        )

    def escapes(self, text: str) -> None:
        """Backslashes in double quotes that YAML refuses, or takes for something else."""
        taken = _VERBATIM.get(self.key or "", "")
        wrong = [
            found
            for found in _ESCAPE.finditer(text)
            if found["wrong"] or (found["known"] or "-") in taken
        ]
        if not wrong:
            return
        first = wrong[0]
        means = "is no escape that YAML knows" if first["wrong"] else "means something else in YAML"
        message = f"in double quotes `{first.group()[:2]}` {means}"
        advice = "put the text in single quotes, in which a backslash is a backslash"
        if "\n" not in text:
            inner = text[1:-1].replace('\\"', '"').replace("'", "''")
            self.wrong(first.start(), "escape", message, f"'{inner}'", advice)
            return
        self.page.trap(Trap(self.number, self.column, "escape", message, advice))
        for found in wrong:
            row = text.count("\n", 0, found.start())
            before = found.start() - (text.rfind("\n", 0, found.start()) + 1)
            at = before + (0 if row else self.column)
            self.page.edits.append(Edit(self.number + row, at, at, "\\"))
