"""Exhibits as lines of text: curves and rates as bars, groups of replies by what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from chatbot_qa.domain.exhibits import (
    Corrected,
    Curve,
    Exhibit,
    Group,
    Groups,
    Listing,
    Matrix,
    Rate,
    Rates,
    Reading,
    Table,
)
from chatbot_qa.report.tables import cells_of, more_told
from chatbot_qa.stats.intervals import at_least, at_most, wilson
from chatbot_qa.text.many import many
from chatbot_qa.text.safe import one_line

Style = Literal["", "bad", "unsure", "warning", "good", "frame", "strong", "faint"]
Line = tuple[tuple[Style, str], ...]

WIDE = 24
"""Characters of a whole bar."""
MOST_GROUPS = 6
LONGEST = 160
_ROUNDING = 1e-6
_EIGHTHS = " ▏▎▍▌▋▊▉"
_BEGIN, _END = "⟦", "⟧"
"""Stand around the words that tell a reply from the largest group."""


def exhibit_lines(exhibit: Exhibit) -> Iterator[Line]:
    """An exhibit as text, a line of pieces each with the name of a style."""
    yield (("strong", one_line(exhibit.title)),)
    if isinstance(exhibit, Listing):
        for row in exhibit.text.splitlines():
            yield (("", f"  {one_line(row)}"),)
        return
    if isinstance(exhibit, Groups):
        yield from _groups(exhibit)
    elif isinstance(exhibit, Matrix | Table):
        yield from _cells(exhibit)
    else:
        yield from _bars(exhibit)
    for note in exhibit.notes:
        yield (("faint", f"  {one_line(note)}"),)


def share_of(rate: Rate) -> str:
    """A rate in words: ``12 of 30, 40% (25% to 58%)``, and what it is corrected to."""
    return "; ".join(filter(None, (counted_of(rate), corrected_of(rate))))


def counted_of(rate: Rate) -> str:
    """A rate as it was counted: ``12 of 30, 40% (25% to 58%)``."""
    may = f", {rate.open} undecided" if rate.open else ""
    return f"{rate.passed} of {rate.of}{may}, {rate.share:.0%} ({_bounds(rate)})"


def _bounds(rate: Rate) -> str:
    """Its interval; where all or none of plain samples passed, the exact one-sided 95% bound."""
    if rate.of and not rate.open and rate.passed in (0, rate.of):
        plain = wilson(rate.passed, rate.of)
        if abs(plain.low - rate.low) + abs(plain.high - rate.high) < _ROUNDING:
            if rate.passed:
                return f"at least {at_least(rate.passed, rate.of):.1%}"
            return f"at most {at_most(0, rate.of):.1%}"
    return f"{rate.low:.0%} to {rate.high:.0%}"


def corrected_of(rate: Rate) -> str:
    """What a rate is corrected to: ``corrected 38% (20% to 60%)``; "" where it is not."""
    found = rate.corrected
    if not isinstance(found, Corrected):
        return ""
    return f"corrected {found.share:.0%} ({found.low:.0%} to {found.high:.0%})"


def short_of(curve: Curve | Rates, rate: Rate) -> bool:
    """Whether a rate is shown to lie below what was asked for."""
    return isinstance(curve, Curve) and curve.wanted is not None and rate.high < curve.wanted


def _bars(exhibit: Curve | Rates) -> Iterator[Line]:
    labels = [one_line(rate.label) for rate in exhibit.rates]
    room = max(map(len, labels), default=0)
    if isinstance(exhibit, Curve):
        wanted = "" if exhibit.wanted is None else f"; {exhibit.wanted:.0%} was asked for"
        yield (("faint", f"  {one_line(exhibit.axis)}, with 95% intervals{wanted}"),)
    for label, rate in zip(labels, exhibit.rates, strict=True):
        style: Style = "bad" if short_of(exhibit, rate) else ""
        yield (
            ("faint", f"  {label:>{room}} "),
            (style or "good", bar(rate.share)),
            (style, f" {share_of(rate)}"),
        )


WIDEST = 48
"""Characters of a column of a table."""


def _cells(exhibit: Matrix | Table) -> Iterator[Line]:
    """Columns side by side: labels to the left, counts to the right, what is right marked."""
    cells = cells_of(exhibit)
    lines = [
        tuple(_cut(one_line(cell), WIDEST) for cell in line) for line in (cells.heads, *cells.rows)
    ]
    rooms = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = isinstance(exhibit, Matrix)
    for number, line in enumerate(lines):
        pieces: list[tuple[Style, str]] = [("", "  ")]
        for place, (cell, room) in enumerate(zip(line, rooms, strict=True)):
            padded = cell.rjust(room) if right and place else cell.ljust(room)
            pieces.append((_style(exhibit, number, place, cell), f"{padded}  "))
        yield tuple(pieces)
    if told := more_told(cells):
        yield (("faint", f"  {told}"),)


def _style(exhibit: Matrix | Table, line: int, place: int, cell: str) -> Style:
    """How a cell looks; in a matrix the diagonal is right, and all else that is not 0 wrong."""
    if line == 0 or cell == "0":
        return "faint"
    if not isinstance(exhibit, Matrix) or place == 0:
        return ""
    return "good" if exhibit.true[line - 1] == exhibit.given[place - 1] else "bad"


def bar(share: float) -> str:
    """A bar of ``WIDE`` characters, filled by the share."""
    eighths = round(share * WIDE * 8)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[part] if part else "")).ljust(WIDE, "·")


def _groups(exhibit: Groups) -> Iterator[Line]:
    agreement = exhibit.agreement
    yield (("faint", f"  {one_line(agreement.label)}: {share_of(agreement)}"),)
    for place, group in enumerate(exhibit.groups[:MOST_GROUPS]):
        yield from _group(group, odd=place > 0)
    more = len(exhibit.groups) - MOST_GROUPS
    if more > 0:
        yield (("faint", f"  and {many(more, 'more group')}"),)
    for reading in exhibit.undecided[:MOST_GROUPS]:
        yield (("unsure", "    ? "), ("", _cut(marked(reading))), ("faint", _asked(reading)))


def _group(group: Group, *, odd: bool) -> Iterator[Line]:
    first = group.readings[0]
    yield (
        ("bad" if odd else "good", f"  {group.count:>3}× "),
        ("", _cut(marked(first))),
        ("faint", _asked(first)),
    )
    if odd and group.why:
        yield (("faint", f"       {one_line(group.why)}"),)


def _asked(reading: Reading) -> str:
    return f"  ← {_cut(one_line(reading.asked), 60)}"


def marked(reading: Reading) -> str:
    """A reply on one line, the words that tell it from the largest group in brackets."""
    parts, at = [], 0
    for start, end in apart(reading.marks):
        parts += [reading.said[at:start], _BEGIN, reading.said[start:end], _END]
        at = end
    return one_line("".join((*parts, reading.said[at:])))


def apart(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches in order, without those that begin inside another."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
