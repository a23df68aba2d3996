"""Finding the files of suites and reading their text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.spec.positions import lines_of

CONFIG: Final = "chatbot-qa.yaml"
_SUFFIXES: Final = frozenset({".yaml", ".yml"})
_BOM: Final = "\ufeff"
_LINE_END: Final = re.compile("\r\n?")


class Source(Struct, frozen=True):
    """The text of a file, its line ends made ``\\n``, and its lines as YAML counts them."""

    file: str
    text: str
    lines: Sequence[str]


def find(paths: Sequence[Path], sections: Sequence[str]) -> tuple[list[Path], list[Diagnostic]]:
    """The files of suites, in order and each once, and what is wrong with the paths.

    ``sections`` are the sections of cases: a file in a folder that has one of them at its
    top is taken for a suite as well, so that a misspelt ``suite:`` is not passed over.
    """
    files: dict[Path, None] = {}
    wrong: list[Diagnostic] = []
    known: set[Path] = set()
    for path in paths:
        found = _in(path, sections)
        if isinstance(found, Diagnostic):
            wrong.append(found)
            continue
        for file in found:
            if not _has_a_name(file):
                name = os.fsencode(file).decode("utf-8", "replace")
                told = "the name of this file is no text in UTF-8"
                wrong.append(_refused(Path(name), "not-utf-8", told, "rename it"))
                continue
            real = _real(file)
            if real not in known:
                known.add(real)
                files[file] = None
    return list(files), wrong


def _has_a_name(file: Path) -> bool:
    try:
        str(file).encode()
    except UnicodeEncodeError:
        return False
    return True


def _real(file: Path) -> Path:
    try:
        return file.resolve()
    except (OSError, RuntimeError):  # a loop of links: whoever reads it is told
        return file


def _in(path: Path, sections: Sequence[str]) -> list[Path] | Diagnostic:
    if path.is_dir():
        top = re.compile(rf"^[\"']?(?:suite|{'|'.join(map(re.escape, sections))})[\"']?\s*:", re.M)
        files = [file for file in _walk(path) if _looks_like_suite(file, top)]
        return files or _refused(
            path,
            "no-suite",
            "there is no suite in this folder",
            "a suite is a .yaml file with a `suite:` key",
        )
    if not path.exists():
        return _refused(
            path, "no-such-file", f"there is no file or folder {shown(path)}", _beside(path)
        )
    if path.suffix.lower() not in _SUFFIXES:
        return _refused(
            path,
            "no-suite",
            "a suite is a .yaml or .yml file",
            "rename it, or give the suite that uses it",
        )
    if path.name == CONFIG:
        return _refused(
            path,
            "no-suite",
            "this is the configuration, not a suite",
            "give the suites or their folder",
        )
    return [path]


def _refused(path: Path, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Where(shown(path), 1, 1), code, message, hint)


def _beside(path: Path) -> str:
    from chatbot_qa.spec.words import near

    folder = path.parent
    names = [other.name for other in folder.iterdir()] if folder.is_dir() else []
    close = near(path.name, names) if names else None
    return f"do you mean {shown(folder / close)}?" if close else "look at the path"


def _walk(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in _SUFFIXES and name != CONFIG and name[0] != ".":
                yield Path(where, name)


def _looks_like_suite(file: Path, top: re.Pattern[str]) -> bool:
    try:
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return True  # taken for a suite, so that somebody is told
    return top.search(text) is not None


def shown(path: Path) -> str:
    """A path as messages and reports show it: from the current directory where it lies there."""
    full = Path(os.path.normpath(path.absolute()))
    here = Path.cwd()
    return (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()


def read_source(path: Path) -> tuple[Source | None, list[Diagnostic]]:
    """The text of a file; bytes that are no UTF-8 are told and passed over."""
    file = shown(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        wrong = Diagnostic(Where(file, 1, 1), "unreadable", f"it cannot be read: {error.strerror}")
        return None, [wrong]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        wrong = Diagnostic(
            Where(file, 1, 1), "not-utf-8", "this file is UTF-16", "save it as UTF-8"
        )
        return None, [wrong]
    diagnostics: list[Diagnostic] = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        text = raw.decode("utf-8", "replace")
        diagnostics.append(_not_utf8(file, raw, error, text))
    text = _LINE_END.sub("\n", text.removeprefix(_BOM))
    return Source(file, text, lines_of(text)), diagnostics


def _not_utf8(file: str, raw: bytes, error: UnicodeDecodeError, text: str) -> Diagnostic:
    before = raw[: error.start].decode("utf-8").removeprefix(_BOM)
    lines = lines_of(before)
    byte = raw[error.start : error.start + 1]
    line = lines_of(text.removeprefix(_BOM))[len(lines) - 1]
    return Diagnostic(
        Where(file, len(lines), len(lines[-1]) + 1, line),
        "not-utf-8",
        f"this file is not UTF-8: the byte 0x{byte.hex().upper()} stands here",
        f"save it as UTF-8; in Windows' own encoding it is “{byte.decode('cp1252', 'replace')}”",
    )
