"""What is sent and read in one answer: messages with parts, texts, forms, files, data."""

from __future__ import annotations

import re
from base64 import b64decode
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, Card, Media, Reply
from chatbot_qa.domain.values import Data, JsonPath
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.items import Items
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import DataCall, Messages, StartCall
from tests.targets.asking import PATIENCE, dialogue, fault, go, start
from tests.targets.fakes import Asked, Handler, Server, answering, by, serving

SECRETS = {"TOKEN": "bearer-of-news"}
TEXT = ("Content-Type: text/plain; charset=ISO-8859-1",)


def bot(url: str, **keys: Any) -> HttpTarget:
    return make(HttpOptions(url=url, **keys), Surroundings(secrets=SECRETS))


def replied(came: Any, headers: tuple[str, ...] = (), **keys: Any) -> Reply:
    """The reply that is read in this answer."""

    async def ask() -> Reply:
        async with serving(answering(came, headers=headers)) as server:
            return (await dialogue(bot(server.url, **keys), "Hi"))[0]

    return go(ask())


def faulty(handler: Handler, **keys: Any) -> Fault:
    async def ask() -> Fault:
        async with serving(handler) as server:
            return await fault(bot(server.url, **keys))

    return go(ask())


class TestSeveralMessages:
    def test_each_has_parts_of_its_own(self) -> None:
        answer = {
            "messages": [
                {"text": "Pick one", "buttons": [{"title": "Red"}, "Blue"]},
                {"content": "Or these", "quick_replies": ["None"]},
                "Plain",
                7,
                None,
                {"card": {"title": "Shoe", "subtitle": "Soft", "buttons": [{"label": "Buy"}]}},
                {"image": "https://x.test/a.png"},
            ]
        }
        assert replied(answer, messages=Messages()).messages == (
            BotMessage("Pick one", ("Red", "Blue")),
            BotMessage("Or these", ("None",)),
            BotMessage("Plain"),
            BotMessage("7"),
            BotMessage("", cards=(Card("Shoe", "Soft", ("Buy",)),)),
            BotMessage("", media=(Media("https://x.test/a.png", "image"),)),
        )

    def test_the_places_of_parts_can_be_said(self) -> None:
        answer = {
            "out": [
                {"t": ["Hi", "there"], "b": [{"x": {"n": "Yes"}}], "c": [{"title": "C"}], "m": "u"}
            ]
        }
        messages = Messages(
            path=JsonPath("$.out[*]"),
            text=JsonPath("$.t"),
            buttons=JsonPath("$.b[*].x.n"),
            cards=JsonPath("$.c"),
            media=JsonPath("$.m"),
        )
        assert replied(answer, messages=messages).messages == (
            BotMessage("Hi", ("Yes",), (Card("C"),), (Media("u"),)),
        )

    def test_buttons_beside_the_list_stand_under_the_last_message(self) -> None:
        answer = {"messages": [{"text": "a"}, {"text": "b", "buttons": ["x"]}], "more": ["y"]}
        found = replied(answer, messages=Messages(), buttons=JsonPath("$.more"))
        assert found.messages == (BotMessage("a"), BotMessage("b", ("x", "y")))

    @pytest.mark.parametrize(
        ("shape", "answer"),
        [
            ("plain", {"messages": []}),
            ("plain", {"messages": None}),
            ("rasa", []),
            ("bot-framework", {"activities": []}),
        ],
    )
    def test_an_empty_list_says_nothing(self, shape: Any, answer: Any) -> None:
        assert replied(answer, messages=Messages(shape=shape)) == Reply(())

    @pytest.mark.parametrize(
        ("shape", "answer", "kind", "words"),
        [
            ("plain", {"reply": "Hi"}, "no-reply-text", "nothing at $.messages in the answer; it "),
            ("plain", {"messages": {"x": 1}}, "unreadable-reply", "$.messages is no list of mess"),
            ("plain", {"error": "oh"}, "error-reply", "it has error"),
            ("rasa", {"status": "failure"}, "unreadable-reply", "$ is no list of messages"),
            ("bot-framework", {"id": "1"}, "no-reply-text", "nothing at $.activities"),
        ],
    )
    def test_no_list_at_all_is_a_fault(
        self, shape: Any, answer: Any, kind: str, words: str
    ) -> None:
        found = faulty(answering(answer), messages=Messages(shape=shape))
        assert found.note.kind == kind
        assert words in found.note.message

    def test_rasa(self) -> None:
        element = {
            "title": "Hat",
            "subtitle": "Warm",
            "image_url": "https://x.test/hat",
            "buttons": [{"type": "postback", "title": "Buy"}],
        }
        answer = [
            {"recipient_id": "1", "text": "Hey!"},
            {"recipient_id": "1", "image": "https://i.imgur.com/nGF1K8f.jpg"},
            {"recipient_id": "1", "text": "Sure?", "buttons": [{"title": "Yes", "payload": "/y"}]},
            {"recipient_id": "1", "custom": {"a": 1}},
            {
                "recipient_id": "1",
                "attachment": {
                    "type": "template",
                    "payload": {"template_type": "generic", "elements": [element]},
                },
            },
            {"attachment": {"type": "video", "payload": {"title": "T", "src": "https://x.test/v"}}},
        ]
        custom = {"custom": JsonPath("$[*].custom")}
        found = replied(answer, messages=Messages(shape="rasa"), data=custom)
        assert found.messages == (
            BotMessage("Hey!"),
            BotMessage("", media=(Media("https://i.imgur.com/nGF1K8f.jpg", "image"),)),
            BotMessage("Sure?", ("Yes",)),
            BotMessage(""),
            BotMessage("", cards=(Card("Hat", "Warm", ("Buy",), image="https://x.test/hat"),)),
            BotMessage("", media=(Media("https://x.test/v", "video"),)),
        )
        assert found.data == {"custom": [{"a": 1}]}

    def test_bot_framework(self) -> None:
        hero = {
            "contentType": "application/vnd.microsoft.card.hero",
            "content": {
                "title": "Room",
                "subtitle": "Sea view",
                "text": "80 a night",
                "images": [{"url": "https://x.test/r.png"}],
                "buttons": [{"type": "imBack", "title": "Book"}],
            },
        }
        adaptive = {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "type": "AdaptiveCard",
                "body": [
                    {"type": "TextBlock", "text": "Ticket"},
                    {
                        "type": "ColumnSet",
                        "columns": [{"items": [{"type": "Image", "url": "https://x.test/q"}]}],
                    },
                    {"type": "TextBlock", "text": "Seat 7"},
                    {"type": "ActionSet", "actions": [{"title": "Open"}]},
                ],
                "actions": [{"type": "Action.Submit", "title": "Cancel"}],
            },
        }
        picture = {
            "contentType": "image/png",
            "contentUrl": "https://x.test/p",
            "name": "plan.png",
        }
        user, robot = {"id": "qa", "role": "user"}, {"id": "b"}
        answer = {
            "activities": [
                {"type": "message", "from": user, "text": "Hi"},
                {"type": "typing", "from": robot},
                {
                    "type": "message",
                    "from": robot,
                    "text": "Look",
                    "suggestedActions": {"actions": [{"type": "imBack", "title": "More"}]},
                    "attachments": [hero, adaptive, picture],
                },
            ],
            "watermark": "3",
        }
        assert replied(answer, messages=Messages(shape="bot-framework")).messages == (
            BotMessage(
                "Look",
                ("More",),
                (
                    Card("Room", "Sea view\n80 a night", ("Book",), image="https://x.test/r.png"),
                    Card("Ticket", "Seat 7", ("Cancel", "Open"), image="https://x.test/q"),
                ),
                (Media("https://x.test/p", "image", "plan.png"),),
            ),
        )

    @pytest.mark.parametrize(
        ("media", "expected"),
        [
            ("https://x.test/a.mp3?x=1", Media("https://x.test/a.mp3?x=1", "audio")),
            ("https://x.test/a.pdf", Media("https://x.test/a.pdf", "file")),
            ({"url": "u", "type": "VIDEO"}, Media("u", "video")),
            ({"src": "u", "mimeType": "text/csv", "filename": "n"}, Media("u", "file", "n")),
            ("data:image/gif;base64,AAAA", Media("data:image/gif;base64,AAAA", "image")),
            ("http://[", Media("http://[")),
        ],
    )
    def test_kinds_of_media(self, media: Any, expected: Media) -> None:
        answer = {"messages": [{"media": [media, {"no": "address"}, 5]}]}
        (message,) = replied(answer, messages=Messages()).messages
        assert message.media == (expected,)


