"""Makes the weights of ``chatbot_qa.text.answer_weights`` from one half of the human labels.

Run it with ``python -m bench.answer_weights > chatbot_qa/text/answer_weights.py``; it needs
``../shared/data/labels/answers.jsonl``, numpy and scipy. The half is that of ``bench.answers``
called development; the other half is never read here.

The model is a logistic regression over the signs, held small by a ridge, in which each shape
of an answer starts from a base of its own. Of several alternatives the likeliest counts: it is
chosen, the weights are fitted, three times over. The two thresholds come from five-fold
cross-validation by question.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from bench.answers import DATA, development, labelled
from chatbot_qa.text.answer_parts import alternatives, question
from chatbot_qa.text.answer_reply import said
from chatbot_qa.text.answer_signs import Compared, Shape, compared

SHAPES = tuple(Shape)
RIDGE = 3.0
RAREST = 15
"""A sign that fewer replies show than these has no weight."""
ROUNDS = 3
FOLDS = 5
FOLDINGS = 3
"""Ways to part the questions into folds, whose likelihoods are averaged."""
FALSE_PASSES = 0.02
"""The share of wrong answers that may pass, in cross-validation: below that of containment."""
DECIDED = 0.864
"""The share of replies to decide, in cross-validation."""

Floats = Any  # an array of floats: numpy is no dependency of the types


class Sheet(NamedTuple):
    """All alternatives of all replies: signs, shapes, and the row that each belongs to."""

    signs: Floats
    shapes: Floats
    rows: Floats
    labels: Floats


class Fit(NamedTuple):
    """What each sign weighs, and what each shape starts from."""

    weights: Floats
    bases: Floats

    def likelihoods(self, sheet: Sheet) -> Floats:
        """How likely each alternative makes its reply right."""
        total = sheet.signs @ self.weights + self.bases[sheet.shapes]
        return 1 / (1 + np.exp(-total))


def options(row: Mapping[str, Any]) -> list[Compared]:
    """The alternatives of one labelled row beside its reply."""
    return compared(question(row["ask"]), alternatives(row["reference"]), said(row["reply"]))


def sheet(rows: Sequence[Mapping[str, Any]]) -> tuple[Sheet, list[str]]:
    """The rows as arrays, with the names of the signs."""
    every = [(place, option) for place, row in enumerate(rows) for option in options(row)]
    names = sorted({name for _, option in every for name in option.signs})
    column = {name: at for at, name in enumerate(names)}
    signs = np.zeros((len(every), len(names)))
    for line, (_, option) in enumerate(every):
        for name, value in option.signs.items():
            signs[line, column[name]] = value
    shapes = np.array([SHAPES.index(option.shape) for _, option in every])
    labels = np.array([row["label"] == "right" for row in rows], dtype=float)
    return Sheet(signs, shapes, np.array([place for place, _ in every]), labels), names


def best_of(likelihoods: Floats, rows: Floats) -> Floats:
    """Of each row, the line of its likeliest alternative."""
    order = np.lexsort((-likelihoods, rows))
    return order[np.unique(rows[order], return_index=True)[1]]


def fitted(data: Sheet, names: Sequence[str]) -> Fit:
    """Weights for the rows of a sheet."""
    likelihoods = data.signs[:, [names.index("share"), names.index("echo")]].sum(axis=1)
    likelihoods += sum(data.signs[:, names.index(name)] for name in names if name in _PLAINLY)
    result = Fit(np.zeros(len(names)), np.zeros(len(SHAPES)))
    for _ in range(ROUNDS):
        lines = best_of(likelihoods, data.rows)
        result = _regression(data.signs[lines], data.shapes[lines], data.labels[data.rows[lines]])
        likelihoods = result.likelihoods(data)
    return result


_PLAINLY = ("named in head", "named later", "name: full", "time: same", "number: same")
"""Signs that tell the alternative which a reply means before any weight is known."""


def _regression(signs: Floats, shapes: Floats, labels: Floats) -> Fit:
    """Logistic regression with a ridge on all weights but one constant."""
    count, width = signs.shape
    starts = shapes[:, None] == np.arange(len(SHAPES))
    design = np.hstack([signs, 2.0 * starts, np.ones((count, 1))])
    design[:, (design != 0).sum(axis=0) < RAREST] = 0

    def loss(weights: Floats) -> tuple[float, Floats]:
        total = design @ weights
        held = np.append(weights[:-1], 0.0)
        value = np.logaddexp(0, total).sum() - labels @ total + RIDGE / 2 * (held @ held)
        slope = design.T @ (1 / (1 + np.exp(-total)) - labels) + RIDGE * held
        return value, slope

    start = np.zeros(design.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    return Fit(found[:width], 2.0 * found[width:-1] + found[-1])


def fold(ask: str, salt: int) -> int:
    """Which fold a question falls into."""
    return blake2b(bytes([salt]) + ask.encode()).digest()[0] % FOLDS


def held_out(data: Sheet, names: Sequence[str], folds: Floats) -> Floats:
    """The likelihood of each row by weights that were fitted without its question's fold."""
    result = np.zeros(len(data.labels))
    for left_out in range(FOLDS):
        inside = folds[data.rows] == left_out
        fit = fitted(_only(data, ~inside), names)
        part = _only(data, inside)
        likelihoods = fit.likelihoods(part)
        lines = best_of(likelihoods, part.rows)
        result[part.rows[lines]] = likelihoods[lines]
    return result


