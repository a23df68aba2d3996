"""What it takes to read a file: forms of values, and the notes of what is wrong.

Reading is a look-up of a key and a call; what is wrong becomes a diagnostic and ``BAD``,
and reading goes on. The forms themselves are made by ``annotations``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.suite import Expectation, Text
from chatbot_qa.spec import words
from chatbot_qa.spec.positions import MapNode, Node, TextNode, place


class _Bad:
    """The type of ``BAD``."""

    def __repr__(self) -> str:
        return "BAD"


SHEET: Final = 1 << 40
"""The lines of other files go on from multiples of this, so that a number tells its file."""

BAD: Final = _Bad()
"""What is returned for a node that could not be read; a diagnostic says why."""

Scope = Literal["turn", "conversation", "group"]
CHECKS: Final = "a list of checks"
_KINDS: Final = {"text": "a text", "list": "a list", "mapping": "keys with values"}


class Form(Struct, frozen=True):
    """How one annotation is read: the kinds of nodes it takes, what it is called, the reader.

    ``read`` is called with a node of one of ``kinds`` only. ``entries`` are the keys of a
    dataclass.
    """

    kinds: frozenset[str]
    words: str
    read: Callable[[Shapes, Any], Any]
    entries: Mapping[str, Form] | None = None


class _Known(Struct, frozen=True):
    """A mapping that is read: what its keys may be, and what it is called in messages."""

    node: MapNode
    forms: Mapping[str, Form]
    what: str


class Shapes(ABC):
    """Reads the nodes of one file by annotations, and gathers what is wrong.

    ``scope`` is where checks stand that are being read; ``phrases`` are the wordings that
    ``${name}`` may stand for as a whole item of a list.
    """

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self.lines = lines
        self._others: list[tuple[str, Sequence[str]]] = []
        self.diagnostics: list[Diagnostic] = []
        self.scope: Scope = "turn"
        self.phrases: Mapping[str, tuple[Text, ...]] = {}

    @abstractmethod
    def expectations(self, node: Node) -> tuple[Expectation, ...]:
        """Read a list of checks."""

    def as_check(self, text: str) -> str:
        """What somebody means who gives a text where checks are listed: a check to write."""
        return f"contains: {text}"

    def elsewhere(self, _name: str, _value: Node, _beside: Collection[str]) -> str:
        """Where a key belongs that may not stand where it does; "" if nowhere."""
        return ""

    @abstractmethod
    def target(self, node: MapNode) -> Any:
        """Read a target that is configured where it stands."""

    def take(self, node: Node, form: Form, key: TextNode | None = None) -> Any:
        """Read a node that stands after ``key`` (None: in a list) by a form."""
        if node.kind not in form.kinds:
            return self._misfit(node, form, key)
        return form.read(self, node)

    def gather(self, node: MapNode, forms: Mapping[str, Form], what: str) -> dict[str, Any]:
        """Read the values of a mapping's known keys; what is BAD is left out."""
        found: dict[str, Any] = {}
        for name, (key, value) in node.entries.items():
            form = forms.get(name)
            if form is None:
                self._unknown(key, value, _Known(node, forms, what), found)
                continue
            if value.kind not in form.kinds:
                self._misfit(value, form, key)
                continue
            read = form.read(self, value)
            if read is not BAD:
                found[name] = read
        return found

    def _unknown(self, key: TextNode, value: Node, known: _Known, found: dict[str, Any]) -> None:
        """Tell of an unknown key, and read it as what it means so that no mistake hides in it."""
        free = [name for name in known.forms if name not in known.node.entries]
        meant = words.near(key.text, free)
        self.wrong(
            key,
            "unknown-key",
            f"`{key.text}` is no key of {known.what}",
            (words.of_turn(key.text) if "say" in known.forms else "")
            or ("" if meant else self.elsewhere(key.text, value, known.forms))
            or words.answer(key.text, known.forms, meant),
        )
        if meant and meant not in found and value.kind in known.forms[meant].kinds:
            read = known.forms[meant].read(self, value)
            if read is not BAD:
                found[meant] = read

    def beside(self, file: str, lines: Sequence[str]) -> int:
        """Make known a file whose nodes are read too: what to add to the numbers of its lines."""
        self._others.append((file, lines))
        return len(self._others) * SHEET

    def where(self, node: Node) -> Where:
        """The place of a node, with the author's line."""
        line, column = node.line, node.column
        if line > SHEET:
            number, line = divmod(line, SHEET)
            return place(*self._others[number - 1], line, column)
        if line <= len(self.lines) and column <= len(text := self.lines[line - 1]):
            return Where(self.file, line, column, text)
        return place(self.file, self.lines, line, column)

    def wrong(
        self,
        node: Node,
        code: str,
        message: str,
        hint: str = "",
        severity: Severity = Severity.ERROR,
    ) -> _Bad:
        """Note a mistake at a node."""
        self.diagnostics.append(Diagnostic(self.where(node), code, message, hint, severity))
        return BAD

    def _misfit(self, node: Node, form: Form, key: TextNode | None) -> _Bad:
        what = f"`{key.text}`" if key else "this item"
        in_turns = form.entries is not None and "say" in form.entries
        if node.kind == "nothing":
            hint = (
                f'it takes {form.words}; leave it out if there is nothing to say, "" is empty text'
            )
            if key and key.text == "say":
                hint = "write what the user types, such as `say: Hello`"
            elif in_turns:
                hint = words.of_turn(self.where(node).text.strip(" -")) or hint
            return self.wrong(
                key or node,
                "nothing-here",
                f"nothing stands after `{key.text}:`" if key else "nothing stands after the dash",
                hint,
            )
        message = f"{what} takes {form.words}, not {_KINDS[node.kind]}"
        hint = words.of_turn(node.text) if in_turns and node.kind == "text" else ""
        if node.kind == "text" and form.words == CHECKS:
            hint = f"write it as a list:\n  - {self.as_check(node.text)}"
        hint = hint or _mend(node, form, key.text if key else "")
        return self.wrong(node, "wrong-type", message, hint)


