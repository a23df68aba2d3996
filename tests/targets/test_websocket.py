"""Bots behind WebSockets: real servers on loopback, which answer, chat, close and break off."""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import trustme
from aiohttp import WSCloseCode, WSMsgType, web

from chatbot_qa.domain.plan import Line, Message, Opening, Tool
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import Duration, JsonPath, Size
from chatbot_qa.errors import UsageError
from chatbot_qa.registry import Registry
from chatbot_qa.targets.base import Busy, Fault, Start, Surroundings
from chatbot_qa.targets.websocket import WebsocketOptions, WebsocketTarget, make
from tests.targets.asking import PATIENCE, busy, dialogue, fault, go, say, start
from tests.targets.fakes import at_once

QUIET = Duration(0.15)

Talk = Callable[[web.WebSocketResponse, Any], Awaitable[None]]
"""What a server does about one message."""


@dataclass
class Server:
    """``heard`` is what it was sent, ``asked`` the requests that opened its connections."""

    url: str = ""
    heard: list[Any] = field(default_factory=list)
    asked: list[web.Request] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)


async def echo(socket: web.WebSocketResponse, said: Any) -> None:
    await socket.send_json({"reply": said["message"].upper(), "id": said["id"]})


async def nothing(socket: web.WebSocketResponse) -> None: ...


@asynccontextmanager
async def serving(
    talk: Talk = echo,
    first: Callable[[web.WebSocketResponse], Awaitable[None]] = nothing,
    tls: ssl.SSLContext | None = None,
    **settings: Any,
) -> AsyncIterator[Server]:
    """Serve a bot; ``first`` is what it does with a new connection."""
    server = Server()

    async def connected(request: web.Request) -> web.WebSocketResponse:
        server.asked.append(request)
        socket = web.WebSocketResponse(**settings)
        await socket.prepare(request)
        await first(socket)
        async for frame in socket:
            if frame.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                server.heard.append(orjson.loads(frame.data))
                await talk(socket, server.heard[-1])
        server.codes.append(socket.close_code)
        return socket

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"/chat?{request.query_string}")

    async def refused(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["code"]), headers={"Retry-After": "7"})

    app = web.Application()
    app.router.add_get("/chat", connected)
    app.router.add_get("/elsewhere", elsewhere)
    app.router.add_get("/status/{code}", refused)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    port = runner.addresses[0][1]
    server.url = f"wss://localhost:{port}" if tls else f"ws://127.0.0.1:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()


def bot(server: Server, secrets: dict[str, str] | None = None, **options: Any) -> WebsocketTarget:
    path = options.pop("path", "/chat")
    if "id" not in options:
        options.setdefault("reply_complete_after", QUIET)
    settings = WebsocketOptions(url=server.url + path, **options)
    return make(settings, Surroundings(secrets=secrets or {}))


def replies(talk: Talk, *said: str, system: str | None = None, **options: Any) -> list[Reply]:
    async def ask() -> list[Reply]:
        async with serving(talk) as server:
            return await dialogue(bot(server, **options), *(said or ("Hello",)), system=system)

    return go(ask())


def texts(talk: Talk, *said: str, **options: Any) -> list[list[str]]:
    found = replies(talk, *said, **options)
    return [[message.text for message in reply.messages] for reply in found]


def faulty(talk: Talk, **more: Any) -> Fault:
    """The fault that a message ends in; ``serve_…`` are settings of the server."""
    settings = {key[6:]: more.pop(key) for key in list(more) if key.startswith("serve_")}

    async def ask() -> Fault:
        async with serving(talk, **settings) as server:
            return await fault(bot(server, **more), "Hello")

    return go(ask())


def test_is_found_by_its_name_and_needs_the_network() -> None:
    assert Registry().targets["websocket"].options is WebsocketOptions
    assert not make(WebsocketOptions(url="ws://x/chat"), Surroundings()).local


