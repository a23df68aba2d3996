"""Chats and transcripts of the Bot Framework become cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_qa.importers.botframework import read
from chatbot_qa.importers.botframework_activity import read_transcript
from chatbot_qa.importers.botframework_chat import read_chat
from tests.importers.of import Read, source

HEAD = "user=Joe\nbot=Lula\n\n"


def chat(tmp_path: Path, text: str, **others: str) -> Read:
    return Read(read, source(tmp_path, "a.chat", HEAD + text, **others))


def transcript(tmp_path: Path, *activities: dict[str, Any]) -> Read:
    return Read(read, source(tmp_path, "a.transcript", json.dumps(activities, indent=1)))


def said(role: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "message", "from": {"id": role, "role": role}, "text": text, **more}


def test_a_chat_is_a_case(tmp_path: Path) -> None:
    made = chat(tmp_path, "bot: Hi!\nJoe: yo\n> a remark\nLULA:\nWhat\n* a\n* b\nuser: a\n")
    assert made.cases[0]["title"] == "a"
    assert made.turns == [
        {"bot_starts": True, "expect": [{"equals": "Hi!"}]},
        {"say": "yo", "expect": [{"equals": "What\n* a\n* b\n"}]},
        {"say": "a"},
    ]
    assert made.fates() == {}


def test_commands_of_a_message(tmp_path: Path) -> None:
    text = """\
user: show me
bot: Here
[Suggestions=One|Two]
[Attachment=logo.png]
[AttachmentLayout=carousel]
[Delay=3000]
user: [Delay=1500]One
bot: [a note] stays
"""
    made = chat(tmp_path, text)
    assert made.turns == [
        {
            "say": "show me",
            "expect": [
                {"equals": "Here"},
                {"buttons": ["One", "Two"]},
                {"media": {"kind": "image", "at_least": 1}},
            ],
        },
        {"pause": "1.5s", "say": "One", "expect": [{"equals": "[a note] stays"}]},
    ]
    assert made.fates() == {5: "approximated", 7: "approximated", 8: "approximated"}


def test_cards(tmp_path: Path) -> None:
    text = """\
user: cards
bot: [Typing]
bot: [Herocard
  title=Cheese
  subtitle=Hero
  text=A long text,
    on two lines
  buttons=One| Two]
[ThumbnailCard=
  Title=Thumb
]
bot: [Attachment=cards\\\\form.json adaptivecard]
bot: [Attachment=cards/none.json adaptivecard]
"""
    form = json.dumps(
        {
            "type": "AdaptiveCard",
            "body": [{"type": "TextBlock", "text": "When?"}],
            "actions": [{"type": "Action.Submit", "title": "Go", "data": {"x": 1}}],
        }
    )
    text = text.replace("\\\\", "\\")
    made = chat(tmp_path, text, **{"cards/form.json": form})
    (turn,) = made.turns
    assert turn["expect"] == [
        {
            "messages": [
                {
                    "cards": [
                        {
                            "title": "Cheese",
                            "text": "A long text,\non two lines\n",
                            "buttons": ["One", "Two"],
                        },
                        {"title": "Thumb"},
                    ]
                },
                {"cards": [{"title": "When?", "buttons": ["Go"]}]},
                {"cards": {"count": 1}},
            ]
        }
    ]
    assert made.fates() == {5: "approximated", 15: "approximated", 16: "approximated"}


def test_several_users_have_sessions_of_their_own(tmp_path: Path) -> None:
    text = """\
users=Tom,Sam
bot=Yo

Tom: hi
bot: Hi Tom
[ConversationUpdate=
  Added=Sam]
