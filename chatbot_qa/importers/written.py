"""An imported suite as the text of a YAML file, in the style of the house.

Lists and mappings are blocks, a text stands without quotes only where nothing in YAML could
change it, and above each part that was imported a comment says where it came from.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from chatbot_qa.importers.base import Case, Check, Note, Noted, Suite, Turn, Value
from chatbot_qa.spec.quotes import quoted

SCHEMA: Final = "# yaml-language-server: $schema=./suite.schema.json"
"""The first line: editors complete and check by the schema beside the suite."""

Owner = tuple[str | int, ...]
"""The part of a suite that a line belongs to, as the way to it: ``("cases", 0, "turns", 1,
"expect", 0)``; ``("keys", name)`` is a key of the suite itself."""

_Line = tuple[str, Owner]
_Entry = tuple[str, Value, Owner]

_LAST: Final = ("examples", "matrix")
"""Keys of a case that stand below its turns."""
_BEGINS: Final = ("from ", "by-hand, ", "refused, ", "approximated, ")
_LONGEST: Final = 160
_PLAIN: Final = re.compile(
    r"\d+m?s|(?:[A-Za-z]|\d+ [A-Za-z]|\$\{[\w-]+\})(?:[\w ,.!?()/'+%-]|\$\{[\w-]+\})*"
)
_KEY: Final = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_WORDS: Final = frozenset(
    ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"]
)
_SHOWN_AS_TYPED: Final = r"\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
_HIDDEN: Final = re.compile(f"[^{_SHOWN_AS_TYPED}\U00010000-\U0010ffff]")
_INVISIBLE: Final = re.compile(r"[\xa0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Written(Struct, frozen=True):
    """The text of a suite's file, and to which part of the suite each of its lines belongs."""

    text: str
    owners: Sequence[Owner]


def written(suite: Suite, importer: str) -> Written:
    """A suite as YAML; ``importer`` is the name of the format that it came from."""
    origin = f" {suite.note.file}" if suite.note else ""
    head: list[_Line] = [
        (SCHEMA, ()),
        (_comment(f"Imported by: chatbot-qa import {importer}{origin}"), ()),
        *_remarks(suite.beside, ()),
        *_mapping([("suite", suite.name, ())]),
        *_mapping((key, value, ("keys", key)) for key, value in suite.keys.items()),
    ]
    body: list[_Line] = []
    if suite.parts:
        body += [("", ()), ("parts:", ())]
        for name, turns in suite.parts.items():
            body.append((f"  {_key(name)}:", ("parts", name)))
            body += _indented(_turns(turns, ("parts", name)), 4)
    body += [("", ()), ("conversations:", ())]
    for number, case in enumerate(suite.cases):
        if number:
            body.append(("", ()))
        body += _indented(_case(case, ("cases", number)), 2)
    lines = [*head, *body]
    folder = suite.note.file.rpartition("/")[0] if suite.note else ""
    texts = [_nearer(text, folder) for text, _ in lines]
    return Written("\n".join(texts) + "\n", [owner for _, owner in lines])


def _nearer(line: str, folder: str) -> str:
    """A comment that names a file as it is seen from the one that was imported."""
    for begin in _BEGINS if folder else ():
        found = re.match(rf"( *# {begin}){re.escape(folder)}/", line)
        if found:
            return found[1] + line[found.end() :]
    return line


def _case(case: Case, owner: Owner) -> list[_Line]:
    first = [(key, value, owner) for key, value in case.keys.items() if key not in _LAST]
    last = [(key, value, owner) for key, value in case.keys.items() if key in _LAST]
    inner = [
        *_mapping([("id", case.id, owner), *first]),
        *_remarks(case.beside, owner),
        ("turns:", owner),
        *_indented(_turns(case.turns, (*owner, "turns")), 2),
        *_expect(case.expect, (), owner),
        *_mapping(last),
    ]
    return [*_origin(case.note, owner), *_item(inner)]


def _turns(turns: Iterable[Turn], owner: Owner) -> list[_Line]:
    return [
        line
        for number, turn in enumerate(turns)
        for line in (
            *_origin(turn.note, (*owner, number)),
            *_item(_turn(turn, (*owner, number))),
        )
    ]


def _turn(turn: Turn, owner: Owner) -> list[_Line]:
    return [
        *_mapping((key, value, owner) for key, value in turn.keys.items()),
        *_expect(turn.expect, turn.beside, owner),
    ]


def _expect(checks: Sequence[Check], beside: Sequence[Note], owner: Owner) -> list[_Line]:
    """``expect:`` with its checks; what is to be added by hand stands below them."""
    remarks = list(_remarks(beside, owner))
    if not checks:
        return remarks
    lines: list[_Line] = [("expect:", owner)]
    for number, check in enumerate(checks):
        here = (*owner, "expect", number)
        lines += _indented([*_origin(check.note, here), *_item(_check(check, here))], 2)
    return lines + _indented(remarks, 2)


