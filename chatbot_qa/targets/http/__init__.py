"""The target ``http``: a bot that answers JSON with JSON.

    kind: http
    url: https://bot.example.com/chat

posts ``{"session_id": …, "message": …}`` and reads ``reply``; everything about that can be
said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import FaultNote, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import UsageError
from chatbot_qa.targets.base import Fault, Start, Surroundings, target
from chatbot_qa.targets.explain import json_of
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.http.reply import Reading
from chatbot_qa.targets.http.shape import SAYS, Maker, Shape, aside, headers_of, saying
from chatbot_qa.targets.template import names_in
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import SENSITIVE, Request, credentials, first_words, in_address, public
from chatbot_qa.text.paths import finder


class HttpTarget:
    """A bot behind an address; see ``HttpOptions``."""

    local = False

    def __init__(self, options: HttpOptions, surroundings: Surroundings) -> None:
        secrets = surroundings.secrets
        self.options = options
        self._say = saying(options, secrets)
        self._start = aside(options.start, "start", secrets)
        self._end = aside(options.end, "end", secrets)
        self.fingerprint = _fingerprint(options)
        _refuse_contradictions(options, self._say)
        names = self._say.names
        self.sends_history = "history" in names
        self.history_has_all = not names & {"message", "click"}
        self._takes_clicks = "click" in names
        self._takes_system = (
            "system" in names
            or (self._start is not None and "system" in self._start.names)
            or (self.sends_history and options.history.system != "")
        )
        self._reading = Reading(options)
        self._compiled: dict[tuple[bool, bool], Maker] = {}
        headers, written = headers_of(options, secrets)
        fixed = {name: text for name, text in options.query.items() if not names_in(text)}
        masked = {
            **secrets,
            **written,
            **credentials(fixed, secrets, "query").written,
            **in_address(options.url, secrets),
        }
        self.transport = Transport(options, headers, masked, surroundings.in_flight)

    async def open(self, start: Start) -> HttpSession:
        """Begin a session, by a request where the server makes its id."""
        system = start.opening.system
        if system is not None and not self._takes_system:
            raise Fault(
                FaultNote(
                    "no-system-prompt",
                    "the suite gives a system prompt, but this target sends it nowhere; "
                    "put ${system} into its body:",
                )
            )
        values: dict[str, Any] = {} if system is None else {"system": system}
        session = HttpSession(self, values)
        if self._start is None:
            values["session"] = str(uuid4())
        else:
            values["session"] = await self._begin(session, self._start.compile(values)(values))
        return session

    async def _begin(self, session: HttpSession, request: Request) -> str:
        answer = await session.ask(request)
        path = self.options.start.id if self.options.start else None
        found = finder(path)(answer) if path else ()
        if len(found) == 1 and type(found[0]) in (str, int) and found[0] != "":
            return str(found[0])
        raise self.transport.fault(
            "no-session",
            f"there is no session id at {path and path.source} in the answer to start:"
            f" {_shown(answer)}",
            request,
        )

    def maker(self, *, system: bool, click: bool) -> Maker:
        """Makes the request of a message, with a system prompt or not, of a text or a click."""
        key = (system, click and self._takes_clicks)
        if key not in self._compiled:
            says = {"click"} if key[1] else {"message"}
            self._compiled[key] = self._say.compile(
                {"session", "history", *says, *({"system"} if system else ())}
            )
        return self._compiled[key]

    def goodbye(self, values: Mapping[str, Any]) -> Request | None:
        """The request that ends a session, if one was configured."""
        return None if self._end is None else self._end.compile(values)(values)

    def read(self, answer: JsonValue, request: Request) -> Reply:
        """The reply in an answer; raises ``Fault`` where there is none."""
        reply = self._reading(answer)
        if isinstance(reply, str):
            raise self.transport.fault("no-reply-text", f"{reply}: {_shown(answer)}", request)
        return reply

    async def close(self) -> None:
        """Close all connections."""
        await self.transport.close()


class HttpSession:
    """One conversation over HTTP. ``values`` are those that hold for all of it."""

    def __init__(self, target: HttpTarget, values: dict[str, Any]) -> None:
        self._target = target
        self._transport = target.transport
        self._values = values
        self._naming = naming = target.options.history
        self._history: list[dict[str, str]] = []
        self._cookies: dict[str, dict[str, str]] | None = {} if target.options.cookies else None
        self._request: Request | None = None
        if naming.system and "system" in values:
            self._history.append(self._line(naming.system, values["system"]))

    async def say(self, message: Message, deadline: float) -> Reply:
        """Send a message and read its reply."""
        del deadline  # the caller cancels at it
        target = self._target
        said = message.text or message.click
        values = {**self._values, "message": said, "click": message.click}
        if target.sends_history:
            line = self._line(self._naming.user, said)
            values["history"] = [*self._history, line] if target.history_has_all else self._history
        make = target.maker(system="system" in values, click=message.click != "")
        request = make(values)
        reply = target.read(await self.ask(request), request)
        if target.sends_history:
            self._history += (line, self._line(self._naming.bot, reply.text))
        return reply

    async def ask(self, request: Request) -> JsonValue:
        """Send a request with the session's own cookies and read the JSON of its answer."""
        self._request = request
        if self._cookies is None:
            return json_of(await self._transport.send(request), request, self._transport)
        kept = self._cookies.setdefault(urlsplit(request.url).netloc, {})
        if kept:
            request.headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in kept.items())}
        answer = await self._transport.send(request)
        kept.update(answer.cookies)
        return json_of(answer, request, self._transport)

    def _line(self, role: str, text: str) -> dict[str, str]:
        return {self._naming.role: role, self._naming.content: text}

    def again(self) -> str:
        """The last request as a curl line."""
        return self._transport.again(self._request)

    async def close(self) -> None:
        """Tell the server that it is over, where it wants to be told."""
        request = self._target.goodbye(self._values)
        if request is not None:
            answer = await self._transport.send(request)
            if not answer.ok:
                raise self._transport.refused(answer, request)


def _refuse_contradictions(options: HttpOptions, say: Shape) -> None:
    if not say.names & SAYS:
        raise UsageError(
            "body: what the user says is sent nowhere",
            "put ${message} into body: or query:, or ${history} for all of the conversation",
        )
    if options.session == "history" and "history" not in say.names:
        raise UsageError(
            "session: history sends the whole conversation, but the body has no ${history}",
            "put ${history} into body:, or take session: client",
        )
    if (options.session == "server") != (options.start is not None):
        raise UsageError(
            "start: and session: server go together",
            "session: server takes the session's id from the answer to start: {url: …}",
        )


def _shown(answer: JsonValue) -> str:
    return first_words(orjson.dumps(answer)[:1_000].decode("utf-8", "replace"))


def _fingerprint(options: HttpOptions) -> str:
    """Everything that decides what is asked; no credential, not even hashed."""
    asked = {
        "method": options.method,
        "query": {k: v for k, v in options.query.items() if not SENSITIVE.search(k)},
        "headers": {k: v for k, v in options.headers.items() if not SENSITIVE.search(k)},
        "body": options.body,
        "reply": options.reply.source,
        "buttons": options.buttons and options.buttons.source,
        "data": {name: path.source for name, path in options.data.items()},
        "session": options.session,
        "start": options.start
        and (public(options.start.url), options.start.method, options.start.body),
        "history": options.history,
    }
    digest = blake2b(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
    return f"http {public(options.url)} {digest}"


@target("http", HttpOptions)
def make(options: HttpOptions, surroundings: Surroundings) -> HttpTarget:
    """A bot that answers JSON with JSON."""
    return HttpTarget(options, surroundings)
