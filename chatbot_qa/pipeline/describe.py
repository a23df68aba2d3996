"""``checks``: a check in words, made from its signature and its docstring."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chatbot_qa.domain.suite import Expectation, Text
from chatbot_qa.domain.values import Data, Duration, Growth, JsonPath, Money, Pattern, Share, Size
from chatbot_qa.domain.verdict import Link
from chatbot_qa.registry import Argument, CheckSpec
from chatbot_qa.spec.shape import is_shape

_WORDS: dict[Any, str] = {
    str: "text",
    Text: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    type(None): "nothing",
    Duration: "duration, such as 5s",
    Share: "share, such as 90%",
    Growth: "share, such as 20%",
    Size: "size, such as 10 MB",
    Data: "any YAML",
    Money: "amount, such as 0.02 USD",
    Pattern: "regular expression",
    JsonPath: "JSON path, such as $.order.id",
    Expectation: "check",
    Link: "link",
    date: "day, such as 2026-12-31",
}
_PLACES = {"turn": "a turn", "conversation": "a conversation", "group": "a suite"}
_EXAMPLE = "Example:\n"


def summary(spec: CheckSpec) -> str:
    """The first sentence of its docstring."""
    return spec.doc.split("\n", 1)[0]


def told(spec: CheckSpec) -> tuple[str, str]:
    """The docstring without its example, and the example as it is pasted under ``expect:``."""
    words, _, example = spec.doc.partition(_EXAMPLE)
    lines = example.rstrip().split("\n")
    margin = len(lines[0]) - len(lines[0].lstrip())
    return words.rstrip(), "\n".join(line[margin:] for line in lines)


def describe(spec: CheckSpec) -> str:
    """Name, docstring, arguments with defaults, where it may stand, and its negation."""
    lines = [f"{spec.name} (version {spec.version})", "", spec.doc, "", "Arguments:"]
    lines += [f"  {_argument(one, number == 0)}" for number, one in enumerate(spec.arguments)]
    if not spec.arguments:
        lines.append("  none")
    lines.append("")
    lines.append(f"Stands after: {places(spec)}")
    if negation(spec):
        lines.append(f"Negation: {negation(spec)}")
    return "\n".join(lines)


def places(spec: CheckSpec) -> str:
    """After what it may stand."""
    return ", ".join(_PLACES[scope] for scope in spec.scopes)


def negation(spec: CheckSpec) -> str:
    """The name of its opposite; "" where it has none."""
    return "" if spec.twin is None else spec.twin or f"not_{spec.name}"


def _argument(one: Argument, first: bool) -> str:
    text = f"{one.name}: {words_for(one.type)}"
    default = default_words(one)
    if default:
        text += f"; {default} if not given"
    elif not one.required:
        text += "; may be left out"
    return text + (" (what a bare value fills)" if first else "")


def default_words(one: Argument) -> str:
    """What holds where it is not given, as an author would write it; "" for nothing."""
    value = None if one.required else one.default
    if value is None or value in ((), "", {}):
        return ""
    if is_shape(type(value)) and not has_words(type(value)):
        return ""  # its own keys have defaults of their own
    kind = _inner(one.type)
    if kind is Duration:
        return f"{value:g}s"
    if kind in (Share, Growth):
        return f"{value * 100:g}%"
    if kind is Size:
        return f"{value / 1e6:g} MB"
    return _shown(value)


def _inner(form: Any) -> Any:
    """A type without its notes, and without None beside it."""
    while typing.get_origin(form) in (typing.Annotated, typing.Union, types.UnionType):
        form = typing.get_args(form)[0]
    return form


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, Pattern | JsonPath | Text):
        return value.source
    return str(value)


def has_words(form: Any) -> bool:
    """Whether a type is a value that is told in words, and no mapping of keys."""
    return form in _WORDS


def words_for(form: Any) -> str:
    """A type of an argument in words: ``tuple[str, ...]`` is "list of text"."""
    if form in _WORDS:
        return _WORDS[form]
    make = _COMPOSED.get(typing.get_origin(form))
    return make(typing.get_args(form)) if make else str(getattr(form, "__name__", form))


def _either(parts: tuple[Any, ...]) -> str:
    return " or ".join(words_for(part) for part in parts if part is not type(None))


_COMPOSED: dict[Any, Callable[[tuple[Any, ...]], str]] = {
    typing.Annotated: lambda parts: words_for(parts[0]),
    typing.Literal: lambda parts: " or ".join(str(part) for part in parts),
    typing.Union: _either,
    types.UnionType: _either,
    tuple: lambda parts: f"list of {words_for(parts[0])}",
    Mapping: lambda parts: f"names with {words_for(parts[1])}",
}
