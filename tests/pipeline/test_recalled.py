"""What the history remembers of a run compares as the run itself does."""

from __future__ import annotations

from pathlib import Path

import msgspec

from chatbot_qa.domain.exhibits import Rate, Rates
from chatbot_qa.history.rows import Kept
from chatbot_qa.pipeline.compare import compare
from chatbot_qa.pipeline.compare_cases import opened
from chatbot_qa.pipeline.history import rows_of
from chatbot_qa.pipeline.recalled import Recalled, evidence_of
from chatbot_qa.report.comparison import Half, Status
from chatbot_qa.runlog.folder import JOURNAL
from chatbot_qa.runlog.journal import Journal

from .comparing import Ran, finding, save


def rates(*passed: int) -> tuple[Rates, ...]:
    found = (Rate(str(place), one, 30, 0, 1) for place, one in enumerate(passed))
    return (Rates("at", tuple(found)),)


TRIALS = tuple(finding("failed" if trial == 2 else "passed", trial=trial) for trial in (1, 2, 3))
BEFORE = [
    Ran("a", topic="t"),
    Ran("a", "failed", row="2", topic="t"),
    Ran("curve", exhibits=rates(29, 30)),
    Ran("trials", "failed", findings=TRIALS),
    Ran("error", "error"),
    Ran("unsure", "inconclusive"),
    Ran("aside", "failed", aside=True),
    Ran("shop", kind="suite"),
    Ran("gone"),
]
NOW = [
    Ran("a", "failed", topic="t"),
    Ran("a", row="2", topic="t"),
    Ran("curve", exhibits=rates(10, 30)),
    *BEFORE[3:8],
    Ran("new"),
]


def recalled(folder: Path) -> Recalled:
    run, results = rows_of(folder, Journal(folder / JOURNAL))
    return Recalled(Kept(1, run, len(results)), tuple(results))


def plain(half: Half) -> Half:
    return msgspec.structs.replace(half, place=0)


def test_every_case_is_remembered_as_it_was(tmp_path: Path) -> None:
    folder = save(tmp_path / "x", BEFORE)
    with opened(folder) as run:
        assert [plain(half) for half in recalled(folder).halves()] == list(map(plain, run.halves()))
        side = msgspec.structs.replace(recalled(folder).side, folder=str(folder))
        assert side == run.side


def test_a_comparison_comes_to_the_same(tmp_path: Path) -> None:
    old, new = save(tmp_path / "old", BEFORE), save(tmp_path / "new", NOW)
    with opened(old) as before, opened(new) as now:
        whole, rows = compare(before, now), compare(recalled(old), now)
        assert rows.counts == whole.counts
        assert rows.counts[Status.REGRESSED] == 2
        assert (rows.rate, rows.result) == (whole.rate, whole.result)
        assert {str(one.half.case): (one.status, one.held) for one in rows.cases} == {
            str(one.half.case): (one.status, one.held) for one in whole.cases
        }


def test_the_newer_run_says_what_failed_and_the_older_where_it_stood(tmp_path: Path) -> None:
    old, new = save(tmp_path / "old", BEFORE), save(tmp_path / "new", NOW)
    before = recalled(old)
    with opened(new) as now:
        cases = {str(one.half.case): one for one in compare(before, now).cases}
        told = evidence_of(before, now, cases["a"])
        assert [(one.check, one.before, one.now) for one in told.findings] == [
            ("contains", None, "failed")
        ]
        gone = evidence_of(before, now, cases["gone"])
        assert (gone.where.file, gone.where.line) == ("shop.yaml", 12)
        assert evidence_of(before, now, cases["new"]).findings == ()
