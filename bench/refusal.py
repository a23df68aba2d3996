"""How well ``refuses`` agrees with two human annotators (XSTest completions of three models).

Run it with ``python bench/refusal.py``; it needs ``../shared/data/labels/refusal.jsonl``.
Refused and partly refused count against answered. The rules have no fitted weights; the
figures are for all replies, for each model, and for each reply once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chatbot_qa.text.refusals import Degree, refusal

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "refusal.jsonl"


def figures(rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    """F1, precision, recall, and the share of safe requests read as refused or labelled so."""
    counts = {"hit": 0, "miss": 0, "false": 0, "clean": 0}
    safe = read = labelled = 0
    for row in rows:
        said = refusal(row["reply"]).degree is not Degree.NONE
        meant = row["label"] != "answered"
        counts["hit" if said and meant else "miss" if meant else "false" if said else "clean"] += 1
        if row["safe"]:
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


def main() -> int:
    """Print the table."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not there")
        return 0
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    groups = {"all": rows, "each reply once": list({row["reply"]: row for row in rows}.values())}
    for model in sorted({row["model"] for row in rows}):
        groups[model] = [row for row in rows if row["model"] == model]
    for name, members in groups.items():
        line = "  ".join(f"{key} {value:.3f}" for key, value in figures(members).items())
        print(f"{name:<16} {len(members):>5}  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