def _check(check: Check, owner: Owner) -> list[_Line]:
    if check.value is None and not check.options:
        return [(check.name, owner)]
    if check.value is None:
        return list(_mapping([(check.name, check.options, owner)]))
    options = [(key, value, owner) for key, value in check.options.items()]
    return list(_mapping([(check.name, check.value, owner), *options]))


def _mapping(entries: Iterable[_Entry]) -> Iterator[_Line]:
    for key, given, owner in entries:
        value = given
        if isinstance(value, Noted):
            yield from _origin(value.note, owner)
            value = value.value
        first, rest = _value(value, owner)
        yield f"{_key(key)}:{' ' if first else ''}{first}", owner
        yield from _indented(rest, 2)


def _value(value: Value, owner: Owner) -> tuple[str, list[_Line]]:
    """What stands behind a key or a dash, and on the lines below."""
    if isinstance(value, Mapping):
        entries = [(str(key), inner, owner) for key, inner in value.items()]
        return ("", list(_mapping(entries))) if entries else ("{}", [])
    if isinstance(value, list | tuple):
        lines = [line for inner in value for line in _list_item(inner, owner)]
        return ("", lines) if lines else ("[]", [])
    if isinstance(value, Check):
        return "", _check(value, owner)
    return _text(value, owner) if isinstance(value, str) else (_atom(value), [])


def _atom(value: object) -> str:
    """A number, a truth value or nothing."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    finite = not isinstance(value, float) or math.isfinite(value)
    return str(value) if finite else f'"{value}"'


def _list_item(given: Value, owner: Owner) -> list[_Line]:
    value, lines = given, []
    if isinstance(value, Noted):
        lines = list(_origin(value.note, owner))
        value = value.value
    if isinstance(value, Check):
        return [*lines, *_origin(value.note, owner), *_item(_check(value, owner))]
    first, rest = _value(value, owner)
    return [*lines, *_item([(first, owner), *rest] if first else rest)]


def _item(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Lines as an item of a list: the first that is no comment gets the dash."""
    begun = False
    for text, owner in lines:
        if begun:
            yield (f"  {text}" if text else ""), owner
        elif text.startswith("#"):
            yield text, owner
        else:
            begun = True
            yield f"- {text}", owner


def _indented(lines: Iterable[_Line], width: int) -> list[_Line]:
    return [(" " * width + text if text else "", owner) for text, owner in lines]


def _key(key: str) -> str:
    plain = _KEY.fullmatch(key) and key.lower() not in _WORDS
    return key if plain else _escaped(key)


def _text(text: str, owner: Owner) -> tuple[str, list[_Line]]:
    if "\n" in text and _fits_a_block(text):
        return "|", [(line, owner) for line in text.split("\n")]
    return scalar(text), []


def scalar(text: str) -> str:
    """A text on one line, so that YAML reads it as it is."""
    if _PLAIN.fullmatch(text) and text[-1] != " " and text.lower() not in _WORDS:
        return text
    if "\n" in text or _HIDDEN.search(text) or _INVISIBLE.search(text):
        return _escaped(text)
    return quoted(text)


def _fits_a_block(text: str) -> bool:
    lines = text.split("\n")
    return (
        not _HIDDEN.search(text)
        and not _INVISIBLE.search(text)
        and lines[0][:1] not in ("", " ")
        and bool(lines[-1].strip())
        and not any(line and not line.strip() for line in lines)
    )


def _escaped(text: str) -> str:
    """A text in double quotes with every character that cannot be seen written out."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    inner = inner.replace("\t", "\\t")
    inner = _SURROGATE.sub("\ufffd", inner)
    inner = _HIDDEN.sub(_code, inner)
    return '"' + _INVISIBLE.sub(_code, inner) + '"'


def _code(found: re.Match[str]) -> str:
    number = ord(found[0])
    form = "\\x%02X" if number < 0x100 else "\\u%04X" if number < 0x10000 else "\\U%08X"
    return form % number


def _origin(note: Note | None, owner: Owner) -> Iterator[_Line]:
    """Where the part below came from, and what differs."""
    if note is None:
        return
    differs = f" (approximated: {note.words})" if note.fate == "approximated" else ""
    yield _comment(f"from {note.file}:{note.line}: {_short(note.original)}{differs}"), owner


def _remarks(notes: Iterable[Note], owner: Owner) -> Iterator[_Line]:
    """What was not carried, beside what it belongs to."""
    for note in notes:
        what = "from" if note.fate == "carried" else f"{note.fate},"
        words = f": {note.words}" if note.words else ""
        place = f"{what} {note.file}:{note.line}: {_short(note.original)}"
        yield _comment(f"{place} ({note.element}{words})"), owner


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _comment(text: str) -> str:
    text = " ".join(text.split())
    return "# " + _SURROGATE.sub("\ufffd", _HIDDEN.sub("\ufffd", _INVISIBLE.sub(" ", text)))
