"""Addresses to which a reply leads once it is shown: links, images, forms, in Markdown or HTML.

Whoever shows the reply may load an image without asking, and whoever clicks sends what stands
in the address: so these are the ways by which a bot can carry data out of a conversation.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from msgspec import Struct


class Address(Struct, frozen=True):
    """An address in a text, how it is reached ("an image"), and its place."""

    url: str
    way: str
    start: int
    end: int


_MARKDOWN = re.compile(r"(!?)\[[^\]\[]{0,2000}\]\(\s*(?:<([^<>\n]{1,8000})>|([^\s()<>]{1,8000}))")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:\s*<?(\S{1,8000}?)>?(?:\s|$)", re.MULTILINE)
_ATTRIBUTE = re.compile(
    r"\b(href|src|srcset|action|formaction|data|poster|background|cite|ping|content)\s*=\s*"
    r"(?:\"([^\"]{1,8000})\"|'([^']{1,8000})'|([^\s\"'<>]{1,8000}))",
    re.IGNORECASE,
)
_STYLE = re.compile(
    r"\burl\(\s*['\"]?([^'\")\s]{1,8000})|@import\s+['\"]([^'\"]{1,8000})", re.IGNORECASE
)
_BARE = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'`]{1,8000}|\bwww\.[^\s<>\"'`]{1,8000}", re.I
)
_OTHER = re.compile(r"\b(?:mailto|tel|sms|data|javascript):[^\s<>\"'`)]{1,8000}", re.IGNORECASE)
_WEB = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}:)?//|www\.|(?:mailto|tel|sms|javascript):|[/?.]", re.I
)
_WAYS = {
    "href": "a link",
    "action": "a form",
    "formaction": "a form",
    "src": "an image or a script",
    "srcset": "an image or a script",
}
_LONGEST = 200_000
_PART = re.compile(r"[/?&=#;:@,|+ ]+")
_CLOSING = ".,;:!?*_~)]}’”»"


def addresses(text: str) -> tuple[Address, ...]:
    """Every address in the text, in order, each place once; the first 200,000 characters."""
    text = text[:_LONGEST]
    found: dict[str, Address] = {}
    for address in sorted(_all(text), key=lambda one: (one.start, -len(one.url))):
        found.setdefault(address.url.rstrip(_CLOSING), address)
    return tuple(found.values())


def _all(text: str) -> Iterator[Address]:
    for match in _MARKDOWN.finditer(text):
        way = "an image" if match[1] else "a link"
        yield Address(match[2] or match[3], way, *match.span())
    for match in _REFERENCE.finditer(text):
        yield Address(match[1], "a link", *match.span())
    for match in _ATTRIBUTE.finditer(text):
        url = html.unescape(match[2] or match[3] or match[4])
        if _WEB.search(url):
            yield Address(url, _WAYS.get(match[1].lower(), "HTML"), *match.span())
    for match in _STYLE.finditer(text):
        yield Address(match[1] or match[2], "a style", *match.span())
    for pattern in (_BARE, _OTHER):
        for match in pattern.finditer(text):
            yield Address(match.group().rstrip(_CLOSING), "an address", *match.span())


def carried(url: str) -> str:
    """What an address carries, as words: its host, path, query and fragment, unescaped."""
    plain = unquote(unquote(url))
    return " ".join(part for part in _PART.split(plain) if part)
