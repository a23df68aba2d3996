"""YAML as nodes that know where they stand and keep every scalar as it was typed.

libyaml's event stream is read into light nodes in one pass: half the cost of composing
and constructing, and the place to see duplicate keys, tags, and aliases that would
expand without end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import yaml
from msgspec import Struct
from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from chatbot_qa.domain.source import Diagnostic, Where

MAX_DEPTH = 60
"""Levels of nesting; no suite has use for a tenth of them."""

MAX_ALIASED = 20_000
"""Nodes that aliases may add to a file by expansion."""

_OTHER_ENDS = "\r\x85\u2028\u2029"
_LINE_END = re.compile(f"\r\n|[\n{_OTHER_ENDS}]")
_TEXT_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})
_LIST_TAGS = frozenset({"!", "tag:yaml.org,2002:seq"})
_MAP_TAGS = frozenset({"!", "tag:yaml.org,2002:map"})
_BLOCK = ("|", ">")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TextNode(Struct, eq=False):
    """A scalar as it was typed; ``plain`` where it stands without quotes and not as a block."""

    kind: ClassVar[Literal["text"]] = "text"
    text: str
    line: int
    column: int
    plain: bool = False


class NothingNode(Struct, eq=False):
    """Nothing stands after a colon or a dash."""

    kind: ClassVar[Literal["nothing"]] = "nothing"
    line: int
    column: int


class ListNode(Struct, eq=False):
    """A YAML sequence."""

    kind: ClassVar[Literal["list"]] = "list"
    items: list[Node]
    line: int
    column: int


class MapNode(Struct, eq=False):
    """A YAML mapping: by key, the key where it stands and its value, in the file's order."""

    kind: ClassVar[Literal["mapping"]] = "mapping"
    entries: dict[str, tuple[TextNode, Node]]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        entry = self.entries.get(key)
        return entry[1] if entry else None


Node = TextNode | NothingNode | ListNode | MapNode
Kind = Literal["text", "nothing", "list", "mapping"]


def lines_of(text: str) -> list[str]:
    """The lines of a text as YAML counts them, without their ends."""
    if any(end in text for end in _OTHER_ENDS):
        return _LINE_END.split(text)
    return text.split("\n")


def place(file: str, lines: Sequence[str], line: int, column: int) -> Where:
    """A place that stands inside the file, whatever a parser made of its last line."""
    line = min(max(line, 1), max(len(lines), 1))
    text = lines[line - 1] if lines else ""
    return Where(file, line, min(max(column, 1), len(text) + 1), text)


class TooMuch(Exception):
    """The file cannot be read on: nested too deep, or expanded beyond bounds."""


