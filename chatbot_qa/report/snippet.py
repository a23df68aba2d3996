"""A failure as people read it: what is wrong, the author's line, the words that decided.

The console, pytest, JUnit, Allure and annotations all show this. It is made as lines of
pieces, each with the name of a style, so that a terminal may colour what others print.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from chatbot_qa.domain.calibration import Known
from chatbot_qa.domain.events import Reach
from chatbot_qa.domain.source import Diagnostic, Severity, Where
from chatbot_qa.domain.verdict import Finding, Outcome, Quote, Ruling, Verdict
from chatbot_qa.report.exhibits import Line, Style, exhibit_lines
from chatbot_qa.report.words import not_reached, set_aside
from chatbot_qa.text.many import many
from chatbot_qa.text.safe import for_terminal, one_line

Piece = tuple[Style, str]

REQUEST = "again"
"""Label of a quote that is the request of a fault, as a command to paste: shown whole."""

LONGEST_QUOTE = 400
LONGEST_LINE = 160
LOOKED_AT = 400
"""Characters on either side of a mistake that are looked at: a line may have millions."""
MOST_LINES = 12

_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|‘([^’]+)’|(?<!\w)'([^']+)'(?!\w)|`([^`]+)`")
_IN_BRACKETS = re.compile(r"""(?<![^\s\[{,:])(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*')|[\[\]{},]""")
_NAME = re.compile(r"`(\$?\{[^`]*\}|\$[^`]+|<[^`]+>|%[^`]+%)`")
"""A message that begins with a name in braces is of that name alone."""
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}
_COMMENT = re.compile(r"\s+#(?:\s[^'\"]*)?$")


class _Head(Struct, frozen=True):
    word: str
    style: Style


_HEADS = {
    Outcome.FAILED: _Head("failed", "bad"),
    Outcome.BROKEN: _Head("error", "bad"),
    Outcome.UNSURE: _Head("inconclusive", "unsure"),
    Outcome.NOT_MEASURED: _Head("not measured", "warning"),
    Outcome.SKIPPED: _Head("skipped", "faint"),
    Outcome.NOT_REACHED: _Head("not reached", "faint"),
    Outcome.PASSED: _Head("passed", "good"),
}
_RULINGS = {
    Ruling.FAILED: _HEADS[Outcome.FAILED],
    Ruling.ERROR: _HEADS[Outcome.BROKEN],
    Ruling.INCONCLUSIVE: _HEADS[Outcome.UNSURE],
    Ruling.SKIPPED: _HEADS[Outcome.SKIPPED],
    Ruling.PASSED: _HEADS[Outcome.PASSED],
}
_WARNING = _Head("warning", "warning")


class _Told(Struct, frozen=True):
    """All that a block of lines tells."""

    head: _Head
    code: str
    message: str
    where: Where
    quotes: Sequence[Quote] = ()
    because: str = ""
    again: str = ""


_COUNTED = (Outcome.FAILED, Outcome.BROKEN, Outcome.UNSURE)
"""What decides a verdict, the weightiest first."""


def render_finding(verdict: Verdict, finding: Finding) -> str:
    """One finding in plain text, with the command that asks its case again."""
    return plain(finding_lines(finding, verdict.again))


def render_verdict(verdict: Verdict) -> str:
    """Every finding that counts or warns, in plain text; or else why there is none."""
    return plain(verdict_lines(verdict))


def render_diagnostic(diagnostic: Diagnostic) -> str:
    """One mistake in a suite, in plain text."""
    return plain(diagnostic_lines(diagnostic))


def plain(lines: Iterable[Line]) -> str:
    """The lines without their styles."""
    return "\n".join("".join(text for _, text in line) for line in lines)


def shown_findings(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings that a reader of a failure needs, those that decided first."""
    warnings = (f for f in verdict.findings if f.outcome in _COUNTED and f.warn_only)
    return (*_deciding(verdict), *warnings)


def _deciding(verdict: Verdict) -> list[Finding]:
    found = [f for f in verdict.findings if f.outcome in _COUNTED and not f.warn_only]
    return sorted(found, key=lambda finding: _COUNTED.index(finding.outcome))


def _own_reason(verdict: Verdict, deciding: Sequence[Finding]) -> str:
    """Why it is not passed, where that is more than what its findings say."""
    if verdict.ruling is Ruling.PASSED:
        return ""
    if any(finding.reason == verdict.reason for finding in deciding):
        return ""
    return verdict.reason or ("" if deciding else f"the case is {verdict.ruling.value}")


def headline(verdict: Verdict) -> str:
    """Why a case is not passed, in one line; empty where it is."""
    if verdict.ruling is Ruling.PASSED:
        return ""
    deciding = _deciding(verdict)
    if own := _own_reason(verdict, deciding):
        return one_line(own)
    more = f" (and {len(deciding) - 1} more)" if len(deciding) > 1 else ""
    return one_line(deciding[0].reason) + more


def verdict_lines(verdict: Verdict) -> list[Line]:
    """Every finding of a case that counts or warns, the command to repeat it, and what is known
    of the checks that decided.
    """
    shown = shown_findings(verdict)
    lines: list[Line] = []
    if own := _own_reason(verdict, shown):
        again = "" if shown else verdict.again
        lines += _block(_Told(_RULINGS[verdict.ruling], "", own, verdict.where, again=again))
    for finding in shown:
        lines += finding_lines(finding, verdict.again if finding is shown[-1] else "")
    for known in known_of(verdict, shown):
        lines += _note("measured", str(known), _gutter(verdict.where))
    lines += [line for exhibit in verdict.exhibits for line in ((), *exhibit_lines(exhibit))]
    gutter = _gutter(verdict.where)
    lines += _note("not reached", not_reached(Reach().plus(verdict)), gutter)
    counts = verdict.aside is not None and verdict.aside.over
    return lines + _note("note" if counts else "set aside", set_aside(verdict), gutter)


def known_of(verdict: Verdict, shown: Sequence[Finding]) -> Iterator[Known]:
    """What is known of the checks that made these findings, and of those that no finding names."""
    named = {finding.check.removeprefix("not_") for finding in verdict.findings}
    telling = {finding.check.removeprefix("not_") for finding in shown}
    for known in verdict.known if shown else ():
        if known.check in telling or known.check not in named:
            yield known


def finding_lines(finding: Finding, again: str = "") -> list[Line]:
    """One finding: what is wrong, where it was asked for, and the words that decided."""
    return _block(
        _Told(
            head=_head(finding),
            code=finding.check,
            message=finding.reason,
            where=finding.where,
            quotes=finding.quotes,
            because=finding.because,
            again=again,
        )
    )


def word_of(finding: Finding) -> str:
    """What a finding is called: ``failed``, ``error``, ``inconclusive``, ``warning`` …"""
    return _head(finding).word


def _head(finding: Finding) -> _Head:
    if finding.warn_only and finding.outcome in _COUNTED:
        return _WARNING
    return _HEADS[finding.outcome]


def diagnostic_lines(diagnostic: Diagnostic) -> list[Line]:
    """One mistake in a suite: what is wrong, the author's line, and how to mend it."""
    head = _HEADS[Outcome.BROKEN] if diagnostic.severity is Severity.ERROR else _WARNING
    found = _NAME.match(diagnostic.message)
    place = _place(diagnostic.where, found[1] if found else "")
    lines = [_first_line(head, diagnostic.code, diagnostic.message), *place]
    return lines + _note("help", diagnostic.hint, _gutter(diagnostic.where))


def _block(told: _Told) -> list[Line]:
    gutter = _gutter(told.where)
    lines = [_first_line(told.head, told.code, told.message), *_place(told.where)]
    said = [quote for quote in told.quotes if quote.label != REQUEST]
    lines += _quotes(said, _hints(told.message, told.where), gutter)
    lines += _note("because", told.because, gutter)
    for quote in told.quotes:
        if quote.label == REQUEST:
            lines += _note("request", quote.text, gutter)
    return lines + _note("again", told.again, gutter)


def _first_line(head: _Head, code: str, message: str) -> Line:
    name = f"{head.word}[{one_line(code)}]" if code else head.word
    first, *more = for_terminal(message).split("\n")
    rest = "".join(f"\n  {line}" for line in more)
    return ((head.style, name), ("strong", f": {first}{rest}"))


def _gutter(where: Where) -> str:
    return " " * max(2, len(str(where.line)))


def _place(where: Where, word: str = "") -> list[Line]:
    """The author's line with a caret under the mistake, or under ``word`` if that stands there."""
    if not where.file:
        return []
    gutter = _gutter(where)
    lines: list[Line] = [(("frame", f"{gutter}--> "), ("", one_line(str(where))))]
    if not where.text.strip():
        return lines
    before, marked, after = _shown_line(where)
    if word and marked.startswith(word):
        marked, after = word, marked[len(word) :] + after
    caret = " " * width(before) + "^" * max(1, width(marked))
    number = f"{where.line:>{len(gutter)}} |"
    return [
        *lines,
        (("frame", f"{gutter} |"),),
        (("frame", number), ("", f" {before}{marked}{after}".rstrip())),
        (("frame", f"{gutter} |"), ("bad", f" {caret}")),
    ]


def _shown_line(where: Where) -> tuple[str, str, str]:
    """The author's line as it is shown: before the mark, the marked words, after them."""
    first = max(0, where.column - 1 - LOOKED_AT)
    text = where.text[first : where.column - 1 + LOOKED_AT].rstrip("\r\n")
    start = min(max(where.column - 1 - first, 0), len(text))
    end = len(text.rstrip())
    comment = _COMMENT.search(text, start)
    if comment and comment.start() > start:
        end = comment.start()
    end = min(end, _end_in_brackets(text, start))
    before, marked, after = (
        for_terminal(part.replace("\t", "    "))
        for part in (text[:start], text[start : max(start, end)], text[max(start, end) :])
    )
    if len(before) > LONGEST_LINE // 2:
        before = "…" + before[-LONGEST_LINE // 2 :]
    if len(marked) > LONGEST_LINE:
        marked, after = marked[:LONGEST_LINE] + "…", ""
    return before, marked, after[:LONGEST_LINE]


def _end_in_brackets(text: str, start: int) -> int:
    """Where the item at ``start`` ends if brackets or braces are around it; else the line's end."""
    depth = inside = 0
    for found in _IN_BRACKETS.finditer(text):
        mark = found[0][0]
        if found.start() < start:
            depth = inside = max(0, depth + _DEPTH.get(mark, 0))
            continue
        if not inside or (depth == inside and mark in ",]}"):
            return found.start() if inside else len(text)
        depth += _DEPTH.get(mark, 0)
    return len(text)


def _hints(reason: str, where: Where) -> list[str]:
    """Words that probably decided: what the reason quotes, and the value that was asked for."""
    words = [next(filter(None, match.groups())) for match in _QUOTED.finditer(reason)]
    _, _, value = where.text[max(where.column - 1, 0) :].partition(": ")
    return [*words, value.strip().strip("\"'")]


def _quotes(quotes: Sequence[Quote], around: Sequence[str], gutter: str) -> list[Line]:
    if not quotes:
        return []
    labels = [f"{one_line(quote.label)}:  " for quote in quotes]
    room = max(map(width, labels))
    lines: list[Line] = []
    for label, quote in zip(labels, quotes, strict=True):
        lead = label + " " * (room - width(label))
        for text in _quoted(quote.text, around):
            lines.append((("frame", f"{gutter} |"), ("faint", f"   {lead}"), ("", text)))
            lead = " " * room
    return lines


def _quoted(text: str, around: Sequence[str]) -> list[str]:
    if not text.strip():
        return [f'"{one_line(text)}" (nothing)']
    rows = for_terminal(cut(text, around)).replace("\t", "    ").split("\n")
    if len(rows) > MOST_LINES:
        left = len(rows) - MOST_LINES
        rows[MOST_LINES // 2 : -MOST_LINES // 2] = [f"…({many(left, 'more line')})…"]
    first, *more = rows
    shown = [f'"{first}', *(f" {row}" for row in more)]
    shown[-1] += '"'
    return shown


def _note(name: str, text: str, gutter: str) -> list[Line]:
    if not text:
        return []
    first, *more = for_terminal(text).split("\n")
    lead = f"{gutter} = {name}: "
    return [
        (("frame", lead), ("", first)),
        *((("", " " * len(lead) + row),) for row in more),
    ]


def cut(text: str, around: Sequence[str] = (), longest: int = LONGEST_QUOTE) -> str:
    """The text, or where it is too long the part that decided, each cut shown with its size.

    ``around`` are words to look for; of those that are in the text the first one is kept
    in view. Where none is, the beginning and the end are kept.
    """
    if len(text) <= longest:
        return text
    folded = text.casefold()
    # folding that changes the length would move every place after it
    found = next((w for w in around if w and w.casefold() in folded), "")
    if not found or len(folded) != len(text):
        head, tail = longest * 2 // 3, longest // 3
        return text[:head] + _gap(len(text) - head - tail) + text[-tail:]
    place = folded.index(found.casefold())
    begin = max(0, min(place - longest // 3, len(text) - longest))
    end = max(begin + longest, place + len(found))
    before = _gap(begin) if begin else ""
    after = _gap(len(text) - end) if end < len(text) else ""
    return before + text[begin:end] + after


def _gap(size: int) -> str:
    return f" …({size:,} more characters)… "


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
