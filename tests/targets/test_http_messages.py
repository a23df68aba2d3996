"""What is read in one answer: messages with parts, and texts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.transcript import BotMessage, Card, Media, Reply
from chatbot_qa.domain.values import JsonPath
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.http import HttpTarget, make
from chatbot_qa.targets.http.items import Items
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.parts import Messages
from tests.targets.asking import dialogue, fault, go
from tests.targets.fakes import Handler, answering, serving

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
                {"text": 8},
                {"card": {"title": "Shoe", "subtitle": "Soft", "buttons": [{"label": "Buy"}]}},
                {"image": "https://x.test/a.png"},
            ]
        }
        assert replied(answer, messages=Messages()).messages == (
            BotMessage("Pick one", ("Red", "Blue")),
            BotMessage("Or these", ("None",)),
            BotMessage("Plain"),
            BotMessage("7"),
            BotMessage("8"),
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
