"""The target ``openai``: everything that speaks OpenAI's chat completions or its Responses API.

    kind: openai
    base_url: http://localhost:8000/v1
    model: my-model

The whole conversation goes along with each message; the server keeps nothing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson

from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Busy, Fault, Start, Surroundings, target
from chatbot_qa.targets.explain import error_code, json_of
from chatbot_qa.targets.openai.answers import Answered, error_in, line
from chatbot_qa.targets.openai.options import (
    DEFAULT_KEY,
    KEY,
    OpenAIOptions,
    address,
    identity,
    key_header,
    place,
    settings,
)
from chatbot_qa.targets.openai.session import OpenAISession
from chatbot_qa.targets.template import resolve
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import (
    Answer,
    Request,
    as_written,
    credentials,
    first_words,
    in_address,
    with_defaults,
)
from chatbot_qa.targets.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chatbot_qa.targets.openai.answers import Api
    from chatbot_qa.targets.openai.tools import Toolbox

_SIGNS_IN = ("authorization", "api-key")


class OpenAITarget:
    """A model behind the OpenAI wire; see ``OpenAIOptions``."""

    local = False

    def __init__(self, options: OpenAIOptions, surroundings: Surroundings) -> None:
        secrets = surroundings.secrets
        self.options = options
        self.url = address(options)
        asked = settings(options)
        self.api = _api(options, asked)
        self._asked = asked
        own = credentials(options.headers, secrets, "headers", headers=True)
        defaults = {"Content-Type": "application/json", "Accept": "application/json"}
        written = {**own.written, **in_address(self.url, secrets)}
        given = options.api_key
        if given == DEFAULT_KEY and KEY not in secrets:
            given = ""
        if key := resolve(given, secrets, "api_key"):
            written |= as_written("api_key", given, key)
            defaults |= key_header(options, key)
        headers = with_defaults(own.values, defaults)
        self._signs_in = any(name.lower() in _SIGNS_IN for name in headers)
        digest = blake2b(orjson.dumps(identity(options, asked)), digest_size=6).hexdigest()
        self.fingerprint = f"openai {place(options)} {options.model} {digest}"
        self.transport = Transport(
            options, headers, {**secrets, **written}, surroundings.in_flight, surroundings.folder
        )
        self._folder = surroundings.folder
        self._workers = Workers()

    async def open(self, start: Start) -> OpenAISession:
        """Begin a conversation; nothing is sent before its first message."""
        opening = start.opening
        toolbox = self._toolbox(start) if opening.tools else None
        return OpenAISession(self, self._api_at(opening.temperature), opening, toolbox)

    def _api_at(self, temperature: float | None) -> Api:
        """The API with the temperature that a suite sets, if it sets one."""
        if temperature is None:
            return self.api
        return _api(self.options, {**self._asked, "temperature": temperature})

    def _toolbox(self, start: Start) -> Toolbox:
        from chatbot_qa.targets.openai.tools import Toolbox

        return Toolbox(start.opening.tools, self._folder, self._workers)

    def read_whole(self, answer: Answer, request: Request) -> Answered:
        """What was answered; raises ``Busy`` or ``Fault`` where nothing was."""
        if answer.status == 400 and error_code(answer) == "content_filter":
            return _filtered(answer)
        if answer.status in (401, 403) and not self._signs_in:
            raise self._without_key(answer, request)
        return self.read(json_of(answer, request, self.transport), request, None)

    def read(self, answer: JsonValue, request: Request, first_token: float | None) -> Answered:
        """What a model answered; raises ``Fault`` where it did not."""
        if error := error_in(answer):
            raise self.reported(error, request)
        answered = self.api.read(answer, first_token)
        if answered is None:
            shown = first_words(orjson.dumps(answer)[:1_000].decode("utf-8", "replace"))
            where = "choices[0].message" if self.options.api == "chat" else "output"
            raise self.transport.fault(
                "no-reply-text", f"there is no {where} in the answer: {shown}", request
            )
        return answered

    def reported(self, error: str, request: Request) -> Fault:
        """The fault of a server that reports an error in the place of an answer."""
        message = f'the server reports an error: "{first_words(error)}"'
        return self.transport.fault("error-reply", message, request, safe=True)

    def _without_key(self, answer: Answer, request: Request) -> Busy | Fault:
        """What a server says that wants a key, with the reason why it got none."""
        refused = self.transport.refused(answer, request)
        if isinstance(refused, Busy):
            return refused
        why = f"{KEY} is not set" if self.options.api_key == DEFAULT_KEY else "api_key: is empty"
        message = f"{refused.note.message}; no key was sent, as {why}"
        return self.transport.fault(refused.note.kind, message, request)

    async def close(self) -> None:
        """Close all connections, and let the threads of tools end."""
        self._workers.close()
        await self.transport.close()


def _api(options: OpenAIOptions, asked: Mapping[str, Any]) -> Api:
    if options.api == "chat":
        from chatbot_qa.targets.openai.chat import Chat

        return Chat(options, asked)
    from chatbot_qa.targets.openai.responses import Responses

    return Responses(options, asked)


def _filtered(answer: Answer) -> Answered:
    """The reply of a server whose filter stopped the message before the model heard it."""
    error = orjson.loads(answer.body)["error"]
    inner = error.get("innererror")
    found = inner.get("content_filter_result") if isinstance(inner, dict) else None
    data = {"finish_reason": "content_filter", **({"content_filter": found} if found else {})}
    return Answered(Reply((BotMessage(""),), data=data), line("assistant", ""))


@target("openai", OpenAIOptions)
def make(options: OpenAIOptions, surroundings: Surroundings) -> OpenAITarget:
    """A model behind the OpenAI wire."""
    return OpenAITarget(options, surroundings)
