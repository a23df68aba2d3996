"""Makes the weights of ``chatbot_qa.text.answer_weights`` from all human labels (EVOUNA-NQ).

Run it with ``python -m bench.answer_weights > chatbot_qa/text/answer_weights.py``; it needs
``../shared/data/labels/answers.jsonl`` and numpy. What such weights are worth on questions that
they have not seen is what ``bench.answers`` measures: it makes a scale here from some folds of
the questions and judges the others by it.

The model is a logistic regression over the signs, held small by a ridge, in which each shape
of an answer starts from a base of its own. Of several alternatives the likeliest counts: it is
chosen, the weights are fitted, three times over. The two thresholds come from five-fold
cross-validation by question within the rows that the weights are fitted to.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

# The matrices are small: several threads take five times the work of one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # where it is run as a script

from chatbot_qa.text.answer_signs import Shape
from chatbot_qa.text.answers import Reading, Rightness, Scale, reading, weighed

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "answers.jsonl"

SHAPES = tuple(Shape)
RIDGE = 3.0
RAREST = 15
"""A sign that fewer replies show than these has no weight."""
ROUNDS = 3
STEPS = 12
"""Newton steps at most; six are usually enough."""
FOLDS = 5
INNER_SALTS = (1, 2)
"""Ways to part the questions into the folds that the thresholds are chosen with."""
FALSE_PASSES = 0.026
"""The share of wrong answers that may pass, in cross-validation."""
DECIDED = 0.852
"""The share of replies to decide, in cross-validation, as far as LIKELY_WRONG allows."""
LIKELY_WRONG = 0.499
"""No reply that is likelier right than wrong is called wrong, though fewer are decided so."""

Row = Mapping[str, Any]
Floats = Any  # an array of floats: numpy is no dependency of the types


class Labelled(NamedTuple):
    """A reply read beside its reference, and whether people call it right."""

    ask: str
    reading: Reading
    right: bool


class Sheet(NamedTuple):
    """All alternatives of all replies: a column for each sign, for each shape, and a constant.

    ``rows`` is the reply that each line belongs to; the other arrays have an entry a reply.
    The last three tell what the rules of ``answers`` leave to the weights: whether a reply may
    pass, whether it may fail, and whether it fails unless it passes.
    """

    names: list[str]
    design: Floats
    rows: Floats
    labels: Floats
    may_pass: Floats
    may_fail: Floats
    fails: Floats


def labelled() -> list[Row]:
    """All labelled rows; a reply that is missing is an empty one."""
    rows = map(json.loads, DATA.read_text(encoding="utf-8").splitlines())
    return [{**row, "reply": row["reply"] or ""} for row in rows if row["reference"]]


def readings(rows: Sequence[Row]) -> list[Labelled]:
    """The rows, read."""
    return [
        Labelled(
            row["ask"],
            reading(row["reference"], row["reply"], row["ask"]),
            row["label"] == "right",
        )
        for row in rows
    ]


def fold(ask: str, salt: int) -> int:
    """Which fold a question falls into."""
    return blake2b(bytes([salt]) + ask.encode()).digest()[0] % FOLDS


_PLAIN = {"share": 4.0, "echo": 1.0, "named in head": 2.0, "named later": 1.5, "name: full": 1.5,
          "time: same": 2.0, "number: same": 2.0}  # fmt: skip
"""Weights that tell which alternative a reply means before any are fitted."""


def sheet(read: Sequence[Labelled]) -> Sheet:
    """The readings as arrays."""
    every = [(place, option) for place, row in enumerate(read) for option in row.reading.options]
    names = sorted({name for _, option in every for name in option.signs})
    column = {name: at for at, name in enumerate(names)}
    design = np.zeros((len(every), len(names) + len(SHAPES) + 1))
    for line, (_, option) in enumerate(every):
        for name, value in option.signs.items():
            design[line, column[name]] = value
        design[line, len(names) + SHAPES.index(option.shape)] = 1.0
    design[:, -1] = 1.0
    return Sheet(
        names,
        design,
        np.array([place for place, _ in every]),
        np.array([row.right for row in read], dtype=float),
        np.array([_probed(row, 0.0, -1.0) is Rightness.RIGHT for row in read]),
        np.array([_probed(row, 2.0, 1.0) is Rightness.WRONG for row in read]),
        np.array([_probed(row, 2.0, -1.0) is Rightness.WRONG for row in read]),
    )


def _probed(row: Labelled, right_from: float, wrong_to: float) -> Rightness:
    """What the rules make of a reading where thresholds leave all, or nothing, to them."""
    bases: dict[str, float] = dict.fromkeys(SHAPES, 0.0)
    return weighed(row.reading, Scale(_PLAIN, bases, right_from, wrong_to)).rightness


def best_of(scores: Floats, rows: Floats) -> Floats:
    """Of each reply, the line of its likeliest alternative."""
    order = np.lexsort((-scores, rows))
    return order[np.unique(rows[order], return_index=True)[1]]


def fitted(data: Sheet, inside: Floats) -> Floats:
    """The weight of each column, fitted to the replies that are ``inside``."""
    lines = inside[data.rows]
    design, rows = data.design[lines], data.rows[lines]
    scores = design[:, : len(data.names)] @ [_PLAIN.get(name, 0.0) for name in data.names]
    weights = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        best = best_of(scores, rows)
        weights = _regression(design[best], data.labels[rows[best]])
        scores = design @ weights
    return weights


def _regression(design: Floats, labels: Floats) -> Floats:
    """Logistic regression by Newton's method, with a ridge on all weights but the constant."""
    often = (design != 0).sum(axis=0) >= RAREST
    kept = design[:, often]
    ridge = np.full(kept.shape[1], RIDGE)
    ridge[-1] = 1e-6
    found = np.zeros(kept.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-kept @ found))
        slope = kept.T @ (likely - labels) + ridge * found
        bend = (kept * (likely * (1 - likely))[:, None]).T @ kept + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    weights = np.zeros(design.shape[1])
    weights[often] = found
    return weights


