"""Chat completions: what is sent, and reading what is answered, whole or in pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from chatbot_qa.domain.plan import Tool
from chatbot_qa.domain.transcript import BotMessage, Reply, ToolCall
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.openai.answers import (
    CHAT_COUNTS,
    MAY_OPEN,
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

THOUGHTS = ("reasoning_content", "reasoning")
"""Fields in which servers put what a model thought before it spoke."""

_ABOUT = ("refusal", "tool_calls", "function_call", *THOUGHTS)
"""Fields of a message besides its text that a reply's data keeps, thoughts under one name."""

_JUST_ENDED = (None, "stop")
_NONE: tuple[Sequence[JsonValue], tuple[ToolCall, ...]] = ((), ())

_GO_BACK = (*THOUGHTS, "reasoning_details", "extra_content")
"""Fields of a message with calls that its server wants to see again with their results."""

_FINISHED = {
    "eos": "stop",
    "eos_token": "stop",
    "stop_sequence": "stop",
    "end_turn": "stop",
    "max_tokens": "length",
    "safety": "content_filter",
}
"""Other words for why a reply ended."""


class Chat:
    """The API of chat completions."""

    def __init__(self, options: OpenAIOptions, settings: Mapping[str, Any]) -> None:
        self._options = options
        self._settings = settings
        self._unopened = options.think_tags == "unopened"
        self._head = self._head_of(settings)

    def begin(self, system: str | None, tools: Sequence[Tool]) -> tuple[bytes, bytes]:
        """A request up to its first line, and the system prompt as that line."""
        said = b"" if system is None else line("system", system) + b","
        if not tools:
            return self._head, said
        own = self._settings.get("tools") or ()
        described = [*own, *map(_described, tools)]
        return self._head_of({**self._settings, "tools": described}), said

    def alone(self, system: str | None, tools: Sequence[Tool]) -> tuple[bytes, bytes]:
        """The same: a system prompt is a line of its own."""
        return self.begin(system, tools)

    @staticmethod
    def _head_of(settings: Mapping[str, Any]) -> bytes:
        return orjson.dumps(settings)[:-1] + b',"messages":['

    def user(self, text: str, files: Sequence[File]) -> bytes:
        """The line of a message with files."""
        parts: list[JsonValue] = [{"type": "text", "text": text}] if text else []
        return orjson.dumps({"role": "user", "content": [*parts, *map(_part, files)]})

    def read(self, answer: JsonValue, first_token: float | None) -> Answered | None:
        """The reply in a completion; None where it is no completion.

        A message without text (a filtered answer) is a reply with an empty text; what was
        there instead stands in its data.
        """
        options = self._options
        choice, message = _message(answer)
        if message is None:
            return None
        data = {name: message[name] for name in _ABOUT if message.get(name)}
        content = message.get("content")
        text = content if type(content) is str else text_of(content)
        thought = ""
        if self._unopened or text.startswith(MAY_OPEN):
            thought, text = parted(text, options.think_tags)
        if data or thought or content is not text:
            thought = _thought(data, content) or thought
            if thought:
                data["reasoning"] = thought
        if choice.get("finish_reason") not in _JUST_ENDED:
            _note_finish(choice, data)
        usage, cached, reasoned = counted(answer.get("usage"), CHAT_COUNTS)
        if reasoned:
            data["reasoning_tokens"] = reasoned
        price = None
        if prices := options.prices:
            price = prices.get(options.model) or prices.get(str(answer.get("model")))
        text = text or text_of(message.get("refusal"))
        sent, calls = _calls(data) if "tool_calls" in data or "function_call" in data else _NONE
        return Answered(
            Reply(
                (BotMessage(text),) if text or not calls else (),
                first_token=first_token,
                usage=usage,
                cost=cost(price, usage, cached),
                data=data,
                calls=calls,
            ),
            _with_calls(message, text, sent) if sent else line("assistant", text),
        )

    def given_back(self, calls: Sequence[ToolCall]) -> bytes:
        """A message of the role ``tool`` for each call."""
        return b",".join(
            orjson.dumps({"role": "tool", "tool_call_id": call.id, "content": told(call.result)})
            for call in calls
        )

    def pieces(self) -> ChatPieces:
        """What puts a stream together."""
        return ChatPieces(self._options.think_tags)


def _described(tool: Tool) -> JsonValue:
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters or {"type": "object", "properties": {}},
        },
    }


def _part(file: File) -> JsonValue:
    if file.type.startswith("image/"):
        return {"type": "image_url", "image_url": {"url": file.url}}
    if file.sound:
        return {"type": "input_audio", "input_audio": {"data": file.data, "format": file.sound}}
    return {"type": "file", "file": {"filename": file.name, "file_data": file.url}}


