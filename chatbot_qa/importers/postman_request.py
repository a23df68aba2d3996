"""Postman's requests: which of them say something to a bot, and how."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct, field

from chatbot_qa.importers.located import Located, Unreadable, items_of, read_json

_SAID_WORDS: Final = """
message messagetext usermessage user_message text utterance question query prompt input
user_input userinput msg content q
"""
_SAID: Final = tuple(_SAID_WORDS.split())
_REPLY_WORDS: Final = """
reply response answer message text messagetext output content msg result speech
fulfillmenttext generated_text
"""
_REPLY: Final = frozenset(_REPLY_WORDS.split())
_SESSION: Final = re.compile(
    r"session|conversation|sender|thread|chat_?id|user_?id|dialog_?id", re.IGNORECASE
)
SENSITIVE: Final = re.compile(
    r"key|token|secret|passw|auth|cookie|credential|signature", re.IGNORECASE
)
"""Names whose values are secrets."""

MARK: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
"""A variable of Postman's."""


class Request(Struct, frozen=True):
    """A request that says something to a bot.

    ``settings`` are those of the target that it is sent to; ``differs`` tells what was
    changed in them, ``open`` which variables have no value. ``session`` is whether it
    names the conversation that it belongs to.
    """

    said: str
    settings: Mapping[str, Any]
    differs: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    session: bool = False

    @property
    def endpoint(self) -> str:
        """What requests to one target have in common."""
        return json.dumps(self.settings, sort_keys=True, default=str)


class _Filling(Struct):
    """Puts values in for variables, and keeps account of it."""

    values: Mapping[str, str]
    differs: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    session: bool = False

    def text(self, text: str, name: str = "") -> str:
        """A text of the target; ``name`` is the key or header that it stands under."""
        if SENSITIVE.search(name):
            return self.secret(text, name)
        if name and _SESSION.search(name) and text.strip():
            return self.of_session(name)
        return MARK.sub(self.value, text.replace("${", "$${"))

    def value(self, found: re.Match[str]) -> str:
        name = found[1]
        if SENSITIVE.search(name):
            self.differs.append(f"{name} is a secret: set {_env(name)} in the environment")
            return f"${{secret:{_env(name)}}}"
        if _SESSION.search(name):
            return self.of_session(name)
        value = self.values.get(name)
        if value is None:
            self.open.append(name)
            return found[0]
        return value

    def of_session(self, name: str) -> str:
        self.session = True
        words = f"{name} is an id of ours, new for each conversation"
        if words not in self.differs:
            self.differs.append(words)
        return "${session}"

    def secret(self, text: str, name: str) -> str:
        marked = MARK.search(text)
        env = _env(marked[1] if marked else name)
        self.differs.append(f"{name} is a secret: set {env} in the environment")
        before = "Bearer " if text.startswith("Bearer ") else ""
        return f"{before}${{secret:{env}}}"


