"""One suite: the top level of its file, its sections, its cases, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from chatbot_qa.domain.settings import Profile
from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.domain.suite import Declared, Hooks, Suite, Text
from chatbot_qa.registry import Registry
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.declared import CaseReader, case_reader, read_turns
from chatbot_qa.spec.files import Source
from chatbot_qa.spec.lint import lint
from chatbot_qa.spec.literal import no_names_in_suite
from chatbot_qa.spec.parts import Library
from chatbot_qa.spec.positions import MapNode, Node, TextNode, parse
from chatbot_qa.spec.reader import BAD, Reader
from chatbot_qa.spec.repeats import with_repeats
from chatbot_qa.spec.shape import SuiteKeys
from chatbot_qa.spec.shapes import RAW, Form
from chatbot_qa.spec.shelf import PARTS, is_of_parts, is_own, own_parts, read_parts
from chatbot_qa.spec.typed import scan
from chatbot_qa.spec.words import near

_OF_CASES: Final = ("examples", "turns", "matrix")
_USUAL: Final = "conversations"
_WHAT: Final = {"text": "a text", "list": "a list", "nothing": "nothing"}


def read_suite(
    source: Source, registry: Registry, profile: Profile | None = None
) -> tuple[Suite | None, list[Diagnostic]]:
    """The suite of a file, and its mistakes in the order of their lines.

    ``profile`` says how often its cases are repeated where the suite does not.
    """
    text, diagnostics = scan(source.text, source.file)
    node, wrong = parse(text, source.file, source.lines)
    diagnostics = [*diagnostics, *wrong]
    reader = Reader(source.file, source.lines, registry)
    suite = None
    if node is not None and node.kind == "mapping":
        if is_of_parts(node, registry):
            _read_parts(reader, node)
        else:
            suite = _Suite(reader, node, registry).read()
    elif node is not None or not wrong:
        diagnostics.append(_no_suite(source, node))
    diagnostics += reader.diagnostics
    if suite is not None:
        suite = with_repeats(suite, profile)
        diagnostics += lint(suite, whole=not diagnostics)
    return suite, sorted(dict.fromkeys(diagnostics), key=_by_place)


def _read_parts(reader: Reader, node: MapNode) -> None:
    """Read a file of parts, which suites include, for the mistakes that are in it."""
    shelf = read_parts(reader, node)
    for part in shelf.parts.values():
        read_turns(reader, part.as_case, Library(reader, shelf))


def _by_place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    where = diagnostic.where
    return where.file, where.line, where.column


def _no_suite(source: Source, node: Node | None) -> Diagnostic:
    hint = "it begins with `suite: its name`, and its cases stand under `conversations:`"
    if node is None or node.kind == "nothing":
        where = Where(source.file, 1, 1, source.lines[0])
        return Diagnostic(where, "empty-file", "this file is empty", hint)
    text = source.lines[min(node.line, len(source.lines)) - 1]
    where = Where(source.file, node.line, node.column, text)
    return Diagnostic(
        where,
        "wrong-type",
        f"a suite has keys with values, and this file holds {_WHAT[node.kind]}",
        hint,
    )


class _Suite:
    """Reads one suite. Phrases come first, since checks may name them."""

    def __init__(self, reader: Reader, node: MapNode, registry: Registry) -> None:
        self.reader = reader
        self.node = node
        self.registry = registry
        self.kinds = registry.kinds.listed

    def read(self) -> Suite:
        reader, node = self.reader, self.node
        self._read_phrases()
        forms = self._forms()
        known = {
            name: one
            for name, one in node.entries.items()
            if not is_own(name) and not self._no_section(one, forms)
        }
        found = reader.gather(MapNode(known, node.line, node.column), forms, "a suite")
        no_names_in_suite(reader, node)
        sections = {name: found.pop(name) for name in list(found) if name in self.kinds}
        if not found.get("suite", "").strip():
            self._unnamed(found)
        key = node.entries["suite"][0] if "suite" in node.entries else node
        found.pop(PARTS, None)
        found |= {"phrases": reader.phrases, "where": reader.where(key)}
        top = SuiteKeys(**found)
        library = Library(reader, own_parts(reader, node))
        declared = tuple(self._declared(sections, top, library))
        for unused in library.unused():
            read_turns(reader, unused.as_case, library)
        if not sections and not reader.diagnostics:
            reader.wrong(
                key,
                "no-cases",
                "this suite has no cases",
                f"cases stand under {_either(self.kinds)}",
            )
        return Suite(
            name=top.suite,
            file=reader.file,
            where=top.where,
            target=found.get("target"),
            values=self._values(top),
            phrases=reader.phrases,
            secrets={secret.source: secret.where for secret in top.secrets},
            declared=declared,
            expect=top.expect,
            target_at=reader.where(node.get("target") or key),
            hooks=Hooks(top.before_all, top.before_each, top.after_each, top.after_all),
            repeat=top.defaults.repeat,
            errors=top.defaults.errors,
            about={"title": top.title, "owner": top.owner, "tags": top.tags, "links": top.links},
        )

    def _forms(self) -> Mapping[str, Form]:
        entries = form_of(SuiteKeys).entries or {}
        return {**entries, **dict.fromkeys(("phrases", PARTS, *self.kinds), RAW)}

    def _no_section(self, entry: tuple[TextNode, Node], forms: Mapping[str, Form]) -> bool:
        """Whether this is a list under a name that means nothing here; it is told of."""
        key, value = entry
        if key.text in forms or value.kind != "list" or near(key.text, forms) is not None:
            return False
        hint = f"cases stand under {_either(self.kinds)}"
        if key.text == "expect_each_reply":
            hint = "for every case of the suite it stands below `defaults:`, further in"
        elif key.text in _OF_CASES:
            hint = f"`{key.text}:` belongs to a case: write it beside that case's `turns:`"
        elif key.text == "prompts":
            hint += (
                ", what is said in each under `say:`; the chatbot under test is named by `target:`"
            )
        self.reader.wrong(key, "unknown-section", f"there is no section `{key.text}`", hint)
        return True

    def _read_phrases(self) -> None:
        entry = self.node.entries.get("phrases")
        if entry is not None:
            form = (form_of(SuiteKeys).entries or {})["phrases"]
            read = self.reader.take(entry[1], form, entry[0])
            self.reader.phrases = {} if read is BAD else read

    def _unnamed(self, found: dict[str, Any]) -> None:
        entry = self.node.entries.get("suite")
        if entry is None or "suite" in found:
            self.reader.wrong(
                entry[0] if entry else self.node,
                "unnamed-suite",
                "this suite has no name",
                "begin the file with its name, such as `suite: Returns desk`",
            )
        found["suite"] = ""

    def _values(self, top: SuiteKeys) -> Mapping[str, Text]:
        """The variables; one that could not be read keeps its name, and so is not unknown."""
        node = self.node.get("vars")
        if node is None:
            return top.vars
        parts = node.items if node.kind == "list" else [node]
        lost = {
            name: Text("", self.reader.where(key))
            for part in parts
            if part.kind == "mapping"
            for name, (key, _) in part.entries.items()
        }
        return {**lost, **top.vars} if len(lost) > len(top.vars) else top.vars

    def _declared(
        self, sections: Mapping[str, Node], top: SuiteKeys, library: Library
    ) -> Iterator[Declared]:
        seen: dict[str, int] = {}
        for name, section in sections.items():
            reads = case_reader(self.registry.kinds[name], top, library)
            for declared, node in self._cases(reads, section):
                first = seen.setdefault(declared.case.id, declared.case.where.line)
                if first != declared.case.where.line:
                    self.reader.wrong(
                        node.get("id") or node,
                        "duplicate-id",
                        f"another case has the id `{declared.case.id}` too, in line {first}",
                        "give each case an id of its own: its verdicts are filed under it",
                    )
                yield declared

    def _cases(self, cases: CaseReader, section: Node) -> Iterator[tuple[Declared, MapNode]]:
        items: Sequence[Node] = section.items if section.kind == "list" else ()
        if not items:
            self._no_list(cases.kind, section)
        if section.kind == "mapping" and {"id", "turns"} & section.entries.keys():
            items = (section,)  # a case without its dash, in which no mistake is to hide
        for item in items:
            declared = cases.read(self.reader, item)
            if declared is not None and item.kind == "mapping":
                yield declared, item

    def _no_list(self, section: str, node: Node) -> None:
        empty = node.kind in ("nothing", "list")
        entry = self.node.entries.get(section)
        self.reader.wrong(
            entry[0] if entry and empty else node,
            "no-cases" if empty else "wrong-type",
            f"there are no cases under `{section}:`"
            if empty
            else f"`{section}:` takes a list of cases, each begun by a dash",
            "begin a case with `- id: asks-for-refund`, and its other keys below, further in",
        )


def _either(names: Collection[str]) -> str:
    """The sections of cases, the usual one first."""
    *others, last = sorted(names, key=lambda name: (name != _USUAL, name))
    told = ", ".join(f"`{name}:`" for name in others)
    return f"{told} or `{last}:`" if told else f"`{last}:`"