bot->Sam: Hi Sam
Sam: bye
bot: Bye Sam
bot->Tom: still there?
[ConversationUpdate=Removed=Sam]
"""
    made = Read(read, source(tmp_path, "a.chat", text))
    assert made.cases[0]["users"] == ["Tom", "Sam"]
    assert made.turns == [
        {"as": "Tom", "say": "hi", "expect": [{"equals": "Hi Tom"}]},
        {"as": "Sam", "bot_starts": True, "expect": [{"equals": "Hi Sam"}]},
        {"as": "Sam", "say": "bye", "expect": [{"equals": "Bye Sam"}]},
    ]
    assert made.fates() == {6: "approximated", 11: "by-hand", 12: "by-hand"}


def test_a_transcript_is_a_case(tmp_path: Path) -> None:
    hero = {
        "contentType": "application/vnd.microsoft.card.hero",
        "content": {"title": "T", "text": "words", "buttons": [{"title": "B", "value": {"a": 1}}]},
    }
    made = transcript(
        tmp_path,
        {"type": "conversationUpdate", "membersAdded": [{"id": "user"}]},
        said("bot", "Welcome"),
        said("user", "hi"),
        {"type": "typing", "from": {"role": "bot"}},
        {"type": "trace", "from": {"role": "bot"}, "value": {"deep": 1}},
        said("bot", "Look", attachments=[hero]),
        said("bot", "Ok?", suggestedActions={"actions": [{"title": "Yes"}]}),
        {"type": "delay", "value": 2000},
        said("user", value={"a": 1, "typed": "x"}),
        said("bot", attachments=[{"contentType": "image/png", "contentUrl": "https://x/y.png"}]),
        said("user", value={"b": 2}),
    )
    assert made.turns == [
        {"bot_starts": True, "expect": [{"equals": "Welcome"}]},
        {
            "say": "hi",
            "expect": [
                {
                    "messages": [
                        {
                            "equals": "Look",
                            "cards": [{"title": "T", "text": "words", "buttons": ["B"]}],
                        },
                        {"equals": "Ok?", "buttons": ["Yes"]},
                    ]
                }
            ],
        },
        {
            "pause": "2s",
            "say": '{"a": 1, "typed": "x"}',
            "expect": [{"media": {"kind": "image", "at_least": 1}}],
        },
        {"say": '{"b": 2}'},
    ]


def test_a_press_on_a_card_is_a_click(tmp_path: Path) -> None:
    card = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": {
            "type": "AdaptiveCard",
            "body": [
                {"type": "TextBlock", "text": "Items"},
                {
                    "type": "Column",
                    "items": [{"type": "TextBlock", "text": "Add"}],
                    "selectAction": {"type": "Action.Submit", "data": {"do": "add"}},
                },
            ],
        },
    }
    made = transcript(
        tmp_path,
        said("user", "hi"),
        said("bot", attachments=[card]),
        said("user", value={"do": "add", "text": "milk"}),
        said("bot", "Added"),
    )
    assert made.turns[0]["expect"] == [{"cards": [{"title": "Items", "buttons": ["Add"]}]}]
    assert made.turns[1] == {"click": "Add", "expect": [{"equals": "Added"}]}


def test_what_answers_an_event_needs_a_hand(tmp_path: Path) -> None:
    made = transcript(
        tmp_path,
        said("user", "hi"),
        said("bot", "hello"),
        {"type": "event", "name": "tokens/response", "from": {"role": "user"}},
        said("bot", "signed in"),
        said("user", "thanks"),
        said("bot", "bye"),
        {"type": "messageReaction", "from": {"role": "user"}},
    )
    assert [turn["expect"] for turn in made.turns] == [[{"equals": "hello"}], [{"equals": "bye"}]]
    assert [note.fate for note in made.notes if note.fate != "carried"] == ["by-hand"] * 3


def test_roles_are_told_by_the_accounts(tmp_path: Path) -> None:
    update = {
        "type": "conversationUpdate",
        "from": {"id": "1"},
        "recipient": {"id": "2", "role": "bot"},
    }
    made = transcript(
        tmp_path,
        update,
        {"type": "message", "from": {"id": "2"}, "text": "hello"},
        {"type": "message", "from": {"id": "1"}, "text": "hi"},
    )
    assert made.turns == [
        {"bot_starts": True, "expect": [{"equals": "hello"}]},
        {"say": "hi"},
    ]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.transcript", '[\n {"type": ', 2),
        ("a.transcript", "{}", 1),
        ("a.transcript", "[1,\n 2]", 1),
        ("a.transcript", '[{"from": 1}]', 1),
        ("a.transcript", "[]", 1),
        ("a.chat", "", 1),
        ("a.chat", "user=Joe=x\n", 1),
        ("a.chat", "who says this\n", 1),
        ("a.chat", "user=a\nbot=b\na: x\n[ConversationUpdate=\nGone=a]", 4),
        ("a.chat", "user=a\nbot=b\na: x\n[Delay=soon]", 4),
    ],
)
def test_what_the_tools_refuse_is_refused_at_its_line(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    made = Read(read, source(tmp_path, name, text))
    refused = [note for note in made.notes if note.fate == "refused"]
    assert [note.line for note in refused][:1] == [line]
    assert all(note.words for note in refused)


def test_a_truncated_transcript_is_never_a_traceback() -> None:
    text = json.dumps([said("user", "hi"), said("bot", "ho", value={"a": [1, None, True]})])
    for end in range(len(text)):
        assert read_transcript(text[:end])


PIECES = st.one_of(
    st.sampled_from(
        [
            *("user:", "bot:", "Joe->bot:", "bot->Sue:", "[Typing]", "[Delay=", "]", "["),
            *("\n", "user=x\n", "[ConversationUpdate=", "Added=Sue", "[Herocard\n"),
            *("title=x", "buttons=a|b", "|", "${x}", "[Attachment=", "a.png"),
            *("cards/x.json", " adaptivecard", "[Suggestions="),
        ]
    ),
    st.text(max_size=6),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, max_size=16))
def test_whatever_a_chat_holds_is_told_and_never_a_traceback(
    tmp_path: Path, pieces: list[str]
) -> None:
    text = "".join(pieces).replace("\r", "").encode("utf-8", "replace").decode()
    made = Read(read, source(tmp_path, "x.chat", text))
    assert made.notes
    assert all(1 <= note.line <= text.count("\n") + 1 for note in made.notes)
    assert not [note for note in made.lost if "please report" in note.words]


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    *("type", "from", "role", "text", "value", "attachments", "content"),
                    *("contentType", "body", "title", "suggestedActions", "actions"),
                    *("membersAdded", "name", "id", "data"),
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=16,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(JSON, max_size=4))
def test_whatever_a_transcript_holds_is_told(tmp_path: Path, activities: list[Any]) -> None:
    known = [
        {"type": "message", "from": {"role": "user"}, **one} if isinstance(one, dict) else one
        for one in activities
    ]
    made = Read(read, source(tmp_path, "x.transcript", json.dumps(known)))
    assert made.notes
    assert not [note for note in made.lost if "please report" in note.words]


@given(st.text(max_size=80))
def test_garbage_is_read(text: str) -> None:
    assert all(one.line >= 1 for one in read_transcript(text))
    read_chat(text)
