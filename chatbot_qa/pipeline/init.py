"""``init``: from a few answers to a configuration, a first suite and a workflow that run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline import starter
from chatbot_qa.pipeline.prepare import ENV_FILE
from chatbot_qa.pipeline.probe import HERE, Answer, Probe, Shape
from chatbot_qa.pipeline.starter import Bot
from chatbot_qa.registry import Registry
from chatbot_qa.spec import schema
from chatbot_qa.spec.config import load_config
from chatbot_qa.spec.edit import Bare, Tree
from chatbot_qa.spec.files import CONFIG
from chatbot_qa.targets.wire import checked_url, public

DEMO: Final = "demo"
KEEPERS: Final = ("client", "server", "cookies", "history")
"""Who keeps a conversation: by an id of ours or of the server's, by cookies, or we ourselves."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_HEADER: Final = re.compile(r"[A-Za-z0-9-]{1,100}")
_OPENAI: Final = "api.openai.com"


class Keeping(Struct, frozen=True):
    """How a conversation is kept; ``start`` is where the server hands out ids, "" elsewhere."""

    keeper: str = "client"
    start: str = ""


class Key(Struct, frozen=True):
    """A secret by its name; ``header`` is the one that carries it, "" for a bearer."""

    name: str = ""
    header: str = ""


class Place(Struct, frozen=True):
    """Where the bot is: ``kind`` is demo, openai or http; ``models`` are those it names."""

    kind: Literal["demo", "openai", "http"]
    url: str = ""
    models: tuple[str, ...] = ()

    @property
    def usual_key(self) -> str:
        """The name that its secret usually has, "" where it usually needs none."""
        return "OPENAI_API_KEY" if urlsplit(self.url).hostname == _OPENAI else ""


class Draft(Struct, frozen=True):
    """A file to write. ``grows`` where its text only adds lines to what is there."""

    path: Path
    text: str
    grows: bool = False


def is_here(place: Place) -> bool:
    """Whether the bot stands on this very machine."""
    return urlsplit(place.url).hostname in HERE


def read_place(text: str) -> Place:
    """The answer to where the bot is: an address, or demo; asks whether OpenAI's wire is spoken.

    Raises ``UsageError`` for what is no address.
    """
    url = text.strip()
    if url in ("", DEMO):
        return Place("demo")
    checked_url(url, "the bot's address")
    if public(url) != url:
        raise UsageError(
            "the address holds a credential among its parameters, which would be written down",
            "leave it out here, name it with --secret, and put it into chatbot-qa.yaml as "
            "${secret:NAME}",
        )
    spoken = Probe(url, {}).models()
    return Place("http", url) if spoken is None else Place("openai", *spoken)


def read_keeping(text: str) -> Keeping:
    """The answer to how a conversation is kept: ``client``, or ``server ADDRESS`` …"""
    keeper, _, start = text.strip().partition(" ")
    if keeper not in KEEPERS:
        raise UsageError(
            f"{keeper!r} is no way to keep a conversation", f"there are: {', '.join(KEEPERS)}"
        )
    if (keeper == "server") != bool(start.strip()):
        raise UsageError(
            "a server that hands out ids is asked for one first, any other is not",
            "write it with the address that begins a session: "
            "'server https://bot.example.com/sessions'",
        )
    if start:
        checked_url(start.strip(), "the address that begins a session")
    return Keeping(keeper, start.strip())


def read_key(text: str) -> Key:
    """The answer to which secret: NAME, or HEADER=NAME; empty or ``none`` for none.

    Raises ``UsageError``, without repeating what may be the secret itself.
    """
    words = text.strip()
    if words in ("", "none"):
        return Key()
    header, equals, name = words.rpartition("=")
    if not _NAME.fullmatch(name) or (equals and not _HEADER.fullmatch(header)):
        raise UsageError(
            "a secret is asked for by its name, and its value is never written down",
            "write the name of an environment variable, such as BOT_KEY; or, if it does not go "
            "as a bearer token, its header too: X-Api-Key=BOT_KEY",
        )
    return Key(name, header)


def describe_bot(
    place: Place, keeping: Keeping, key: Key, model: str, value: str
) -> tuple[Bot, str]:
    """The bot's target, and what is to be said about it, "" for nothing.

    An http bot is asked how it wants to be talked to; ``value`` is its secret's, "" if it
    is not known.
    """
    if place.kind == "demo":
        return Bot(keys={"kind": "demo"}), ""
    secret = f"${{secret:{key.name}}}"
    headers: Mapping[str, Tree] = {"headers": {key.header: secret}} if key.header else {}
    if place.kind == "openai":
        own: Mapping[str, Tree] = {"api_key": secret} if key.name and not key.header else {}
        keys = {"kind": "openai", "base_url": place.url, "model": model, **own, **headers}
        return Bot(keys=keys, secret=key.name), ""
    bearer: Mapping[str, Tree] = {"auth": {"bearer": secret}} if key.name else {}
    asked, note = _asked(place, keeping, _headers(key, value))
    keys = {"kind": "http", "url": place.url, **asked, **(headers or bearer)}
    return Bot(keys=keys, secret=key.name), note


