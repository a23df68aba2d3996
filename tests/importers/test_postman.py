from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.importers.base import SourceFile, opened
from chatbot_qa.importers.postman import read

from .of import Read, source

DATA = Path(__file__).with_name("data")


@pytest.fixture(scope="module")
def shop() -> Read:
    path = DATA / "shop.postman_collection.json"
    file = opened(path, DATA, Path(path.name))
    assert isinstance(file, SourceFile)
    return Read(read, file)


def test_the_request_is_the_target(shop: Read) -> None:
    assert shop.suites[0]["target"] == {
        "kind": "http",
        "url": "https://bot.shop.example/chat",
        "body": {"sessionId": "${session}", "message": "${message}"},
        "query": {"verbose": "1"},
        "headers": {"X-Api-Key": "${secret:API_KEY}"},
        "reply": "$.answer.text",
        "data": {"intent": "$.intent", "ticket": "$.ticket"},
        "auth": {"bearer": "${secret:BOT_TOKEN}"},
    }


def test_a_folder_of_one_conversation_is_a_case(shop: Read) -> None:
    first, second = shop.turns
    assert first["say"] == "My order is ${order}. How long?"
    assert first["save"] == {"ticket": {"json_path": "$.ticket"}}
    assert first["expect"] == [
        {"latency": "2000ms"},
        {"contains": "30 days", "exactly": True},
        {"not_contains": "sorry", "exactly": True},
        {"json_path": "$.intent", "equals": "return_window"},
        {"matches": r"\d+ days", "ignore_case": True},
    ]
    assert second == {
        "say": "What about ${ticket}?",
        "expect": [{"contains": "T-", "exactly": True}],
    }


def test_what_needs_a_hand_is_told_at_its_line(shop: Read) -> None:
    assert [(note.line, note.element) for note in shop.notes if note.fate == "by-hand"] == [
        (13, "request"),
        (25, "prerequest script"),
        (41, "script"),
    ]


def test_no_secret_is_carried(shop: Read) -> None:
    told = str(shop.suites) + str(shop.notes)
    assert "sk-very-secret" not in told
    assert "hunter2" not in told


def _one(script: list[str], answer: str = "") -> dict[str, Any]:
    body = {"mode": "raw", "raw": '{"message": "Hi"}'}
    item = {
        "name": "Hi",
        "request": {"method": "POST", "url": "https://b.example/c", "body": body},
        "event": [{"listen": "test", "script": {"exec": script}}],
        "response": [{"body": answer}] if answer else [],
    }
    return {"info": {"name": "One"}, "item": [item]}


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("pm.test('x', () => pm.expect(pm.response.json().reply).to.eql('a'));", {"equals": "a"}),
        ('pm.expect(JSON.parse(responseBody).reply).to.contain("it\'s")', {"contains": "it's"}),
        ("pm.expect(pm.response.text()).to.include('x');", {"contains": "x"}),
    ],
)
def test_sentences_of_chai_are_checks(tmp_path: Path, line: str, check: dict[str, str]) -> None:
    found = Read(read, source(tmp_path, "c.json", json.dumps(_one([line]), indent=1)))
    assert found.turns[0]["expect"] == [{**check, "exactly": True}]


@pytest.mark.parametrize(
    "line",
    [
        "pm.expect(json.a.length).to.be.above(1);",
        "if (x) { pm.expect(1).to.eql(1) }",
        "pm.response.to.have.status(404);",
        "tests['x'] = responseBody.has('y');",
        "pm.expect(pm.response.json().reply).to.be.a('string');",
    ],
)
def test_programs_need_a_hand(tmp_path: Path, line: str) -> None:
    found = Read(read, source(tmp_path, "c.json", json.dumps(_one([line]), indent=1)))
    assert "expect" not in found.turns[0]
    (note,) = [one for one in found.notes if one.fate == "by-hand"]
    assert note.original == line


def test_an_answer_that_was_kept_tells_where_the_reply_stands(tmp_path: Path) -> None:
    text = json.dumps(_one([], '{"data": [{"text": "Hello"}]}'))
    found = Read(read, source(tmp_path, "c.json", text))
    assert found.suites[0]["target"]["reply"] == "$.data[0].text"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "early"),
        ("[1, 2", "early"),
        ("{}", "no items"),
        ('{"requests": [], "order": []}', "old format"),
    ],
)
def test_what_is_no_collection_is_refused(tmp_path: Path, text: str, word: str) -> None:
    found = Read(read, source(tmp_path, "c.json", text))
    (note,) = found.notes
    assert note.fate == "refused"
    assert word in note.words
