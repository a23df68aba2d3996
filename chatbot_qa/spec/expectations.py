"""``expect:`` as people write it: bare names, a value after a name, options beside or inside."""

from __future__ import annotations

from typing import Any

from chatbot_qa.domain.suite import Expectation, Late, Text
from chatbot_qa.registry import Use
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.checkbook import CheckBook, Named, Slot
from chatbot_qa.spec.complaints import COMMON, Complaints, Entries, Written
from chatbot_qa.spec.late import LateText, LateValue, is_name, text_nodes, waits
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode
from chatbot_qa.spec.shapes import BAD, Shapes


def read_expectations(reader: Shapes, book: CheckBook, node: Node) -> tuple[Expectation, ...]:
    """All checks of an ``expect:``; what cannot be read is told and left out."""
    reading = _Reading(reader, book)
    if node.kind == "list":
        found = [reading.item(item) for item in node.items]
    elif node.kind == "mapping":
        found = reading.mapping(node)
    else:
        found = [reading.item(node)]
    return tuple([expectation for expectation in found if expectation is not None])


class _Reading:
    """Reads the items of one ``expect:``."""

    def __init__(self, reader: Shapes, book: CheckBook) -> None:
        self.reader = reader
        self.book = book

    @property
    def tell(self) -> Complaints:
        """Notes what is wrong; most of what is read is not."""
        return Complaints(self.reader, self.book)

    def item(self, node: Node) -> Expectation | None:
        """One item of the list."""
        if node.kind == "text":
            return self.check(node, None, {})
        if node.kind != "mapping" or not node.entries:
            self.reader.wrong(
                node,
                "not-a-check",
                "a check was expected here",
                "such as `- refuses` or `- contains: 30 days`",
            )
            return None
        entries = node.entries
        if len(entries) == 1:
            ((key, value),) = entries.values()
            return self.check(key, value, {})
        main = self._main(entries)
        key, value = entries[main]
        beside = {name: entry for name, entry in entries.items() if name != main}
        return self.check(key, value, beside)

    def mapping(self, node: MapNode) -> list[Expectation | None]:
        """Different checks as the keys of a mapping, or a single one with its options."""
        checks = [
            name
            for name in node.entries
            if name not in COMMON and self.book.get(name) and not self._option(name, node.entries)
        ]
        if len(checks) == 1 and len(node.entries) > 1:
            return [self.item(node)]
        found = []
        for name, (key, value) in node.entries.items():
            if name in COMMON and len(checks) > 1:
                self.reader.wrong(
                    key,
                    "stray-option",
                    f"`{name}` belongs to one check, and several stand here",
                    f"write the checks as a list: a dash before each, `{name}:` under its own",
                )
            else:
                found.append(self.check(key, value, {}))
        return found

    def _main(self, entries: Entries) -> str:
        """The key that is the check; the others stand beside it as its options."""
        candidates = [name for name in entries if name not in COMMON]
        for name in candidates:
            if self.book.get(name) and not self._option(name, entries):
                return name
        if "type" in candidates:
            return "type"
        return candidates[0] if candidates else next(iter(entries))

    def _option(self, name: str, entries: Entries) -> bool:
        """Whether the name of a check is meant as an option here: ``at_least: 3`` of ``length``."""
        named, (_, value) = self.book.get(name), entries[name]
        first = named.form.first if named else None
        if first is None or value.kind != "text" or "text" in first.form.kinds:
            return False
        others = [self.book.get(other) for other in entries if other != name]
        return any(name in other.form.slots for other in others if other)

    def check(self, key: TextNode, value: Node | None, beside: Entries) -> Expectation | None:
        """One check with its value and with what stands beside it."""
        named = self.book.get(key.text)
        if named is None:
            self.tell.unknown(key, value, beside)
            return None
        reader = self.reader
        if reader.scope not in named.form.spec.scopes:
            self.tell.misplaced(key, named.form)
            return None
        written = Written(key, named, value)
        if (
            not beside
            and named.form.plain
            and value is not None
            and value.kind == "text"
            and value.text.strip()
        ):
            return self._quick(written, value)
        return self._full(written, beside)

    def _quick(self, written: Written, value: TextNode) -> Expectation | None:
        """The usual line, ``- contains: 30 days``: all it can lack is sense."""
        named = written.named
        form, spec = named.form, named.form.spec
        name, first = next(iter(form.slots.items()))
        where = self.reader.where(written.key)
        fixed: dict[str, Any] = {}
        late: dict[str, Late] = {}
        if "${" in value.text:
            text = Text(value.text, self.reader.where(value))
            late[name] = LateText(text, first.filled)
        else:
            fixed[name] = value.text
            if spec.verify is not None:
                flaw = spec.flaw(Use(self.reader.scope, named.negated), fixed)
                if flaw is not None:
                    self.tell.flawed(written, {name: (written.key, value)}, flaw)
                    return None
        return Expectation(
            spec.name,
            spec.function,
            spec.version,
            where,
            named.negated,
            fixed,
            late,
            twin=spec.twin or "",
        )

    def _full(self, written: Written, beside: Entries) -> Expectation | None:
        before = len(self.reader.diagnostics)
        written = self._list_of_texts(written)
        given = self._arguments(written)
        common: dict[str, Any] = {}
        for name, entry in beside.items():
            self._beside(written, name, entry, given)
        for name in COMMON.keys() & given.keys() - written.form.slots.keys():
            key, value = given.pop(name)
            common[name] = self.reader.take(value, COMMON[name], key)
        fixed, late = self._values(written, given)
        if len(self.reader.diagnostics) == before:
            for name in written.form.required:
                if name not in given:
                    self.tell.missing(written, name, alone=not given)
        spec = written.form.spec
        if len(self.reader.diagnostics) == before and not late and spec.verify is not None:
            flaw = spec.flaw(Use(self.reader.scope, written.named.negated), fixed)
            if flaw is not None:
                self.tell.flawed(written, given, flaw)
        if len(self.reader.diagnostics) > before:
            return None
        where = self.reader.where(written.key)
        negated = written.named.negated
        return Expectation(
            spec.name,
            spec.function,
            spec.version,
            where,
            negated,
            fixed,
            late,
            twin=spec.twin or "",
            **common,
        )

    def _list_of_texts(self, written: Written) -> Written:
        """``not_contains`` with a list means none of them: ``contains_any`` negated."""
        form, value = written.form, written.value
        first = form.first
        if value is None or value.kind != "list" or first is None or "list" in first.form.kinds:
            return written
        several = self.book.get(f"{form.spec.name}_any")
        if not written.named.negated or several is None:
            return written
        return Written(written.key, Named(several.form, True), value)

    def _arguments(self, written: Written) -> Entries:
        """The arguments that the value gives: by name where it is a mapping of them."""
        form, key, value = written.form, written.key, written.value
        if value is None or value.kind == "nothing":
            return {}
        first = form.first
        if value.kind == "mapping":
            inside = form.slots.keys() | COMMON.keys()
            takes_mapping = first is not None and "mapping" in first.form.kinds
            if not takes_mapping or value.entries.keys() <= inside:
                return dict(value.entries)
        if first is None or _switches(value, first):
            self.tell.takes_nothing(written, value)
            return {}
        if value.kind == "list" and "list" not in first.form.kinds:
            self.tell.too_many(written, value)
            return {}
        return {first.argument.name: (key, value)}

    def _beside(
        self, written: Written, name: str, entry: tuple[TextNode, Node], given: Entries
    ) -> None:
        form, (key, _) = written.form, entry
        if name in given:
            self.reader.wrong(
                key, "given-twice", f"`{name}` of `{written.key.text}` is given twice"
            )
        elif name in form.slots or name in COMMON or not self.book.get(name):
            given[name] = entry
        else:
            self.reader.wrong(
                key,
                "two-checks",
                f"`{name}` is a check of its own, and stands inside `{written.key.text}`",
                f"begin it with a dash: `- {name}: …`",
            )

    def _values(self, written: Written, given: Entries) -> tuple[dict[str, Any], dict[str, Late]]:
        fixed: dict[str, Any] = {}
        late: dict[str, Late] = {}
        for name, (key, value) in given.items():
            slot = written.form.slots.get(name)
            if slot is None:
                self.tell.unknown_argument(written, key)
                continue
            node = self._with_phrases(value) if slot.texts and self.reader.phrases else value
            if slot.filled and _empty(node):
                self.tell.empty(written, node)
            elif _is_late(node, slot):
                late[name] = self._late(node, slot)
            else:
                fixed[name] = self.reader.take(node, slot.form, key)
                if fixed[name] is BAD and key is written.key and slot.form.kinds == {"text"}:
                    self.tell.unread(written, node)
        return fixed, late

    def _late(self, node: Node, slot: Slot) -> Late:
        where = self.reader.where(node)
        if node.kind == "text" and slot.form is form_of(str):
            return LateText(Text(node.text, where), slot.filled)
        texts = tuple(Text(item.text, self.reader.where(item)) for item in text_nodes(node))
        return LateValue(node, slot.argument.type, texts, where)

    def _with_phrases(self, node: Node) -> Node:
        """``${agree}`` as a whole item or as the whole list: all wordings of that phrase."""
        items = node.items if node.kind == "list" else [node]
        found: list[Node] = []
        for item in items:
            wordings = self._wordings(item)
            if wordings is None:
                found.append(item)
            else:
                found.extend(TextNode(text.source, item.line, item.column) for text in wordings)
        if len(found) == len(items) and all(a is b for a, b in zip(found, items, strict=True)):
            return node
        return ListNode(found, node.line, node.column)

    def _wordings(self, node: Node) -> tuple[Text, ...] | None:
        if node.kind != "text" or not is_name(node):
            return None
        return self.reader.phrases.get(node.text.strip()[2:-1].strip())


def _switches(value: Node, first: Slot) -> bool:
    """Whether somebody switches a check on or off that takes no text at all."""
    switch = value.kind == "text" and value.text.strip().lower() in ("true", "false", "yes", "no")
    return switch and "text" not in first.form.kinds and not first.argument.required


def _is_late(node: Node, slot: Slot) -> bool:
    """Whether a value waits for its names; a whole ``${name}`` may stand for a list."""
    if slot.checks or not waits(node):
        return False
    return node.kind in slot.form.kinds or (slot.texts and is_name(node))


def _empty(node: Node) -> bool:
    """Whether a text is empty, or one of several is, or there is none at all."""
    if node.kind == "text":
        return not node.text.strip()
    return node.kind == "list" and (not node.items or any(_empty(item) for item in node.items))
