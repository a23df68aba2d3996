"""Where a request goes: the server to connect to, and what is asked of it."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from msgspec import Struct

_PORTS = {"http": 80, "https": 443}
_MEANS_SOMETHING = "!#$%&'()*+,/:;=?@[]~"
"""What stays as it is: delimiters, and what is percent-encoded already (RFC 3986)."""

_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Address(Struct, frozen=True):
    """A server; ``host`` as it is looked up."""

    secure: bool
    host: str
    port: int

    @property
    def shown(self) -> str:
        """As the beginning of a URL, such as ``https://bot.example:8443``."""
        return f"{'https' if self.secure else 'http'}://{self.authority}"

    @property
    def authority(self) -> str:
        """As the ``Host`` header has it: without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = _PORTS["https" if self.secure else "http"]
        return host if self.port == usual else f"{host}:{self.port}"


class Place(Struct, frozen=True):
    """Where a URL leads: ``path`` is the request target (RFC 9112 3.2.1)."""

    address: Address
    path: str


def place_of(url: str) -> Place:
    """The place of an ``http`` or ``https`` URL; raises ``UnicodeError`` for a bad host."""
    parts = urlsplit(url)
    host = _known_as(parts.hostname or "")
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    path = _in_ascii(parts.path or "/")
    query = f"?{_in_ascii(parts.query)}" if parts.query else ""
    return Place(Address(parts.scheme == "https", host, port), path + query)


def _in_ascii(text: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", text), safe=_MEANS_SOMETHING)


def _known_as(host: str) -> str:
    if host.isascii():
        return host
    import idna

    return idna.encode(host, uts46=True).decode("ascii")
