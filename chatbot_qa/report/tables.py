"""Matrices and tables as rows of cells, and as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatbot_qa.domain.exhibits import Matrix, Table
from chatbot_qa.text.many import many
from chatbot_qa.text.safe import for_terminal

MOST_COLUMNS = 30
"""Columns of a matrix that is shown; a wider one is in its file alone."""


class Cells(NamedTuple):
    """What is shown of a table: its heads, its rows, how many rows more there are."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0


def cells_of(exhibit: Matrix | Table) -> Cells:
    """The cells that a report shows."""
    if isinstance(exhibit, Table):
        more = max(0, len(exhibit.rows) - exhibit.shown)
        return Cells(exhibit.heads, exhibit.rows[: exhibit.shown], more)
    wide = len(exhibit.given) > MOST_COLUMNS
    rows = () if wide else tuple(_lines(exhibit))
    return Cells(("", *exhibit.given[:MOST_COLUMNS]), rows, len(exhibit.true) if wide else 0)


def _lines(matrix: Matrix) -> Iterator[tuple[str, ...]]:
    for label, counts in zip(matrix.true, matrix.counts, strict=True):
        yield (label, *map(str, counts))


def more_told(cells: Cells) -> str:
    """That not all rows are shown; "" where they are."""
    return f"and {many(cells.more, 'more row')}: all are in figures/" if cells.more else ""


def csv_of(exhibit: Matrix | Table) -> str:
    """All of it as CSV (RFC 4180), its cells such that a spreadsheet takes none for a formula."""
    lines: Sequence[tuple[str, ...]] = (
        exhibit.rows if isinstance(exhibit, Table) else tuple(_lines(exhibit))
    )
    heads = exhibit.heads if isinstance(exhibit, Table) else ("true / given", *exhibit.given)
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(inert, heads))
    writer.writerows(map(inert, line) for line in lines)
    return file.getvalue()


_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")


def inert(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet might take it for a formula.

    A plain number stays one; what is unseen is shown.
    """
    shown = for_terminal(cell)
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown) else shown
