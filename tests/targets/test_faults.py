"""Everything that a server can do wrong, on real sockets."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import tracemalloc
from pathlib import Path

import pytest
import trustme

from chatbot_qa.domain.values import Size
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Surroundings, Target
from chatbot_qa.targets.http import make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import Auth
from chatbot_qa.targets.wire import WireOptions
from tests.targets.asking import busy, dialogue, fault, go, say, start
from tests.targets.fakes import (
    Asked,
    Handler,
    Server,
    answering,
    at_once,
    by,
    chunked,
    response,
    sending,
    serving,
)

SECRETS = {"BOT_TOKEN": "bearer-of-bad-news"}


def bot(url: str, **keys: object) -> Target:
    options = HttpOptions(
        url=f"{url}/chat",
        auth=Auth(bearer="${secret:BOT_TOKEN}"),
        **keys,  # type: ignore[arg-type]
    )
    return make(options, Surroundings(secrets=SECRETS))


async def _closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


async def _reset(_: Asked, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _reset_in_the_middle(_: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(response(b'{"reply": "Hel', length=1_000))
    await writer.drain()
    await asyncio.sleep(0)
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


PAGE = b"<!DOCTYPE html><html><head><title>Sign &amp; in</title></head><body>x</body></html>"
FAULTS: dict[str, tuple[Handler, str, str]] = {
    "closed": (sending(b""), "closed", "closed the connection without an answer"),
    "cut body": (sending(response(b'{"reply": "Hel', length=99)), "cut", "broke off"),
    "cut chunk": (
        sending(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc"),
        "cut",
        "broke off",
    ),
    "length too small": (
        sending(response(b'{"reply": "Hello"}', length=5)),
        "not-http",
        "does not speak HTTP as it should",
    ),
    "no HTTP": (sending(b"SSH-2.0-OpenSSH_9\r\n\r\n"), "not-http", "SSH-2.0"),
    "plain text": (answering(b"Hello there"), "not-json", '"Hello there"'),
    "empty": (answering(b""), "empty", "200 OK"),
    "no content": (answering(b"", "204 No Content"), "empty", "204 No Content"),
    "not UTF-8": (answering(b'{"reply": "\xff\xfe"}'), "not-json", "it is not UTF-8"),
    "half a surrogate": (answering(rb'{"reply": "\ud83d"}'), "not-json", "surrogate"),
    "deep": (answering(b"[" * 100_000), "not-json", "the answer is no JSON"),
    "HTML": (answering(PAGE), "html", '"Sign & in"'),
    "HTML without a title": (
        answering(b"<p>Under maintenance</p>", headers=("Content-Type: text/html",)),
        "html",
        '"Under maintenance"',
    ),
    "500": (
        answering({"error": {"message": "database is down"}}, "500 Oh No"),
        "status",
        '500 Internal Server Error: "database is down"',
    ),
    "500 in HTML": (answering(PAGE, "502 x"), "status", 'Bad Gateway: an HTML page, "Sign & in"'),
    "401": (answering({"detail": "no key"}, "401 x"), "status", "is the key"),
    "404": (answering(b"", "404 x"), "status", "404 Not Found; is the address right?"),
    "503 without a word": (answering(b"", "503 x"), "status", "503 Service Unavailable"),
    "redirect": (
        answering(b"", "302 x", ("Location: https://elsewhere.example/",)),
        "redirect",
        "to https://elsewhere.example/",
    ),
    "no reply in it": (answering({"answer": "Hi"}), "no-reply-text", "it has answer"),
    "an object for a text": (answering({"reply": {"a": 1}}), "unreadable-reply", "an object"),
    "not packed": (
        answering(b"\0\1", headers=("Content-Encoding: gzip",)),
        "bad-packing",
        "says that it is packed as gzip, but it is not",
    ),
    "binary data": (sending(b"\0\1\2\xff" * 50), "not-http", "begins with 00 01 02 ff 00"),
    "two lengths": (
        sending(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        "not-http",
        'it should: Duplicate Content-Length; it sent "HTTP/1.1 200 OK',
    ),
    "events": (
        answering(b"data: Hel\n\ndata: lo\n\n", headers=("Content-Type: text/event-stream",)),
        "event-stream",
        "stream: in the target's options reads one",
    ),
    "events that say JSON": (answering(b"event: x\ndata: Hel\n\n"), "event-stream", '"event: x'),
    "407": (answering(b"", "407 x"), "status", "proxy_auth:"),
}


@pytest.mark.parametrize(("handler", "kind", "words"), FAULTS.values(), ids=FAULTS)
def test_each_fault_has_its_name_and_its_words(handler: Handler, kind: str, words: str) -> None:
    async def ask() -> tuple[Server, object]:
        async with serving(handler) as server:
            return server, await fault(bot(server.url), "What's up?")

    server, found = go(ask())
    assert (found.note.kind, words in found.note.message) == (kind, True), found.note
    assert not found.safe_to_retry, "a server with a session may have heard it"
    assert found.note.again.startswith(f"curl -sS {server.url}/chat ")
    assert '"$BOT_TOKEN"' in found.note.again
    assert "What'\"'\"'s up?" in found.note.again
    assert SECRETS["BOT_TOKEN"] not in str(found.note)


@pytest.mark.parametrize("handler", [_reset, _reset_in_the_middle])
def test_a_reset_connection(handler: Handler) -> None:
    async def ask() -> object:
        async with serving(handler) as server:
            return await fault(bot(server.url))

    found = go(ask())
    assert found.note.kind in {"reset", "closed", "cut"}
    assert not found.safe_to_retry


def test_what_was_never_heard_is_safe_to_ask_again() -> None:
    async def ask() -> list[object]:
        async with at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
            return [
                await fault(bot(await _closed_port())),
                await fault(bot("http://no-such-host.invalid")),
                await fault(bot(url.replace("http:", "https:"))),
            ]

    found = go(ask())
    assert [one.note.kind for one in found] == ["refused", "dns", "tls"]
    assert all(one.safe_to_retry for one in found)
    assert "no-such-host.invalid" in found[1].note.message


def test_what_a_stateless_bot_heard_is_safe_to_ask_again() -> None:
    async def ask(handler: Handler) -> object:
        async with serving(handler) as server:
            return await fault(bot(server.url, session="history"))

    assert go(ask(sending(b""))).safe_to_retry
    assert go(ask(answering(b"", "500 x"))).safe_to_retry
    assert not go(ask(answering(b"", "401 x"))).safe_to_retry
    assert not go(ask(answering(b"Hello"))).safe_to_retry


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        ("429 x", ("Retry-After: 7",), 7.0),
        ("429 x", ("retry-after-ms: 250",), 0.25),
        ("429 x", (), None),
        ("503 x", ("Retry-After: 1.5",), 1.5),
        ("503 x", ("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT",), 0.0),
        ("429 x", ("Retry-After: soon",), None),
    ],
)
def test_a_busy_server_says_when_to_come_back(
    status: str, headers: tuple[str, ...], wait: float | None
) -> None:
    async def ask() -> object:
        async with serving(answering(b"slow down", status, headers)) as server:
            return await busy(bot(server.url))

    found = go(ask())
    assert found.retry_after == wait
    assert found.note.kind == "busy"
    assert "slow down" in found.note.message


def test_a_server_with_no_money_left_is_not_busy() -> None:
    body = {"error": {"code": "insufficient_quota", "message": "check your plan"}}

    async def ask() -> object:
        async with serving(answering(body, "429 x")) as server:
            return await fault(bot(server.url))

    assert "check your plan" in go(ask()).note.message


def test_what_a_server_says_back_is_masked() -> None:
    async def ask() -> object:
        async with serving(answering({"error": f"bad key {SECRETS['BOT_TOKEN']}"}, "403 x")) as s:
            return await fault(bot(s.url))

    assert "bad key ‹secret:BOT_TOKEN›" in go(ask()).note.message


@pytest.mark.parametrize("with_length", [True, False])
def test_a_huge_answer_is_not_read(with_length: bool) -> None:
    sent = 0

    async def flood(_: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        head = "Content-Length: 100000000" if with_length else "Connection: close"
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        for _ in range(1_000):
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000

    async def ask() -> object:
        async with serving(flood) as server:
            return await fault(bot(server.url))

    found = go(ask())
    assert found.note.kind == "too-large"
    assert "larger than 10 MB" in found.note.message
    assert sent < 60_000_000


def test_a_small_answer_that_unpacks_into_a_huge_one_is_not_unpacked() -> None:
    packed = gzip.compress(bytes(100_000_000))

    async def ask() -> tuple[object, int]:
        async with serving(answering(packed, headers=("Content-Encoding: gzip",))) as server:
            target = bot(server.url, max_reply=Size(1_000_000))
            tracemalloc.start()
            try:
                return await fault(target), tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    found, peak = go(ask())
    assert found.note.kind == "too-large"
    assert peak < 50_000_000


def test_a_compressed_answer_is_read() -> None:
    packed = gzip.compress(b'{"reply": "Hello"}')

    async def ask() -> str:
        async with serving(answering(packed, headers=("Content-Encoding: gzip",))) as server:
            return (await dialogue(bot(server.url), "Hi"))[0].text

    assert go(ask()) == "Hello"


@pytest.mark.parametrize(
    "body",
    [b'\xef\xbb\xbf{"reply": "Gr\xc3\xbc\xc3\x9fe"}', '{"reply": "Grüße"}'.encode("latin-1")],
    ids=["a byte order mark", "the encoding that it names"],
)
def test_json_is_read_at_second_sight(body: bytes) -> None:
    kind = "application/json" + ("" if body[0] == 0xEF else "; charset=ISO-8859-1")

    async def ask() -> str:
        async with serving(answering(body, headers=(f"Content-Type: {kind}",))) as server:
            return (await dialogue(bot(server.url), "Hi"))[0].text

    assert go(ask()) == "Grüße"


def test_an_answer_that_drips_ends_at_the_deadline_of_the_caller() -> None:
    hung_up = asyncio.Event()

    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0)
        finally:
            hung_up.set()

    async def ask() -> str:
        async with serving(drip) as server:
            target = bot(server.url)
            session = await target.open(start())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await say(session, "Hello?")
            await hung_up.wait()
            await target.close()
            return session.again()

    assert "Hello?" in go(ask())


def test_chunks_are_put_together() -> None:
    blocks = [b'{"rep', b'ly": "Hel', b'lo"}']

    async def ask() -> str:
        async with serving(chunked(blocks, "application/json")) as server:
            return (await dialogue(bot(server.url), "Hi"))[0].text

    assert go(ask()) == "Hello"


def test_one_connection_serves_a_conversation() -> None:
    async def ask() -> int:
        async with serving(by(lambda asked: {"reply": asked.json["message"]})) as server:
            await dialogue(bot(server.url), "a", "b", "c")
            return server.connections

    assert go(ask()) == 1


class TestCertificates:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    def _ask(self, authority: trustme.CA, **keys: object) -> object:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)

        async def ask() -> object:
            async with serving(answering({"reply": "safe"}), context) as server:
                target = bot(server.url, **keys)
                return await (dialogue(target, "Hi") if keys else fault(target))

        return go(ask())

    def test_an_unknown_one_is_a_fault(self, authority: trustme.CA) -> None:
        found = self._ask(authority)
        assert found.note.kind == "tls"
        assert "certificate" in found.note.message
        assert found.safe_to_retry

    def test_need_not_be_verified(self, authority: trustme.CA) -> None:
        assert self._ask(authority, verify=False)[0].text == "safe"

    def test_an_authority_can_be_added(self, authority: trustme.CA, tmp_path: Path) -> None:
        pem = tmp_path / "ca.pem"
        authority.cert_pem.write_to_path(str(pem))
        assert self._ask(authority, ca=str(pem))[0].text == "safe"

    def test_a_file_without_any_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").write_text("nothing")
        for name in ("ca.pem", "none.pem"):
            with pytest.raises(UsageError, match="cannot be read as certificates"):
                bot("http://127.0.0.1:1", ca=str(tmp_path / name))


def test_the_proxy_of_the_configuration_is_gone_through() -> None:
    async def ask() -> list[Asked]:
        async with serving(answering({"reply": "by proxy"})) as proxy:
            target = bot("http://bot.invalid", proxy=proxy.url)
            assert (await dialogue(target, "Hi"))[0].text == "by proxy"
            return proxy.asked

    assert [asked.path for asked in go(ask())] == ["http://bot.invalid/chat"]


def test_the_proxy_of_the_environment_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> int:
        async with (
            serving(answering({"reply": "by proxy"})) as proxy,
            serving(answering({"reply": "straight"})) as server,
        ):
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("no_proxy", "not.invalid")
            await dialogue(bot(server.url), "Hi")
            assert (await fault(bot("http://not.invalid"))).note.kind == "dns"
            await dialogue(bot("http://bot.invalid"), "Hi")
            assert len(server.asked) == 1
            return len(proxy.asked)

    assert go(ask()) == 1


def test_a_proxy_that_is_not_there() -> None:
    async def ask() -> object:
        return await fault(bot("http://bot.invalid", proxy=await _closed_port()))

    found = go(ask())
    assert found.note.kind == "proxy"
    assert found.safe_to_retry


def test_options_of_the_wire_have_defaults() -> None:
    assert WireOptions().max_reply == 10_000_000
