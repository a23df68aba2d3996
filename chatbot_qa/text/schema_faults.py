"""What is wrong with a JSON Schema itself, for people who write one by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.text.json_in import sort_of, told
from chatbot_qa.text.patterns import compiled
from chatbot_qa.text.schema_words import SORTS, in_words

_CONDITIONS = ("not", "if", "then", "else")
_INSIDE = ("items", "contains", "propertyNames", "contentSchema", "additionalProperties")
_ONE = frozenset((*_CONDITIONS, *_INSIDE, "unevaluatedItems", "unevaluatedProperties"))
_LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_BY_NAME = frozenset(
    ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
)
_ELSEWHERE = frozenset(("id", "example", "nullable", "additionalItems"))
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
        _check_keywords(part, path)
        _check_patterns(part, path)
        _check_reference(part, path, schema)


def _by_the_draft(schema: JsonValue) -> None:
    from jsonschema import Draft202012Validator, FormatChecker, SchemaError

    try:
        Draft202012Validator.check_schema(schema, format_checker=FormatChecker(()))
    except SchemaError as error:
        path = tuple(error.absolute_path)
        if "type" in path[-2:]:
            _check_type(error.instance, path)
        hint = "write keys with values there, such as `type: string`"
        hint = hint if isinstance(error.instance, str) and path[-2:-1] == ("properties",) else ""
        raise BadSchema(in_words(error), hint, path) from error


def _check_type(named: Any, path: Path) -> None:
    for name in named if isinstance(named, list) else [named]:
        if isinstance(name, str) and name not in SORTS:
            near = _MEANT.get(name.lower(), "")
            hint = f"do you mean `{near}`?" if near else _near(name, SORTS)
            listed = f"There are: {', '.join(SORTS)}"
            raise BadSchema(f"there is no type {told(name)}", f"{hint} {listed}".strip(), path)


_MEANT = {
    **dict.fromkeys(("text", "str", "date", "email"), "string"),
    **dict.fromkeys(("int", "long"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("list", "tuple"), "array"),
    **dict.fromkeys(("dict", "map", "mapping", "json"), "object"),
    **dict.fromkeys(("none", "nil"), "null"),
    "bool": "boolean",
}


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


@cache
def _keywords() -> frozenset[str]:
    """Every keyword of the draft, as its own schemas name them."""
    registry: Any = import_module("jsonschema_specifications").REGISTRY  # has no types
    schemas = [registry.contents(uri) for uri in registry if "/draft/2020-12/" in uri]
    return frozenset(key for schema in schemas for key in schema.get("properties", ()))


def _check_keywords(schema: Mapping[str, Any], path: Path) -> None:
    for key in schema.keys() - _keywords() - _ELSEWHERE:
        hint = "" if key.startswith("x-") else _near(key, _keywords())
        if hint:
            raise BadSchema(f"`{key}` is no keyword, and would be ignored", hint, (*path, key))


def _check_patterns(schema: Mapping[str, Any], path: Path) -> None:
    import regex

    places = {key: (*path, "patternProperties", key) for key in schema.get("patternProperties", ())}
    if "pattern" in schema:
        places[schema["pattern"]] = (*path, "pattern")
    for source, place in places.items():
        try:
            compiled(source)
        except regex.error as error:
            reason = f"{told(source)} is not a regular expression: {error}"
            raise BadSchema(reason, "", place) from error


def _check_reference(schema: Mapping[str, Any], path: Path, root: JsonValue) -> None:
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


def _near(word: str, valid: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        word, sorted(valid), scorer=fuzz.ratio, score_cutoff=75, processor=utils.default_process
    )
    return f"do you mean `{found[0]}`?" if found else ""
