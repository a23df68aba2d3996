"""From an annotation to the reader of what is written for it.

``form_of`` makes a ``Form`` of an annotation once; reading is then a look-up of a key and
a call. What is wrong becomes a diagnostic and ``BAD``, and reading goes on.
"""

from __future__ import annotations

import re
import types
import typing
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Annotated, Any, Final, Literal, Union

from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.suite import At, Expectation, Text, Unfit
from chatbot_qa.domain.values import Data, Duration, JsonPath, Money, Pattern, Share, Size
from chatbot_qa.domain.verdict import Link
from chatbot_qa.spec import values, words
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode, place
from chatbot_qa.spec.shape import TargetKey, keys


class _Bad:
    """The type of ``BAD``."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = _Bad()
"""What is returned for a node that could not be read; a diagnostic says why."""

ONE_WILL_DO: Final = frozenset({"tags"})
"""Keys whose list may be written as a single value."""

Scope = Literal["turn", "conversation", "group"]
_KINDS: Final = {"text": "a text", "list": "a list", "mapping": "keys with values"}


@dataclass(frozen=True, slots=True)
class Form:
    """How one annotation is read: the kinds of nodes it takes, what it is called, the reader.

    ``read`` is called with a node of one of ``kinds`` only. ``entries`` are the keys of a
    dataclass.
    """

    kinds: frozenset[str]
    words: str
    read: Callable[[Shapes, Any], Any]
    entries: Mapping[str, Form] | None = None


class Shapes(ABC):
    """Reads the nodes of one file by annotations, and gathers what is wrong.

    ``scope`` is where checks stand that are being read; ``phrases`` are the wordings that
    ``${name}`` may stand for as a whole item of a list.
    """

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self.lines = lines
        self.diagnostics: list[Diagnostic] = []
        self.scope: Scope = "turn"
        self.phrases: Mapping[str, tuple[Text, ...]] = {}

    @abstractmethod
    def expectations(self, node: Node) -> tuple[Expectation, ...]:
        """Read a list of checks."""

    @abstractmethod
    def target(self, node: MapNode) -> Any:
        """Read a target that is configured where it stands."""

    def read(self, node: Node, shape: Any) -> Any:
        """Read a node by an annotation: the value, or ``BAD`` with a diagnostic."""
        return self.take(node, form_of(shape))

    def take(self, node: Node, form: Form, key: TextNode | None = None) -> Any:
        """Read a node that stands after ``key`` (None: in a list) by a form."""
        if node.kind not in form.kinds:
            return self._misfit(node, form, key)
        return form.read(self, node)

    def gather(self, node: MapNode, forms: Mapping[str, Form], what: str) -> dict[str, Any]:
        """Read the values of a mapping's known keys; what is BAD is left out."""
        found = {}
        for name, (key, value) in node.entries.items():
            form = forms.get(name)
            if form is None:
                self.wrong(
                    key,
                    "unknown-key",
                    f"`{name}` is no key of {what}",
                    words.answer(name, forms),
                )
                continue
            if value.kind not in form.kinds:
                self._misfit(value, form, key)
                continue
            read = form.read(self, value)
            if read is not BAD:
                found[name] = read
        return found

    def where(self, node: Node) -> Where:
        """The place of a node, with the author's line."""
        return place(self.file, self.lines, node.line, node.column)

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
        if node.kind == "nothing":
            return self.wrong(
                key or node,
                "nothing-here",
                f"nothing stands after `{key.text}:`" if key else "nothing stands after the dash",
                f'it takes {form.words}; leave it out if there is nothing to say, "" is empty text',
            )
        hint = ""
        if node.kind == "list" and key:
            hint = words.LIST_FOR_TEXT.get(key.text, "")
        elif node.kind == "text" and "list" in form.kinds:
            hint = f"write the value on a line of its own that begins with a dash: - {node.text}"
        return self.wrong(
            node,
            "wrong-type",
            f"{what} takes {form.words}, not {_KINDS[node.kind]}",
            hint,
        )


