"""Whatever is added, in whatever order and however often, the history holds it once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.history.place import place_of
from chatbot_qa.history.rows import CaseRow, ResultRow
from chatbot_qa.history.store import Change, Store

from .making import run

RULINGS = st.sampled_from(["passed", "failed", "error", "inconclusive", "skipped"])
NAMES = st.text("ab[]› \n'%_✓", min_size=1, max_size=6)
COUNTS = st.integers(0, 9)
CASES = st.dictionaries(
    st.tuples(NAMES, NAMES, st.one_of(st.just(""), NAMES)),
    st.builds(ResultRow, ruling=RULINGS, passed=COUNTS, of=COUNTS, length=st.floats(0, 1e6)),
    max_size=6,
)
RUNS = st.dictionaries(st.integers(0, 5), CASES, min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(runs=RUNS, again=st.lists(st.integers(0, 5), max_size=6))
def test_adding_is_idempotent(runs: dict[int, dict[Any, ResultRow]], again: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = place_of("h.db", Path(folder))
        with Store.make(place) as store:
            for night, cases in runs.items():
                added = [(CaseRow(*name), result) for name, result in cases.items()]
                assert store.add(run(night), added) is Change.ADDED
            for night in filter(runs.__contains__, again):
                added = [(CaseRow(*name), result) for name, result in runs[night].items()]
                assert store.add(run(night), added) is Change.UNCHANGED
            held = {
                round((kept.run.started - run(0).started) / 86400): {
                    case.name: result for case, result in store.results(kept.number)
                }
                for kept in store.runs()
            }
            names = len({name for added in runs.values() for name in added})
            assert held == runs
            assert store.size() == (len(runs), names, sum(map(len, runs.values())))
