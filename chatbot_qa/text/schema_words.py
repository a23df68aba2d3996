"""What breaks a JSON Schema, in words for people who know none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.text.json_in import sort_of, told

SORTS = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def in_words(error: Any) -> str:
    """A mistake that ``jsonschema`` found, in words."""
    asked: Any = error.validator_value
    instance: Any = error.instance
    keyword = str(error.validator)
    tell = _TELLS.get(keyword)
    if tell is not None:
        return f"{error.json_path} {tell(instance, asked)}"
    if keyword in _SAYS_WELL:
        return f"{error.json_path}: {error.message[:200]}"
    value = told(instance, 40)
    if keyword in _BOUNDS:
        return f"{error.json_path} is {value}, {_BOUNDS[keyword]} {told(asked)}"
    if keyword in _LENGTHS:
        size = len(instance)
        return f"{error.json_path} has {size} {_LENGTHS[keyword]} {asked}"
    return f"{error.json_path} is {value}, which breaks {keyword}: {told(asked, 40)}"


_SAYS_WELL = {"additionalProperties", "unevaluatedProperties", "uniqueItems"}
_BOUNDS = {
    "minimum": "less than",
    "exclusiveMinimum": "not more than",
    "maximum": "more than",
    "exclusiveMaximum": "not less than",
}
_LENGTHS = {
    "minLength": "characters, fewer than",
    "maxLength": "characters, more than",
    "minItems": "items, fewer than",
    "maxItems": "items, more than",
    "minProperties": "keys, fewer than",
    "maxProperties": "keys, more than",
}


def _lacks(value: JsonValue, asked: Any) -> str:
    return " and ".join(f"has no {told(name)}" for name in asked if name not in value)


def _is_other(value: JsonValue, asked: Any) -> str:
    wanted = " or ".join(SORTS[sort] for sort in ([asked] if isinstance(asked, str) else asked))
    if value is None or isinstance(value, dict | list):
        return f"is {sort_of(value)}, not {wanted}"
    return f"is {told(value, 40)}, {sort_of(value)} and not {wanted}"


_TELLS: dict[str, Callable[[JsonValue, Any], str]] = {
    "required": _lacks,
    "type": _is_other,
    "enum": lambda value, asked: f"is {told(value, 40)}, none of {told(asked)}",
    "const": lambda value, asked: f"is {told(value, 40)}, not {told(asked)}",
    "pattern": lambda value, asked: f"is {told(value, 40)}, which does not match {asked}",
    "format": lambda value, asked: f"is {told(value, 40)}, which is not written as {asked}",
    "anyOf": lambda value, asked: f"is {told(value, 40)}, which fits none of {len(asked)} choices",
    "oneOf": lambda value, asked: (
        f"is {told(value, 40)}, which does not fit exactly one of {len(asked)} choices"
    ),
}
