"""The Responses API: what is sent, and reading what is answered, whole or in pieces.

The server keeps nothing for us: what was said goes along as input, and so do the items of a
turn in which functions were called, as they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from chatbot_qa.domain.plan import Tool
from chatbot_qa.domain.transcript import BotMessage, Reply, ToolCall
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.openai.answers import (
    RESPONSE_COUNTS,
    Answered,
    File,
    Showing,
    arguments_of,
    counted,
    line,
    mappings,
    parted,
    text_of,
    told,
)
from chatbot_qa.targets.openai.options import OpenAIOptions, Thoughts
from chatbot_qa.targets.pricing import cost

_ENDINGS = ("response.completed", "response.incomplete", "response.failed")
_FIRST_WORDS = ("response.refusal.delta", "response.function_call_arguments.delta")
_LENGTH = "max_output_tokens"


class Responses:
    """The Responses API."""

    def __init__(self, options: OpenAIOptions, settings: Mapping[str, Any]) -> None:
        self._options = options
        self._settings = settings
        self._stored = settings.get("store") is not False

    def begin(self, system: str | None, tools: Sequence[Tool]) -> tuple[bytes, bytes]:
        """A request up to its first line, with the system prompt as its instructions."""
        instructions = {} if system is None else {"instructions": system}
        return self._head_of(instructions, tools), b""

    def alone(self, system: str | None, tools: Sequence[Tool]) -> tuple[bytes, bytes]:
        """The same with the system prompt as the only line, as there must be one."""
        said = b"" if system is None else line("developer", system) + b","
        return self._head_of({}, tools), said

    def _head_of(self, instructions: Mapping[str, str], tools: Sequence[Tool]) -> bytes:
        settings = {**self._settings, **instructions}
        if tools:
            own = settings.get("tools") or ()
            settings["tools"] = [*own, *map(_described, tools)]
        return orjson.dumps(settings)[:-1] + b',"input":['

    def user(self, text: str, files: Sequence[File]) -> bytes:
        """The line of a message with files."""
        parts: list[JsonValue] = [{"type": "input_text", "text": text}] if text else []
        return orjson.dumps({"role": "user", "content": [*parts, *map(_part, files)]})

    def read(self, answer: JsonValue, first_token: float | None) -> Answered | None:
        """The reply in a response; None where it is none."""
        items = answer.get("output") if isinstance(answer, dict) else None
        if not isinstance(answer, dict) or not isinstance(items, list):
            return None
        options, output = self._options, [item for item in items if isinstance(item, dict)]
        told_of = _Told(options.think_tags)
        for item in output:
            told_of.take(item)
        data = told_of.data()
        if finish := _unfinished(answer):
            data["finish_reason"] = finish
        usage, cached, reasoned = counted(answer.get("usage"), RESPONSE_COUNTS)
        if reasoned:
            data["reasoning_tokens"] = reasoned
        price = options.prices.get(options.model) or options.prices.get(str(answer.get("model")))
        messages, calls = tuple(told_of.messages), tuple(told_of.calls)
        reply = Reply(
            messages if messages or calls else (BotMessage(""),),
            first_token=first_token,
            usage=usage,
            cost=cost(price, usage, cached),
            data=data,
            calls=calls,
        )
        return Answered(reply, self._line(output, reply))

    def _line(self, output: Sequence[Mapping[str, Any]], reply: Reply) -> bytes:
        """Plain words where there are no more than words; else the items as they came."""
        if not reply.calls:
            return line("assistant", reply.text)
        items = output if self._stored else [_unstored(item) for item in output if _lasts(item)]
        return b",".join(map(orjson.dumps, items))

    def given_back(self, calls: Sequence[ToolCall]) -> bytes:
        """An item with the output of each call."""
        return b",".join(
            orjson.dumps(
                {"type": "function_call_output", "call_id": call.id, "output": told(call.result)}
            )
            for call in calls
        )

    def pieces(self) -> ResponsePieces:
        """What puts a stream together."""
        return ResponsePieces(self._options.think_tags)


class _Told:
    """What the items of one response tell."""

    def __init__(self, tags: Thoughts) -> None:
        self._tags = tags
        self._thoughts: list[str] = []
        self._refusal = ""
        self.messages: list[BotMessage] = []
        self.calls: list[ToolCall] = []

    def take(self, item: dict[str, Any]) -> None:
        """Take one item; tools that the server runs itself tell nothing here."""
        match item.get("type"):
            case "message":
                self._message(item)
            case "function_call":
                call_id = str(item.get("call_id") or f"call_{len(self.calls)}")
                item["call_id"] = call_id  # it goes back under the same id
                arguments = arguments_of(item.get("arguments"))
                self.calls.append(ToolCall(str(item.get("name") or ""), arguments, id=call_id))
            case "reasoning":
                found = text_of(item.get("content")) or _joined(item.get("summary"))
                self._thoughts += [found] if found else []

    def _message(self, item: Mapping[str, Any]) -> None:
        content = item.get("content")
        self._refusal += "".join(str(part.get("refusal") or "") for part in mappings(content))
        thought, text = parted(text_of(content), self._tags)
        self._thoughts += [thought] if thought else []
        self.messages += [BotMessage(text)] if text else []

    def data(self) -> dict[str, Any]:
        """What stands beside the words."""
        found = {"refusal": self._refusal, "reasoning": "\n".join(self._thoughts)}
        return {name: value for name, value in found.items() if value}


def _joined(summary: JsonValue) -> str:
    return "\n\n".join(text_of([part]) for part in mappings(summary))


def _described(tool: Tool) -> JsonValue:
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters or {"type": "object", "properties": {}},
        "strict": False,
    }


def _part(file: File) -> JsonValue:
    if file.type.startswith("image/"):
        return {"type": "input_image", "detail": "auto", "image_url": file.url}
    if file.sound:
        return {"type": "input_audio", "input_audio": {"data": file.data, "format": file.sound}}
    return {"type": "input_file", "filename": file.name, "file_data": file.url}


def _unfinished(answer: Mapping[str, Any]) -> str:
    """Why a response ended before its end, as chat completions would say it."""
    if answer.get("status") != "incomplete":
        return ""
    details = answer.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    return "length" if reason == _LENGTH else str(reason or "incomplete")


def _lasts(item: Mapping[str, Any]) -> bool:
    """Whether an item means something to a server that has not kept it."""
    return item.get("type") != "reasoning" or bool(item.get("encrypted_content"))


def _unstored(item: Mapping[str, Any]) -> Mapping[str, Any]:
    if item.get("type") == "reasoning":
        return item
    return {name: value for name, value in item.items() if name != "id"}


class ResponsePieces:
    """A response that comes in pieces, put together again as if it had come whole."""

    def __init__(self, tags: Thoughts) -> None:
        self._showing = Showing(tags)
        self._items: list[JsonValue] = []
        self._texts: list[str] = []
        self._spoken = False
        self._response: dict[str, Any] | None = None
        self.done = False

    @property
    def begun(self) -> bool:
        """Whether a first token to show has come, or a call."""
        return self._spoken or self._showing.begun

    @property
    def complete(self) -> bool:
        """Whether the server said that this is all."""
        return self._response is not None

    def add(self, piece: JsonValue) -> None:
        """Take one piece; what has another form than a piece is passed over."""
        if not isinstance(piece, dict):
            return
        kind, response = piece.get("type"), piece.get("response")
        if kind == "response.output_text.delta":
            text = str(piece.get("delta") or "")
            self._texts.append(text)
            self._showing.add(text)
        elif kind in _FIRST_WORDS:
            self._spoken = True
        elif kind == "response.output_item.done":
            self._items.append(piece.get("item"))
        elif kind in _ENDINGS and isinstance(response, dict):
            self._response = response
            self.done = True

    def whole(self) -> JsonValue:
        """The response; some servers leave out of its end what came before."""
        response = dict(self._response or {})
        if not response.get("output"):
            said = {"type": "message", "content": "".join(self._texts)}
            response["output"] = self._items or [said]
        return response
