"""Activities of the Bot Framework: what a ``.transcript`` records and a ``.chat`` describes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from chatbot_qa.domain.values import JsonValue
from chatbot_qa.importers.located import Located, Unreadable, items_of, read_json

_VENDOR = "application/vnd.microsoft."
_TEXTS = frozenset({"TextBlock", "TextRun"})
_ACTIONS = ("actions", "inlineAction", "selectAction")


class Trouble(Struct, frozen=True):
    """What the Bot Framework's own tools would refuse, and where."""

    line: int
    message: str


class Press(Struct, frozen=True):
    """Something on a card that can be pressed, and what pressing it sends."""

    label: str
    sends: JsonValue = None


class Shown(Struct, frozen=True):
    """What people see of a card."""

    title: str = ""
    texts: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    image: str = ""
    media: str = ""
    presses: tuple[Press, ...] = ()


class Attached(Struct, frozen=True):
    """An attachment: a card of this kind, or a file at an address."""

    line: int
    kind: str
    url: str = ""
    name: str = ""
    card: Shown | None = None


class Activity(Struct, frozen=True):
    """One thing that happened. ``role`` is user or bot, ``delay`` seconds before it.

    ``layouts`` are lines that say how its attachments are laid out.
    """

    line: int
    kind: str
    role: str = ""
    who: str = ""
    to: str = ""
    text: str = ""
    name: str = ""
    value: JsonValue = None
    attachments: tuple[Attached, ...] = ()
    suggestions: tuple[str, ...] = ()
    delay: float = 0.0
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    layouts: tuple[int, ...] = ()


def read_transcript(text: str) -> list[Activity | Trouble]:
    """The activities of a ``.transcript``: a JSON list, or an object that holds it."""
    try:
        root = read_json(text)
    except Unreadable as error:
        return [Trouble(error.line, error.message)]
    listed = root if isinstance(root.value, tuple) else root.get("activities")
    if listed is None or not isinstance(listed.value, tuple):
        return [Trouble(1, "no transcript: a list of activities belongs here")]
    bots = set(_bots(listed))
    return [_activity(item, bots) for item in listed.items()]


def _bots(listed: Located) -> Iterator[str]:
    """The ids of accounts that are bots, for activities that do not say so."""
    for item in listed.items():
        for place in ("from", "recipient"):
            account = _inside(item).get(place)
            if account is not None and _text(account, "role") in ("bot", "skill"):
                yield _text(account, "id")


def _inside(item: Located) -> Located:
    return item.get("activity") or item


def _activity(item: Located, bots: set[str]) -> Activity | Trouble:
    here = _inside(item)
    if not isinstance(here.value, dict):
        return Trouble(item.line, "an activity is an object")
    kind = _text(here, "type")
    if not kind:
        return Trouble(here.line, "this activity has no `type`")
    value, delay = here.get("value"), 0.0
    if kind == "delay" and value is not None and isinstance(value.value, int | float):
        delay = float(value.value) / 1000
    suggested = here.under("suggestedActions", "actions")
    return Activity(
        line=here.line,
        kind=kind,
        role=_role(here, bots),
        who=_text(here.get("from"), "name") or _text(here.get("from"), "id"),
        to=_text(here.get("recipient"), "name"),
        text=_text(here, "text"),
        name=_text(here, "name"),
        value=value.plain if value is not None and kind != "trace" else None,
        attachments=tuple(_attached(one) for one in items_of(here.get("attachments"))),
        suggestions=tuple(filter(None, (_label(one) for one in items_of(suggested)))),
        delay=delay,
        joined=_names(here.get("membersAdded")),
        left=_names(here.get("membersRemoved")),
    )


def _role(here: Located, bots: set[str]) -> str:
    sender, recipient = here.get("from"), here.get("recipient")
    role = _text(sender, "role").lower()
    if role:
        return "bot" if role in ("bot", "skill") else "user"
    if _text(sender, "id") in bots or _text(sender, "name").lower() == "bot":
        return "bot"
    if _text(recipient, "role").lower() == "user" or _text(recipient, "name").lower() == "user":
        return "bot"
    return "user"


