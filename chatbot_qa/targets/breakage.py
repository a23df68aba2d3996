"""Requests that broke before a whole answer came, in words for a person."""

from __future__ import annotations

import errno
from urllib.parse import urlsplit

import aiohttp
from msgspec import Struct

from chatbot_qa.targets.wire import first_words


class Breakage(Struct, frozen=True):
    """What happened; ``heard`` where the bot may have taken the message nevertheless."""

    kind: str
    message: str
    heard: bool = True


_NOT_REACHED = {
    errno.ECONNREFUSED: ("refused", "nothing answers at {}: the connection was refused"),
    errno.EHOSTUNREACH: ("unreachable", "{} cannot be reached: there is no route to it"),
    errno.ENETUNREACH: ("unreachable", "{} cannot be reached: there is no network"),
    errno.ETIMEDOUT: ("unreachable", "{} cannot be reached: it did not take the connection"),
}


def breakage(error: Exception, url: str, *, answered: bool) -> Breakage:
    """Explain what ``aiohttp`` raised; ``answered`` where an answer had begun to come."""
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}"
    match error:
        case aiohttp.ClientProxyConnectionError():
            why = f"the proxy {error.host}:{error.port} cannot be reached: {error.os_error}"
            found = Breakage("proxy", why, heard=False)
        case aiohttp.ClientConnectorDNSError() | UnicodeError():
            host = parts.hostname
            found = Breakage("dns", f"there is no host {host}; is it spelled right?", heard=False)
        case aiohttp.ClientConnectorCertificateError():
            why = f"the certificate of {address} is not valid: {error.certificate_error}"
            found = Breakage("tls", why, heard=False)
        case aiohttp.ClientSSLError():
            why = f"{address} does not speak TLS as it should: {error.os_error}"
            found = Breakage("tls", why, heard=False)
        case aiohttp.ClientConnectorError():
            known = _NOT_REACHED.get(error.os_error.errno or 0)
            kind, words = known or ("unreachable", f"{{}} cannot be reached: {error.os_error}")
            found = Breakage(kind, words.format(address), heard=False)
        case aiohttp.ClientHttpProxyError():
            why = f"the proxy answered {error.status} {error.message}"
            found = Breakage("proxy", why, heard=False)
        case aiohttp.ClientPayloadError():
            found = Breakage("cut", "the answer broke off before it was complete")
        case aiohttp.ClientResponseError():
            words = first_words(error.message)
            why = f"what answers at {address} does not speak HTTP as it should: {words}"
            found = Breakage("not-http", why)
        case aiohttp.ServerDisconnectedError() if not answered:
            found = Breakage("closed", "the server closed the connection without an answer")
        case _ if answered:
            found = Breakage("reset", "the connection was reset in the middle of the answer")
        case _:
            found = Breakage("reset", f"the connection was reset before an answer came: {error}")
    return found
