"""Places in the author's files, and what is wrong at them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class Where(Struct, frozen=True):
    """A place in a suite as the author wrote it.

    ``file`` is the path as it was given, ``line`` and ``column`` count from 1,
    ``text`` is the author's whole line, kept so that a finding still shows what
    was judged after the file has changed.
    """

    file: str
    line: int
    column: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Where("", 0, 0)


class Severity(StrEnum):
    """How much a mistake in a suite matters: an error stops the run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Diagnostic(Struct, frozen=True):
    """One mistake in a suite or a configuration: what is wrong, where, and how to mend it.

    ``code`` is a stable kebab-case name (``unknown-key``); ``hint`` says how to mend it,
    with the near match, the valid names or the corrected line.
    """

    where: Where
    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def moved(self, where: Where) -> Diagnostic:
        """The same mistake, told at another place."""
        return replace(self, where=where)
