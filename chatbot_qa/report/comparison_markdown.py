"""Two runs compared, as a comment in Markdown: at most 12 lines and a table of scores.

Nothing in it acts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot_qa.report.comparison import Compared, Comparison, Evidence, Evidences, Result, Status
from chatbot_qa.report.comparison_budgets import budget_lines
from chatbot_qa.report.comparison_lines import (
    MOST_NAMED,
    name,
    odds,
    telling,
    why_told,
)
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
    rate_told,
    tally,
)
from chatbot_qa.text.safe import for_markdown, one_line

MOST_CASES = 4
LONGEST = 200
_LISTED = (Status.REGRESSED, Status.NEWLY_FLAKY)


def comparison_markdown(comparison: Comparison, evidence: Evidences) -> str:
    """The comment, without a line end at its end."""
    evidence = remembering(evidence)
    lines = *_lines(comparison, evidence), *_scores(scored(comparison, evidence))
    return "\n".join(lines)


def _lines(comparison: Comparison, evidence: Evidences) -> Iterator[str]:
    yield f"**{_mark(comparison)} {for_markdown(headline(comparison))}**"
    yield ""
    rate = comparison.rate
    if rate is not None:
        told = f"Pass rate: {rate_told(rate)}. Could see: {could_see(rate)}."
        yield f"- {for_markdown(told)}"
    yield f"- {for_markdown(tally(comparison) or 'no case')}"
    if told := "; ".join(f"{what}: {how}" for what, how in budget_lines(comparison.budgets)):
        yield f"- {for_markdown(_cut(told, 3 * LONGEST))}"
    cases = comparison.of(*_LISTED)
    for case in cases[:MOST_CASES]:
        yield _case(case, evidence(case))
    if left := cases[MOST_CASES:]:
        names = ", ".join(name(case) for case in left[:MOST_NAMED])
        more = len(left) - MOST_NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"- {for_markdown(_cut('also: ' + names) + rest)}"
    if told := "; ".join(notes(comparison)):
        yield f"- {for_markdown(_cut(told, 3 * LONGEST))}"
    yield f"- {for_markdown(f'{comparison.before.folder} → {comparison.now.folder}')}"


def _scores(found: Scored) -> Iterator[str]:
    """Every score of both runs, as a table that stands behind an empty line."""
    if not found.cases:
        return
    yield ""
    yield _row((TITLE, *HEADS))
    yield _row(("---", *("--:" for _ in HEADS)))
    for case, measures in found.cases:
        for one in measures:
            cells = f"{name(case)}: {called(one)}", *cells_of(one)
            yield _row([for_markdown(cell) for cell in cells])
    if found.more:
        yield ""
        yield for_markdown(MORE)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _mark(comparison: Comparison) -> str:
    if comparison.result in (Result.WORSE, Result.OVER_BUDGET):
        return "🔴"
    return "🟢" if comparison.result is Result.NOT_WORSE and not comparison.blind else "⚪"


def _case(case: Compared, evidence: Evidence) -> str:
    why = why_told(evidence)
    told = f"{name(case)}{odds(case)}{f': {why}' if why else ''}"
    replies = telling(evidence)
    if replies and replies[0].now is not None:
        told = f"{_cut(told)}. The bot said: {_cut(replies[0].now)}"
    return f"- **{for_markdown(name_of(case.status))}** {for_markdown(_cut(told, 2 * LONGEST))}"


def _cut(text: str, longest: int = LONGEST) -> str:
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
