"""Train the three heads of ``chatbot_qa/text/refusals`` and write its ``weights.json``.

Run it with ``python -m bench.train_refusal``; it needs ``../shared/data/labels/refusal.jsonl``.
Trained on these labelled replies, on rows composed of our own phrases and on the written
stress cases that are not blind (``refusal_rows.py``). Logistic regression with an L2 penalty,
by L-BFGS (Liu and Nocedal 1989), without a library and without chance: the same rows give
the same file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from math import exp, log1p
from operator import itemgetter, mul
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.refusal_rows import Row, composed, written
from chatbot_qa.text.refusals.features import BUCKETS, WORDS_WEIGH, buckets, numbers
from chatbot_qa.text.refusals.model import SCALE, Head, Heads
from chatbot_qa.text.refusals.reading import read

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "refusal.jsonl"
WEIGHTS = Path(__file__).parents[1] / "chatbot_qa" / "text" / "refusals" / "weights.json"

LABELLED, WRITTEN, COMPOSED, UNASKED, SHUFFLED = 1.0, 2.0, 0.4, 0.25, 0.3
"""What a row of each origin weighs."""
LOOSE = 0.3
"""The inverse of the penalty: smaller regularises harder."""
ROUNDS = 80
MEMORY = 8

Vector = list[float]


class Example(NamedTuple):
    """A row as numbers, with what it weighs."""

    label: str
    named: dict[str, float]
    hashed: tuple[int, ...]
    weight: float


class Trained(NamedTuple):
    """A head before its weights are rounded."""

    names: dict[str, int]
    weights: Vector


def labelled() -> list[dict[str, object]]:
    """The labelled replies as they are stored."""
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def example(ask: str, reply: str, label: str, weight: float) -> Example:
    """One row as numbers."""
    seen = read(reply, ask)
    return Example(label, numbers(seen), tuple(sorted(buckets(seen))), weight)


def examples(rows: Sequence[Row]) -> list[Example]:
    """What labelled rows teach: themselves, some without the request, some with another's."""
    found = [example(row.ask, row.reply, row.label, LABELLED) for row in rows]
    found += [example("", row.reply, row.label, UNASKED) for row in rows[::5]]
    answered = [row for row in rows if row.label == "answered"]
    for row, other in zip(answered[::4], answered[len(answered) // 2 :: 2], strict=False):
        if row.ask != other.ask:
            found.append(example(other.ask, row.reply, "non_answer", SHUFFLED))
    return found


def own_examples() -> list[Example]:
    """What the repository's own rows teach."""
    return [*written_examples(written("seen")), *composed_examples()]


def written_examples(rows: Sequence[Row]) -> list[Example]:
    """What rows that were written one by one teach."""
    return [one for row in rows for one in _both(row, WRITTEN)]


def composed_examples() -> list[Example]:
    """What the composed rows teach; those that are answered weigh as much as the others."""
    rows = composed()
    answered = sum(row.label == "answered" for row in rows)
    even = (len(rows) - answered) / answered
    return [
        one
        for row in rows
        for one in _both(row, COMPOSED * (even if row.label == "answered" else 1))
    ]


def _both(row: Row, weight: float) -> list[Example]:
    """A row with its request, and without: many a caller does not know what was asked."""
    asked = example(row.ask, row.reply, row.label, weight)
    if row.label == "non_answer":
        return [asked]
    return [asked, example("", row.reply, row.label, weight * UNASKED)]


def trained(rows: Iterable[Example]) -> Heads:
    """The three heads from the same examples."""
    rows = list(rows)
    asked = [row for row in rows if "no request" not in row.named]
    refusing = [row for row in rows if row.label in {"refused", "partly_refused"}]
    spoken = [row for row in rows if row.label != "non_answer"]
    return Heads(
        refused=head(spoken, lambda row: row.label != "answered", hashed=True),
        partly=head(_evened(refusing), lambda row: row.label == "partly_refused", hashed=False),
        missed=head(asked, lambda row: row.label == "non_answer", hashed=False),
    )


def _evened(rows: Sequence[Example]) -> list[Example]:
    """The rows that partly refuse weigh half as much as the others, though they are few."""
    partly = sum(row.weight for row in rows if row.label == "partly_refused")
    factor = 0.5 * (sum(row.weight for row in rows) - partly) / partly
    return [
        row._replace(weight=row.weight * factor) if row.label == "partly_refused" else row
        for row in rows
    ]


def head(rows: Sequence[Example], positive: Callable[[Example], bool], *, hashed: bool) -> Head:
    """One head: a weight a name, and a bucket where it reads hashed words."""
    names = {name: place for place, name in enumerate(sorted({n for r in rows for n in r.named}))}
    size = len(names) + 1
    columns = [[names[name] for name in row.named] for row in rows]
    values = [list(row.named.values()) for row in rows]
    words = [[size + bucket for bucket in row.hashed] if hashed else [] for row in rows]
    targets = [1.0 if positive(row) else 0.0 for row in rows]
    masses = [row.weight for row in rows]

    def loss(weights: Vector) -> tuple[float, Vector]:
        slope = [weight / LOOSE for weight in weights]
        slope[size - 1] = 0.0
        total = (sum(map(mul, weights, weights)) - weights[size - 1] ** 2) / (2 * LOOSE)
        for where, what, which, target, mass in zip(
            columns, values, words, targets, masses, strict=True
        ):
            margin = weights[size - 1] + sum(map(mul, map(weights.__getitem__, where), what))
            if len(which) > 1:
                margin += WORDS_WEIGH * sum(itemgetter(*which)(weights))
            total += mass * (log1p(exp(-abs(margin))) + max(margin, 0.0) - target * margin)
            error = mass * (_logistic(margin) - target)
            slope[size - 1] += error
            for place, value in zip(where, what, strict=True):
                slope[place] += error * value
            for place in which:
                slope[place] += error * WORDS_WEIGH
        return total, slope

    weights = minimum(loss, [0.0] * (size + (BUCKETS if hashed else 0)))
    whole = [round(weight * SCALE) for weight in weights]
    named = {name: whole[place] for name, place in names.items() if whole[place]}
    return Head(whole[size - 1], named, whole[size:])


def minimum(loss: Callable[[Vector], tuple[float, Vector]], start: Vector) -> Vector:
    """Where a convex loss is least, near enough, by L-BFGS with halved steps."""
    at = start
    value, slope = loss(at)
    steps: list[tuple[Vector, Vector, float]] = []
    for _ in range(ROUNDS):
        way = _direction(slope, steps)
        descent = _dot(way, slope)
        length = 1.0 if steps else 1.0 / max(1.0, _dot(slope, slope) ** 0.5)
        for _ in range(30):
            there = [a + length * w for a, w in zip(at, way, strict=True)]
            new_value, new_slope = loss(there)
            if new_value <= value + 1e-4 * length * descent:
                break
            length /= 2
        moved = [length * w for w in way]
        bent = [n - o for n, o in zip(new_slope, slope, strict=True)]
        curve = _dot(moved, bent)
        if curve > 1e-12:
            steps = [*steps, (moved, bent, 1 / curve)][-MEMORY:]
        done = value - new_value < 1e-5 * value
        at, value, slope = there, new_value, new_slope
        if done:
            break
    return at


def _direction(slope: Vector, steps: Sequence[tuple[Vector, Vector, float]]) -> Vector:
    """The two-loop recursion."""
    way = [-s for s in slope]
    shares = []
    for moved, bent, inverse in reversed(steps):
        share = inverse * _dot(moved, way)
        shares.append(share)
        way = [w - share * b for w, b in zip(way, bent, strict=True)]
    if steps:
        _, bent, inverse = steps[-1]
        scale = 1 / (inverse * _dot(bent, bent))
        way = [scale * w for w in way]
    for (moved, bent, inverse), share in zip(steps, reversed(shares), strict=True):
        back = inverse * _dot(bent, way)
        way = [w + (share - back) * m for w, m in zip(way, moved, strict=True)]
    return way


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _logistic(margin: float) -> float:
    return 1 / (1 + exp(-margin)) if margin > -700 else 0.0


def main() -> int:
    """Train on everything that is not blind, and write the file."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there")
        return 0
    rows = [Row(str(r["ask"]), str(r["reply"]), str(r["label"])) for r in labelled()]
    stored = msgspec.json.encode(trained(examples(rows) + own_examples()))
    WEIGHTS.write_bytes(stored + b"\n")
    print(f"{WEIGHTS}: {len(stored) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
