"""Arguments that hold ``${name}`` and so are read only once their names have values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import NAME, Expectation, Names, Text, Unfit
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode
from chatbot_qa.spec.shapes import BAD, Shapes


class LateText(Struct, frozen=True):
    """A text to be filled in; ``filled`` where an empty one would fit every reply."""

    text: Text
    filled: bool = False

    @property
    def texts(self) -> tuple[Text, ...]:
        """The texts whose names are looked up."""
        return (self.text,)

    def resolve(self, names: Names) -> str:
        """The text; raises ``Unset``, or ``Unfit`` where it is empty and must not be."""
        value = self.text.render(names)
        if self.filled and not value.strip():
            raise Unfit(f"{self.text.source} is empty in this row, and empty text fits anything")
        return value


class LateValue(Struct, frozen=True):
    """Anything else: its nodes are filled in and then read by the argument's annotation."""

    node: Node
    shape: Any
    texts: tuple[Text, ...]
    where: Where

    def resolve(self, names: Names) -> Any:
        """The value; raises ``Unset``, or ``Unfit`` where what was filled in cannot be read."""
        filled = _Filled(self.where)
        form = form_of(self.shape)
        node = _fill(self.node, names)
        if node.kind == "text" and "text" not in form.kinds:
            parts = _parts(self.node, names) or [node]
            node = ListNode(parts, node.line, node.column)
        value = filled.take(node, form)
        if filled.diagnostics or value is BAD:
            reasons = [diagnostic.message for diagnostic in filled.diagnostics]
            raise Unfit("; ".join(reasons) or "the value cannot be read")
        return value


class _Filled(Shapes):
    """Reads nodes after filling in; checks among them were read before.

    Whatever is wrong stands where the value does.
    """

    def __init__(self, where: Where) -> None:
        super().__init__(where.file, ())
        self._where = where

    def where(self, node: Node) -> Where:  # noqa: ARG002  # all of it stands where the value does
        return self._where

    def expectations(self, node: Node) -> tuple[Expectation, ...]:
        raise Unfit(f"checks cannot be filled in ({self.where(node)})")

    def target(self, node: MapNode) -> Any:
        raise Unfit(f"targets cannot be filled in ({self.where(node)})")


def waits(node: Node) -> bool:
    """Whether any text of a node holds ``${``."""
    if node.kind == "text":
        return "${" in node.text
    if node.kind == "list":
        return any(waits(item) for item in node.items)
    return node.kind == "mapping" and any(waits(value) for _, value in node.entries.values())


def text_nodes(node: Node) -> Iterator[TextNode]:
    """Every text of a node that holds ``${``."""
    if node.kind == "text":
        if "${" in node.text:
            yield node
    elif node.kind == "list":
        for item in node.items:
            yield from text_nodes(item)
    elif node.kind == "mapping":
        for _, value in node.entries.values():
            yield from text_nodes(value)


def is_name(node: Node) -> bool:
    """Whether a node is one ``${name}`` and nothing else."""
    if node.kind != "text" or not node.text.startswith("${"):
        return False
    found = NAME.fullmatch(node.text.strip())
    return found is not None and not found[1]


def _parts(node: Node, names: Names) -> list[Node] | None:
    """The texts of a cell that holds several, where a node is its name."""
    if node.kind != "text" or not is_name(node):
        return None
    parts: tuple[str, ...] | None = getattr(names(node.text.strip()[2:-1].strip()), "parts", None)
    return None if parts is None else [TextNode(p, node.line, node.column) for p in parts]


def _fill(node: Node, names: Names) -> Node:
    if node.kind == "text":
        text = Text(node.text).render(names)
        return TextNode(text, node.line, node.column, node.plain)
    if node.kind == "list":
        items = [_parts(item, names) or [_fill(item, names)] for item in node.items]
        return ListNode([part for parts in items for part in parts], node.line, node.column)
    if node.kind == "mapping":
        entries = {name: (key, _fill(value, names)) for name, (key, value) in node.entries.items()}
        return MapNode(entries, node.line, node.column)
    return node
