"""What a ``classification`` case comes to: what is wanted, decided by intervals, and what is shown.

A row whose reply names no label, or several, is counted apart and is wrong in every measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chatbot_qa.checks.base import failed, passed, unsure
from chatbot_qa.domain.exhibits import ROW_HEADS, Curve, Exhibit, Matrix, Rate, Rates, Table
from chatbot_qa.domain.labelled import LabelledRow
from chatbot_qa.domain.verdict import Finding, Outcome, Quote
from chatbot_qa.examine.classification_case import Bound, ClassificationCase, Wanted
from chatbot_qa.examine.classification_labels import Mapped
from chatbot_qa.examine.classification_tags import entity_cells, word_cells, word_matrix
from chatbot_qa.stats.classification import (
    NONE,
    Average,
    Cell,
    Labelled,
    Measure,
    Name,
    Score,
    scores,
)
from chatbot_qa.stats.intervals import at_least, at_most, wilson
from chatbot_qa.stats.reliability import bins, brier, calibration_error
from chatbot_qa.stats.tagging import kinds_in
from chatbot_qa.text.excerpt import shown
from chatbot_qa.text.many import many

ALPHA: Final = 0.05
MOST_QUOTED: Final = 3
"""Rows that are quoted of those that were labelled wrong."""
_RIGHT: Final = "Rows given their true label"
UNMAPPED: Final = "no one label"
"""The column of the rows that were given none."""

MEASURE_HEADS: Final = ("true", "given", "precision", "recall", "F1")
"""The heads of the table of measures after the first, which is ``label`` or ``ENTITY``."""
ENTITY: Final = "entity"

_BOUNDS: Final = (
    "intervals here are exact or drawn by a bootstrap; those of the rates above are Wilson's, "
    "which are narrower of few rows"
)
AVERAGES: Final[tuple[Average, ...]] = ("micro", "macro", "weighted")
"""The last rows of that table."""
_NAMES: Final[tuple[Name, ...]] = ("precision", "recall", "f1")
_SPOKEN: Final = {"accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "F1"}


class Judged(Struct, frozen=True):
    """A row with the reply to it: what label that gives, and how sure the bot says it is.

    ``number`` is that of the row and of its trial, from 0; ``fold`` that of its part, if any.
    """

    number: int
    row: LabelledRow
    reply: str
    mapped: Mapped
    sure: float | None = None
    fold: int | None = None

    @property
    def right(self) -> bool:
        """Whether it was given its true label."""
        return self.mapped.label.split() == self.row.label.split()


class Result(Struct, frozen=True):
    """All rows that were asked and answered, the labels in their order, and the seed."""

    case: ClassificationCase
    labels: tuple[str, ...]
    rows: tuple[Judged, ...]
    seed: int

    @property
    def labelled(self) -> tuple[Labelled, ...]:
        """The rows as they are counted."""
        return tuple(Labelled(self.cells(one), one.row.topic or None) for one in self.rows)

    @property
    def tags(self) -> bool:
        """Whether labels are tags of words, and what is counted entities."""
        return self.case.map == "tags"

    def cells(self, judged: Judged) -> tuple[Cell, ...]:
        """What a row adds to the counts."""
        if self.tags:
            return entity_cells(judged.row.label, judged.mapped.label, self.labels)
        return (self.cell(judged),)

    def cell(self, judged: Judged) -> Cell:
        """The numbers of a row's true label, and of the one that it was given."""
        said = judged.mapped.label
        return self.labels.index(judged.row.label), self.labels.index(said) if said else NONE

    def measure(self, name: Name, bound: Bound) -> Measure:
        """The measure that a bound is set to."""
        if name == "accuracy":
            return Measure(name)
        label = self.labels.index(bound.label) if bound.label else None
        return Measure(name, bound.average or "macro", label)

    def scores(self, measures: Sequence[Measure]) -> tuple[Score, ...]:
        """The measures with their bounds; accuracy of tags is that of words."""
        if not self.tags:
            return scores(self.labelled, len(self.labels), measures, self.seed)
        words = [
            Labelled(word_cells(one.row.label, one.mapped.label), one.row.topic or None)
            for one in self.rows
        ]
        others = [one for one in measures if one.name != "accuracy"]
        found = dict(
            zip(others, scores(self.labelled, len(self.labels), others, self.seed), strict=True)
        )
        accuracy = Measure("accuracy")
        if accuracy in measures:
            (found[accuracy],) = scores(words, 1, [accuracy], self.seed)
        return tuple(found[one] for one in measures)


