"""The demo bot as a server: generic JSON over HTTP, and the OpenAI wire.

It is for tests, for demonstrations and for measuring other tools against: it answers as
fast as it can and as slowly as it is told. Generic HTTP keeps its sessions on the
server; the OpenAI wire is stateless, so the bot is told the user's turns again.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from hashlib import blake2b
from itertools import count
from typing import Any

import orjson
from aiohttp import web
from msgspec import Struct, field

from chatbot_qa.errors import UsageError
from chatbot_qa.targets.demo.answer import Answer
from chatbot_qa.targets.demo.bot import Bot
from chatbot_qa.targets.demo.memory import Shop
from chatbot_qa.targets.demo.options import SOUND, DemoOptions

MODEL = "demo"
MOST_SESSIONS = 50_000
LARGEST_REQUEST = 16 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """A request that cannot be served; its words are for the person who sent it."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def _json(data: object, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(data), status=status, content_type="application/json", charset="utf-8"
    )


@web.middleware
async def _errors_in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        message, status = str(refused), refused.status
    except web.HTTPRequestEntityTooLarge:
        message, status = f"the request is larger than {LARGEST_REQUEST} bytes", 413
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        message, status = f"{request.path} takes {allowed}, not {request.method}", 405
    except web.HTTPNotFound:
        message, status = f"there is nothing at {request.path}", 404
    kind = "invalid_request_error"
    return _json({"error": {"message": message, "type": kind, "param": None, "code": None}}, status)


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise Refused(f"the request is no JSON: {error}") from error
    if not isinstance(body, dict):
        raise Refused("the request must be a JSON object")
    return body


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise Refused(f'"{key}" must be a text')
    return value