def _only(data: Sheet, lines: Floats) -> Sheet:
    return Sheet(data.signs[lines], data.shapes[lines], data.rows[lines], data.labels)


def thresholds(likelihoods: Floats, labels: Floats) -> tuple[float, float]:
    """From where a reply is right, and up to where wrong."""
    wrong = np.sort(likelihoods[labels == 0])[::-1]
    right_from = float(wrong[int(FALSE_PASSES * len(wrong))]) + 1e-4
    others = np.sort(likelihoods[likelihoods < right_from])
    decided = int(DECIDED * len(labels)) - int((likelihoods >= right_from).sum())
    return right_from, float(others[max(0, min(decided, len(others)) - 1)])


def module(fit: Fit, names: Sequence[str], limits: tuple[float, float]) -> str:
    """The source of the table."""
    lines = [
        f'    "{name}": {weight:.2f},'
        for name, weight in zip(names, fit.weights, strict=True)
        if abs(weight) >= 0.01
    ]
    bases = ", ".join(
        f'"{shape}": {base:.2f}' for shape, base in zip(SHAPES, fit.bases, strict=True)
    )
    return "\n".join(
        [
            '"""What each sign of ``answer_signs`` weighs. Made by ``bench/answer_weights.py``."""',
            "",
            "from __future__ import annotations",
            "",
            f"RIGHT_FROM = {limits[0]:.3f}",
            '"""From this likelihood on a reply is right."""',
            f"WRONG_TO = {limits[1]:.3f}",
            '"""Up to this likelihood it is wrong."""',
            "",
            f"BASES = {{{bases}}}",
            '"""What each shape of an answer starts from."""',
            "",
            "WEIGHTS = {",
            *lines,
            "}",
        ]
    )


def main() -> int:
    """Print the module of the weights."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there", file=sys.stderr)
        return 1
    rows = [row for row in labelled() if development(row)]
    data, names = sheet(rows)
    foldings = [np.array([fold(row["ask"], salt) for row in rows]) for salt in range(FOLDINGS)]
    likelihoods = np.mean([held_out(data, names, folds) for folds in foldings], axis=0)
    limits = thresholds(likelihoods, data.labels)
    print(module(fitted(data, names), names, limits))
    passed, failed = likelihoods >= limits[0], likelihoods <= limits[1]
    hits = (passed & (data.labels == 1)) | (failed & (data.labels == 0))
    print(
        f"cross-validated: decided {(passed | failed).mean():.3f}, "
        f"accuracy {hits.sum() / (passed | failed).sum():.4f}, "
        f"false passes {passed[data.labels == 0].mean():.4f}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
