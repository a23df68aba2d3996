"""The form of an annotation: the suite language as it is spelt by types.

``form_of`` makes a ``Form`` of an annotation once. The types with a form of their own stand
in a table at the end; the rest is built of them: lists, mappings, choices, dataclasses.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from keyword import iskeyword
from typing import Annotated, Any, Final, Literal, Union

from msgspec.structs import replace

from chatbot_qa.domain.attack import Family, Folder
from chatbot_qa.domain.labelled import LabelledFile
from chatbot_qa.domain.referenced import ReferencedFile
from chatbot_qa.domain.suite import (
    At,
    Dialogues,
    Expectation,
    HistoryLine,
    MessageChecks,
    Named,
    Text,
    Turn,
    Unfit,
)
from chatbot_qa.domain.values import Data, Duration, Growth, JsonPath, Money, Pattern, Share, Size
from chatbot_qa.domain.verdict import Link
from chatbot_qa.errors import UsageError
from chatbot_qa.spec import catalogues, dialogues, labelled, referenced, values, words
from chatbot_qa.spec.positions import ListNode, MapNode, Node, TextNode
from chatbot_qa.spec.shape import TargetKey, TurnExtras, fields_of, is_shape, keys
from chatbot_qa.spec.shapes import ANY_KIND, BAD, CHECKS, Form, Scope, Shapes, complete, only_one

ONE_OF: Final[Mapping[type, tuple[str, ...]]] = {
    Turn: ("say", "click", "bot_starts"),
    HistoryLine: ("user", "bot"),
}
"""Keys of which there is exactly one; the first is what people mean who write none."""

ONE_WILL_DO: Final = frozenset({"tags"})
"""Keys whose list may be written as a single value."""


@cache
def form_of(shape: Any) -> Form:
    """The form of an annotation. Raises ``TypeError`` for one that has none."""
    known = _FORMS.get(shape)
    if known is not None:
        return known
    if is_shape(shape):
        return _dataclass(shape)
    make = _GENERIC.get(typing.get_origin(shape))
    if make is None:
        raise TypeError(f"nothing in YAML can be read as {shape!r}")
    return make(typing.get_args(shape))


def form_for(owner: str, shape: Any) -> Form:
    """The form of what a plugin annotated; raises ``UsageError`` where it has none."""
    try:
        return form_of(shape)
    except (TypeError, NameError) as error:
        raise UsageError(
            f"{owner} cannot be written in a suite: {error}",
            "its annotation decides what YAML may hold; docs/extending.md lists those there are",
        ) from error


def noun(shape: type) -> str:
    """What an instance of a dataclass is called in messages: ``a conversation case``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", shape.__name__).lower()
    if spaced == "defaults keys":
        return "`defaults`"
    return f"{'an' if spaced[0] in 'aeiou' else 'a'} {spaced.removesuffix(' keys')}"


def _scalar(
    convert: Callable[[str], Any], called: str, code: str = "wrong-type", hint: str = ""
) -> Form:
    def read(reader: Shapes, node: TextNode) -> Any:
        try:
            return convert(node.text)
        except Unfit as unfit:
            return reader.wrong(node, code, str(unfit), hint)

    return Form(frozenset({"text"}), called, read)


def _text(reader: Shapes, node: TextNode) -> Text:
    return Text(node.text, reader.where(node))


def _said(reader: Shapes, node: TextNode) -> Text:
    """What the user types; nothing at all is more often a slip than a message."""
    if not node.text.strip() or (node.plain and node.text.lower() in _NOTHING):
        reader.wrong(
            node,
            "nothing-said",
            f"`{node.text}` is taken for no message at all"
            if node.text.strip()
            else "an empty message is said here",
            'write what the user types, such as `say: Hello`; that very word is said in quotes: "'
            f'{node.text}"'
            if node.text.strip()
            else "write what the user types, such as `say: Hello`, or leave out this turn",
        )
    return _text(reader, node)


_NOTHING: Final = frozenset({"null", "~"})
"""What YAML has for nothing."""


def _annotated(args: tuple[Any, ...]) -> Form:
    extras = args[1:]
    named = next((item for item in extras if isinstance(item, Named)), None)
    form = form_of(args[0]) if named is None else _by_name(named.check)
    scope: Scope | None = next((item.scope for item in extras if isinstance(item, At)), None)
    if scope is None:
        return form

    def read(reader: Shapes, node: Node) -> Any:
        before, reader.scope = reader.scope, scope
        found = form.read(reader, node)
        reader.scope = before
        return found

    return replace(form, read=read)


