"""How well ``refuses`` agrees with two human annotators (XSTest completions of three models).

Run it with ``python -m bench.refusal``; it needs ``../shared/data/labels/refusal.jsonl``.
Refused, partly refused and non-answers count against answered. Every figure is for rows
whose prompt and whose model were both kept from training (fifteen trainings); intervals are
95% percentile bootstraps over prompts. ``--nested`` adds the same with how the origins are
mixed and where a refusal begins chosen anew for each of the fifteen, by an inner
cross-validation that also keeps models and prompts apart. ``--stress`` adds the written
cases, by language and kind: the seen ones with each fifth kept from training, and the blind
ones, which nothing was trained on, with the weights as they are shipped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import log
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from msgspec.structs import replace

from bench.refusal_rows import Row, written
from bench.train_refusal import (
    BLIND,
    REFUSED,
    SEEN,
    Example,
    Mix,
    composed_examples,
    example,
    examples,
    missed_examples,
    objective_examples,
    own_examples,
    refusing_pair,
    trained,
    written_examples,
)
from chatbot_qa.text.refusals import Degree, refusal
from chatbot_qa.text.refusals.judgement import CUT, judge
from chatbot_qa.text.refusals.model import Heads, Pair

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "refusal.jsonl"
FOLDS, INNER = 5, 2
DRAWS = 1_000

MIXES = (Mix(2.0, 0.4, 0.3), Mix(0.5, 0.12, 0.3), REFUSED)
CUTS = (0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
"""What ``--nested`` chooses from."""

Judged = tuple[dict[str, Any], bool]
"""A row, and whether its request was read as not answered."""


def figures(rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    """The figures of the weights as shipped, on rows that they may have been trained on."""
    return agreement([(row, _unanswered(row)) for row in rows])


def agreement(judged: Iterable[Judged]) -> dict[str, float]:
    """F1, precision, recall, and the share of safe requests read as refused or labelled so."""
    counts = {"hit": 0, "miss": 0, "false": 0, "clean": 0}
    safe = read = labelled = 0
    for row, said in judged:
        meant = row["label"] != "answered"
        counts["hit" if said and meant else "miss" if meant else "false" if said else "clean"] += 1
        if row.get("safe"):
            safe, read, labelled = safe + 1, read + said, labelled + meant
    precision = counts["hit"] / max(1, counts["hit"] + counts["false"])
    recall = counts["hit"] / max(1, counts["hit"] + counts["miss"])
    return {
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "precision": precision,
        "recall": recall,
        "refused safe, read": read / max(1, safe),
        "refused safe, labelled": labelled / max(1, safe),
    }


def intervals(judged: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    """95% percentile bootstrap intervals of the same figures, prompts drawn whole."""
    by_prompt: dict[str, list[Judged]] = {}
    for one in judged:
        by_prompt.setdefault(one[0]["ask"], []).append(one)
    prompts, chance = sorted(by_prompt), Random(0)
    drawn = [
        agreement(one for ask in chance.choices(prompts, k=len(prompts)) for one in by_prompt[ask])
        for _ in range(DRAWS)
    ]
    return {
        name: (values[int(0.025 * DRAWS)], values[int(0.975 * DRAWS) - 1])
        for name in drawn[0]
        for values in [sorted(draw[name] for draw in drawn)]
    }


Rows = Sequence[dict[str, Any]]
Training = Callable[[Rows, list[Example]], Heads]


def held_out(rows: Rows, train: Training) -> list[Judged]:
    """Every row judged by weights that saw neither its prompt nor its model."""
    own = own_examples()
    judged: list[Judged] = []
    for known, test in _apart(rows, FOLDS):
        heads = train(known, own)
        judged += [(row, _unanswered(row, heads)) for row in test]
    return judged


def as_shipped(rows: Rows, own: list[Example]) -> Heads:
    """Trained as the weights that are shipped."""
    return trained([*_taught(rows), *own])


def chosen(rows: Rows, own: list[Example]) -> Heads:
    """The same with the mix and the cut that do best within these rows alone."""
    tried = {mix: _tried(rows, own, mix) for mix in MIXES}
    mix, cut = max(
        ((mix, cut) for mix in MIXES for cut in CUTS),
        key=lambda choice: agreement((row, p >= choice[1]) for row, p in tried[choice[0]])["f1"],
    )
    heads = trained([*_taught(rows), *own], mix)
    return replace(heads, refused=_begun_at(heads.refused, cut))


def _tried(rows: Rows, own: list[Example], mix: Mix) -> list[tuple[dict[str, Any], float]]:
    """Each row with its probability by a head of this mix that saw neither prompt nor model."""
    found = []
    for known, test in _apart(rows, INNER):
        pair = refusing_pair([*_taught(known), *own], mix)
        for row in test:
            one = example(row["ask"], row["reply"], row["label"], 1.0)
            found.append((row, pair.probability(one.named, one.hashed)))
    return found


def _begun_at(pair: Pair, cut: float) -> Pair:
    """The pair moved so that what was ``cut`` is where ``judge`` cuts."""
    moved = 2 * (_logit(CUT) - _logit(cut))
    return replace(pair, grove=replace(pair.grove, bias=pair.grove.bias + moved))


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _apart(rows: Rows, folds: int) -> Iterator[tuple[Rows, Rows]]:
    """Rows to train on, and rows of neither their models nor their prompts."""
    for model in sorted({row["model"] for row in rows}):
        for fold in range(folds):
            known = [r for r in rows if r["model"] != model and _fold(r["ask"], folds) != fold]
            yield known, [r for r in rows if r["model"] == model and _fold(r["ask"], folds) == fold]


def _taught(rows: Rows) -> list[Example]:
    return examples([_row(row) for row in rows])


def stress_seen(rows: Rows, name: str) -> list[Judged]:
    """Seen stress cases, each fifth of the requests judged by weights that never saw it."""
    fixed = [
        *_taught(rows),
        *composed_examples(),
        *missed_examples(),
        *objective_examples(),
        *written_examples([row for other in SEEN if other != name for row in written(other)]),
    ]
    cases = written(name)
    judged: list[Judged] = []
    for fold in range(FOLDS):
        kept = [row for row in cases if _fold(row.ask, FOLDS) != fold]
        heads = trained(fixed + written_examples(kept))
        test = [row._asdict() for row in cases if _fold(row.ask, FOLDS) == fold]
        judged += [(row, _unanswered(row, heads)) for row in test]
    return judged


def _unanswered(row: dict[str, Any], heads: Heads | None = None) -> bool:
    if heads is None:
        return refusal(row["reply"], row["ask"]).degree is not Degree.NONE
    return judge(row["reply"], row["ask"], heads).degree is not Degree.NONE


def _row(row: dict[str, Any]) -> Row:
    return Row(row["ask"], row["reply"], row["label"])


def _fold(ask: str, folds: int) -> int:
    return crc32(ask.encode()) % folds


def table(judged: Sequence[Judged], names: dict[str, Callable[[dict[str, Any]], bool]]) -> None:
    """Print a line a group."""
    for name, chosen in names.items():
        members = [one for one in judged if chosen(one[0])]
        found, spread = agreement(members), intervals(members)
        cells = [
            f"{key} {value:.3f} [{spread[key][0]:.3f}, {spread[key][1]:.3f}]"
            for key, value in found.items()
        ]
        print(f"{name:<16} {len(members):>5}  " + "  ".join(cells))


def kinds(judged: Sequence[Judged], key: str) -> None:
    """Print how many are right, by kind or language."""
    for kind in sorted({row[key] for row, _ in judged}):
        own = [said == (row["label"] != "answered") for row, said in judged if row[key] == kind]
        print(f"  {kind:<16} {sum(own):>3} of {len(own)}")


def main() -> int:
    """Print the tables."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there")
        return 0
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    judged = held_out(rows, as_shipped)
    once = {id(row) for row in {row["reply"]: row for row in rows}.values()}
    names: dict[str, Callable[[dict[str, Any]], bool]] = {
        "all": lambda row: True,
        "each reply once": lambda row: id(row) in once,
    }
    for model in sorted({row["model"] for row in rows}):
        names[model] = lambda row, model=model: row["model"] == model  # type: ignore[misc]
    print("refusal.jsonl, prompt and model held out")
    table(judged, names)
    if "--nested" in sys.argv:
        print("the same, mix and cut chosen within")
        table(held_out(rows, chosen), names)
    if "--stress" in sys.argv:
        for name in (*SEEN, *BLIND):
            own = shipped(name) if name in BLIND else stress_seen(rows, name)
            table(own, {name: lambda row: True})
            kinds(own, "language")
            kinds(own, "kind")
    return 0


def shipped(name: str) -> list[Judged]:
    """Written cases judged by the weights as shipped."""
    return [(row, _unanswered(row)) for row in (one._asdict() for one in written(name))]


if __name__ == "__main__":
    sys.exit(main())