class _Builder:
    """Makes nodes of libyaml's events. One instance a file."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self.lines = lines
        self.diagnostics: list[Diagnostic] = []
        self.anchors: dict[str, tuple[Node | None, int]] = {}
        self.count = 0
        self.aliased = 0

    def wrong(self, line: int, column: int, code: str, message: str, hint: str = "") -> None:
        where = place(self.file, self.lines, line, column)
        self.diagnostics.append(Diagnostic(where, code, message, hint))

    def build(self, text: str) -> Node | None:
        """The root node, or None for an empty file."""
        next_event = _LOADER(text).get_event
        top: list[Node] = []
        here = top
        outer: list[tuple[list[Node], Any, int]] = []
        documents = 0
        while (event := next_event()) is not None:
            sort = type(event)
            if sort is ScalarEvent:
                here.append(self.scalar(event))
            elif sort is MappingStartEvent or sort is SequenceStartEvent:
                outer.append((here, event, self.count))
                here = []
                self.opened(event, len(outer))
            elif sort is MappingEndEvent or sort is SequenceEndEvent:
                children = here
                here, begun, before = outer.pop()
                node = self.closed(begun, children)
                if begun.anchor is not None:
                    self.anchors[begun.anchor] = (node, self.count - before)
                here.append(node)
            elif sort is AliasEvent:
                here.append(self.alias(event))
            elif sort is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self.second_document(event)
                    break
        return top[0] if top else None

    def scalar(self, event: Any) -> Node:
        self.count += 1
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        text, style, tag = event.value, event.style, event.tag
        if tag is not None:
            self.tagged(event, _TEXT_TAGS)
        node: Node
        if not (text or style or tag):
            node = NothingNode(line, column)
        else:
            if style and style in _BLOCK and text.endswith("\n"):
                text = text[:-1]
            node = TextNode(text, line, column, not style)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1)
        return node

    def opened(self, event: Any, depth: int) -> None:
        self.count += 1
        if depth > MAX_DEPTH:
            self.too_deep(event)
        if event.tag is not None:
            self.tagged(event, _MAP_TAGS if type(event) is MappingStartEvent else _LIST_TAGS)
        if event.anchor is not None:
            self.anchors[event.anchor] = (None, 0)

    def too_deep(self, event: Any) -> None:
        mark = event.start_mark
        self.wrong(
            mark.line + 1,
            mark.column + 1,
            "too-deep",
            f"more than {MAX_DEPTH} levels of nesting",
            "is a bracket missing its other half?",
        )
        raise TooMuch

    def closed(self, event: Any, children: list[Node]) -> Node:
        """The list or the mapping that ``event`` began."""
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if type(event) is SequenceStartEvent:
            return ListNode(children, line, column)
        return MapNode(self.entries(children), line, column)

    def tagged(self, event: Any, usual: frozenset[str]) -> None:
        """Refuse a tag other than the ``usual`` ones, which say what stands there anyway."""
        if event.tag in usual:
            return
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        written = self.lines[line - 1][column - 1 :].split(" ")[0] if self.lines else event.tag
        self.wrong(
            line,
            column,
            "yaml-tag",
            f"`{written}` is a YAML tag, and no tag is obeyed here",
            "leave it out; where it is part of the text, put the whole text in quotes",
        )

    def entries(self, children: list[Node]) -> dict[str, tuple[TextNode, Node]]:
        """What stands in a mapping; ``children`` are its keys, each with its value after it."""
        entries: dict[str, tuple[TextNode, Node]] = {}
        rest = iter(children)
        for key, value in zip(rest, rest, strict=True):
            if type(key) is not TextNode:
                self.odd_key(key)
            elif key.text in entries:
                self.duplicate(key, entries[key.text][0])
            else:
                entries[key.text] = (key, value)
        if "<<" in entries:
            self.merge(entries)
        return entries

    def odd_key(self, key: Node) -> None:
        self.wrong(
            key.line,
            key.column,
            "odd-key",
            "a key must be a plain word",
            "a text that begins with { or [ stands in quotes",
        )

    def duplicate(self, key: TextNode, first: TextNode) -> None:
        self.wrong(
            key.line,
            key.column,
            "duplicate-key",
            f"`{key.text}` stands twice in the same place, first in line {first.line}",
            "YAML would silently drop the first; keep one, or begin a new item with a dash",
        )

    def merge(self, entries: dict[str, tuple[TextNode, Node]]) -> None:
        """What ``<<: *name`` brings in stands after what was written here, which goes first."""
        key, source = entries.pop("<<")
        for part in source.items if source.kind == "list" else [source]:
            if part.kind != "mapping":
                self.wrong(
                    key.line,
                    key.column,
                    "merge-key",
                    "`<<` takes an alias of a mapping",
                    "such as `<<: *name`, with `&name` where the mapping stands",
                )
                return
            for name, entry in part.entries.items():
                entries.setdefault(name, entry)

    def alias(self, event: Any) -> Node:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        node, size = self.anchors.get(event.anchor, (None, 0))
        if node is None:
            itself = event.anchor in self.anchors
            self.wrong(
                line,
                column,
                "unknown-alias",
                f"`*{event.anchor}` refers to "
                + ("itself" if itself else f"`&{event.anchor}`, which does not stand above it"),
                f'if it is text, put it in quotes: "*{event.anchor}"',
            )
            return NothingNode(line, column)
        self.count += size
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            self.wrong(
                line,
                column,
                "alias-expansion",
                f"aliases make more than {MAX_ALIASED:,} nodes of this file",
                "write such tables as `examples: {file: …}`, or use fewer aliases",
            )
            raise TooMuch
        return node

    def second_document(self, event: Any) -> None:
        mark = event.start_mark
        self.wrong(
            mark.line + 1,
            mark.column + 1,
            "second-document",
            "a second YAML document begins here",
            "a file holds one suite: put it into a file of its own, or remove the `---`",
        )


def parse(
    text: str, file: str, lines: Sequence[str] | None = None
) -> tuple[Node | None, list[Diagnostic]]:
    """Read YAML into nodes, with what is wrong with it as YAML.

    None stands for an empty file and for one that YAML cannot read. ``lines`` are the
    author's own lines where ``text`` was repaired.
    """
    builder = _Builder(file, lines_of(text) if lines is None else lines)
    root = None
    try:
        root = builder.build(text)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        from chatbot_qa.spec.syntax import explain

        found = explain(error, text)
        builder.wrong(found.line, found.column, found.code, found.message, found.hint)
    except TooMuch:
        pass
    return root, builder.diagnostics
