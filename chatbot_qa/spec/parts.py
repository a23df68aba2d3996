"""``parts:`` and ``include:``: turns that are written once and said in several cases.

An include is replaced by the turns of its part, arguments filled in, before its case is
read, so that nothing after knows of it. The turns keep their own places, those of a part
in another file too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from chatbot_qa.domain.source import Severity
from chatbot_qa.domain.suite import NAME
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.files import read_source, shown
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode, parse
from chatbot_qa.spec.reader import Reader
from chatbot_qa.spec.shape import IncludeKeys
from chatbot_qa.spec.shapes import RAW, complete
from chatbot_qa.spec.shelf import EXAMPLE, Part, Shelf, is_of_parts, read_parts
from chatbot_qa.spec.typed import scan
from chatbot_qa.spec.words import answer, near

MOST_TURNS: Final = 10_000
"""Turns that the includes of one case may come to: parts of parts multiply quickly."""

_INCLUDE: Final = "such as `- include: {use: login}`, or with `with: {user: anna}` beside `use:`"

Way = tuple[Part, ...]
"""The parts that an include stands in, the outermost first."""


class _TooManyError(Exception):
    """The includes of a case come to more turns than anybody can mean."""


class _Asked(NamedTuple):
    """What an include says, each with where it says so; ``given`` are its arguments."""

    use: str
    at: Node
    given: Node | None
    file: str | None
    file_at: Node


class Library:
    """The parts that the cases of one suite may use: its own, and those of other files."""

    def __init__(self, reader: Reader, own: Shelf) -> None:
        self._reader = reader
        self._own = own
        self._files: dict[Path, Shelf | None] = {}
        self._left = 0
        self._whole = True

    def with_turns(self, case: MapNode) -> tuple[MapNode, bool]:
        """A case whose includes are the turns of their parts; whether all could be found."""
        turns = case.get("turns")
        if turns is None or turns.kind != "list" or not any(map(_is_include, turns.items)):
            return case, True
        self._left = MOST_TURNS
        self._whole = True
        key, _ = case.entries["turns"]
        items: list[Node] = []
        try:
            items.extend(self._turns(turns.items, self._own, ()))
        except _TooManyError:
            self._reader.wrong(
                key,
                "too-many-turns",
                f"the includes of this case come to more than {MOST_TURNS:,} turns",
                "parts that include parts multiply: include each once",
            )
        listed = ListNode(items, turns.line, turns.column)
        return MapNode(
            {**case.entries, "turns": (key, listed)}, case.line, case.column
        ), self._whole

    def unused(self) -> list[Part]:
        """The suite's own parts that nothing used; each is told of."""
        unused = [part for name, part in self._own.parts.items() if name not in self._own.used]
        for part in unused:
            self._reader.wrong(
                part.key,
                "unused-part",
                f"the part `{part.name}` is never used",
                f"use it among the turns of a case: `- include: {{use: {part.name}}}`, or drop it",
                Severity.WARNING,
            )
        return unused

    def _turns(self, items: Iterable[Node], shelf: Shelf, path: Way) -> Iterator[Node]:
        for item in items:
            if path:
                self._left -= 1
                if self._left < 0:
                    raise _TooManyError
            if _is_include(item):
                yield from self._included(item, shelf, path)
            else:
                yield item

    def _included(self, item: Any, shelf: Shelf, path: Way) -> Iterator[Node]:
        key, value = item.entries["include"]
        beside = next((k for name, (k, _) in item.entries.items() if name != "include"), None)
        if beside is not None:
            self._reader.wrong(
                beside,
                "beside-include",
                f"`{beside.text}` stands beside an `include:`, which stands alone",
                "what is said and expected stands in the turns of the part; begin a turn of its "
                "own with a dash",
            )
        asked = self._asked(key, value, shelf)
        part = self._part(asked, shelf) if asked else None
        arguments = None
        if asked and part and part in path:
            self._cycle(asked, part, path)
        elif asked and part:
            arguments = self._arguments(asked, part)
        if part is None or arguments is None:
            self._whole = False
            return
        turns = (_filled(turn, arguments) for turn in part.turns.items)
        yield from self._turns(turns, part.shelf, (*path, part))

    def _asked(self, key: TextNode, value: Node, shelf: Shelf) -> _Asked | None:
        """What an include says, or None where it does not say which part."""
        if value.kind != "mapping":
            name = value.text if value.kind == "text" else "login"
            shelf.used.add(name)
            message = "`include:` takes keys: `use:`, and `with:` or `from:`"
            hint = f"write `include: {{use: {name}}}`"
            self._reader.wrong(
                key if value.kind == "nothing" else value, "wrong-type", message, hint
            )
            return None
        forms = {**(form_of(IncludeKeys).entries or {}), "with": RAW}
        found = self._reader.gather(value, forms, "an include")
        if not complete(self._reader, value, found, ("use",), "an include"):
            return None
        # a key that is misspelt is read too, and has no place of its own
        at, from_at = value.get("use") or value, value.get("from") or value
        return _Asked(found["use"], at, found.get("with"), found.get("from"), from_at)

    def _part(self, asked: _Asked, shelf: Shelf) -> Part | None:
        """The part that an include names, or None where there is none such."""
        if asked.file is not None:
            opened = self._from(asked.file_at, asked.file)
            if opened is None:
                return None
            shelf = opened
        name = asked.use
        part = shelf.parts.get(name)
        shelf.used.add(name if part else near(name, shelf.parts) or "")
        if part is None and name not in shelf.lost:
            self._reader.wrong(
                asked.at,
                "unknown-part",
                f"there is no part `{name}`",
                answer(name, shelf.parts)
                if shelf.parts
                else f"parts stand under `parts:` at the top of a file: {EXAMPLE}",
            )
        return part

    def _from(self, node: Node, name: str) -> Shelf | None:
        """The parts of another file, its path as seen from the file that names it."""
        here = Path(self._reader.where(node).file)
        path = Path(os.path.normpath(here.parent / name))
        if not path.is_file():
            self._missing(node, name, path)
            return None
        full = path.resolve()
        if full not in self._files:
            self._files[full] = self._opened(node, path)
        return self._files[full]

    def _cycle(self, asked: _Asked, part: Part, path: Way) -> None:
        names = [one.name for one in path[path.index(part) :]]
        self._reader.wrong(
            asked.at,
            "part-cycle",
            f"the part `{part.name}` includes itself: {' → '.join((*names, part.name))}",
            f"`{part.name}` begins at {self._reader.where(part.key)}; leave this include out, or "
            "one on the way to it",
        )

    def _arguments(self, asked: _Asked, part: Part) -> Mapping[str, TextNode] | None:
        """The arguments of an include by name; None where one is missing or is no text."""
        given = asked.given
        if given is not None and given.kind != "mapping":
            message = "`with:` takes the arguments of the part by name"
            self._reader.wrong(given, "wrong-type", message, _INCLUDE)
            return None
        entries = given.entries if given is not None else {}
        found: dict[str, TextNode] = {}
        missing = [name for name in part.wants if name not in entries]
        for name, (key, value) in entries.items():
            if name not in part.wants:
                meant = near(name, missing) if missing else None
                self._unknown_argument(part, key, meant)
                if meant:
                    missing.remove(meant)
            elif value.kind != "text":
                self._reader.wrong(
                    value if value.kind != "nothing" else key,
                    "wrong-type",
                    f"the argument `{name}` is one text",
                    f"such as `with: {{{name}: anna}}`",
                )
            else:
                found[name] = value
        if missing:
            self._reader.wrong(
                asked.at,
                "missing-argument",
                f"the part `{part.name}` wants {_listed(missing)}",
                f"write `with: {{{', '.join(f'{name}: …' for name in part.wants)}}}` beside "
                f"`use:`; the part begins at {self._reader.where(part.key)}",
            )
        return found if len(found) == len(part.wants) else None

    def _unknown_argument(self, part: Part, key: TextNode, meant: str | None) -> None:
        if part.wants:
            hint = answer(key.text, part.wants, meant)
        else:
            hint = (
                f"the part takes no arguments; to give it one, write its name under `with:` in "
                f"the part, which begins at {self._reader.where(part.key)}"
            )
        self._reader.wrong(
            key, "unknown-argument", f"the part `{part.name}` has no argument `{key.text}`", hint
        )

    def _missing(self, node: Node, name: str, path: Path) -> None:
        beside = sorted(other.name for other in path.parent.glob("*.y*ml"))
        close = near(path.name, beside) if beside else None
        hint = f"did you mean `{close}`? " if close else ""
        if "\\" in name:
            hint += "write the path with forward slashes; "
        self._reader.wrong(
            node,
            "missing-file",
            f"there is no file {path.as_posix()}",
            f"{hint}the path is seen from the folder of the file that names it",
        )

    def _opened(self, node: Node, path: Path) -> Shelf | None:
        reader = self._reader
        source, wrong = read_source(path)
        reader.diagnostics += wrong
        if source is None:
            return None
        text, wrong = scan(source.text, source.file)
        reader.diagnostics += wrong
        top, wrong = parse(text, source.file, source.lines)
        reader.diagnostics += wrong
        if top is None and wrong:
            return None
        if top is None or top.kind != "mapping" or not is_of_parts(top, reader.registry):
            reader.wrong(
                node,
                "no-parts",
                f"{shown(path)} is no file of parts",
                "such a file has `parts:` at its top and no cases: move what several suites "
                "share into one",
            )
            return None
        moved = _moved(top, reader.beside(source.file, source.lines))
        return read_parts(reader, moved)


