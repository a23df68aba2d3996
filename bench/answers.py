"""How well ``answers`` agrees with people on 7,599 replies of five systems (EVOUNA-NQ).

Run it with ``python -m bench.answers``; it needs ``../shared/data/labels/answers.jsonl``. The
questions are halved by a hash: the weights were fitted, and all rules written, with a look at
the development half alone. Of the other half the figures alone were read, a few times, while the
operating point was settled. Accuracy and kappa are those of the decided replies, with 95%
intervals by a bootstrap over questions, since the five replies to one question err together.
Beside them stands plain containment: right if the reply contains an alternative of the
reference, whatever its case, else wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))  # where it is run as a script

from bench.table import table
from chatbot_qa.text.answers import Rightness, compare

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "answers.jsonl"
RESAMPLES = 1000
SEED = 1

Row = Mapping[str, Any]
Judge = Callable[[Row], Rightness]


class Figure(NamedTuple):
    """A figure with its 95% interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


class Line(NamedTuple):
    """What one judge came to on one part of the rows."""

    judge: str
    part: str
    rows: int
    decided: Figure
    accuracy: Figure
    false_passes: Figure
    kappa: Figure


def labelled() -> list[Row]:
    """All labelled rows; a reply that is missing is an empty one."""
    rows = map(json.loads, DATA.read_text(encoding="utf-8").splitlines())
    return [{**row, "reply": row["reply"] or ""} for row in rows if row["reference"]]


def development(row: Row) -> bool:
    """Whether the question of a row is one of those that rules and weights were made with."""
    return blake2b(b"halves:" + row["ask"].encode(), digest_size=4).digest()[0] % 2 == 0


def judged(row: Row) -> Rightness:
    """A row by ``answers``."""
    return compare(row["reference"], row["reply"], row["ask"]).rightness


def contained(row: Row) -> Rightness:
    """A row by plain containment."""
    reply = row["reply"].casefold()
    inside = any(part.casefold() in reply for part in row["reference"].split("/"))
    return Rightness.RIGHT if inside else Rightness.WRONG


Counts = tuple[int, int, int, int, int, int]
"""Said right and wrong of right ones, of wrong ones; undecided right and wrong ones."""


def _counts(rows: Iterable[tuple[Rightness, str]]) -> Counts:
    cells = dict.fromkeys(
        [(said, label) for label in ("right", "wrong") for said in ("right", "wrong", "unsure")], 0
    )
    for said, label in rows:
        cells[said.value, label] += 1
    return (
        cells["right", "right"],
        cells["wrong", "right"],
        cells["right", "wrong"],
        cells["wrong", "wrong"],
        cells["unsure", "right"],
        cells["unsure", "wrong"],
    )


def _figures(counts: Sequence[int]) -> tuple[float, float, float, float]:
    """Share decided, accuracy, share of wrong ones that pass, Cohen's kappa."""
    hit, missed, false, caught, open_right, open_wrong = counts
    decided = hit + missed + false + caught
    accuracy = (hit + caught) / max(1, decided)
    by_chance = ((hit + false) * (hit + missed) + (missed + caught) * (false + caught)) / max(
        1, decided**2
    )
    kappa = (accuracy - by_chance) / max(1e-9, 1 - by_chance)
    every = decided + open_right + open_wrong
    return decided / max(1, every), accuracy, false / max(1, false + caught + open_wrong), kappa


def line(name: str, part: str, rows: Sequence[Row], judge: Judge, resamples: int) -> Line:
    """What a judge comes to on some rows."""
    by_question: dict[str, list[tuple[Rightness, str]]] = {}
    for row in rows:
        by_question.setdefault(row["ask"], []).append((judge(row), row["label"]))
    groups = [_counts(pairs) for pairs in by_question.values()]
    random = Random(SEED)
    drawn = [
        _figures([sum(cells) for cells in zip(*random.choices(groups, k=len(groups)), strict=True)])
        for _ in range(resamples)
    ]
    values = _figures([sum(cells) for cells in zip(*groups, strict=True)])
    figures = []
    for at, value in enumerate(values):
        spread = sorted(draw[at] for draw in drawn)
        figures.append(Figure(value, spread[resamples // 40], spread[-1 - resamples // 40]))
    return Line(name, part, len(rows), *figures)


def figures(rows: Sequence[Row] | None = None, resamples: int = RESAMPLES) -> list[Line]:
    """Both judges on the held-out half and on all rows (those of the data, if none are given)."""
    rows = labelled() if rows is None else rows
    parts = {"held out": [row for row in rows if not development(row)], "all": list(rows)}
    judges = {"answers": judged, "contained": contained}
    return [
        line(name, part, members, judge, resamples)
        for part, members in parts.items()
        for name, judge in judges.items()
    ]


def main() -> int:
    """Print the table."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there")
        return 0
    head = ("", "part", "rows", "decided", "accuracy", "false passes", "kappa")
    print(table(head, [tuple(map(str, line)) for line in figures()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
