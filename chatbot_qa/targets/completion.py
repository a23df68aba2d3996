"""Reading chat completions, whole or in pieces, into replies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatbot_qa.domain.transcript import BotMessage, Reply, Usage
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.pricing import Price, cost

ABOUT = ("refusal", "tool_calls", "function_call")
"""Fields of a message besides its text that a reply's data keeps."""


def reply_of(
    answer: JsonValue, prices: Mapping[str, Price], model: str, first_token: float | None = None
) -> Reply | None:
    """The reply in a completion; None where it is no completion.

    A message without text (a tool call, a filtered answer) is a reply with an empty text;
    what was there instead stands in its data.
    """
    message, finish = _choice(answer)
    if message is None:
        return None
    data = {name: message[name] for name in ABOUT if message.get(name)}
    if finish not in (None, "stop"):
        data["finish_reason"] = finish
    usage, cached = _usage(answer.get("usage"))
    price = prices.get(model) or prices.get(str(answer.get("model")))
    text = _text(message.get("content")) or _text(message.get("refusal"))
    return Reply(
        (BotMessage(text),),
        first_token=first_token,
        usage=usage,
        cost=cost(price, usage, cached),
        data=data,
    )


def error_in(answer: JsonValue) -> str:
    """What a server says that reports an error in the place of an answer, or ""."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict):
        return str(error.get("message") or error.get("code") or "no reason given")
    return error if isinstance(error, str) else ""


def _choice(answer: JsonValue) -> tuple[dict[str, Any] | None, JsonValue]:
    choices = answer.get("choices") if isinstance(answer, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return None, None
    return message, choice.get("finish_reason")


def _text(content: JsonValue) -> str:
    """The text of a message's content: a text, or a list of parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(
        str(part.get("text") or part.get("refusal") or "")
        for part in content
        if isinstance(part, dict)
    )


def _usage(usage: JsonValue) -> tuple[Usage | None, int]:
    """The tokens, and how many of those sent the server had in its cache."""
    if not isinstance(usage, dict):
        return None, 0
    sent, answered = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if type(sent) is not int or type(answered) is not int:
        return None, 0
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    return Usage(sent, answered), cached if type(cached) is int else 0


class Pieces:
    """A completion that comes in pieces, put together again as if it had come whole."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {"content": [], "refusal": []}
        self._calls: dict[int, dict[str, Any]] = {}
        self._finish: JsonValue = None
        self._usage: JsonValue = None
        self._model: JsonValue = None
        self.done = False

    @property
    def begun(self) -> bool:
        """Whether a first token has come."""
        return bool(self._texts["content"] or self._texts["refusal"] or self._calls)

    @property
    def complete(self) -> bool:
        """Whether the server said that this is all."""
        return self.done or self._finish is not None

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
        self._finish = choice.get("finish_reason") or self._finish
        delta = choice.get("delta")
        if isinstance(delta, dict):
            self._add_delta(delta)

    def _add_delta(self, delta: Mapping[str, Any]) -> None:
        for name, texts in self._texts.items():
            text = _text(delta.get(name))
            if text:
                texts.append(text)
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict):
                self._add_call(call)

    def _add_call(self, piece: Mapping[str, Any]) -> None:
        index = piece.get("index")
        number = index if type(index) is int else len(self._calls)
        call = self._calls.setdefault(number, {"function": {"name": "", "arguments": ""}})
        call |= {name: piece[name] for name in ("id", "type") if piece.get(name)}
        function = piece.get("function")
        if isinstance(function, dict):
            for name in ("name", "arguments"):
                call["function"][name] += str(function.get(name) or "")

    def whole(self) -> JsonValue:
        """The completion."""
        message: dict[str, Any] = {
            name: "".join(texts) for name, texts in self._texts.items() if texts
        }
        if self._calls:
            message["tool_calls"] = [self._calls[number] for number in sorted(self._calls)]
        choice = {"message": message, "finish_reason": self._finish}
        return {"choices": [choice], "usage": self._usage, "model": self._model}
