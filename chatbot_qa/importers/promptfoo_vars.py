"""The variables of promptfoo's tests: texts, lists of texts, files, and dialogues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from msgspec import Struct, field

from chatbot_qa.importers.base import Note, SourceFile
from chatbot_qa.importers.located import Located, Unreadable, read_json, read_yaml
from chatbot_qa.importers.nunjucks import converted, filled
from chatbot_qa.importers.promptfoo_ask import shown

_ROLES = {"user": "user", "assistant": "bot", "bot": "bot", "ai": "bot"}


T = TypeVar("T")


class Values(Struct, frozen=True):
    """What a test's variables come to.

    ``one`` are those with one text, ``several`` those of which each makes a test of its own,
    ``dialogues`` those that hold what was said before; ``notes`` tell of the rest.
    """

    one: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dialogues: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def __or__(self, over: Values) -> Values:
        """These values, with those of another test over them."""
        hidden = {*over.one, *over.several, *over.dialogues}

        def kept(mine: Mapping[str, T]) -> dict[str, T]:
            return {name: value for name, value in mine.items() if name not in hidden}

        return Values(
            {**kept(self.one), **over.one},
            {**kept(self.several), **over.several},
            {**kept(self.dialogues), **over.dialogues},
            (*self.notes, *over.notes),
        )

    @property
    def names(self) -> frozenset[str]:
        """All names that have a text."""
        return frozenset((*self.one, *self.several))

    def put_in(self) -> dict[str, str]:
        """The texts with the names in them filled in."""
        found = dict(self.one)
        for _ in range(3):
            found = {name: filled(text, found) for name, text in found.items()}
        return found


def read_values(file: SourceFile, node: Located | None, at: str) -> Values:
    """The variables of one test, as they stand under ``vars:``."""
    if node is None or node.value is None:
        return Values()
    if isinstance(node.value, str) and node.value.startswith("file://"):
        loaded = _loaded(file, node)
        if isinstance(loaded, str):
            return Values(notes=(file.note(node.line, "vars", "by-hand", loaded, at=at),))
        node = loaded
    one: dict[str, str] = {}
    several: dict[str, tuple[str, ...]] = {}
    dialogues: dict[str, tuple[Mapping[str, str], ...]] = {}
    notes: list[Note] = []
    for name, value in _flat(node, ""):
        found = _value(file, value)
        if isinstance(found, str):
            one[name] = found
        elif isinstance(found, Struct):
            words = found.words
            original = f"{name}: {shown(value)}"
            place = f"{at}.vars.{name}"
            notes.append(
                file.note(value.line, "var", "by-hand", words, original=original, at=place)
            )
        elif found and isinstance(found[0], str):
            several[name] = tuple(map(str, found))
        else:
            dialogues[name] = found  # type: ignore[assignment]
    return Values(one, several, dialogues, tuple(notes))


class _Odd(Struct, frozen=True):
    words: str


_Found = str | tuple[str, ...] | tuple[Mapping[str, str], ...] | _Odd


def _flat(node: Located, before: str) -> Iterator[tuple[str, Located]]:
    """Names with their values; a mapping in a mapping has its names joined by dots."""
    for name, value in node.entries():
        if isinstance(value.value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _value(file: SourceFile, node: Located) -> _Found:
    if isinstance(node.value, str) and node.value.startswith("file://"):
        loaded = _loaded(file, node)
        if isinstance(loaded, str):
            return _Odd(loaded)
        node = loaded
    if isinstance(node.value, dict):
        return _Odd("a mapping has no text of its own; name the parts of it that are used")
    if isinstance(node.value, tuple):
        if node.value and all(isinstance(item.value, dict) for item in node.value):
            return _dialogue(node)
        texts = [_text(item) for item in node.value]
        if not texts or any(isinstance(text, _Odd) for text in texts):
            return _Odd("of this list no texts can be made")
        return tuple(str(text) for text in texts)
    return _text(node)


def _text(node: Located) -> str | _Odd:
    if isinstance(node.value, dict | tuple):
        return _Odd("this is no text")
    template = converted("" if node.value is None else node.text)
    return _Odd(template.trouble) if template.trouble else template.text


def _dialogue(node: Located) -> tuple[Mapping[str, str], ...] | _Odd:
    """What was said before: ``- user: …`` or ``- role: user`` with a ``content``."""
    lines: list[Mapping[str, str]] = []
    for item in node.items():
        role, content = item.get("role"), item.get("content")
        if role is not None and content is not None:
            pairs = [(role.text, content)]
        else:
            pairs = list(item.entries())
        for who, said in pairs:
            text = _text(said)
            if who not in _ROLES or isinstance(text, _Odd):
                return _Odd("of this list neither texts nor a dialogue can be made")
            lines.append({_ROLES[who]: text})
    return tuple(lines)


def _loaded(file: SourceFile, node: Located) -> Located | str:
    """What a file that is named holds; or why it is not read."""
    template = converted(node.text.removeprefix("file://"))
    name = template.text
    if template.names or template.trouble:
        return "the name of this file is computed"
    if name.lower().endswith((".js", ".mjs", ".cjs", ".ts", ".py")):
        return f"{name} is a program"
    source = file.beside(name)
    return source.words if isinstance(source, Note) else _held(source, name, node.line)


def _held(source: SourceFile, name: str, line: int) -> Located | str:
    try:
        if name.endswith((".yaml", ".yml")):
            return read_yaml(source.text)
        if name.endswith(".json"):
            return read_json(source.text)
    except Unreadable as error:
        return f"{name}:{error.line}: {error.message}"
    return Located(source.text.strip(), line)
