"""How ``compare`` fares on replies of five systems to one question (EVOUNA-NQ).

Run it with ``python -m bench.replies``; it needs ``../shared/data/labels/answers.jsonl``.
People called each reply right or wrong. Two right replies say the same, as far as that
label goes (a question can have several right answers); a right and a wrong one do not. Pairs
of two wrong replies say nothing and are left out. Intervals (95%) resample the questions.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import Figure
from bench.table import table
from chatbot_qa.text.agreement import compare

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "answers.jsonl"
RESAMPLES = 2000
STATES = ("agree", "disagree", "unsure")

Counts = NDArray[np.float64]
"""Pairs of each state: for both right [0] and for one wrong [1]."""


def read() -> list[dict[str, Any]]:
    """The rows of the file that hold a reply."""
    lines = DATA.read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["reply"]]


def counted(rows: Sequence[dict[str, Any]]) -> Counts:
    """Of each question the pairs of each kind and state, (questions, 2, 3)."""
    by_question = defaultdict(list)
    for row in rows:
        by_question[row["ask"]].append(row)
    counts = np.zeros((len(by_question), 2, len(STATES)))
    for place, (ask, replies) in enumerate(by_question.items()):
        for one, other in combinations(replies, 2):
            wrong = (one["label"], other["label"]).count("wrong")
            if wrong < 2:
                state = compare(one["reply"], other["reply"], ask).state.value
                counts[place, wrong, STATES.index(state)] += 1
    return counts


MEASURES: dict[str, Callable[[Counts], float]] = {
    "two right replies called disagree": lambda c: float(c[0, 1] / c[0].sum()),
    "a right and a wrong one called disagree": lambda c: float(c[1, 1] / c[1].sum()),
    "two right replies called agree": lambda c: float(c[0, 0] / c[0].sum()),
    "a right and a wrong one called agree": lambda c: float(c[1, 0] / c[1].sum()),
    "one wrong among those called disagree": lambda c: float(c[1, 1] / c[:, 1].sum()),
    "two right among those called agree": lambda c: float(c[0, 0] / c[:, 0].sum()),
    "decided": lambda c: float(1 - c[:, 2].sum() / c.sum()),
}


def figures(rows: Sequence[dict[str, Any]] | None = None) -> list[Figure]:
    """The table: name, value, its interval, and the target where there is one."""
    counts = counted(read() if rows is None else rows)
    draw = np.random.default_rng(1)
    again = [
        counts[draw.integers(0, len(counts), len(counts))].sum(axis=0) for _ in range(RESAMPLES)
    ]
    made = []
    for name, measure in MEASURES.items():
        low, high = np.quantile([measure(one) for one in again], (0.025, 0.975))
        made.append(Figure(name, measure(counts.sum(axis=0)), float(low), float(high), ""))
    return made


def main() -> int:
    """Print the table."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there")
        return 0
    lines = [
        (one.name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}") for one in figures()
    ]
    print(table(("what", "value", "95%"), lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
