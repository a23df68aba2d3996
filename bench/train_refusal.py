"""Train the three heads of ``chatbot_qa/text/refusals`` and write its ``weights.json``.

Run it with ``python -m bench.train_refusal``; it needs ``../shared/data/labels/refusal.jsonl``.
Trained on these labelled replies, on rows composed of our own phrases and on the written
stress cases that are not blind (``refusal_rows.py``, ``refusal_missed.py``,
``refusal_objectives.py``). Each head is a logistic regression with an L2 penalty by liblinear
(Fan et al. 2008), which takes no chance, each grove is boosted by histograms (Ke et al. 2017)
from a fixed seed on one core: the same rows give the same file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from bench.refusal_missed import missed
from bench.refusal_objectives import crossed, objectives
from bench.refusal_rows import Row, composed, written
from chatbot_qa.text.refusals.features import BUCKETS, WORDS_WEIGH, buckets, numbers
from chatbot_qa.text.refusals.model import SCALE, Grove, Head, Heads, Node, Pair
from chatbot_qa.text.refusals.reading import read

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "refusal.jsonl"
WEIGHTS = Path(__file__).parents[1] / "chatbot_qa" / "text" / "refusals" / "weights.json"

SEEN = ("seen", "further_seen", "everyday", "general", "aimed", "service")
BLIND = (
    "blind", "further_blind", "objective_blind", "everyday_blind", "everyday_fresh",
    "general_blind", "aimed_blind", "service_blind",
)  # fmt: skip
"""The written cases that train, and those that only measure."""

UNASKED, SHUFFLED = 0.25, 0.3
"""What a row weighs beside itself without its request, or with another's."""
COUNTER = 4.0
"""How much more composed lookups that find nothing weigh: no labelled reply is of one."""
_COUNTER = frozenset({"lost"})
BIAS = 10.0
"""Liblinear penalises the bias too: the greater, the less."""


class Mix(NamedTuple):
    """What a row of each origin weighs beside a labelled one, and how loose a head is."""

    written: float
    composed: float
    loose: float


REFUSED, PARTLY, MISSED = Mix(1.0, 0.4, 0.3), Mix(1.0, 0.12, 0.1), Mix(1.0, 0.8, 0.3)
WRAPPED = 0.7
"""What a wrapped reply weighs beside a bare one."""
ANSWERED, ANSWERED_OWN = 2.0, 1.5
"""How much more an answer weighs than what misses the request: labelled, and of our own."""
_BESIDE = frozenset({"missed", "objective"})
"""Origins that teach what misses a request, and not what refuses it."""
LEAVES = {"refused": 20, "missed": 40}
"""Rows that a leaf of a tree holds at least."""
TREES = {
    "max_iter": 120,
    "max_depth": 5,
    "learning_rate": 0.05,
    "max_features": 0.3,
    "l2_regularization": 5.0,
    "random_state": 0,
}
"""The mix of each head; ``python -m bench.refusal --nested`` chooses the first anew."""


class Example(NamedTuple):
    """A row as numbers; ``weight`` is beside others of its ``origin``."""

    label: str
    named: dict[str, float]
    hashed: tuple[int, ...]
    weight: float
    origin: str = "labelled"


def labelled() -> list[dict[str, object]]:
    """The labelled replies as they are stored."""
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


@cache
def example(ask: str, reply: str, label: str, weight: float, origin: str = "labelled") -> Example:
    """One row as numbers, read once."""
    seen = read(reply, ask)
    return Example(label, numbers(seen), tuple(sorted(buckets(seen))), weight, origin)


