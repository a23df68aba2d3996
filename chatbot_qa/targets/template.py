"""Data with ``${name}`` in it, compiled once and filled in for every message.

Values are put into the data structure, never into the text of JSON, so that nothing that
a user says can break out of its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any

from chatbot_qa.domain.suite import NAME, Text, Unset
from chatbot_qa.domain.values import JsonValue
from chatbot_qa.errors import UsageError

Values = Mapping[str, Any]
Fill = Callable[[Values], JsonValue]

_SECRET = "secret:"


class _Gap:
    """What stands where a value is missing; a mapping leaves the key out, a list the item."""


_GAP = _Gap()


def resolve(text: str, secrets: Mapping[str, str], where: str) -> str:
    """A text of the configuration with every ``${secret:NAME}`` filled in.

    ``where`` names the option for the message of the ``UsageError`` that any other
    ``${name}`` is answered with.
    """

    def value(name: str) -> str:
        if not name.startswith(_SECRET):
            raise Unset(name)
        return secret(name, secrets, where)

    try:
        return Text(text).render(value)
    except Unset as unset:
        raise UsageError(
            f"{where}: ${{{unset.name}}} has no value here",
            "only ${secret:NAME} can stand in it; write $${…} for the characters themselves",
        ) from unset


def secret(name: str, secrets: Mapping[str, str], where: str) -> str:
    """The value of ``secret:NAME``."""
    key = name.removeprefix(_SECRET).strip()
    if key not in secrets:
        raise UsageError(
            f"{where}: the secret {key} has no value",
            f"set the environment variable {key}, or write it into .env",
        )
    return secrets[key]


def names_in(data: object) -> frozenset[str]:
    """Every ``${name}`` that stands anywhere in the data, secrets left out."""
    if isinstance(data, str):
        return frozenset(name for name in Text(data).names if not name.startswith(_SECRET))
    if isinstance(data, Mapping):
        return frozenset().union(*(names_in(value) for value in data.values()))
    if isinstance(data, Sequence):
        return frozenset().union(*(names_in(value) for value in data))
    return frozenset()


class Template:
    """Data as the author wrote it, with the names that it may hold.

    ``lists`` are names whose values are no texts, so that they must stand alone.
    """

    def __init__(
        self,
        data: object,
        names: Collection[str],
        secrets: Mapping[str, str],
        *,
        where: str,
        lists: Collection[str] = (),
    ) -> None:
        self.names = names_in(data)
        self._data = data
        self._secrets = secrets
        self._where = where
        self._lists = lists
        unknown = sorted(self.names - set(names))
        if unknown:
            known = ", ".join(f"${{{name}}}" for name in sorted(names))
            raise UsageError(
                f"{where}: ${{{unknown[0]}}} is not known here",
                f"known: {known} and ${{secret:NAME}}",
            )

    def compile(self, present: Collection[str]) -> Fill:
        """A function that fills it in from a mapping with the names that are ``present``.

        A text that is nothing but a name that is not present is left out, together with
        its key; within a longer text such a name is empty.
        """
        fill = self._compile(self._data, frozenset(present))
        return _none if isinstance(fill, _Gap) else fill

    def _compile(self, data: object, present: frozenset[str]) -> Fill | _Gap:
        if not self.names and _SECRET not in str(data) and "$${" not in str(data):
            return _always(data)
        if isinstance(data, str):
            return self._compile_text(data, present)
        if isinstance(data, Mapping):
            items = {key: self._compile(value, present) for key, value in data.items()}
            pairs = tuple((k, f) for k, f in items.items() if not isinstance(f, _Gap))
            return lambda values: {key: fill(values) for key, fill in pairs}
        if isinstance(data, Sequence):
            found = (self._compile(value, present) for value in data)
            fills = tuple(fill for fill in found if not isinstance(fill, _Gap))
            return lambda values: [fill(values) for fill in fills]
        return _always(data)

    def _compile_text(self, text: str, present: frozenset[str]) -> Fill | _Gap:
        match = NAME.fullmatch(text)
        if match and not match.group(1) and not match.group(2).strip().startswith(_SECRET):
            name = match.group(2).strip()
            return itemgetter(name) if name in present else _GAP
        parts = [self._part(piece, present) for piece in _pieces(text)]
        if all(isinstance(part, str) for part in parts):
            return _always("".join(str(part) for part in parts))
        fills = tuple(_always(part) if isinstance(part, str) else part for part in parts)
        return lambda values: "".join([fill(values) for fill in fills])

    def _part(self, piece: tuple[str, bool], present: frozenset[str]) -> str | Fill:
        text, is_name = piece
        if not is_name:
            return text
        if text.startswith(_SECRET):
            return secret(text, self._secrets, self._where)
        if text in self._lists:
            raise UsageError(
                f"{self._where}: ${{{text}}} is a list and must stand alone",
                f"write it as the whole value of a key, with no text around it: ${{{text}}}",
            )
        return itemgetter(text) if text in present else ""


def _pieces(text: str) -> list[tuple[str, bool]]:
    """The plain parts of a text and, marked True, the names between them."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in NAME.finditer(text):
        pieces.append((text[at : match.start()], False))
        escaped = bool(match.group(1))
        pieces.append((match.group(0)[1:], False) if escaped else (match.group(2).strip(), True))
        at = match.end()
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]


def _always(value: JsonValue) -> Fill:
    return lambda _: value


def _none(_: Values) -> JsonValue:
    return None
