"""What ``consistent`` calls a contradiction, on 1,172 pairs that people labelled.

Run it with ``python -m bench.consistent``; it needs ``../shared/data/labels/contradiction.jsonl``
(ProSeCCo, English dialogue; DACCORD, French). Each pair is put to it as two statements of one
bot, offline. Nothing was fitted on these rows. Most of their contradictions need knowledge of
the world, which no words tell: what it does not decide counts as consistent here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # where it is run as a script

from bench.table import table
from chatbot_qa.stats.intervals import wilson
from chatbot_qa.stats.kappa import confusion
from chatbot_qa.text.agreement import State
from chatbot_qa.text.contradictions import Spoken, clashes

DATA = Path(__file__).parents[2] / "shared" / "data" / "labels" / "contradiction.jsonl"


def contradicts(first: str, second: str) -> bool:
    """Whether ``consistent`` would fail a bot that makes both statements."""
    dialogue = [Spoken(1, "", first), Spoken(2, "", second)]
    return any(clash.found.state is State.DISAGREE for clash in clashes(dialogue))


def figures() -> list[tuple[str, str]]:
    """Each figure with its value in words."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    told = []
    for name in ("en", "fr"):
        mine = [row for row in rows if row["language"] == name]
        counts = confusion(
            (contradicts(row["first"], row["second"]), row["label"] == "contradiction")
            for row in mine
        )
        calls = counts.hits + counts.false_alarms
        right = wilson(counts.hits, calls)
        kappa = counts.kappa
        told += [
            (f"{name}: pairs", f"{len(mine):,}"),
            (f"{name}: called contradictions", f"{calls}"),
            (f"{name}: of these right", f"{counts.hits} ({right.low:.2f}-{right.high:.2f})"),
            (f"{name}: kappa, abstentions as consistent", "-" if kappa is None else f"{kappa:.2f}"),
        ]
    return told


def main() -> int:
    """Print the table."""
    if not DATA.exists():
        print(f"skipped: there is no {DATA}")
        return 0
    print(table(["consistent against people's labels", ""], figures()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
