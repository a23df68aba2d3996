"""The JSON Schemas: what the reader accepts is valid, what people get wrong is not."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chatbot_qa.registry import CheckSpec, Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.files import CONFIG
from chatbot_qa.spec.load import load
from chatbot_qa.spec.positions import parse
from chatbot_qa.spec.schema import (
    CONFIG_FILE,
    SUITE_FILE,
    config_schema,
    render,
    suite_schema,
    write,
)
from chatbot_qa.spec.shape import ConfigKeys, SuiteKeys, keys
from chatbot_qa.spec.values import data

ROOT = Path(__file__).parents[2]
SUITES = sorted(path for path in (ROOT / "suites").glob("*.yaml") if path.name != CONFIG)

FORMAT = """\
suite: Returns desk
target: demo
owner: support-team
tags: [returns]
vars:
  order: A-1042
  name: Priya
phrases:
  agree:
    - "yes"
    - sure
    - go ahead
defaults:
  expect_each_reply:
    - language: en
    - latency: 5s

conversations:
  - id: remembers-order-number
    title: The bot remembers the order number
    severity: critical
    turns:
      - say: Hi, my order number is ${order}.
        save:
          ticket: {after: "Ticket number:"}
      - say: How long do I have to send it back?
        expect:
          - contains: 30 days
            because: the returns policy of March
          - not_contains:
              - refund is impossible
              - I don't know
      - say_each: ${agree}
      - say: Which order were we talking about, and what is my ticket?
        expect:
          - recalls: ${order}
          - recalls: ${ticket}
    expect:
      - cost: {at_most: 0.02 USD}
    examples:
      - {id: letter, order: A-1042}
      - {id: digits, order: "77120"}

expect:
  - latency: {p95: 2s}