def findings(result: Result) -> Iterator[Finding]:
    """One for everything that is wanted; the doubt of failing is divided over them all."""
    wanted = [(want, *one) for want in result.case.expect for one in want.measures]
    ceilings = [want for want in result.case.expect if want.unmapped is not None]
    doubt = ALPHA / max(1, len(wanted) + len(ceilings))
    measures = [result.measure(name, bound) for _, name, bound in wanted]
    for (want, _, bound), measure, score in zip(
        wanted, measures, result.scores(measures), strict=True
    ):
        yield _decided(result, want, (measure, bound), score, doubt)
    for want in ceilings:
        yield _of_unmapped(result, want, doubt)


def _decided(
    result: Result, want: Wanted, wish: tuple[Measure, Bound], score: Score, doubt: float
) -> Finding:
    measure, bound = wish
    low, high = score.at_least(1 - ALPHA), score.at_most(1 - doubt)
    counted = len(result.rows) if score.drawn is not None else score.of
    told = f"{_name(result, measure)} is {score.value:.1%} over {_rows(counted)}"
    if low >= bound.at_least:
        finding = passed(f"{told}: at least {low:.1%}")
    elif high < bound.at_least:
        finding = failed(
            f"{told}: at most {high:.1%}, and {_percent(bound.at_least)} was asked for"
        )
    else:
        finding = unsure(
            f"{told}, which is anything from {low:.1%} to {high:.1%}: too few rows to tell whether "
            f"it is {_percent(bound.at_least)}"
        )
    return _placed(finding, measure.name, want, _wrong(result, measure))


def _of_unmapped(result: Result, want: Wanted, doubt: float) -> Finding:
    most = want.unmapped.at_most if want.unmapped is not None else 1.0
    without = [one for one in result.rows if not one.mapped.label]
    number, total = len(without), len(result.rows)
    low, high = at_least(number, total, 1 - doubt), at_most(number, total)
    told = f"{number} of {many(total, 'reply', 'replies')} name no one label"
    if high <= most:
        finding = passed(f"{told}: at most {high:.1%}")
    elif low > most:
        finding = failed(f"{told}: at least {low:.1%}, and {_percent(most)} was allowed")
    else:
        finding = unsure(
            f"{told}, which is anything from {low:.1%} to {high:.1%}: too few rows to tell whether "
            f"it is at most {_percent(most)}"
        )
    return _placed(finding, "unmapped", want, without)


def _placed(finding: Finding, check: str, want: Wanted, wrong: Sequence[Judged]) -> Finding:
    """The finding where its author wants it, with some of the rows that speak against it."""
    quotes: tuple[Quote, ...] = ()
    if finding.outcome is not Outcome.PASSED:
        quotes = tuple(
            Quote(f"row {one.number + 1}, {one.row.label}", f"{one.row.text} → {one.reply}")
            for one in wrong[:MOST_QUOTED]
        )
    trial = wrong[0].number + 1 if quotes else 0
    return replace(finding, check=check, where=want.where, quotes=quotes, trial=trial)


def _wrong(result: Result, measure: Measure) -> list[Judged]:
    """The wrong rows that a measure counts: those of its label, given it or missed."""
    wrong = [one for one in result.rows if not one.right]
    if measure.name == "accuracy" or measure.label is None:
        return wrong
    label = result.labels[measure.label]
    if result.tags:
        return [one for one in wrong if label in kinds_in((one.row.label, one.mapped.label))]
    missed = [one for one in wrong if one.row.label == label and measure.name != "precision"]
    false = [one for one in wrong if one.mapped.label == label and measure.name != "recall"]
    return [*missed, *false]


def _name(result: Result, measure: Measure) -> str:
    spoken = _SPOKEN[measure.name]
    if measure.name == "accuracy":
        return spoken
    if measure.label is not None:
        return f"{spoken} of {shown(result.labels[measure.label], 40)}"
    return f"{measure.average} {spoken}"


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def exhibits(result: Result) -> tuple[Exhibit, ...]:
    """What reports draw: rates, measures, confusion, calibration, folds, all rows as a table."""
    if not result.rows:
        return ()
    return (_rates(result), _matrix(result), _measures(result), *_parts(result), _answers(result))


def _rates(result: Result) -> Rates:
    rates = [_rate("all", result.rows)]
    for label in () if result.tags else result.labels:
        rates.append(_rate(label, [one for one in result.rows if one.row.label == label]))
    title = "Texts of which every word has its tag" if result.tags else _RIGHT
    return Rates(title, tuple(rates), tuple(_notes(result)))


def _rate(label: str, rows: Sequence[Judged], at: float = 0.0) -> Rate:
    right = sum(one.right for one in rows)
    bounds = wilson(right, len(rows))
    return Rate(label, right, len(rows), bounds.low, bounds.high, at)


