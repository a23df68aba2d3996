"""A JSON value against a JSON Schema (draft 2020-12), its mistakes in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import orjson

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.text.patterns import search
from chatbot_qa.text.schema_faults import BadSchema, verify
from chatbot_qa.text.schema_words import in_words

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


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
    except RecursionError as error:
        raise BadSchema("the schema refers to itself without end") from error
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
