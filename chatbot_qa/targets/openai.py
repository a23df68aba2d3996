"""The target ``openai``: everything that speaks OpenAI's chat completions.

    kind: openai
    base_url: http://localhost:8000/v1
    model: my-model

The whole conversation goes along with each message; the server keeps nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import orjson

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import Data, JsonValue
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Start, Surroundings, target
from chatbot_qa.targets.completion import Pieces, error_in, reply_of
from chatbot_qa.targets.explain import error_code, json_of
from chatbot_qa.targets.pricing import Price
from chatbot_qa.targets.sse import EventParser, ServerEvent
from chatbot_qa.targets.template import resolve
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import (
    SENSITIVE,
    Answer,
    Request,
    WireOptions,
    as_written,
    checked_url,
    credentials,
    first_words,
    in_address,
    public,
    with_defaults,
)

KEY = "OPENAI_API_KEY"
"""The secret that is taken for the key where the configuration names none."""

DEFAULT_KEY = f"${{secret:{KEY}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIOptions(WireOptions):
    """The keys of a target of the kind ``openai``."""

    model: Annotated[str, "The model to ask"]
    base_url: Annotated[str, "The address before /chat/completions"] = "https://api.openai.com/v1"
    api_key: Annotated[
        str, "The key, as ${secret:NAME}; without this one and OPENAI_API_KEY, none is sent"
    ] = DEFAULT_KEY
    system: Annotated[str | None, "The system prompt, where the suite gives none"] = None
    temperature: Annotated[float | None, "How freely the model chooses its words"] = None
    top_p: Annotated[float | None, "The share of likely words to choose from"] = None
    max_tokens: Annotated[int | None, "The longest reply, in tokens"] = None
    max_completion_tokens: Annotated[
        int | None, "The longest reply, in tokens, reasoning included"
    ] = None
    seed: Annotated[int | None, "The seed that the server draws by, if it can"] = None
    stop: Annotated[tuple[str, ...], "Texts at which the reply ends"] = ()
    extra: Annotated[Data | None, "Further keys of the request, as the server wants them"] = None
    stream: Annotated[bool, "Whether the reply comes in pieces; measures the first token"] = False
    prices: Annotated[Mapping[str, Price], "What each model costs; unknown if not given"] = field(
        default_factory=dict
    )


_PARAMETERS = ("temperature", "top_p", "max_tokens", "max_completion_tokens", "seed")
_OWN = ("messages", "model", "stream", "stop", *_PARAMETERS)
_END = b"]}"
_LAST_WORDS = 0.05
"""Seconds in which the end of a stream may follow its last event, to keep the connection."""


class OpenAITarget:
    """A model behind the OpenAI wire; see ``OpenAIOptions``."""

    local = False

    def __init__(self, options: OpenAIOptions, surroundings: Surroundings) -> None:
        secrets = surroundings.secrets
        self.options = options
        self.url = _completions_url(options.base_url)
        settings = _settings(options)
        self.head = orjson.dumps(settings)[:-1] + b',"messages":['
        own = credentials(options.headers, secrets, "headers", headers=True)
        defaults = {"Content-Type": "application/json", "Accept": "application/json"}
        written = {**own.written, **in_address(self.url, secrets)}
        given = options.api_key
        if given == DEFAULT_KEY and KEY not in secrets:
            given = ""
        if key := resolve(given, secrets, "api_key"):
            written |= as_written("api_key", given, key)
            defaults["Authorization"] = f"Bearer {key}"
        headers = with_defaults(own.values, defaults)
        digest = blake2b(orjson.dumps(_identity(options, settings)), digest_size=6).hexdigest()
        self.fingerprint = f"openai {public(options.base_url)} {options.model} {digest}"
        self.transport = Transport(options, headers, {**secrets, **written}, surroundings.in_flight)

    async def open(self, start: Start) -> OpenAISession:
        """Begin a conversation; nothing is sent before its first message."""
        system = start.opening.system
        return OpenAISession(self, self.options.system if system is None else system)

    def read(self, answer: JsonValue, request: Request, first_token: float | None) -> Reply:
        """The reply in a completion; raises ``Fault`` where there is none."""
        if error := error_in(answer):
            raise self.transport.fault(
                "error-reply",
                f'the server reports an error: "{first_words(error)}"',
                request,
                safe=True,
            )
        reply = reply_of(answer, self.options.prices, self.options.model, first_token)
        if reply is None:
            shown = first_words(orjson.dumps(answer)[:1_000].decode("utf-8", "replace"))
            raise self.transport.fault(
                "no-reply-text", f"there is no choices[0].message in the answer: {shown}", request
            )
        return reply

    async def close(self) -> None:
        """Close all connections."""
        await self.transport.close()


class OpenAISession:
    """One conversation. What was said so far is kept as the JSON in which it is sent."""

    def __init__(self, target: OpenAITarget, system: str | None) -> None:
        self._target = target
        self._transport = target.transport
        self._said = b"" if system is None else _line("system", system) + b","
        self._request: Request | None = None

    async def say(self, message: Message, deadline: float) -> Reply:
        """Send the conversation with a new message and read the reply."""
        del deadline  # the caller cancels at it
        target = self._target
        said = self._said + _line("user", message.text or message.click)
        body = b"".join((target.head, said, _END))
        self._request = request = Request("POST", target.url, body, None, stateless=True)
        reply = await (self._streamed(request) if target.options.stream else self._whole(request))
        self._said = b"".join((said, b",", _line("assistant", reply.text), b","))
        return reply

    async def _whole(self, request: Request) -> Reply:
        answer = await self._transport.send(request)
        return self._read_whole(answer, request)

    def _read_whole(self, answer: Answer, request: Request) -> Reply:
        if answer.status == 400 and error_code(answer) == "content_filter":
            return Reply((BotMessage(""),), data={"finish_reason": "content_filter"})
        data = json_of(answer, request, self._transport)
        return self._target.read(data, request, None)

    async def _streamed(self, request: Request) -> Reply:
        loop = asyncio.get_running_loop()
        sent = loop.time()
        first: float | None = None
        pieces, parser = Pieces(), EventParser()
        async with self._transport.answering(request) as response:
            if response.status != 200 or response.content_type != "text/event-stream":
                answer = await self._transport.whole(response, request)
                return self._read_whole(answer, request)
            async for block in self._transport.blocks(response, request):
                for event in parser.feed(block):
                    self._take(event, pieces, request)
                if first is None and pieces.begun:
                    first = loop.time() - sent
                if pieces.done:
                    await self._transport.drain(response, _LAST_WORDS)
                    break
        if not pieces.complete:
            raise self._transport.fault(
                "cut", "the stream ended before the reply was complete", request, safe=True
            )
        return self._target.read(pieces.whole(), request, first)

    def _take(self, event: ServerEvent, pieces: Pieces, request: Request) -> None:
        if event.data == b"[DONE]":
            pieces.done = True
            return
        try:
            piece = orjson.loads(event.data)
        except orjson.JSONDecodeError as error:
            words = first_words(event.data[:1_000].decode("utf-8", "replace"))
            raise self._transport.fault(
                "not-json", f'a piece of the stream is no JSON ({error}): "{words}"', request
            ) from error
        if event.name == "error" or error_in(piece):
            self._target.read({"error": error_in(piece) or first_words(str(piece))}, request, None)
        pieces.add(piece)

    def again(self) -> str:
        """The last request as a curl line."""
        return self._transport.again(self._request)

    async def close(self) -> None:
        """Nothing is held."""


def _line(role: str, content: str) -> bytes:
    return orjson.dumps({"role": role, "content": content})


def _completions_url(base_url: str) -> str:
    parts = urlsplit(checked_url(base_url, "base_url"))
    path = parts.path.rstrip("/")
    if not path.endswith("/chat/completions"):
        path += "/chat/completions"
    return urlunsplit(parts._replace(path=path))


def _settings(options: OpenAIOptions) -> dict[str, Any]:
    """Everything of a request but its messages."""
    settings: dict[str, Any] = {"model": options.model}
    given = {name: getattr(options, name) for name in _PARAMETERS}
    settings |= {name: value for name, value in given.items() if value is not None}
    if options.stop:
        settings["stop"] = list(options.stop)
    if options.stream:
        settings |= {"stream": True, "stream_options": {"include_usage": True}}
    extra: object = {} if options.extra is None else options.extra
    if not isinstance(extra, Mapping):
        raise UsageError("extra: wants keys with values", "write them as name: value below it")
    for name in extra:
        if name in _OWN:
            raise UsageError(f"extra: {name} has a key of its own", f"write {name}: beside extra:")
    return {**settings, **extra}


def _identity(options: OpenAIOptions, settings: Mapping[str, Any]) -> JsonValue:
    """Everything that decides what is asked; no credential, not even hashed."""
    headers = {k: v for k, v in options.headers.items() if not SENSITIVE.search(k)}
    return [settings, options.system, sorted(headers.items())]


@target("openai", OpenAIOptions)
def make(options: OpenAIOptions, surroundings: Surroundings) -> OpenAITarget:
    """A model behind the OpenAI wire."""
    return OpenAITarget(options, surroundings)
