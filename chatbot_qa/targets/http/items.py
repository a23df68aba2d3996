"""Making messages, buttons, cards and media of the objects in which bots send them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from chatbot_qa.domain.transcript import BotMessage, Card, Media
from chatbot_qa.domain.values import JsonPath, JsonValue
from chatbot_qa.targets.http.parts import Messages, ShapeName
from chatbot_qa.targets.labels import DEEPEST, first_of, flat, labels
from chatbot_qa.text.paths import Finder, finder

_URL = ("url", "contentUrl", "src", "href", "link", "image_url", "imageUrl", "source")
_MEDIA_KIND = ("contentType", "content_type", "mimeType", "mime_type", "mime", "kind", "type")
_MEDIA_NAME = ("name", "filename", "title", "alt")
_IMAGE = ("image", "image_url", "imageUrl", "images", "thumbnail")
_CARD_URL = ("url", "link", "href")
_CARD = re.compile(r"application/vnd\.microsoft\.card\.", re.I)
_KINDS = ("image", "audio", "video", "file")

Paths = tuple[str, ...]


class Layout(Struct, frozen=True):
    """Where the messages stand, and in each the places of its parts, as paths."""

    path: str
    text: Paths
    buttons: Paths
    cards: Paths
    media: Paths
    counts: Callable[[JsonValue], bool] = lambda item: item is not None


def _said_by_the_bot(activity: JsonValue) -> bool:
    """Whether an activity is a message of the bot: no typing, and not the user's own come back."""
    if not isinstance(activity, dict) or activity.get("type") != "message":
        return False
    sender = activity.get("from")
    return not isinstance(sender, dict) or sender.get("role") != "user"


_LAYOUTS: Mapping[ShapeName, Layout] = {
    "plain": Layout(
        "$.messages",
        ("$.text", "$.content", "$.message"),
        ("$.buttons", "$.quick_replies", "$.quickReplies", "$.suggestions"),
        ("$.cards", "$.card"),
        ("$.media", "$.attachments", "$.image", "$.audio", "$.video", "$.file"),
    ),
    "rasa": Layout(
        "$",
        ("$.text",),
        ("$.buttons", "$.quick_replies"),
        ("$.attachment.payload.elements",),
        ("$.image", "$.attachment"),
    ),
    "bot-framework": Layout(
        "$.activities",
        ("$.text",),
        ("$.suggestedActions.actions",),
        ("$.attachments",),
        ("$.attachments",),
        _said_by_the_bot,
    ),
}


class Items:
    """Makes messages of the objects at the configured place."""

    def __init__(self, messages: Messages) -> None:
        layout = _LAYOUTS[messages.shape]
        self.path = finder(messages.path or JsonPath(layout.path))
        self._counts = layout.counts
        self._text = _finders(messages.text, layout.text)
        self._buttons = _finders(messages.buttons, layout.buttons)
        self._cards = _finders(messages.cards, layout.cards)
        self._media = _finders(messages.media, layout.media)

    def __call__(self, found: Sequence[JsonValue]) -> Iterator[BotMessage]:
        """The messages among what was found; a list stands for what is in it."""
        for value in found:
            for item in value if isinstance(value, list) else (value,):
                if self._counts(item):
                    yield self._message(item)

    def _message(self, item: JsonValue) -> BotMessage:
        if not isinstance(item, dict):
            return BotMessage(item if isinstance(item, str) else str(item))
        texts = (value for path in self._text for value in flat(path(item)))
        text = next((str(text) for text in texts if isinstance(text, str | int | float)), "")
        buttons = tuple(label for path in self._buttons for label in labels(path(item)))
        cards = [card_of(value) for path in self._cards for value in flat(path(item))]
        media = [media_of(value, path) for path in self._media for value in flat(path(item))]
        return BotMessage(
            text,
            buttons,
            tuple(card for card in cards if card is not None),
            tuple(one for one in media if one is not None),
        )


def _finders(own: JsonPath | None, usual: Paths) -> tuple[Finder, ...]:
    return (finder(own),) if own is not None else tuple(finder(JsonPath(path)) for path in usual)


def card_of(value: JsonValue) -> Card | None:
    """A card of whatever an object calls its parts; None for what is no card."""
    if not isinstance(value, dict):
        return None
    kind = value.get("contentType")
    if isinstance(kind, str):
        inside = value.get("content")
        if not _CARD.match(kind) or not isinstance(inside, dict):
            return None
        return _adaptive(inside) if isinstance(inside.get("body"), list) else _card(inside)
    return _card(value)


def _card(value: Mapping[str, JsonValue]) -> Card | None:
    texts = [first_of(value, (key,)) for key in ("subtitle", "text", "description")]
    title = first_of(value, ("title", "header", "heading"))
    text = "\n".join(text for text in texts if text)
    pressed = [value.get(key) for key in ("buttons", "actions")]
    image = _address_in([value.get(key) for key in _IMAGE])
    card = Card(title, text, labels(pressed), first_of(value, _CARD_URL), image)
    return None if card == Card("") else card


def _address_in(values: Iterable[JsonValue]) -> str:
    for value in flat(values):
        address = value if isinstance(value, str) else first_of(value, _URL)
        if address:
            return address
    return ""


def _adaptive(content: Mapping[str, JsonValue]) -> Card:
    """An Adaptive Card: its first text is taken for the title."""
    texts: list[str] = []
    image = ""
    pressed = list(flat([content.get("actions")]))
    for block in _blocks(content.get("body")):
        if block.get("type") == "Image":
            image = image or first_of(block, ("url",))
        elif text := first_of(block, ("text",)):
            texts.append(text)
        pressed += flat([block.get("actions")])
    return Card("".join(texts[:1]), "\n".join(texts[1:]), labels(pressed), image=image)


def _blocks(body: JsonValue, depth: int = 0) -> Iterator[Mapping[str, JsonValue]]:
    for block in flat([body]):
        if isinstance(block, dict) and depth < DEEPEST:
            yield block
            for key in ("items", "columns"):
                yield from _blocks(block.get(key), depth + 1)


def media_of(value: JsonValue, path: Finder) -> Media | None:
    """What is shown or offered, of an address or of an object that holds one."""
    if isinstance(value, str):
        return Media(value, _kind("", value) or _kind_in(path.source)) if value else None
    if not isinstance(value, dict):
        return None
    inside = value.get("payload")
    url = first_of(value, _URL) or first_of(inside, _URL)
    if not url:
        return None
    said = first_of(value, _MEDIA_KIND)
    kind = _kind(said, url) or _kind_in(path.source) or "file"
    return Media(url, kind, first_of(value, _MEDIA_NAME))


def _kind(said: str, url: str) -> str:
    """The kind that a name or media type says, else that of the address's ending; "" if none."""
    name = said.partition("/")[0].lower()
    if name in _KINDS:
        return name
    if url.startswith("data:"):
        guess: str | None = url[5:].partition(";")[0]
    else:
        try:
            guess = mimetypes.guess_type(urlsplit(url).path)[0]
        except ValueError:  # an address as no browser would take it
            guess = None
    if not guess:
        return "file" if "/" in said else ""
    name = guess.partition("/")[0]
    return name if name in _KINDS else "file"


def _kind_in(path: str) -> str:
    """The kind that the last name of a path says."""
    last = re.findall(r"[a-z]+", path.lower())[-1:]
    return next((kind for kind in _KINDS if last and last[0].startswith(kind)), "")