def _headers(key: Key, value: str) -> Mapping[str, str]:
    if not key.name or not value:
        return {}
    return {key.header: value} if key.header else {"Authorization": f"Bearer {value}"}


def _asked(
    place: Place, keeping: Keeping, headers: Mapping[str, str]
) -> tuple[Mapping[str, Tree], str]:
    """The keys of an http target that say how it is talked to, found by talking to it."""
    probe = Probe(place.url, headers)
    keys: dict[str, Tree] = {}
    name = ""
    begun: tuple[str, str] | Answer | None = None
    if keeping.keeper == "cookies":
        keys["cookies"] = Bare("true")
    elif keeping.keeper != "client":
        keys["session"] = keeping.keeper
    if keeping.start:
        keys["start"] = {"url": keeping.start}
        begun = probe.begin(keeping.start)
        if not isinstance(begun, Answer):
            path, name = begun
            if path != "$.id":
                keys["start"] = {"url": keeping.start, "id": path}
    found = begun if isinstance(begun, Answer) else probe.shape(keeping.keeper, name)
    if isinstance(found, Shape):
        if found.body is not None:
            keys["body"] = found.body
        if found.reply != "$.reply":
            keys["reply"] = found.reply
        if found.buttons:
            keys["buttons"] = found.buttons
        return keys, ""
    if keeping.keeper == "cookies":
        keys["body"] = {"message": "${message}"}
    return keys, _unknown(place.url, found)


def _unknown(url: str, last: Answer) -> str:
    why = last.why or (
        f"it answered with status {last.status}"
        if not 200 <= last.status < 300
        else "no text of its answers could be told to be the reply"
    )
    return (
        f"how {url} wants to be asked could not be found out: {why}; {CONFIG} holds a guess, and "
        "chatbot-qa doctor says what is missing"
    )


def drafts(folder: Path, bot: Bot, *, ci: bool) -> Sequence[Draft]:
    """The files of a first project in ``folder``."""
    suites, registry = folder / "suites", Registry()
    ignored = folder / ".gitignore"
    there = _text_of(ignored) if ignored.is_file() else ""
    files = [
        Draft(folder / CONFIG, starter.config_text(bot)),
        Draft(suites / "first.yaml", starter.SUITE),
        Draft(suites / schema.SUITE_FILE, schema.render(schema.suite_schema(registry))),
        Draft(suites / schema.CONFIG_FILE, schema.render(schema.config_schema(registry))),
        Draft(folder / f"{ENV_FILE}.example", starter.env_text(bot.secret)),
        Draft(ignored, starter.gitignore_text(there), grows=True),
    ]
    if ci:
        root = _root_of(folder)
        inside = folder.resolve().relative_to(root).as_posix()
        where = folder if inside == "." else root
        text = starter.workflow_text(bot.secret, "" if inside == "." else inside)
        files.append(Draft(where / ".github" / "workflows" / "chatbot-qa.yml", text))
    return files


def _root_of(folder: Path) -> Path:
    """The root of the repository that the folder is in, or else the folder itself."""
    here = folder.resolve()
    return next((place for place in (here, *here.parents) if (place / ".git").exists()), here)


def knows_its_target(folder: Path) -> bool:
    """Whether the configuration names the target of the first suite, as one that was kept may not.

    A configuration with mistakes is for ``lint`` to tell.
    """
    config, wrong = load_config(folder / CONFIG, Registry())
    return starter.TARGET in config.targets or bool(wrong)


Outcome = Literal["wrote", "kept", "unchanged", "added to"]


def write(draft: Draft, may_replace: Callable[[Path], bool]) -> Outcome:
    """Write a file; one that is there with another text only where ``may_replace`` says so."""
    there = _text_of(draft.path) if _is_there(draft) else None
    if there == draft.text:
        return "unchanged"
    if there is not None and not draft.grows and not may_replace(draft.path):
        return "kept"
    draft.path.parent.mkdir(parents=True, exist_ok=True)
    draft.path.write_bytes(draft.text.encode("utf-8", "surrogateescape"))
    return "added to" if there is not None and draft.grows else "wrote"


def _text_of(path: Path) -> str:
    """A file as it is: its line ends, and bytes that are no text, stay as they are."""
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _is_there(draft: Draft) -> bool:
    if draft.path.is_dir():
        raise UsageError(f"{draft.path} is a folder, and a file is to be written there", "move it")
    return draft.path.exists()
