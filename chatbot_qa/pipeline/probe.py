"""What stands at an address: asked in a few requests, so that a first configuration fits it.

These are the only requests that no target sends; a run never makes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)
from uuid import uuid4

from msgspec import Struct

from chatbot_qa.domain.values import JsonPath, JsonValue
from chatbot_qa.text.paths import finder

PATIENCE: Final = 20.0
"""Seconds that one request of a probe may take."""

HERE: Final = ("localhost", "127.0.0.1", "::1")
"""Names of this machine."""

_LARGEST: Final = 1_000_000
_HELLO: Final = "Hello"
_COMPLETIONS: Final = "/chat/completions"
_USUAL: Final = {"session_id": "${session}", "message": "${message}"}
_WITH_ID: Final[tuple[Mapping[str, str], ...]] = (
    _USUAL,
    {"sender": "${session}", "message": "${message}"},
    {"sessionId": "${session}", "message": "${message}"},
    {"conversation_id": "${session}", "message": "${message}"},
    {"session_id": "${session}", "text": "${message}"},
)
_WITHOUT_ID: Final[tuple[Mapping[str, str], ...]] = tuple(
    {key: "${message}"}
    for key in ("message", "text", "input", "query", "question", "prompt", "msg")
)
_HISTORY: Final[tuple[Mapping[str, str], ...]] = (
    {"messages": "${history}"},
    {"history": "${history}", "message": "${message}"},
)
_BODIES: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "client": (*_WITH_ID, *_WITHOUT_ID),
    "server": (*_WITH_ID, *_WITHOUT_ID),
    "cookies": _WITHOUT_ID,
    "history": _HISTORY,
}
_REPLIES: Final = tuple(
    JsonPath(path)
    for path in (
        *(f"$.{key}" for key in ("reply", "response", "answer", "text", "output", "content")),
        *(f"$.{key}" for key in ("result", "message", "bot", "fulfillmentText", "data.reply")),
        "$.message.content",
        "$.reply.text",
        "$.choices[0].message.content",
        "$[*].text",
        "$.messages[*].text",
        "$.messages[*].content",
        "$.responses[*].text",
        "$.output.generic[*].text",
        "$.replies[*]",
    )
)
_IDS: Final = tuple(
    JsonPath(f"$.{key}")
    for key in ("id", "session_id", "sessionId", "conversation_id", "conversationId", "session.id")
)
_BUTTONS: Final = ("buttons", "quick_replies", "suggestions")


class Shape(Struct, frozen=True):
    """How an http bot wants to be asked; a ``body`` of None is the usual one."""

    body: Mapping[str, str] | None
    reply: str
    buttons: str = ""


class Answer(Struct, frozen=True):
    """What came back: the status (0 where nothing did) with its JSON, or why nothing came."""

    status: int
    data: JsonValue = None
    why: str = ""


class _Stays(HTTPRedirectHandler):
    """Follows no redirect: it might carry a secret to somebody else."""

    def redirect_request(self, *_: object) -> None:
        return None


class Probe:
    """Asks one address. ``headers`` go with every request."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url
        self._headers = headers
        here = urlsplit(url).hostname in HERE  # no proxy leads back to this machine
        proxies = [ProxyHandler({})] if here else []
        self._opener: OpenerDirector = build_opener(_Stays, *proxies)

    def ask(self, url: str, body: JsonValue = None) -> Answer:
        """Send a request, with JSON if there is any, and read the JSON of its answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        request = Request(url, data, {**headers, **self._headers})
        try:
            with self._opener.open(request, timeout=PATIENCE) as response:
                return Answer(response.status, _json_of(response.read(_LARGEST)))
        except HTTPError as error:
            with error:
                return Answer(error.code, _json_of(error.read(_LARGEST)))
        except (OSError, HTTPException, ValueError) as error:
            return Answer(0, why=str(getattr(error, "reason", error)) or type(error).__name__)

    def models(self) -> tuple[str, tuple[str, ...]] | None:
        """The address before ``/chat/completions`` and the models, where OpenAI's wire is spoken.

        None where it is not; an address that ends in ``/v1`` is taken at its word.
        """
        address = self._url.rstrip("/").removesuffix(_COMPLETIONS)
        tries = [address] if address.endswith("/v1") else [f"{address}/v1", address]
        for base in tries:
            answer = self.ask(f"{base}/models")
            names = _models_in(answer.data)
            if names:
                return base, names
            if answer.status == 0:  # nobody is there; to wait again would tell no more
                break
        if address.endswith("/v1") or self._url.rstrip("/").endswith(_COMPLETIONS):
            return address, ()
        return None

    def begin(self, url: str) -> tuple[str, str] | Answer:
        """Begin a session on the server: where in the answer its id stands, and the id."""
        answer = self.ask(url, {})
        for path in _IDS:
            found = finder(path)(answer.data)
            if len(found) == 1 and isinstance(found[0], str | int):
                return path.source, str(found[0])
        return answer

    def shape(self, session: str, name: str = "") -> Shape | Answer:
        """How the bot wants to be asked: its shape, or the last answer if none was found.

        ``session`` says who keeps the conversation, ``name`` is the session's id where the
        server made it.
        """
        last = Answer(0)
        name = name or str(uuid4())
        url = self._url.replace("${session}", quote(name, safe=""))
        for body in _BODIES[session]:
            last = self.ask(url, _filled(body, name))
            if last.status in (0, 401, 403, 404, 405):
                return last
            found = _reply_in(last.data) if 200 <= last.status < 300 else ""
            if found:
                usual = body in (_USUAL, _HISTORY[0])
                return Shape(None if usual else body, found, _buttons_in(last.data))
        return last


def _filled(body: Mapping[str, str], session: str) -> JsonValue:
    values: Mapping[str, JsonValue] = {
        "${session}": session,
        "${message}": _HELLO,
        "${history}": [{"role": "user", "content": _HELLO}],
    }
    if "message" in body and "history" in body:
        values = {**values, "${history}": []}
    return {key: values[value] for key, value in body.items()}


def _json_of(data: bytes) -> JsonValue:
    try:
        found: JsonValue = json.loads(data)
    except (ValueError, RecursionError):  # no JSON is an answer too: it holds nothing
        return None
    return found


def _models_in(data: Any) -> tuple[str, ...]:
    listed = data.get("data") if isinstance(data, dict) else None
    names = (one.get("id") for one in listed or () if isinstance(one, dict))
    return tuple(name for name in names if isinstance(name, str))


def _reply_in(data: JsonValue) -> str:
    """The path at which a text stands that is a reply, and not what was said; "" if none."""
    return next(_replies(data), "")


def _replies(data: JsonValue) -> Iterator[str]:
    for path in _REPLIES:
        found = finder(path)(data)
        texts = [one for one in found if isinstance(one, str)]
        if texts and len(texts) == len(found) and texts != [_HELLO]:
            yield path.source


def _buttons_in(data: JsonValue) -> str:
    if not isinstance(data, dict):
        return ""
    key = next((key for key in _BUTTONS if isinstance(data.get(key), list)), "")
    return f"$.{key}" if key else ""
