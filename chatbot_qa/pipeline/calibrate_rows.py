"""Labelled rows: a file of JSON lines, each a reply with what people say of it.

A row is read as it stands: its numbers stay as they were typed, and a reply that is ``null``
is one without words. What a row holds beside the keys that a check needs is left alone.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.errors import UsageError
from chatbot_qa.spec.words import near
from chatbot_qa.text.excerpt import shown

Values = Mapping[str, Any]


class Wanted(Struct, frozen=True):
    """What every row must hold: these texts, those of ``filled`` with a word in them, a label.

    ``optional`` are texts that may be left out.
    """

    labels: tuple[str, ...]
    texts: tuple[str, ...]
    filled: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


class Row(Struct, frozen=True):
    """One labelled row: its line in the file, from 1, and its values by key."""

    line: int
    values: Values

    @property
    def label(self) -> str:
        """What people say of the reply."""
        return str(self.values["label"])

    @property
    def reply(self) -> str:
        """The reply under judgement."""
        return str(self.values["reply"])

    @property
    def ask(self) -> str:
        """What the user said before; "" where the row does not tell."""
        return str(self.values.get("ask") or "")


class Labels(Struct, frozen=True):
    """A file of labelled rows: how messages name it, and its bytes."""

    shown: str
    data: bytes

    def wrong(self, line: int, code: str, message: str, hint: str = "") -> Diagnostic:
        """A mistake in a line; the line itself is not shown, since it may hold a secret."""
        return Diagnostic(Where(self.shown, line, 1), code, message, hint)

    def rows(self, wanted: Wanted) -> Iterator[Row | Diagnostic]:
        """The rows in the file's order, and what is wrong with one instead of it."""
        for number, raw in enumerate(BytesIO(self.data), 1):
            line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if line.strip():
                yield from self._row(number, line, wanted)

    def _row(self, line: int, raw: bytes, wanted: Wanted) -> Iterator[Row | Diagnostic]:
        try:
            values = _decoder.decode(raw.decode())
        except UnicodeDecodeError as error:
            message = f"this line is not UTF-8: the byte 0x{raw[error.start]:02X} stands in it"
            yield self.wrong(line, "not-utf-8", message, "save the file as UTF-8")
            return
        except json.JSONDecodeError as error:
            told = f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.colno}"
            yield self.wrong(line, "json-line", f"this line is no JSON: {told}", _example(wanted))
            return
        except RecursionError:
            yield self.wrong(line, "json-line", "this line is nested too deep")
            return
        if not isinstance(values, _Object):
            message = "each line holds one row, and so one JSON object"
            yield self.wrong(line, "json-line", message, _example(wanted))
            return
        if values.twice:
            yield self.wrong(line, "duplicate-key", f"`{values.twice}` stands twice in this row")
            return
        if values.get("reply", "") is None:
            values["reply"] = ""
        faults = list(_faults(values, wanted))
        for code, message, hint in faults:
            yield self.wrong(line, code, message, hint)
        if not faults:
            yield Row(line, values)


def read(path: Path) -> Labels:
    """The file at ``path``, or what a pipe brings; raises ``UsageError`` where there is none."""
    try:
        return Labels(str(path), path.read_bytes())
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise UsageError(f"{path} cannot be read: {said}", "look at the path") from error


class _Object(dict[str, Any]):
    """A JSON object; ``twice`` is a key that stands in it twice, "" if none does."""

    twice = ""


def _object(pairs: Sequence[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.twice = next(name for name in names if names.count(name) > 1)
    return found


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str
)


def _faults(values: Values, wanted: Wanted) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: code, message, hint."""
    for name in wanted.texts:
        if name not in values:
            yield "missing-key", f"this row has no `{name}`", _example(wanted)
        elif not isinstance(values[name], str):
            yield "not-a-text", f"`{name}` is {_sort(values[name])}, and must be a text", ""
        elif name in wanted.filled and not values[name].strip():
            yield "empty-text", f"`{name}` is empty", "such a row says nothing of the check"
    for name in wanted.optional:
        if not isinstance(values.get(name) or "", str):
            yield "not-a-text", f"`{name}` is {_sort(values[name])}, and must be a text", ""
    labels = ", ".join(f"`{label}`" for label in wanted.labels)
    if "label" not in values:
        yield "missing-key", "this row has no `label`", f"it is one of {labels}"
    elif values["label"] not in wanted.labels:
        label = values["label"]
        told = shown(label, 60) if isinstance(label, str) else _sort(label)
        meant = near(label, wanted.labels) if isinstance(label, str) else None
        hint = (
            f"do you mean `{meant}`? It is one of {labels}" if meant else f"it is one of {labels}"
        )
        yield "unknown-label", f"the label is {told}", hint


def _sort(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    return "a list" if isinstance(value, list) else "an object"


def _example(wanted: Wanted) -> str:
    keys = ", ".join(f'"{name}": "…"' for name in wanted.texts)
    return f'each line is {{{keys}, "label": "{" or ".join(wanted.labels)}"}}'
