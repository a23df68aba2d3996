"""Several processes add runs at once: all of them succeed, and nothing is lost or doubled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chatbot_qa.history.place import place_of
from chatbot_qa.history.store import Store

from .conftest import Fresh

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from chatbot_qa.history.place import place_of
from chatbot_qa.history.store import Store
from tests.history.making import results, run

first, last = int(sys.argv[2]), int(sys.argv[3])
cases = {f"case-{number}": "passed" for number in range(50)}
with Store.make(place_of(sys.argv[1], Path())) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for night in range(first, last):
        store.add(run(night), results(cases))
"""


def writer(where: str, first: int, last: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, where, str(first), str(last)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_two_writers_at_once_both_succeed(fresh: Fresh) -> None:
    """They make the tables at once, and share half of their runs."""
    where = fresh()
    writers = [writer(where, 0, 12), writer(where, 6, 18)]
    for one in writers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in writers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in writers:
        _, told = one.communicate(timeout=60)
        assert one.returncode == 0, told
    with Store.open(place_of(where, Path())) as store:
        assert store.size() == (18, 50, 18 * 50)
        assert all(len(store.results(kept.number)) == 50 for kept in store.runs())
