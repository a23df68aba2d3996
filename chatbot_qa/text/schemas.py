"""A JSON value against a JSON Schema (draft 2020-12), its mistakes in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import orjson

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.text.json_in import sort_of, told
from chatbot_qa.text.patterns import search
from chatbot_qa.text.schema_faults import BadSchema, verify

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_SORTS = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def mistakes(value: JsonValue, schema: JsonValue) -> tuple[str, ...]:
    """What is wrong with the value by the schema, each with its path; none if it is valid.

    Raises ``BadSchema``, and ``Endless`` for a pattern that does not come to an end.
    Nothing is fetched: a ``$ref`` into the network is a bad schema.
    """
    from referencing.exceptions import Unresolvable

    validator = _validator(orjson.dumps(schema))
    try:
        errors = sorted(validator.iter_errors(value), key=lambda error: str(error.json_path))
    except Unresolvable as error:
        raise BadSchema(f"the schema refers to {error.ref}, which is not in it") from error
    return tuple(dict.fromkeys(in_words(error) for error in errors))


@lru_cache(maxsize=64)
def _validator(schema: bytes) -> Any:
    from jsonschema import Draft202012Validator
    from referencing import Registry

    validators: Any = import_module("jsonschema.validators")  # ``extend`` has no types

    parsed = orjson.loads(schema)
    verify(parsed)
    bounded: Any = validators.extend(Draft202012Validator, {"pattern": _pattern})
    return bounded(parsed, registry=Registry(), format_checker=bounded.FORMAT_CHECKER)


def _pattern(_: Any, pattern: str, value: JsonValue, __: Any) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(value, str) and search(pattern, value) is None:
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def in_words(error: ValidationError) -> str:
    """A mistake in words for people who know no JSON Schema."""
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
    wanted = " or ".join(_SORTS[sort] for sort in ([asked] if isinstance(asked, str) else asked))
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
