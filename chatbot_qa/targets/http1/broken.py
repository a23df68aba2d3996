"""Requests that broke before a whole answer came, in words for a person."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress

_NOT_REACHED = {
    errno.ECONNREFUSED: ("refused", "nothing answers at {}: the connection was refused"),
    errno.EHOSTUNREACH: ("unreachable", "{} cannot be reached: there is no route to it"),
    errno.ENETUNREACH: ("unreachable", "{} cannot be reached: there is no network"),
    errno.EMFILE: (
        "too-many-files",
        "{} was not asked: this machine allows no more open connections; lower --concurrency, "
        "or allow more open files (ulimit -n)",
    ),
    errno.ETIMEDOUT: ("unreachable", "{} cannot be reached: it did not take the connection"),
}


class Broken(Exception):
    """What happened; ``heard`` where the bot may have taken the message nevertheless."""

    def __init__(self, kind: str, message: str, *, heard: bool = True) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.heard = heard


def unconnected(error: OSError | UnicodeError, host: str, address: str) -> Broken:
    """Why no connection to ``address``, such as ``https://host:8443``, came about."""
    import ssl

    match error:
        case socket.gaierror() | UnicodeError():
            return no_host(host)
        case ssl.SSLCertVerificationError():
            return bad_certificate(error, address)
        case ssl.SSLError():
            return bad_tls(error, address)
        case _:
            return unreached(error, address)


def unreached(error: OSError, address: str) -> Broken:
    """Nothing at the address took the connection."""
    known = _NOT_REACHED.get(error.errno or 0)
    kind, words = known or ("unreachable", f"{{}} cannot be reached: {error}")
    return Broken(kind, words.format(address), heard=False)


def no_host(host: str) -> Broken:
    """The name leads nowhere; one in other letters than a to z is shown as it was written, too."""
    written = host
    if "xn--" in host:
        import idna

        with suppress(UnicodeError):
            written = f"{idna.decode(host)} ({host})"
    return Broken("dns", f"there is no host {written}; is it spelled right?", heard=False)


def bad_certificate(error: BaseException, address: str) -> Broken:
    """The server is not known to be who it says."""
    return Broken("tls", f"the certificate of {address} is not valid: {error}", heard=False)


def bad_tls(error: BaseException, address: str) -> Broken:
    """The server speaks something else, or TLS that we do not accept."""
    return Broken("tls", f"{address} does not speak TLS as it should: {error}", heard=False)


def cut() -> Broken:
    """The body is not all there."""
    return Broken("cut", "the answer broke off before it was complete")


def not_http(address: str, words: str) -> Broken:
    """What came is no response."""
    return Broken(
        "not-http", f"what answers at {address} does not speak HTTP as it should: {words}"
    )


def hung_up(address: str, *, kept_open: bool) -> Broken:
    """The server closed the connection where an answer was due.

    ``kept_open`` says that it had answered on that connection before.
    """
    if kept_open:
        words = (
            "the server closed a connection that it had kept open, without an answer; "
            "headers: {Connection: close} takes a new one for every request"
        )
    else:
        words = "the server closed the connection without an answer"
        if address.startswith("http:"):
            words += "; does it want https?"
    return Broken("closed", words)


def reset(error: BaseException | None, *, answered: bool) -> Broken:
    """The connection was reset; ``answered`` where an answer had begun to come."""
    if answered:
        return Broken("reset", "the connection was reset in the middle of the answer")
    return Broken("reset", f"the connection was reset before an answer came: {error}")
