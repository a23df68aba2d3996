"""The way to a server, looked at by hand: proxy, name, connection, certificate."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from typing import Final, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from chatbot_qa.pipeline.probe import HERE

PATIENCE: Final = 10.0
"""Seconds that a connection may take."""

SCHEMES: Final = ("http://", "https://", "ws://", "wss://")
"""How the addresses begin that can be looked at."""

_SOON: Final = 14
_DAY: Final = 86_400

Told = tuple[Literal["ok", "warn", "bad"], str, str]
"""A state, what is so, and how to mend it."""


def reached(url: str, *, proxy: str, verify: bool, ca: str) -> Iterator[Told]:
    """What there is to say of the way to an address, without asking the bot anything."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if "${" in host:
        return
    through = proxy or _proxy_of_the_environment(parts.scheme, parts.netloc, host)
    if through:
        by = urlsplit(through if "://" in through else f"http://{through}")
        yield "ok", f"requests go through the proxy {by.hostname}:{by.port or 80}", ""
        return
    secure = parts.scheme in ("https", "wss")
    port = parts.port or (443 if secure else 80)
    try:
        with socket.create_connection((host, port), PATIENCE) as connection:
            if secure:
                yield from _tls(connection, host, verify=verify, ca=ca)
            elif host in HERE:
                yield "ok", f"{host}:{port} takes connections", ""
            else:
                told = f"{host}:{port} takes connections, and nothing that is sent is encrypted"
                yield "warn", told, "write https:// or wss:// if it speaks it"
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or str(error)
        mend = "for certificates of one's own: ca: FILE; for a test server only: verify: false"
        yield "bad", f"{host}:{port} has no valid certificate: {why}", mend
    except OSError as error:
        mend = "start it, mend the address, or look at network, VPN and firewall"
        yield "bad", f"{host}:{port} cannot be reached: {error.strerror or error}", mend


def _proxy_of_the_environment(scheme: str, netloc: str, host: str) -> str:
    if host in HERE or proxy_bypass(netloc):
        return ""
    return getproxies().get(scheme, "")


def _tls(connection: socket.socket, host: str, *, verify: bool, ca: str) -> Iterator[Told]:
    context = ssl.create_default_context()
    if ca:
        context.load_verify_locations(ca)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    with context.wrap_socket(connection, server_hostname=host) as secured:
        spoken, certificate = secured.version(), secured.getpeercert()
    if not verify:
        mend = "name its certificate with ca: FILE, and leave verify: false out"
        yield "warn", f"it speaks {spoken}, and its certificate is not looked at", mend
        return
    ends = str((certificate or {}).get("notAfter", ""))
    days = int((ssl.cert_time_to_seconds(ends) - time.time()) // _DAY) if ends else _SOON
    if days < _SOON:
        yield "warn", f"its certificate is over in {days} days", "renew it"
    else:
        yield "ok", f"it speaks {spoken}, its certificate holds for {days} days", ""
