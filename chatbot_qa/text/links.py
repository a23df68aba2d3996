"""Links in a text: bare addresses and those of Markdown, as a browser would follow them."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_ADDRESS = r"[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*"
_MARKDOWN = re.compile(rf"\[[^\]\[]*\]\(\s*<?({_ADDRESS})>?[^)\n]{{0,200}}\)")
_BARE = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'`\]|\\^{}]{1,2000}", re.IGNORECASE)
_CLOSING = ".,;:!?*_~'’”»…"
_SCHEMES = ("http", "https")


def links(text: str) -> tuple[str, ...]:
    """The addresses that a text leads to, in order, each once; mail addresses are none.

    Of ``[words](address)`` the address counts, whatever address the words show.
    """
    found: dict[int, str] = {}
    rest = list(text)
    for match in _MARKDOWN.finditer(text):
        if parsed(match[1]) is not None:
            found[match.start()] = match[1]
        rest[match.start() : match.end()] = " " * len(match[0])
    for match in _BARE.finditer("".join(rest)):
        address = _trimmed(match[0])
        if parsed(address) is not None:
            found[match.start()] = address
    return tuple(dict.fromkeys(found[place] for place in sorted(found)))


def _trimmed(address: str) -> str:
    """An address without the marks of its sentence, and without a bracket that it did not open."""
    while address:
        last = address[-1]
        unopened = last == ")" and address.count(")") > address.count("(")
        if last not in _CLOSING and not unopened:
            break
        address = address[:-1]
    return address


def parsed(address: str) -> SplitResult | None:
    """The parts of a web address, ``www.`` being one too; None if it is none."""
    full = f"https://{address}" if address.lower().startswith("www.") else address
    try:
        parts = urlsplit(full)
        host = parts.hostname
    except ValueError:
        return None
    return parts if parts.scheme in _SCHEMES and host else None


def host_of(address: str) -> str:
    """The host that an address leads to, in small letters; "" if it is no web address."""
    parts = parsed(address)
    return (parts.hostname or "").rstrip(".") if parts else ""


def same_address(first: str, second: str) -> bool:
    """Whether two addresses lead to one place: case of the host and a last slash do not count."""
    return _plain(first) == _plain(second)


def begins(address: str, beginning: str) -> bool:
    """Whether an address lies below another: of the same host, its path going on."""
    whole, part = _plain(address), _plain(beginning)
    if whole[:2] != part[:2]:
        return False
    path, start = whole[2], part[2]
    ends = start.endswith(("/", "=", "?", "#", "-", "_")) or path[len(start) :][:1] in ("", *"/?#&")
    return path.startswith(start) and (ends or not start)


def _plain(address: str) -> tuple[str, str, str]:
    parts = parsed(address)
    if parts is None:
        return "", "", address
    rest = parts.path.rstrip("/") if not (parts.query or parts.fragment) else parts.path
    rest += f"?{parts.query}" if parts.query else ""
    rest += f"#{parts.fragment}" if parts.fragment else ""
    host = (parts.hostname or "").rstrip(".")
    return parts.scheme, f"{host}:{parts.port}" if parts.port else host, rest
