"""The expressions of workflows, ``${{ … }}``: those parts of the language that ours use.

Anything else is refused, so that a test never passes over what it does not understand. The
language: https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>&&|\|\||==|!=|!|\(|\)|,|\.|\[|\]))"
)
_INSIDE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)

Functions = Mapping[str, Callable[..., Any]]


class Unknown(Exception):
    """Something that this evaluator does not know."""


class _Parser:
    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._contexts = contexts
        self._functions = functions

    def whole(self) -> Any:
        value = self._either()
        if self._at != len(self._tokens):
            raise Unknown(f"left over: {self._tokens[self._at :]}")
        return value

    def _next(self, *signs: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at] in {("sign", s) for s in signs}:
            self._at += 1
            return self._tokens[self._at - 1][1]
        return ""

    def _either(self) -> Any:
        value = self._both()
        while self._next("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._equal()
        while self._next("&&"):
            other = self._equal()
            value = value and other
        return value

    def _equal(self) -> Any:
        value = self._not()
        while sign := self._next("==", "!="):
            same = _loosely(value, self._not())
            value = same if sign == "==" else not same
        return value

    def _not(self) -> Any:
        return not self._not() if self._next("!") else self._value()

    def _value(self) -> Any:
        if self._next("("):
            value = self._either()
            self._need(")")
            return value
        if self._at >= len(self._tokens):
            raise Unknown("an expression that ends early")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "name":
            return self._named(text)
        raise Unknown(f"{text} where a value was expected")

    def _named(self, name: str) -> Any:
        if name in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name]
        if self._next("("):
            if name not in self._functions:
                raise Unknown(f"the function {name}")
            return self._functions[name](*self._arguments())
        if name not in self._contexts:
            raise Unknown(f"the context {name}")
        value = self._contexts[name]
        while self._next("."):
            _, key = self._tokens[self._at]
            self._at += 1
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def _arguments(self) -> list[Any]:
        found: list[Any] = []
        while not self._next(")"):
            found.append(self._either())
            if not self._next(","):
                self._need(")")
                break
        return found

    def _need(self, sign: str) -> None:
        if not self._next(sign):
            raise Unknown(f"no {sign} where one was expected")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unknown(f"the expression {text!r} at {text[at:]!r}")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = match.end()
    return found


def _loosely(one: Any, other: Any) -> bool:
    """Equality as GitHub has it: no case, and nothing is the empty text."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if one is None or other is None:
        return (one or "") == (other or "")
    return bool(one == other)


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value of what stands between the braces."""
    both = {"fromJSON": json.loads, **functions}
    return _Parser(text, contexts, both).whole()


def filled(value: Any, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """A value of a workflow with its expressions filled in, in all that it holds."""
    if isinstance(value, Mapping):
        return {key: filled(part, contexts, functions) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, contexts, functions) for part in value]
    if not isinstance(value, str):
        return value
    alone = _INSIDE.fullmatch(value.strip())
    if alone and "}}" not in alone[1]:
        return evaluate(alone[1], contexts, functions)
    return _INSIDE.sub(lambda m: shown(evaluate(m[1], contexts, functions)), value)


def condition(text: Any, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """An ``if:``; it holds only while nothing failed, unless it asks for that itself."""
    if text is None:
        return bool(functions["success"]())
    if isinstance(text, bool):
        return text
    bare = text.strip()
    alone = _INSIDE.fullmatch(bare)
    value = evaluate(alone[1] if alone else bare, contexts, functions)
    asks = re.search(r"\b(?:always|success|failure|cancelled)\s*\(", bare)
    return bool(value) if asks else bool(functions["success"]() and value)


def shown(value: Any) -> str:
    """A value as it stands in a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
