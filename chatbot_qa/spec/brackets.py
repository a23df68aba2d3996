"""Lists and mappings in brackets, read only as far as to see where they are not what was meant."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.spec.page import IN_QUOTES, OTHER_QUOTES, Edit, Page, Trap, hash_in
from chatbot_qa.spec.quotes import (
    CLOSED,
    SINGLE_QUOTES,
    about_backslash,
    in_single_quotes,
    lost_backslashes,
    quoted,
)

STARTS: Final = {
    "!": "`!` at the beginning makes it a YAML tag, not text",
    "*": "`*` at the beginning makes it a reference to something else in the file, not text",
    "&": "`&` at the beginning makes it a name for what follows, not text",
    "@": "no text may begin with `@` in YAML",
    "`": "no text may begin with a backtick in YAML",
    "%": "no text may begin with `%` in YAML",
    ",": "no text may begin with a comma in YAML",
    "]": "no text may begin with `]` in YAML",
    "}": "no text may begin with `}` in YAML",
}
"""What is wrong with a text that begins so."""

_BLANK: Final = re.compile(r"(?:\s+|(?<=\s)#(?=[\s#])[^\n]*)*")
_LABEL: Final = re.compile(r"(?:![!\w:/.-]*|&[\w-]+)\s+(?=\S)(?![,\]}])")
_ORDINARY: Final = re.compile(r"[^,\[\]{}:#$]+")
_NAME: Final = re.compile(r"\$?\$\{[^{}\n]*\}")
_GOES_ON: Final = re.compile(
    r"(?:i|i'm|i'll|you|we|it|they|but|and|or|so|because|please|then|not|no|which|that|if|when|"
    r"how|what|why|who|where|is|are|can|could|do|did|does|will|would|let|there|this|sorry)\b",
    re.IGNORECASE,
)
_ENDS: Final = (".", "?", "!")
_DOLLAR: Final = "write it with a dollar sign"
_COMMA: Final = "put a comma between two texts"


class _Span(Struct, frozen=True):
    """A scalar or a collection inside brackets: from ``start`` up to ``end``."""

    start: int
    end: int
    plain: bool


class _Entry(Struct, frozen=True):
    """What stands between two commas; ``key`` where a colon divides it."""

    key: _Span | None
    value: _Span | None


class _Unclosed(Exception):
    """The brackets do not end, or not as they began."""


def read_brackets(page: Page, line: int, column: int, parent: int) -> tuple[int, int] | None:
    """The line and column behind the brackets that open there, None where they never close.

    Notes what is wrong inside. ``parent`` is the column that the lines of the brackets
    must be to the right of.
    """
    end = line + 1
    while end < len(page.lines) and _goes_on(page.lines[end], parent):
        end += 1
    lines = [page.lines[line][column:], *page.lines[line + 1 : end]]
    reader = _Brackets(page, "\n".join(lines), line, column, lines)
    try:
        behind = reader.collection(0)
    except (_Unclosed, RecursionError):
        return None
    page.traps += reader.traps
    page.edits += reader.edits
    return reader.place(behind)


def _goes_on(line: str, parent: int) -> bool:
    text = line.lstrip(" ")
    return not text or len(line) - len(text) > parent or text[0] in "]}"


class _Brackets:
    """Reads one collection with all that is inside."""

    def __init__(self, page: Page, text: str, line: int, column: int, lines: list[str]) -> None:
        self.page, self.text, self.line, self.column = page, text, line, column
        self.starts = [0, *accumulate(len(row) + 1 for row in lines)]
        self.traps: list[Trap] = []
        self.edits: list[Edit] = []

    def place(self, at: int) -> tuple[int, int]:
        """The line and the column of a character of the text."""
        row = bisect_right(self.starts, at) - 1
        return self.line + row, at - self.starts[row] + (0 if row else self.column)

    def trap(
        self,
        at: int,
        code: str,
        message: str,
        span: tuple[int, int],
        better: str,
        *,
        advice: str = IN_QUOTES,
    ) -> None:
        line, column = self.place(at)
        first, start = self.place(span[0])
        last, end = self.place(span[1])
        self.traps.append(Trap(line, column, code, message, advice))
        if first == last:
            self.edits.append(Edit(first, start, end, better))

    def skip(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def peek(self, at: int) -> str:
        return self.text[at : at + 1]

    def collection(self, at: int) -> int:
        """Reads from an opening bracket to behind the one that closes it."""
        opening, begin = self.text[at], at
        closing = "]" if opening == "[" else "}"
        entries: list[_Entry] = []
        at = self.skip(at + 1)
        while self.peek(at) != closing:
            entry, at = self.entry(at)
            entries.append(entry)
            at = self.skip(at)
            if self.peek(at) == ",":
                at = self.skip(at + 1)
            elif opening == "[" and entry.key is None and self.whole_text(at):
                message = "a comma is missing before this text"
                behind = self.end_of(entry)
                self.trap(at, "no-comma", message, (behind, behind), ",", advice=_COMMA)
            elif self.peek(at) != closing:
                raise _Unclosed
        if opening == "[":
            self.sentence(entries)
        else:
            self.cut_values(entries, begin, at + 1)
        return at + 1

    @staticmethod
    def end_of(entry: _Entry) -> int:
        """Where what stands between two commas ends."""
        ends = [span.end for span in (entry.key, entry.value) if span is not None]
        return max(ends)

    def entry(self, at: int) -> tuple[_Entry, int]:
        first, at = self.node(at)
        behind = self.skip(at)
        if self.peek(behind) != ":":
            return _Entry(None, first), at
        if self.peek(behind + 1) in (",", "]", "}") and first.plain:
            text = self.text[first.start : behind + 1]
            message = "inside brackets a text that ends in a colon must stand in quotes"
            self.trap(behind, "colon-in-text", message, (first.start, behind + 1), quoted(text))
            return _Entry(None, replace(first, plain=False)), behind + 1
        at = self.skip(behind + 1)
        if self.peek(at) in (",", "]", "}"):
            return _Entry(first, None), at
        value, at = self.node(at, self.text[first.start : first.end])
        return _Entry(first, value), at

    def node(self, at: int, key: str = "") -> tuple[_Span, int]:
        mark = self.peek(at)
        if not mark or mark in ",]}:":
            raise _Unclosed
        if mark in CLOSED:
            return self.quoted(at, mark, key)
        label = _LABEL.match(self.text, at)
        if label and (mark == "!" or is_reference(self.page, label.group())):
            return self.node(label.end())
        if mark in "[{" and self.text[at : at + 2] not in ("{{", "{%"):
            end = self.collection(at)
            return _Span(at, end, False), end
        return self.plain(at)

    def quoted(self, at: int, mark: str, key: str) -> tuple[_Span, int]:
        found = CLOSED[mark].match(self.text, at)
        end = found.end() if found else len(self.text)
        behind = self.skip(end)
        goes_on = self.peek(behind) in (",", "]", "}", ":") or behind == len(self.text)
        if found and (goes_on or (behind > end and self.whole_text(behind))):
            if mark == '"':
                self.backslashes(at, end, key)
            return _Span(at, end, False), end
        end = self.text_end(at)
        text = self.text[at:end]
        self.trap(
            end if not found else found.end(),
            "text-after-quote" if found else "unclosed-quote",
            "the text goes on after its closing quote" if found else "this quote is never closed",
            (at, end),
            quoted(text),
            advice=OTHER_QUOTES if found else IN_QUOTES,
        )
        return _Span(at, end, False), end

    def whole_text(self, at: int) -> bool:
        """Whether a text in quotes stands there, or some, up to a comma or a bracket."""
        while self.peek(at) in CLOSED:
            found = CLOSED[self.peek(at)].match(self.text, at)
            if found is None:
                return False
            at = self.skip(found.end())
            if self.peek(at) in (",", "]", "}"):
                return True
        return False

    def backslashes(self, start: int, end: int, key: str) -> None:
        text = self.text[start:end]
        lost = lost_backslashes(text, key) if "\\" in text else []
        if lost:
            better, message = in_single_quotes(text), about_backslash(text, lost[0])
            self.trap(
                start + lost[0], "bad-escape", message, (start, end), better, advice=SINGLE_QUOTES
            )

    def text_end(self, at: int) -> int:
        """Where a text without quotes ends, its trailing blanks left out."""
        depth = 0
        while at < len(self.text):
            ordinary = _ORDINARY.match(self.text, at)
            if ordinary:
                at = ordinary.end()
                continue
            mark = self.text[at]
            name = _NAME.match(self.text, at) if mark == "$" else None
            if name:
                at = name.end()
                continue
            if mark in "[{":
                depth += 1
            elif mark in "]}":
                depth -= 1
            if depth < 0 or (mark == "," and not depth):
                break
            if mark == "#" and self.text[at - 1].isspace() and self.text[at + 1 : at + 2] in " \n":
                break
            if mark == ":" and not depth and (self.text[at + 1 : at + 2] or " ") in " \n,]}":
                break
            at += 1
        else:
            raise _Unclosed
        return len(self.text[:at].rstrip())

    def plain(self, at: int) -> tuple[_Span, int]:
        end = self.text_end(at)
        text = self.text[at:end]
        if not text:
            raise _Unclosed
        found = next(self.wrong(text, self.peek(self.skip(end))), None)
        if found:
            offset, code, message = found
            self.trap(at + offset, code, message, (at, end), quoted(text))
            return _Span(at, end, False), end
        return _Span(at, end, True), end

    def wrong(self, text: str, behind: str) -> Iterator[tuple[int, str, str]]:
        """Where and what is wrong with a text without quotes."""
        if text.startswith(("{{", "{%")):
            yield 0, "special-character", "a text that begins with `{` is data in YAML"
        if text[0] in STARTS and not is_reference(self.page, text):
            yield 0, "special-character", STARTS[text[0]]
        if text[0] in "|>?":
            yield 0, "special-character", f"inside brackets no text may begin with `{text[0]}`"
        if text.startswith("- ") and behind != ":":
            yield 0, "misplaced-dash", "inside brackets an item has no dash"
        name = _NAME.search(text)
        if name:
            yield (
                name.start(),
                "unquoted-name",
                f"inside brackets `{name.group()}` must stand in quotes: "
                "its own brackets would be data",
            )
        bracket = re.search(r"[\[{]", text)
        if bracket:
            yield (
                bracket.start(),
                "special-character",
                "a bracket inside brackets is data, not text",
            )
        cut = hash_in(text)
        if cut >= 0:
            yield cut, "text-cut", "YAML cuts the text off at this `#`"

    def sentence(self, entries: list[_Entry]) -> None:
        """One sentence, cut into items at its commas."""
        spans = [entry.value for entry in entries if entry.key is None and entry.value]
        if len(spans) < 2 or len(spans) < len(entries) or not all(span.plain for span in spans):
            return
        texts = [self.text[span.start : span.end] for span in spans]
        if not texts[0][0].isupper() or sum(len(text.split()) for text in texts) < 4:
            return
        later_small = all(text[0].islower() or text.startswith("I ") for text in texts[1:])
        one_end = texts[-1].endswith(_ENDS) and not any(t.endswith(_ENDS) for t in texts[:-1])
        if later_small and (one_end or _GOES_ON.match(texts[1])):
            start, end = spans[0].start, spans[-1].end
            self.trap(
                self.text.index(",", spans[0].end),
                "cut-at-comma",
                f"this makes {len(spans)} texts of one sentence, cut at its commas",
                (start, end),
                quoted(self.text[start:end]),
            )

    def cut_values(self, entries: list[_Entry], begin: int, end: int) -> None:
        """A value that goes on after a comma, and braces around what is no mapping at all."""
        if entries and all(entry.key is None for entry in entries):
            text = self.text[begin:end]
            name = text[1:-1].strip()
            known = not begin and _gives(self.page, name)
            better = f"${{{name}}}" if known else quoted(text)
            advice = _DOLLAR if known else IN_QUOTES
            self.trap(
                begin, "special-character", _braces(text), (begin, end), better, advice=advice
            )
            return
        for before, entry in pairwise(entries):
            value, rest = before.value, entry.value
            if before.key and value and value.plain and entry.key is None and rest and rest.plain:
                span = (value.start, rest.end)
                self.trap(
                    self.text.index(",", value.end),
                    "cut-at-comma",
                    "the text is cut off at this comma",
                    span,
                    quoted(self.text[value.start : rest.end]),
                )


def _gives(page: Page, name: str) -> bool:
    """Whether the file gives a value to a name somewhere, as a key of its own."""
    if not re.fullmatch(r"\w+", name):
        return False
    key = re.compile(rf"(?:^|[\s{{,-]){name}:(?: |$)")
    return any(key.search(line) for line in page.lines)


def _braces(text: str) -> str:
    name = text[1:-1].strip()
    if re.fullmatch(r"\w+", name):
        return f"`{text}` is data in YAML, not text; a variable is written ${{{name}}}"
    return "a text that begins with `{` is data in YAML"


def is_reference(page: Page, text: str) -> bool:
    """Whether ``&name`` or ``*name`` at the beginning is a true anchor or alias of the file."""
    found = re.match(r"([&*])([\w-]+)(?=[ \t]|$)", text)
    if not found:
        return False
    mark, name = found.groups()
    if mark == "*" and found.end() != len(text.rstrip()):
        return False
    return page.has(("&" if mark == "*" else "*") + name)