def _text(value: Located | None, key: str) -> str:
    found = value.get(key) if value is not None else None
    return found.text if found is not None and isinstance(found.value, str) else ""


def _first(value: Located, *keys: str) -> str:
    """The first text that stands under one of these keys."""
    return next(filter(None, (_text(value, key) for key in keys)), "")


def _label(action: Located) -> str:
    return _first(action, "title", "text", "value")


def _names(members: Located | None) -> tuple[str, ...]:
    return tuple(_text(one, "name") or _text(one, "id") for one in items_of(members))


def _attached(one: Located) -> Attached:
    kind = _text(one, "contentType")
    short = kind.removeprefix(_VENDOR).removeprefix("card.")
    content = one.get("content")
    url = _text(one, "contentUrl")
    if content is None or not isinstance(content.value, dict) or short == kind:
        return Attached(one.line, short, "" if url.startswith("data:") else url, _text(one, "name"))
    return Attached(one.line, short, card=card_of(content, short))


def card_of(content: Located, kind: str) -> Shown:
    """What people see of a card of this kind; a whole attachment's content is taken."""
    inner = content.get("content")
    if inner is not None and isinstance(inner.value, dict):
        content = inner
    is_adaptive = kind == "adaptive" or _text(content, "type") == "AdaptiveCard"
    return _adaptive(content) if is_adaptive else _rich(content)


def _rich(content: Located) -> Shown:
    """A hero card or one of its kin."""
    images, media = items_of(content.get("images")), items_of(content.get("media"))
    image = _text(content.get("image"), "url") or _text(content, "image")
    presses = [
        Press(_label(action), value.plain if (value := action.get("value")) else None)
        for action in items_of(content.get("buttons"))
    ]
    facts = [
        f"{_first(fact, 'key', 'title')} {_first(fact, 'value', 'price')}"
        for key in ("facts", "items")
        for fact in items_of(content.get(key))
    ]
    texts = [_text(content, key) for key in ("subtitle", "text")]
    return Shown(
        title=_text(content, "title"),
        texts=tuple(filter(None, (*texts, *(fact.strip() for fact in facts)))),
        buttons=tuple(press.label for press in presses if press.label),
        image=image or next((_text(one, "url") for one in images), ""),
        media=next((_text(one, "url") for one in media), ""),
        presses=tuple(presses),
    )


def _adaptive(content: Located) -> Shown:
    """An adaptive card: its first text is the title, whatever can be pressed a button."""
    texts = [text for text in _texts(content) if text.strip()]
    presses = tuple(_presses(content))
    labels = [press.label for press in presses if press.label]
    return Shown(
        title=texts[0] if texts else "",
        texts=tuple(text for text in texts[1:] if text not in labels),
        buttons=tuple(dict.fromkeys(labels)),
        image=next(_images(content), ""),
        presses=presses,
    )


def _below(node: Located) -> Iterator[Located]:
    """The elements directly inside an element."""
    for key in ("body", "items", "columns", "rows", "cells", "inlines", "card", "content"):
        inner = node.get(key)
        if inner is not None and isinstance(inner.value, tuple):
            yield from inner.items()
        elif inner is not None and isinstance(inner.value, dict):
            yield inner


def _texts(node: Located) -> Iterator[str]:
    if _text(node, "type") in _TEXTS:
        yield _text(node, "text")
    for fact in items_of(node.get("facts")):
        yield f"{_text(fact, 'title')} {_text(fact, 'value')}".strip()
    for inner in _below(node):
        yield from _texts(inner)


def _images(node: Located) -> Iterator[str]:
    if _text(node, "type") == "Image":
        yield _text(node, "url")
    for inner in _below(node):
        yield from _images(inner)


def _presses(node: Located) -> Iterator[Press]:
    for key in _ACTIONS:
        found = node.get(key)
        if found is None:
            continue
        for action in found.items() or (found,):
            label = _text(action, "title") or " ".join(_texts(node) if key != "actions" else ())
            data = action.get("data")
            yield Press(label.strip(), data.plain if data is not None else None)
            card = action.get("card")
            if card is not None:
                yield from _presses(card)
    for inner in _below(node):
        yield from _presses(inner)
