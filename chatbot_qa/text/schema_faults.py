"""What is wrong with a JSON Schema itself, for people who write one by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.text.json_in import sort_of, told
from chatbot_qa.text.patterns import compiled

_ONE = frozenset(
    [
        "items",
        "contains",
        "not",
        "if",
        "then",
        "else",
        "propertyNames",
        "additionalProperties",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
    ]
)
_LISTS = frozenset(["allOf", "anyOf", "oneOf", "prefixItems"])
_BY_NAME = frozenset(
    ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]
)
_PLAIN = frozenset(
    [
        "type",
        "enum",
        "const",
        "required",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minContains",
        "maxContains",
        "minProperties",
        "maxProperties",
        "dependentRequired",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "contentEncoding",
        "contentMediaType",
        "$schema",
        "$id",
        "$ref",
        "$anchor",
        "$comment",
        "$vocabulary",
        "$dynamicRef",
        "$dynamicAnchor",
    ]
)
_KEYWORDS = _ONE | _LISTS | _BY_NAME | _PLAIN
_ELSEWHERE = frozenset(["id", "example", "nullable", "additionalItems", "dependencies", "xml"])
"""Keywords of other drafts and of OpenAPI, which are like ours and yet no misspelling."""

Path = tuple[str | int, ...]


class BadSchema(ValueError):
    """The schema itself is wrong; its words say what, ``path`` where in it, ``hint`` the mend."""

    def __init__(self, reason: str, hint: str = "", path: Sequence[str | int] = ()) -> None:
        super().__init__(reason)
        self.hint = hint
        self.path = tuple(path)


def verify(schema: JsonValue) -> None:
    """Raise ``BadSchema`` where it breaks the rules of draft 2020-12, or would ignore something.

    A keyword that is nearly one, a pattern that is none and a ``$ref`` that leads nowhere are
    wrong here too, though the draft lets them pass.
    """
    if not isinstance(schema, dict | bool):
        raise BadSchema(
            f"it is {sort_of(schema)}, and a schema is keys with values",
            "write the schema itself, such as `type: object` on the next line, further in",
        )
    _by_the_draft(schema)
    for part, path in _parts(schema, ()):
        _keywords(part, path)
        _patterns(part, path)
        _reference(part, path, schema)


def _by_the_draft(schema: JsonValue) -> None:
    from jsonschema import Draft202012Validator, SchemaError

    from chatbot_qa.text.schemas import in_words

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        path = tuple(error.absolute_path)
        if "type" in path[-2:] and isinstance(error.instance, str):
            types = ["string", "number", "integer", "boolean", "object", "array", "null"]
            raise BadSchema(
                f"there is no type {told(error.instance)}", _near(error.instance, types), path
            ) from error
        raise BadSchema(in_words(error), "", path) from error


def _parts(schema: JsonValue, path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """A schema and all that stand in it, each with its path."""
    if not isinstance(schema, dict):
        return
    yield schema, path
    for key, value in schema.items():
        below: Sequence[tuple[str | int, JsonValue]] = ()
        if key in _ONE:
            yield from _parts(value, (*path, key))
        elif key in _LISTS:
            below = list(enumerate(value))
        elif key in _BY_NAME:
            below = list(value.items())
        for step, part in below:
            yield from _parts(part, (*path, key, step))


def _keywords(schema: Mapping[str, Any], path: Path) -> None:
    for key in schema.keys() - _KEYWORDS - _ELSEWHERE:
        hint = "" if key.startswith("x-") else _near(key, _KEYWORDS)
        if hint:
            raise BadSchema(f"`{key}` is no keyword, and would be ignored", hint, (*path, key))


def _patterns(schema: Mapping[str, Any], path: Path) -> None:
    import regex

    places = {key: (*path, "patternProperties", key) for key in schema.get("patternProperties", ())}
    if "pattern" in schema:
        places[schema["pattern"]] = (*path, "pattern")
    for source, place in places.items():
        try:
            compiled(source)
        except regex.error as error:
            reason = f"{told(source)} is not a regular expression: {error.msg}"
            raise BadSchema(reason, "", place) from error


def _reference(schema: Mapping[str, Any], path: Path, root: JsonValue) -> None:
    if "$ref" not in schema:
        return
    from referencing import Registry
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012

    whole = DRAFT202012.create_resource(root)
    registry: Registry[Any] = Registry().with_resource(whole.id() or "", whole)
    try:
        registry.resolver(whole.id() or "").lookup(schema["$ref"])
    except Unresolvable as error:
        reason = f"it refers to {schema['$ref']}, which is not in it"
        hint = "what is shared stands under `$defs:`, and is named as in `#/$defs/order`"
        raise BadSchema(reason, hint, (*path, "$ref")) from error


def _near(word: str, valid: Sequence[str] | frozenset[str]) -> str:
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        word, sorted(valid), scorer=fuzz.ratio, score_cutoff=75, processor=utils.default_process
    )
    return f"do you mean `{found[0]}`?" if found else ""
