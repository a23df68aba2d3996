"""Everything that the sessions of one bot share: its requests, compiled, and its readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import orjson

from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.explain import json_of, text_of
from chatbot_qa.targets.http.auth import Tokens, known
from chatbot_qa.targets.http.files import Attached
from chatbot_qa.targets.http.options import ASIDE, ONE_FILE, HttpOptions, calls_of
from chatbot_qa.targets.http.reply import NoReply, Reading, Values, reading
from chatbot_qa.targets.http.shape import Maker, Shape, aside, saying
from chatbot_qa.targets.http.signing import Signer
from chatbot_qa.targets.template import Fill, Template, resolve
from chatbot_qa.targets.transport import Transport
from chatbot_qa.targets.wire import Answer, Request, as_written, first_words


class Bot:
    """A bot as it was configured, ready to be asked.

    ``plain`` where a message is one request, and its answer one reply in JSON, with nothing
    to be added to either.
    """

    def __init__(self, options: HttpOptions, surroundings: Surroundings) -> None:
        secrets = surroundings.secrets
        self.options = options
        self._say = saying(options, secrets)
        self._greet = _greeting(options, secrets)
        self.names = self._say.names
        self.sends_history = "history" in self.names
        self.history_has_all = not self.names & {"message", "click"}
        self._takes_clicks = "click" in self.names
        self.takes_files = "files" in self.names or bool(options.file_field)
        self.reading = reading(options)
        self.reply_in_start = _reading_of_start(options)
        calls = _calls(options, secrets)
        self.start, self._end = calls.get("start"), calls.get("end")
        self.poll, self._ask = calls.get("poll"), calls.get("data_request")
        self._data = Values(options.data_request.data if options.data_request else {})
        self._file = _one_file(options, secrets)
        self._compiled: dict[tuple[bool, ...], Maker] = {}
        everything = known(options, secrets)
        self.transport = Transport(
            options,
            everything.headers,
            everything.masked,
            surroundings.in_flight,
            surroundings.folder,
        )
        self.tokens = _tokens(options, everything.masked, self.transport, surroundings.folder)
        sign, folder = options.sign, surroundings.folder
        self.signer = Signer(sign, folder, self.transport) if sign else None
        self.dresses = options.cookies or self.tokens is not None or self.signer is not None
        self.plain = not self.dresses and options.answer == "json"
        self.plain = self.plain and not (options.stream or options.poll or options.data_request)

    @property
    def takes_system(self) -> bool:
        """Whether a system prompt has a place to go."""
        return (
            "system" in self.names
            or (self.start is not None and "system" in self.start.names)
            or (self.sends_history and self.options.history.system != "")
        )

    def maker(self, *, system: bool, click: bool, files: bool = False) -> Maker:
        """Makes the request of a message, with a system prompt or not, of a text or a click."""
        key = (system, click and self._takes_clicks, files)
        if key not in self._compiled:
            names = {"session", "history", "click" if key[1] else "message"}
            names |= {"system"} if system else set()
            names |= {"files"} if files else set()
            self._compiled[key] = self._say.compile(names)
        return self._compiled[key]

    def files(self, files: Sequence[Attached]) -> Mapping[str, Any]:
        """The values by which files are sent: as they stand in JSON, and as they are."""
        described = "files" in self.names and [one.described(self._file) for one in files]
        return {"files": described, "attached": files}

    def greeting(self, values: Mapping[str, Any]) -> Request | None:
        """The request that makes the bot speak first, if there is one."""
        if self._greet is not None:
            return self._greet.compile(values)(values)
        greeting = self.options.greeting
        if greeting is None or greeting.say is None:
            return None
        make = self.maker(system="system" in values, click=False)
        return make({**values, "message": greeting.say})

    def goodbye(self, values: Mapping[str, Any]) -> Request | None:
        """The request that ends a session, if one was configured."""
        return None if self._end is None else self._end.compile(values)(values)

    def asking_data(self, values: Mapping[str, Any]) -> Request | None:
        """The request for further values, if one was configured."""
        return None if self._ask is None else self._ask.compile(values)(values)

    def data_in(self, answer: JsonValue) -> Mapping[str, JsonValue]:
        """The further values in the answer to their own request."""
        return self._data(answer)

    def reply_of(self, answer: Answer, request: Request) -> Reply:
        """The reply in an answer; raises ``Busy`` or ``Fault`` where there is none."""
        if self.options.answer == "json":
            return self.read(json_of(answer, request, self.transport), request)
        text = text_of(answer, request, self.transport)
        return Reply((BotMessage(text),) if text else ())

    def read(self, answer: JsonValue, request: Request) -> Reply:
        """The reply in an answer's JSON; raises ``Fault`` where there is none."""
        reply = self.reading(answer)
        if isinstance(reply, NoReply):
            self.no_reply(reply, answer, request)
        return reply

    def no_reply(self, why: NoReply, answer: JsonValue, request: Request) -> NoReturn:
        """Raise the fault of an answer that holds no reply."""
        raise self.transport.fault(why.kind, f"{why.words}: {shown(answer)}", request)

    async def close(self) -> None:
        """Close all connections."""
        await self.transport.close()
        if self.tokens is not None:
            await self.tokens.close()


def shown(answer: JsonValue) -> str:
    """The beginning of an answer, for a message."""
    return first_words(orjson.dumps(answer)[:1_000].decode("utf-8", "replace"))


def _greeting(options: HttpOptions, secrets: Mapping[str, str]) -> Shape | None:
    greeting = options.greeting
    if greeting is None or greeting.body is None:
        return None
    return saying(options, secrets, greeting.body, ASIDE | {"history"})


def _calls(options: HttpOptions, secrets: Mapping[str, str]) -> Mapping[str, Shape]:
    """The requests beside that of a message, by their keys."""
    return {where: aside(call, where, secrets) for where, call in calls_of(options)}


def _reading_of_start(options: HttpOptions) -> Reading | None:
    greeting = options.greeting
    if greeting is None or greeting.reply is None:
        return None
    return reading(options, greeting.reply)


def _one_file(options: HttpOptions, secrets: Mapping[str, str]) -> Fill:
    file = {name: f"${{{name}}}" for name in ONE_FILE} if options.file is None else options.file
    return Template(file, ONE_FILE, secrets, where="file").compile(ONE_FILE)


def _tokens(
    options: HttpOptions, masked: Mapping[str, str], transport: Transport, folder: str
) -> Tokens | None:
    oauth = options.auth and options.auth.oauth
    if not oauth:
        return None
    secret = resolve(oauth.client_secret, masked, "auth.oauth.client_secret")
    written = as_written("auth.oauth.client_secret", oauth.client_secret, secret)
    for name, value in written.items():
        transport.mask(name, value)
    own = Transport(options, {}, {**masked, **written}, 1, folder)
    return Tokens(oauth, {**masked, **written}, transport, own)