"""

HEAD = "suite: S\nconversations:\n  - id: a\n    turns:\n      - say: hello\n        expect:\n"


@cache
def registry() -> Registry:
    return Registry()


@cache
def suites() -> Draft202012Validator:
    return Draft202012Validator(suite_schema(registry()))


@cache
def configs() -> Draft202012Validator:
    return Draft202012Validator(config_schema(registry()))


def plain(text: str) -> Any:
    """YAML as an editor reads it: unquoted numbers and booleans are such."""
    node, wrong = parse(text, "a.yaml")
    assert node is not None
    assert wrong == []
    return data(node)


def complaints(text: str) -> list[str]:
    return [error.message for error in suites().iter_errors(plain(text))]


@pytest.mark.parametrize("make", [suite_schema, config_schema])
def test_it_is_a_schema(make: Any) -> None:
    schema = make(registry())
    Draft202012Validator.check_schema(schema)
    assert render(schema) == render(make(Registry()))


@pytest.mark.parametrize("make", [suite_schema, config_schema])
def test_every_reference_leads_somewhere_and_every_definition_is_used(make: Any) -> None:
    schema = make(registry())
    referred = set(_references(schema))
    assert referred == {f"#/$defs/{name}" for name in schema["$defs"]}


def _references(part: Any) -> Any:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.name)
def test_every_example_suite_is_valid(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


def test_the_example_of_the_format_is_valid() -> None:
    assert complaints(FORMAT) == []


def test_every_key_is_there_with_its_description() -> None:
    for shape, schema in ((SuiteKeys, suites().schema), (ConfigKeys, configs().schema)):
        for key in keys(shape):
            assert schema["properties"][key.name]["description"]
    assert {kind.name for kind in registry().kinds} <= suites().schema["properties"].keys()


def test_every_check_is_there_under_each_of_its_names_where_it_may_stand() -> None:
    defs = suites().schema["$defs"]
    assert {"contains", "recalls", "all_of", "tokens"} <= set(registry().checks.names)
    for spec in registry().checks:
        for scope in ("turn", "conversation", "group"):
            names = defs[f"check-{scope}"]["allOf"]
            told = {rule["if"]["required"][0] for rule in names}
            for name in (spec.name, *_negations(spec)):
                assert (name in told) == (scope in spec.scopes), (name, scope)


def _negations(spec: CheckSpec) -> tuple[str, ...]:
    return () if spec.twin is None else (spec.twin or f"not_{spec.name}",)


def test_every_target_is_there_with_its_options() -> None:
    defs = configs().schema["$defs"]
    for spec in registry().targets:
        options = defs[f"target-{spec.name}"]["properties"]
        assert {key.name for key in keys(spec.options)} <= options.keys()
        assert {"kind", "limits"} <= options.keys()


RIGHT = [
    "          - refuses",
    "          - not_refuses",
    "          - refuses:",
    "          - contains: 30",
    "          - contains: 02134",
    "          - contains: 1.10",
    "          - contains: yes",
    "          - contains: true",
    "          - contains: 2024-05-20",
    "          - contains: {value: a, exactly: true, because: 5}",
    "          - contains: a\n            exactly: true\n            warn_only: true",
    '          - contains: a\n            exactly: "true"',
    "          - contains: a\n            exactly: ${exact}",
    "          - not_contains: a",
    "          - not_contains:\n              - a\n              - 5",
    "          - contains_any:\n              - a\n              - false",
    "          - contains_any: ${agree}",
    "          - length: {at_most: 5}",
    '          - length: {at_most: "5", unit: words}',
    "          - length: words\n            at_least: ${least}",
    "          - number: 30\n            tolerance: 5%\n            unit: days",
    "          - similar: {value: a b, at_least: 80%}",
    "          - similar: a b\n            at_least: 0.8",
    "          - json_path: $.order.id\n            equals: [1, {a: null}]",
    "          - json_path: {path: $.a, exists: false}",
    "          - json_schema: {type: object}",
    "          - latency: 2s",
    "          - latency: 300 ms",
    "          - cost: {at_most: 0.02 USD}",
    "          - all_of:\n              - contains: a\n              - refuses",
    "          - any_of: {contains: a, refuses: {because: b}}",
    "          contains: a\n          refuses:",
    "          contains: a\n          exactly: true\n          because: so",
]


@pytest.mark.parametrize("checks", RIGHT)
def test_what_the_reader_accepts_is_valid(checks: str, tmp_path: Path) -> None:
    text = f"{HEAD}{checks}\n" + FORMAT.partition("owner:")[0].replace("suite: Returns desk\n", "")
    text += "vars: {exact: true, least: 2}\nphrases: {agree: [a, b]}\n"
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load([path], registry())
    assert [one.message for one in loaded.errors] == []
    assert complaints(text) == []


WRONG = [
    "          - contians: a",
    "          - contains",
    "          - contains:",
    "          - contains: [a, b]",
    "          - contains: a\n            exactli: true",
    "          - contains: a\n            refuses:",
    "          - contains: {value: a, exactli: true}",
    "          - contains: {value: {a: b}}",
    "          - contains: a\n            exactly: maybe",
    "          - contains_any: a",
    "          - refuses: strongly",
    "          - length: {at_most: five}",
    "          - length: {at_most: 5, unit: pages}",
    "          - latency: 5",
    "          - latency: soon",
    "          - cost: {at_most: 0.02}",
    "          - similar: {value: a, at_least: most}",
    "          - because: nothing to expect",
    "          - all_of:\n              - contians: a",
    "          - 5",
    "          contains: a\n          refusse:",
]


@pytest.mark.parametrize("checks", WRONG)
def test_a_wrong_check_is_invalid(checks: str) -> None:
    assert complaints(HEAD + checks + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "conversations: []",
        "suite: [a]",
        "suite: S\nconversation: []",
        "suite: S\ntarget: {url: x}",
        "suite: S\ntarget: {kind: demo, laeks: true}",
        "suite: S\nlinks: [{issue: 1, tms: 2}]",
        "suite: S\nexpect: [contains: a]",
        "suite: S\ndefaults: {expect: [refuses]}",
        "suite: S\nconversations: [{id: a}]",
        "suite: S\nconversations: [{turns: []}]",
        "suite: S\nconversations: [{id: a, turns: [say: [a, b]]}]",
        "suite: S\nconversations: [{id: a, turns: [{say: a, say_each: [a]}]}]",
        "suite: S\nconversations: [{id: a, turns: [{expect: [refuses]}]}]",
        "suite: S\nconversations: [{id: a, turns: [say: a], severity: high}]",
        "suite: S\nconversations: [{id: a, turns: [say: a], examples: {split: x}}]",
        "suite: S\nconversations: [{id: a, turns: [say: a], where: x}]",
    ],
)
def test_a_wrong_suite_is_invalid(text: str) -> None:
    assert complaints(text)


def test_a_target_stands_by_name_or_as_a_mapping() -> None:
    for target in ("demo", "{kind: demo, leaks: true}", '{kind: http, url: "http://x"}'):
        assert complaints(f"suite: S\ntarget: {target}") == []


CONFIG = """\
targets:
  shop:
    kind: http
    url: https://shop.example/chat
    headers: {X-Version: 1.10}
    limits: {in_flight: 5, timeout: 2 min}
  demo: {kind: demo, forget_after: 2}