def likelihoods(data: Sheet, weights: Floats) -> Floats:
    """The likelihood of each reply by its likeliest alternative; 0 where there is none."""
    scores = data.design @ weights
    best = best_of(scores, data.rows)
    result = np.zeros(len(data.labels))
    result[data.rows[best]] = 1 / (1 + np.exp(-scores[best]))
    return result


def held_out(data: Sheet, inside: Floats, folds: Floats) -> Floats:
    """Likelihoods by weights fitted to those ``inside``, but for the reply's own fold."""
    result = np.zeros(len(data.labels))
    for left_out in range(FOLDS):
        weights = fitted(data, inside & (folds != left_out))
        result = np.where(folds == left_out, likelihoods(data, weights), result)
    return result


class Thresholds(NamedTuple):
    """From which likelihood on a reply is right, and up to which one wrong."""

    right_from: float
    wrong_to: float


def thresholds(data: Sheet, inside: Floats, likely: Floats) -> Thresholds:
    """Those that let FALSE_PASSES of the wrong replies inside pass, and decide DECIDED of all."""
    wrong = inside & (data.labels == 0)
    risky = np.sort(likely[wrong & data.may_pass])[::-1]
    right_from = float(risky[int(FALSE_PASSES * wrong.sum())]) + 1e-6
    passes = inside & data.may_pass & (likely >= right_from)
    fails = inside & data.fails & ~passes
    others = np.sort(likely[inside & data.may_fail & ~passes & ~fails])
    missing = int(DECIDED * inside.sum()) - int(passes.sum()) - int(fails.sum())
    return Thresholds(right_from, float(others[min(max(missing, 1), len(others)) - 1]))


def scale(
    data: Sheet, asks: Sequence[str], inside: Floats, salts: Sequence[int] = INNER_SALTS
) -> Scale:
    """A scale made from nothing but the replies that are ``inside``."""
    found = []
    for salt in salts:
        folds = np.array([fold(ask, salt) for ask in asks])
        found.append(thresholds(data, inside, held_out(data, inside, folds)))
    right_from, wrong_to = np.mean(found, axis=0)
    weights = fitted(data, inside)
    count = len(data.names)
    bases = weights[count:-1] + weights[-1]
    return Scale(
        {name: float(weight) for name, weight in zip(data.names, weights, strict=False)},
        {shape: float(base) for shape, base in zip(SHAPES, bases, strict=True)},
        float(right_from),
        min(float(wrong_to), LIKELY_WRONG),
    )


def module(made: Scale) -> str:
    """The source of the table."""
    bases = ", ".join(f'"{shape.value}": {made.bases[shape]:.2f}' for shape in SHAPES)
    return "\n".join(
        [
            '"""What each sign of ``answer_signs`` weighs. Made by ``bench/answer_weights.py``."""',
            "",
            "from __future__ import annotations",
            "",
            f"RIGHT_FROM = {made.right_from:.3f}",
            '"""From this likelihood on a reply is right."""',
            f"WRONG_TO = {made.wrong_to:.3f}",
            '"""Up to this likelihood it is wrong."""',
            "",
            f"BASES = {{{bases}}}",
            '"""What each shape of an answer starts from."""',
            "",
            "WEIGHTS = {",
            *(
                f'    "{name}": {weight:.2f},'
                for name, weight in made.weights.items()
                if abs(weight) >= 0.01
            ),
            "}",
        ]
    )


def main() -> int:
    """Print the module of the weights."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there", file=sys.stderr)
        return 1
    read = readings(labelled())
    asks = [row.ask for row in read]
    print(module(scale(sheet(read), asks, np.ones(len(read), dtype=bool))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
