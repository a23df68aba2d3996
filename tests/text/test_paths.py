from __future__ import annotations

import jsonpath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.values import JsonPath
from chatbot_qa.text.paths import finder

names = st.sampled_from(["a", "b", "reply", "c d"])
data = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)
steps = st.lists(
    st.one_of(
        st.sampled_from([".a", ".b", ".reply", "['a']", '["c d"]', "[*]", ".*"]),
        st.integers(-3, 3).map(lambda index: f"[{index}]"),
    ),
    max_size=4,
)


@given(data, steps)
def test_finds_what_the_library_finds(value: object, path: list[str]) -> None:
    source = "$" + "".join(path)
    found = finder(JsonPath(source))
    assert list(found(value)) == jsonpath.findall(source, value)
    assert found.singular == ("*" not in source)


@pytest.mark.parametrize(
    "source", ["$..text", "$.a[?@.b == 1].b", "$.a[0:1]", "$['it\\'s']", "$.größe"]
)
def test_leaves_the_rest_of_the_language_to_the_library(source: str) -> None:
    value = {"a": [{"b": 1, "text": "x"}, {"b": 2}], "it's": 3, "größe": 4}
    assert list(finder(JsonPath(source))(value)) == jsonpath.findall(source, value) != []
