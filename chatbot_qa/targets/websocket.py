"""The target ``websocket``: a bot that is sent JSON over a WebSocket, one connection a session.

    kind: websocket
    url: wss://bot.example.com/chat

Its reply is what comes until it is quiet, or what bears the id of the message that was sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote
from uuid import uuid4

import orjson

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.domain.values import Data, Duration, JsonPath, JsonValue
from chatbot_qa.targets.base import Fault, Start, Surroundings, no_files, target
from chatbot_qa.targets.headers import Headers
from chatbot_qa.targets.http1.broken import Broken
from chatbot_qa.targets.several import Gathered, Places, refuse_opening, until_quiet
from chatbot_qa.targets.template import Fill, Template, names_in
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import (
    SENSITIVE,
    Answer,
    Request,
    WireOptions,
    check_address,
    credentials,
    first_words,
    in_address,
    public,
    refuse,
)
from chatbot_qa.text.paths import finder

if TYPE_CHECKING:
    from aiohttp import (
        ClientResponse,
        ClientSession,
        ClientWebSocketResponse,
        TraceRequestRedirectParams,
        WSMessage,
    )

_QUIET = 1.0
_REPLY = JsonPath("$.reply")
_SEND: Mapping[str, str] = {"session_id": "${session}", "id": "${id}", "message": "${message}"}
_OPENED = frozenset({"session", "system"})
_SAID = _OPENED | {"message", "id"}
_GOODBYE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsocketOptions(WireOptions):
    """The keys of a target of the kind ``websocket``."""

    url: Annotated[str, "The address, as wss://…; may hold ${session}"]
    start: Annotated[
        Data | None, "The JSON to send once, when a session begins; may hold ${session}, ${system}"
    ] = None
    send: Annotated[
        Data, "The JSON of a message, with ${message}, ${session}, ${id} and ${system}"
    ] = field(default_factory=lambda: Data(dict(_SEND)))
    reply: Annotated[JsonPath, "Where in what the bot sends the text stands"] = _REPLY
    buttons: Annotated[JsonPath | None, "Where in it the labels of buttons stand"] = None
    id: Annotated[
        JsonPath | None, "Where in it the ${id} of the message stands that it answers"
    ] = None
    reply_complete_after: Annotated[
        Duration | None,
        "How long it is quiet when its reply is complete; 1s if not given, and 0s (the first "
        "message is all of it) where id: is given",
    ] = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        WireOptions.__post_init__(self)
        scheme, colon, rest = self.url.partition("://")
        refuse(
            not colon or scheme not in ("ws", "wss"),
            f"url: {self.url} is no address of a WebSocket, which begins with ws:// or wss://",
        )
        check_address(f"http://{rest}", "url")
        sent = names_in(self.send)
        refuse("message" not in sent, "send: what the user says is sent nowhere; put ${message} in")
        refuse(
            self.id is not None and "id" not in sent,
            "id: is compared with the ${id} that was sent, but send: has none",
        )


class WebsocketTarget:
    """A bot behind a WebSocket; see ``WebsocketOptions``."""

    local = False

    def __init__(self, options: WebsocketOptions, surroundings: Surroundings) -> None:
        secrets = surroundings.secrets
        headers = credentials(options.headers, secrets, "headers", headers=True)
        masked = {**secrets, **headers.written, **in_address(options.url, secrets)}
        quoted = {name: quote(value, safe="") for name, value in secrets.items()}
        self.fingerprint = _fingerprint(options)
        self._options = options
        self._url = Template(options.url, ("session",), quoted, where="url")
        self._start = Template(options.start, _OPENED, secrets, where="start")
        self._send = Template(options.send, _SAID, secrets, where="send")
        self._transport = SocketTransport(
            options, headers.values, masked, surroundings.in_flight, surroundings.folder
        )

    async def open(self, start: Start) -> WebsocketSession:
        """Connect, and send what a session begins with."""
        takes_system = "system" in self._start.names | self._send.names
        nowhere = "is told it nowhere; put ${system} into its start: or send:"
        refuse_opening(start.opening, "this bot", "" if takes_system else nowhere)
        values = {"session": str(uuid4())}
        if start.opening.system is not None:
            values["system"] = start.opening.system
        socket = await self._transport.upgraded(str(self._url.compile(values)(values)))
        send = self._send.compile({"message", "id", *values})
        session = WebsocketSession(socket, self._transport, self._options, send, values)
        if self._options.start is not None:
            await session.send(self._start.compile(values)(values))
        return session

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.close()


class SocketTransport(Transport):
    """Opens WebSockets, by ``aiohttp``, with the settings of any other request."""

    _session: ClientSession | None = None

    async def upgraded(self, url: str) -> ClientWebSocketResponse:
        """A connection, once the server agreed to it. Raises ``Busy`` or ``Fault``."""
        from aiohttp import ClientError, WSServerHandshakeError

        from chatbot_qa.targets.breakage import broken_by

        session = self._session or self._connect()
        request = Request("GET", url, stateless=True)
        try:
            proxy = self._proxy(f"http{url[2:]}")
            return await session.ws_connect(url, proxy=proxy, max_msg_size=self._most)
        except WSServerHandshakeError as error:
            if error.headers is None or 101 <= error.status < 300:
                words = f"what answers at {public(url)} is no WebSocket: it answered {error.status}"
                raise self.fault("not-websocket", words, request) from error
            raise self.refused(_answer(error.status, error.headers.items()), request) from error
        except _ElsewhereError as error:
            raise self.refused(_answer(error.status, error.headers.items()), request) from error
        except Broken as broken:
            raise self._broke(broken, request) from broken
        except (ClientError, OSError, UnicodeError) as error:
            raise self._broke(broken_by(error, url, answered=False), request) from error

    def broken(self, kind: str, words: str) -> Fault:
        """A fault of an open connection, its secrets masked."""
        return Fault(FaultNote(kind, self._curl.redact(words)))

    def too_large(self) -> Fault:
        """The fault that more came than is read."""
        words = f"the bot sent more than {self._most / 1e6:g} MB; max_reply: allows more"
        return self.broken("too-large", words)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    def _connect(self) -> ClientSession:
        import aiohttp

        watch = aiohttp.TraceConfig()
        watch.on_request_redirect.append(_stay)
        self._session = aiohttp.ClientSession(
            # a session holds its connection, and a case may have several sessions
            connector=aiohttp.TCPConnector(limit=0, ssl=self._tls.context()),
            headers=self.headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            trace_configs=[watch],
        )
        return self._session


class _ElsewhereError(Exception):
    """The server sends us elsewhere; our headers are not for whoever is there."""

    def __init__(self, response: ClientResponse) -> None:
        super().__init__(response.status)
        self.status, self.headers = response.status, response.headers


async def _stay(_session: object, _context: object, seen: TraceRequestRedirectParams) -> None:
    seen.response.close()
    raise _ElsewhereError(seen.response)


def _answer(status: int, headers: Iterable[tuple[str, str]]) -> Answer:
    lines = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in headers]
    return Answer(status, Headers(lines), b"")


class WebsocketSession:
    """One connection. It is listened to all the time, so that pings are answered."""

    def __init__(
        self,
        socket: ClientWebSocketResponse,
        transport: SocketTransport,
        options: WebsocketOptions,
        send: Fill,
        values: Mapping[str, str],
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._most = int(options.max_reply)
        self._places = Places(options.reply, options.buttons)
        self._id = None if options.id is None else finder(options.id)
        quiet = options.reply_complete_after
        self._quiet = quiet if quiet is not None else _QUIET if options.id is None else 0.0
        self._send = send
        self._values = values
        self._came: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._unread = 0
        self._ended: Fault | None = None
        self._whole = True
        self._listening = asyncio.create_task(self._listen())

    async def say(self, message: Message, deadline: float) -> Reply:
        """Send a message and gather the reply."""
        no_files(message, "a bot behind a WebSocket")
        identity = str(uuid4())
        wanted = self._places.wanted
        if self._id is not None and not message.opens:
            wanted += f" and the message's id at {self._id.source}"
        gathered = Gathered(self._places, wanted)
        if not message.opens:
            said = message.text or message.click
            await self.send(self._send({**self._values, "message": said, "id": identity}))
        size = 0

        def heard(frame: bytes) -> bool:
            nonlocal size
            data = self._parsed(frame)
            if not message.opens and not self._answers(data, identity):
                return gathered.pass_over(data)
            size += len(frame)
            if size > self._most:
                raise self._transport.too_large()
            return gathered.take(data)

        try:
            await until_quiet(self._receive, heard, deadline, self._quiet)
        except TimeoutError:
            raise gathered.nothing() from None
        if self._ended is not None and not (gathered and self._whole):
            raise self._ended
        return gathered.reply()

    async def send(self, data: JsonValue) -> None:
        """Send JSON; raises ``Fault`` where the connection is gone."""
        if self._ended is not None:
            raise self._ended
        try:
            await self._socket.send_str(orjson.dumps(data).decode())
        except OSError as error:
            await asyncio.wait((self._listening,), timeout=_GOODBYE)
            words = "the connection was reset while a message was sent"
            raise self._ended or self._transport.broken("reset", words) from error

    def _answers(self, data: JsonValue, identity: str) -> bool:
        if self._id is None:
            return True
        return any(str(found) == identity for found in self._id(data))

    def _parsed(self, frame: bytes) -> JsonValue:
        try:
            return orjson.loads(frame)
        except orjson.JSONDecodeError as error:
            text = first_words(frame[:1_000].decode("utf-8", "replace"))
            words = f'a message that is no JSON came ({error}): "{text}"'
            raise self._transport.broken("not-json", words) from error

    async def _receive(self) -> bytes | None:
        """What came next, None where nothing will. To cancel it loses nothing."""
        if self._ended is not None and self._came.empty():
            return None
        frame = await self._came.get()
        self._unread -= len(frame or b"")
        return frame

    async def _listen(self) -> None:
        from aiohttp import WSMsgType

        while True:
            frame = await self._socket.receive()
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                self._ended = self._why(frame)
                break
            data = frame.data.encode() if frame.type is WSMsgType.TEXT else frame.data
            self._unread += len(data)
            if self._unread > self._most:
                self._ended, self._whole = self._transport.too_large(), False
                break
            self._came.put_nowait(data)
        self._came.put_nowait(None)

    def _why(self, frame: WSMessage) -> Fault:
        """The fault that a connection came to its end."""
        from aiohttp import WSCloseCode, WSMsgType

        if frame.type is WSMsgType.CLOSE:
            try:
                code = f"{frame.data} {WSCloseCode(frame.data).name.replace('_', ' ').lower()}"
            except ValueError:
                code = str(frame.data)
            reason = f': "{first_words(str(frame.extra))}"' if frame.extra else ""
            words = f"the server closed the connection with the code {code}{reason}"
            return self._transport.broken("closed", words)
        if frame.type is WSMsgType.ERROR:
            if getattr(frame.data, "code", None) == WSCloseCode.MESSAGE_TOO_BIG:
                return self._transport.too_large()
            words = f"what the server sent is no WebSocket message: {first_words(str(frame.data))}"
            return self._transport.broken("not-websocket", words)
        return self._transport.broken("reset", "the connection broke off without a goodbye")

    def again(self) -> str:
        """No line of shell repeats a dialogue over a connection."""
        return ""

    async def close(self) -> None:
        """Say goodbye; a server that does not say it too is not waited for."""
        self._listening.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE):
                await self._socket.close()


def _fingerprint(options: WebsocketOptions) -> str:
    """Everything that decides what is asked; no credential, not even hashed."""
    asked = {
        "headers": {k: v for k, v in options.headers.items() if not SENSITIVE.search(k)},
        "start": options.start,
        "send": options.send,
        "reply": options.reply.source,
        "buttons": options.buttons and options.buttons.source,
        "id": options.id and options.id.source,
    }
    digest = blake2b(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
    return f"websocket {public(options.url)} {digest}"


@target("websocket", WebsocketOptions)
def make(options: WebsocketOptions, surroundings: Surroundings) -> WebsocketTarget:
    """A bot that is sent JSON over a WebSocket."""
    return WebsocketTarget(options, surroundings)
