"""What goes along with a message: forms, files, headers; and requests for more after it."""

from __future__ import annotations

from base64 import b64decode
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.domain.values import Data, JsonPath
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import DataCall, StartCall
from tests.targets.asking import PATIENCE, dialogue, go, start
from tests.targets.fakes import Asked, Handler, Server, answering, by, serving

SECRETS = {"TOKEN": "bearer-of-news"}


def bot(url: str, **keys: Any) -> HttpTarget:
    return make(HttpOptions(url=url, **keys), Surroundings(secrets=SECRETS))


def sent(message: Message, **keys: Any) -> tuple[Asked, str]:
    """The request that this message makes, and its curl line."""

    async def ask() -> tuple[Asked, str]:
        async with serving(by(lambda asked: {"reply": "ok"})) as server:
            target = bot(server.url + "/say", **keys)
            session = await target.open(start())
            await session.say(message, PATIENCE)
            again = session.again()
            await target.close()
            return server.asked[0], again

    return go(ask())


FORM = {"q": "${message}", "who": "${session}", "key": "k-${secret:TOKEN}", "c": "${click}"}


class TestForms:
    def test_is_urlencoded(self) -> None:
        asked, again = sent(Message(text="a&b=ü"), form=FORM)
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        fields = parse_qs(asked.body.decode())
        assert fields["q"] == ["a&b=ü"]
        assert fields["key"] == ["k-bearer-of-news"]
        assert set(fields) == {"q", "who", "key"}, "what has no value is left out"
        assert "bearer-of-news" not in again

    def test_the_authors_content_type_stands(self) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
        asked, _ = sent(Message(text="a"), form=FORM, headers=headers)
        assert asked.headers["content-type"] == headers["content-type"]


class TestFiles:
    @pytest.fixture
    def files(self, tmp_path: Path) -> tuple[str, ...]:
        (tmp_path / 'a "b".png').write_bytes(b"\x89PNG\r\n\0--x")
        (tmp_path / "b.unknown-kind").write_bytes(b"")
        return tuple(str(path) for path in sorted(tmp_path.iterdir()))

    def test_go_into_a_multipart_form(self, files: tuple[str, ...]) -> None:
        form = {"m": "${message}", "key": "${secret:TOKEN}"}
        asked, again = sent(Message(text="ü", files=files), form=form, file_field="up")
        head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
        parts = list(message_from_bytes(head + asked.body, policy=HTTP).iter_parts())
        read = [
            (
                part.get_param("name", header="content-disposition"),
                part.get_filename(),
                part.get_content_type(),
                part.get_payload(decode=True),
            )
            for part in parts
        ]
        assert read == [
            ("m", None, "text/plain", "ü".encode()),
            ("key", None, "text/plain", b"bearer-of-news"),
            ("up", "a %22b%22.png", "image/png", b"\x89PNG\r\n\0--x"),
            ("up", "b.unknown-kind", "application/octet-stream", b""),
        ]
        assert f"-F up=@{files[1]}" in again
        assert "--form-string" in again
        assert "multipart/form-data" not in again
        assert "bearer-of-news" not in again

    def test_a_form_with_a_file_field_is_always_multipart(self) -> None:
        asked, _ = sent(Message(text="Hi"), form={"m": "${message}"}, file_field="up")
        assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
        assert b'name="m"\r\n\r\nHi\r\n' in asked.body

    def test_go_into_json_as_base64(self, files: tuple[str, ...]) -> None:
        body = Data({"m": "${message}", "files": "${files}"})
        asked, _ = sent(Message(text="Look", files=files), body=body)
        first, second = asked.json["files"]
        assert (first["name"], first["type"]) == ('a "b".png', "image/png")
        assert b64decode(first["data"]) == b"\x89PNG\r\n\0--x"
        assert second == {"name": "b.unknown-kind", "type": "application/octet-stream", "data": ""}
        assert sent(Message(text="Hi"), body=body)[0].json == {"m": "Hi"}

    def test_are_described_as_the_bot_wants_it(self, files: tuple[str, ...]) -> None:
        file = Data({"contentUrl": "data:${type};base64,${data}", "n": "${name}"})
        body = Data({"m": "${message}", "attachments": "${files}"})
        asked, _ = sent(Message(text="Look", files=files[1:]), body=body, file=file)
        assert asked.json["attachments"] == [
            {"contentUrl": "data:application/octet-stream;base64,", "n": "b.unknown-kind"}
        ]

    @pytest.mark.parametrize(
        ("keys", "kind"),
        [({}, "no-files"), ({"form": {"m": "${message}"}, "file_field": "f"}, "no-file")],
    )
    def test_what_cannot_be_sent_is_a_fault(self, keys: dict[str, Any], kind: str) -> None:
        with pytest.raises(Fault) as told:
            sent(Message(text="Hi", files=("/no/such/file",)), **keys)
        assert told.value.note.kind == kind


class TestDataRequests:
    def _ask(self, tracker: Handler | None = None, **keys: Any) -> tuple[list[Reply], Server]:
        async def handle(asked: Asked, writer: Any) -> None:
            if asked.path == "/chat":
                await answering({"reply": "ok", "intent": "greet"})(asked, writer)
            elif tracker is not None:
                await tracker(asked, writer)

        async def ask() -> tuple[list[Reply], Server]:
            async with serving(handle) as server:
                call = DataCall(
                    url=server.url + "/tracker/${session}",
                    headers={"X-Key": "${secret:TOKEN}"},
                    data={"slots": JsonPath("$.slots"), "none": JsonPath("$.nothing")},
                )
                intent = {"intent": JsonPath("$.intent"), "slots": JsonPath("$.none")}
                target = bot(server.url + "/chat", data_request=call, data=intent, **keys)
                return await dialogue(target, "Hi", "Ho"), server

        return go(ask())

    def test_what_the_bot_knows_is_asked_after_each_reply(self) -> None:
        replies, server = self._ask(by(lambda asked: {"slots": {"path": asked.path}}))
        session = server.asked[0].json["session_id"]
        assert [one.path for one in server.asked] == ["/chat", f"/tracker/{session}"] * 2
        assert server.asked[1].method == "GET"
        assert server.asked[1].headers["x-key"] == "bearer-of-news"
        known = {"intent": "greet", "slots": {"path": f"/tracker/{session}"}}
        assert [reply.data for reply in replies] == [known, known]
        assert replies[0].text == "ok"

    @pytest.mark.parametrize("status", ["500 x", "429 x", "404 x"])
    def test_that_it_fails_has_no_message_sent_twice(self, status: str) -> None:
        with pytest.raises(Fault) as told:
            self._ask(answering(b"no", status))
        assert not told.value.safe_to_retry
        assert "/tracker/" in told.value.note.again
        assert "bearer-of-news" not in told.value.note.again


def test_no_compression_is_asked_for_unless_a_header_says_so() -> None:
    plain, _ = sent(Message(text="hi"))
    asked, _ = sent(Message(text="hi"), headers={"Accept-Encoding": "gzip"})
    assert "accept-encoding" not in plain.headers
    assert plain.headers["accept"] == asked.headers["accept"]
    assert asked.headers["accept-encoding"] == "gzip"


def test_requests_beside_the_conversation_have_headers_of_their_own() -> None:
    async def ask() -> Server:
        async with serving(by(lambda asked: {"reply": "ok", "id": "7"})) as server:
            call = StartCall(url=server.url + "/open", headers={"X-Key": "${secret:TOKEN}"})
            await dialogue(bot(server.url, session="server", start=call), "Hi")
            return server

    assert [one.headers.get("x-key") for one in go(ask()).asked] == ["bearer-of-news", None]