class TestReplies:
    def test_what_comes_until_it_is_quiet(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_json({"type": "typing"})
            await socket.send_json({"reply": "one"})
            await asyncio.sleep(0.05)
            await socket.send_bytes(b'{"reply": ["two", "three"]}')
            await socket.send_json({"reply": 4, "buttons": [{"title": "Yes"}, "No"]})

        (reply, again) = replies(talk, "a", "b", buttons=JsonPath("$.buttons"))
        assert reply.messages == (
            BotMessage("one"),
            BotMessage("two"),
            BotMessage("three"),
            BotMessage("4", ("Yes", "No")),
        )
        assert again.messages == reply.messages
        assert reply.first_token is not None

    def test_what_bears_the_id_of_the_message_is_the_reply(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_json({"reply": "for somebody else", "id": "x"})
            await socket.send_json({"reply": "news"})
            await socket.send_json({"reply": said["message"], "id": said["id"]})

        assert texts(talk, "a", "b", id=JsonPath("$.id")) == [["a"], ["b"]]

    def test_of_an_id_and_until_it_is_quiet(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            for text in ("one", "two"):
                await socket.send_json({"reply": text, "id": said["id"]})
                await socket.send_json({"reply": "news"})

        found = texts(talk, "a", id=JsonPath("$.id"), reply_complete_after=QUIET)
        assert found == [["one", "two"]]

    def test_the_first_message_is_all_of_it_where_that_is_said(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_json({"reply": said["message"]})

        assert texts(talk, "a", "b", reply_complete_after=Duration(0)) == [["a"], ["b"]]

    def test_a_bot_that_speaks_first(self) -> None:
        async def welcome(socket: web.WebSocketResponse) -> None:
            await socket.send_json({"reply": "Welcome"})

        async def ask(**options: Any) -> tuple[list[str], list[Any]]:
            async with serving(first=welcome) as server:
                target = bot(server, **options)
                session = await target.open(start())
                end = asyncio.get_running_loop().time() + PATIENCE
                opened = await session.say(Message(opens=True), end)
                reply = await say(session, "hi")
                await session.close()
                await target.close()
                return [opened.text, reply.text], [one["message"] for one in server.heard]

        for options in ({}, {"id": JsonPath("$.id")}):
            assert go(ask(**options)) == (["Welcome", "HI"], ["hi"])

    def test_the_last_reply_before_the_connection_is_closed_counts(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_json({"reply": "Bye"})
            await socket.close()

        async def ask() -> str:
            async with serving(talk) as server:
                session = await bot(server).open(start())
                assert (await say(session, "a")).text == "Bye"
                with pytest.raises(Fault, match="code 1000 ok") as told:
                    await say(session, "b")
                await session.close()
                return told.value.note.kind

        assert go(ask()) == "closed"


class TestWhatIsSent:
    def test_it_can_be_said(self) -> None:
        async def ask() -> Server:
            async with serving() as server:
                target = bot(
                    server,
                    {"KEY": "hun ter&2000"},
                    path="/chat?token=${secret:KEY}&s=${session}",
                    headers={"X-Key": "${secret:KEY}"},
                    start={"type": "hello", "message": "", "id": "", "system": "${system}"},
                    send={"message": "${message}", "id": "${id}", "in": ["${session}"]},
                )
                await dialogue(target, "one", "two", system="Be kind.")
                return server

        server = go(ask())
        hello, one, two = server.heard
        assert hello["system"] == "Be kind."
        assert one["message"] == "one"
        assert one["id"] != two["id"]
        (request,) = server.asked
        assert request.headers["X-Key"] == "hun ter&2000"
        assert request.query["token"] == "hun ter&2000"
        assert one["in"] == two["in"] == [request.query["s"]]

    def test_every_session_is_a_connection_of_its_own_and_more_than_in_flight(self) -> None:
        async def ask() -> Server:
            async with serving() as server:
                settings = WebsocketOptions(url=f"{server.url}/chat", id=JsonPath("$.id"))
                target = make(settings, Surroundings(in_flight=1))
                sessions = [await target.open(start(str(n))) for n in range(3)]
                for session in sessions:
                    assert (await say(session, "a")).text == "A"
                    await session.close()
                await target.close()
                return server

        server = go(ask())
        assert len({one["session_id"] for one in server.heard}) == 3
        assert server.codes == [1000] * 3

    def test_a_click_is_said(self) -> None:
        async def ask() -> Any:
            async with serving() as server:
                session = await bot(server, id=JsonPath("$.id")).open(start())
                reply = await session.say(
                    Message(click="Yes"), asyncio.get_running_loop().time() + PATIENCE
                )
                await session.close()
                return reply.text

        assert go(ask()) == "YES"


class TestConnections:
    def test_pings_are_answered_while_nobody_speaks(self) -> None:
        async def ask() -> str:
            # the server hangs up on whoever does not answer its ping within 0.3 s
            async with serving(heartbeat=0.6) as server:
                session = await bot(server).open(start())
                await asyncio.sleep(1.2)
                reply = await say(session, "still there?")
                await session.close()
                return reply.text

        assert go(ask()) == "STILL THERE?"

    def test_a_server_that_does_not_say_goodbye_is_not_waited_for(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await echo(socket, said)
            await asyncio.sleep(30)

        async def ask() -> float:
            loop = asyncio.get_running_loop()
            async with serving(talk) as server:
                target = bot(server, id=JsonPath("$.id"))
                session = await target.open(start())
                await say(session, "a")
                began = loop.time()
                await session.close()
                took = loop.time() - began
                await target.close()
                return took

        assert go(ask()) < 3

    def test_tls_of_a_private_authority(self, tmp_path: Any) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

        async def ask() -> str:
            async with serving(tls=context) as server:
                found = await fault(bot(server))
                assert found.note.kind == "tls"
                target = bot(server, ca=str(tmp_path / "ca.pem"), id=JsonPath("$.id"))
                (reply,) = await dialogue(target, "a")
                return reply.text

        assert go(ask()) == "A"


class TestFaults:
    def test_a_close_with_its_code_and_reason(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.close(code=WSCloseCode.INTERNAL_ERROR, message=b"no model")

        found = faulty(talk)
        assert found.note.kind == "closed"
        assert found.note.message.endswith('the code 1011 internal error: "no model"')
        assert not found.safe_to_retry

    def test_a_code_of_its_own(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.close(code=4001)

        assert faulty(talk).note.message.endswith("with the code 4001")

    def test_a_connection_that_is_cut_or_reset(self) -> None:
        def cut(abort: bool) -> Talk:
            async def talk(socket: web.WebSocketResponse, said: Any) -> None:
                transport = socket._req.transport  # type: ignore[union-attr]
                assert transport is not None
                if abort:
                    raw = transport.get_extra_info("socket")
                    raw.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SOL_SOCKET, SO_LINGER
                    transport.abort()
                else:
                    transport.close()
                await asyncio.sleep(0.05)

            return talk

        for abort in (True, False):
            found = faulty(cut(abort))
            assert found.note.kind == "reset"
            assert "broke off" in found.note.message

    def test_what_is_no_json(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_str("<b>hello</b>")

        found = faulty(talk)
        assert found.note.kind == "not-json"
        assert '"<b>hello</b>"' in found.note.message

    def test_what_is_no_text(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_frame(b"\xff\xfe", WSMsgType.TEXT)

        assert faulty(talk).note.kind == "not-websocket"

    def test_a_message_that_is_too_large_and_too_many_of_them(self) -> None:
        async def one(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_json({"reply": "x" * 20_000})

        async def many(socket: web.WebSocketResponse, said: Any) -> None:
            for _ in range(100):
                await socket.send_json({"reply": "x" * 500})

        for talk in (one, many):
            found = faulty(talk, max_reply=Size(10_000))
            assert found.note.kind == "too-large"
            assert "max_reply: allows more" in found.note.message

    def test_a_flood_before_anything_was_said(self) -> None:
        async def flood(socket: web.WebSocketResponse) -> None:
            for _ in range(100):
                await socket.send_json({"reply": "x" * 500})

        assert faulty(echo, serve_first=flood, max_reply=Size(10_000)).note.kind == "too-large"

    def test_silence_is_a_timeout_and_other_messages_are_named(self) -> None:
        async def hold(socket: web.WebSocketResponse, said: Any) -> None: ...

        async def other(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.send_json({"answer": "hi"})

        async def ask(talk: Talk, **options: Any) -> Exception:
            async with serving(talk) as server:
                target = bot(server, **options)
                session = await target.open(start())
                try:
                    await session.say(Message("a"), asyncio.get_running_loop().time() + 0.3)
                except (Fault, TimeoutError) as error:
                    return error
                finally:
                    await session.close()
                    await target.close()
            raise AssertionError("no fault")

        assert isinstance(go(ask(hold)), TimeoutError)
        found = go(ask(other))
        assert isinstance(found, Fault)
        assert found.note.kind == "no-reply-text"
        assert 'a text at $.reply; the last was {"answer":"hi"}' in found.note.message
        assert "the message's id at $.id" in str(go(ask(other, id=JsonPath("$.id"))))

    def test_a_server_that_is_not_there_or_is_something_else(self) -> None:
        async def ask() -> list[Fault]:
            async with serving() as server, at_once(b"220 ready\r\n") as mail:
                url = mail.replace("http", "ws")
                wrong = make(WebsocketOptions(url=url), Surroundings())
                found = [await fault(bot(server, path="/nowhere")), await fault(wrong)]
                gone = server.url
            absent = make(WebsocketOptions(url=gone), Surroundings())
            return [*found, await fault(absent)]

        missing, mail, absent = go(ask())
        assert missing.note.kind == "status"
        assert "404" in missing.note.message
        assert mail.note.kind == "not-http"
        assert absent.note.kind == "refused"
        assert absent.safe_to_retry

    def test_statuses(self) -> None:
        async def ask() -> tuple[Busy, Fault, Fault]:
            async with serving() as server:
                return (
                    await busy(bot(server, path="/status/429")),
                    await fault(bot(server, path="/status/500")),
                    await fault(bot(server, path="/status/200")),
                )

        wait, broken, page = go(ask())
        assert wait.retry_after == 7
        assert broken.safe_to_retry
        assert page.note.kind == "not-websocket"
        assert "it answered 200" in page.note.message

    def test_nobody_is_followed_elsewhere(self) -> None:
        async def ask() -> tuple[Fault, int]:
            async with serving() as server:
                found = await fault(bot(server, path="/elsewhere", headers={"X-Key": "abcdef"}))
                return found, len(server.asked)

        found, asked = go(ask())
        assert found.note.kind == "redirect"
        assert asked == 0

    def test_credentials_are_masked(self) -> None:
        async def talk(socket: web.WebSocketResponse, said: Any) -> None:
            await socket.close(code=4003, message=b"bad key hunter2000 and abcdef99")

        async def ask() -> tuple[Fault, Fault]:
            async with serving(talk) as server:
                more: dict[str, Any] = {
                    "secrets": {"KEY": "hunter2000"},
                    "headers": {"X-Api-Key": "abcdef99", "Authorization": "Bearer ${secret:KEY}"},
                }
                first = await fault(bot(server, **more))
                return first, await fault(bot(server, path="/status/403", **more))

        closed, refused = go(ask())
        assert "bad key ‹secret:KEY› and ‹secret:headers.X-Api-Key›" in closed.note.message
        assert "abcdef99" not in refused.note.again
        assert "hunter2000" not in refused.note.again

    def test_what_it_cannot_be_given_is_a_fault(self) -> None:
        target = make(WebsocketOptions(url="ws://127.0.0.1:1/"), Surroundings())
        for opening, kind in (
            (Opening(system="Be kind."), "no-system-prompt"),
            (Opening(history=(Line("user", "a"),)), "no-history"),
            (Opening(tools=(Tool(name="look"),)), "no-tools"),
        ):
            with pytest.raises(Fault) as told:
                go(target.open(Start(opening, "x", 1)))
            assert told.value.note.kind == kind

        async def send_a_file() -> None:
            async with serving() as server:
                session = await bot(server).open(start())
                try:
                    await session.say(Message("a", files=("/x",)), 0)
                finally:
                    await session.close()

        with pytest.raises(Fault) as told:
            go(send_a_file())
        assert told.value.note.kind == "no-files"


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"url": "https://x/chat"}, "begins with ws:// or wss://"),
            ({"url": "ws://"}, "no address of a web server"),
            ({"url": "ws://a:b@x"}, "user or password cannot stand"),
            ({"send": {"a": "b"}}, "sent nowhere"),
            ({"send": {"m": "${message}"}, "id": JsonPath("$.id")}, "send: has none"),
            ({"verify": False, "ca": "x.pem"}, "verify: false trusts all"),
        ],
    )
    def test_what_contradicts_itself_is_refused(self, options: Any, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            WebsocketOptions(**{"url": "ws://x", **options})

    def test_an_unknown_name_is_refused(self) -> None:
        with pytest.raises(UsageError, match="order"):
            make(WebsocketOptions(url="ws://x/${order}"), Surroundings())

    def test_fingerprints_hold_what_is_asked_and_no_credential(self) -> None:
        def made(**options: Any) -> str:
            settings = WebsocketOptions(**{"url": "ws://x/chat?key=abcd", **options})
            return make(settings, Surroundings()).fingerprint

        plain = made()
        assert "abcd" not in plain
        assert made(reply=JsonPath("$.a")) != plain
        assert made(headers={"Mode": "a"}) != plain
        assert made(headers={"X-Api-Key": "abcd"}) == plain
