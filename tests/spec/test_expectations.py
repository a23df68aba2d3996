"""``expect:`` in all the ways that people write it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from chatbot_qa.domain.source import Diagnostic
from chatbot_qa.domain.suite import At, Expectation, Text, Unfit, Unset
from chatbot_qa.spec.positions import lines_of, parse
from chatbot_qa.spec.reader import Reader
from chatbot_qa.spec.rows import Several
from tests.spec.checks_for_tests import registry

REGISTRY = registry()
AGREE = (Text("yes"), Text("sure"))


def read(text: str, scope: Any = "turn") -> tuple[tuple[Expectation, ...], list[Diagnostic]]:
    node, wrong = parse(text, "f.yaml")
    assert node is not None
    assert not wrong
    reader = Reader("f.yaml", lines_of(text), REGISTRY)
    reader.phrases = {"agree": AGREE}
    reader.scope = scope
    return reader.expectations(node), reader.diagnostics


def one(text: str) -> Expectation:
    (found,), wrong = read(text)
    assert not wrong
    return found


def wrong(text: str, scope: Any = "turn") -> Diagnostic:
    found, (only,) = read(text, scope)
    assert not found
    return only


def names(**values: str) -> Any:
    def look_up(name: str) -> str:
        if name not in values:
            raise Unset(name)
        return values[name]

    return look_up


@pytest.mark.parametrize(
    ("text", "name", "fixed"),
    [
        ("- refuses", "refuses", {}),
        ("- refuses:", "refuses", {}),
        ("- not_refuses", "not_refuses", {}),
        ("- contains: 30 days", "contains", {"value": "30 days"}),
        ("- contains: 02134", "contains", {"value": "02134"}),
        ("- contains: a\n  exactly: true", "contains", {"value": "a", "exactly": True}),
        ("- exactly: true\n  contains: a", "contains", {"value": "a", "exactly": True}),
        ("- contains: {value: a, exactly: true}", "contains", {"value": "a", "exactly": True}),
        ("- not_contains: a", "not_contains", {"value": "a"}),
        ("- not_contains: [a, b]", "not_contains_any", {"values": ("a", "b")}),
        (
            "- not_contains: [a, b]\n  exactly: true",
            "not_contains_any",
            {"values": ("a", "b"), "exactly": True},
        ),
        ("- contains_any: [a, b]", "contains_any", {"values": ("a", "b")}),
        ("- answers", "answers", {}),
        ("- answers: 30 days", "answers", {"value": "30 days"}),
        ("- number: 30\n  unit: days", "number", {"value": 30.0, "unit": "days"}),
        ("- json_schema: {type: object}", "json_schema", {"schema": {"type": "object"}}),
        ("- json_schema: {schema: {a: 1}}", "json_schema", {"schema": {"a": 1}}),
        ("- similar: {value: a, at_least: 90%}", "similar", {"value": "a", "at_least": 0.9}),
        ("contains: a", "contains", {"value": "a"}),
        ("contains: a\nexactly: true", "contains", {"value": "a", "exactly": True}),
        ('- contains_any: ["${agree}", ok]', "contains_any", {"values": ("yes", "sure", "ok")}),
        ("- contains_any: ${agree}", "contains_any", {"values": ("yes", "sure")}),
        ('- not_contains: ["${agree}"]', "not_contains_any", {"values": ("yes", "sure")}),
    ],
)
def test_the_ways_to_write_a_check(text: str, name: str, fixed: dict[str, Any]) -> None:
    found = one(text)
    assert (found.name, found.fixed, found.late) == (name, fixed, {})


def test_a_twin_with_a_name_of_its_own() -> None:
    assert one("- no_reply").negated is False
    replies = one("- replies")
    assert (replies.check, replies.negated) == ("no_reply", True)


def test_a_mapping_of_different_checks() -> None:
    found, wrong = read("contains: a\nnot_contains: b\nrefuses:\n")
    assert not wrong
    assert [check.name for check in found] == ["contains", "not_contains", "refuses"]


@pytest.mark.parametrize(
    "text",
    [
        "- contains: a\n  because: of ${x}\n  warn_only: true",
        "- contains: {value: a, because: 'of ${x}', warn_only: true}",
    ],
)
def test_because_and_warn_only_go_with_any_check(text: str) -> None:
    found = one(text)
    assert found.because is not None
    assert found.because.source == "of ${x}"
    assert found.warn_only
    assert found.fixed == {"value": "a"}


def test_a_check_stands_where_its_name_does() -> None:
    found = one("- because: x\n  contains: a\n")
    assert (found.where.line, found.where.column, found.where.text) == (2, 3, "  contains: a")


def test_checks_inside_of_checks() -> None:
    found = one("- all_of:\n    - contains: ${a}\n    - not_refuses\n")
    inner = found.fixed["checks"]
    assert [check.name for check in inner] == ["contains", "not_refuses"]
    assert inner[0].arguments(names(a="x")) == {"value": "x"}


@pytest.mark.parametrize(
    ("text", "values", "arguments"),
    [
        ("- contains: Hi ${a}", {"a": "Bo"}, {"value": "Hi Bo"}),
        ("- contains: it is $${a}", {}, {"value": "it is ${a}"}),
        ("- number: ${n}", {"n": "30"}, {"value": 30.0}),
        ('- matches: "^${p}$"', {"p": "a+"}, None),
        ('- contains_any: [a, "${b}"]', {"b": "c"}, {"values": ("a", "c")}),
        ("- contains_any: ${b}", {"b": "c"}, {"values": ("c",)}),
        ("- contains_any: ${b}", {"b": Several("c, d", ("c", "d"))}, {"values": ("c", "d")}),
        ('- contains_any: [a, "${b}"]', {"b": Several("c", ("c",))}, {"values": ("a", "c")}),
        ('- json_schema: {const: "${b}"}', {"b": "5"}, {"schema": {"const": "5"}}),
    ],
)
def test_names_are_filled_in_late(text: str, values: Any, arguments: Any) -> None:
    found = pickle.loads(pickle.dumps(one(text)))
    filled = found.arguments(names(**values))
    assert arguments is None or filled == arguments
    if values:
        with pytest.raises(Unset):
            found.arguments(names())


@pytest.mark.parametrize(
    ("text", "value"),
    [("- contains: ${a}", " "), ("- number: ${a}", "many"), ("- matches: ${a}", "(")],
)
def test_what_does_not_fit_once_filled_in_is_unfit(text: str, value: str) -> None:
    with pytest.raises(Unfit):
        one(text).arguments(names(a=value))


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("- contains: [a, b]", "one-text", "`contains_any` and `contains_all`"),
        ("- matches: [a, b]", "one-text", "- matches: …"),
        ("- contains: ''", "empty-text", "- contains: 30 days"),
        ("- contains: '  '", "empty-text", ""),
        ("- not_contains: ''", "empty-text", ""),
        ("- matches: ''", "empty-text", ""),
        ("- recalls: ''", "empty-text", ""),
        ("- contains_any: []", "empty-text", ""),
        ("- contains_any: [a, '']", "empty-text", ""),
        ("- contains", "missing-argument", "- contains: 30 days"),
        ("- contains:", "missing-argument", ""),
        ("- cost", "missing-argument", "an amount such as 0.02 USD"),
        ("- contans: a", "unknown-check", "do you mean `contains`?"),
        ("- includes: a", "unknown-check", "do you mean `contains`?"),
        ("- not_includes: a", "unknown-check", "contains"),
        ("- contains a: b", "unknown-check", "- contains: a"),
        ("- not_alone", "no-negation", "no negation"),
        ("- not_no_reply", "no-negation", "`replies`"),
        ("- contains: a\n  exactlyy: true", "unknown-argument", "do you mean `exactly`?"),
        ("- contains: {value: a, exact: true}", "unknown-argument", "`exactly`"),
        ("- contains: a\n  value: b", "given-twice", ""),
        ("- contains: a\n  refuses:", "two-checks", "- refuses"),
        ("- refuses: true", "takes-no-value", "write `- refuses`"),
        ("- refuses: false", "takes-no-value", "`- not_refuses`"),
        ("- not_refuses: no", "takes-no-value", "`- refuses`"),
        ("- [a]", "not-a-check", "- refuses"),
        ("-", "not-a-check", ""),
        ("- {}", "not-a-check", ""),
        ("- because: x", "unknown-check", ""),
        ("- contains: a\n  warn_only: maybe", "wrong-type", ""),
        ("- matches: '('", "bad-pattern", ""),
        ("- json_path: {path: a.b}", "bad-json-path", ""),
        ("- number: many", "wrong-type", ""),
        ("- latency: 5", "bad-duration", ""),
        ("- all_of: a", "wrong-type", "- contains: a"),
        ("- contains: ${a}\n  exactly: maybe", "wrong-type", ""),
    ],
)
def test_mistakes(text: str, code: str, said: str) -> None:
    told = wrong(text)
    assert told.code == code
    assert said in told.hint + told.message


def test_options_of_several_checks_in_a_mapping_are_strays() -> None:
    found, (stray,) = read("contains: a\nrefuses:\nbecause: x\n")
    assert len(found) == 2
    assert stray.code == "stray-option"


@pytest.mark.parametrize(
    ("text", "scope", "said"),
    [
        ("- recalls: a", "conversation", "`expect:` of a turn"),
        ("- contains: a", "group", "beside its `turns:`"),
    ],
)
def test_a_check_that_may_not_stand_here(text: str, scope: Any, said: str) -> None:
    told = wrong(text, scope)
    assert told.code == "misplaced-check"
    assert said in told.hint


def test_a_field_says_where_its_checks_stand() -> None:
    from typing import Annotated

    node, _ = parse("- contains: a", "f")
    assert node is not None
    reader = Reader("f", ("- contains: a",), REGISTRY)
    shape = Annotated[tuple[Expectation, ...], At("group")]
    assert reader.read(node, shape) == ()
    assert [told.code for told in reader.diagnostics] == ["misplaced-check"]
    assert reader.scope == "turn"


def test_all_mistakes_of_one_check_are_told() -> None:
    _, told = read("- contains: ''\n  exactly: maybe\n  wat: 1\n")
    assert [one.code for one in told] == ["empty-text", "wrong-type", "unknown-argument"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("must_not_contain", "not_contains"),
        ("not-contains", "not_contains"),
        ("not_includes", "not_contains"),
        ("not_conatins", "not_contains"),
        ("contians", "contains"),
        ("shouldnt_refuse", "not_refuses"),
    ],
)
def test_a_negation_is_never_answered_with_its_contrary(name: str, meant: str) -> None:
    assert f"do you mean `{meant}`?" in wrong(f"- {name}: a").hint


def test_a_bare_value_of_the_wrong_type_is_answered_with_an_example() -> None:
    assert "- number: …" in wrong("- number: 30 days").hint


def test_a_list_below_a_name_without_a_colon_is_told_as_such() -> None:
    assert "`- contains_any:`" in wrong("- contains_any\n  - a").hint


def test_arguments_alike_are_told_together() -> None:
    told = wrong("- similar: {value: a, valeu: b}").hint
    assert "`similar` takes `value` (a text); `at_least` (a share" in told
