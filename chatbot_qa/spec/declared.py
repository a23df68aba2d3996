"""One case as it is declared: its keys, what ``defaults`` add to it, its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Case, Declared, Text, Turn
from chatbot_qa.registry import KindSpec
from chatbot_qa.spec.annotations import form_for, form_of
from chatbot_qa.spec.expand import SETS_ASIDE
from chatbot_qa.spec.late import is_name
from chatbot_qa.spec.literal import no_names_in_case
from chatbot_qa.spec.parts import Library
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode
from chatbot_qa.spec.shape import CaseExtras, DefaultsKeys, SuiteKeys, keys
from chatbot_qa.spec.shapes import RAW, Form, Shapes, complete
from chatbot_qa.spec.tables import Rows, read_rows, wording_name
from chatbot_qa.spec.words import answer

SUITE_CASE: Final = "suite"
"""The id under which the checks of a suite as a whole are filed."""

_ID: Final = re.compile(r"[\w-]+")
_LOST: Final = "…"
"""Stands for what is said where that could not be read."""
_EXTRAS: Final = ("examples", "matrix")
_INHERITED: Final = ("severity", "owner", "system", "on_failure", "expect_each_reply")


class CaseReader(Struct, frozen=True):
    """Reads the cases of one section; ``base`` is what a case has unless it says otherwise."""

    kind: str
    case_type: type[Case]
    forms: Mapping[str, Form]
    required: tuple[str, ...]
    base: Mapping[str, Any]
    top: SuiteKeys
    library: Library

    def read(self, reader: Shapes, node: Node) -> Declared | None:
        """One item of the section; None where it is too broken to be a case."""
        what = f"a case of `{self.kind}`"
        if node.kind != "mapping":
            reader.wrong(
                node,
                "wrong-type",
                f"{what} has keys of its own, such as `id:`",
                f"such as `- id: {_slug(node)}`, and its other keys below, further in",
            )
            return None
        node, known = self.library.with_turns(node)
        node, wordings = _with_wordings(reader, node)
        found = {**self.base, **reader.gather(node, self.forms, what)}
        no_names_in_case(reader, node)
        values: Mapping[str, Text] = found.pop("vars", {})
        examples, matrix = (found.pop(name, None) for name in _EXTRAS)
        if not complete(reader, node, found, self.required, what):
            return None
        self._add_up(found)
        _check_reasons(reader, node)
        for name in SETS_ASIDE:
            if name in found:
                found[name] = replace(found[name], where=_last_day(reader, node, name))
        where = reader.where(node)
        case = self.case_type(**found, where=where, suite=self.top.suite)
        _check_id(reader, node, case.id)
        rows = None
        if examples is not None or matrix is not None or wordings:
            rows, wrong = read_rows(
                reader.where, examples=examples, matrix=matrix, wordings=wordings
            )
            reader.diagnostics.extend(wrong)
        if not known:  # an include that led nowhere may have saved any name
            rows = Rows(rows.tables if rows else (), whole=False)
        return Declared(self.kind, case, values, rows)

    def _add_up(self, found: dict[str, Any]) -> None:
        top = self.top
        tags = (*top.tags, *top.defaults.tags)
        if tags:
            found["tags"] = tuple(dict.fromkeys((*tags, *found.get("tags", ()))))
        if top.links:
            found["links"] = (*top.links, *found.get("links", ()))


def read_turns(reader: Shapes, node: MapNode, library: Library) -> None:
    """Read turns that no case uses, for the mistakes that are in them."""
    node, _ = _with_wordings(reader, library.with_turns(node)[0])
    reader.gather(node, {"turns": form_of(tuple[Turn, ...])}, "a part")


def case_reader(kind: KindSpec, top: SuiteKeys, library: Library) -> CaseReader:
    """The reader of one section of a suite whose top level is ``top``."""
    entries = form_for(f"a case of `{kind.name}`", kind.case_type).entries or {}
    extras = form_of(CaseExtras).entries or {}
    forms = {**entries, **extras, **dict.fromkeys(_EXTRAS, RAW)}
    required = tuple(key.name for key in keys(kind.case_type) if key.required)
    base = {
        name: value
        for name in _INHERITED
        if name in entries and (value := _inherited(name, top)) not in (None, (), "")
    }
    return CaseReader(kind.name, kind.case_type, forms, required, base, top, library)


def _inherited(name: str, top: SuiteKeys) -> Any:
    defaults: DefaultsKeys = top.defaults
    value = getattr(defaults, name)
    return top.owner if value is None and name == "owner" else value


_NO_REASONS: Final = frozenset(("", "true", "false", "yes", "no", "on", "off", "~", "null"))


def _check_reasons(reader: Shapes, node: MapNode) -> None:
    """A case is set aside once, for a reason; ``skip: false`` would set it aside too."""
    skip = node.get("skip")
    if skip is not None and _says_nothing(skip):
        reader.wrong(
            skip,
            "no-reason",
            "`skip:` takes the reason why the case is set aside",
            "such as `skip: the returns desk moves until May`; to run the case leave it out",
        )
    asides = [name for name in (*SETS_ASIDE, "skip") if name in node.entries]
    if len(asides) > 1:
        reader.wrong(
            node.entries[asides[1]][0],
            "set-aside-twice",
            f"`{asides[0]}` and `{asides[1]}` both set this case aside",
            "keep one of them: `skip` asks nothing, the others run the case without counting it",
        )
    for name in SETS_ASIDE:
        said = node.get(name)
        if said is not None and said.kind == "mapping":
            _check_said(reader, name, said)


def _last_day(reader: Shapes, node: MapNode, name: str) -> Where:
    said = node.get(name)
    until = said.get("until") if said is not None and said.kind == "mapping" else None
    return reader.where(until or node)


def _check_said(reader: Shapes, name: str, said: MapNode) -> None:
    for key, what in (("reason", "why it does not count"), ("owner", "who sees to it")):
        value = said.get(key)
        if value is not None and _says_nothing(value):
            reader.wrong(
                value,
                "no-reason",
                f"`{key}:` of `{name}` says {what}",
                "such as `reason: the refund service is down`"
                if key == "reason"
                else "such as `owner: support-team`",
            )


def _says_nothing(node: Node) -> bool:
    return node.kind == "text" and node.text.strip().lower() in _NO_REASONS


def _check_id(reader: Shapes, node: MapNode, name: str) -> None:
    entry = node.get("id")
    if entry is None:
        return
    if not _ID.fullmatch(name):
        reader.wrong(
            entry,
            "bad-id",
            "an id is made of letters, digits, - and _",
            f"such as `id: {_slug(entry)}`; a `title:` may be any text",
        )
    elif name == SUITE_CASE:
        reader.wrong(
            entry,
            "bad-id",
            f"the id `{SUITE_CASE}` stands for the suite as a whole",
            "choose another id",
        )


def _slug(node: Node) -> str:
    text = node.text if node.kind == "text" else ""
    return re.sub(r"[^\w]+", "-", text).strip("-").lower()[:40] or "asks-for-refund"


def _with_wordings(reader: Shapes, node: MapNode) -> tuple[MapNode, dict[str, tuple[Text, ...]]]:
    """A case whose ``say_each`` are ``say``, each of a name, with the wordings by name."""
    turns = node.get("turns")
    wordings: dict[str, tuple[Text, ...]] = {}
    if turns is None or turns.kind != "list":
        return node, wordings
    items = list(turns.items)
    for number, turn in enumerate(items, 1):
        if turn.kind != "mapping" or "say_each" not in turn.entries:
            continue
        entries = dict(turn.entries)
        key, value = entries.pop("say_each")
        name = wording_name(number)
        wordings[name] = _wordings(reader, key, value)
        if "say" in entries:
            reader.wrong(
                key,
                "say-twice",
                "`say` and `say_each` stand in one turn",
                "keep one of them; what is said next is a turn of its own",
            )
        else:
            source = f"${{{name}}}" if wordings[name] else _LOST
            entries["say"] = (key, TextNode(source, value.line, value.column))
        items[number - 1] = MapNode(entries, turn.line, turn.column)
    if not wordings:
        return node, wordings
    changed = {
        **node.entries,
        "turns": (node.entries["turns"][0], ListNode(items, turns.line, turns.column)),
    }
    return MapNode(changed, node.line, node.column), wordings


def _wordings(reader: Shapes, key: TextNode, value: Node) -> tuple[Text, ...]:
    if value.kind == "list" and value.items:
        return tuple(text for item in value.items for text in _wording(reader, item))
    if value.kind == "text" and is_name(value):
        return _wording(reader, value)
    reader.wrong(
        value if value.kind != "nothing" else key,
        "wrong-type",
        "`say_each` takes a list of wordings, or ${name} of one under `phrases:`",
        "for a single text there is `say`",
    )
    return ()


def _wording(reader: Shapes, node: Node) -> tuple[Text, ...]:
    if node.kind != "text":
        reader.wrong(node, "wrong-type", "a wording is one text")
        return ()
    if not is_name(node):
        return (Text(node.text, reader.where(node)),)
    name = node.text.strip()[2:-1].strip()
    known = reader.phrases.get(name)
    if known is None:
        reader.wrong(
            node,
            "unknown-phrase",
            f"there are no wordings `{name}` under `phrases:`",
            answer(name, reader.phrases),
        )
    return known or ()
