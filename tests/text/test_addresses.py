from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.addresses import addresses, carried


@pytest.mark.parametrize(
    ("text", "url", "way"),
    [
        ("See [this](https://a.example/x?y=1).", "https://a.example/x?y=1", "a link"),
        ("![](https://a.example/p.png)", "https://a.example/p.png", "an image"),
        ("![a](<https://a.example/a b> 'title')", "https://a.example/a b", "an image"),
        ("[1]: https://a.example/x 'title'", "https://a.example/x", "a link"),
        ('<a href="https://a.example/?q=1&amp;r=2">x</a>', "https://a.example/?q=1&r=2", "a link"),
        ("<img alt=x src=//a.example/p>", "//a.example/p", "an image or a script"),
        ("<form action='https://a.example/f'>", "https://a.example/f", "a form"),
        ("<button formaction='/f'>", "/f", "a form"),
        ("<p style=\"background:url('https://a.example/b')\">", "https://a.example/b", "a style"),
        ("Go to https://a.example/x, now", "https://a.example/x", "an address"),
        ("Go to www.a.example/x!", "www.a.example/x", "an address"),
        ("mailto:x@a.example?body=hi", "mailto:x@a.example?body=hi", "an address"),
        ("wss://a.example/s", "wss://a.example/s", "an address"),
    ],
)
def test_an_address_is_found_once(text, url, way):
    found = [one for one in addresses(text) if one.url == url]
    assert [one.way for one in found] == [way]
    assert 0 <= found[0].start < found[0].end <= len(text)


@pytest.mark.parametrize(
    "text", ["No link here.", "and/or", "a.b", "[x] (y)", "<b class='x'>", "content = much", ""]
)
def test_what_is_no_address(text):
    assert addresses(text) == ()


def test_what_an_address_carries():
    assert carried("https://a.example/x%20y/z?q=A%2D1&r=b%2540#f") == (
        "https a.example x y z q A-1 r b f"
    )


@given(st.text())
def test_any_text_can_be_looked_at(text):
    for one in addresses(text):
        assert 0 <= one.start < one.end <= len(text)
        assert isinstance(carried(one.url), str)
