"""How long a pull request waits for a cassette: ``python -m bench.cassette``.

Conversations of five turns are recorded from the demo bot, then replayed with no bot, no key
and no network. Nothing here passes or fails.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.process import COMMAND, spend
from bench.table import table
from bench.work import TURNS, write_suite

CONVERSATIONS = (500, 2_000)


def main() -> None:
    """Record, replay, print."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="chatbot-qa-bench-") as folder:
        for number in CONVERSATIONS:
            place = Path(folder) / f"of-{number}"
            suite = write_suite("yaml", place, number)
            record = (COMMAND, "run", suite.name, "--target", "demo", "--quiet", "--out", "live")
            spend([*record, "--record", "cassette.jsonl"], place)
            words = [COMMAND, "run", suite.name, "--replay", "cassette.jsonl", "--quiet"]
            spent = spend([*words, "--offline", "--out", "again"], place)
            size = (place / "cassette.jsonl").stat().st_size
            print(f"  {number:,} conversations: {spent.wall:.2f} s", file=sys.stderr)
            rows.append(
                (f"{number:,} of {TURNS} turns", f"{spent.wall:.2f} s", f"{spent.cpu:.2f} s",
                 f"{spent.peak:.0f} MB", f"{size / 1e6:.1f} MB")
            )  # fmt: skip
    print(table(("replayed", "wall", "CPU", "peak", "cassette"), rows))


if __name__ == "__main__":
    main()
