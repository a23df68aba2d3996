"""What a model answered to one request, whichever API it came by, and what is sent back of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import orjson
from msgspec import Struct

from chatbot_qa.domain.plan import Tool
from chatbot_qa.domain.transcript import Reply, ToolCall, Usage
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.openai.options import Thoughts


class Answered(Struct, frozen=True):
    """One answer of a model: the reply in it, and how it stands in the conversation sent next.

    The calls of the reply have no result yet.
    """

    reply: Reply
    line: bytes


class File(Struct, frozen=True):
    """A file that goes along with a message; ``data`` is its content in base64."""

    name: str
    type: str
    data: str

    @property
    def url(self) -> str:
        """All of it as an address."""
        return f"data:{self.type};base64,{self.data}"

    @property
    def sound(self) -> str:
        """Which of the two formats of sound it is that models listen to, or ""."""
        return _SOUNDS.get(self.type, "")


_SOUNDS = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/vnd.wave": "wav",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
}


class Pieces(Protocol):
    """An answer that comes in pieces."""

    done: bool

    @property
    def begun(self) -> bool:
        """Whether something to show has come, or a call."""
        ...

    @property
    def complete(self) -> bool:
        """Whether the server said that this is all."""
        ...

    def add(self, piece: JsonValue) -> None:
        """Take one piece; what has another form than a piece is passed over."""
        ...

    def whole(self) -> JsonValue:
        """The answer as if it had come whole."""
        ...


class Api(Protocol):
    """How one API writes a conversation and reads an answer. Lines are JSON without commas."""

    def begin(self, system: str | None, tools: Sequence[Tool]) -> tuple[bytes, bytes]:
        """A request up to its first line, and the first lines, each with a comma after it."""
        ...

    def alone(self, system: str | None, tools: Sequence[Tool]) -> tuple[bytes, bytes]:
        """The same of a conversation that the bot opens, with nothing said before."""
        ...

    def user(self, text: str, files: Sequence[File]) -> bytes:
        """The line of a message with files."""
        ...

    def read(self, answer: JsonValue, first_token: float | None) -> Answered | None:
        """What was answered; None where there is no answer in it."""
        ...

    def given_back(self, calls: Sequence[ToolCall]) -> bytes:
        """The lines that tell the model what came of its calls."""
        ...

    def pieces(self) -> Pieces:
        """What puts the pieces of one answer together."""
        ...


def line(role: str, content: str) -> bytes:
    """What somebody said, as both APIs write it."""
    return orjson.dumps({"role": role, "content": content})


def told(result: JsonValue) -> str:
    """What a call is answered with: a text as it is, anything else as JSON."""
    return result if isinstance(result, str) else orjson.dumps(result).decode()


def arguments_of(written: JsonValue) -> JsonValue:
    """The arguments of a call; those that are no JSON as the text that they are."""
    if not isinstance(written, str):
        return {} if written is None else written
    if not written.strip():
        return {}
    try:
        return orjson.loads(written)
    except orjson.JSONDecodeError:
        return written


def error_in(answer: JsonValue) -> str:
    """What a server says that reports an error in the place of an answer, or ""."""
    if isinstance(answer, list) and answer:
        answer = answer[0]
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error")
    if error is None and "error" in (answer.get("object"), answer.get("type")):
        error = answer
    if isinstance(error, dict):
        return str(error.get("message") or error.get("code") or "no reason given")
    return error if isinstance(error, str) else ""


def text_of(content: JsonValue) -> str:
    """The text of a content: a text, or a list of parts."""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text") or part.get("refusal") or "") for part in mappings(content))


def mappings(value: JsonValue) -> Sequence[Mapping[str, Any]]:
    """The mappings of a list; none of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class Counts(NamedTuple):
    """What an API calls the tokens that were sent and answered, and where it has details."""

    sent: str
    answered: str
    sent_details: str
    answered_details: str


CHAT_COUNTS = Counts(
    "prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details"
)
RESPONSE_COUNTS = Counts(
    "input_tokens", "output_tokens", "input_tokens_details", "output_tokens_details"
)


def counted(usage: JsonValue, counts: Counts) -> tuple[Usage | None, int, int]:
    """The tokens of an answer; how many of those sent were cached, of those answered thought.

    Where all of them are more than those sent and those answered, the rest was thought:
    some servers leave that out of what they call answered, and bill it all the same.
    """
    if not isinstance(usage, dict):
        return None, 0, 0
    sent, answered, total = usage.get(counts[0]), usage.get(counts[1]), usage.get("total_tokens")
    if type(sent) is not int:
        return None, 0, 0
    if type(total) is int and (type(answered) is not int or total > sent + answered):
        answered = total - sent
    if type(answered) is not int:
        return None, 0, 0
    details, more = usage.get(counts[2]), usage.get(counts[3])
    cached = _detail(details, "cached_tokens") if details else 0
    return Usage(sent, answered), cached, _detail(more, "reasoning_tokens") if more else 0


def _detail(details: JsonValue, name: str) -> int:
    found = details.get(name) if isinstance(details, dict) else None
    return found if type(found) is int else 0


_OPENING = re.compile(r"\s*<(think|thought)>")
MAY_OPEN = ("<", " ", "\n", "\r", "\t")
"""What a text begins with that may begin with an opening tag."""


def parted(text: str, tags: Thoughts) -> tuple[str, str]:
    """What a model thought aloud at the beginning of a text, and the rest of it."""
    if tags == "keep":
        return "", text
    opening = _OPENING.match(text)
    if opening is None:
        if tags == "remove" or "</think>" not in text:
            return "", text
        thought, _, said = text.partition("</think>")
    else:
        thought, _, said = text[opening.end() :].partition(f"</{opening[1]}>")
    return thought.strip(), said.lstrip()


class Showing:
    """Tells of a text that comes in pieces whether there is more in it than thoughts."""

    def __init__(self, tags: Thoughts) -> None:
        self._tags = tags
        self._awaited = "</think>" if tags == "unopened" else ""
        self._head = ""
        self._thinking = tags == "unopened"
        self.begun = False

    def add(self, text: str) -> None:
        """Take a piece."""
        if self.begun or not text:
            return
        self._head += text
        if not self._thinking:
            self._look_for_tag()
        if self._thinking:
            thought, closing, rest = self._head.partition(self._awaited)
            self._head = rest if closing else thought[-len(self._awaited) :]
            self.begun = bool(closing and rest.strip())
            if closing:
                self._thinking, self._tags = False, "keep"

    def _look_for_tag(self) -> None:
        head = self._head.lstrip()
        opening = _OPENING.match(self._head)
        if self._tags == "remove" and opening is not None:
            self._thinking, self._awaited = True, f"</{opening[1]}>"
            self._head = self._head[opening.end() :]
        elif self._tags == "remove" and (
            "<think>".startswith(head) or "<thought>".startswith(head)
        ):
            return
        else:
            self.begun = bool(head)
