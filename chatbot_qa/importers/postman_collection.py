"""A collection of Postman's: its variables, its requests in their folders, its scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from chatbot_qa.importers.base import Fate, Note, SourceFile
from chatbot_qa.importers.located import Located, items_of
from chatbot_qa.importers.postman_request import SENSITIVE, address, method_of
from chatbot_qa.importers.postman_script import Sentence, sentences

_LITERAL: Final = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_DEEPEST: Final = 60


class Item(Struct, frozen=True):
    """A request of the collection with its folder and its scripts."""

    at: str
    folder: tuple[str, ...]
    name: str
    line: int
    request: Located
    node: Located


class Script(Struct, frozen=True):
    """A sentence of a test script, and the line of the file that it stands in."""

    line: int
    at: str
    sentence: Sentence


class Collection:
    """Reads one collection."""

    def __init__(self, file: SourceFile, root: Located) -> None:
        self.file = file
        self.root = root
        self.loose: list[Note] = []
        self.saved: set[str] = set()
        """Names that scripts keep values of answers under."""
        self.values = dict(self.variables())
        info = root.get("info")
        named = info.get("name") if info is not None else None
        self.name = named.text.strip() if named is not None and named.text.strip() else "Postman"

    def variables(self) -> Iterator[tuple[str, str]]:
        """The collection's own variables; secrets among them have no value here."""
        for number, node in enumerate(items_of(self.root.get("variable"))):
            key, value = node.get("key") or node.get("id"), node.get("value")
            if key is None:
                continue
            at = f"variable[{number}]"
            if SENSITIVE.search(key.text):
                words = "a secret: it is read from the environment"
                note = self.file.note(
                    node.line, "variable", "approximated", words, original=key.text, at=at
                )
            else:
                note = self.file.note(node.line, "variable", original=key.text, at=at)
                if value is not None and not isinstance(value.value, dict | tuple):
                    yield key.text, value.text
            self.loose.append(note)

    def items(
        self, node: Located | None, folder: tuple[str, ...], at: str, depth: int
    ) -> Iterator[Item]:
        """Every request, in order, with the folders that it lies in."""
        for number, one in enumerate(items_of(node)):
            named = one.get("name")
            name = named.text if named is not None else f"item {number + 1}"
            place = f"{at}[{number}]"
            request = one.get("request")
            if request is not None:
                yield Item(place, folder, name, one.line, request, one)
            elif one.get("item") is not None and depth < _DEEPEST:
                self.scripts_around(one, place)
                yield from self.items(one.get("item"), (*folder, name), place, depth + 1)
            else:
                words = "this is neither a request nor a folder"
                self.loose.append(
                    self.file.note(one.line, "item", "refused", words, original=name, at=place)
                )

    def scripts_around(self, node: Located, at: str) -> None:
        """Scripts of a folder or of all, which run with each of its requests."""
        for number, event in enumerate(items_of(node.get("event"))):
            words = "a program that runs with every request of its folder"
            place = f"{at}.event[{number}]"
            if _lines(event):
                self.loose.append(self.program(event, words, place))

    def program(self, event: Located, words: str, at: str) -> Note:
        """A script as a whole, which needs a hand."""
        listen = event.get("listen")
        what = f"{listen.text if listen is not None else 'test'} script"
        lines = _lines(event)
        line, original = lines[0] if lines else (event.line, "")
        return self.file.note(line, what, "by-hand", words, original=_masked(original), at=at)

    def unsaid(self, item: Item) -> None:
        """A request in which nobody says anything, with what is asked of its answer."""
        shown = f"{method_of(item.request)} {address(item.request)}"
        words = "it says nothing to a bot; a request around conversations is a `before_each:`"
        self.loose.append(
            self.file.note(item.line, "request", "by-hand", words, original=shown, at=item.at)
        )
        for note in self.before(item):
            self.loose.append(note)
        for script in self.scripts(item):
            words = "it asks something of a request that needs a hand"
            self.loose.append(self.note(script, "by-hand", words))

    def before(self, item: Item) -> Iterator[Note]:
        """Scripts that run before a request."""
        for number, event in enumerate(items_of(item.node.get("event"))):
            listen = event.get("listen")
            if listen is not None and listen.text == "prerequest" and _lines(event):
                words = "a program that runs before its request"
                yield self.program(event, words, f"{item.at}.event[{number}]")

    def scripts(self, item: Item) -> Iterator[Script]:
        """The sentences of a request's test scripts."""
        for number, event in enumerate(items_of(item.node.get("event"))):
            listen = event.get("listen")
            if listen is not None and listen.text != "test":
                continue
            lines = _lines(event)
            for one in sentences([text for _, text in lines]):
                at = f"{item.at}.event[{number}].{one.index}"
                yield Script(lines[one.index][0], at, one)

    def note(self, script: Script, fate: Fate = "carried", words: str = "") -> Note:
        """A note about a sentence of a script."""
        what = f"script {script.sentence.what}".rstrip()
        return self.file.note(
            script.line, what, fate, words, original=_masked(script.sentence.text), at=script.at
        )


def _lines(event: Located) -> list[tuple[int, str]]:
    """The lines of a script, each with its line in the file."""
    script = event.get("script")
    code = script.get("exec") if script is not None else None
    if code is None:
        return []
    if not isinstance(code.value, tuple):
        lines = [(code.line, text) for text in code.text.split("\n")]
    else:
        lines = [(one.line, text) for one in code.items() for text in one.text.split("\n")]
    return lines if any(text.strip() for _, text in lines) else []


def _masked(code: str) -> str:
    """A line of a script as it may be told: where it speaks of a secret, without its texts."""
    return _LITERAL.sub("'…'", code) if SENSITIVE.search(code) else code
