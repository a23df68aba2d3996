"""How quick a history of a million results answers: ``python -m bench.history``.

On SQLite, and on PostgreSQL where it is installed, which is started for it. Each question is
asked of a history that was just opened; what opening takes stands beside it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from bench.figure import Figure
from bench.table import table
from chatbot_qa.history.life import life_of
from chatbot_qa.history.place import Place, place_of
from chatbot_qa.history.rows import CaseRow, ResultRow, RunRow
from chatbot_qa.history.store import Store
from chatbot_qa.pipeline.compare import compare
from chatbot_qa.pipeline.recalled import Recalled

SEED = 20261123
CASES = 2_000
ROWS = 1_000_000
TIMES = 9
_DAY = 86_400.0


def run_of(night: int) -> RunRow:
    """One night's run."""
    commit = f"{night:040x}"
    return RunRow(
        f"{night:06x}", 1.7e9 + night * _DAY, 60.0, commit, "main", seed=night, whole=True,
        green=night % 7 > 0, folder=f"/runs/{night}", paths="suites",
    )  # fmt: skip


def results_of(night: int, cases: Sequence[CaseRow]) -> list[tuple[CaseRow, ResultRow]]:
    """What every case came to in one night: five repeats, most of which pass."""
    rng = Random(SEED + night)
    found = []
    for case in cases:
        passed = sum(rng.random() < 0.97 for _ in range(5))
        ruling = "passed" if passed >= 4 else "failed"
        told = ResultRow(
            ruling, passed, 5, p50=rng.random(), p95=1 + rng.random(), tokens=900, replies=10,
            length=200 * rng.random(), refused=0,
        )  # fmt: skip
        found.append((case, told))
    return found


def fill(store: Store, rows: int) -> int:
    """Add nights until there are so many results; returns how many nights."""
    cases = [
        CaseRow(f"Suite {number // 100}", f"case-{number}", topic=f"topic {number // 5}",
                file=f"suites/{number // 100}.yaml", line=number % 100 * 8)
        for number in range(CASES)
    ]  # fmt: skip
    nights = max(2, rows // CASES)
    for night in range(nights):
        store.add(run_of(night), results_of(night, cases))
    return nights


def compared(store: Store) -> None:
    """The last two nights, compared as ``compare`` does it."""
    now, before = store.runs(2)
    old, new = (Recalled(kept, tuple(store.results(kept.number))) for kept in (before, now))
    assert len(compare(old, new).cases) == CASES


def told(store: Store) -> None:
    """The life of one case, as ``history case`` tells it."""
    ((number, _),) = store.cases("case-1234").items()
    assert life_of(store.trend(number, "main")).runs > 0


Ask = Callable[[Store], None]


def took(place: Place, ask: Ask) -> tuple[list[float], list[float]]:
    """Seconds of several times, the quickest first: to ask, and to open the history and ask."""
    asking, opening = [], []
    for _ in range(TIMES):
        began = time.perf_counter()
        with Store.open(place) as store:
            opened = time.perf_counter()
            ask(store)
            asking.append(time.perf_counter() - opened)
        opening.append(time.perf_counter() - began)
    return sorted(asking), sorted(opening)


def figures(name: str, place: Place, rows: int) -> Iterator[Figure]:
    """All that is measured in one place."""
    with Store.make(place) as store:
        began = time.perf_counter()
        nights = fill(store, rows)
        seconds = time.perf_counter() - began
        held = store.size()[2]
    yield Figure(f"{name}: results held", held, least=rows, digits=0)
    yield Figure(f"{name}: seconds to add a run of {CASES:,} cases", seconds / nights, digits=3)
    for what, ask, most in (("two runs compared", compared, 1.0), ("trend of a case", told, 0.05)):
        asked, opened = took(place, ask)
        half = TIMES // 2
        yield Figure(f"{name}: seconds, {what}, median", asked[half], most=most, digits=4)
        yield Figure(f"{name}: seconds, {what}, slowest of {TIMES}", asked[-1], digits=4)
        yield Figure(f"{name}: with opening the history, median", opened[half], digits=4)


@contextmanager
def places() -> Iterator[Iterator[tuple[str, Place]]]:
    """SQLite in a temporary folder, and PostgreSQL where it is installed."""
    from tests.history.postgres import programs, serving

    with tempfile.TemporaryDirectory() as folder:

        def each() -> Iterator[tuple[str, Place]]:
            yield "SQLite", place_of("history.db", Path(folder))
            bin_ = programs()
            if bin_ is None:
                print("PostgreSQL is not installed: left out", file=sys.stderr)
                return
            with serving(bin_) as server:
                yield "PostgreSQL", place_of(server.url("postgres"), Path(folder))

        yield each()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where something is slower than stated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="results to fill the history with")
    rows: Any = parser.parse_args(arguments).rows
    with places() as all_places:
        found = [figure for name, place in all_places for figure in figures(name, place, rows)]
    print(table(("what", "measured", "stated", "held"), [figure.cells() for figure in found]))
    return int(not all(figure.held for figure in found))


if __name__ == "__main__":
    sys.exit(main())
