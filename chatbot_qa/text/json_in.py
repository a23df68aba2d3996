"""JSON in a reply's text."""

from __future__ import annotations

import re

import orjson

from chatbot_qa.domain.values import JsonValue

_FENCE = re.compile(r"```[ \t]*(?:json\w*)?[ \t]*\r?\n(.*?)```", re.DOTALL | re.IGNORECASE)


class NotJson(ValueError):
    """The text holds no JSON; its words say what is wrong with it and where."""


def json_in(text: str) -> JsonValue:
    """The value that a text is as JSON, or that its only fenced block is; raises ``NotJson``."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        problem = f"{error.msg} at line {error.lineno}, column {error.colno}"
    blocks = _FENCE.findall(text)
    for block in blocks:
        try:
            return orjson.loads(block)
        except orjson.JSONDecodeError as error:
            problem = f"in its block, {error.msg} at line {error.lineno}, column {error.colno}"
    if not blocks and not text.lstrip().startswith(("{", "[")):
        raise NotJson("the reply is no JSON")
    raise NotJson(f"the reply is no JSON: {problem}")


def told(value: JsonValue, limit: int = 80) -> str:
    """A JSON value on one line, cut in its middle where it is longer than ``limit``."""
    line = orjson.dumps(value).decode()
    if len(line) <= limit:
        return line
    half = (limit - 3) // 2
    return f"{line[:half]} … {line[-half:]}"


_SORTS = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}


def sort_of(value: JsonValue) -> str:
    """What a JSON value is, in words: "a text", "a list", "null"."""
    if value is None:
        return "null"
    return _SORTS.get(type(value), "a number")


def same(first: JsonValue, second: JsonValue) -> bool:
    """Whether two JSON values are equal; unlike Python's ``==``, true is not 1."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[k], second[k]) for k in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second)
