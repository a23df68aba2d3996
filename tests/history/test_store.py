"""The store holds what was put in, once, on both databases, whoever else writes."""

from __future__ import annotations

import pytest

from chatbot_qa.domain.settings import Keep
from chatbot_qa.history.place import Place
from chatbot_qa.history.rows import CaseRow, ResultRow
from chatbot_qa.history.store import Change, Store

from .making import DAY, START, results, run


def test_a_run_comes_out_as_it_went_in(store: Store) -> None:
    case = CaseRow("Desk ✓", "a", "1", "retention", "memory", "desk.yaml", 9)
    result = ResultRow(
        "failed",
        57,
        60,
        '[["x",57,60]]',
        "quarantine",
        False,
        0.1,
        0.2,
        30,
        0.01,
        "USD",
        60,
        41.5,
        2,
    )
    told = run(0, targets='{"bot":"demo 1"}', seed=2**63 - 1, artifact="https://ci/1", profile="pr")
    assert store.add(told, [(case, result)]) is Change.ADDED
    (kept,) = store.runs()
    assert (kept.run, kept.cases) == (told, 1)
    assert store.results(kept.number) == [(case, result)]
    assert store.size() == (1, 1, 1)


def test_twice_changes_nothing(store: Store) -> None:
    cases = results({"a": "passed", "b": "failed"})
    assert store.add(run(0), cases) is Change.ADDED
    before = store.runs(), store.results(store.runs()[0].number), store.size()
    assert store.add(run(0), list(reversed(cases))) is Change.UNCHANGED
    assert (store.runs(), store.results(store.runs()[0].number), store.size()) == before


def test_a_run_that_was_judged_again_takes_the_place_of_what_it_was(store: Store) -> None:
    store.add(run(0, artifact="https://ci/1"), results({"a": "passed", "old": "passed"}))
    again = run(0, ruling="failed", green=False)
    assert store.add(again, results({"a": "failed"})) is Change.REPLACED
    (kept,) = store.runs()
    assert not kept.run.green
    assert kept.run.artifact == "https://ci/1"  # which the second reading did not know
    assert [result.ruling for _, result in store.results(kept.number)] == ["failed"]
    assert store.size() == (1, 1, 1)  # the case that is gone is forgotten


def test_ids_may_come_again(store: Store) -> None:
    store.add(run(0, id="same"), results({"a": "passed"}))
    assert store.add(run(1, id="same"), results({"a": "passed"})) is Change.ADDED


def test_a_case_stands_where_it_stood_in_the_newest_run(store: Store) -> None:
    def moved(night: int, line: int) -> None:
        store.add(
            run(night), [(CaseRow("Desk", "a", file="d.yaml", line=line), ResultRow("passed"))]
        )

    moved(5, 10)
    moved(9, 20)
    moved(7, 30)  # added late
    (case,) = store.names().values()
    assert case.line == 20


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("a", ["Desk › a", "Desk › a[1]", "Desk › a[2]", "Shop › a"]),
        ("a[2]", ["Desk › a[2]"]),
        ("Desk › a[1]", ["Desk › a[1]"]),
        ("Shop › a", ["Shop › a"]),
        ("odd[x]", ["Shop › odd[x]"]),
        ("b", []),
    ],
)
def test_a_case_is_found_by_every_name_that_reports_have_for_it(
    store: Store, name: str, meant: list[str]
) -> None:
    store.add(run(0), results({"a": "passed", "a[1]": "passed", "a[2]": "passed"}))
    odd = CaseRow("Shop", "odd[x]"), ResultRow("passed")
    store.add(run(1), [*results({"a": "passed"}, "Shop"), odd])
    assert sorted(str(case) for case in store.cases(name).values()) == meant


def test_a_trend_is_in_order_of_time_and_of_one_branch(store: Store) -> None:
    for night, branch, ruling in ((2, "main", "failed"), (0, "main", "passed"), (1, "x", "error")):
        store.add(run(night, branch=branch), results({"a": ruling}))
    (number,) = store.cases("a")
    assert [point.ruling for point in store.trend(number)] == ["passed", "error", "failed"]
    assert [point.run for point in store.trend(number, "main")] == ["r0", "r2"]
    assert [point.run for point in store.trend(number, most=1)] == ["r2"]


def test_a_baseline_is_the_newest_that_fits(store: Store) -> None:
    for told in (
        run(0, "a" * 40),
        run(1, "b" * 40, green=False),
        run(2, "c" * 40, whole=False),
        run(3, "d" * 40, paths="other.yaml"),
        run(4, "e" * 40, branch="topic"),
    ):
        store.add(told, results({"a": "passed"}))

    def found(**asked: object) -> str:
        kept = store.newest(**asked)  # type: ignore[arg-type]
        return kept.run.id if kept else ""

    assert found(branch="main") == "r3"
    assert found(branch="main", paths="s.yaml") == "r1"
    assert found(branch="main", paths="s.yaml", green=True) == "r0"
    assert found(branch="topic") == "r4"
    assert found(commit="CCCC") == "r2"
    assert found(commit="%") == found(branch="nowhere") == found(branch="") == ""
    assert store.has_branch("topic")
    assert not store.has_branch("nowhere")


def test_retention_lets_go_of_what_is_too_much_or_too_old(store: Store) -> None:
    for night in range(6):
        store.add(run(night, green=night == 1), results({"a": "passed", f"only{night}": "passed"}))
    now = START + 5 * DAY
    assert store.prune(Keep(runs=500, days=180), now, "main") == 0
    assert store.prune(Keep(runs=3, days=180), now, "main") == 2
    # the last green one is kept: others are compared with it
    assert [kept.run.id for kept in store.runs()] == ["r5", "r4", "r3", "r1"]
    assert store.prune(Keep(runs=500, days=1), now, "main") == 1
    assert [kept.run.id for kept in store.runs()] == ["r5", "r4", "r1"]
    assert store.size() == (3, 4, 6)
    assert store.prune(Keep(runs=500, days=1), now, "other") == 1


def test_what_was_measured_comes_out(store: Store) -> None:
    result = ResultRow("passed", 9, 10, p50=0.4, replies=12, length=80.5, refused=3)
    store.add(run(0), [(CaseRow("Desk", "a"), result)])
    ((number, _, _),) = store.runs()
    (one,) = store.measured([number])
    assert one[2:] == (9, 10, 0.4, 80.5, 12, 3)
    assert list(store.measured([])) == []


def test_there_is_none_until_a_run_is_added(place: Place) -> None:
    from chatbot_qa.errors import UsageError

    with pytest.raises(UsageError, match="there is no history in"):
        Store.open(place)
    assert place.file is None or not place.file.exists()
    Store.make(place).close()
    with Store.open(place) as store:
        assert store.size() == (0, 0, 0)
