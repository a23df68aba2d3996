"""Requests that are signed by a function of the user's."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault
from chatbot_qa.targets.loading import load, user_line, wants
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import Request, with_defaults

_GIVEN = ("method", "url", "headers", "body")


class Signer:
    """Calls ``sign:`` for each request and adds the headers that it returns."""

    def __init__(self, reference: str, folder: str, transport: Transport) -> None:
        try:
            self._function = load(reference, folder)
            self._wants = wants(self._function, _GIVEN, reference)
        except UsageError as error:
            words = error.message.removeprefix("function: ")
            raise UsageError(f"sign: {words}", error.hint) from error
        self._reference = reference
        self._folder = folder
        self._transport = transport

    async def sign(self, request: Request) -> None:
        """Add the headers; raises ``Fault`` where the function gives none."""
        headers = with_defaults(request.headers or {}, self._transport.headers)
        values = {
            "method": request.method,
            "url": request.url,
            "headers": dict(headers),
            "body": request.body or b"",
        }
        try:
            made = self._wants.bind(self._function, values)()
            if inspect.isawaitable(made):
                made = await made
        except Exception as error:  # the user's own code: what it raises is told, not hidden
            place = user_line(error, self._folder)
            raise self._fault(f"raised {type(error).__name__}: {error}{place}", request) from error
        if not _are_headers(made):
            raise self._fault(
                f"returned {type(made).__name__}, but must return headers: "
                "a dict of names and texts that can stand in headers",
                request,
            )
        request.headers = {**(request.headers or {}), **made}
        request.hidden = tuple(made)

    def _fault(self, words: str, request: Request) -> Fault:
        return self._transport.fault("sign", f"sign: {self._reference} {words}", request)


def _are_headers(made: object) -> bool:
    if not isinstance(made, Mapping):
        return False
    return all(
        isinstance(text, str) and text.isprintable() for pair in made.items() for text in pair
    )