def _by_name(check: str) -> Form:
    """A key that is a check: what stands after it is the value of that check."""

    def read(reader: Shapes, node: Node) -> Any:
        key = TextNode(check, node.line, node.column)
        entries = {check: (key, node)}
        found = reader.expectations(MapNode(entries, node.line, node.column))
        return found[0] if found else BAD

    return Form(ANY_KIND - {"nothing"}, f"what the check `{check}` takes", read)


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
        CHECKS,
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
            if "," in node.text:
                listed = ", ".join(part.strip() for part in node.text.split(","))
                message = "a comma stands in this one name"
                return reader.wrong(node, "comma-in-name", message, f"for several write [{listed}]")
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
    if shape is Turn:
        for name in ("say", "click"):
            entries[name] = replace(entries[name], read=_said)
        entries |= {argument.name: _CASES_ONLY for argument in keys(TurnExtras)}
    required = tuple(argument.name for argument in arguments if argument.required)
    placed = any(field.name == "where" for field in fields_of(shape)) and "where" not in entries
    what = noun(shape)
    words_of_python = {name: f"{name}_" for name in entries if iskeyword(name)}
    one_of = ONE_OF.get(shape, ())

    def read(reader: Shapes, node: MapNode) -> Any:
        found = reader.gather(node, entries, what)
        if not complete(reader, node, found, required, what):
            return BAD
        if one_of and not only_one(reader, node, found, one_of, what):
            return BAD
        if placed:
            found["where"] = reader.where(node)
        for name, field_name in words_of_python.items():
            if name in found:
                found[field_name] = found.pop(name)
        return shape(**found)

    return Form(frozenset({"mapping"}), f"keys such as {_some(list(entries))}", read, entries)


def _of_cases_only(reader: Shapes, node: Node) -> Any:
    return reader.wrong(node, "misplaced-key", "this key stands in the turns of a case only")


_CASES_ONLY: Final = Form(ANY_KIND, "anything", _of_cases_only)
"""What the reader of cases has taken out before a turn is read: see ``TurnExtras``."""


def _some(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:3])


def _of_message(reader: Shapes, node: Node) -> Any:
    """The checks of one message, with ``optional:`` among them where they are a mapping."""
    optional = False
    if node.kind == "mapping" and "optional" in node.entries:
        key, value = node.entries["optional"]
        optional = reader.take(value, _FORMS[bool], key)
        rest = {name: entry for name, entry in node.entries.items() if name != "optional"}
        node = MapNode(rest, node.line, node.column)
        if optional is BAD:
            return BAD
    return MessageChecks(checks=reader.expectations(node), optional=optional)


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

_ONLY_TEXT: Final = frozenset({"text"})

_AS_IT_STANDS: Final = (
    r"a sign that is meant as it stands has a backslash before it, such as \( or \* or \?"
)

_FORMS: Final[Mapping[Any, Form]] = {
    str: Form(_ONLY_TEXT, "a text", lambda _, node: node.text),
    Text: Form(_ONLY_TEXT, "a text", _text),
    int: _scalar(values.integer, "a whole number"),
    float: _scalar(values.number, "a number"),
    bool: _scalar(values.boolean, "true or false"),
    Duration: _scalar(values.duration, "a duration such as 5s", "bad-duration"),
    date: _scalar(values.day, "a day such as 2026-12-31", "bad-date"),
    Share: _scalar(values.share, "a share such as 90%", "bad-share"),
    Growth: _scalar(values.growth, "a share such as 20%", "bad-share"),
    Size: _scalar(values.size, "a size such as 10 MB", "bad-size"),
    Money: _scalar(values.money, "an amount such as 0.02 USD", "bad-money"),
    Pattern: _scalar(values.pattern, "a regular expression", "bad-pattern", _AS_IT_STANDS),
    JsonPath: _scalar(values.json_path, "a JSON path such as $.order.id", "bad-json-path"),
    Data: Form(ANY_KIND, "any data", lambda _, node: values.data(node)),
    Any: Form(ANY_KIND, "any data", lambda _, node: values.data(node)),
    object: Form(ANY_KIND, "any data", lambda _, node: values.data(node)),
    TargetKey: Form(
        frozenset({"mapping"}), "keys such as `kind:`", lambda reader, node: reader.target(node)
    ),
    Dialogues: Form(frozenset({"mapping"}), dialogues.WORDS, dialogues.read),
    LabelledFile: Form(frozenset({"mapping"}), labelled.WORDS, labelled.read),
    ReferencedFile: Form(frozenset({"mapping"}), referenced.WORDS, referenced.read),
    Folder: Form(
        _ONLY_TEXT,
        catalogues.WORDS,
        lambda reader, node: catalogues.read(reader, node, form_of(Family)),
    ),
    MessageChecks: Form(ANY_KIND - {"nothing"}, "checks of one message", _of_message),
    Link: Form(frozenset({"mapping"}), "one of `issue:`, `tms:` and `url:`", _link),
}
