"""What a ``references`` case comes to: scores of all replies together, decided by intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import failed, passed, unsure
from chatbot_qa.checks.corpus import Score, TooLong
from chatbot_qa.checks.means import Mean
from chatbot_qa.domain.exhibits import Exhibit, Table
from chatbot_qa.domain.referenced import ReferencedRow
from chatbot_qa.domain.verdict import Finding, Outcome, Quote
from chatbot_qa.examine.references_case import ReferencesCase
from chatbot_qa.stats.corpus import Added, Corpus, corpus
from chatbot_qa.text.many import many

ALPHA: Final = 0.05
REPLY_HEADS: Final = ("row", "text", "reply", "topic")
"""The first heads of the table of all rows; then come scores, then references."""
REFERENCE: Final = "reference "
"""How the heads of references begin."""
SCORE_HEADS: Final = ("score of all rows", "value", "from", "to")
"""The heads of the table of scores, a metric a row."""
MOST_QUOTED: Final = 3
"""Rows that are quoted of those that score worst."""


class Answered(Struct, frozen=True):
    """A row with the reply to it; ``number`` is that of the row and of its trial, from 0."""

    number: int
    row: ReferencedRow
    reply: str


class Scored(Struct, frozen=True):
    """A metric over all rows: what each adds and what that comes to; or why it is not known."""

    metric: Score
    added: tuple[Added, ...] = ()
    corpus: Corpus | None = None
    why: str = ""


class Result(Struct, frozen=True):
    """All rows that were asked and answered, and each metric that is wanted, over all of them."""

    case: ReferencesCase
    rows: tuple[Answered, ...]
    scored: Mapping[Score, Scored]

    @property
    def known(self) -> list[Scored]:
        """The metrics that could be computed."""
        return [one for one in self.scored.values() if one.corpus is not None]


def result_of(case: ReferencesCase, rows: Sequence[Answered], seed: int) -> Result:
    """Score the rows by everything that is wanted."""
    return Result(case, tuple(rows), {one: _scored(one, rows, seed) for one in case.scores})


def _scored(metric: Score, rows: Sequence[Answered], seed: int) -> Scored:
    if not rows:
        return Scored(metric, why="no row was answered")
    try:
        added = tuple(metric.added(one.reply, one.row.references, one.row.topic) for one in rows)
    except TooLong as error:
        return Scored(metric, why=str(error))
    return Scored(metric, added, corpus(added, metric.scale, seed))


def findings(result: Result) -> Iterator[Finding]:
    """One for everything that is wanted; the doubt of failing is divided over them all."""
    if not result.rows:
        return
    wanted = [(want, *one) for want in result.case.expect for one in want.scores]
    for want, metric, bound in wanted:
        scored = result.scored[metric]
        if scored.corpus is None:
            finding = unsure(f"{metric.name} is not known: {scored.why}")
        else:
            finding = _decided(result, metric, bound, scored.corpus, len(wanted))
            finding = _quoting(result, scored, finding)
        yield replace(finding, check=metric.family, where=want.where)


def _decided(result: Result, metric: Score, bound: float, score: Corpus, wishes: int) -> Finding:
    doubt = ALPHA / wishes
    low = score.drawn.at_least(1 - (doubt if metric.less else ALPHA))
    high = score.drawn.at_most(1 - (ALPHA if metric.less else doubt))
    told = f"{metric.name} is {score.value:.3f} over {many(len(result.rows), 'row')}"
    if metric.remark:
        told = f"{told} ({metric.remark})"
    if metric.less:
        shown, ruled_out = high <= bound, low > bound
        good, bad = f"at most {high:.3f}", f"at least {low:.3f}, and {bound:g} was allowed"
        want = f"at most {bound:g}"
    else:
        shown, ruled_out = low >= bound, high < bound
        good, bad = f"at least {low:.3f}", f"at most {high:.3f}, and {bound:g} was asked for"
        want = f"at least {bound:g}"
    if shown:
        return passed(f"{told}: {good}", score=score.value)
    if ruled_out:
        return failed(f"{told}: {bad}", score=score.value)
    return unsure(
        f"{told}, which is anything from {low:.3f} to {high:.3f}: too few rows to tell whether "
        f"it is {want}",
        score=score.value,
    )


def _quoting(result: Result, scored: Scored, finding: Finding) -> Finding:
    """The finding with the rows that score worst, unless it is passed."""
    if finding.outcome is Outcome.PASSED:
        return finding
    worst = _worst_first(result, scored)[:MOST_QUOTED]
    quotes = tuple(
        Quote(f"row {one.number + 1}", f"{one.reply} (reference: {one.row.references[0]})")
        for one, _ in worst
    )
    return replace(finding, quotes=quotes, trial=worst[0][0].number + 1)


def _worst_first(result: Result, scored: Scored) -> list[tuple[Answered, int]]:
    """The rows with their places among them, the worst first."""
    sign = -1 if scored.metric.less else 1
    scores = [sign * scored.metric.scale.score(one.numbers) for one in scored.added]
    places = sorted(range(len(scores)), key=scores.__getitem__)
    return [(result.rows[place], place) for place in places]


def exhibits(result: Result) -> tuple[Exhibit, ...]:
    """What reports show: the scores with their intervals, and all rows as a table."""
    if not result.rows:
        return ()
    return (_scores(result), _replies(result)) if result.known else (_replies(result),)


def _scores(result: Result) -> Table:
    side = 1 - ALPHA / 2
    lines = []
    for one in result.known:
        if one.corpus is not None:
            drawn = one.corpus.drawn
            told = one.corpus.value, drawn.at_least(side), drawn.at_most(side)
            lines.append((one.metric.name, *(f"{number:.4f}" for number in told)))
    return Table(
        f"Scores of {many(len(result.rows), 'reply', 'replies')} together, with 95% intervals",
        SCORE_HEADS,
        tuple(lines),
        notes=tuple(_notes([one.metric for one in result.known])),
    )


def _notes(metrics: Sequence[Score]) -> Iterator[str]:
    """How the scores were made."""
    means = [one.name for one in metrics if isinstance(one, Mean)]
    if means:
        yield f"the mean of the rows, from 0 to 1: {', '.join(means)}"
    if len(means) < len(metrics):
        others = "the others " if means else ""
        yield f"{others}by sacrebleu, from 0 to 1; of TER less is better, of the others more"
    for one in metrics:
        if one.remark:
            yield f"{one.name}: {one.remark}"


def _replies(result: Result) -> Table:
    """Every row with the reply, its own scores and its references; the worst first."""
    known = result.known
    places = range(len(result.rows))
    rows = _worst_first(result, known[0]) if known else list(zip(result.rows, places, strict=True))
    most = max(len(one.row.references) for one in result.rows)
    lines = []
    for one, place in rows:
        own = (f"{each.metric.scale.score(each.added[place].numbers):.4f}" for each in known)
        lacking = [""] * (most - len(one.row.references))
        head = str(one.number + 1), one.row.text, one.reply, one.row.topic
        lines.append((*head, *own, *one.row.references, *lacking))
    heads = (
        *REPLY_HEADS,
        *(one.metric.name for one in known),
        *(f"{REFERENCE}{number}" for number in range(1, most + 1)),
    )
    order = f", the worst by {known[0].metric.name} first" if known else ""
    return Table(f"Every row{order}", heads, tuple(lines), shown=20)
