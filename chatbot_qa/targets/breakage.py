"""What ``aiohttp`` raises, in the words of our own client."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp

from chatbot_qa.targets.http1 import broken
from chatbot_qa.targets.http1.broken import Broken
from chatbot_qa.targets.wire import first_words


def broken_by(error: Exception, url: str, *, answered: bool) -> Broken:
    """Explain what was raised; ``answered`` where an answer had begun to come."""
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}"
    match error:
        case aiohttp.ClientProxyConnectionError():
            why = f"the proxy {error.host}:{error.port} cannot be reached: {error.os_error}"
            found = Broken("proxy", why, heard=False)
        case aiohttp.ClientConnectorDNSError() if error.host != parts.hostname:
            found = Broken("proxy", f"there is no host {error.host}, the proxy", heard=False)
        case aiohttp.ClientConnectorDNSError() | UnicodeError():
            found = broken.no_host(parts.hostname or "")
        case aiohttp.ClientConnectorCertificateError():
            found = broken.bad_certificate(error.certificate_error, address)
        case aiohttp.ClientSSLError():
            found = broken.bad_tls(error.os_error, address)
        case aiohttp.ClientConnectorError():
            found = broken.unreached(error.os_error, address)
        case aiohttp.ClientHttpProxyError():
            why = f"the proxy answered {error.status} {error.message}"
            found = Broken("proxy", why, heard=False)
        case aiohttp.ClientPayloadError():
            found = broken.cut()
        case aiohttp.ClientResponseError():
            found = broken.not_http(address, first_words(error.message))
        case aiohttp.ServerDisconnectedError() if not answered:
            found = broken.hung_up(address, kept_open=False)
        case _:
            found = broken.reset(error, answered=answered)
    return found
