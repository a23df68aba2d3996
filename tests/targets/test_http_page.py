"""Every example of docs/http.md is read without a complaint, and talks to a bot as shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml
from jsonschema import Draft202012Validator

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.registry import Registry
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.schema import config_schema
from chatbot_qa.spec.targets import secrets_in
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.http import make
from chatbot_qa.targets.http.options import HttpOptions
from tests.readme import ROOT, Block, blocks
from tests.targets.asking import PATIENCE, go, start
from tests.targets.fakes import Asked, answering, response, serving

PAGE = ROOT / "docs" / "http.md"
PLAIN = b'{"reply": "Hello"}'


def examples() -> Iterator[tuple[Block, Block | None]]:
    """Each configuration with the answer that stands below it."""
    found = [block for block in blocks(PAGE) if block.language != "python"]
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.language == "yaml":
            yield block, after if after is not None and after.language != "yaml" else None


EXAMPLES = {f"line {block.line}": (block, answer) for block, answer in examples()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the configuration stands, with the files that it names."""
    for block in blocks(PAGE):
        if "file" in block.marks:
            (tmp_path / block.marks["file"]).write_text(block.text)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "company-ca.pem"))
    own = authority.issue_cert("qa@example.com")
    own.cert_chain_pems[0].write_to_path(str(tmp_path / "qa.pem"))
    own.private_key_pem.write_to_path(str(tmp_path / "qa.key"))
    return tmp_path


def options_of(text: str, folder: Path) -> HttpOptions:
    """The options of the one target that a configuration names."""
    path = folder / "chatbot-qa.yaml"
    path.write_text(text, encoding="utf-8")
    config, wrong = load_config(path, Registry())
    assert wrong == ()
    (settings,) = config.targets.values()
    assert isinstance(settings.options, HttpOptions)
    return settings.options


def secrets_of(options: HttpOptions) -> Mapping[str, str]:
    return {name: f"value of {name}" for name in secrets_in(options)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_and_asked_as_it_stands(name: str, folder: Path) -> None:
    block, answer = EXAMPLES[name]
    options_of(block.text, folder)  # as it is printed, addresses and all

    async def handle(asked: Asked, writer: asyncio.StreamWriter) -> None:
        body = PLAIN if answer is None else answer.text.encode()
        kind = ()
        if asked.path == "/token":
            body = b'{"access_token": "a-token-of-length", "expires_in": 60}'
        elif asked.path.endswith("/tracker"):
            body = b'{"slots": {"size": "M"}, "latest_message": {"intent": {"name": "order"}}}'
        elif "watermark=1" in asked.path:
            body = b'{"activities": [], "watermark": "1"}'
        elif answer is not None and answer.language == "text":
            kind = ("Content-Type: text/event-stream",)
        writer.write(response(body, headers=kind))

    async def ask() -> tuple[Reply, list[Asked]]:
        async with serving(handle) as server:
            text = re.sub(r"https?://[\w.]+(:\d+)?", server.url, block.text)
            text = re.sub(r"(complete_after|every): \w+", r"\1: 50ms", text)
            options = options_of(text, folder)
            target = make(options, Surroundings(str(folder), secrets_of(options)))
            session = await target.open(start())
            deadline = asyncio.get_running_loop().time() + PATIENCE
            if options.greeting is not None:
                assert (await session.say(Message(opens=True), deadline)).messages
            files = (str(folder / "chatbot-qa.yaml"),) if options.file or options.file_field else ()
            reply = await session.say(Message("Hi", files=files), deadline)
            again = session.again()
            await session.close()
            await target.close()
            assert not any(value in again for value in secrets_of(options).values())
            return reply, server.asked

    reply, asked = go(ask())
    assert reply.text
    assert any(b"Hi" in one.body or "Hi" in one.path for one in asked)
    if answer is not None and '"data"' not in answer.text:
        shown = re.findall(r'"(?:buttons|chips|products)"', answer.text)
        parts = [message for message in reply.messages if message.buttons or message.cards]
        assert bool(parts) == bool(shown)
    options = options_of(block.text, folder)
    wanted = {*options.data, *(options.data_request.data if options.data_request else ())}
    assert reply.data.keys() == wanted


@pytest.mark.parametrize("name", EXAMPLES)
def test_editors_know_the_keys_of_an_example(name: str) -> None:
    validator = Draft202012Validator(config_schema(Registry()))
    data = yaml.load(EXAMPLES[name][0].text, yaml.BaseLoader)
    assert [error.message for error in validator.iter_errors(data)] == []


def test_every_key_stands_in_an_example_or_is_told_of() -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [
        field.name
        for field in fields(HttpOptions)
        if not re.search(rf"\b{field.name}: ", text) and not re.search(rf"\b{field.name}:\n", text)
    ]
    assert missing == ["verify", "max_reply"], "these two need no example"


def test_an_example_that_is_wrong_would_be_noticed(folder: Path) -> None:
    with pytest.raises(AssertionError):
        options_of("targets:\n  mine:\n    kind: http\n    url: x\n    no_such_key: 1\n", folder)


def test_a_bot_that_speaks_otherwise_would_be_noticed() -> None:
    handler: Any = answering({"answer": "Hi"})

    async def ask() -> None:
        async with serving(handler) as server:
            target = make(HttpOptions(url=server.url), Surroundings())
            session = await target.open(start())
            with pytest.raises(Exception, match=r"nothing at \$\.reply"):
                await session.say(Message("Hi"), PATIENCE)
            await target.close()

    go(ask())
