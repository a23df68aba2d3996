"""What is wrong with a JSON Schema itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatbot_qa.text.schema_faults import BadSchema, verify
from chatbot_qa.text.schemas import mistakes

KEYS = st.sampled_from(
    [
        "type",
        "properties",
        "items",
        "required",
        "pattern",
        "$ref",
        "enum",
        "minLength",
        "anyOf",
        "x",
    ]
)
STEPS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("schema", "reason", "hint", "path"),
    [
        ("a.json", "it is a text", "write the schema itself", ()),
        (["type"], "it is a list", "write the schema itself", ()),
        ({"type": "strng"}, 'no type "strng"', "do you mean `string`?", ("type",)),
        ({"type": "int"}, 'no type "int"', "do you mean `integer`?", ("type",)),
        ({"type": ["object", "nil"]}, 'no type "nil"', "do you mean `null`?", ("type",)),
        ({"type": "qqq"}, "no type", "There are: object, array", ("type",)),
        ({"properties": {"a": "string"}}, "$.properties.a is", "keys", ("properties", "a")),
        ({"minLength": "3"}, "a text and not a whole number", "", ("minLength",)),
        ({"requierd": ["a"]}, "would be ignored", "do you mean `required`?", ("requierd",)),
        ({"items": {"ref": "#"}}, "would be ignored", "do you mean `$ref`?", ("items", "ref")),
        ({"anyOf": [{}, {"patern": "a"}]}, "ignored", "`pattern`", ("anyOf", 1, "patern")),
        ({"pattern": "("}, "not a regular expression", "", ("pattern",)),
        ({"patternProperties": {"(": {}}}, "not a regular", "", ("patternProperties", "(")),
        ({"$ref": "#/$defs/a"}, "which is not in it", "`$defs:`", ("$ref",)),
        ({"$ref": "https://shop.example/a"}, "which is not in it", "`$defs:`", ("$ref",)),
    ],
)
def test_bad_schemas(schema: Any, reason: str, hint: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(BadSchema) as raised:
        verify(schema)
    assert reason in str(raised.value)
    assert hint in raised.value.hint
    assert raised.value.path == path


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {},
        {"type": ["object", "null"], "properties": {"type": {"type": "string"}, "id": {}}},
        {"$defs": {"a": {"type": "integer"}}, "items": {"$ref": "#/$defs/a"}},
        {"$id": "https://shop.example/a", "$ref": "https://shop.example/a#"},
        {"properties": {"requierd": {}}, "x-note": 1, "example": 3, "enum": ["requierd"]},
        {"pattern": r"\p{L}+", "description": "letters of any language"},
    ],
)
def test_good_schemas(schema: Any) -> None:
    verify(schema)


@given(STEPS)
@example({"$ref": "#"})
def test_a_schema_judges_or_is_bad_and_nothing_else(schema: Any) -> None:
    try:
        verify(schema)
        mistakes({"x": [1, "a"]}, schema)
    except BadSchema as bad:
        assert str(bad)
