"""Nodes into values by annotations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.source import NOWHERE, Where
from chatbot_qa.domain.suite import GIVEN, Save, Text, Turn
from chatbot_qa.domain.values import Data, Duration, Money, Pattern, Share
from chatbot_qa.domain.verdict import Link
from chatbot_qa.spec.annotations import form_of
from chatbot_qa.spec.positions import lines_of, parse
from chatbot_qa.spec.reader import BAD, Reader
from chatbot_qa.spec.shape import SuiteKeys
from tests.spec.checks_for_tests import ConversationCase, registry

REGISTRY = registry()


def read(text: str, shape: Any) -> tuple[Any, Reader]:
    node, wrong = parse(text, "f.yaml")
    assert node is not None
    assert not wrong
    reader = Reader("f.yaml", lines_of(text), REGISTRY)
    return reader.read(node, shape), reader


def value(text: str, shape: Any) -> Any:
    found, reader = read(text, shape)
    assert not reader.diagnostics
    return found


@pytest.mark.parametrize(
    ("text", "shape", "expected"),
    [
        ("02134", str, "02134"),
        ("no", str, "no"),
        ("5", int, 5),
        ("1.5", float, 1.5),
        ("true", bool, True),
        ("300ms", Duration, 0.3),
        ("90%", Share, 0.9),
        ("0.02 USD", Money, Money(0.02, "USD")),
        ("a+", Pattern, Pattern("a+")),
        ("{a: [1, x]}", Data, {"a": [1, "x"]}),
        ("b", Literal["a", "b"], "b"),
        ("5", int | None, 5),
        ("5s", Duration | Literal["never"], 5.0),
        ("never", Duration | Literal["never"], "never"),
        ("[a, b]", tuple[str, ...], ("a", "b")),
        ("[a]", str | tuple[str, ...], ("a",)),
        ("a", str | tuple[str, ...], "a"),
        ("{a: 1}", Mapping[str, int], {"a": 1}),
        ("a", Annotated[str, "a note"], "a"),
    ],
)
def test_annotations_decide(text: str, shape: Any, expected: Any) -> None:
    assert value(text, shape) == expected


def test_a_text_knows_its_place() -> None:
    found = value("- a\n-  ${b} c\n", tuple[Text, ...])
    assert found[1] == Text("${b} c", Where("f.yaml", 2, 4, "-  ${b} c"))


def test_links_have_three_forms() -> None:
    text = "- issue: 123\n- tms: QA-7\n- {url: 'https://x.y', name: The page}\n"
    assert value(text, tuple[Link, ...]) == (
        Link("issue", "123"),
        Link("tms", "QA-7"),
        Link("link", "https://x.y", "The page"),
    )
    _, reader = read("- {issue: 1, tms: 2}\n- {name: x}\n", tuple[Link, ...])
    assert [wrong.code for wrong in reader.diagnostics] == ["bad-link", "bad-link"]


@dataclass(frozen=True)
class Plain:
    size: Annotated[int, "How big"]
    tags: tuple[str, ...] = ()
    where: Annotated[Where, GIVEN] = NOWHERE
    secret: Annotated[str, GIVEN] = "given"


def test_a_dataclass_is_its_keys_without_those_that_are_given() -> None:
    assert value("tags: one\nsize: 3\n", Plain) == Plain(
        3, ("one",), Where("f.yaml", 1, 1, "tags: one")
    )
    found, reader = read("size: 3\nsecret: x\n", Plain)
    assert found.secret == "given"
    assert [wrong.code for wrong in reader.diagnostics] == ["unknown-key"]


def test_what_lacks_a_required_key_is_bad() -> None:
    found, reader = read("tags: [a]\n", Plain)
    assert found is BAD
    (wrong,) = reader.diagnostics
    assert (wrong.code, wrong.message) == ("missing-key", "a plain lacks `size:`")


def test_all_mistakes_are_told_at_once_and_the_rest_is_read() -> None:
    text = (
        "say: hi\nusr: x\nexpect:\n  - contans: a\n  - refuses\n"
        "save: {t: {after: x, json_path: y}}\n"
    )
    turn, reader = read(text, Turn)
    assert [wrong.code for wrong in reader.diagnostics] == [
        "unknown-key",
        "unknown-check",
        "bad-json-path",
    ]
    assert [check.name for check in turn.expect] == ["refuses"]
    assert turn.save["t"].after.source == "x"


def test_an_unknown_key_is_read_as_what_it_means() -> None:
    turn, reader = read("user: hello\nassert:\n  - contans: x\n", Turn)
    assert turn.say.source == "hello"
    assert [wrong.code for wrong in reader.diagnostics] == [
        "unknown-key",
        "unknown-key",
        "unknown-check",
    ]
    assert "do you mean `say`" in reader.diagnostics[0].hint


@pytest.mark.parametrize(
    ("text", "shape", "said"),
    [
        ("say: [a, b]", Turn, "say_each"),
        ("say:", Turn, "say: Hello"),
        ("say: x\nexpect: refuses", Turn, "- refuses"),
        ("say: x\nsave: [a]", Turn, ""),
        ("say: x\nsave: {a: {button: '('}}", Turn, ""),
        ("- a\n-\n", tuple[str, ...], "empty text"),
        ("x", int, ""),
        ("meduim", Literal["small", "medium"], "do you mean `medium`"),
        ("x", Duration | Literal["never"], ""),
    ],
)
def test_misfits_are_told_with_a_mend(text: str, shape: Any, said: str) -> None:
    _, reader = read(text, shape)
    (wrong,) = reader.diagnostics
    assert wrong.message
    assert said in wrong.hint


def test_a_type_that_yaml_cannot_hold_is_the_programmers_mistake() -> None:
    with pytest.raises(TypeError, match="complex"):
        form_of(complex)


_KEYS = re.findall(
    r"\w+",
    "say expect save turns id tags links contains not_contains refuses all_of because user "
    "warn_only value exactly json_schema matches latency title suite vars phrases examples "
    "say_each at_most after defaults secrets",
)
_YAML = st.recursive(
    st.text("abc $?{}5%", max_size=6) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(_KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_YAML, st.sampled_from([Turn, ConversationCase, Save, SuiteKeys, Plain]))
def test_no_data_makes_the_reader_raise(data: object, shape: type) -> None:
    import yaml

    text = yaml.safe_dump(data)
    node, _ = parse(text, "f.yaml")
    if node is None:
        return
    lines = lines_of(text)
    reader = Reader("f.yaml", lines, REGISTRY)
    reader.phrases = {"a": (Text("one"), Text("two"))}
    found = reader.read(node, shape)
    assert found is not BAD or reader.diagnostics
    for wrong in reader.diagnostics:
        assert 1 <= wrong.where.line <= len(lines)
        assert 1 <= wrong.where.column <= len(lines[wrong.where.line - 1]) + 1
        assert wrong.message