profiles:
  nightly: {tags: slow, budget: {calls: 1000, time: 1h}, reports: [junit], fail_on: failed}
defaults: {target: shop, concurrency: 7}
secrets: [SHOP]
"""


def test_a_configuration_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "chatbot-qa.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    assert load_config(path, registry())[1] == ()
    assert list(configs().iter_errors(plain(CONFIG))) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("kind: http", "kind: htp"),
        ("url:", "urll:"),
        ("in_flight: 5", "in_flight: many"),
        ("timeout: 2 min", "timeout: 2"),
        ("forget_after: 2", "forgetting: 2"),
        ("calls: 1000", "call: 1000"),
        ("fail_on: failed", "fail_on: passed"),
        ("defaults:", "default:"),
    ],
)
def test_a_wrong_configuration_is_invalid(right: str, wrong: str) -> None:
    assert right in CONFIG
    assert list(configs().iter_errors(plain(CONFIG.replace(right, wrong))))


def test_both_are_written_beside_each_other(tmp_path: Path) -> None:
    assert write(registry(), tmp_path) == (tmp_path / SUITE_FILE, tmp_path / CONFIG_FILE)
    assert (tmp_path / SUITE_FILE).read_text(encoding="utf-8") == render(suite_schema(registry()))
    assert (tmp_path / CONFIG_FILE).read_text(encoding="utf-8") == render(config_schema(registry()))


def test_the_committed_schemas_are_current() -> None:
    """Mend it with ``chatbot-qa schema suites``."""
    for name, make in ((SUITE_FILE, suite_schema), (CONFIG_FILE, config_schema)):
        assert (ROOT / "suites" / name).read_text(encoding="utf-8") == render(make(registry()))


INCLUDES = """\
suite: S
x-ours: {anything: [at, all]}
parts:
  hello:
    - say: Hi
  login:
    with: [user]
    turns:
      - include: {use: hello}
      - say: I am ${user}.
conversations:
  - id: a
    expected_failure: {reason: it is down, owner: anna, until: 2026-12-31}
    turns:
      - include: {use: login, from: common.yaml, with: {user: anna}}
  - id: b
    quarantine:
      reason: it fails now and then
      owner: anna
      until: "2026-12-31"
    turns:
      - say: Hi
"""


def test_parts_includes_and_what_is_set_aside_are_valid() -> None:
    assert complaints(INCLUDES) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("include: {use: hello}", "include: hello"),
        ("include: {use: hello}", "include: {user: hello}"),
        ("{use: hello}", "{use: hello}\n        say: Hi"),
        ("with: [user]", "wth: [user]"),
        ("x-ours", "ours"),
        (", until: 2026-12-31", ""),
        ("until: 2026-12-31", "until: 31.12.2026"),
        ("owner: anna,", ""),
    ],
)
def test_those_written_wrong_are_invalid(right: str, wrong: str) -> None:
    assert right in INCLUDES
    assert complaints(INCLUDES.replace(right, wrong, 1))
