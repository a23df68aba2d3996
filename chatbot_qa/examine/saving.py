"""Values that a turn saves from its reply, for later turns to use as ``${name}``."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatbot_qa.domain.suite import Names, Save, Unset
from chatbot_qa.domain.transcript import Reply
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.text.json_in import NotJson, json_in, told
from chatbot_qa.text.paths import finder
from chatbot_qa.text.patterns import search

_WORD = re.compile(r"\s*([^\s,;!?()\[\]\"'“”]+)")
_TRAILING = ".:"


NO_BUTTONS = " and no buttons at all"


def saved(save: Save, reply: Reply, names: Names) -> str | None:
    """The value that ``save`` asks for, None where the reply does not have it."""
    for wanted, find in _WAYS:
        if getattr(save, wanted) is not None:
            return find(save, reply, names)
    return None


def missed(save: Save, reply: Reply) -> str:
    """What ``save`` looked for in a reply and did not find, in words."""
    if save.after is not None:
        return f"nothing after {save.after.source!r}"
    if save.matches is not None:
        return f"nothing that matches {save.matches.source!r}"
    if save.json_path is not None:
        return f"nothing at {save.json_path.source}"
    if save.button is not None:
        there = [label for message in reply.messages for label in message.buttons]
        came = f"; it has {', '.join(map(repr, there))}" if there else NO_BUTTONS
        return f"no button that matches {save.button.source!r}{came}"
    return "nothing"


def _after(save: Save, reply: Reply, names: Names) -> str | None:
    if save.after is None:
        return None
    try:
        mark = save.after.render(names)
    except Unset:
        return None
    begin = reply.text.casefold().find(mark.casefold())
    if begin < 0:
        return None
    match = _WORD.match(reply.text, begin + len(mark))
    return (match.group(1).rstrip(_TRAILING) or None) if match else None


def _matching(save: Save, reply: Reply, _names: Names) -> str | None:
    match = search(save.matches.source, reply.text) if save.matches else None
    if match is None:
        return None
    return str(match.group(1 if match.re.groups else 0)) or None


def _at_path(save: Save, reply: Reply, _names: Names) -> str | None:
    if save.json_path is None:
        return None
    find = finder(save.json_path)
    for value in (*find(_json(reply.text)), *find(dict(reply.data))):
        return value if isinstance(value, str) else told(value)
    return None


def _json(text: str) -> JsonValue:
    try:
        return json_in(text)
    except NotJson:
        return None


def _button(save: Save, reply: Reply, _names: Names) -> str | None:
    if save.button is None:
        return None
    for message in reply.messages:
        for label in message.buttons:
            if search(save.button.source, label):
                return label
    return None


_WAYS: tuple[tuple[str, Callable[[Save, Reply, Names], str | None]], ...] = (
    ("after", _after),
    ("matches", _matching),
    ("json_path", _at_path),
    ("button", _button),
)
