"""``checks``: a check in words, made from its signature and its docstring."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from chatbot_qa.domain.suite import Expectation
from chatbot_qa.domain.values import Data, Duration, JsonPath, Money, Pattern, Share, Size
from chatbot_qa.registry import Argument, CheckSpec

_WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    type(None): "nothing",
    Duration: "duration, such as 5s",
    Share: "share, such as 90%",
    Size: "size, such as 10 MB",
    Data: "any YAML",
    Money: "amount, such as 0.02 USD",
    Pattern: "regular expression",
    JsonPath: "JSON path, such as $.order.id",
    Expectation: "check",
}
_PLACES = {"turn": "a turn", "conversation": "a conversation", "group": "a suite"}


def summary(spec: CheckSpec) -> str:
    """The first sentence of its docstring."""
    return spec.doc.split("\n", 1)[0]


def describe(spec: CheckSpec) -> str:
    """Name, docstring, arguments with defaults, where it may stand, and its negation."""
    lines = [f"{spec.name} (version {spec.version})", "", spec.doc, "", "Arguments:"]
    lines += [f"  {_argument(one, number == 0)}" for number, one in enumerate(spec.arguments)]
    if not spec.arguments:
        lines.append("  none")
    lines.append("")
    lines.append("Stands after: " + ", ".join(_PLACES[scope] for scope in spec.scopes))
    if spec.twin is not None:
        lines.append(f"Negation: {spec.twin or 'not_' + spec.name}")
    return "\n".join(lines)


def _argument(one: Argument, first: bool) -> str:
    text = f"{one.name}: {words_for(one.type)}"
    if not one.required and one.default not in (None, (), ""):
        text += f"; {_shown(one.default)} if not given"
    elif not one.required:
        text += "; may be left out"
    return text + (" (what a bare value fills)" if first else "")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return str(value)


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
