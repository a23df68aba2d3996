"""YAML and JSON of other tools keep the lines of their values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.importers.located import Located, Unreadable, read_json, read_yaml

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 1, "\t"]))
def test_json_reads_back_as_it_was(value: Any, indent: Any) -> None:
    text = json.dumps(value, indent=indent)
    assert json.dumps(read_json(text).plain) == json.dumps(json.loads(text))


def test_json_values_know_their_lines() -> None:
    root = read_json('\ufeff{"a": [1,\n  {"b": null}],\n\n "c": "x\\ny"}')
    first, second = (root.get("a") or Located(None, 0)).items()
    assert (first.line, second.line) == (1, 2)
    assert root.under("c") == Located("x\ny", 4)
    assert root.under("a", "b") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ('{"a":\n', 2),
        ("[1\n2]", 2),
        ('{"a" 1}', 1),
        ("{1: 2}", 1),
        ('["x', 1),
        ("[1]\n]", 2),
        ("[" * 300, 1),
        ("[" + "9" * 500 + "]", 1),
        ("[tru]", 1),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as error:
        read_json(text)
    assert error.value.line == line
    assert error.value.message


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for load in (read_json, read_yaml):
        try:
            assert load(text).line >= 1
        except Unreadable as error:
            assert error.line >= 1


def test_yaml_scalars_have_the_types_of_yaml_1_2_and_blocks_no_last_newline() -> None:
    root = read_yaml("a: no\nb: true\nc: 012\nd: 1.5\ne: '7'\nf: ~\ng:\nh: |\n  x\n")
    assert root.plain == {
        "a": "no",
        "b": True,
        "c": 12,
        "d": 1.5,
        "e": "7",
        "f": None,
        "g": None,
        "h": "x",
    }
    assert [value.line for _, value in root.entries()] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert root.under("c") == Located(12, 3, "012")


def test_yaml_that_would_lose_something_is_refused() -> None:
    with pytest.raises(Unreadable) as error:
        read_yaml("a: 1\na: 2\n")
    assert error.value.line == 2
