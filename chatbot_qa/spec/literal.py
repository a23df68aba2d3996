"""Where ``${name}`` is not filled in: the author is told at the place itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from chatbot_qa.domain.suite import Text
from chatbot_qa.spec.late import text_nodes
from chatbot_qa.spec.positions import MapNode, Node
from chatbot_qa.spec.shapes import Shapes

_OF_SUITES: Final = ("suite", "owner", "tags", "links", "secrets")
_OF_CASES: Final = (
    *("owner", "topic", "skip", "tags", "links"),
    *("expected_failure", "quarantine"),
)
_OF_SAVES: Final = ("matches", "json_path", "button")
_WRITTEN_OUT: Final = "names are filled in where the bot is talked to and judged; write it out"
_BY_AFTER: Final = "save by `after:`, in which names are filled in, or write the value out"


def no_names_in_suite(reader: Shapes, node: MapNode) -> None:
    """Tell of names in what a suite says of all its cases."""
    _tell(reader, node, _OF_SUITES, _WRITTEN_OUT)
    defaults = node.get("defaults")
    if defaults is not None:
        _tell(reader, defaults, _OF_CASES, _WRITTEN_OUT)


def no_names_in_case(reader: Shapes, node: MapNode) -> None:
    """Tell of names in what a case says of itself, and in how it saves from replies."""
    _tell(reader, node, _OF_CASES, _WRITTEN_OUT)
    turns = node.get("turns")
    for turn in turns.items if turns is not None and turns.kind == "list" else ():
        saves = turn.get("save") if turn.kind == "mapping" else None
        if saves is not None and saves.kind == "mapping":
            for _, save in saves.entries.values():
                _tell(reader, save, _OF_SAVES, _BY_AFTER)


def _tell(reader: Shapes, node: Node, keys: Iterable[str], hint: str) -> None:
    if node.kind != "mapping":
        return
    for key in keys:
        value = node.get(key)
        for text in text_nodes(value) if value is not None else ():
            names = Text(text.text).names
            if names:
                message = f"`{key}:` holds ${{{names[0]}}}, which is not filled in here"
                reader.wrong(text, "not-filled-in", message, hint)