def _notes(result: Result) -> Iterator[str]:
    without = Counter(one.mapped.why.partition(":")[0] for one in result.rows if one.mapped.why)
    if without:
        told = ", ".join(f"{why}: {number}" for why, number in sorted(without.items()))
        yield (
            f"{sum(without.values())} of {_rows(len(result.rows))} were given no one label "
            f"({told}): they count as wrong"
        )
    if strange := _strange_kinds(result):
        yield f"entities of kinds that no row has are no entities here: {strange}"
    if any(one.row.topic for one in result.rows):
        topics = len({one.row.topic or one.number for one in result.rows})
        yield f"rows of one topic are drawn together: {topics} topics"


def _strange_kinds(result: Result) -> str:
    """The kinds of entities that replies name and no row has, with how many replies do."""
    if not result.tags:
        return ""
    named = Counter(kind for one in result.rows for kind in kinds_in((one.mapped.label,)))
    strange = [(kind, number) for kind, number in named.items() if kind not in result.labels]
    return ", ".join(f"{shown(kind, 40)} in {number}" for kind, number in sorted(strange))


def _matrix(result: Result) -> Matrix:
    if result.tags:
        return word_matrix([(one.row.label, one.mapped.label) for one in result.rows])
    counts = Counter(result.cell(one) for one in result.rows)
    labels = range(len(result.labels))
    columns = [*labels, *([NONE] if any(said == NONE for _, said in counts) else [])]
    return Matrix(
        "True labels (rows) and those given (columns)",
        result.labels,
        tuple(UNMAPPED if one == NONE else result.labels[one] for one in columns),
        tuple(tuple(counts[truth, said] for said in columns) for truth in labels),
    )


def _measures(result: Result) -> Table:
    """Precision, recall and F1 of each label, and averaged, each with its 95% interval."""
    labels = range(len(result.labels))
    lines = [
        *([Measure(name, label=label) for name in _NAMES] for label in labels),
        *([Measure(name, average) for name in _NAMES] for average in AVERAGES),
    ]
    found = iter(result.scores([one for line in lines for one in line]))
    cells = [cell for row in result.labelled for cell in row.cells]
    true = Counter(truth for truth, _ in cells)
    given = Counter(said for _, said in cells)
    heads = [(name, str(true[n]), str(given[n])) for n, name in enumerate(result.labels)]
    whole = str(true.total() - true[NONE]), str(given.total() - given[NONE])
    heads += [(average, *whole) for average in AVERAGES]
    rows = tuple((*head, *(_told(next(found)) for _ in _NAMES)) for head in heads)
    return Table(
        "Measures, with 95% intervals",
        (ENTITY if result.tags else "label", *MEASURE_HEADS),
        rows,
        shown=len(rows),
        notes=(_BOUNDS,),
    )


def _told(score: Score) -> str:
    side = 1 - ALPHA / 2
    return f"{score.value:.1%} ({score.at_least(side):.0%} to {score.at_most(side):.0%})"


def _parts(result: Result) -> Iterator[Exhibit]:
    parts = sorted({one.fold for one in result.rows if one.fold is not None})
    if len(parts) > 1:
        rates = tuple(
            _rate(f"fold {part + 1}", [one for one in result.rows if one.fold == part])
            for part in parts
        )
        yield Rates("Rows given their true label, by fold", rates)
    told = [(one.sure, one.right) for one in result.rows if one.sure is not None]
    if not told:
        return
    rates = tuple(
        Rate(f"{one.sure:.0%}", one.right, one.of, bounds.low, bounds.high, one.sure)
        for one in bins(told)
        for bounds in (wilson(one.right, one.of),)
    )
    notes = (
        f"Brier score {brier(told):.3f}, expected calibration error {calibration_error(told):.1%} "
        "over 10 bins (0 is best of both)",
        f"{len(told)} of {len(result.rows)} replies say how sure the bot is",
    )
    yield Curve("How often it is right, by how sure it says it is", "sure", rates, notes=notes)


def _answers(result: Result) -> Table:
    """Every row with its true label and the one given, those that are wrong first."""
    sure = any(one.sure is not None for one in result.rows)
    fold = any(one.fold is not None for one in result.rows)
    topic = any(one.row.topic for one in result.rows)
    rows = tuple(
        (
            str(one.number + 1),
            one.row.text,
            one.row.label,
            one.mapped.label,
            "yes" if one.right else "no",
            one.reply,
            *(("" if one.sure is None else f"{one.sure:g}",) if sure else ()),
            *((str(one.fold + 1) if one.fold is not None else "",) if fold else ()),
            *((one.row.topic,) if topic else ()),
        )
        for one in sorted(result.rows, key=lambda one: one.right)
    )
    there = (("sure", sure), ("fold", fold), ("topic", topic))
    heads = (*ROW_HEADS, "reply", *(name for name, shown_at_all in there if shown_at_all))
    return Table("Every row, the wrong ones first", heads, rows, shown=20)