@cache
def form_of(shape: Any) -> Form:
    """The form of an annotation. Raises ``TypeError`` for one that has none."""
    known = _FORMS.get(shape)
    if known is not None:
        return known
    if is_dataclass(shape) and isinstance(shape, type):
        return _dataclass(shape)
    make = _GENERIC.get(typing.get_origin(shape))
    if make is None:
        raise TypeError(f"nothing in YAML can be read as {shape!r}")
    return make(typing.get_args(shape))


def noun(shape: type) -> str:
    """What an instance of a dataclass is called in messages: ``a conversation case``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", shape.__name__).lower()
    return f"{'an' if spaced[0] in 'aeiou' else 'a'} {spaced.removesuffix(' keys')}"


def _scalar(convert: Callable[[str], Any], called: str, code: str = "wrong-type") -> Form:
    def read(reader: Shapes, node: TextNode) -> Any:
        try:
            return convert(node.text)
        except Unfit as unfit:
            return reader.wrong(node, code, str(unfit))

    return Form(frozenset({"text"}), called, read)


def _text(reader: Shapes, node: TextNode) -> Text:
    line = node.line
    lines = reader.lines
    text = lines[line - 1] if line <= len(lines) else ""
    return Text(node.text, Where(reader.file, line, node.column, text))


def _annotated(args: tuple[Any, ...]) -> Form:
    form, extras = form_of(args[0]), args[1:]
    scope: Scope | None = next((item.scope for item in extras if isinstance(item, At)), None)
    if scope is None:
        return form

    def read(reader: Shapes, node: Node) -> Any:
        before, reader.scope = reader.scope, scope
        found = form.read(reader, node)
        reader.scope = before
        return found

    return replace(form, read=read)


def _choice(options: tuple[Any, ...]) -> Form:
    by_text = {str(option): option for option in options}
    called = " or ".join((", ".join(list(by_text)[:-1]), list(by_text)[-1])).removeprefix(" or ")

    def read(reader: Shapes, node: TextNode) -> Any:
        if node.text in by_text:
            return by_text[node.text]
        return reader.wrong(
            node,
            "unknown-value",
            f"{values.shown(node.text)} is none of the values that may stand here",
            words.answer(node.text, by_text),
        )

    return Form(frozenset({"text"}), called, read)


def _union(args: tuple[Any, ...]) -> Form:
    forms = [form_of(arg) for arg in args if arg is not types.NoneType]
    if len(forms) == 1:
        return forms[0]
    by_kind: dict[str, list[Form]] = {}
    for form in forms:
        for kind in form.kinds:
            by_kind.setdefault(kind, []).append(form)
    called = " or ".join(dict.fromkeys(form.words for form in forms))

    def read(reader: Shapes, node: Node) -> Any:
        candidates = by_kind[node.kind]
        before = len(reader.diagnostics)
        for candidate in candidates:
            del reader.diagnostics[before:]
            found = candidate.read(reader, node)
            if found is not BAD and len(reader.diagnostics) == before:
                return found
        if len(candidates) > 1 and node.kind == "text":
            del reader.diagnostics[before:]
            return reader.wrong(
                node, "wrong-type", f"{values.shown(node.text)} is not {called}", ""
            )
        return found

    return Form(frozenset(by_kind), called, read)


def _checks() -> Form:
    return Form(
        frozenset({"list", "mapping"}),
        "a list of checks",
        lambda reader, node: reader.expectations(node),
    )


def _list(args: tuple[Any, ...]) -> Form:
    if args[0] is Expectation:
        return _checks()
    item = form_of(args[0])

    def read(reader: Shapes, node: ListNode) -> tuple[Any, ...]:
        found = [reader.take(child, item) for child in node.items]
        return tuple([value for value in found if value is not BAD])

    return Form(frozenset({"list"}), "a list", read)


def _one_or_list(form: Form) -> Form:
    """A list that may be written as one value."""

    def read(reader: Shapes, node: Node) -> Any:
        if node.kind == "text":
            node = ListNode([node], node.line, node.column)
        return form.read(reader, node)

    return replace(form, kinds=form.kinds | {"text"}, read=read)


def _mapping(args: tuple[Any, ...]) -> Form:
    item = form_of(args[1])

    def read(reader: Shapes, node: MapNode) -> dict[str, Any]:
        found = {name: reader.take(value, item, key) for name, (key, value) in node.entries.items()}
        return {name: value for name, value in found.items() if value is not BAD}

    return Form(frozenset({"mapping"}), "names with values", read)


def _dataclass(shape: type) -> Form:
    arguments = keys(shape)
    entries = {argument.name: form_of(argument.type) for argument in arguments}
    for name in ONE_WILL_DO & entries.keys():
        entries[name] = _one_or_list(entries[name])
    required = tuple(argument.name for argument in arguments if argument.required)
    placed = any(field.name == "where" for field in fields(shape)) and "where" not in entries
    what = noun(shape)

    def read(reader: Shapes, node: MapNode) -> Any:
        found = reader.gather(node, entries, what)
        if not complete(reader, node, found, required, what):
            return BAD
        if placed:
            found["where"] = reader.where(node)
        return shape(**found)

    return Form(frozenset({"mapping"}), f"keys such as {_some(list(entries))}", read, entries)


def complete(
    reader: Shapes, node: Node, found: Mapping[str, Any], required: Sequence[str], what: str
) -> bool:
    """Whether all required keys were read; one that was not written is a diagnostic."""
    whole = True
    for name in required:
        if name not in found:
            whole = False
            if node.kind != "mapping" or name not in node.entries:
                reader.wrong(node, "missing-key", f"{what} lacks `{name}:`", f"write its `{name}:`")
    return whole


def _some(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:3])


_LINK_KEYS: Final = {"issue": "issue", "tms": "tms", "url": "link"}


def _link(reader: Shapes, node: MapNode) -> Any:
    forms = dict.fromkeys((*_LINK_KEYS, "name"), _FORMS[str])
    found = reader.gather(node, forms, "a link")
    given = [key for key in _LINK_KEYS if key in found]
    if len(given) != 1:
        return reader.wrong(
            node,
            "bad-link",
            "a link has one of `issue:`, `tms:` and `url:`",
            "such as `- issue: 123`, `- tms: QA-7` or `- {url: https://…, name: …}`",
        )
    return Link(_LINK_KEYS[given[0]], found[given[0]], found.get("name", ""))


_GENERIC: Final[Mapping[Any, Callable[[tuple[Any, ...]], Form]]] = {
    Annotated: _annotated,
    Literal: _choice,
    Union: _union,
    types.UnionType: _union,
    tuple: _list,
    list: _list,
    Sequence: _list,
    Mapping: _mapping,
    dict: _mapping,
}

_ANY_KIND: Final = frozenset({"text", "list", "mapping", "nothing"})
_ONLY_TEXT: Final = frozenset({"text"})

RAW: Final = Form(_ANY_KIND, "anything", lambda _, node: node)
"""Hands on the node itself."""

_FORMS: Final[Mapping[Any, Form]] = {
    str: Form(_ONLY_TEXT, "a text", lambda _, node: node.text),
    Text: Form(_ONLY_TEXT, "a text", _text),
    int: _scalar(values.integer, "a whole number"),
    float: _scalar(values.number, "a number"),
    bool: _scalar(values.boolean, "true or false"),
    Duration: _scalar(values.duration, "a duration such as 5s", "bad-duration"),
    Share: _scalar(values.share, "a share such as 90%", "bad-share"),
    Size: _scalar(values.size, "a size such as 10 MB", "bad-size"),
    Money: _scalar(values.money, "an amount such as 0.02 USD", "bad-money"),
    Pattern: _scalar(values.pattern, "a regular expression", "bad-pattern"),
    JsonPath: _scalar(values.json_path, "a JSON path such as $.order.id", "bad-json-path"),
    Data: Form(_ANY_KIND, "any data", lambda _, node: values.data(node)),
    Any: Form(_ANY_KIND, "any data", lambda _, node: values.data(node)),
    object: Form(_ANY_KIND, "any data", lambda _, node: values.data(node)),
    TargetKey: Form(
        frozenset({"mapping"}), "keys with `kind:`", lambda reader, node: reader.target(node)
    ),
    Link: Form(frozenset({"mapping"}), "one of `issue:`, `tms:` and `url:`", _link),
}