def _message(answer: JsonValue) -> tuple[Mapping[str, Any], dict[str, Any] | None]:
    choices = answer.get("choices") if isinstance(answer, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return {}, None
    return choice, message


def _thought(data: dict[str, Any], content: JsonValue) -> str:
    """What a model thought before it spoke, taken from wherever its server put that."""
    found = [data.pop(name) for name in THOUGHTS if name in data]
    if found:
        return text_of(found[0])
    if type(content) is str:
        return ""
    return "".join(text_of(part.get("thinking")) for part in mappings(content))


def _note_finish(choice: Mapping[str, Any], data: dict[str, Any]) -> None:
    """Keep why a reply ended, where it did not just end."""
    finish = choice["finish_reason"]
    if isinstance(finish, str):
        finish = _FINISHED.get(finish.lower(), finish)
    if finish != "stop":
        data["finish_reason"] = finish
    if finish == "content_filter" and choice.get("content_filter_results"):
        data["content_filter"] = choice["content_filter_results"]


def _calls(message: Mapping[str, Any]) -> tuple[Sequence[JsonValue], tuple[ToolCall, ...]]:
    """The calls in a message, as they are sent back and as the reply has them."""
    sent: list[JsonValue] = []
    calls: list[ToolCall] = []
    for number, call in enumerate(mappings(message.get("tool_calls"))):
        function = _function(call)
        name, given = str(function.get("name") or ""), function.get("arguments")
        arguments = arguments_of(given)
        call_id = str(call.get("id") or f"call_{number}")
        calls.append(ToolCall(name, arguments, id=call_id))
        written = {"name": name, "arguments": told(given or arguments)}
        sent.append({**call, "id": call_id, "type": "function", "function": written})
    old = message.get("function_call")
    if isinstance(old, dict):  # from before there were tools; nothing can be given back to it
        calls.append(ToolCall(str(old.get("name") or ""), arguments_of(old.get("arguments"))))
    return sent, tuple(calls)


def _function(call: Mapping[str, Any]) -> Mapping[str, Any]:
    function = call.get("function")
    return function if isinstance(function, dict) else {}


def _with_calls(message: Mapping[str, Any], text: str, sent: Sequence[JsonValue]) -> bytes:
    kept = {name: message[name] for name in _GO_BACK if message.get(name)}
    return orjson.dumps(
        {"role": "assistant", "content": text or None, **kept, "tool_calls": list(sent)}
    )


class ChatPieces:
    """A completion that comes in pieces, put together again as if it had come whole."""

    def __init__(self, tags: Thoughts) -> None:
        self._texts: dict[str, list[str]] = {name: [] for name in ("content", "refusal", *THOUGHTS)}
        self._showing = Showing(tags)
        self._kept: dict[str, Any] = {}
        self._calls: list[dict[str, Any]] = []
        self._newest: dict[int | None, dict[str, Any]] = {}
        self._choice: dict[str, Any] = {}
        self._usage: JsonValue = None
        self._model: JsonValue = None
        self.done = False

    @property
    def begun(self) -> bool:
        """Whether a first token to show has come, or a call."""
        return self._showing.begun or bool(self._texts["refusal"] or self._calls)

    @property
    def complete(self) -> bool:
        """Whether the server said that this is all."""
        return self.done or self._choice.get("finish_reason") is not None

    def add(self, piece: JsonValue) -> None:
        """Take one piece; what has another form than a piece is passed over."""
        if not isinstance(piece, dict):
            return
        self._usage = piece.get("usage") or self._usage
        self._model = piece.get("model") or self._model
        choices = piece.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict) or choice.get("index", 0) != 0:
            return
        for name in ("finish_reason", "content_filter_results"):
            self._choice[name] = choice.get(name) or self._choice.get(name)
        delta = choice.get("delta")
        if isinstance(delta, dict):
            self._add_delta(delta)

    def _add_delta(self, delta: Mapping[str, Any]) -> None:
        for name, texts in self._texts.items():
            text = text_of(delta.get(name))
            if text:
                texts.append(text)
                if name == "content":
                    self._showing.add(text)
        for part in mappings(delta.get("content")):
            if thinking := text_of(part.get("thinking")):
                self._texts[THOUGHTS[0]].append(thinking)
        if details := mappings(delta.get("reasoning_details")):
            self._kept.setdefault("reasoning_details", []).extend(details)
        if delta.get("extra_content"):
            self._kept["extra_content"] = delta["extra_content"]
        for call in mappings(delta.get("tool_calls")):
            self._add_call(call)

    def _add_call(self, piece: Mapping[str, Any]) -> None:
        call = self._call_of(piece)
        call |= {
            name: value
            for name, value in piece.items()
            if name not in ("index", "function") and value
        }
        function, written = call["function"], _function(piece)
        name, arguments = str(written.get("name") or ""), written.get("arguments")
        if name != function["name"]:
            function["name"] += name
        if arguments is not None:
            function["arguments"] += told(arguments)

    def _call_of(self, piece: Mapping[str, Any]) -> dict[str, Any]:
        """The call that a piece belongs to: the newest at its index, or a new one.

        Servers leave out the index, or give all calls the same.
        """
        index = piece.get("index")
        number = index if type(index) is int else None
        call = self._newest.get(number)
        if call is None or _begins_another(piece, call, indexed=number is not None):
            call = {"function": {"name": "", "arguments": ""}}
            self._newest[number] = call
            self._calls.append(call)
        return call

    def whole(self) -> JsonValue:
        """The completion."""
        message: dict[str, Any] = {
            **self._kept,
            **{name: "".join(texts) for name, texts in self._texts.items() if texts},
        }
        if self._calls:
            message["tool_calls"] = self._calls
        choice = {"message": message, **self._choice}
        return {"choices": [choice], "usage": self._usage, "model": self._model}


def _begins_another(piece: Mapping[str, Any], call: Mapping[str, Any], *, indexed: bool) -> bool:
    """Whether a piece begins a call after one that has the same index, or none as it has none."""
    given, known = piece.get("id"), call.get("id")
    named = bool(_function(piece).get("name"))
    if given and known:
        return bool(given != known and (named or not indexed))
    return named and _is_json(call["function"]["arguments"])


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True
