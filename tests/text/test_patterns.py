"""Patterns that cannot hang, and those that cannot fail."""

from __future__ import annotations

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from chatbot_qa.text.patterns import fits_anything, search, slashed

FRAGMENTS = ["a", "b", ".", "*", "?", "|", "(", ")", "^", "$", "[^a]", r"\b", r"\d", "(?!a)"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join), st.text(max_size=8))
def test_what_fits_anything_is_found_in_any_text(source: str, text: str) -> None:
    try:
        regex.compile(source)
    except regex.error:
        assume(False)
    if fits_anything(source):
        assert search(source, text) is not None


@pytest.mark.parametrize("source", [".*", "^.*", "x?$", "a*|b", "(|a)", "", "[^a]*", "(?s).*"])
def test_patterns_that_fit_anything(source: str) -> None:
    assert fits_anything(source)


@pytest.mark.parametrize(
    "source", [".", "a+", "^$", "^a*$", r"\bx*", "(?!a)", "(?<=a)b*", "^[^#]*$"]
)
def test_patterns_that_some_text_does_not_fit(source: str) -> None:
    assert not fits_anything(source)


@pytest.mark.parametrize(
    ("source", "inner"),
    [
        (r"/\d+/", r"\d+"),
        ("/ticket/i", "ticket"),
        ("/a|b/gi", "a|b"),
        ("/orders/", None),
        ("/orders/42", None),
        ("https?://x/", None),
        ("//", None),
    ],
)
def test_patterns_in_slashes(source: str, inner: str | None) -> None:
    assert slashed(source) == inner
