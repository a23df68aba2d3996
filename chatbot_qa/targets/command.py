"""The target ``command``: a program that is talked to line by line, one process a session.

    kind: command
    command: [./bot, --repl]

is sent what the user says and a newline, and its reply is what it writes until it is quiet.
With ``format: json`` every line is JSON, in both directions.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import PurePath
from typing import Annotated, Literal
from uuid import uuid4

import orjson

from chatbot_qa.domain.plan import Message
from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import Data, Duration, JsonPath, Size
from chatbot_qa.targets.base import Start, Surroundings, no_files, target
from chatbot_qa.targets.process import Process, Program
from chatbot_qa.targets.several import Gathered, Places, refuse_opening, until_quiet
from chatbot_qa.targets.template import Fill, Template, names_in
from chatbot_qa.targets.wire import SENSITIVE, credentials, first_words, refuse
from chatbot_qa.text.redact import Redactor

_QUIET = 0.5
_REPLY = JsonPath("$.reply")
_SEND: Mapping[str, str] = {"session_id": "${session}", "message": "${message}"}
_TEN_MEGABYTES = Size(10_000_000)
_LONGEST_PROMPT = 1_000
_NAMES = ("message", "session", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOptions:
    """The keys of a target of the kind ``command``."""

    command: Annotated[
        tuple[str, ...], "The program and its arguments; ./bot stands beside the configuration"
    ]
    format: Annotated[
        Literal["lines", "json"], "What it reads and writes: lines of text, or of JSON"
    ] = "lines"
    prompt: Annotated[
        str, "What it writes at the beginning of a line when it waits for the next message"
    ] = ""
    reply_complete_after: Annotated[
        Duration | None,
        "How long it is quiet when its reply is complete; 500ms if not given, and 0s (the first "
        "line is all of it) for JSON",
    ] = None
    send: Annotated[
        Data | None, "The JSON of a message, with ${message}, ${session} and ${system}"
    ] = None
    reply: Annotated[
        JsonPath | None, "Where in a line of JSON the text stands; $.reply if not given"
    ] = None
    buttons: Annotated[JsonPath | None, "Where in a line of JSON the labels of buttons stand"] = (
        None
    )
    environment: Annotated[
        Mapping[str, str], "Variables that it is given, besides PATH, HOME and the like"
    ] = field(default_factory=dict)
    max_reply: Annotated[Size, "The largest reply that is read"] = _TEN_MEGABYTES

    def __post_init__(self) -> None:
        """Refuse what contradicts itself; raises ``ValueError``."""
        refuse(
            not self.command or not self.command[0].strip(),
            "command: names no program; write it as a list, such as [./bot, --repl]",
        )
        refuse(
            any("${secret:" in word for word in self.command),
            "command: anybody can see it while it runs; put secrets under environment:",
        )
        refuse(
            self.format == "json" and self.prompt,
            "prompt: is for lines of text; of JSON, reply_complete_after: says when a reply ends",
        )
        refuse(
            self.format == "lines" and (self.send is not None or self.reply or self.buttons),
            "send:, reply: and buttons: are for lines of JSON; add format: json",
        )
        refuse(
            self.prompt and self.reply_complete_after is not None,
            "prompt: and reply_complete_after: both say when a reply is complete; keep one",
        )
        refuse(self.prompt and not self.prompt.strip(), "prompt: is nothing but white space")
        refuse(
            self.send is not None and "message" not in names_in(self.send),
            "send: what the user says is sent nowhere; put ${message} into it",
        )
        refuse(
            self.format == "lines"
            and self.reply_complete_after is not None
            and self.reply_complete_after <= 0,
            "reply_complete_after: must be more than 0 for lines of text",
        )


class CommandTarget:
    """A program on this machine; see ``CommandOptions``."""

    local = True

    def __init__(self, options: CommandOptions, surroundings: Surroundings) -> None:
        given = credentials(options.environment, surroundings.secrets, "environment")
        redact = Redactor({**surroundings.secrets, **given.written})
        self.fingerprint = _fingerprint(options)
        self._options = options
        self._program = Program(options.command, surroundings.folder, given.values, redact)
        data = _SEND if options.send is None else options.send
        self._send = Template(data, _NAMES, surroundings.secrets, where="send")

    async def open(self, start: Start) -> LineSession | JsonSession:
        """Start a process; where it writes a prompt, wait for the first one."""
        json = self._options.format == "json"
        nowhere = "is told it nowhere; with format: json, put ${system} into send:"
        takes_system = json and "system" in self._send.names
        refuse_opening(start.opening, "this command", "" if takes_system else nowhere)
        process = await self._program.start()
        if json:
            values = {"session": str(uuid4())}
            if start.opening.system is not None:
                values["system"] = start.opening.system
            send = self._send.compile({"message", *values})
            return JsonSession(process, self._options, send, values)
        session = LineSession(process, self._options)
        try:
            await session.begin()
        except BaseException:  # also where it is cancelled: nobody else knows of the process
            await process.end()
            raise
        return session

    async def close(self) -> None:
        """End what processes are left."""
        await self._program.end_all()


class LineSession:
    """One process that reads and writes lines of text."""

    def __init__(self, process: Process, options: CommandOptions) -> None:
        self._process = process
        self._most = int(options.max_reply)
        self._prompt = _prompt(options.prompt)
        quiet = options.reply_complete_after
        self._quiet = _QUIET if quiet is None else quiet
        self._written = bytearray()
        self._asked = 0.0
        self._first: float | None = None
        self._greeting = Reply(())

    async def begin(self) -> None:
        """Read what it writes before its first prompt: what it opens with."""
        if self._prompt:
            self._greeting = await self._until_prompt()

    async def say(self, message: Message, deadline: float) -> Reply:
        """Write a line and read the reply."""
        no_files(message, "a bot that reads lines of text")
        self._asked, self._first = asyncio.get_running_loop().time(), None
        if not message.opens:
            await self._write(message.text or message.click)
        elif self._prompt:
            greeting, self._greeting = self._greeting, Reply(())
            return greeting
        return await (self._until_prompt() if self._prompt else self._until_quiet(deadline))

    async def _write(self, text: str) -> None:
        line = text.rstrip("\n")
        if "\n" in line:
            raise self._process.fault(
                "several-lines",
                "this bot takes each line for a message, and the text has several; "
                "one that reads JSON (format: json) can be sent them",
            )
        await self._process.write(line.encode() + b"\n")

    async def _until_prompt(self) -> Reply:
        while (found := self._prompted()) is None:
            block = await self._process.read()
            if block is None:
                return await self._all()
            self._take(block)
        del self._written[found.start() :]
        return self._reply()

    def _prompted(self) -> re.Match[bytes] | None:
        """The prompt at the end of what was written; a large text is not searched again."""
        if self._prompt is None:
            return None
        return self._prompt.search(self._written, max(0, len(self._written) - _LONGEST_PROMPT))

    async def _until_quiet(self, deadline: float) -> Reply:
        await until_quiet(self._process.read, self._take, deadline, self._quiet)
        return await self._all()

    def _take(self, block: bytes) -> bool:
        self._written += block
        if len(self._written) > self._most:
            raise self._process.too_large(self._most)
        if self._first is None and block.strip():
            self._first = asyncio.get_running_loop().time() - self._asked
        return self._first is not None

    async def _all(self) -> Reply:
        if not self._written.strip():
            raise await self._process.gone()
        return self._reply()

    def _reply(self) -> Reply:
        text = self._written.decode("utf-8", "replace").replace("\r\n", "\n").strip()
        self._written.clear()
        return Reply((BotMessage(text),) if text else (), self._first)

    def again(self) -> str:
        """No line of shell repeats a dialogue with a process."""
        return ""

    async def close(self) -> None:
        """End the process and its children."""
        await self._process.end()


def _prompt(text: str) -> re.Pattern[bytes] | None:
    """Finds a prompt at the end of what was written; None for no prompt."""
    if not text:
        return None
    return re.compile(rb"(?:\A|(?<=\n))" + re.escape(text.strip().encode()) + rb"[ \t]*\Z")


class JsonSession:
    """One process that reads and writes JSON, a line each."""

    def __init__(
        self, process: Process, options: CommandOptions, send: Fill, values: Mapping[str, str]
    ) -> None:
        self._process = process
        self._most = int(options.max_reply)
        self._quiet = options.reply_complete_after or 0.0
        self._places = Places(options.reply or _REPLY, options.buttons)
        self._send = send
        self._values = values
        self._written = bytearray()
        self._size = 0

    async def say(self, message: Message, deadline: float) -> Reply:
        """Write a line of JSON and read the reply."""
        no_files(message, "a bot that reads lines of JSON")
        gathered = Gathered(self._places)
        self._size = 0
        if not message.opens:
            said = {**self._values, "message": message.text or message.click}
            await self._process.write(orjson.dumps(self._send(said)) + b"\n")
        try:
            await until_quiet(
                self._line, lambda line: self._heard(line, gathered), deadline, self._quiet
            )
        except TimeoutError:
            raise gathered.nothing() from None
        if not gathered:
            raise await self._process.gone()
        return gathered.reply()

    async def _line(self) -> bytes | None:
        while (end := self._written.find(b"\n")) < 0:
            block = await self._process.read()
            if block is None:
                end = len(self._written) - 1
                break
            self._written += block
            self._size += len(block)
            if self._size > self._most:
                raise self._process.too_large(self._most)
        line = bytes(self._written[: end + 1])
        del self._written[: end + 1]
        return line or None

    def _heard(self, line: bytes, gathered: Gathered) -> bool:
        if not line.strip():
            return False
        try:
            return gathered.take(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            shown = first_words(line[:1_000].decode("utf-8", "replace"))
            words = (
                f'a line that is no JSON came ({error}): "{shown}"; a log goes to standard error'
            )
            raise self._process.fault("not-json", words) from error

    def again(self) -> str:
        """No line of shell repeats a dialogue with a process."""
        return ""

    async def close(self) -> None:
        """End the process and its children."""
        await self._process.end()


def _fingerprint(options: CommandOptions) -> str:
    """Everything that decides what is asked; no credential, not even hashed."""
    asked = {
        "command": list(_public(options.command)),
        "format": options.format,
        "prompt": options.prompt,
        "send": options.send,
        "reply": options.reply and options.reply.source,
        "buttons": options.buttons and options.buttons.source,
        "environment": {k: v for k, v in options.environment.items() if not SENSITIVE.search(k)},
    }
    digest = blake2b(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
    return f"command {PurePath(options.command[0]).name} {digest}"


def _public(words: Sequence[str]) -> Iterator[str]:
    """The words of a command without the values of ``--api-key=…`` and ``--token …``."""
    hidden = False
    for word in words:
        name, equals, _ = word.partition("=")
        sensitive = SENSITIVE.search(name) is not None
        if not hidden:
            yield name + equals if sensitive and equals else word
        hidden = sensitive and not equals and word.startswith("-")


@target("command", CommandOptions)
def make(options: CommandOptions, surroundings: Surroundings) -> CommandTarget:
    """A program that is talked to over its standard input and output."""
    return CommandTarget(options, surroundings)
