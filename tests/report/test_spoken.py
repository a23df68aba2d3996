"""A conversation in words and as data: everything that a reply is made of is told."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.plan import Call, CaseId, Message, Say
from chatbot_qa.domain.source import NOWHERE
from chatbot_qa.domain.transcript import (
    BotMessage,
    Card,
    Exchange,
    FaultNote,
    Media,
    Reply,
    ToolCall,
    Transcript,
    text_reply,
)
from chatbot_qa.domain.verdict import Ruling, Verdict
from chatbot_qa.report import bubbles, spoken
from tests.report.conftest import HOSTILE

RICH = Reply(
    (
        BotMessage(
            "Here you are.",
            ("Yes",),
            (
                Card(
                    "Shoes", "Red ones", ("Buy",), "https://a.example/1", "https://a.example/1.png"
                ),
            ),
            (Media("https://a.example/map.png", "image", "map"),),
        ),
    ),
    calls=(ToolCall("look_up", {"order": "A-1"}, {"state": "sent"}, "c1"),),
)


def said(reply: Reply | None, message: Message | None = None) -> Exchange:
    return Exchange(Say(message or Message("Hi")), reply, 0.0, 0.1)


def page(*exchanges: Exchange) -> str:
    transcript = Transcript("k", exchanges)
    verdict = Verdict(CaseId("s", "c"), "x", Ruling.PASSED, NOWHERE)
    return bubbles.page(verdict, bubbles.excerpt(verdict, [transcript]))


def test_every_part_in_words() -> None:
    assert spoken.answered(said(RICH)).split("\n") == [
        '(called look_up with {"order":"A-1"}, and got {"state":"sent"})',
        "Here you are. [Yes]",
        "(card: Shoes; Red ones; https://a.example/1; image https://a.example/1.png) [Buy]",
        "(image: map https://a.example/map.png)",
    ]


def test_silence_and_calls_alone() -> None:
    assert spoken.answered(said(Reply(()))) == "(nothing)"
    assert spoken.answered(said(Reply((), calls=(ToolCall("wait"),)))) == "(called wait)"
    fault = FaultNote("timeout", "no reply within 5 s")
    broken = Exchange(Say(Message("Hi")), None, 0.0, 5.0, fault)
    assert spoken.answered(broken) == "(no reply: no reply within 5 s)"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (Message("Hi"), "Hi"),
        (Message(click="Yes"), "[Yes]"),
        (Message("See", files=("/tmp/a.pdf", "/tmp/b.png")), "See (with a.pdf, b.png)"),
        (Message(files=("/tmp/a.pdf",)), "(with a.pdf)"),
        (Message(opens=True), "(says nothing: the bot speaks first)"),
        (Message(call=Call("https://a.example/u", "GET")), "(a request: GET https://a.example/u)"),
    ],
)
def test_what_the_user_sent(message: Message, words: str) -> None:
    assert spoken.heard(said(text_reply("ok"), message)) == words


def test_every_part_as_data() -> None:
    (told,) = spoken.data(Transcript("k", (said(RICH, Message("Hi", files=("/tmp/a",))),)))[
        "exchanges"
    ]
    assert told["files"] == ["/tmp/a"]
    assert told["reply"] == [
        {
            "text": "Here you are.",
            "buttons": ["Yes"],
            "cards": [
                {
                    "title": "Shoes",
                    "text": "Red ones",
                    "buttons": ["Buy"],
                    "url": "https://a.example/1",
                    "image": "https://a.example/1.png",
                }
            ],
            "media": [{"url": "https://a.example/map.png", "kind": "image", "name": "map"}],
        }
    ]
    assert told["calls"] == [
        {"name": "look_up", "arguments": {"order": "A-1"}, "result": {"state": "sent"}, "id": "c1"}
    ]


def test_a_long_address_is_cut() -> None:
    picture = Media("data:image/png;base64," + "A" * 5000, "image")
    words = spoken.of_media(picture)
    assert len(words) < 300
    assert words.endswith("…(4,822 more characters)")


def test_the_page_shows_every_part() -> None:
    shown = page(said(RICH))
    for part in ("Shoes", "Red ones", "https://a.example/1", "Buy", "Yes", "map", "called look_up"):
        assert part in shown
    assert "<img" not in shown
    assert "href" not in shown


def test_hostile_parts_are_text() -> None:
    card = Card(HOSTILE, HOSTILE, (HOSTILE,), "javascript:alert(1)", HOSTILE)
    reply = Reply(
        (BotMessage(HOSTILE, (HOSTILE,), (card,), (Media(HOSTILE, HOSTILE, HOSTILE),)),),
        calls=(ToolCall(HOSTILE, {HOSTILE: HOSTILE}, HOSTILE),),
    )
    shown = page(said(reply, Message(HOSTILE, files=(f"/tmp/{HOSTILE}",))))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown
    words = spoken.speech(Transcript("k", (said(reply),)))
    assert "\x1b" not in words
    assert "\u202e" not in words


def test_a_message_without_anything() -> None:
    assert "(nothing)" in page(said(Reply((BotMessage(""),))))
    assert "(nothing)" in page(said(Reply(())))
