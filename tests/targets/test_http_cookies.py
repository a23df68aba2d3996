from __future__ import annotations

from dataclasses import dataclass

import pytest

from chatbot_qa.targets.headers import Headers
from chatbot_qa.targets.http.cookies import Cookies

HERE = "http://bot.example/api/chat"


@dataclass
class Clock:
    now: float = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


def kept(*lines: str, url: str = HERE, clock: Clock | None = None) -> Cookies:
    cookies = Cookies(clock or Clock())
    cookies.keep(Headers([(b"set-cookie", line.encode()) for line in lines]), url)
    return cookies


@pytest.mark.parametrize(
    ("line", "url", "sent"),
    [
        ("a=1", HERE, "a=1"),
        ('a="1 2"', HERE, "a=1 2"),
        ("a=1", "http://bot.example/api/other", "a=1"),
        ("a=1", "http://bot.example/elsewhere", ""),
        ("a=1; Path=/", "http://bot.example/elsewhere", "a=1"),
        ("a=1; Path=/api", "http://bot.example/api", "a=1"),
        ("a=1; Path=/api", "http://bot.example/apis", ""),
        ("a=1; Path=/elsewhere", HERE, ""),
        ("a=1; Path=relative", HERE, "a=1"),
        ("a=1; Path=/", "http://other.example/api/chat", ""),
        ("a=1; Path=/", "http://bot.example:81/api/chat", ""),
        ("a=1; Secure", HERE, ""),
        ("a=1; Secure", HERE.replace("http:", "https:"), "a=1"),
        ("a=1; Max-Age=0", HERE, ""),
        ("a=1; Max-Age=-5", HERE, ""),
        ("a=1; Max-Age=9; Expires=Thu, 01 Jan 1970 00:00:00 GMT", HERE, "a=1"),
        ("a=1; Max-Age=soon", HERE, "a=1"),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", HERE, ""),
        ("a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT", HERE, "a=1"),
        ("a=1; Expires=never", HERE, "a=1"),
        ("a(=1", HERE, ""),
        ("", HERE, ""),
    ],
)
def test_what_is_set_is_sent_where_it_belongs(line: str, url: str, sent: str) -> None:
    assert kept(line, url=HERE if "Secure" not in line else url).header(url) == sent


def test_what_is_ended_is_forgotten_and_the_rest_goes_on() -> None:
    cookies = kept("a=1; Path=/", "b=2; Path=/", "b=3; Path=/api")
    assert cookies.header(HERE) == "b=3; a=1; b=2"
    cookies.keep(Headers([(b"Set-Cookie", b"a=; Path=/; Max-Age=0")]), HERE)
    assert cookies.header(HERE) == "b=3; b=2"


def test_one_that_ends_later_is_sent_until_then() -> None:
    clock = Clock()
    cookies = kept("a=1; Max-Age=60", clock=clock)
    clock.now += 59
    assert cookies.header(HERE) == "a=1"
    clock.now += 2
    assert cookies.header(HERE) == ""
