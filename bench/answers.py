"""How well ``answers`` agrees with people on 7,599 replies of five systems (EVOUNA-NQ).

Run it with ``python bench/answers.py``; it needs ``../shared/data/labels/answers.jsonl``.
A reference holds alternatives parted by ``/``: the reply is right if it is right by one of
them, wrong if it is wrong by all, else unsure. Accuracy is that of the decided replies.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chatbot_qa.text.answers import Rightness, compare

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "answers.jsonl"


def judged(row: dict[str, Any]) -> Rightness:
    """The reply against all alternatives of its reference."""
    reply = row["reply"] or ""
    found = {compare(part, reply, row["ask"]).rightness for part in row["reference"].split("/")}
    if Rightness.RIGHT in found:
        return Rightness.RIGHT
    return Rightness.WRONG if found == {Rightness.WRONG} else Rightness.UNSURE


def figures(rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Accuracy and share of the decided, and how far "right" and "wrong" can be trusted."""
    pairs = [(judged(row), row["label"]) for row in rows]
    decided = [(said.value, label) for said, label in pairs if said is not Rightness.UNSURE]
    right = [label for said, label in decided if said == "right"]
    wrong = [label for said, label in decided if said == "wrong"]
    return {
        "accuracy": sum(said == label for said, label in decided) / max(1, len(decided)),
        "decided": len(decided) / max(1, len(pairs)),
        "of those read right, right": right.count("right") / max(1, len(right)),
        "of those read wrong, wrong": wrong.count("wrong") / max(1, len(wrong)),
    }


def main() -> int:
    """Print the table."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there")
        return 0
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["reference"]]
    groups = {"all": rows}
    for model in sorted({row["model"] for row in rows}):
        groups[model] = [row for row in rows if row["model"] == model]
    for name, members in groups.items():
        line = "  ".join(f"{key} {value:.3f}" for key, value in figures(members).items())
        print(f"{name:<8} {len(members):>5}  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