WORDS = re.findall(
    r"\w+",
    "text buttons card media attachments contentType content body items title image url type "
    "payload actions activities from role",
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(st.sampled_from(["plain", "rasa", "bot-framework"]), st.lists(json_values, max_size=4))
def test_whatever_a_bot_sends_becomes_messages_of_texts(shape: Any, sent: list[Any]) -> None:
    for message in Items(Messages(shape=shape))(sent):
        assert isinstance(message.text, str)
        assert all(isinstance(label, str) for label in message.buttons)
        for card in message.cards:
            assert card != Card("")
            assert all(isinstance(part, str) for part in (card.title, card.text, card.url))
        assert all(media.url and media.kind in KINDS for media in message.media)


KINDS = ("", "image", "audio", "video", "file")


def test_lists_within_lists_without_end_are_not_followed() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    block: Any = {"type": "TextBlock", "text": "deep"}
    for _ in range(300):
        block = {"items": [block]}
    kind = "application/vnd.microsoft.card.adaptive"
    card = {"contentType": kind, "content": {"body": [{"text": "top"}, block]}}
    answer = {"messages": [{"text": "a", "buttons": deep, "cards": [card]}]}
    (message,) = replied(answer, messages=Messages()).messages
    assert message == BotMessage("a", cards=(Card("top"),))


class TestTextAnswers:
    def test_the_body_is_the_reply(self) -> None:
        found = replied("Grüße\r\n".encode("latin-1"), TEXT, answer="text")
        assert found == Reply((BotMessage("Grüße"),))

    def test_nothing_is_nothing(self) -> None:
        assert replied(b"", TEXT, answer="text") == Reply(())

    def test_what_a_server_calls_html_can_be_a_text(self) -> None:
        kind = ("Content-Type: text/html; charset=UTF-8",)
        assert replied(b"<b>Hello</b>", kind, answer="text").text == "<b>Hello</b>"

    @pytest.mark.parametrize(
        ("body", "headers", "kind"),
        [
            (b"<html><title>Sign in</title>", (), "html"),
            (b"\xff\xfe\xfa", (), "not-text"),
            (b"x", ("Content-Type: text/plain; charset=none-such",), "not-text"),
        ],
    )
    def test_a_page_or_no_text_is_a_fault(
        self, body: bytes, headers: tuple[str, ...], kind: str
    ) -> None:
        assert faulty(answering(body, headers=headers), answer="text").note.kind == kind

    def test_an_error_is_a_fault(self) -> None:
        assert faulty(answering(b"Hello", "500 x"), answer="text").note.kind == "status"


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
        assert f"-F 'up=@{files[0]}'" in again
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


def test_requests_beside_the_conversation_have_headers_of_their_own() -> None:
    async def ask() -> Server:
        async with serving(by(lambda asked: {"reply": "ok", "id": "7"})) as server:
            call = StartCall(url=server.url + "/open", headers={"X-Key": "${secret:TOKEN}"})
            await dialogue(bot(server.url, session="server", start=call), "Hi")
            return server

    assert [one.headers.get("x-key") for one in go(ask()).asked] == ["bearer-of-news", None]
