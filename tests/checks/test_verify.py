"""What ``verify`` says of arguments beforehand: what no reply could fail or pass is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.checks.base import Evidence, always, check, judge, never, passed
from chatbot_qa.checks.controls import ExpectedCard
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.suite import Expectation, MessageChecks, Text
from chatbot_qa.domain.values import Duration, JsonPath, Pattern, Share
from chatbot_qa.domain.verdict import Finding, Outcome
from chatbot_qa.registry import MARK, CheckSpec, Flaw, Registry, Use
from chatbot_qa.spec.late import LateText
from tests.checks.talk import expects, seen

CHECKS = {spec.name: spec for spec in Registry().checks}
TURN, NOT, SUITE = Use("turn"), Use("turn", negated=True), Use("group")
PATH = JsonPath("$.a")
UNSEEN = "\u200b \u2060"


def flaw(name: str, use: Use = TURN, /, **arguments: Any) -> Flaw | None:
    return CHECKS[name].flaw(use, arguments)


def a_check(name: str, *, negated: bool = False, **arguments: Any) -> Expectation:
    return expects(CHECKS[name].function, negated=negated, **arguments)


REFUSES, NOT_REFUSES = a_check("refuses"), a_check("refuses", negated=True)
ANY_MESSAGE = MessageChecks(checks=())


@pytest.mark.parametrize(
    ("name", "arguments", "says", "at"),
    [
        ("contains", {"value": UNSEEN}, "always passes", ()),
        ("starts_with", {"value": UNSEEN}, "always passes", ()),
        ("ends_with", {"value": UNSEEN}, "always passes", ()),
        ("contains_any", {"values": ("a", UNSEEN)}, "always passes", ("values", 1)),
        ("contains_all", {"values": (UNSEEN, "a")}, "always passes", ("values", 0)),
        ("equals", {"value": " . "}, "compares with nothing", ()),
        ("one_of", {"values": ("a", ".")}, "compares with nothing", ("values", 1)),
        ("similar", {"value": "."}, "compares with nothing", ()),
        ("similar", {"value": "a", "at_least": Share(0)}, "always passes", ("at_least",)),
        ("matches", {"value": Pattern(".*")}, "always passes", ()),
        ("matches", {"value": Pattern("x?$")}, "always passes", ()),
        ("matches", {"value": Pattern(r"/\d+/")}, "slashes", ()),
        ("matches", {"value": Pattern("/ticket/i")}, "slashes", ()),
        ("number", {"value": 3.0, "tolerance": "some"}, "tolerance", ("tolerance",)),
        ("number", {"value": 3.0, "tolerance": "-1"}, "tolerance", ("tolerance",)),
        ("number", {"value": 3.0, "unit": "business days"}, "never passes", ("unit",)),
        ("number", {"value": 3.0, "unit": "30"}, "never passes", ("unit",)),
        ("length", {}, "no bound", ()),
        ("length", {"unit": "words"}, "no bound", ()),
        ("length", {"at_least": 0}, "always passes", ("at_least",)),
        ("length", {"at_most": -1}, "below 0", ("at_most",)),
        ("length", {"at_least": 5, "at_most": 4}, "never passes", ("at_least",)),
        ("length", {"exactly": 5, "at_most": 4}, "never passes", ("at_most",)),
        ("length", {"exactly": 5, "at_least": 6}, "never passes", ("at_least",)),
        ("answers", {"value": "?!"}, "no word", ()),
        ("recalls", {"value": "…"}, "no word", ("value",)),
        ("recalls", {"value": "a1", "instead_of": ""}, "no word", ("instead_of",)),
        ("recalls", {"value": "A-1042", "instead_of": "a 1042"}, "cannot tell", ("instead_of",)),
        ("recalls", {"value": "12 High St", "instead_of": "12"}, "cannot tell", ("instead_of",)),
        ("leaks", {"value": "x-7"}, "fewer than 3", ()),
        ("language", {"value": "english"}, "does not know", ()),
        ("json_path", {"path": PATH, "exists": False, "equals": None}, "nothing", ("exists",)),
        ("json_path", {"path": PATH, "contains": " "}, "empty text", ("contains",)),
        ("json_path", {"path": PATH, "matches": Pattern("a*")}, "every text", ("matches",)),
        ("json_schema", {"schema": False}, "never passes", ()),
        ("json_schema", {"schema": "order.json"}, "bad schema", ("schema",)),
        (
            "json_schema",
            {"schema": {"items": {"type": "text"}}},
            "no type",
            ("schema", "items", "type"),
        ),
        ("latency", {}, "no bound", ()),
        ("latency", {"value": Duration(0)}, "never passes", ("value",)),
        ("first_token", {"p90": Duration(1)}, "one reply is too little", ("p90",)),
        ("tokens", {"at_most": 0}, "never passes", ("at_most",)),
        ("all_of", {"checks": ()}, "no checks", ()),
        ("any_of", {"checks": ()}, "no checks", ()),
        ("at_least", {"of": (), "count": 1}, "no checks", ()),
        ("at_least", {"of": (REFUSES,), "count": 0}, "always passes", ("count",)),
        ("at_least", {"of": (REFUSES,), "count": 2}, "never passes", ("count",)),
        ("at_least", {"of": (REFUSES, NOT_REFUSES), "count": 1}, "always passes", ("of", 1)),
        ("at_least", {"of": (REFUSES, NOT_REFUSES), "count": 2}, "never passes", ("of", 1)),
        ("messages", {}, "says nothing", ()),
        ("messages", {"items": ()}, "lists no message", ("items",)),
        ("messages", {"count": 0}, "wants 0", ("count",)),
        ("messages", {"items": (ANY_MESSAGE,), "count": 1}, "already", ()),
        ("buttons", {}, "no button", ()),
        ("buttons", {"values": ()}, "no button", ()),
        ("buttons", {"exactly": True, "count": 2}, "no button", ()),
        ("buttons", {"values": ("a", UNSEEN)}, "empty label", ("values", 1)),
        ("buttons", {"values": ("a", "b"), "count": 1}, "never passes", ("count",)),
        ("buttons", {"count": -1}, "below 0", ("count",)),
        ("cards", {}, "no card", ()),
        ("cards", {"items": (ExpectedCard(),)}, "nothing is said", ("items", 0)),
        ("cards", {"items": (ExpectedCard(title=UNSEEN),)}, "nothing is said", ("items", 0)),
        ("cards", {"items": (ExpectedCard(title="a"),), "count": 0}, "never", ("count",)),
        ("media", {"at_least": 0}, "always passes", ("at_least",)),
        ("media", {"count": -1}, "below 0", ("count",)),
        ("media", {"count": 1, "at_least": 1}, "both", ("at_least",)),
        ("data", {"paths": {}}, "nothing", ("paths",)),
        ("data", {"paths": {"a..b": "c"}}, "leads nowhere", ("paths", "a..b")),
        ("data", {"paths": {"$.a[": "c"}}, "leads nowhere", ("paths", "$.a[")),
        ("json", {"paths": {"": "c"}}, "leads nowhere", ("paths", "")),
        ("calls_tool", {"name": " "}, "names no tool", ()),
        ("calls_tool", {"name": "a", "times": 0}, "wants 0", ("times",)),
        ("calls_tool", {"name": "a", "arguments": {}}, "nothing", ("arguments",)),
        ("asks_for", {"value": "?"}, "nothing that could be asked", ()),
        ("date", {"value": "tomorrow"}, "no day", ("value",)),
        ("date", {"value": "2026-02-30"}, "no day", ("value",)),
        ("date", {"value": ""}, "no day", ("value",)),
        ("date", {"value": "05/12/2026"}, "one of two days", ("value",)),
        ("date", {"before": "12 May"}, "no year", ("before",)),
        ("date", {"value": "2026-05-12", "after": "2026-05-01"}, "a day and bounds", ("value",)),
        ("date", {"after": "2026-05-12", "before": "2026-05-13"}, "never passes", ("after",)),
        ("url", {"value": "shop.example"}, "no address", ("value",)),
        ("url", {"value": ""}, "no address", ("value",)),
        ("url", {"starts_with": "/returns"}, "no address", ("starts_with",)),
        ("url", {"host": "https://shop.example"}, "no host", ("host",)),
        ("url", {"host": "shop"}, "no host", ("host",)),
        ("url", {"value": "https://a.example", "host": "a.example"}, "both", ("host",)),
    ],
)
def test_arguments_without_sense_are_refused(
    name: str, arguments: dict[str, Any], says: str, at: tuple[str | int, ...]
) -> None:
    found = flaw(name, **arguments)
    assert found is not None
    assert says in found.message
    assert found.at == at


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("contains", {"value": "?"}),
        ("contains", {"value": UNSEEN, "exactly": True}),
        ("contains_all", {"values": ("a", "b")}),
        ("equals", {"value": ".", "exactly": True}),
        ("equals", {"value": "..."}),
        ("similar", {"value": "a"}),
        ("matches", {"value": Pattern(".+")}),
        ("matches", {"value": Pattern(r"^\s*$")}),
        ("matches", {"value": Pattern("(?s)^(?!.*refund)")}),
        ("matches", {"value": Pattern("/orders/")}),
        ("number", {"value": 3.0, "unit": "days", "tolerance": "5 %"}),
        ("number", {"value": 3.0, "unit": "€"}),
        ("number", {"value": 3.0, "unit": "%"}),
        ("length", {"at_most": 0}),
        ("length", {"at_least": 3, "at_most": 3}),
        ("length", {"exactly": 0}),
        ("answers", {}),
        ("answers", {"value": "👍"}),
        ("recalls", {"value": "C++"}),
        ("recalls", {"value": "98187", "instead_of": "98178"}),
        ("recalls", {"value": "12", "instead_of": "12 High St"}),
        ("leaks", {"value": "‹secret:KEY›"}),
        ("language", {"value": "de-AT"}),
        ("language", {"value": "EN"}),
        ("language", {"value": "ja"}),
        ("json_path", {"path": PATH}),
        ("json_path", {"path": PATH, "exists": False}),
        ("json_path", {"path": PATH, "equals": None}),
        ("json_schema", {"schema": {}}),
        ("latency", {"value": Duration(5), "max": Duration(9)}),
        ("tokens", {"at_most": 1}),
        ("any_of", {"checks": (a_check("refuses"), a_check("asks_question"))}),
        ("at_least", {"of": (REFUSES, a_check("asks_question")), "count": 1}),
        ("messages", {"items": (ANY_MESSAGE,)}),
        ("messages", {"count": 1}),
        ("buttons", {"values": ("a", "A"), "count": 1}),
        ("buttons", {"values": ("👍",), "exactly": True}),
        ("buttons", {"count": 0}),
        ("cards", {"items": (ExpectedCard(title="a"),), "count": 1}),
        ("cards", {"count": 0}),
        ("media", {}),
        ("media", {"kind": "image", "count": 0}),
        ("data", {"paths": {"a.b": "", "$.a[?@.b == 'c']": None}}),
        ("json", {}),
        ("calls_tool", {"name": "a", "times": 1, "arguments": {"b": "c"}}),
        ("date", {}),
        ("date", {"value": "12 May"}),
        ("date", {"value": "05/12/2026", "order": "dmy"}),
        ("date", {"value": "05.12.2026"}),
        ("date", {"after": "2026-05-12", "before": "2026-05-14"}),
        ("url", {}),
        ("url", {"value": "https://shop.example/a?b=c"}),
        ("url", {"host": "Shop.Example"}),
    ],
)
def test_arguments_with_sense_are_not(name: str, arguments: dict[str, Any]) -> None:
    assert flaw(name, **arguments) is None


def test_what_always_holds_never_passes_when_negated() -> None:
    found = flaw("matches", NOT, value=Pattern(".*"))
    assert found is not None
    assert found.message.startswith("never passes")
    other = flaw("tokens", NOT, at_most=0)
    assert other is not None
    assert other.message.startswith("always passes")


@pytest.mark.parametrize(
    ("name", "arguments", "at"),
    [
        ("buttons", {"values": ("a", "b")}, ("values", 1)),
        ("cards", {"items": (ExpectedCard(title="a"), ExpectedCard(title="b"))}, ("items", 1)),
        ("data", {"paths": {"a": "1", "b": "2"}}, ("paths", "b")),
        ("json", {"paths": {"a": "1", "b": "2"}}, ("paths", "b")),
    ],
)
def test_none_of_several_is_written_one_by_one(
    name: str, arguments: dict[str, Any], at: tuple[str | int, ...]
) -> None:
    found = flaw(name, NOT, **arguments)
    assert found is not None
    assert "passes as soon as one" in found.message
    assert found.at == at
    assert flaw(name, **arguments) is None


def test_a_percentile_is_for_many_replies() -> None:
    bounds = {"p50": Duration(1), "p95": Duration(2)}
    assert flaw("latency", SUITE, **bounds) is None
    assert flaw("latency", Use("group", replies=20), **bounds) is None
    few = flaw("latency", Use("group", replies=19), **bounds)
    assert few is not None
    assert "19 replies" in few.message
    conversation = flaw("latency", Use("conversation"), **bounds)
    assert conversation is not None
    assert "one conversation" in conversation.message


def test_percentiles_grow() -> None:
    found = flaw("latency", SUITE, p50=Duration(3), p95=Duration(2))
    assert found is not None
    assert found.at == ("p50",)
    assert flaw("latency", SUITE, p95=Duration(3), max=Duration(9)) is None


def test_a_check_beside_its_contrary() -> None:
    checks = (a_check("refuses"), a_check("asks_question"), a_check("refuses", negated=True))
    any_of, all_of = flaw("any_of", checks=checks), flaw("all_of", checks=checks)
    assert any_of is not None
    assert any_of.message.startswith("always passes")
    assert any_of.at == ("checks", 2)
    assert all_of is not None
    assert all_of.message.startswith("never passes")
    others = (a_check("contains", value="a"), a_check("contains", negated=True, value="b"))
    assert flaw("any_of", checks=others) is None


def test_a_language_is_known_by_its_name() -> None:
    found = flaw("language", value="Deutsch")
    assert found is not None
    assert found.hint == "do you mean `de`?"


@given(st.text(max_size=12))
def test_only_a_text_that_a_reply_without_words_has_too_is_refused(value: str) -> None:
    outcome = judge(a_check("contains", value=value), seen("")).outcome
    assert (flaw("contains", value=value) is None) == (outcome is Outcome.FAILED)


# What waits for a value is verified when it has one.


def waiting(check: str, value: str) -> Expectation:
    spec = CHECKS[check]
    late = {"value": LateText(Text("${x}"))}
    return Expectation(check, spec.function, spec.version, NOWHERE, late=late)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("language", "english", 'language does not know "english"'),
        ("contains", UNSEEN, "contains always passes"),
        ("leaks", "7", "leaks has a secret"),
    ],
)
def test_a_saved_value_without_sense_breaks_the_check(name: str, value: str, says: str) -> None:
    evidence = Evidence(seen("It is all fine here.").exchanges, 1, lambda _: value)
    finding = judge(waiting(name, value), evidence)
    assert finding.outcome is Outcome.BROKEN
    assert finding.reason.startswith(says)


def test_a_saved_value_with_sense_is_judged() -> None:
    evidence = Evidence(seen("It is all fine here.").exchanges, 1, lambda _: "fine")
    assert judge(waiting("contains", "fine"), evidence).outcome is Outcome.PASSED


# Anyone's check.


def test_a_check_needs_no_verify() -> None:
    @check("shouts")
    def shouts(seen: Evidence) -> Finding:
        return passed("it does")

    spec: CheckSpec = getattr(shouts, MARK)
    assert spec.flaw(TURN, {}) is None


def test_a_verify_that_crashes_is_told_and_never_passes_in_silence() -> None:
    def crashing(use: Use, *, value: str) -> Flaw | None:
        raise ZeroDivisionError(value)

    @check("odd", verify=crashing)
    def odd(seen: Evidence, *, value: str) -> Finding:
        return passed("it is")

    spec: CheckSpec = getattr(odd, MARK)
    found = spec.flaw(TURN, {"value": "x"})
    assert found is not None
    assert "ZeroDivisionError" in found.message


def test_always_and_never_are_each_others_contrary() -> None:
    assert always(TURN, "why", "how", ("a",)) == Flaw("always passes: why", "how", ("a",))
    assert never(NOT, "why").message == always(TURN, "why").message
    assert never(TURN, "why").message == always(NOT, "why").message
