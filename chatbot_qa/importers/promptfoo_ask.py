"""One assertion of promptfoo's, as those that translate it ask for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from chatbot_qa.importers.base import Note, SourceFile
from chatbot_qa.importers.located import Located, Unreadable, read_json, read_yaml
from chatbot_qa.importers.nunjucks import converted, filled
from chatbot_qa.importers.promptfoo_text import parted

_PROGRAMS = (".js", ".mjs", ".cjs", ".ts", ".py", ".rb")


class ByHand(Exception):
    """An assertion that a person must translate; ``words`` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Refused(ByHand):
    """An assertion that promptfoo would refuse as well."""


class Assertion(Struct, frozen=True):
    """An assertion where it stands; ``values`` are put in for names, ``known`` have a value."""

    file: SourceFile
    node: Located
    at: str
    values: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """Its type as it was written."""
        named = self.node.get("type")
        return named.text.strip() if named else ""

    @property
    def original(self) -> str:
        """All of it in one line."""
        if not isinstance(self.node.value, dict):
            return self.node.text
        return ", ".join(f"{key}: {shown(value)}" for key, value in self.node.entries())

    def has(self, key: str) -> bool:
        """Whether something stands under a key."""
        found = self.node.get(key)
        return found is not None and found.value is not None

    @property
    def value(self) -> Located:
        """What stands under ``value``, files read; raises ``ByHand``."""
        found = self.node.get("value")
        if found is None or found.value is None:
            raise Refused("it has no value")
        if isinstance(found.value, str) and found.value.strip().startswith("file://"):
            return self._file(found)
        return found

    def _file(self, node: Located) -> Located:
        name = node.text.strip().removeprefix("file://")
        if name.partition(":")[0].lower().endswith(_PROGRAMS):
            raise ByHand(f"{name} is a program")
        source = self.file.beside(self.filled(name))
        if isinstance(source, Note):
            raise Refused(source.words)
        try:
            if name.endswith(".json"):
                return read_json(source.text)
            if name.endswith((".yaml", ".yml")):
                return read_yaml(source.text)
        except Unreadable as error:
            raise Refused(f"{name}:{error.line}: {error.message}") from None
        return Located(source.text.strip(), node.line)

    def filled(self, text: str) -> str:
        """A template as a text of ours; raises ``ByHand``."""
        template = converted(text)
        if template.trouble:
            raise ByHand(template.trouble)
        unknown = [name for name in template.names if name not in self.known]
        if unknown and unknown != ["dollar"]:
            raise ByHand(f"{{{{{unknown[0]}}}}} has no value in this test")
        return filled(template.text, self.values)

    def text(self) -> str:
        """The value as one text."""
        value = self.value
        if isinstance(value.value, dict | tuple):
            raise ByHand("its value is no text")
        found = self.filled(value.text)
        if not found.strip():
            raise ByHand("its value is empty, so it could not fail")
        return found

    def texts(self) -> list[str]:
        """The value as several texts."""
        value = self.value
        found = [item.text for item in value.items()]
        if not isinstance(value.value, tuple):
            found = parted(value.text)
        found = [self.filled(one) for one in found]
        if not found or not all(one.strip() for one in found):
            raise ByHand("one of its values is empty")
        return found

    def data(self) -> Any:
        """The value as data: a mapping as it is, or a text that is JSON or YAML."""
        value = self.value
        if isinstance(value.value, str):
            try:
                value = read_yaml(value.value)
            except Unreadable as error:
                raise Refused(f"its value is no JSON: {error.message}") from None
        if not isinstance(value.value, dict | bool):
            raise ByHand("its value is no JSON Schema")
        return value.plain

    def number(self, key: str, default: float | None = None) -> float:
        """A number under a key; raises ``ByHand`` where there is none and no default."""
        found = self.node.get(key)
        value = found.value if found is not None else default
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                value = None
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(f"it has no {key}, which is a number")
        return value


def shown(node: Located) -> str:
    """A value in one line, as it is told in comments."""
    if isinstance(node.value, dict):
        return "{" + ", ".join(f"{key}: {shown(value)}" for key, value in node.entries()) + "}"
    if isinstance(node.value, tuple):
        return "[" + ", ".join(map(shown, node.value)) + "]"
    return node.text or "null"
