"""What a bot behind an address is, as far as that decides what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any

import orjson

from chatbot_qa.domain.values import JsonPath
from chatbot_qa.targets.http.options import HttpOptions
from chatbot_qa.targets.wire import SENSITIVE, public

_SINCE = (
    "form",
    "file_field",
    "messages",
    "answer",
    "stream",
    "poll",
    "reply_complete_after",
    "data_request",
    "greeting",
    "history_mode",
)
"""Options that count where they are not as if not given, so that older journals stay good."""


def fingerprint(options: HttpOptions) -> str:
    """Everything that decides what is asked; no credential, not even hashed."""
    asked = {
        "method": options.method,
        "query": _harmless(options.query),
        "headers": _harmless(options.headers),
        "body": options.body,
        "reply": options.reply.source,
        "buttons": options.buttons and options.buttons.source,
        "data": {name: path.source for name, path in options.data.items()},
        "session": options.session,
        "start": options.start
        and (public(options.start.url), options.start.method, options.start.body),
        "history": options.history,
    }
    usual = {field.name: field.default for field in fields(HttpOptions)}
    for name in (*_SINCE, "file"):
        value = getattr(options, name)
        if value != usual[name]:
            asked[name] = _plain(value)
    digest = blake2b(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
    return f"http {public(options.url)} {digest}"


def _harmless(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if not SENSITIVE.search(name)}


def _plain(value: Any) -> Any:
    """Options as JSON, credentials left out."""
    if isinstance(value, JsonPath):
        return value.source
    if is_dataclass(value):
        given = {field.name: getattr(value, field.name) for field in fields(value)}
        return {
            name: _harmless(one)
            if name == "headers"
            else public(one)
            if name == "url"
            else _plain(one)
            for name, one in given.items()
        }
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value
