"""The texts of test rows that must not stand in training data: of suites, JSONL and CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import orjson
from msgspec import Struct

from chatbot_qa.domain.source import Where
from chatbot_qa.domain.suite import Case, Expectation, Hook, Hooks, Save, Text, Unset
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.pipeline.lint_data_rows import messages_in
from chatbot_qa.registry import Registry
from chatbot_qa.spec.csvfile import open_csv
from chatbot_qa.spec.expand import cases
from chatbot_qa.spec.load import load
from chatbot_qa.spec.rowfiles import Format, Unreadable
from chatbot_qa.spec.rows import Row
from chatbot_qa.spec.variables import Scope

FEWEST_WORDS: Final = 3
"""Words below which a text is none of a test row: "Hello" and "yes" stand everywhere."""

_FEWEST_LETTERS: Final = 10
"""Letters that will do instead, for scripts without spaces."""

_UNSAID: Final = frozenset({"bot", "system", "title", "owner", "files", "click", "names", "where"})
_LEFT_OUT: Final = (Expectation, Hook, Hooks, Save, Where)

Said = tuple[str, str]
"""A text, and where it stands: ``suites/returns.yaml:12``."""


def telling(folded: str) -> bool:
    """Whether a folded text is long enough to be known again."""
    return len(folded.split()) >= FEWEST_WORDS or (
        not folded.isascii() and len(folded) >= _FEWEST_LETTERS
    )


def texts_of_tests(path: Path) -> Iterator[Said]:
    """Every text of a file or folder of test rows.

    Of suites what the user says, of rows with ``messages`` what the user says, of other rows
    every cell. Raises ``UsageError`` or ``SuiteError`` where it cannot be read.
    """
    if not path.exists():
        raise UsageError(f"there is no file or folder {path}", "look at the path of --against")
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return _json_lines(path)
    if path.suffix.lower() in (".csv", ".tsv"):
        return _csv(path)
    if path.is_dir() or path.suffix.lower() in (".yaml", ".yml"):
        return _suites(path)
    raise UsageError(
        f"{path} is neither a suite nor rows", "--against takes .yaml, .jsonl, .csv, and folders"
    )


def _json_lines(path: Path) -> Iterator[Said]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise UsageError(
                    f"{place} is no JSON: {error}", "one JSON object a line"
                ) from error
            for text in _texts_of(row):
                yield text, place


def _texts_of(row: Any) -> Iterator[str]:
    if isinstance(row, Mapping) and "messages" in row:
        messages, _ = messages_in(row)
        yield from (one.text for one in messages if one.role == "user")
    elif isinstance(row, Mapping):
        for cell in row.values():
            cells = cell if isinstance(cell, list) else [cell]
            yield from (one for one in cells if isinstance(one, str))


def _csv(path: Path) -> Iterator[Said]:
    try:
        for row in open_csv(Format(str(path), str(path))).walk():
            if not isinstance(row, Row):
                raise SuiteError([row])
            for text in row.values.values():
                yield text, f"{path}:{row.where.line}"
    except Unreadable as stop:
        raise SuiteError([stop.diagnostic]) from stop


def _suites(path: Path) -> Iterator[Said]:
    loaded = load([path], Registry())
    if loaded.errors:
        raise SuiteError(loaded.errors)
    scope = Scope(0, datetime(2000, 1, 1, tzinfo=UTC))
    for suite in loaded.suites:
        for case in cases(suite, scope):
            yield from _said(case)


def _said(case: Case) -> Iterator[Said]:
    """What the user says in a case, as far as it is known before the bot replies."""
    if case.names is None:
        return
    names = case.names.masked()
    for text in _texts(case):
        try:
            said = text.render(names)
        except Unset:
            continue
        yield said, f"{text.where.file}:{text.where.line}"


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Struct | Case) and not isinstance(value, _LEFT_OUT):
        for name in _names(value):
            if name not in _UNSAID:
                yield from _texts(getattr(value, name))


def _names(value: object) -> Iterator[str]:
    if isinstance(value, Struct):
        return (one.name for one in msgspec.structs.fields(value))
    return (one.name for one in fields(value)) if is_dataclass(value) else iter(())
