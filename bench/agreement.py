"""How well ``changed`` tells edits that change a fact from edits that do not (SummEdits).

Run it with ``python -m bench.agreement``; it needs ``../shared/data/labels/same_meaning.jsonl``
(1,144 pairs, 39 originals, two domains). Every figure is of pairs whose original the weights
have not seen: five folds by original (the mean of five divisions), then one domain by the
other. The word lists were written with the data in view, so the figures say how the weights
carry over, not how complete the lists are for other domains. Intervals (95%) resample the
originals.
``--write`` fits the weights on all pairs and ships them with their thresholds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.table import table
from chatbot_qa.text import changed as shipped
from chatbot_qa.text.changed import Weights, weighed
from chatbot_qa.text.changed_edits import Edit, denies, edits, tokens

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "same_meaning.jsonl"
FALSE_ALARMS = 0.05
FOLDS = 5
DIVISIONS = 5
RESAMPLES = 1000
PENALTY = 1.0
STEPS = 1500

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Figure(NamedTuple):
    """One figure of the table; ``target`` is "" where none was set."""

    name: str
    value: float
    low: float
    high: float
    target: str


class Pairs(NamedTuple):
    """The labelled pairs: what differs in each, who it is of, and whether a fact changed."""

    found: list[list[Edit]]
    group: NDArray[np.int64]
    domain: NDArray[np.str_]
    truth: Bools

    def of(self, chosen: Bools) -> Pairs:
        found = [edit for edit, kept in zip(self.found, chosen, strict=True) if kept]
        return Pairs(found, self.group[chosen], self.domain[chosen], self.truth[chosen])


def read() -> list[dict[str, Any]]:
    """The rows of the file."""
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def pairs(rows: Sequence[dict[str, Any]]) -> Pairs:
    """The rows with their edits."""
    groups = {text: place for place, text in enumerate(dict.fromkeys(r["first"] for r in rows))}
    return Pairs(
        [edits(tokens(row["first"]), tokens(row["second"])) for row in rows],
        np.array([groups[row["first"]] for row in rows]),
        np.array([row["source"] for row in rows]),
        np.array([row["label"] == "changed" for row in rows]),
    )


# ── fitting ─────────────────────────────────────────────────────────────────────────


def fitted(train: Pairs) -> Weights:
    """Weights by logistic regression over bags of edits, both labels counting alike.

    The gradient is taken over all pairs at once and followed with momentum (Nesterov).
    """
    names = sorted({mark for found in train.found for edit in found for mark in edit.marks})
    column = {name: place for place, name in enumerate(names, 1)}
    bags = [found or [Edit(None, None, ())] for found in train.found]
    of = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    facts = np.zeros((len(of), len(names) + 1))
    facts[:, 0] = 1
    for row, edit in enumerate(edit for bag in bags for edit in bag):
        facts[row, [column[mark] for mark in edit.marks]] = 1
    truth = train.truth.astype(float)
    share = np.where(train.truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    weight = ahead = np.zeros(facts.shape[1])
    pace = 4.0 / (facts.sum(axis=0).max() + PENALTY)
    for step in range(STEPS):
        raised = np.exp(facts @ ahead)
        total = np.add.reduceat(raised, starts)
        wrong = share * (total / (1 + total) - truth)
        slope = facts.T @ (wrong[of] * raised / total[of]) + PENALTY * ahead
        last, weight = weight, ahead - pace * slope
        ahead = weight + step / (step + 3) * (weight - last)
    found = dict(zip(names, (round(float(one), 3) for one in weight[1:]), strict=True))
    return Weights(round(float(weight[0]), 3), found, 1.0, 0.0)


def scores(test: Pairs, by: Weights) -> Floats:
    """The score of each pair."""
    return np.array([weighed(found, by).score for found in test.found])


def folded(all_pairs: Pairs) -> Floats:
    """Scores by weights that have not seen the original, (divisions, pairs).

    Five folds by original, the originals being divided in several ways.
    """
    score = np.zeros((DIVISIONS, len(all_pairs.truth)))
    for row, column in enumerate(score):
        order = np.random.default_rng(row).permutation(all_pairs.group.max() + 1)
        for fold in range(FOLDS):
            held = np.isin(all_pairs.group, order[fold::FOLDS])
            column[held] = scores(all_pairs.of(held), fitted(all_pairs.of(~held)))
    return score


# ── figures ─────────────────────────────────────────────────────────────────────────


def threshold(score: Floats, truth: Bools) -> float:
    """The lowest score that calls at most 5% of the unchanged changed."""
    same = np.sort(score[~truth])[::-1]
    return float(np.nextafter(same[int(FALSE_ALARMS * len(same))], 2))


def caught(score: Floats, truth: Bools) -> float:
    """The share of the changed that is found at 5% false alarms."""
    return float((score[truth] >= threshold(score, truth)).mean())


def area(score: Floats, truth: Bools) -> float:
    """The share of pairs (changed, same) that the score puts in order, ties by half."""
    same = np.sort(score[~truth])
    below = np.searchsorted(same, score[truth], "left")
    not_above = np.searchsorted(same, score[truth], "right")
    return float((below + not_above).mean() / 2 / len(same))


def cuts(score: Floats, truth: Bools) -> tuple[float, float]:
    """Below the first a pair is the same (5% of the changed are), from the second on changed."""
    return float(np.quantile(score[truth], FALSE_ALARMS)), threshold(score, truth)


def settled(score: Floats, truth: Bools) -> float:
    """The share of the unchanged that is called the same."""
    return float((score[~truth] < cuts(score, truth)[0]).mean())


def unsure(score: Floats, truth: Bools) -> float:
    """The share that is called neither."""
    low, high = cuts(score, truth)
    return float(((score >= low) & (score < high)).mean())


Measure = Callable[[Floats, Bools], float]


def interval(measure: Measure, score: Floats, of: Pairs) -> tuple[float, float]:
    """The middle 95% of the measure when originals are drawn again."""
    members = [np.flatnonzero(of.group == one) for one in np.unique(of.group)]
    draw = np.random.default_rng(1)
    values = []
    for _ in range(RESAMPLES):
        drawn = draw.integers(0, len(members), len(members))
        chosen = np.concatenate([members[one] for one in drawn])
        truth = of.truth[chosen]
        if truth.any() and not truth.all():
            values.append(np.mean([measure(row[chosen], truth) for row in score]))
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def simple(found: Sequence[Edit]) -> bool:
    """The yardstick: a number, a name or a denial differs."""
    return any(_simple(edit) for edit in found)


def _simple(edit: Edit) -> bool:
    words = [token for token in (edit.first, edit.second) if token]
    return bool({"number", "names", "turned", "a number"} & set(edit.marks)) or any(
        denies(token.word) or token.named for token in words
    )


def figures(rows: Sequence[dict[str, Any]] | None = None) -> list[Figure]:
    """The table: name, value, its interval, and the target where there is one."""
    everything = pairs(read() if rows is None else rows)
    score = folded(everything)
    made = [
        _figure("changed facts caught, 5 folds", caught, score, everything, ">= 0.63"),
        _figure("area under the curve, 5 folds", area, score, everything),
        _figure("same called same, 5 folds", settled, score, everything),
        _figure("unsure, 5 folds", unsure, score, everything),
    ]
    for domain in np.unique(everything.domain):
        held = everything.domain == domain
        by = fitted(everything.of(~held))
        test = everything.of(held)
        name = f"caught on {str(domain).removeprefix('summedits-')} by the other domain"
        made.append(_figure(name, caught, scores(test, by)[None], test))
    plain = np.array([[float(simple(found)) for found in everything.found]])
    count = np.array([[-float(len(found)) for found in everything.found]])
    return [
        *made,
        _figure("yardstick: number, name or denial differs", _share, plain, everything),
        _figure("its false alarms", _share_of_same, plain, everything),
        _figure("area of fewer edits, not used", area, count, everything),
    ]


def _share(score: Floats, truth: Bools) -> float:
    return float(score[truth].mean())


def _share_of_same(score: Floats, truth: Bools) -> float:
    return float(score[~truth].mean())


def _figure(name: str, measure: Measure, score: Floats, of: Pairs, target: str = "") -> Figure:
    value = float(np.mean([measure(row, of.truth) for row in score]))
    return Figure(name, value, *interval(measure, score, of), target)


def write(rows: Sequence[dict[str, Any]]) -> None:
    """Ship weights of all pairs, with the thresholds of the held-out scores."""
    everything = pairs(rows)
    low, high = np.mean([cuts(row, everything.truth) for row in folded(everything)], axis=0)
    by = fitted(everything)
    made = Weights(by.every, by.marks, round(float(high), 4), round(float(low), 4))
    place = Path(shipped.__file__).with_name("changed_weights.json")
    place.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")


def main() -> int:
    """Print the table, or write the weights."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there")
        return 0
    if "--write" in sys.argv[1:]:
        write(read())
    lines = [
        (one.name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", one.target)
        for one in figures()
    ]
    print(table(("what", "value", "95%", "target"), lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
