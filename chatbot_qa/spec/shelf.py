"""``parts:`` as they stand at the top of a suite or of a file of parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from chatbot_qa.registry import Registry
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode
from chatbot_qa.spec.reader import Reader
from chatbot_qa.spec.shape import OWN, PartKeys
from chatbot_qa.spec.shapes import RAW, complete

PARTS: Final = "parts"

EXAMPLE: Final = "`login: [{say: Hello}]`, or below its name `with: [user]` and `turns:`"


def is_own(key: str) -> bool:
    """Whether a key at the top of a file is its author's own, for anchors and notes."""
    return key.startswith(OWN)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Turns under a name, the arguments that they want, and the parts of the same file."""

    key: TextNode
    turns: ListNode
    wants: tuple[str, ...]
    shelf: Shelf

    @property
    def name(self) -> str:
        """The name under which it is used."""
        return self.key.text

    @property
    def as_case(self) -> MapNode:
        """Its turns, as if they were all that a case has."""
        return MapNode({"turns": (self.key, self.turns)}, self.key.line, self.key.column)


@dataclass(slots=True, eq=False)
class Shelf:
    """The parts of one file; ``lost`` are the names of those that could not be read."""

    parts: dict[str, Part] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


def is_of_parts(top: MapNode, registry: Registry) -> bool:
    """Whether a file holds parts for suites and is none itself."""
    of_suites = {"suite", *registry.kinds.listed}
    return PARTS in top.entries and of_suites.isdisjoint(top.entries)


def read_parts(reader: Reader, top: MapNode) -> Shelf:
    """The parts of a file that holds nothing else."""
    known = {name: entry for name, entry in top.entries.items() if not is_own(name)}
    reader.gather(MapNode(known, top.line, top.column), {PARTS: RAW}, "a file of parts")
    return own_parts(reader, top)


def own_parts(reader: Reader, top: MapNode) -> Shelf:
    """The parts that stand at the top of a file."""
    shelf, entry = Shelf(), top.entries.get(PARTS)
    if entry is None:
        return shelf
    key, node = entry
    if node.kind != "mapping":
        place = key if node.kind == "nothing" else node
        reader.wrong(place, "wrong-type", "`parts:` takes names, each with its turns", EXAMPLE)
        return shelf
    for name, (named, value) in node.entries.items():
        part = _part(reader, named, value, shelf)
        if part is None:
            shelf.lost.add(name)
        else:
            shelf.parts[name] = part
    return shelf


def _part(reader: Reader, key: TextNode, value: Node, shelf: Shelf) -> Part | None:
    turns: Node | None = value
    wants: tuple[str, ...] = ()
    if value.kind == "mapping":
        forms = {**(form_of(PartKeys).entries or {}), "turns": RAW}
        found = reader.gather(value, forms, "a part")
        if not complete(reader, value, found, ("turns",), "a part"):
            return None
        turns, wants = value.get("turns"), found.get("with", ())
    if turns is None or turns.kind != "list" or not turns.items:
        place = key if turns is None or turns.kind == "nothing" else turns
        reader.wrong(place, "wrong-type", f"the part `{key.text}` takes a list of turns", EXAMPLE)
        return None
    return Part(key, turns, wants, shelf)
