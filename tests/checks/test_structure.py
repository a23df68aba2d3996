from __future__ import annotations

import pytest
from msgspec.structs import replace

from chatbot_qa.checks.structure import json_path, json_schema
from chatbot_qa.domain.transcript import text_reply
from chatbot_qa.domain.values import JsonPath, Pattern
from tests.checks.talk import BROKEN, FAILED, PASSED, judged, negated, seen

ORDER = '{"order": {"id": "A-1042", "items": [{"n": 1}, {"n": 2}], "gift": true, "note": null}}'
SCHEMA = {
    "type": "object",
    "required": ["order"],
    "properties": {"order": {"type": "object", "required": ["id", "total"]}},
}


def at(path, reply=ORDER, **arguments):
    return judged(json_path, seen(reply), path=JsonPath(path), **arguments)


def test_a_valid_reply_and_what_is_wrong_with_another():
    good = '{"order": {"id": 1, "total": 2}}'
    assert judged(json_schema, seen(good), schema=SCHEMA).outcome is PASSED
    assert (
        judged(json_schema, seen(f"Here:\n```json\n{good}\n```"), schema=SCHEMA).outcome is PASSED
    )
    finding = judged(json_schema, seen('{"order": {"id": 1}}'), schema=SCHEMA)
    assert finding.outcome is FAILED
    assert finding.reason == '$.order has no "total"'


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"type": "integer"}, '"x"', '$ is "x", a text and not a whole number'),
        ({"type": "string"}, "[1]", "$ is a list, not a text"),
        ({"enum": ["a", "b"]}, '"c"', '$ is "c", none of ["a","b"]'),
        ({"minimum": 3}, "2", "$ is 2, less than 3"),
        ({"maxItems": 1}, "[1,2]", "$ has 2 items, more than 1"),
        ({"pattern": "^A"}, '"B"', '$ is "B", which does not match ^A'),
    ],
)
def test_mistakes_are_told_in_words(schema, value, reason):
    assert judged(json_schema, seen(value), schema=schema).reason == reason


def test_every_mistake_counts():
    schema = {"items": {"type": "integer"}}
    finding = judged(json_schema, seen('["a","b","c","d","e","f","g"]'), schema=schema)
    assert finding.reason.endswith("; and 2 more")


def test_text_is_no_json():
    assert judged(json_schema, seen("Hello"), schema={}).reason == "the reply is no JSON"
    finding = judged(json_schema, seen('{"a": '), schema={})
    assert finding.outcome is FAILED
    assert "line 1" in finding.reason


def test_a_bad_schema_is_broken_and_nothing_is_fetched():
    assert judged(json_schema, seen("1"), schema={"type": "nonsense"}).outcome is BROKEN
    remote = {"$ref": "http://127.0.0.1:9/schema.json"}
    finding = judged(json_schema, seen("1"), schema=remote)
    assert finding.outcome is BROKEN
    assert "not in it" in finding.reason


def test_path_alone_asks_that_something_is_there():
    assert at("$.order.id").outcome is PASSED
    assert at("$.order.note").outcome is PASSED
    assert at("$.order.nothing").reason == "$.order.nothing is not there"
    assert at("$.order.nothing", exists=False).outcome is PASSED
    assert at("$.order.id", exists=False).reason == "$.order.id is there"
    assert at("$.order.id", exists=True).outcome is PASSED


@pytest.mark.parametrize(
    ("path", "wanted", "outcome"),
    [
        ("$.order.id", "A-1042", PASSED),
        ("$.order.id", "A-1043", FAILED),
        ("$.order.gift", True, PASSED),
        ("$.order.gift", 1, FAILED),
        ("$.order.note", None, PASSED),
        ("$.order.id", None, FAILED),
        ("$.order.items[*].n", [1, 2], PASSED),
        ("$.order.items[*].n", [1.0, 2], PASSED),
        ("$.order.items[0].n", 1, PASSED),
        ("$.order.items[?@.n == 2].n", [2], PASSED),
        ("$.order.nothing", "x", FAILED),
    ],
)
def test_equals(path, wanted, outcome):
    assert at(path, equals=wanted).outcome is outcome


def test_differences_of_structures_are_told_one_by_one():
    reason = at("$.order.items", equals=[{"n": 1}, {"n": 3}, {"m": 1}]).reason
    assert '$.order.items[1]["n"] is 2, not 3' in reason
    assert "$.order.items[2] is missing" in reason
    assert at("$.order.id", equals="B").reason == '$.order.id is "A-1042", not "B"'


def test_contains_and_matches():
    assert at("$.order.id", contains="a-10").outcome is PASSED
    assert at("$.order.id", contains="b").outcome is FAILED
    assert at("$.order.items[*].n", contains="2").outcome is PASSED
    assert at("$.order.items[*].n", contains="3").outcome is FAILED
    assert at("$.order.id", matches=Pattern(r"^A-\d+$")).outcome is PASSED
    assert at("$.order.id", matches=Pattern(r"^B")).outcome is FAILED


def test_the_data_of_a_reply_is_read_where_its_text_is_no_json():
    reply = replace(text_reply("Fine."), data={"slots": {"size": "M"}})
    assert at("$.slots.size", reply=reply, equals="M").outcome is PASSED
    assert at("$.slots.size", reply="Fine.").reason == "the reply is no JSON"


def test_negation_reads_well():
    finding = negated(json_path, seen(ORDER), path=JsonPath("$.order.id"), equals="A-1042")
    assert finding.outcome is FAILED
    assert finding.reason == '$.order.id is "A-1042"'
