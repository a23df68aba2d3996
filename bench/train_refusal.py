"""Train the three heads of ``chatbot_qa/text/refusals`` and write its ``weights.json``.

Run it with ``python -m bench.train_refusal``; it needs ``../shared/data/labels/refusal.jsonl``.
Trained on these labelled replies, on rows composed of our own phrases and on the written
stress cases that are not blind (``refusal_rows.py``, ``refusal_missed.py``). Each head is a
logistic regression with an L2 penalty by liblinear (Fan et al. 2008), which takes no chance:
the same rows give the same file.
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
from sklearn.linear_model import LogisticRegression

from bench.refusal_missed import missed
from bench.refusal_rows import Row, composed, written
from chatbot_qa.text.refusals.features import BUCKETS, WORDS_WEIGH, buckets, numbers
from chatbot_qa.text.refusals.model import SCALE, Head, Heads
from chatbot_qa.text.refusals.reading import read

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "refusal.jsonl"
WEIGHTS = Path(__file__).parents[1] / "chatbot_qa" / "text" / "refusals" / "weights.json"

SEEN = ("seen", "further_seen")
BLIND = ("blind", "further_blind")
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


REFUSED, PARTLY, MISSED = Mix(1.0, 0.4, 0.3), Mix(1.0, 0.12, 0.1), Mix(1.0, 0.4, 0.3)
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
    return found


def own_examples() -> list[Example]:
    """What the repository's own rows teach."""
    rows = [row for name in SEEN for row in written(name)]
    return [*written_examples(rows), *composed_examples(), *missed_examples()]


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


def _both(row: Row, weight: float, origin: str) -> list[Example]:
    """A row with its request, and without: many a caller does not know what was asked."""
    asked = example(row.ask, row.reply, row.label, weight, origin)
    if row.label == "non_answer":
        return [asked]
    return [asked, example("", row.reply, row.label, weight * UNASKED, origin)]


def trained(rows: Iterable[Example], mix: Mix = REFUSED) -> Heads:
    """The three heads from the same examples; ``mix`` is that of the first."""
    rows = list(rows)
    asked = _mixed([row for row in rows if "no request" not in row.named], MISSED)
    refusing = [row for row in rows if row.label in {"refused", "partly_refused"}]
    return Heads(
        refused=refusing_head(rows, mix),
        partly=head(
            _evened(_mixed(refusing, PARTLY)), lambda row: row.label == "partly_refused", PARTLY
        ),
        missed=head(asked, lambda row: row.label == "non_answer", MISSED, hashed=False),
    )


def refusing_head(rows: Iterable[Example], mix: Mix) -> Head:
    """The head that tells refused and partly refused from answered."""
    spoken = [row for row in rows if row.label != "non_answer" and row.origin != "missed"]
    return head(_mixed(spoken, mix), lambda row: row.label != "answered", mix)


def _mixed(rows: Sequence[Example], mix: Mix) -> list[Example]:
    """The rows weighed by their origin."""
    factors = {
        "labelled": 1.0, "written": mix.written, "composed": mix.composed, "missed": mix.composed,
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
