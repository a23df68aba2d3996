"""Postman: a collection of requests to a bot as conversations, its test scripts as checks.

Requests to one address that say something are the turns; a folder whose requests name a
conversation is one case. Other requests, and scripts that are programs, need a hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec.structs import replace

from chatbot_qa.importers.base import (
    Case,
    Check,
    Imported,
    Note,
    SourceFile,
    Suite,
    Turn,
    or_refused,
)
from chatbot_qa.importers.located import Unreadable, items_of, read_json
from chatbot_qa.importers.postman_collection import Collection, Item, Script
from chatbot_qa.importers.postman_request import (
    MARK,
    Request,
    address,
    is_reply,
    method_of,
    read_request,
    reply_in,
)
from chatbot_qa.importers.postman_script import Sentence

_EXACT: Final = {"exactly": True}
_OK: Final = range(200, 300)


def read(file: SourceFile) -> Imported:
    """A collection in the format 2.0 or 2.1."""
    try:
        root = read_json(file.text)
    except Unreadable as error:
        return Imported(loose=(file.note(error.line, "file", "refused", error.message),))
    collection = root.get("collection") or root
    if collection.get("item") is None:
        words = "this is no Postman collection of the format 2.1: it has no items"
        if root.get("requests") is not None:
            words = "this collection has Postman's old format; export it as Collection v2.1"
        return Imported(loose=(file.note(root.line, "file", "refused", words),))
    made = _imported(Collection(file, collection))
    return or_refused(file, made, "there is no request in this collection")


def _imported(collection: Collection) -> Imported:
    """All suites, one for each address that is talked to."""
    collection.scripts_around(collection.root, "collection")
    chats: dict[str, list[tuple[Item, Request]]] = {}
    items = list(collection.items(collection.root.get("item"), (), "item", 0))
    collection.saved = {
        one.sentence.name for item in items for one in collection.scripts(item) if one.sentence.name
    }
    for item in items:
        request = read_request(item.request, collection.values)
        if request is None or not request.settings["url"]:
            collection.unsaid(item)
        else:
            chats.setdefault(request.endpoint, []).append((item, request))
    suites = []
    for members in chats.values():
        name = collection.name
        if len(chats) > 1:
            name = f"{name} {address(members[0][0].request).rpartition('/')[2]}".strip()
        suites.append(_Talk(collection, name, members).suite())
    return Imported(tuple(suites), tuple(collection.loose))


class _Talk:
    """The requests to one address, as one suite."""

    def __init__(
        self, collection: Collection, name: str, members: Sequence[tuple[Item, Request]]
    ) -> None:
        self.collection = collection
        self.file = collection.file
        self.name = name
        self.members = members
        self.scripts = {item.at: tuple(collection.scripts(item)) for item, _ in members}
        self.guessed = False
        self.reply = self.where_reply()
        self.data: dict[str, str] = {}
        self.used: set[str] = set()

    def where_reply(self) -> str:
        """Where the bot's words stand: where the scripts look, or an answer that was kept."""
        asked = Counter(
            one.sentence.path
            for scripts in self.scripts.values()
            for one in scripts
            if one.sentence.what in ("contains", "matches", "equals")
            and isinstance(one.sentence.value, str)
        )
        for path, _ in asked.most_common():
            if is_reply(path):
                return path
        for item, _ in self.members:
            for answer in items_of(item.node.get("response")):
                body = answer.get("body")
                try:
                    found = reply_in(read_json(body.text).plain) if body is not None else None
                except Unreadable:
                    found = None
                if found:
                    return found
        looked = [path for path, _ in asked.most_common(1) if path != "$"]
        self.guessed = not looked
        return looked[0] if looked else "$.reply"

    def suite(self) -> Suite:
        """The suite, with its target if all of its request is known."""
        first = self.members[0][1]
        cases = tuple(self.cases())
        settings: dict[str, Any] = {**first.settings, "reply": self.reply}
        if self.data:
            settings["data"] = {name: path for path, name in self.data.items()}
        beside = [self.auth(settings)]
        differs = list(first.differs)
        if self.guessed:
            differs.append("where the reply stands is guessed")
        note = self.file.note(
            self.members[0][0].line,
            "target",
            original=f"{method_of(self.members[0][0].request)} {settings['url']}",
            at=first.endpoint,
        )
        keys: dict[str, Any] = {}
        if first.open:
            words = f"{{{{{first.open[0]}}}}} has no value in the collection; write the target"
            note = replace(note, fate="by-hand", words=f"{words} in chatbot-qa.yaml")
        else:
            keys["target"] = settings
            if differs:
                note = replace(note, fate="approximated", words="; ".join(differs))
        values = {name: text for name, text in self.collection.values.items() if name in self.used}
        if values:
            keys["vars"] = values
        notes = tuple(one for one in (note, *beside) if one is not None)
        origin = self.file.note(1, "collection", original=self.collection.name)
        return Suite(self.name, cases, keys, note=origin, beside=notes)

    def auth(self, settings: dict[str, Any]) -> Note | None:
        """How requests are authenticated; credentials themselves are never carried."""
        node = self.members[0][0].request.get("auth") or self.collection.root.get("auth")
        kind = node.get("type") if node is not None else None
        if node is None or kind is None or kind.text == "noauth":
            return None
        note = self.file.note(node.line, "auth", original=kind.text, at="auth")
        if kind.text == "bearer":
            settings["auth"] = {"bearer": "${secret:BOT_TOKEN}"}
            words = "set BOT_TOKEN in the environment"
        elif kind.text == "basic":
            both = {"user": "${secret:BOT_USER}", "password": "${secret:BOT_PASSWORD}"}
            settings["auth"] = {"basic": both}
            words = "set BOT_USER and BOT_PASSWORD in the environment"
        else:
            words = f"write {kind.text} under `auth:` or `headers:` of the target"
            return replace(note, fate="by-hand", words=words)
        return replace(note, fate="approximated", words=words)

    def cases(self) -> Iterator[Case]:
        """A case for each folder that is one conversation, or for each request."""
        taken: set[str] = set()
        for folder, group in groupby(self.members, lambda pair: pair[0].folder):
            members = list(group)
            if folder and all(self.follows(request) for _, request in members):
                turns = tuple(self.turn(item, request, titled=True) for item, request in members)
                yield Case(_free(_slug(folder[-1]), taken), turns, {"title": _plain(folder[-1])})
                continue
            for item, request in members:
                turn = self.turn(item, request, titled=False)
                identity = _free(_slug(item.name), taken)
                yield Case(identity, (turn,), {"title": _plain(item.name)})

    def follows(self, request: Request) -> bool:
        """Whether a request names the conversation that it belongs to."""
        return request.session or not self.collection.saved.isdisjoint(request.open)

    def turn(self, item: Item, request: Request, *, titled: bool) -> Turn:
        """One request as a turn, its test script as checks."""
        original = f"{item.name}: {request.said}" if titled else request.said
        note = self.file.note(item.line, "request", original=original, at=item.at)
        checks: list[Check] = []
        beside = list(self.collection.before(item))
        saved: dict[str, Any] = {}
        for script in self.scripts[item.at]:
            made = self.check(script, saved)
            if isinstance(made, Check):
                checks.append(made)
            else:
                beside.append(made)
        keys: dict[str, Any] = {"say": self.said(request.said)}
        if saved:
            keys["save"] = saved
        return Turn(keys, tuple(checks), note, tuple(beside))

    def said(self, text: str) -> str:
        """What the user says, with ``${name}`` for variables."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name in ("$guid", "$randomUUID"):
                return "${unique}"
            self.used.add(name)
            return f"${{{name}}}"

        return MARK.sub(value, text.replace("${", "$${"))

    def check(self, script: Script, saved: dict[str, Any]) -> Check | Note:
        """A sentence as a check, or as a note where none is needed or none can be made."""
        one, note = script.sentence, self.collection.note(script)
        if one.what == "status":
            if one.value in _OK:
                return replace(note, words="an answer without success ends as an error")
            return replace(note, fate="by-hand", words="a bot's answer without success is an error")
        if one.what == "save":
            ours = one.path == self.reply
            saved[one.name] = {"matches": ".+"} if ours else {"json_path": self.named(one.path)}
            return note
        made = self.asked(one)
        if made is None:
            words = "a program in JavaScript; write what it asks as checks"
            return replace(note, fate="by-hand", words=words)
        check, differs = made
        if one.negated:
            check = replace(check, name=f"not_{check.name}")
        if differs:
            note = replace(note, fate="approximated", words=differs)
        return replace(check, note=note)

    def asked(self, one: Sentence) -> tuple[Check, str] | None:
        """The check of a sentence about the answer, and in which way it differs."""
        if one.what == "latency":
            return Check("latency", f"{one.value}ms"), ""
        if one.what == "body":
            return Check("contains", one.value, _EXACT), "it is looked for in the reply alone"
        text = isinstance(one.value, str) and bool(one.value.strip())
        if one.path == self.reply and (one.what == "exists" or text):
            return self.of_reply(one), ""
        options: Mapping[str, Any]
        if one.what == "equals":
            options = {"equals": one.value}
        elif one.what == "exists":
            options = {"exists": True}
        elif one.what in ("contains", "matches") and text:
            fold = "(?i)" if one.fold else ""
            options = {one.what: f"{fold}{one.value}" if one.what == "matches" else one.value}
        else:
            return None
        return Check("json_path", self.named(one.path), options), ""

    def of_reply(self, one: Sentence) -> Check:
        """A check of the bot's words."""
        value = one.value.replace("${", "$${") if isinstance(one.value, str) else one.value
        if one.what == "exists":
            return Check("matches", ".")
        if one.what == "matches":
            return Check("matches", value, {"ignore_case": True} if one.fold else {})
        return Check(one.what, value, _EXACT)

    def named(self, path: str) -> str:
        """A value of the answer that the target maps under a name, as a path to it."""
        if path not in self.data:
            words = re.findall(r"\w+", path.lstrip("$")) or ["answer"]
            self.data[path] = _free("_".join(words), set(self.data.values()))
        return f"$.{self.data[path]}"


def _plain(text: str) -> str:
    return text.replace("${", "$${").strip() or "untitled"


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")[:48].strip("-") or "request"


def _free(slug: str, taken: set[str]) -> str:
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    taken.add(free)
    return free
