"""The checks of replies as they are written in YAML: read, valid by the schema, filled in."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from chatbot_qa.checks.base import judge
from chatbot_qa.domain.transcript import BotMessage, Card, Reply, ToolCall
from chatbot_qa.domain.verdict import Outcome
from chatbot_qa.registry import Registry
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.schema import suite_schema
from chatbot_qa.spec.variables import Scope
from tests.checks.talk import FAILED, PASSED, seen, several

REGISTRY = Registry()
SCHEMA = Draft202012Validator(suite_schema(REGISTRY))
HEAD = """\
suite: s
target: demo
conversations:
  - id: a
    turns:
      - say: "${order} ${day} ${label} ${page}"
        expect:
"""
TAIL = """

    examples:
      - {id: r, order: "77120", day: "2026-05-12", label: "Yes", page: https://a.example/x}
"""


@pytest.fixture
def outcome(tmp_path: Path) -> Callable[[str, str | Reply], Outcome]:
    """What a check, as it is written below ``expect:``, says of a reply."""

    def judged(check: str, reply: str | Reply) -> Outcome:
        text = HEAD + textwrap.indent(textwrap.dedent(check).strip(), " " * 10) + TAIL
        assert [error.message for error in SCHEMA.iter_errors(yaml.safe_load(text))] == []
        file = tmp_path / "suite.yaml"
        file.write_text(text, encoding="utf-8")
        found = load([file], REGISTRY)
        assert [one.message for one in found.diagnostics] == []
        (case,) = cases(found.suites[0], Scope(1, datetime(2026, 5, 11, tzinfo=UTC)))
        (expectation,) = case.turns[0].expect
        return judge(expectation, replace(seen(reply), names=case.names)).outcome

    return judged


CARD = Reply((BotMessage("", (), (Card("Order 77120", "sent", ("Yes",)),)),))
KNOWS = Reply((BotMessage("ok"),), data={"slots": {"zip": "02134", "order": 77120, "n": ["77120"]}})
CALLS = Reply((BotMessage("ok"),), calls=(ToolCall("look_up", {"order": 77120}),))


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (
            """
            - messages:
                - contains: ${order}
                - contains: wait
                  optional: true
                - - contains: Bye
                  - not_contains: ${label}
                - contains: the end
                  exactly: true
                  optional: true
            """,
            several("77120", "Bye"),
            several("77120", "Bye. Yes", "the end"),
        ),
        ("- messages: {count: 2}", several("a", "b"), several("a")),
        ("- messages:\n    - asks_question\n    - replies", several("A?", "b"), several("a", "b")),
        ("- replies", "Hi", Reply(())),
        ("- no_reply", Reply(()), "Hi"),
        ("- buttons:\n    - ${label}", Reply((BotMessage("", ("YES",)),)), "Yes"),
        ('- not_buttons: ["${label}"]', "Yes", Reply((BotMessage("", ("YES",)),))),
        ("- buttons: {count: 0}", "Yes", Reply((BotMessage("", ("YES",)),))),
        (
            '- cards:\n    - title: Order ${order}\n      buttons: ["${label}"]',
            CARD,
            Reply((BotMessage("", (), (Card("Order 77121", "", ("Yes",)),)),)),
        ),
        ("- data: {slots.zip: 02134}", KNOWS, Reply((), data={"slots": {"zip": "2134"}})),
        ("- data:\n    slots.order: ${order}", KNOWS, Reply((), data={"slots": {"order": 1}})),
        ("- data:\n    slots.n:\n      - ${order}", KNOWS, Reply((), data={"slots": {"n": []}})),
        ("- json: {a.b: 02134}", '{"a": {"b": "02134"}}', '{"a": {"b": 2134}}'),
        ("- json", "{}", "Hi"),
        (
            "- calls_tool:\n    name: look_up\n    arguments:\n      order: ${order}",
            CALLS,
            Reply((), calls=(ToolCall("look_up", {"order": 1}),)),
        ),
        ("- not_calls_tool: cancel", CALLS, Reply((), calls=(ToolCall("cancel"),))),
        ("- date: ${day}", "On May 12th.", "On May 13th."),
        ("- date: ${today+1d}", "On May 12th.", "On May 13th."),
        ('- date: {after: "${day}"}', "On 13 May 2026.", "On 12 May 2026."),
        ("- url: ${page}", "See https://a.example/x.", "See https://a.example/y."),
        ("- url: {host: a.example}", "See https://a.example/x.", "See https://b.example/x."),
        (
            "- at_least: {count: 2, of: [{contains: a}, {contains: b}, refuses]}",
            "a and b",
            "b, c",
        ),
        ("- similar: Yes, of course\n  at_least: 0.9", "yes of course", "no"),
    ],
)
def test_as_it_is_written(
    outcome: Callable[[str, str | Reply], Outcome],
    check: str,
    right: str | Reply,
    wrong: str | Reply,
) -> None:
    assert outcome(check, right) is PASSED
    assert outcome(check, wrong) is FAILED


def test_at_least_beside_a_check_is_its_option(tmp_path: Path) -> None:
    file = tmp_path / "suite.yaml"
    text = HEAD.rstrip() + " {similar: a day, at_least: 0.9}" + TAIL
    file.write_text(text, encoding="utf-8")
    found = load([file], REGISTRY)
    assert [one.message for one in found.diagnostics] == []
    (expectation,) = found.suites[0].declared[0].case.turns[0].expect
    assert expectation.fixed == {"value": "a day", "at_least": 0.9}