class _Desk(Struct):
    """What one server holds: its shop, and its sessions with the latest used last."""

    options: DemoOptions
    seed: int
    shop: Shop = field(default_factory=Shop)
    sessions: OrderedDict[str, Bot] = field(default_factory=OrderedDict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def bot(self, name: str, system: str | None = None) -> Bot:
        return Bot(self.options, self.seed, name, system, self.shop)

    def begin(self, name: str, system: str | None = None) -> Bot:
        bot = self.sessions[name] = self.bot(name, system)
        if len(self.sessions) > MOST_SESSIONS:
            self.sessions.popitem(last=False)
        return bot

    def session(self, name: str, system: str | None = None) -> Bot:
        bot = self.sessions.get(name)
        if bot is None:
            return self.begin(name, system)
        self.sessions.move_to_end(name)
        return bot


# Generic HTTP


class _Chat:
    """``/chat`` and ``/sessions``."""

    def __init__(self, desk: _Desk) -> None:
        self._desk = desk

    async def begin(self, request: web.Request) -> web.Response:
        body = await _object(request) if request.can_read_body else {}
        system = _text(body, "system") if body.get("system") is not None else None
        name = f"session-{next(self._desk.numbers)}"
        self._desk.begin(name, system)
        return _json({"id": name}, 201)

    async def end(self, request: web.Request) -> web.Response:
        if self._desk.sessions.pop(request.match_info["name"], None) is None:
            raise Refused("there is no such session", 404)
        return web.Response(status=204)

    async def say(self, request: web.Request) -> web.Response:
        body = await _object(request)
        name = body.get("session_id")
        if name is None:
            name = f"session-{next(self._desk.numbers)}"
        elif not isinstance(name, str):
            raise Refused('"session_id" must be a text')
        system = _text(body, "system") if body.get("system") is not None else None
        answer = self._desk.session(name, system).reply(_text(body, "message"))
        if answer.delay:
            await asyncio.sleep(answer.delay)
        return _json(
            {
                "session_id": name,
                "reply": answer.text,
                "messages": [message.text for message in answer.messages],
                "buttons": [label for message in answer.messages for label in message.buttons],
            }
        )


# The OpenAI wire


class _Wanted(Struct, frozen=True):
    """A request for a completion, read."""

    model: str
    system: str | None
    said: tuple[str, ...]
    words: int
    stream: bool
    with_usage: bool


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(part["text"] for part in content if _is_text_part(part))
    if content is None:
        return ""
    raise Refused('the "content" of a message must be a text or a list of parts')


def _is_text_part(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)


def _read_wanted(body: Mapping[str, Any]) -> _Wanted:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refused('"messages" must be a list with at least one message')
    if not all(isinstance(message, dict) for message in messages):
        raise Refused("a message must be an object with role and content")
    texts = [(message.get("role"), _content(message)) for message in messages]
    system = "\n".join(text for role, text in texts if role in ("system", "developer"))
    said = tuple(text for role, text in texts if role == "user")
    if not said or texts[-1][0] != "user":
        raise Refused("the last message must be the user's")
    options = body.get("stream_options")
    return _Wanted(
        model=str(body.get("model") or MODEL),
        system=system or None,
        said=said,
        words=sum(len(text.split()) for _, text in texts),
        stream=bool(body.get("stream")),
        with_usage=isinstance(options, dict) and bool(options.get("include_usage")),
    )


class _Completions:
    """``/v1``: chat completions, streaming and not."""

    def __init__(self, desk: _Desk) -> None:
        self._desk = desk

    async def models(self, _request: web.Request) -> web.Response:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "chatbot-qa"}
        return _json({"object": "list", "data": [model]})

    async def complete(self, request: web.Request) -> web.StreamResponse:
        wanted = _read_wanted(await _object(request))
        name = blake2b(f"{wanted.system}\0{wanted.said[0]}".encode(), digest_size=8).hexdigest()
        bot = self._desk.bot(name, wanted.system)
        for text in wanted.said:
            answer = bot.reply(text)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        head = {"id": f"chatcmpl-{name}", "created": int(time.time()), "model": wanted.model}
        if wanted.stream:
            return await self._stream(request, wanted, answer, head)
        message = {"role": "assistant", "content": answer.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return _json(
            {
                **head,
                "object": "chat.completion",
                "choices": [choice],
                "usage": _usage(wanted, answer),
            }
        )

    async def _stream(
        self, request: web.Request, wanted: _Wanted, answer: Answer, head: Mapping[str, Any]
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Cache-Control": "no-cache"})
        response.content_type = "text/event-stream"
        await response.prepare(request)
        head = {**head, "object": "chat.completion.chunk"}

        async def send(choices: list[dict[str, Any]], **more: object) -> None:
            data = orjson.dumps({**head, "choices": choices, **more})
            await response.write(b"data: " + data + b"\n\n")

        await send([_delta({"role": "assistant", "content": ""})])
        for word in _pieces(answer.text):
            await send([_delta({"content": word})])
        await send([_delta({}, "stop")])
        if wanted.with_usage:
            await send([], usage=_usage(wanted, answer))
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _pieces(text: str) -> list[str]:
    """A text word by word, so that the pieces joined are the text."""
    words = text.split(" ")
    return [word + " " for word in words[:-1]] + words[-1:]


def _usage(wanted: _Wanted, answer: Answer) -> dict[str, int]:
    said = len(answer.text.split())
    return {
        "prompt_tokens": wanted.words,
        "completion_tokens": said,
        "total_tokens": wanted.words + said,
    }


# Serving


async def _health(_request: web.Request) -> web.Response:
    return _json({"status": "ok"})


def application(options: DemoOptions = SOUND, seed: int = 0) -> web.Application:
    """The server as an aiohttp application."""
    desk = _Desk(options, seed)
    chat, completions = _Chat(desk), _Completions(desk)
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[_errors_in_words])
    app.router.add_post("/chat", chat.say)
    app.router.add_post("/sessions", chat.begin)
    app.router.add_delete("/sessions/{name}", chat.end)
    app.router.add_post("/v1/chat/completions", completions.complete)
    app.router.add_get("/v1/models", completions.models)
    app.router.add_get("/health", _health)
    return app


@asynccontextmanager
async def serve(
    options: DemoOptions = SOUND, host: str = "127.0.0.1", port: int = 0, seed: int = 0
) -> AsyncIterator[str]:
    """Serve until the block is left; gives the address. Port 0 takes a free one.

    Raises ``UsageError`` where the address is taken or not allowed.
    """
    runner = web.AppRunner(
        application(options, seed), access_log=None, handler_cancellation=True, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise UsageError(
                f"the demo bot cannot listen on {host}:{port}: {error.strerror}",
                "choose another --port; 0 takes a free one",
            ) from error
        taken = runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{taken}"
    finally:
        await runner.cleanup()


def run_server(
    options: DemoOptions = SOUND,
    host: str = "127.0.0.1",
    port: int = 8765,
    on_ready: Callable[[str], None] = lambda _address: None,
    seed: int = 0,
) -> None:
    """Serve until interrupted or told to end; ``on_ready`` is given the address."""

    async def forever() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows: KeyboardInterrupt ends it instead
                loop.add_signal_handler(number, ended.set)
        async with serve(options, host, port, seed) as address:
            on_ready(address)
            await ended.wait()

    with suppress(KeyboardInterrupt):
        asyncio.run(forever())
