"""Two runs compared, on a terminal: at most some 40 lines, regressions first, and the scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot_qa.domain.exhibits import Reading
from chatbot_qa.report.comparison import (
    Compared,
    Comparison,
    Evidence,
    Evidences,
    FindingChange,
    RateChange,
    ReplyChange,
    Result,
    Span,
    Status,
)
from chatbot_qa.report.comparison_budgets import budget_lines
from chatbot_qa.report.comparison_scores import (
    HEADS,
    MORE,
    TITLE,
    Scored,
    called,
    cells_of,
    remembering,
    scored,
)
from chatbot_qa.report.comparison_words import (
    could_see,
    headline,
    name_of,
    notes,
    p_told,
    points,
    rate_told,
    tally,
)
from chatbot_qa.report.exhibits import Line, Style, marked
from chatbot_qa.text.many import many
from chatbot_qa.text.safe import one_line

MOST_LINES = 40
MOST_CASES = 6
"""How many cases are shown with their evidence."""
MOST_NAMED = 8
MOST_OF_A_SORT = 2
"""How many findings, replies and rates of one case are shown."""
LONGEST_NAME = 80
WIDE = 140

_STYLES: dict[Status, Style] = {
    Status.REGRESSED: "bad",
    Status.NEWLY_FLAKY: "unsure",
    Status.STILL_FAILING: "bad",
    Status.FIXED: "good",
    Status.NOT_COMPARED: "warning",
}
_SHOWN = (Status.REGRESSED, Status.NEWLY_FLAKY, Status.STILL_FAILING)
_NAMED = (Status.FIXED, Status.NOT_COMPARED, Status.NEW, Status.GONE)


def comparison_lines(comparison: Comparison, evidence: Evidences) -> list[Line]:
    """All that is told of a comparison; the table of scores is beyond the 40 lines."""
    evidence = remembering(evidence)
    head = list(_head(comparison))
    foot = list(_foot(comparison))
    room = MOST_LINES - len(head) - len(foot)
    cases = list(_cases(comparison, evidence, room))
    scores = list(_scores(scored(comparison, evidence)))
    return [*head, *cases, *scores, *([()] if (cases or scores) and foot else []), *foot]


def result_line(comparison: Comparison) -> Line:
    """What it comes to, in one line."""
    good = comparison.result is Result.NOT_WORSE and not comparison.blind
    style: Style = "good" if good else "warning"
    red = comparison.result in (Result.WORSE, Result.OVER_BUDGET)
    return (("bad" if red else style, headline(comparison)),)


def _head(comparison: Comparison) -> Iterator[Line]:
    yield (("strong", one_line(f"{comparison.before.folder} → {comparison.now.folder}")),)
    yield result_line(comparison)
    if comparison.rate is not None:
        yield (("faint", "pass rate: "), ("", rate_told(comparison.rate)))
        yield (("faint", "could see: "), ("", could_see(comparison.rate)))
    for what, told in budget_lines(comparison.budgets):
        yield (("faint", f"{what}: "), ("", told))
    yield (("faint", "cases:     "), ("", tally(comparison) or "none"))
    for note in notes(comparison):
        yield (("faint", "note:      "), ("", _short(note, 2 * WIDE)))


def _scores(found: Scored) -> Iterator[Line]:
    """Every score of both runs, of each case a line of its name and a line a score."""
    rows = [(called(one), *cells_of(one)) for _, measures in found.cases for one in measures]
    if not rows:
        return
    heads = (TITLE, *HEADS)
    rooms = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    yield ()
    yield (("strong", _aligned(heads, rooms)),)
    left = iter(rows)
    for case, measures in found.cases:
        yield (("", f"  {name(case)}"),)
        for _ in measures:
            yield (("", f"    {_aligned(next(left), rooms, indent=4)}"),)
    if found.more:
        yield (("strong", MORE),)


def _aligned(cells: Sequence[str], rooms: Sequence[int], indent: int = 0) -> str:
    """Cells side by side, the first to the left, the others to the right."""
    first = cells[0].ljust(rooms[0] + 4 - indent)
    rest = (cell.rjust(room) for cell, room in zip(cells[1:], rooms[1:], strict=True))
    return "  ".join((first, *rest))


def _foot(comparison: Comparison) -> Iterator[Line]:
    for status in _NAMED:
        if cases := comparison.of(status):
            yield ((_STYLES.get(status, "faint"), f"{name_of(status)}: "), ("", _named(cases)))


def _named(cases: Sequence[Compared]) -> str:
    names = ", ".join(name(case) for case in cases[:MOST_NAMED])
    more = len(cases) - MOST_NAMED
    return f"{_short(names)}{f' and {more:,} more' if more > 0 else ''}"


def _cases(comparison: Comparison, evidence: Evidences, room: int) -> Iterator[Line]:
    """Cases with their evidence, as far as there is room; the rest by number."""
    cases = [case for status in _SHOWN for case in comparison.of(status)]
    shown = 0
    for case in cases[:MOST_CASES]:
        block = [(), *case_lines(case, evidence(case))]
        if len(block) > room - 2:
            break
        yield from block
        room -= len(block)
        shown += 1
    left = cases[shown:]
    if left:
        told = ", ".join(
            f"{number:,} {name_of(status)}"
            for status in _SHOWN
            if (number := sum(case.status is status for case in left))
        )
        yield (("strong", f"and {told} more: --format json has them all"),)


def case_lines(case: Compared, evidence: Evidence) -> list[Line]:
    """One case: what became of it, the findings that changed, the replies before and now."""
    where = f"  {evidence.where.file}:{evidence.where.line}" if evidence.where.file else ""
    lines: list[Line] = [
        (
            (_STYLES.get(case.status, ""), name_of(case.status)),
            ("strong", f" {name(case)}"),
            ("faint", _short(where) + odds(case) + ("" if case.counts else "  (set aside)")),
        )
    ]
    if not evidence.findings and evidence.reason:
        lines.append((("", f"  {_short(evidence.reason)}"),))
    for finding in _deciding(evidence.findings)[:MOST_OF_A_SORT]:
        lines.append((("", f"  {_short(finding_told(finding))}"),))
    for rate in _most_changed(evidence.rates)[:MOST_OF_A_SORT]:
        lines.append((("", f"  {_short(rate_change_told(rate))}"),))
    replies = telling(evidence)
    for reply in replies[:MOST_OF_A_SORT]:
        lines += _reply_lines(reply)
    more = len(evidence.replies) - MOST_OF_A_SORT
    if more > 0:
        lines.append((("faint", f"  and {many(more, 'more reply', 'more replies')} changed"),))
    return lines


def odds(case: Compared) -> str:
    """How often it passed in both runs, and whether chance does that."""
    if case.both is None or case.falls is None or case.both[0].of + case.both[1].of <= 2:
        return ""
    before, now = case.both
    told = f"  {before.passed} of {before.of} passed before, {now.passed} of {now.of} now"
    return f"{told}, p {p_told(case.falls)}{'' if case.significant else ', not significant'}"


def name(case: Compared) -> str:
    """A case with its suite, on one line."""
    case_id = case.half.case
    return f"{_short(case_id.suite, LONGEST_NAME)} › {_short(str(case_id), LONGEST_NAME)}"


def finding_told(finding: FindingChange) -> str:
    """A finding that changed, in one line."""
    turn = f" in turn {finding.turn}" if finding.turn else ""
    trial = f" of conversation {finding.trial}" if finding.trial else ""
    before = None if finding.before is None else _word(finding.before.value)
    now = None if finding.now is None else _word(finding.now.value)
    if before is None:
        told = f"now {now}"
    elif now is None:
        told = f"{before} before, now not there"
    else:
        told = f"{before} before, now {now}" if before != now else f"{now} for another reason"
    reason = finding.reason or finding.reason_before
    return f"{finding.check}{turn}{trial}: {told}: {reason}"


def _word(value: str) -> str:
    return value.replace("_", " ")


def rate_change_told(rate: RateChange) -> str:
    """A rate in both runs, in one line."""
    return (
        f"{rate.title}, {rate.label}: {rate.passed_before} of {rate.of_before}, now "
        f"{rate.passed} of {rate.of}: {points(rate.change)} points "
        f"(95%: {points(rate.low)} to {points(rate.high)})"
    )


def _deciding(findings: Sequence[FindingChange]) -> list[FindingChange]:
    """Those that are no longer passed first."""
    return sorted(findings, key=lambda one: one.now is not None and one.now.value != "failed")


def why_told(evidence: Evidence) -> str:
    """The first finding that changed; where none did the reason, or the rate that fell most."""
    if evidence.findings:
        return finding_told(evidence.findings[0])
    fell = (rate_change_told(rate) for rate in _most_changed(evidence.rates))
    return evidence.reason or next(fell, "")


def _most_changed(rates: Sequence[RateChange]) -> list[RateChange]:
    return sorted((one for one in rates if one.change), key=lambda one: one.change)


def telling(evidence: Evidence) -> list[ReplyChange]:
    """The replies that changed, those first that a changed finding is about, then what fell."""
    about = {(max(1, one.trial), one.turn) for one in evidence.findings}
    fell = {trial: place for place, trial in enumerate(evidence.fallen)}

    def rank(reply: ReplyChange) -> tuple[bool, int]:
        return (reply.trial, reply.turn) not in about, fell.get(reply.trial, len(fell))

    return sorted(evidence.replies, key=rank)


def _reply_lines(reply: ReplyChange) -> Iterator[Line]:
    trial = f" of conversation {reply.trial}" if reply.trial > 1 else ""
    said = f' to "{_short(reply.said, 60)}"' if reply.said else ""
    yield (("faint", f"  the reply to turn {reply.turn}{trial}{said}:"),)
    for difference in reply.data[:MOST_OF_A_SORT]:
        yield (("", f"    now {_short(difference)}"),)
    if reply.before != reply.now:
        yield (("faint", "    before: "), ("", _text(reply.before, reply.gone)))
        yield (("faint", "    now:    "), ("", _text(reply.now, reply.came)))


def _text(text: str | None, marks: Sequence[Span]) -> str:
    """A reply on one line, cut around the first words that differ, which are in brackets."""
    if text is None:
        return "(no reply came)"
    if not text.strip():
        return "(nothing)"
    begin = max(0, marks[0][0] - WIDE // 3) if marks and len(text) > WIDE else 0
    last = min(len(text), begin + WIDE)
    held = ((max(start, begin), min(end, last)) for start, end in marks)
    inside = tuple((start - begin, end - begin) for start, end in held if start < end)
    told = marked(Reading("", text[begin:last], 1, inside))
    return f"{'…' if begin else ''}{told}{'…' if last < len(text) else ''}"


def _short(text: str, longest: int = WIDE) -> str:
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
