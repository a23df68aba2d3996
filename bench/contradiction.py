"""How ``compare`` fares on pairs that contradict each other (political debate, French news).

Run it with ``python -m bench.contradiction``; it needs
``../shared/data/labels/contradiction.jsonl`` (1,172 pairs, English and French). These are
statements of two speakers and no answers to one question, so most pairs are beyond what
words alone can tell: what matters is that the few that are called disagree are right.
Nothing was tuned to them. Unsure counts as consistent. Intervals (95%) resample the pairs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import Figure
from bench.table import table
from chatbot_qa.text.agreement import compare

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "contradiction.jsonl"
RESAMPLES = 2000

Bools = NDArray[np.bool_]


def read() -> list[dict[str, Any]]:
    """The rows of the file."""
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def kappa(said: Bools, truth: Bools) -> float:
    """Agreement beyond chance (Cohen)."""
    agreed = (said == truth).mean()
    chance = said.mean() * truth.mean() + (1 - said.mean()) * (1 - truth.mean())
    return float((agreed - chance) / max(1e-9, 1 - chance))


def precision(said: Bools, truth: Bools) -> float:
    """The share of those called disagree that contradict each other."""
    return float(truth[said].mean()) if said.any() else float("nan")


def recall(said: Bools, truth: Bools) -> float:
    """The share of the contradictions that are called disagree."""
    return float(said[truth].mean())


def figures(rows: Sequence[dict[str, Any]] | None = None) -> list[Figure]:
    """The table: name, value, its interval, and the target where there is one."""
    rows = read() if rows is None else rows
    states = np.array([compare(row["first"], row["second"]).state.value for row in rows])
    truth = np.array([row["label"] == "contradiction" for row in rows])
    language = np.array([row["language"] for row in rows])
    said = states == "disagree"
    made = [
        _figure("kappa, unsure being consistent", kappa, said, truth),
        _figure("contradicting among those called disagree", precision, said, truth),
        _figure("contradictions called disagree", recall, said, truth),
    ]
    for code in ("en", "fr"):
        here = language == code
        made.append(_figure(f"the second of these, {code}", precision, said[here], truth[here]))
    decided = states != "unsure"
    made.append(_figure("decided", lambda one, _: float(one.mean()), decided, truth))
    return made


def _figure(
    name: str, measure: Callable[[Bools, Bools], float], said: Bools, truth: Bools
) -> Figure:
    draw = np.random.default_rng(1)
    chosen = (draw.integers(0, len(truth), len(truth)) for _ in range(RESAMPLES))
    values = [measure(said[rows], truth[rows]) for rows in chosen]
    low, high = np.nanquantile(values, (0.025, 0.975))
    return Figure(name, measure(said, truth), float(low), float(high), "")


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
