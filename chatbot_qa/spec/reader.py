"""The reader of suites and of the configuration: nodes into values, by annotations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from chatbot_qa.domain.suite import Expectation
from chatbot_qa.registry import Registry
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.checkbook import CheckBook
from chatbot_qa.spec.elsewhere import elsewhere
from chatbot_qa.spec.expectations import read_expectations
from chatbot_qa.spec.positions import MapNode, Node
from chatbot_qa.spec.shapes import BAD, Shapes
from chatbot_qa.spec.targets import read_target

__all__ = ["BAD", "Reader"]


class Reader(Shapes):
    """Reads one file. ``read(node, shape)`` gives a value or ``BAD``; see ``Shapes``.

    Whatever is wrong is gathered in ``diagnostics``, and reading goes on.
    """

    def __init__(self, file: str, lines: Sequence[str], registry: Registry) -> None:
        super().__init__(file, lines)
        self.registry = registry
        self._book = CheckBook(registry)

    def read(self, node: Node, shape: Any) -> Any:
        """Read a node by an annotation: the value, or ``BAD`` with a diagnostic."""
        return self.take(node, form_of(shape))

    def expectations(self, node: Node) -> tuple[Expectation, ...]:
        """Read an ``expect:``: a list of checks, or a mapping of different ones."""
        return read_expectations(self, self._book, node)

    def as_check(self, text: str) -> str:
        """A check as it was typed; of any other text, that the reply contains it."""
        name, *_ = text.split(":", 1)
        return text if self._book.get(name.strip()) else super().as_check(text)

    def elsewhere(self, name: str, value: Node, beside: Collection[str]) -> str:
        """Where a key of a suite belongs that may not stand where it does; "" if nowhere."""
        return elsewhere(name, value, beside, check=self._book.get(name) is not None)

    def target(self, node: MapNode) -> Any:
        """Read a mapping with ``kind:``: ``TargetSettings``, or ``BAD``."""
        return read_target(self, node, self.registry)