def _listed(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _is_include(node: Node) -> bool:
    return node.kind == "mapping" and "include" in node.entries


def _filled(node: Node, arguments: Mapping[str, TextNode]) -> Node:
    """A node with the arguments filled in where their names stand."""
    if not arguments:
        return node
    if node.kind == "text":
        return _text(node, arguments) if "${" in node.text else node
    if node.kind == "list":
        return ListNode([_filled(i, arguments) for i in node.items], node.line, node.column)
    if node.kind == "mapping":
        entries = {name: (key, _filled(v, arguments)) for name, (key, v) in node.entries.items()}
        return MapNode(entries, node.line, node.column)
    return node


def _text(node: TextNode, arguments: Mapping[str, TextNode]) -> TextNode:
    """A text filled in; it stands where its names are written, be it in an argument."""
    used: list[TextNode] = []
    own = 0

    def value(found: re.Match[str]) -> str:
        nonlocal own
        given = None if found[1] else arguments.get(found[2].strip())
        if given is None:
            own += not found[1]
            return found[0]
        used.append(given)
        return given.text

    text = NAME.sub(value, node.text)
    plain = node.plain and all(given.plain for given in used)
    named = next((given for given in used if "${" in given.text), None)
    place = node if own or named is None else named
    return TextNode(text, place.line, place.column, plain)


def _moved(node: Node, by: int) -> Any:
    """A copy of a node whose lines are so much further on."""
    line = node.line + by
    if node.kind == "text":
        return TextNode(node.text, line, node.column, node.plain)
    if node.kind == "list":
        return ListNode([_moved(item, by) for item in node.items], line, node.column)
    if node.kind == "mapping":
        entries = {n: (_moved(key, by), _moved(v, by)) for n, (key, v) in node.entries.items()}
        return MapNode(entries, line, node.column)
    return type(node)(line, node.column)
