from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.targets.http1.address import place_of


@pytest.mark.parametrize(
    ("url", "shown", "authority", "path"),
    [
        ("http://bot.example", "http://bot.example", "bot.example", "/"),
        ("http://bot.example:80/chat", "http://bot.example", "bot.example", "/chat"),
        ("https://bot.example:443/", "https://bot.example", "bot.example", "/"),
        (
            "https://Bot.Example:844/a?b=c",
            "https://bot.example:844",
            "bot.example:844",
            "/a?b=c",
        ),
        ("http://[::1]:9/x", "http://[::1]:9", "[::1]:9", "/x"),
        ("http://bücher.example/", "http://xn--bcher-kva.example", "xn--bcher-kva.example", "/"),
        ("http://h/a b?q=ü&r=%20#part", "http://h", "h", "/a%20b?q=%C3%BC&r=%20"),
        ("http://h?q=1", "http://h", "h", "/?q=1"),
        ("http://h/100%?off=5%&x=%zz", "http://h", "h", "/100%25?off=5%25&x=%25zz"),
    ],
)
def test_where_a_url_leads(url: str, shown: str, authority: str, path: str) -> None:
    place = place_of(url)
    assert (place.address.shown, place.address.authority, place.path) == (shown, authority, path)


def test_a_host_that_is_none() -> None:
    with pytest.raises(UnicodeError):
        place_of("http://ü..example/")


@given(st.text(st.characters(codec="utf-8", exclude_characters="#?%")))
def test_whatever_stands_in_a_path_goes_over_the_wire_in_ascii(path: str) -> None:
    target = place_of(f"http://h/{path}").path
    assert target.isascii()
    assert not set(target) & set(" \r\n\t\0")
    # urlsplit itself drops what no address may hold
    kept = path.replace("\t", "").replace("\r", "").replace("\n", "")
    assert unquote(target[1:]).rstrip() == kept.rstrip()
