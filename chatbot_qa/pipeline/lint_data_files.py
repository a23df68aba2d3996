"""Whether a file for ``lint-data`` is one with a JSON object a line at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.lint_data_rows import EXAMPLE

BOM: Final = b"\xef\xbb\xbf"
_TABLES: Final = (".csv", ".tsv")
_LOOKED_AT: Final = 2
"""Lines that tell what a file is: a single one may be spoiled."""
_HEADS: Final = re.compile(r"[\w \"]+([,;\t][\w \"]+)+")


def refuse_missing(file: Path) -> None:
    """Raise ``UsageError`` for what is no file."""
    if file.is_dir():
        there = sorted(file.glob("*.jsonl"))
        hint = f"name the files in it: {file}/*.jsonl" if there else "there is no .jsonl in it"
        raise UsageError(f"{file} is a folder", hint)
    if not file.is_file():
        raise UsageError(f"there is no file {file}", "it is one with a JSON object a line")


def of_another_form(file: Path) -> Diagnostic | None:
    """What a file is that has no JSON object a line, told once; None where it may have."""
    first = list(islice(_lines(file), _LOOKED_AT))
    if not first:
        return None
    number, raw = first[0]
    if raw not in (b"[", b"{") and any(other.startswith(b"{") for _, other in first):
        return None
    try:
        line = raw.decode()
    except UnicodeDecodeError:
        return None
    # the line is not shown: what is private in it was not looked for
    return Diagnostic(Where(str(file), number, 1), "not-json-lines", *_told(file, line))


def without_rows(file: Path) -> Diagnostic:
    """That nothing stands in a file."""
    message = f"there is no row in {file}"
    hint = "was it written to its end? Nothing can be learnt from it"
    return Diagnostic(Where(str(file), 1, 1), "no-rows", message, hint)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as opened:
        for number, raw in enumerate(opened, 1):
            line = (raw.removeprefix(BOM) if number == 1 else raw).strip()
            if line:
                yield number, line


def _told(file: Path, line: str) -> tuple[str, str]:
    if file.suffix.lower() in _TABLES or _HEADS.fullmatch(line):
        return "this file is a table (CSV), and no JSON lines", f"make each row a line: {EXAMPLE}"
    if line in ("[", "{"):
        what = "list" if line == "[" else "object"
        hint = "write each row on a line of its own"
        if line == "[":
            hint += f": jq -c '.[]' {file} > {file.with_suffix('.jsonl').name}"
        return f"this file is a single JSON {what} over many lines, and no JSON lines", hint
    return "this file has no JSON lines", f"each line is an object: {EXAMPLE}"
