"""YAML and JSON of other tools as values that know their line.

Their files are not suites: scalars have the types that YAML 1.2 and JSON give them, and
what cannot be read is one ``Unreadable`` with its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]

from msgspec import Struct

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.spec.positions import MapNode, Node, NothingNode, TextNode, parse

_DEPTH = 200
_SPACE = re.compile(r"[ \t\r\n]*")
_ATOM = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_INT = re.compile(r"[-+]?\d+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_WORDS: Mapping[str, JsonValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Unreadable(Exception):
    """The file is no YAML or JSON from this line on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Located(Struct, frozen=True):
    """A value and the line where it stands. ``typed`` is a scalar as it was written."""

    value: bool | int | float | str | tuple[Located, ...] | dict[str, Located] | None
    line: int
    typed: str = ""

    def get(self, key: str) -> Located | None:
        """What stands under a key; None where there is none, or this is no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def under(self, *keys: str) -> Located | None:
        """What stands at the end of a path of keys."""
        here: Located | None = self
        for key in keys:
            here = here.get(key) if here is not None else None
        return here

    def items(self) -> tuple[Located, ...]:
        """The items of a list; none where this is no list."""
        return self.value if isinstance(self.value, tuple) else ()

    def entries(self) -> Iterator[tuple[str, Located]]:
        """The keys of a mapping with their values; none where this is no mapping."""
        if isinstance(self.value, dict):
            yield from self.value.items()

    @property
    def text(self) -> str:
        """A scalar as it was typed; "" for anything else."""
        if isinstance(self.value, str):
            return self.value
        return self.typed

    @property
    def plain(self) -> JsonValue:
        """The value without its lines."""
        if isinstance(self.value, tuple):
            return [item.plain for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        return self.value


def items_of(value: Located | None) -> tuple[Located, ...]:
    """The items of a list that may be missing."""
    return value.items() if value is not None else ()


def read_yaml(text: str) -> Located:
    """The one document of a YAML file; raises ``Unreadable``."""
    root, diagnostics = parse(text.removeprefix("\ufeff"), "")
    if diagnostics:
        raise Unreadable(diagnostics[0].where.line, diagnostics[0].message)
    return _located(root) if root is not None else Located(None, 1)


def _located(node: Node) -> Located:
    if isinstance(node, NothingNode):
        return Located(None, node.line)
    if isinstance(node, TextNode):
        return Located(_scalar(node), node.line, node.text)
    if isinstance(node, MapNode):
        entries = {key: _located(value) for key, (_, value) in node.entries.items()}
        return Located(entries, node.line)
    return Located(tuple(_located(item) for item in node.items), node.line)


def _scalar(node: TextNode) -> bool | int | float | str | None:
    text = node.text
    if not node.plain:
        return text
    if text in _WORDS:
        word = _WORDS[text]
        return word if isinstance(word, bool) else None
    if _INT.fullmatch(text) and len(text) < 40:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def read_json(text: str) -> Located:
    """A JSON file; raises ``Unreadable``."""
    return _Json(text.removeprefix("\ufeff")).whole()


class _Json:
    """Reads JSON by descent. The parser of Python tells no lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.counted = 0

    def whole(self) -> Located:
        """The one value of the file."""
        found = self.value(0)
        if self.peek():
            raise self.wrong("there is more after the end of the JSON")
        return found

    def wrong(self, message: str) -> Unreadable:
        return Unreadable(self.here(), message)

    def here(self) -> int:
        """The line reached."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def peek(self) -> str:
        """The next character that is no white space; "" at the end."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Located:
        """The value that begins here."""
        char, line = self.peek(), self.here()
        if depth > _DEPTH:
            raise self.wrong(f"this is nested deeper than {_DEPTH} levels")
        if char == "{":
            return Located(self.mapping(depth), line)
        if char == "[":
            return Located(self.sequence(depth), line)
        if char == '"':
            return Located(self.string(), line)
        atom = _ATOM.match(self.text, self.at)
        if atom is None:
            raise self.wrong("the JSON ends too early" if not char else f"`{char}` is no JSON here")
        self.at = atom.end()
        typed = atom.group()
        if len(typed) > 400:
            raise self.wrong("this number is too long")
        return Located(json.loads(typed), line, typed)

    def string(self) -> str:
        try:
            found, self.at = scanstring(self.text, self.at + 1, False)
        except ValueError:
            raise self.wrong("this text has no end, or a wrong escape") from None
        return str(found)

    def mapping(self, depth: int) -> dict[str, Located]:
        self.at += 1
        found: dict[str, Located] = {}
        while self.peek() != "}":
            if found:
                self.comma()
            if self.peek() != '"':
                raise self.wrong("a key in double quotes belongs here")
            key = self.string()
            if self.peek() != ":":
                raise self.wrong(f'a colon belongs after "{key}"')
            self.at += 1
            found[key] = self.value(depth + 1)
        self.at += 1
        return found

    def sequence(self, depth: int) -> tuple[Located, ...]:
        self.at += 1
        found: list[Located] = []
        while self.peek() != "]":
            if found:
                self.comma()
            found.append(self.value(depth + 1))
        self.at += 1
        return tuple(found)

    def comma(self) -> None:
        if self.peek() != ",":
            raise self.wrong(
                "the JSON ends too early" if not self.peek() else "a comma belongs here"
            )
        self.at += 1
