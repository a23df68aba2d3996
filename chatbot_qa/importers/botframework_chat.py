"""``.chat`` files of the Bot Framework's chatdown, read into activities.

The head names who speaks (``user=``, ``users=``, ``bot=``); then every line that begins with
one of them and a colon is a message, and what stands in square brackets is a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from chatbot_qa.importers.botframework_activity import (
    Activity,
    Attached,
    Shown,
    Trouble,
)

_HEAD = re.compile(r"(bot|user|users|channelid)\s*=(.*)", re.IGNORECASE)
_COMMAND = re.compile(r"\[([^\[\]]*)\]")
_JOINING = re.compile(r"(?:members)?added\s*=([^\]\n]*)", re.IGNORECASE)
_CARDS = {
    "basiccard": "hero",
    "herocard": "hero",
    "thumbnailcard": "thumbnail",
    "animationcard": "animation",
    "mediacard": "media",
    "audiocard": "audio",
    "videocard": "video",
    "signincard": "signin",
    "oauthcard": "oauth",
}
_OTHERS = frozenset(
    {"typing", "conversationupdate", "delay", "attachment", "attachmentlayout", "suggestions"}
)


class _Spoken(Struct):
    """The lines of one speaker, until the next one speaks."""

    line: int
    who: str
    to: str
    lines: list[str]


class Chat(Struct, frozen=True):
    """A ``.chat`` file: who takes part, and what happens."""

    bot: str
    users: tuple[str, ...]
    activities: tuple[Activity, ...]
    troubles: tuple[Trouble, ...]


def read_chat(text: str) -> Chat:
    """A ``.chat`` file as it stands; what chatdown would refuse is among its troubles."""
    lines = text.removeprefix("\ufeff").splitlines()
    bot, users, begins, troubles = _head(lines)
    joining = [one.strip() for listed in _JOINING.findall(text) for one in listed.split(",")]
    users = [*users, *dict.fromkeys(one for one in joining if one and one not in users)]
    speakers = [*users, bot, "bot", "user"]
    names = "|".join(re.escape(one) for one in speakers if one)
    speaks = re.compile(rf"({names})(?:->({names}))?\s*:", re.IGNORECASE)
    blocks: list[_Spoken] = []
    for number, line in enumerate(lines[begins:], begins + 1):
        if line.startswith(">"):
            continue
        found = speaks.match(line.strip())
        if found:
            rest = line.strip()[found.end() :].strip()
            blocks.append(_Spoken(number, found.group(1), found.group(2) or "", [rest]))
        elif blocks:
            blocks[-1].lines.append(line)
        elif line.strip():
            blocks.append(_Spoken(number, "", "", [line]))
    last = users[0] if users else "user"
    activities: list[Activity] = []
    for block in blocks:
        who = _real(block.who, bot, users, last)
        if who != bot and who:
            last = who
        for found_one in _activities(block, who, bot, last):
            if isinstance(found_one, Trouble):
                troubles.append(found_one)
            else:
                activities.append(found_one)
    return Chat(bot, tuple(users), tuple(activities), tuple(troubles))


def _head(lines: Sequence[str]) -> tuple[str, list[str], int, list[Trouble]]:
    bot, users, troubles = "bot", list[str](), list[Trouble]()
    for number, line in enumerate(lines):
        if not line.strip() or line.startswith(">"):
            continue
        found = _HEAD.match(line.strip())
        if found is None:
            return bot, users or ["user"], number, troubles
        key, value = found.group(1).lower(), found.group(2).strip()
        if "=" in value:
            troubles.append(Trouble(number + 1, "an option is a name, `=` and a value"))
        elif key == "bot":
            bot = value or bot
        elif key in ("user", "users"):
            users = [name.strip() for name in value.split(",") if name.strip()]
    return bot, users or ["user"], len(lines), troubles


def _real(who: str, bot: str, users: Sequence[str], last: str) -> str:
    """The name of a speaker as the head writes it; ``user`` is who spoke last."""
    if who.lower() in ("bot", bot.lower()):
        return bot
    if who.lower() == "user" and "user" not in (one.lower() for one in users):
        return last
    return next((one for one in users if one.lower() == who.lower()), who)


def _activities(block: _Spoken, who: str, bot: str, last: str) -> Iterator[Activity | Trouble]:
    """What one speaker does: messages, and what their brackets add or put between them."""
    text = "\n".join(block.lines)
    role = "bot" if who == bot else "user" if who else ""
    to = block.to or ("" if role == "user" else last)
    words, attached, suggestions, delay = "", list[Attached](), list[str](), 0.0
    at, line, layouts = 0, block.line, list[int]()

    def message() -> Activity | None:
        said = "\n".join(part.rstrip() for part in words.strip().splitlines())
        if not said and not attached and not suggestions:
            return None
        if not role:
            return None
        return Activity(
            line=line,
            kind="message",
            role=role,
            who=who,
            to=to,
            text=said,
            attachments=tuple(attached),
            layouts=tuple(layouts),
            suggestions=tuple(suggestions),
            delay=delay,
        )

    for found in _COMMAND.finditer(text):
        name, value = _command(found.group(1))
        here = block.line + text.count("\n", 0, found.start())
        if name not in _OTHERS and name not in _CARDS:
            continue
        words += text[at : found.start()]
        at = found.end()
        if name in ("typing", "conversationupdate"):
            said = message()
            if said is not None:
                yield said
                words, attached, suggestions, delay, line, layouts = "", [], [], 0.0, here, []
            yield from _event(here, name, value, role, who, to)
        elif name == "delay":
            delay, wrong = _milliseconds(value)
            if wrong:
                yield Trouble(here, f"`{value}` is no number of milliseconds")
        elif name == "suggestions":
            suggestions = _parts(value)
        elif name == "attachment":
            attached.append(_attachment(here, value))
        elif name == "attachmentlayout":
            layouts.append(here)
        elif name in _CARDS:
            attached.append(_card(here, _CARDS[name], value))
    words += text[at:]
    said = message()
    if said is not None:
        yield said
    elif not role and words.strip():
        yield Trouble(block.line, "nobody says this: a message begins with a name and a colon")
    elif delay:
        yield Activity(line=line, kind="delay", role=role, who=who, to=to, delay=delay)


def _command(inside: str) -> tuple[str, str]:
    """The name and the value of a command: after ``=``, after ``:``, or on the next lines."""
    first, _, rest = inside.partition("\n")
    found = re.match(r"\s*(\w+)\s*(?:[=:]\s*)?(.*)", first)
    if found is None:
        return "", ""
    return found.group(1).lower(), f"{found.group(2)}\n{rest}".strip()


def _event(
    line: int, name: str, value: str, role: str, who: str, to: str
) -> Iterator[Activity | Trouble]:
    if name == "typing":
        yield Activity(line=line, kind="typing", role=role, who=who, to=to)
        return
    joined, left = list[str](), list[str]()
    for part in value.splitlines():
        key, sign, names = part.partition("=")
        people = [one.strip() for one in names.split(",") if one.strip()]
        if not sign:
            continue
        if key.strip().lower() in ("added", "membersadded"):
            joined += people
        elif key.strip().lower() in ("removed", "membersremoved"):
            left += people
        else:
            yield Trouble(line, f"chatdown knows no `{key.strip()}` in a ConversationUpdate")
    yield Activity(
        line=line,
        kind="conversationUpdate",
        role="user",
        joined=tuple(joined),
        left=tuple(left),
    )


def _milliseconds(value: str) -> tuple[float, bool]:
    found = re.match(r"\d{1,9}", value)
    return (int(found.group()) / 1000, False) if found else (0.0, True)


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split("|") if part.strip()]


def _attachment(line: int, value: str) -> Attached:
    url, _, kind = value.partition(" ")
    return Attached(line, kind.strip().strip('"'), url=url)


def _card(line: int, kind: str, value: str) -> Attached:
    """A card: one ``key=value`` a line; a line without a key goes on the one before."""
    fields: dict[str, str] = {}
    last = ""
    for part in value.splitlines():
        key, sign, rest = part.partition("=")
        if sign and key.strip().isalpha():
            last = key.strip().lower()
            fields[last] = rest.strip()
        elif last and part.strip():
            fields[last] += f"\n{part.strip()}"
    shown = Shown(
        title=fields.get("title", ""),
        texts=tuple(fields[key] for key in ("subtitle", "text") if fields.get(key)),
        buttons=tuple(_parts(fields.get("buttons", ""))),
        image=fields.get("image", fields.get("images", "")),
        media=fields.get("media", ""),
    )
    return Attached(line, kind, card=shown)
