"""Making a reply of an answer's JSON."""

from __future__ import annotations

from collections.abc import Collection

import orjson

from chatbot_qa.domain.transcript import BotMessage, Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.wire import first_words
from chatbot_qa.text.paths import Finder, finder


class Reading:
    """Makes a reply of an answer's JSON."""

    def __init__(self, options: HttpOptions) -> None:
        self._reply = finder(options.reply)
        self._buttons = None if options.buttons is None else finder(options.buttons)
        self._data = tuple((name, finder(path)) for name, path in options.data.items())

    def __call__(self, answer: JsonValue) -> Reply | str:
        """The reply, or words that say why there is none."""
        found = self._reply(answer)
        if len(found) == 1:
            only = found[0]
            if type(only) is str and self._buttons is None and not self._data:
                return Reply((BotMessage(only),))
            if type(only) is list:
                found = only
        elif not found and self._reply.singular:
            keys = f"; it has {', '.join(map(str, answer))}" if isinstance(answer, dict) else ""
            return f"there is nothing at {self._reply.source} in the answer{first_words(keys)}"
        texts = [_text(value) for value in found if value is not None]
        if None in texts:
            return f"what stands at {self._reply.source} is no text but an object"
        return self._with_the_rest([text for text in texts if text is not None], answer)

    def _with_the_rest(self, texts: list[str], answer: JsonValue) -> Reply:
        labels = () if self._buttons is None else _labels(self._buttons(answer))
        if labels and not texts:
            texts = [""]
        messages = [BotMessage(text) for text in texts]
        if labels:
            messages[-1] = BotMessage(messages[-1].text, labels)
        data = {name: value for name, path in self._data for value in _data(path, answer)}
        return Reply(tuple(messages), data=data)


def _text(value: JsonValue) -> str | None:
    if isinstance(value, str):
        return value
    return None if isinstance(value, dict | list) else orjson.dumps(value).decode()


def _labels(found: Collection[JsonValue]) -> tuple[str, ...]:
    """Labels from a list of them, a list of objects that hold them, or a list in the list."""
    labels: list[str] = []
    for value in found:
        if isinstance(value, list):
            labels += _labels(value)
        elif isinstance(value, dict):
            keys = ("title", "label", "text", "name", "value")
            labels += [next((str(value[key]) for key in keys if key in value), "")]
        elif value is not None:
            labels.append(str(value))
    return tuple(labels)


def _data(path: Finder, answer: JsonValue) -> tuple[JsonValue, ...]:
    """The value of a path, once; nothing where there is nothing."""
    found = path(answer)
    if path.singular:
        return tuple(found)
    return (list(found),) if found else ()
