"""What files of rows have in common: where they lie, how messages name them, how they go wrong.

Files are read through from the disk each time, so that their length does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.spec.rows import Several

ID: Final = "id"
SAVE_AS: Final = "in Excel: Save As, “CSV UTF-8 (Comma delimited)”"


class Format(Struct, frozen=True):
    """How a file of rows is to be read.

    ``path`` is where it lies and ``shown`` how messages name it; ``split`` cuts a cell
    into several texts ("" does not); ``key`` is the column that names the rows ("" none).
    """

    path: str
    shown: str
    split: str = ""
    key: str = ""

    def place(self, line: int, column: int = 1, text: str = "") -> Where:
        """A place in the file."""
        return Where(self.shown, line, column, text)

    def cell(self, text: str) -> str:
        """A cell as a value."""
        if type(text) is str and self.split in text:
            return Several(text, tuple(part.strip() for part in text.split(self.split)))
        return text

    def wrong(self, line: int, code: str, message: str, hint: str = "") -> Diagnostic:
        """A diagnostic that shows the line as it stands in the file."""
        return Diagnostic(self.place(line, 1, self.line(line)), code, message, hint)

    def line(self, number: int) -> str:
        """One line of the file, for messages."""
        with Path(self.path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return next(islice(file, number - 1, number), "").rstrip("\r\n")

    def keyed(self, key: str) -> Format:
        """The same format, with the column that names the rows."""
        return replace(self, key=key)

    def open(self, errors: str = "strict") -> TextIO:
        """The file as text."""
        return Path(self.path).open(encoding="utf-8-sig", errors=errors, newline="")


class Unreadable(Exception):
    """A file of rows cannot be read at all, or not on from some line."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@contextmanager
def readable(form: Format) -> Iterator[None]:
    """Turns what the disk and the decoder say into words; raises ``Unreadable``."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise Unreadable(not_utf8(form)) from error
    except OSError as error:
        where = form.place(1)
        said = (error.strerror or str(error)).lower()
        raise Unreadable(
            Diagnostic(where, "unreadable", f"`{form.shown}` cannot be read: {said}")
        ) from error


def not_utf8(form: Format) -> Diagnostic:
    """The first byte of the file that is no UTF-8."""
    with Path(form.path).open("rb") as file:
        for number, raw in enumerate(file, 1):
            if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                return Diagnostic(
                    form.place(1),
                    "not-utf-8",
                    "this file is UTF-16",
                    f"save it as UTF-8 ({SAVE_AS})",
                )
            try:
                raw.decode()
            except UnicodeDecodeError as error:
                before = raw[: error.start].decode().removeprefix("\ufeff")
                where = form.place(
                    number, len(before) + 1, raw.decode("cp1252", "replace").rstrip()
                )
                message = f"this file is not UTF-8: the byte 0x{raw[error.start]:02X} stands here"
                return Diagnostic(where, "not-utf-8", message, f"save it as UTF-8 ({SAVE_AS})")
    return Diagnostic(
        form.place(1), "not-utf-8", "this file is not UTF-8", f"save it as UTF-8 ({SAVE_AS})"
    )


def id_column(form: Format, line: int, columns: tuple[str, ...]) -> str:
    """The column that names the rows: the one asked for, else ``id`` where there is one.

    Raises ``Unreadable`` where the one asked for is not there.
    """
    if form.key and form.key not in columns:
        raise Unreadable(
            form.wrong(
                line,
                "unknown-column",
                f"there is no column `{form.key}`, which `id:` says names the cases",
                f"the columns are {', '.join(columns)}",
            )
        )
    return form.key or (ID if ID in columns else "")
