"""One connection to a server: one request and its response at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from chatbot_qa.targets.http1.broken import Broken, cut, hung_up, not_http, reset
from chatbot_qa.targets.http1.response import Response
from chatbot_qa.targets.wire import first_words

_LONGEST_HEAD = 64_000
"""Bytes of status, headers and trailers; real ones take a few hundred."""
_AROUND = 16
"""Bytes that a byte of the body may have around it: those of a chunk of its own are six."""


class Connection(asyncio.Protocol):
    """A connection to ``address``.

    ``done`` is called once for every request, when its exchange is over, ``lost`` when the
    connection is gone. It can take another request as long as it is ``usable``.
    """

    def __init__(
        self,
        address: str,
        done: Callable[[Connection], None],
        lost: Callable[[Connection], None],
    ) -> None:
        self.usable = True
        self._address = address
        self._answered = False
        self._done = done
        self._lost = lost
        self._asked = False
        self._transport: asyncio.Transport | None = None
        self._response: Response | None = None
        self._came = 0
        self._informs = False
        self._spent = False
        self._stays = False
        self._parser = HttpResponseParser(self)
        # What real servers do, and common clients let pass.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )

    async def ask(self, message: bytes) -> Response:
        """Send a request; returns its response once status and headers are there.

        Raises ``Broken`` where they do not come.
        """
        self._response = response = Response(self)
        self._asked, self._came, self._spent = True, 0, False
        try:
            self._send(message)
            await response.head()
        except BaseException:
            self.abandon()
            raise
        return response

    def _send(self, message: bytes) -> None:
        if self._transport is None:
            raise hung_up(self._address, kept_open=self._answered)
        self._transport.write(message)

    def abandon(self) -> None:
        """Close it, whatever is under way."""
        self.usable = False
        if self._transport is None:
            self._finish()
        else:
            self._transport.abort()

    def pause(self) -> None:
        """Take no more from the server for now."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Go on taking."""
        if self._transport is not None and self.usable:
            self._transport.resume_reading()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Bytes of the response came, or some that nobody asked for."""
        response = self._response
        if response is None:
            self.abandon()
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self._give_up(response, not_http(self._address, self._told(error, data)))
        else:
            self._look(response, len(data))
        response.wake()

    def _look(self, response: Response, size: int) -> None:
        self._came += size
        if self._came > _LONGEST_HEAD + _AROUND * response.size:
            words = f"its headers take more than {_LONGEST_HEAD:,} bytes"
            self._give_up(response, not_http(self._address, words))
        elif self._spent:
            self._response = None
            response.complete()
            if self._stays:
                self._finish()
            else:
                self.abandon()

    def _told(self, error: Exception, data: bytes) -> str:
        if self._spent:
            return "more came after the answer was complete"
        if self._response is not None and self._response.began:
            return str(error)
        return f"{error}; it sent {_quoted(data)}"

    def _finish(self) -> None:
        if self._asked:
            self._asked, self._answered = False, True
            self._done(self)

    def _give_up(self, response: Response, broken: Broken) -> None:
        self._response = None
        response.break_off(broken)
        self.abandon()

    def connection_lost(self, error: Exception | None) -> None:
        """It is gone, by the server or by us."""
        self.usable = False
        self._transport = None
        response, self._response = self._response, None
        if response is not None:
            self._end(response, error)
            response.wake()
        self._finish()
        self._lost(self)

    def _end(self, response: Response, error: Exception | None) -> None:
        if error is not None:
            response.break_off(reset(error, answered=response.began))
        elif not response.began:
            response.break_off(hung_up(self._address, kept_open=self._answered))
        elif "Content-Length" in response.headers or "Transfer-Encoding" in response.headers:
            response.break_off(cut())
        else:
            response.complete()

    # What the parser calls.

    def on_message_begin(self) -> None:
        """A response begins; there is one to a request."""
        if self._spent:
            raise ValueError("more came after the answer was complete")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header came."""
        self._now().add_header(name, value)

    def on_headers_complete(self) -> None:
        """All headers came."""
        self._informs = not self._now().begin(self._parser.get_status_code())

    def on_body(self, block: bytes) -> None:
        """More of the body came."""
        self._now().add_body(block)

    def on_message_complete(self) -> None:
        """All of the body came."""
        self._spent = not self._informs
        self._stays = self._parser.should_keep_alive()

    def _now(self) -> Response:
        response = self._response
        if response is None:
            raise ValueError("nothing was asked")
        return response


def _quoted(data: bytes) -> str:
    """The beginning of what came, for a message."""
    text = data[:1_000].decode("utf-8", "replace")
    if all(one.isprintable() or one in "\r\n\t" for one in text) and "\ufffd" not in text[:-3]:
        return f'"{first_words(text)}"'
    return f"binary data that begins with {data[:8].hex(' ')}"