def _mend(node: Node, form: Form, key: str) -> str:
    """How to mend a value that is of another kind than its key takes."""
    hint = words.OTHER_SHAPES.get(key, "")
    if node.kind == "list" and form.kinds == {"mapping"}:
        hint = "leave out the dashes: each name on a line of its own, its value behind a colon"
    elif hint:
        return hint
    elif node.kind == "list":
        hint = words.LIST_FOR_TEXT.get(key, "")
    elif node.kind == "mapping" and "list" in form.kinds:
        hint = "begin each item with a dash"
    elif node.kind == "mapping" and form.kinds == {"text"} and key:
        hint = f"write the text behind `{key}:`, on the same line"
    elif node.kind == "text" and "list" in form.kinds and "," in node.text:
        parts = [part.strip() for part in node.text.split(",")]
        items = "".join(f"\n  - {part}" for part in parts if part)
        hint = f"write each on a line of its own that begins with a dash:{items}"
    elif node.kind == "text" and "list" in form.kinds:
        hint = f"write the value on a line of its own that begins with a dash: - {node.text}"
    elif node.kind == "text" and "`url:`" in form.words:
        hint = f"do you mean `url: {node.text}`?"
    elif node.kind == "text" and form.entries:
        hint = f"do you mean `{next(iter(form.entries))}: {node.text}`?"
    return hint


def complete(
    reader: Shapes, node: Node, found: Mapping[str, Any], required: Sequence[str], what: str
) -> bool:
    """Whether all required keys were read; one that was not written is a diagnostic."""
    whole = True
    for name in required:
        if name not in found:
            whole = False
            if node.kind != "mapping" or name not in node.entries:
                hint = f"write its `{name}:`"
                if name == "say":
                    hint += ", or leave out the dash if this belongs to the turn before"
                reader.wrong(node, "missing-key", f"{what} lacks `{name}:`", hint)
    return whole


def only_one(
    reader: Shapes, node: MapNode, found: Mapping[str, Any], names: Sequence[str], what: str
) -> bool:
    """Whether exactly one of these keys was read; none or several is a diagnostic."""
    written = [name for name in names if name in node.entries and found.get(name) is not False]
    if not written:
        return any(name in found for name in names) or complete(
            reader, node, found, names[:1], what
        )
    if len(written) > 1:
        reader.wrong(
            node.entries[written[1]][0],
            "say-twice",
            f"`{written[0]}` and `{written[1]}` stand in one {what.rsplit(maxsplit=1)[-1]}",
            "keep one of them; what comes next stands behind a dash of its own",
        )
        return False
    return written[0] in found


ANY_KIND: Final = frozenset({"text", "list", "mapping", "nothing"})

RAW: Final = Form(ANY_KIND, "anything", lambda _, node: node)
"""Hands on the node itself."""
