"""promptfoo's tests, wherever they stand: in the configuration, in tables, in other files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.importers.base import Note, SourceFile
from chatbot_qa.importers.located import Located, Unreadable, items_of, read_json, read_yaml
from chatbot_qa.importers.promptfoo_ask import Assertion, shown
from chatbot_qa.importers.promptfoo_text import from_text
from chatbot_qa.importers.promptfoo_vars import Values, read_values

_PROGRAMS: Final = (".js", ".mjs", ".cjs", ".ts", ".py")
_KNOWN_WORDS: Final = """
description vars assert options threshold metadata provider providers prompts
assertScoringFunction providerOutput
"""
_KNOWN: Final = frozenset(_KNOWN_WORDS.split())
_OPTIONS: Final = {
    "transform": "its output is changed by a program before it is judged",
    "postprocess": "its output is changed by a program before it is judged",
    "transformVars": "its variables are made by a program",
    "storeOutputAs": "its reply is used by later tests; see `save:`",
    "repeat": "it is asked several times",
    "response_format": "the form of the reply belongs to the target",
    "responseSchema": "the form of the reply belongs to the target",
    "tools": "tools belong to the target",
    "tool_choice": "tools belong to the target",
    "temperature": "the temperature belongs to the target",
}
_JUDGING: Final = frozenset({"transform", "postprocess"})
_OBEYED_WORDS: Final = """
prefix suffix disableVarExpansion disableDefaultAsserts disableConversationVar
runSerially provider rubricPrompt embeddingProvider factuality
"""
_OBEYED: Final = frozenset(_OBEYED_WORDS.split())


class Test(Struct, frozen=True):
    """One test: what fills in the prompt, and what is asked of the output."""

    file: SourceFile
    line: int
    at: str
    original: str
    title: str = ""
    values: Values = Values()
    asserts: tuple[Assertion, ...] = ()
    own: bool = False
    """Whether it has assertions of its own, besides those of all tests."""
    threshold: float | None = None
    thread: str = ""
    prompts: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    by_hand: str = ""
    """Why its assertions judge something else than the reply."""
    expands: bool = True
    beside: tuple[Note, ...] = ()

    def over(self, base: Test) -> Test:
        """This test, with what ``defaultTest`` or a scenario says for all."""
        return replace(
            self,
            title=self.title or base.title,
            values=base.values | self.values,
            asserts=(*base.asserts, *self.asserts),
            own=self.own or base.own,
            threshold=base.threshold if self.threshold is None else self.threshold,
            thread=self.thread or base.thread,
            prompts=self.prompts or base.prompts,
            prefix=self.prefix or base.prefix,
            suffix=self.suffix or base.suffix,
            by_hand=self.by_hand or base.by_hand,
            expands=self.expands and base.expands,
            beside=(*base.beside, *self.beside),
        )


Found = Test | Note


def read_test(file: SourceFile, node: Located, at: str) -> Test:
    """One test as a mapping."""
    beside: list[Note] = []

    def told(key: str, value: Located, words: str) -> None:
        original = f"{key}: {shown(value)}"
        place = f"{at}.{key}"
        beside.append(
            file.note(value.line, "test option", "by-hand", words, original=original, at=place)
        )

    options = node.get("options")
    by_hand = ""
    for key, value in options.entries() if options else ():
        if key not in _OBEYED:
            told(f"options.{key}", value, _OPTIONS.get(key, "no test of ours has this option"))
        if key in _JUDGING:
            by_hand = f"it judges the output after {key}, which is a program"
    for key, value in node.entries():
        if key in ("provider", "providers", "assertScoringFunction", "providerOutput"):
            told(key, value, "a suite is run against one target; see `--target`")
        elif key not in _KNOWN:
            told(key, value, "promptfoo documents no such key of a test")
    metadata = node.get("metadata")
    thread = ""
    for key, value in metadata.entries() if metadata else ():
        if key == "conversationId":
            thread = value.text
        else:
            told(f"metadata.{key}", value, "it says nothing of what is tested; see `tags:`")
    asserts = tuple(
        Assertion(file, item, f"{at}.assert[{number}]")
        for number, item in enumerate(items_of(node.get("assert")))
    )
    values = read_values(file, node.get("vars"), at)
    return Test(
        file,
        node.line,
        at,
        _line_of(node),
        _text(node.get("description")),
        values,
        asserts,
        bool(asserts),
        _number(node.get("threshold")),
        thread,
        _texts(node.get("prompts")),
        _affix(options, "prefix"),
        _affix(options, "suffix"),
        by_hand,
        not (options and (off := options.get("disableVarExpansion")) and off.value is True),
        (*values.notes, *beside),
    )


def _line_of(node: Located) -> str:
    """A test in one line: its description, or else its variables."""
    for key in ("description", "vars"):
        found = node.get(key)
        if found is not None:
            return f"{key}: {shown(found)}"
    return shown(node)


def _text(node: Located | None) -> str:
    return node.text.strip() if node is not None else ""


def _affix(options: Located | None, key: str) -> str:
    """What is put before or behind every prompt, with its spaces."""
    found = options.get(key) if options is not None else None
    return found.text if found is not None else ""


def _texts(node: Located | None) -> tuple[str, ...]:
    if node is None:
        return ()
    return tuple(item.text for item in node.items()) or ((node.text,) if node.text else ())


def _number(node: Located | None) -> float | None:
    value = node.value if node is not None else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def read_tests(file: SourceFile, node: Located | None, at: str) -> Iterator[Found]:
    """All tests under ``tests:``, those of other files included."""
    if node is None or node.value is None:
        return
    items = node.items() if isinstance(node.value, tuple) else (node,)
    for number, item in enumerate(items):
        place = f"{at}[{number}]" if isinstance(node.value, tuple) else at
        path = item.get("path")
        if isinstance(item.value, str):
            yield from _named(file, item, item.value, place)
        elif path is not None and item.get("vars") is None:
            yield from _named(file, path, path.text, place)
        elif isinstance(item.value, dict):
            yield read_test(file, item, place)
        else:
            yield file.note(item.line, "test", "refused", "this is no test", at=place)


def _named(file: SourceFile, node: Located, name: str, at: str) -> Iterator[Found]:
    """The tests of a file that is named."""
    name = name.strip().removeprefix("file://")
    if name.startswith(("http://", "https://", "huggingface://")):
        words = "this table lies on a server; save it as CSV beside the configuration"
        yield file.note(node.line, "tests", "by-hand", words, at=at)
        return
    if name.partition(":")[0].lower().endswith(_PROGRAMS):
        words = f"{name} is a program; let it write its tests into a file"
        yield file.note(node.line, "tests", "by-hand", words, at=at)
        return
    if "*" in name:
        paths = [path.name for path in _fitting(file, name)]
        folder = name.rpartition("/")[0]
        names = [f"{folder}/{one}" if folder else one for one in paths]
    else:
        names = [name]
    if not names:
        yield file.note(node.line, "tests", "refused", f"no file fits {name}", at=at)
    for one in names:
        source = file.beside(one)
        if isinstance(source, Note):
            yield file.note(node.line, "tests", "refused", source.words, at=f"{at}{one}")
        else:
            yield from tests_of_file(source)


def _fitting(file: SourceFile, pattern: str) -> list[Path]:
    try:
        return sorted(file.path.parent.glob(pattern))
    except (ValueError, NotImplementedError, OSError):  # no pattern that any file could fit
        return []


def tests_of_file(file: SourceFile) -> Iterator[Found]:
    """The tests of a table, or of a file of tests."""
    ending = file.path.suffix.lower()
    if ending in (".csv", ".tsv"):
        yield from _table(file, "\t" if ending == ".tsv" else ",")
        return
    try:
        if ending == ".jsonl":
            for number, line in enumerate(file.lines, 1):
                if line.strip():
                    yield _of_line(file, line, number)
            return
        root = read_json(file.text) if ending == ".json" else read_yaml(file.text)
    except Unreadable as error:
        yield file.note(error.line, "tests", "refused", error.message)
        return
    if ending not in (".json", ".yaml", ".yml"):
        words = "tests are read from .csv, .tsv, .json, .jsonl and .yaml files"
        yield file.note(1, "tests", "refused", words)
        return
    inner = root.get("tests") if isinstance(root.value, dict) else None
    yield from read_tests(file, inner or root, "tests")


def _of_line(file: SourceFile, line: str, number: int) -> Found:
    try:
        root = read_json(line)
    except Unreadable as error:
        return file.note(number, "test", "refused", error.message)
    test = read_test(file, root, "")
    moved = tuple(replace(one, node=replace(one.node, line=number)) for one in test.asserts)
    notes = tuple(replace(note, line=number) for note in test.beside)
    return replace(test, line=number, at=f"line {number}", asserts=moved, beside=notes)


def _table(file: SourceFile, delimiter: str) -> Iterator[Found]:
    """The rows of a CSV file; ``__expected`` and its like are no variables."""
    if file.text.count(";") > file.text.count(delimiter) and delimiter == ",":
        delimiter = ";"
    reader = csv.reader(io.StringIO(file.text), delimiter=delimiter, strict=False)
    line = 1
    head: list[str] | None = None
    try:
        for row in reader:
            begin, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if head is None:
                head = [cell.strip() for cell in row]
            else:
                yield _row(file, begin, head, row)
    except csv.Error as error:
        yield file.note(line, "test", "refused", f"this is no CSV: {error}")
    if head is None:
        yield file.note(1, "tests", "refused", "this table is empty")


def _row(file: SourceFile, line: int, head: Sequence[str], row: Sequence[str]) -> Test:
    entries: dict[str, Located] = {}
    special: dict[str, str] = {}
    asserts: list[Assertion] = []
    beside: list[Note] = []
    for name, cell in zip(head, row, strict=False):
        if name.startswith("__expected"):
            if cell.strip():
                asserts.append(Assertion(file, from_text(cell, line), name))
        elif name.startswith("__"):
            special[name] = cell
        elif name:
            entries[name] = Located(cell, line)
    for name, cell in special.items():
        if cell.strip() and name not in _SPECIAL and name != "__metadata:conversationId":
            words = "no test of ours has this column"
            beside.append(file.note(line, "test option", "by-hand", words, original=cell, at=name))
    values = read_values(file, Located(dict(entries), line), f"line {line}")
    threshold = special.get("__threshold", "").strip()
    return Test(
        file,
        line,
        "",
        file.line(line),
        special.get("__description", "").strip(),
        values,
        _with_metric(asserts, special.get("__metric", "").strip()),
        bool(asserts),
        float(threshold) if _is_number(threshold) else None,
        special.get("__metadata:conversationId", "").strip(),
        prefix=special.get("__prefix", ""),
        suffix=special.get("__suffix", ""),
        beside=(*values.notes, *beside),
    )


_SPECIAL: Final = frozenset({"__description", "__prefix", "__suffix", "__threshold", "__metric"})


def _with_metric(asserts: Sequence[Assertion], metric: str) -> tuple[Assertion, ...]:
    if not metric:
        return tuple(asserts)
    found = []
    for one in asserts:
        entries = {**dict(one.node.entries()), "metric": Located(metric, one.node.line)}
        found.append(replace(one, node=Located(entries, one.node.line)))
    return tuple(found)


def _is_number(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False
