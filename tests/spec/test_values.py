"""From typed text to values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.suite import Unfit
from chatbot_qa.domain.values import Money
from chatbot_qa.spec import values
from chatbot_qa.spec.positions import parse


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("5s", 5), ("300ms", 0.3), ("2 min", 120), ("1h", 3600), ("1.5 s", 1.5), ("2 Days", 172800)],
)
def test_durations(typed: str, seconds: float) -> None:
    assert values.duration(typed) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("convert", "typed", "said"),
    [
        (values.duration, "5", "lacks its unit"),
        (values.duration, "5 moons", "no unit of time"),
        (values.duration, "-5s", "not a duration"),
        (values.duration, "soon", "not a duration"),
        (values.share, "90", "90%"),
        (values.share, "101%", "between"),
        (values.share, "most", "not a share"),
        (values.size, "10", "lacks its unit"),
        (values.size, "10 XB", "no unit of size"),
        (values.money, "0.02", "currency"),
        (values.money, "$0.02", "currency"),
        (values.money, "0.02 usd", "capital"),
        (values.integer, "5.0", "whole number"),
        (values.integer, "٣", "whole number"),
        (values.number, "1,5", "1.5"),
        (values.number, "nan", "not a number"),
        (values.boolean, "yes", "neither"),
        (values.boolean, "null", "neither"),
        (values.pattern, "(a", "character"),
        (values.json_path, "order.id", "begins with $"),
        (values.json_path, "$.[", "not a JSON path"),
    ],
)
def test_what_does_not_fit_is_said(convert: Callable[[str], Any], typed: str, said: str) -> None:
    with pytest.raises(Unfit, match=said.replace("$", r"\$").replace("%", "%")):
        convert(typed)


def test_the_rest_of_the_forms() -> None:
    assert values.share("90%") == pytest.approx(0.9)
    assert values.share("0.9") == pytest.approx(0.9)
    assert values.size("512 kB") == 512_000
    assert values.size("1 MiB") == 2**20
    assert values.money("0.02 USD") == Money(0.02, "USD")
    assert values.integer("-7") == -7
    assert values.number(".5") == pytest.approx(0.5)
    assert values.boolean("True") is True
    assert values.pattern(r"\d{5}").source == r"\d{5}"
    assert values.json_path("$.order.id").source == "$.order.id"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("5", 5),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("null", None),
        ("", None),
        ("02134", "02134"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("yes", "yes"),
        ("'5'", "5"),
        ("2024-05-20", "2024-05-20"),
    ],
)
def test_data_is_resolved_as_json_would(typed: str, value: object) -> None:
    node, _ = parse(f"a: {typed}\n", "f")
    assert node is not None
    assert values.data(node) == {"a": value}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("abc 1.", max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab", min_size=1), inner),
    max_leaves=10,
)


@given(_JSON)
def test_json_is_read_as_json(data: object) -> None:
    node, wrong = parse(json.dumps(data), "f")
    assert node is not None
    assert not wrong
    assert values.data(node) == data


@given(st.text())
def test_no_text_makes_a_converter_raise_anything_else(text: str) -> None:
    for convert in (
        values.boolean,
        values.integer,
        values.number,
        values.duration,
        values.share,
        values.size,
        values.money,
        values.pattern,
        values.json_path,
    ):
        try:
            convert(text)
        except Unfit as unfit:
            assert str(unfit)
