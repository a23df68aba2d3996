"""Links in a text, as a browser would follow them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.links import begins, host_of, links, parsed, same_address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/x_(y), or", ["https://a.example/x_(y)"]),
        ("<https://a.example>", ["https://a.example"]),
        ("**https://a.example/x**", ["https://a.example/x"]),
        ("www.a.example!", ["www.a.example"]),
        ("[here](https://a.example/x)", ["https://a.example/x"]),
        ('[here](https://a.example/x "A title")', ["https://a.example/x"]),
        ("[https://a.example](https://b.example)", ["https://b.example"]),
        ("[w](https://en.a.example/b_(c))", ["https://en.a.example/b_(c)"]),
        ("![cat](https://a.example/c.png)", ["https://a.example/c.png"]),
        ("https://a.example https://a.example", ["https://a.example"]),
        ("https://b.example [x](https://a.example)", ["https://b.example", "https://a.example"]),
        ("HTTPS://A.example/X", ["HTTPS://A.example/X"]),
        ("ann@a.example, a.example, ftp://a.example, [x](#top), https://", []),
        ("https://[bad", []),
    ],
)
def test_what_is_a_link(text: str, found: list[str]) -> None:
    assert list(links(text)) == found


def test_hosts() -> None:
    assert host_of("https://A.Example:8080/x") == "a.example"
    assert host_of("https://good.example@evil.example/") == "evil.example"
    assert host_of("www.a.example/x") == "www.a.example"
    assert host_of("a.example") == ""


def test_one_place_two_spellings() -> None:
    assert same_address("https://A.example", "https://a.example/")
    assert same_address("https://a.example/x/", "https://a.example/x")
    assert not same_address("https://a.example/X", "https://a.example/x")
    assert not same_address("https://a.example/?q=1", "https://a.example/?q=2")
    assert not same_address("http://a.example", "https://a.example")
    assert not same_address("https://a.example:8080/x", "https://a.example/x")
    assert not same_address("https://a.example/x/?q=1", "https://a.example/x?q=1")
    assert not same_address("https://a.example/x#a", "https://a.example/x#b")


def test_what_lies_below() -> None:
    assert begins("https://a.example/x/y", "https://a.example/x")
    assert begins("https://a.example/x?y=1", "https://a.example/x")
    assert begins("https://a.example/x/y", "https://a.example/x/")
    assert not begins("https://a.example/xy", "https://a.example/x")
    assert not begins("https://a.example.evil.example/x", "https://a.example")


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    assert all(parsed(link) is not None for link in links(text))


@given(st.from_regex(r"[a-z]{1,8}(/[a-z0-9]{1,5}){0,3}", fullmatch=True))
def test_a_plain_address_is_found_in_its_sentence(path: str) -> None:
    address = f"https://{path.partition('/')[0]}.example/{path.partition('/')[2]}"
    assert links(f"Go to {address}, or [there]({address}).") == (address,)
