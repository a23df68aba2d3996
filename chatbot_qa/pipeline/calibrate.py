"""``calibrate``: a check beside the labels of people, offline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, to_builtins

from chatbot_qa.domain.calibration import Calibration, Figures
from chatbot_qa.domain.source import Diagnostic, Where
from chatbot_qa.errors import SuiteError, UsageError
from chatbot_qa.pipeline.calibrate_figures import UNSURE, Cell, figures
from chatbot_qa.pipeline.calibrate_forms import Form, form_for
from chatbot_qa.pipeline.calibrate_rows import Labels, Row, read
from chatbot_qa.registry import Registry

if TYPE_CHECKING:
    from chatbot_qa.pipeline.calibrate_asking import Models
    from chatbot_qa.pipeline.calibrate_wording import Learner


class Predicted(Struct, frozen=True):
    """What one row came to: a label or ``unsure``, and the probability of the first label."""

    predicted: str
    score: float


class Differs(Struct, frozen=True):
    """A row that the check reads otherwise than people do; texts are as in the file.

    ``concealed`` is a text that must not be shown, "" for none.
    """

    line: int
    label: str
    predicted: str
    reason: str
    ask: str
    reply: str
    concealed: str = ""


class Calibrated(Struct, frozen=True):
    """A check beside labels: every prediction, the counts, and the figures.

    ``confusion`` counts rows by label, then by prediction. ``differing`` counts the rows that
    ``differs`` holds the first of. ``broken`` counts rows at which the check itself failed,
    for the reason ``why_broken``; ``notes`` say what a reader of the figures must know.
    ``wording`` is what the bot was heard to say when it refuses.
    """

    form: Form
    rows: list[Predicted]
    confusion: dict[str, dict[str, int]]
    items: int
    figures: Figures
    differing: int
    differs: list[Differs]
    broken: int
    why_broken: str
    notes: list[str]
    sha256: str
    seconds: float
    wording: tuple[str, ...] = ()

    @property
    def calibration(self) -> Calibration:
        """What is kept of it in a file."""
        return Calibration(
            check=self.form.check.name,
            version=self.form.check.version,
            labels=self.form.wanted.labels,
            positive=self.form.positive,
            n=len(self.rows),
            items=self.items,
            broken=self.broken,
            confusion=self.confusion,
            figures=self.figures,
            labels_sha256=self.sha256,
            wording=self.wording,
        )


def calibrate(
    check: str,
    path: Path,
    ticks: Callable[[], float],
    registry: Registry | None = None,
    *,
    keep: int | None = None,
    models: Models | None = None,
    learner: Learner | None = None,
) -> Calibrated:
    """Hold a check beside the labelled rows of a file.

    ``ticks`` are seconds that only go forward; ``keep`` is how many of the rows that differ
    are kept with their texts, None for all. ``models`` are asked what the check wants to ask;
    without them that is unsure. With a ``learner`` the bot's own wording is learnt from the
    rows, and the figures are of the check that knows it. Raises ``UsageError`` for a check that
    cannot be calibrated and for a file without rows, ``SuiteError`` with every row that is wrong.
    """
    begun = ticks()
    form = form_for(check, registry or Registry())
    labels = read(path)
    _refuse_bad_rows(form, labels)
    if models is not None:
        form = models.judged(form, tuple(_rows(form, labels)))
    wording: tuple[str, ...] = ()
    if learner is not None:
        form, wording = learner.learnt(form, tuple(_rows(form, labels)))
    tally = _Tally(form, keep)
    for row in _rows(form, labels):
        tally.take(row)
    if form.check.asks and models is None and tally.undecided:
        raise UsageError(
            f"{check} needs a judge, which is not asked unless you say so",
            "add --ask: one call a row, to the models that chatbot-qa.yaml names",
        )
    found = figures(tally.items.values(), form.wanted.labels, form.positive)
    return Calibrated(
        form,
        tally.rows,
        _confusion(form, tally.cells),
        len(tally.items),
        found,
        tally.differing,
        tally.differs,
        tally.broken,
        tally.why_broken,
        [*_notes(tally, asked=models is not None), *_learnt(wording, learns=learner is not None)],
        sha256(labels.data).hexdigest(),
        ticks() - begun,
        wording,
    )


class _Tally:
    """Judges row by row, and keeps what is counted of each; one instance a calibration."""

    def __init__(self, form: Form, keep: int | None) -> None:
        self.form = form
        self.keep = keep
        self.rows: list[Predicted] = []
        self.cells: Counter[Cell] = Counter()
        self.items: dict[str, Counter[Cell]] = {}
        self.differing = 0
        self.differs: list[Differs] = []
        self.broken = 0
        self.why_broken = ""

    def take(self, row: Row) -> None:
        """Judge a row."""
        form = self.form
        judged = form.judge(row)
        self.rows.append(Predicted(judged.predicted, judged.score))
        cell = (row.label, judged.predicted)
        self.cells[cell] += 1
        self.items.setdefault(form.item_of(row), Counter())[cell] += 1
        if judged.broken:
            self.broken += 1
            self.why_broken = self.why_broken or f"line {row.line}: {judged.reason}"
        if judged.predicted in (UNSURE, row.label):
            return
        self.differing += 1
        if self.keep is None or len(self.differs) < self.keep:
            concealed = row.values[form.concealed] if form.concealed else ""
            texts = (row.ask, row.reply, concealed)
            self.differs.append(Differs(row.line, *cell, judged.reason, *texts))

    @property
    def undecided(self) -> bool:
        """Whether no row at all was decided."""
        return all(said == UNSURE for _, said in self.cells)


def _rows(form: Form, labels: Labels) -> Iterator[Row]:
    return (row for row in labels.rows(form.wanted) if isinstance(row, Row))


def _refuse_bad_rows(form: Form, labels: Labels) -> None:
    """Tell of every row that is wrong, at once, before any is judged."""
    wrong: list[Diagnostic] = []
    count = 0
    for row in labels.rows(form.wanted):
        count += 1
        if isinstance(row, Diagnostic):
            wrong.append(row)
            continue
        place = Where(labels.shown, row.line, 1)
        wrong += [fault.moved(place) for fault in form.faults(row)]
    if wrong:
        raise SuiteError(wrong)
    if not count:
        raise UsageError(f"{labels.shown} has no rows", "each line holds one labelled reply")


def _confusion(form: Form, cells: Counter[Cell]) -> dict[str, dict[str, int]]:
    said = (*form.wanted.labels, UNSURE)
    return {label: {one: cells[label, one] for one in said} for label in form.wanted.labels}


def _notes(tally: _Tally, *, asked: bool) -> Iterator[str]:
    form = tally.form
    given = {label for label, _ in tally.cells}
    if len(given) == 1:
        (label,) = given
        others = " or ".join(one for one in form.wanted.labels if one != label)
        yield (
            f"every row is labelled {label}: agreement cannot be told from always saying "
            f"{label}, so add rows labelled {others}"
        )
    if tally.undecided:
        yield "every row is unsure: nothing was decided"
    elif form.check.asks and not asked and any(said == UNSURE for _, said in tally.cells):
        yield "rows that a judge would decide are unsure: it is asked with --ask"


def _learnt(wording: Sequence[str], *, learns: bool) -> Iterator[str]:
    if wording:
        count = "1 sentence was" if len(wording) == 1 else f"{len(wording)} sentences were"
        yield (
            f"{count} learnt with which the bot refuses; each row was read by what the rows "
            "of other items taught"
        )
    elif learns:
        yield (
            "no wording was learnt: no sentence recurs in refusals that are read as none, and "
            "stands in no answer"
        )


def as_object(done: Calibrated) -> dict[str, object]:
    """The documented JSON of a calibration."""
    kept = done.calibration
    return {
        "check": kept.check,
        "version": kept.version,
        "rows": to_builtins(done.rows),
        "labels": list(kept.labels),
        "positive": list(kept.positive),
        "n": kept.n,
        "items": kept.items,
        "confusion": kept.confusion,
        **to_builtins(kept.figures),
        "broken": done.broken,
        "notes": done.notes,
        "wording": list(kept.wording),
        "labels_sha256": kept.labels_sha256,
        "seconds": done.seconds,
    }
