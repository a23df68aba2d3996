"""Checks of what a reply offers beside its words: buttons, cards, media."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from chatbot_qa.checks.base import Evidence, always, check, decide, failed, never, passed
from chatbot_qa.domain.transcript import Card, Media, Reply
from chatbot_qa.domain.verdict import Finding, Quote
from chatbot_qa.registry import Flaw, Use
from chatbot_qa.text.excerpt import listed, shown
from chatbot_qa.text.fold import fold, needle, without_stop

_SHOWN = 8
"""Labels that a reason names of those that are there."""


def _bad_count(use: Use, name: str, count: int | None, least: int = 0) -> Flaw | None:
    if count is None or count >= least:
        return None
    if count == 0:
        return always(use, "every reply has at least 0", at=(name,))
    return Flaw(f"has a `{name}` below 0", at=(name,))


# ── buttons ─────────────────────────────────────────────────────────────────────────


def _bad_buttons(
    use: Use,
    *,
    values: tuple[str, ...] | None = None,
    exactly: bool = False,
    count: int | None = None,
) -> Flaw | None:
    """No labels and no number, empty labels, or several of which none is to be there."""
    if not values:
        if count is None or exactly:
            return Flaw("names no button", "list labels, or write `buttons: {count: 0}` for none")
        return _bad_count(use, "count", count)
    for place, value in enumerate(values):
        if not needle(value):
            hint = "write it as it is shown to the user"
            return Flaw("has an empty label", hint, ("values", place))
    different = len({needle(value) for value in values})
    if count is not None and count < different:
        return never(
            use, f"{different} labels are listed, and {count} may be there", "", ("count",)
        )
    if use.negated and len(values) > 1 and not exactly:
        return Flaw(
            "lists several buttons, and passes as soon as one of them is missing",
            "write one `not_buttons` for each that must not be there",
            ("values", 1),
        )
    return None


@check("buttons", scope="turn", verify=_bad_buttons)
def buttons(
    seen: Evidence,
    *,
    values: tuple[str, ...] | None = None,
    exactly: bool = False,
    count: int | None = None,
) -> Finding:
    """The reply offers buttons with these labels.

    For menus and quick replies; the buttons of cards count too. Others may stand beside
    them unless `exactly: true`, which wants these and no others, in any order. Labels are
    compared without regard to case, white space, quotes and dashes. `{count: 3}` asks for
    their number, 0 for none.

    Example:
        - buttons:
            - Track my order
            - Talk to a person
    """
    there = tuple(_labels(seen.reply))
    if count is not None and len(there) != count:
        return failed(f"the reply has {_counted(len(there), 'button')}, not {count}{_with(there)}")
    folded = {fold(label) for label in there}
    wanted = {needle(value) for value in values or ()}
    missing = tuple(value for value in values or () if needle(value) not in folded)
    if missing:
        return failed(f"the reply has no button {listed(missing)}{_with(there)}")
    surplus = tuple(label for label in there if fold(label) not in wanted)
    if exactly and surplus:
        return failed(f"the reply also has the button {listed(surplus[:_SHOWN], 'and')}")
    if not values:
        return passed(f"the reply has {_counted(len(there), 'button')}")
    return passed(f"the reply has the button {listed(values, 'and')}")


def _labels(reply: Reply) -> Iterator[str]:
    for message in reply.messages:
        yield from message.buttons
        for card in message.cards:
            yield from card.buttons


def _with(labels: Sequence[str]) -> str:
    if not labels:
        return "; it has none"
    more = f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
    return f"; it has {listed(tuple(labels[:_SHOWN]), 'and')}{more}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


# ── cards ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCard:
    """What is expected of a card: as much of it as is named."""

    title: Annotated[str | None, "Its title"] = None
    text: Annotated[str | None, "A text that its text holds"] = None
    buttons: Annotated[tuple[str, ...], "Labels of buttons that it has"] = ()
    url: Annotated[str | None, "The address that it leads to, as it is"] = None

    def fits(self, card: Card) -> bool:
        """Whether a card has all that is named."""
        labels = {fold(label) for label in card.buttons}
        return (
            (self.title is None or _folded(card.title) == _folded(self.title))
            and (self.text is None or needle(self.text) in fold(card.text))
            and all(needle(label) in labels for label in self.buttons)
            and (self.url is None or card.url == self.url)
        )

    def __str__(self) -> str:
        named = {"title": self.title, "text": self.text, "url": self.url}
        told = [f"{name} {shown(text)}" for name, text in named.items() if text is not None]
        return ", ".join([*told, *(f"button {shown(label)}" for label in self.buttons)])

    @property
    def empty(self) -> bool:
        """Whether it names nothing at all, or an empty text."""
        texts = [text for text in (self.title, self.text, self.url) if text is not None]
        return not (texts or self.buttons) or not all(map(needle, (*texts, *self.buttons)))


def _folded(text: str) -> str:
    return without_stop(fold(text))


def _bad_cards(
    use: Use,
    *,
    items: tuple[ExpectedCard, ...] | None = None,
    exactly: bool = False,
    count: int | None = None,
) -> Flaw | None:
    """No cards and no number, cards that name nothing, or several of which none is to be there."""
    if not items:
        if count is None or exactly:
            return Flaw("names no card", "list them, or write `cards: {count: 0}` for none")
        return _bad_count(use, "count", count)
    for place, item in enumerate(items):
        if item.empty:
            hint = "such as `- title: Order A-1042`; there are title, text, buttons and url"
            return Flaw("has a card of which nothing is said", hint, ("items", place))
    if count is not None and count < len(items):
        return never(
            use, f"{len(items)} cards are listed, and {count} may be there", "", ("count",)
        )
    if use.negated and len(items) > 1 and not exactly:
        return Flaw(
            "lists several cards, and passes as soon as one of them is missing",
            "write one `not_cards` for each that must not be there",
            ("items", 1),
        )
    return None


@check("cards", scope="turn", verify=_bad_cards)
def cards(
    seen: Evidence,
    *,
    items: tuple[ExpectedCard, ...] | None = None,
    exactly: bool = False,
    count: int | None = None,
) -> Finding:
    """The reply shows cards like these.

    For carousels and product lists. A card has to have what is named of it: its `title`,
    a part of its `text`, some of its `buttons`, its `url`; texts are compared without
    regard to case, white space, quotes and dashes. Other cards may stand beside these
    unless `exactly: true`. `{count: 3}` asks for their number, 0 for none.

    Example:
        - cards:
            - title: Order A-1042
              buttons: [Track it]
    """
    there = tuple(card for message in seen.reply.messages for card in message.cards)
    titles = tuple(card.title for card in there)
    quotes = (Quote("cards", "\n".join(map(_told, there))),) if there else ()
    if count is not None and len(there) != count:
        has = f"the reply has {_counted(len(there), 'card')}, not {count}"
        return failed(has + _with(titles), *quotes)
    wanted = items or ()
    taken = _matched(wanted, there)
    missing = [item for place, item in enumerate(wanted) if place not in taken]
    if missing:
        what = " or with ".join(map(str, missing))
        return failed(f"the reply has no card with {what}{_with(titles)}", *quotes)
    if exactly and len(there) > len(wanted):
        surplus = [title for place, title in enumerate(titles) if place not in taken.values()]
        also = f"the reply also has the card {listed(tuple(surplus[:_SHOWN]), 'and')}"
        return failed(also, *quotes)
    if not wanted:
        return passed(f"the reply has {_counted(len(there), 'card')}", *quotes)
    what = " and one with ".join(map(str, wanted))
    return passed(f"the reply has a card with {what}", *quotes)


def _told(card: Card) -> str:
    buttons = "".join(f" [{label}]" for label in card.buttons)
    return "; ".join(part for part in (card.title, card.text, card.url) if part) + buttons


def _matched(wanted: Sequence[ExpectedCard], there: Sequence[Card]) -> dict[int, int]:
    """A card of its own for as many of the wanted as can have one, by their places."""
    holder: dict[int, int] = {}

    def place(item: int, tried: set[int]) -> bool:
        for number, card in enumerate(there):
            if number in tried or not wanted[item].fits(card):
                continue
            tried.add(number)
            if number not in holder or place(holder[number], tried):
                holder[number] = item
                return True
        return False

    for item in range(len(wanted)):
        place(item, set())
    return {item: number for number, item in holder.items()}


# ── media ───────────────────────────────────────────────────────────────────────────

Kind = Literal["image", "audio", "video", "file"]


def _bad_media(
    use: Use, *, kind: str | None = None, count: int | None = None, at_least: int | None = None
) -> Flaw | None:
    """Bounds that every reply keeps, or two of them."""
    del kind
    if count is not None and at_least is not None:
        return Flaw("has both `count` and `at_least`", "leave out one of the two", ("at_least",))
    return _bad_count(use, "count", count) or _bad_count(use, "at_least", at_least, least=1)


@check("media", scope="turn", verify=_bad_media)
def media(
    seen: Evidence,
    *,
    kind: Kind | None = None,
    count: int | None = None,
    at_least: int | None = None,
) -> Finding:
    """The reply shows or offers a picture, sound, video or file.

    For bots that send pictures or documents. `kind` is image, audio, video or file; any of
    them if it is left out. Pictures of cards count. `count` is how many there are, 0 for
    none; without it, or by `at_least`, one is enough.

    Example:
        - media: {kind: image, count: 1}
    """
    there = [one for one in _media(seen.reply) if kind is None or _kind(one) == kind]
    what = f"{kind or 'picture, sound, video or file'}"
    has = f"the reply has {len(there) or 'no'} {what}"
    if count is not None:
        return decide(len(there) == count, has, f"{has}, not {count}")
    least = at_least or 1
    return decide(len(there) >= least, has, has if least == 1 else f"{has}, fewer than {least}")


def _media(reply: Reply) -> Iterator[Media]:
    for message in reply.messages:
        yield from message.media
        yield from (Media(card.image, "image") for card in message.cards if card.image)


def _kind(one: Media) -> str:
    """Its kind as the target says, else as its name or address ends."""
    if one.kind:
        return one.kind
    from mimetypes import guess_type

    sort, _, _ = (guess_type(one.name or one.url.partition("?")[0])[0] or "").partition("/")
    return sort if sort in ("image", "audio", "video") else "file"