def _env(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "SECRET"


def address(node: Located) -> str:
    """The address of a request as it was typed, without what stands after its ``?``."""
    url = node.get("url") if isinstance(node.value, dict) else node
    raw = url.get("raw") if url is not None and isinstance(url.value, dict) else url
    return raw.text.partition("?")[0] if raw is not None else ""


def method_of(node: Located) -> str:
    """The method of a request."""
    found = node.get("method")
    return found.text.upper() if found is not None and found.text else "GET"


def read_request(node: Located, values: Mapping[str, str]) -> Request | None:
    """A request as one that talks to a bot; None where nothing is said in it."""
    filling = _Filling(values)
    settings: dict[str, Any] = {"kind": "http", "url": filling.text(address(node))}
    method = method_of(node)
    if method != "POST":
        settings["method"] = method
    said = ""
    query = dict(_query(node))
    body = node.get("body")
    mode = body.get("mode") if body is not None else None
    if body is not None and mode is not None and mode.text == "raw" and body.get("raw"):
        said, data = _of_json(body, filling)
        if said:
            settings["body"] = data
    elif body is not None and mode is not None and mode.text in ("urlencoded", "formdata"):
        fields = dict(_pairs(body.get(mode.text)))
        said, form = _of_pairs(fields, filling)
        settings["form"] = form
    if query:
        asked, found = _of_pairs(query, filling, said=not said)
        said = said or asked
        settings["query"] = found
    headers = {
        key: filling.text(text, key)
        for key, text in _pairs(node.get("header"))
        if key.lower() not in ("content-type", "content-length", "accept", "host")
    }
    if headers:
        settings["headers"] = headers
    if not said.strip():
        return None
    return Request(
        said,
        settings,
        tuple(dict.fromkeys(filling.differs)),
        tuple(dict.fromkeys(filling.open)),
        filling.session,
    )


def _pairs(node: Located | None) -> Iterator[tuple[str, str]]:
    """Headers or fields that are not set aside."""
    for item in items_of(node):
        key, value, off = item.get("key"), item.get("value"), item.get("disabled")
        if key is not None and key.text and not (off is not None and off.value is True):
            yield key.text, value.text if value is not None else ""


def _query(node: Located) -> Iterator[tuple[str, str]]:
    url = node.get("url")
    if url is None:
        return
    if isinstance(url.value, dict) and url.get("query") is not None:
        yield from _pairs(url.get("query"))
        return
    raw = url.get("raw") if isinstance(url.value, dict) else url
    after = raw.text.partition("?")[2] if raw is not None else ""
    for part in filter(None, after.split("&")):
        key, _, value = part.partition("=")
        yield key, value


def _of_pairs(
    fields: Mapping[str, str], filling: _Filling, *, said: bool = True
) -> tuple[str, dict[str, str]]:
    """What is said in a form or in an address, and its fields with ``${message}``."""
    named = (key for word in _SAID for key in fields if key.lower() == word)
    name = next(named, "") if said else ""
    found = {key: filling.text(text, key) for key, text in fields.items() if key != name}
    if name:
        found[name] = "${message}"
    return (fields[name] if name else ""), found


def _of_json(body: Located, filling: _Filling) -> tuple[str, Any]:
    """What is said in a body of JSON, and the body with ``${message}``."""
    raw = body.get("raw")
    try:
        data = read_json(raw.text if raw is not None else "").plain
    except Unreadable:
        return "", None
    path = _said_in(data)
    if path is None:
        return "", None
    said: Any = data
    for step in path:
        said = said[step]
    return said, _rebuilt(data, path, filling, "")


def _said_in(data: Any) -> tuple[str | int, ...] | None:
    """The way to the text that the user says; of a list of messages the last one's."""
    texts = [(path, name) for path, name in _texts(data, (), "") if name in _SAID]
    if not texts:
        return None
    best = min(_SAID.index(name) for _, name in texts)
    return [path for path, name in texts if _SAID.index(name) == best][-1]


def _texts(
    data: Any, path: tuple[str | int, ...], name: str
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str) and data.strip():
        yield path, name
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, key), key.lower())
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*path, number), name)


def _rebuilt(data: Any, path: tuple[str | int, ...] | None, filling: _Filling, name: str) -> Any:
    if path == ():
        return "${message}"
    if isinstance(data, dict):
        return {
            key: _rebuilt(value, path[1:] if path and path[0] == key else None, filling, key)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [
            _rebuilt(value, path[1:] if path and path[0] == number else None, filling, name)
            for number, value in enumerate(data)
        ]
    return filling.text(data, name) if isinstance(data, str) else data


def reply_in(data: Any, path: str = "$") -> str | None:
    """Where in an answer the bot's words most likely stand, as a JSON path."""
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and key.lower() in _REPLY:
                return f"{path}.{key}"
        inner = ((f"{path}.{key}", value) for key, value in data.items() if key.isidentifier())
    elif isinstance(data, list):
        inner = ((f"{path}[{number}]", value) for number, value in enumerate(data[:1]))
    else:
        return None
    return next((found for at, value in inner if (found := reply_in(value, at))), None)


def is_reply(path: str) -> bool:
    """Whether a JSON path ends in a name that replies go by."""
    return path.rpartition(".")[2].partition("[")[0].lower() in _REPLY
