"""How a conversation begins, what goes along with it, and what a missing key is told as."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from chatbot_qa.domain.plan import Line, Message, Opening
from chatbot_qa.targets.base import Fault, Surroundings
from chatbot_qa.targets.openai import OpenAIOptions, make
from tests.targets.asking import fault, go
from tests.targets.fakes import answering, by, chunked, serving
from tests.targets.openai_wire import (
    PIECES,
    completion,
    hold,
    hold_fault,
    lines_of,
    stream,
)

PLAIN = answering(completion({"content": "x"}))
OPENS = Message(opens=True)


class TestBeginnings:
    def test_what_was_said_before_goes_before(self) -> None:
        opening = Opening(system="S", history=(Line("user", "Hi"), Line("bot", "Hello!")))
        _, server = hold(PLAIN, opening, "Well?")
        assert lines_of(server) == [
            {"role": "system", "content": "S"},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello!"},
            {"role": "user", "content": "Well?"},
        ]

    def test_a_bot_opens_by_its_prompt_alone(self) -> None:
        replies, server = hold(
            by(lambda asked: completion({"content": f"#{len(asked.json['messages'])}"})),
            Opening(system="Greet."),
            OPENS,
            "Hi",
        )
        assert [reply.text for reply in replies] == ["#1", "#3"]
        assert server.asked[0].json["messages"] == [{"role": "system", "content": "Greet."}]
        assert [line["content"] for line in lines_of(server)] == ["Greet.", "#1", "Hi"]

    def test_a_bot_goes_on_from_what_was_said_before(self) -> None:
        _, server = hold(PLAIN, Opening(history=(Line("user", "Hi"),)), OPENS)
        assert lines_of(server) == [{"role": "user", "content": "Hi"}]

    @pytest.mark.parametrize(("api", "key"), [("chat", "messages"), ("responses", "input")])
    def test_a_bot_that_speaks_up_later_knows_what_was_said(self, api: str, key: str) -> None:
        body = completion({"content": "x"}) | {"output": [{"type": "message", "content": "x"}]}
        _, server = hold(answering(body), Opening(system="S"), "Hi", OPENS, api=api)
        spoken = [line for line in lines_of(server, key) if line["role"] != "system"]
        assert [line["role"] for line in spoken] == ["user", "assistant"]

    @pytest.mark.parametrize("api", ["chat", "responses"])
    def test_nothing_to_send_is_a_fault(self, api: str) -> None:
        found = hold_fault(PLAIN, Opening(), OPENS, api=api)
        assert found.note.kind == "no-greeting"
        assert "give a system prompt" in found.note.message
        assert not found.safe_to_retry


PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("shirt.png", "note.pdf", "cry.wav", "song.mp3", "thing"):
        (tmp_path / name).write_bytes(PNG)
    return tmp_path


DATA = base64.b64encode(PNG).decode()


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "part"),
        [
            (
                "shirt.png",
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DATA}"}},
            ),
            (
                "note.pdf",
                {
                    "type": "file",
                    "file": {
                        "filename": "note.pdf",
                        "file_data": f"data:application/pdf;base64,{DATA}",
                    },
                },
            ),
            ("cry.wav", {"type": "input_audio", "input_audio": {"data": DATA, "format": "wav"}}),
            ("song.mp3", {"type": "input_audio", "input_audio": {"data": DATA, "format": "mp3"}}),
            (
                "thing",
                {
                    "type": "file",
                    "file": {
                        "filename": "thing",
                        "file_data": f"data:application/octet-stream;base64,{DATA}",
                    },
                },
            ),
        ],
    )
    def test_a_file_goes_along_as_its_type_does(self, name: str, part: Any, folder: Path) -> None:
        message = Message("What is this?", files=(str(folder / name),))
        _, server = hold(PLAIN, Opening(), message, "And now?")
        assert lines_of(server)[0] == {
            "role": "user",
            "content": [{"type": "text", "text": "What is this?"}, part],
        }
        assert lines_of(server)[2] == {"role": "user", "content": "And now?"}

    def test_the_responses_api_has_names_of_its_own(self, folder: Path) -> None:
        names = ("shirt.png", "note.pdf", "cry.wav")
        message = Message("Look", files=tuple(str(folder / name) for name in names))
        body = {"output": [{"type": "message", "content": "I see"}]}
        _, server = hold(answering(body), Opening(), message, api="responses")
        assert lines_of(server, "input")[0]["content"] == [
            {"type": "input_text", "text": "Look"},
            {
                "type": "input_image",
                "detail": "auto",
                "image_url": f"data:image/png;base64,{DATA}",
            },
            {
                "type": "input_file",
                "filename": "note.pdf",
                "file_data": f"data:application/pdf;base64,{DATA}",
            },
            {"type": "input_audio", "input_audio": {"data": DATA, "format": "wav"}},
        ]

    def test_a_file_alone_is_a_message(self, folder: Path) -> None:
        _, server = hold(PLAIN, Opening(), Message(files=(str(folder / "shirt.png"),)))
        assert [part["type"] for part in lines_of(server)[0]["content"]] == ["image_url"]

    def test_a_file_that_is_not_there_is_a_fault(self, folder: Path) -> None:
        found = hold_fault(PLAIN, Opening(), Message("x", files=(str(folder / "gone.png"),)))
        assert found.note.kind == "no-file"
        assert "gone.png" in found.note.message


class TestMissingKeys:
    def _refused(self, status: str = "401 Unauthorized", **keys: Any) -> Fault:
        body = {"error": {"message": "Incorrect API key provided: None"}}

        async def run() -> Fault:
            async with serving(answering(body, status)) as server:
                options = OpenAIOptions(base_url=server.url, model="m", **keys)
                return await fault(make(options, Surroundings(secrets={"OTHER": "other-key"})))

        return go(run())

    @pytest.mark.parametrize("stream", [False, True])
    def test_that_none_was_sent_is_told(self, stream: bool) -> None:
        found = self._refused(stream=stream)
        assert found.note.kind == "status"
        assert "Incorrect API key provided: None" in found.note.message
        assert found.note.message.endswith("no key was sent, as OPENAI_API_KEY is not set")

    def test_an_empty_key_is_told(self) -> None:
        assert self._refused(api_key="").note.message.endswith("as api_key: is empty")

    @pytest.mark.parametrize(
        "keys", [{"api_key": "${secret:OTHER}"}, {"headers": {"Authorization": "Basic eA=="}}]
    )
    def test_a_key_that_was_sent_is_not_missing(self, keys: Any) -> None:
        assert "no key was sent" not in self._refused(**keys).note.message


class TestStreamsUnderOtherNames:
    def test_a_stream_that_does_not_say_so_is_read(self) -> None:
        replies, _ = hold(chunked([stream(*PIECES)], "text/plain"), Opening(), stream=True)
        assert replies[0].text == "Grüße, 👋 Anna"
        assert replies[0].first_token is None

    def test_one_that_is_cut_is_a_fault(self) -> None:
        handler = chunked([stream(*PIECES[:2], end="")], "text/plain")
        assert hold_fault(handler, Opening(), stream=True).note.kind == "cut"