def examples(rows: Sequence[Row]) -> list[Example]:
    """What labelled rows teach: themselves, some without the request, some with another's."""
    found = [example(row.ask, row.reply, row.label, 1.0) for row in rows]
    found += [example("", row.reply, row.label, UNASKED) for row in rows[::5]]
    answered = [row for row in rows if row.label == "answered"]
    for row, other in zip(answered[::4], answered[len(answered) // 2 :: 2], strict=False):
        if row.ask != other.ask:
            found.append(example(other.ask, row.reply, "non_answer", SHUFFLED))
    found += [example(row.ask, row.reply, row.label, SHUFFLED) for row in crossed(rows)]
    return found


def own_examples() -> list[Example]:
    """What the repository's own rows teach."""
    rows = [row for name in SEEN for row in written(name)]
    return [
        *written_examples(rows), *composed_examples(), *missed_examples(), *objective_examples()
    ]  # fmt: skip


def written_examples(rows: Sequence[Row]) -> list[Example]:
    """What rows that were written one by one teach."""
    return [one for row in rows for one in _both(row, 1.0, "written")]


def composed_examples() -> list[Example]:
    """What the composed rows teach; those that are answered weigh as much as the others."""
    rows = composed()
    answered = sum(row.label == "answered" for row in rows)
    even = (len(rows) - answered) / answered
    return [
        one
        for row in rows
        for one in _both(
            row,
            (even if row.label == "answered" else 1.0) * (COUNTER if row.kind in _COUNTER else 1.0),
            "composed",
        )
    ]


def missed_examples() -> list[Example]:
    """What composed replies that miss the request teach, and answers that look like them."""
    return [example(row.ask, row.reply, row.label, 1.0, "missed") for row in missed()]


def objective_examples(rows: Sequence[Row] | None = None) -> list[Example]:
    """What fluent replies teach that serve the request, or something else."""
    return [
        example(
            row.ask, row.reply, row.label, WRAPPED if row.kind == "wrapped" else 1.0, "objective"
        )
        for row in (objectives() if rows is None else rows)
    ]


def _both(row: Row, weight: float, origin: str) -> list[Example]:
    """A row with its request, and without: many a caller does not know what was asked."""
    asked = example(row.ask, row.reply, row.label, weight, origin)
    if row.label == "non_answer":
        return [asked]
    return [asked, example("", row.reply, row.label, weight * UNASKED, origin)]


def trained(rows: Iterable[Example], mix: Mix = REFUSED) -> Heads:
    """The three heads from the same examples; ``mix`` is that of the first."""
    rows = list(rows)
    refusing = [row for row in rows if row.label in {"refused", "partly_refused"}]
    return Heads(
        refused=refusing_pair(rows, mix),
        partly=head(
            _evened(_mixed(refusing, PARTLY)), lambda row: row.label == "partly_refused", PARTLY
        ),
        missed=missing_pair(rows),
    )


def refusing_pair(rows: Iterable[Example], mix: Mix) -> Pair:
    """What tells refused and partly refused from answered."""
    spoken = _mixed(
        [row for row in rows if row.label != "non_answer" and row.origin not in _BESIDE], mix
    )
    return Pair(head(spoken, _refuses, mix), grove(spoken, _refuses, LEAVES["refused"]))


def missing_pair(rows: Iterable[Example]) -> Pair:
    """What tells a non-answer from an answer, where the request is known."""
    known = [row for row in rows if "no request" not in row.named]
    said = [
        row._replace(weight=row.weight * _certain(row))
        for row in _mixed(known, MISSED)
        if row.label in {"answered", "non_answer"}
    ]
    return Pair(head(said, _misses, MISSED, hashed=False), grove(said, _misses, LEAVES["missed"]))


def _certain(row: Example) -> float:
    if row.label != "answered":
        return 1.0
    return ANSWERED if row.origin == "labelled" else ANSWERED_OWN


def _refuses(row: Example) -> bool:
    return row.label != "answered"


def _misses(row: Example) -> bool:
    return row.label == "non_answer"


def _mixed(rows: Sequence[Example], mix: Mix) -> list[Example]:
    """The rows weighed by their origin."""
    factors = {
        "labelled": 1.0, "written": mix.written, "composed": mix.composed, "missed": mix.composed,
        "objective": mix.written,
    }  # fmt: skip
    return [row._replace(weight=row.weight * factors[row.origin]) for row in rows]


def _evened(rows: Sequence[Example]) -> list[Example]:
    """The rows that partly refuse weigh as much as the others, though they are few."""
    partly = sum(row.weight for row in rows if row.label == "partly_refused")
    factor = (sum(row.weight for row in rows) - partly) / partly
    return [
        row._replace(weight=row.weight * factor) if row.label == "partly_refused" else row
        for row in rows
    ]


def head(
    rows: Sequence[Example], positive: Callable[[Example], bool], mix: Mix, *, hashed: bool = True
) -> Head:
    """One head: a weight a name, and a bucket where it reads hashed words."""
    names = {name: place for place, name in enumerate(sorted({n for r in rows for n in r.named}))}
    lines: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for line, row in enumerate(rows):
        columns += [names[name] for name in row.named]
        values += list(row.named.values())
        if hashed:
            columns += [len(names) + bucket for bucket in row.hashed]
            values += [WORDS_WEIGH] * len(row.hashed)
        lines += [line] * (len(columns) - len(lines))
    width = len(names) + (BUCKETS if hashed else 0)
    table = csr_matrix((values, (lines, columns)), shape=(len(rows), width))
    model = LogisticRegression(C=mix.loose, solver="liblinear", intercept_scaling=BIAS)
    model.fit(table, [positive(row) for row in rows], [row.weight for row in rows])
    whole = numpy.rint(model.coef_[0] * SCALE).astype(int).tolist()
    named = {name: whole[place] for name, place in names.items() if whole[place]}
    return Head(round(float(model.intercept_[0]) * SCALE), named, whole[len(names) :])


def grove(rows: Sequence[Example], positive: Callable[[Example], bool], leaf: int) -> Grove:
    """Boosted trees over the named numbers."""
    names = sorted({name for row in rows for name in row.named})
    places = {name: place for place, name in enumerate(names)}
    table = numpy.zeros((len(rows), len(names)))
    for line, row in enumerate(rows):
        for name, value in row.named.items():
            table[line, places[name]] = value
    model = HistGradientBoostingClassifier(min_samples_leaf=leaf, **TREES)
    with threadpool_limits(limits=1):
        model.fit(table, [positive(row) for row in rows], [row.weight for row in rows])
    grown = [stage[0].nodes for stage in model._predictors]
    used = sorted({int(n["feature_idx"]) for tree in grown for n in tree if not n["is_leaf"]})
    order = {place: index for index, place in enumerate(used)}
    bias = float(model._baseline_prediction[0, 0])
    return Grove(round(bias, 4), [names[p] for p in used], [_tree(t, order) for t in grown])


def _tree(nodes: numpy.ndarray, order: dict[int, int]) -> list[Node]:
    return [
        (-1, round(float(node["value"]), 4), 0, 0)
        if node["is_leaf"]
        else (
            order[int(node["feature_idx"])],
            round(float(node["num_threshold"]), 4),
            int(node["left"]),
            int(node["right"]),
        )
        for node in nodes
    ]


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
