"""The client against servers that answer in every way there is, and in some there is not."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.targets.http1.broken import Broken
from chatbot_qa.targets.http1.client import Client
from chatbot_qa.targets.http1.connection import Connection
from tests.targets.asking import go
from tests.targets.fakes import Asked, Server, answering, response, serving
from tests.targets.http1.served import client, pieces, split, whole

T = TypeVar("T")

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def asking(
    handler: Callable[[Asked, asyncio.StreamWriter], Awaitable[None]],
    then: Callable[[Client, Server], Awaitable[T]],
) -> T:
    async def ask() -> T:
        async with serving(handler) as server, client() as asker:
            return await then(asker, server)

    return go(ask())


async def body(asker: Client, server: Server) -> bytes:
    return await whole(await asker.ask("POST", server.url, b"{}", None))


async def broken(asker: Client, server: Server) -> Broken:
    with pytest.raises(Broken) as found:
        await body(asker, server)
    return found.value


class TestBodies:
    @pytest.mark.parametrize(
        "raw",
        [
            OK + b"Content-Length: 5\r\n\r\nhello",
            OK + CHUNKED + b"\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
            OK + CHUNKED + b"\r\n5;name=value\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 103 x\r\nLink: </a>\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200\r\ncontent-length:5\r\nX-Empty:\r\nX-Last: 1\r\n\r\nhello",
            b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        ],
        ids=["length", "chunks", "trailers", "continue", "hints", "odd headers", "bare line feeds"],
    )
    def test_are_the_same_however_they_are_cut(self, raw: bytes) -> None:
        for size in (1, 7, len(raw)):
            blocks = [raw[at : at + size] for at in range(0, len(raw), size)]
            assert asking(pieces(*blocks), body) == b"hello"

    @settings(max_examples=25, deadline=None)
    @given(st.binary(max_size=300), st.lists(st.integers(0, 10_000), max_size=6), st.booleans())
    def test_any_bytes_in_any_cut_come_as_they_are(
        self, data: bytes, cuts: list[int], chunks: bool
    ) -> None:
        if chunks:
            parts = [b"%x\r\n%b\r\n" % (len(part), part) for part in split(data, cuts)]
            raw = OK + CHUNKED + b"\r\n" + b"".join(parts) + b"0\r\n\r\n"
        else:
            raw = response(data)
        assert asking(pieces(*split(raw, cuts)), body) == data

    def test_one_without_a_length_ends_with_the_connection(self) -> None:
        assert asking(pieces(OK + b"\r\nhel", b"lo", close=True), body) == b"hello"

    def test_a_large_one_waits_for_its_reader_and_holds_little(self) -> None:
        size = 30_000_000
        most = 0

        async def slowly(asker: Client, server: Server) -> int:
            nonlocal most
            answer = await asker.ask("POST", server.url, b"{}", None)
            read = 0
            while block := await answer.read():
                read += len(block)
                most = max(most, len(block))
                await asyncio.sleep(0.001)
            return read

        assert asking(answering(b"x" * size), slowly) == size
        assert most < 4_000_000

    @pytest.mark.parametrize(
        ("packing", "pack"),
        [
            ("gzip", gzip.compress),
            ("X-GZip", gzip.compress),
            ("deflate", zlib.compress),
            ("deflate", lambda data: zlib.compress(data, wbits=-15)),
            ("gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
            ("gzip", lambda data: gzip.compress(data) + bytes(512)),
            ("identity", bytes),
        ],
    )
    def test_packed_ones_are_unpacked(self, packing: str, pack: Callable[[bytes], bytes]) -> None:
        data = b"hello, hello, hello " * 200_000
        packed = pack(data)
        header = f"Content-Encoding: {packing}".encode()
        raw = OK + header + b"\r\nContent-Length: %d\r\n\r\n" % len(packed)
        assert asking(pieces(raw, packed[:3], packed[3:]), body) == data

    @pytest.mark.parametrize(
        ("packing", "packed", "kind"),
        [
            (b"gzip", gzip.compress(b"hello" * 99, mtime=0)[:-12], "cut"),
            (b"gzip", b"plain text", "bad-packing"),
            (b"gzip", gzip.compress(b"hello" * 99, mtime=0)[:-8] + bytes(8), "bad-packing"),
            (b"br", b"\x8b\x02\x80hello\x03", "bad-packing"),
        ],
        ids=["cut", "plain", "damaged", "unknown"],
    )
    def test_badly_packed_ones_are_told(self, packing: bytes, packed: bytes, kind: str) -> None:
        raw = OK + b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (packing, len(packed))
        assert asking(pieces(raw + packed), broken).kind == kind


class TestHeads:
    def test_headers_are_found_in_any_case_and_as_often_as_they_stand(self) -> None:
        async def headers(asker: Client, server: Server) -> None:
            found = (await asker.ask("POST", server.url, b"{}", None)).headers
            assert found["SET-COOKIE"] == "a=1"
            assert list(found.all_of("set-cookie")) == ["a=1", "b=2"]
            assert found.media_type == "text/html"
            assert found["X-Text"] == "grün"
            assert "x-absent" not in found
            assert set(found) == {"set-cookie", "content-type", "x-text", "content-length"}
            assert len(found) == 4

        lines = b"Set-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Type: Text/HTML; charset=x\r\n"
        raw = OK + lines + "X-Text: grün\r\n".encode() + b"Content-Length: 0\r\n\r\n"
        asking(pieces(raw), headers)

    def test_what_is_sent(self) -> None:
        async def sent(_: Client, server: Server) -> list[Asked]:
            common = {"User-Agent": "qa", "content-type": "text/plain"}
            async with client(common) as asker:
                own = {"Content-Type": "application/json", "Content-Length": "999"}
                await asker.ask("POST", f"{server.url}/a?b=c", b"{}", own)
                await asker.ask("GET", server.url, None, None)
                await asker.ask("POST", server.url, None, {"Host": "other.example"})
            return server.asked

        posted, got, empty = asking(answering({}), sent)
        assert (posted.method, posted.path, posted.body) == ("POST", "/a?b=c", b"{}")
        assert posted.headers["content-type"] == "application/json"
        assert posted.headers["content-length"] == "2"
        assert posted.headers["user-agent"] == "qa"
        assert posted.headers["accept"] == "*/*"
        assert posted.headers["host"].startswith("127.0.0.1:")
        assert "accept-encoding" not in posted.headers
        assert "content-length" not in got.headers
        assert (empty.headers["content-length"], empty.headers["host"]) == ("0", "other.example")

    @pytest.mark.parametrize("value", ["a\r\nX-Injected: yes", "a\nb", "a\0b"])
    def test_a_value_that_would_split_a_request_is_not_sent(self, value: str) -> None:
        async def sent(asker: Client, server: Server) -> Broken:
            with pytest.raises(Broken) as found:
                await asker.ask("POST", server.url, b"{}", {"X-Session": value})
            assert not server.asked
            return found.value

        found = asking(answering({}), sent)
        assert (found.kind, found.heard) == ("bad-header", False)

    @pytest.mark.parametrize(
        ("first", "line"),
        [
            (OK, b"X-Many: y\r\n"),
            (OK + b"X-Long: ", b"y" * 100),
            (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            (OK + CHUNKED + b"\r\n2\r\n{}\r\n0\r\nX-Trailer: ", b"y" * 100),
            (OK + CHUNKED + b"\r\n2;", b"y" * 100),
        ],
        ids=["many", "long", "informing", "trailing", "of a chunk"],
    )
    def test_endless_ones_are_not_read(self, first: bytes, line: bytes) -> None:

        async def endless(_: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(first)
            while not writer.is_closing():
                writer.write(line * 100)
                await writer.drain()

        found = asking(endless, broken)
        assert found.kind == "not-http"
        assert "64,000 bytes" in found.message


class TestFaults:
    @pytest.mark.parametrize(
        ("raw", "kind"),
        [
            (b"", "closed"),
            (OK, "closed"),
            (OK + b"Content-Length: 9\r\n\r\nhello", "cut"),
            (OK + CHUNKED + b"\r\n5\r\nhello\r\n", "cut"),
            (OK + CHUNKED + b"\r\nzz\r\nhello\r\n", "not-http"),
            (OK + b"Content-Length: 2\r\n\r\nhello", "not-http"),
            (OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi", "not-http"),
            (OK + b"Content-Length: 2\r\n\r\nhi" + OK + b"\r\n", "not-http"),
            (b"HTTP/1.1 101 Go On\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "not-http"),
            (b"220 mail.example ESMTP\r\n", "not-http"),
        ],
    )
    def test_have_their_kinds(self, raw: bytes, kind: str) -> None:
        found = asking(pieces(raw, close=True), broken)
        assert found.kind == kind
        assert found.heard

    def test_a_closed_port_a_strange_name_and_no_name(self) -> None:
        async def asked(asker: Client, _: Server) -> list[tuple[str, bool]]:
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                urls = [
                    f"http://127.0.0.1:{taken.getsockname()[1]}",
                    "http://no-such-host.invalid",
                    "http://ü..invalid",
                    "http://a..invalid",
                ]
                found: list[tuple[str, bool]] = []
                for url in urls:
                    with pytest.raises(Broken) as error:
                        await asker.ask("POST", url, b"{}", None)
                    found.append((error.value.kind, error.value.heard))
                return found

        assert asking(answering({}), asked) == [("refused", False), *[("dns", False)] * 3]

    def test_a_name_in_other_letters_is_shown_as_it_was_written(self) -> None:
        async def asked(asker: Client, _: Server) -> str:
            with pytest.raises(Broken) as found:
                await asker.ask("POST", "http://bücher.invalid/", b"{}", None)
            return found.value.message

        words = "there is no host bücher.invalid (xn--bcher-kva.invalid)"
        assert words in asking(answering({}), asked)

    def test_too_many_open_files_are_not_the_servers_fault(self) -> None:
        resource = pytest.importorskip("resource", reason="this system has no such limit")

        async def asked(asker: Client, server: Server) -> list[Broken]:
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            held = [socket.socket() for _ in range(5)]
            resource.setrlimit(resource.RLIMIT_NOFILE, (held[-1].fileno() + 1, hard))
            try:
                return [await broken(asker, server)]
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
                for one in held:
                    one.close()

        (found,) = asking(answering({}), asked)
        assert (found.kind, found.heard) == ("too-many-files", False)


class TestConnections:
    def test_one_is_used_again(self) -> None:
        async def thrice(asker: Client, server: Server) -> int:
            for _ in range(3):
                await body(asker, server)
            return server.connections

        assert asking(answering({}), thrice) == 1

    @pytest.mark.parametrize("size", [900_000, 1_100_000, 1_500_000, 4_000_000])
    def test_one_is_used_again_after_a_large_body(self, size: int) -> None:
        async def thrice(asker: Client, server: Server) -> int:
            for _ in range(3):
                assert len(await body(asker, server)) == size
            return server.connections

        assert asking(answering(b"x" * size), thrice) == 1

    def test_one_that_was_kept_open_and_then_closed_is_told_as_such(self) -> None:
        asked = 0

        async def once(_: Asked, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            asked += 1
            if asked == 1:
                writer.write(response(b"{}"))
            else:
                writer.close()

        async def twice(asker: Client, server: Server) -> Broken:
            await body(asker, server)
            return await broken(asker, server)

        found = asking(once, twice)
        assert found.kind == "closed"
        assert "kept open" in found.message

    def test_one_is_used_again_though_nobody_read_the_body(self) -> None:
        async def twice(asker: Client, server: Server) -> int:
            first = await asker.ask("POST", server.url, b"{}", None)
            await body(asker, server)
            assert await whole(first) == b"{}"
            return server.connections

        assert asking(answering({}), twice) == 1

    @pytest.mark.parametrize("header", ["Connection: close", "connection: Close"])
    def test_one_that_shall_be_closed_is_not(self, header: str) -> None:
        async def twice(asker: Client, server: Server) -> int:
            await body(asker, server)
            await body(asker, server)
            return server.connections

        assert asking(answering({}, headers=(header,)), twice) == 2

    def test_one_that_the_server_has_closed_is_not(self) -> None:
        async def twice(asker: Client, server: Server) -> int:
            await body(asker, server)
            await asyncio.sleep(0.05)
            await body(asker, server)
            return server.connections

        assert asking(pieces(response(b"{}"), close=True), twice) == 2

    def test_one_on_which_something_came_unasked_is_not(self) -> None:
        async def twice(asker: Client, server: Server) -> int:
            await body(asker, server)
            await asyncio.sleep(0.05)
            assert await body(asker, server) == b"{}"
            return server.connections

        late = response(b'{"late": 1}')
        assert asking(pieces(response(b"{}"), late), twice) == 2

    def test_one_that_has_been_idle_too_long_is_not(self) -> None:
        async def twice() -> int:
            async with serving(answering({})) as server, client(keep_alive=0.0) as asker:
                await body(asker, server)
                await asyncio.sleep(0.01)
                await body(asker, server)
                return server.connections

        assert go(twice()) == 2

    def test_no_more_than_allowed_are_used_at_a_time(self) -> None:
        now, highest = 0, 0

        async def counted(_: Asked, writer: asyncio.StreamWriter) -> None:
            nonlocal now, highest
            now += 1
            highest = max(highest, now)
            await asyncio.sleep(0.01)
            now -= 1
            writer.write(response(b"{}"))

        async def many() -> int:
            async with serving(counted) as server, client(most=3) as asker:
                await asyncio.gather(*(body(asker, server) for _ in range(12)))
                return server.connections

        assert go(many()) == 3
        assert highest == 3

    @pytest.mark.parametrize("begun", [b"", OK + b"Content-Length: 9\r\n\r\nhel"])
    def test_who_gives_up_frees_its_turn_and_its_connection(self, begun: bytes) -> None:
        first = True

        async def silent_at_first(_: Asked, writer: asyncio.StreamWriter) -> None:
            nonlocal first
            writer.write(begun if first else response(b"{}"))
            first = False

        async def impatient() -> tuple[bytes, int]:
            async with serving(silent_at_first) as server, client(most=1) as asker:
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.05):
                        answer = await asker.ask("POST", server.url, b"{}", None)
                        try:
                            await whole(answer)
                        finally:
                            answer.close()
                return await body(asker, server), server.connections

        assert go(impatient()) == (b"{}", 2)

    def test_a_broken_one_frees_its_turn(self) -> None:
        async def three_times() -> list[str]:
            async with serving(pieces(b"no HTTP\r\n\r\n")) as server, client(most=1) as asker:
                return [(await broken(asker, server)).kind for _ in range(3)]

        assert go(three_times()) == ["not-http"] * 3

    def test_the_next_address_of_a_host_is_tried(self) -> None:
        async def ask() -> bytes:
            async with serving(answering({"reply": "here"})) as server, client() as asker:
                # localhost is ::1 first on many machines, where this server does not listen
                url = server.url.replace("127.0.0.1", "localhost")
                return await whole(await asker.ask("POST", url, b"{}", None))

        assert go(ask()) == b'{"reply": "here"}'

    def test_closing_hangs_up_and_what_was_under_way_breaks(self) -> None:
        hung_up = asyncio.Event()

        async def listening(_: Asked, writer: asyncio.StreamWriter) -> None:
            await writer.wait_closed()
            hung_up.set()

        async def ask() -> str:
            async with serving(pieces(OK)) as server, client() as asker:
                waiting = asyncio.create_task(broken(asker, server))
                await asyncio.sleep(0.05)
                await asker.close()
                return (await waiting).kind

        assert go(ask()) == "closed"


def test_bytes_that_nobody_asked_for_close_a_connection() -> None:
    closed: list[Connection] = []

    async def ask() -> bool:
        async def greeting(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"Welcome\r\n")
            await writer.drain()

        server = await asyncio.start_server(greeting, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection("here", closed.append, closed.append), "127.0.0.1", port
        )
        while not closed:
            await asyncio.sleep(0.001)
        server.close()
        return connection.usable

    assert go(ask()) is False
    assert len(closed) == 1
