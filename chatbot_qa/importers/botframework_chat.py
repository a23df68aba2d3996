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
    lines = text.removeprefix("\ufeff").split("\n")
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
        role = "bot" if who == bot else "user" if who else ""
        to = block.to or ("" if role == "user" else last)
        for one in _Reader(block, role, who, _real(to, bot, users, last)).read():
            if isinstance(one, Trouble):
                troubles.append(one)
            else:
                activities.append(one)
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


class _Reader:
    """Reads what one speaker does: messages, and what their brackets add or put between them."""

    def __init__(self, block: _Spoken, role: str, who: str, to: str) -> None:
        self._block = block
        self._role, self._who, self._to = role, who, to
        self._begin(block.line)

    def _begin(self, line: int) -> None:
        self._line = line
        self._words = ""
        self._attached: list[Attached] = []
        self._suggestions: list[str] = []
        self._layouts: list[int] = []
        self._delay = 0.0

    def read(self) -> Iterator[Activity | Trouble]:
        """Everything, in order."""
        text, at = "\n".join(self._block.lines), 0
        for found in _COMMAND.finditer(text):
            name, value = _command(found.group(1))
            if name not in _OTHERS and name not in _CARDS:
                continue
            here = self._block.line + text.count("\n", 0, found.start())
            self._words += text[at : found.start()]
            at = found.end()
            if name in ("typing", "conversationupdate"):
                yield from self._message()
                self._begin(here)
                yield from self._event(here, name, value)
            else:
                yield from self._command(here, name, value)
        self._words += text[at:]
        yield from self._end()

    def _command(self, here: int, name: str, value: str) -> Iterator[Trouble]:
        if name == "delay":
            found = re.match(r"\d{1,9}", value)
            if found is None:
                yield Trouble(here, f"`{value}` is no number of milliseconds")
            self._delay = int(found.group()) / 1000 if found else 0.0
        elif name == "suggestions":
            self._suggestions = _parts(value)
        elif name == "attachment":
            self._attached.append(_attachment(here, value))
        elif name == "attachmentlayout":
            self._layouts.append(here)
        else:
            self._attached.append(_card(here, _CARDS[name], value))

    def _message(self) -> Iterator[Activity]:
        said = "\n".join(part.rstrip() for part in self._words.strip().splitlines())
        if self._role and (said or self._attached or self._suggestions):
            yield Activity(
                line=self._line,
                kind="message",
                role=self._role,
                who=self._who,
                to=self._to,
                text=said,
                attachments=tuple(self._attached),
                layouts=tuple(self._layouts),
                suggestions=tuple(self._suggestions),
                delay=self._delay,
            )

    def _end(self) -> Iterator[Activity | Trouble]:
        said = list(self._message())
        yield from said
        if not said and not self._role and self._words.strip():
            yield Trouble(self._line, "nobody says this: a message begins with a name and a colon")
        elif not said and self._delay:
            yield self._activity(self._line, "delay", delay=self._delay)

    def _activity(self, line: int, kind: str, delay: float = 0.0) -> Activity:
        role, who, to = self._role, self._who, self._to
        return Activity(line=line, kind=kind, role=role, who=who, to=to, delay=delay)

    def _event(self, line: int, name: str, value: str) -> Iterator[Activity | Trouble]:
        if name == "typing":
            yield self._activity(line, "typing")
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
        kind = "conversationUpdate"
        yield Activity(line=line, kind=kind, role="user", joined=tuple(joined), left=tuple(left))


def _command(inside: str) -> tuple[str, str]:
    """The name and the value of a command: after ``=``, after ``:``, or on the next lines."""
    first, _, rest = inside.partition("\n")
    found = re.match(r"\s*(\w+)\s*(?:[=:]\s*)?(.*)", first)
    if found is None:
        return "", ""
    return found.group(1).lower(), f"{found.group(2)}\n{rest}".strip()


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
