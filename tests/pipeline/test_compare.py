"""What becomes of cases between two runs, and when that is more than chance."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.domain.exhibits import Curve, Groups, Rate, Rates
from chatbot_qa.domain.plan import CaseId
from chatbot_qa.domain.settings import Gates
from chatbot_qa.domain.values import Share
from chatbot_qa.domain.verdict import Ruling
from chatbot_qa.errors import UsageError
from chatbot_qa.pipeline.compare import compare
from chatbot_qa.pipeline.compare_cases import joined, opened
from chatbot_qa.report.comparison import Count, Half, Result, Status

from .comparing import Ran, both, compared, finding, save


def curve(*counts: tuple[int, int], wanted: float | None = 0.5) -> Curve:
    rates = tuple(Rate(f"{at}", k, n, 0.0, 1.0, float(at)) for at, (k, n) in enumerate(counts))
    return Curve("What it still knows", "turns", rates, wanted)


def sampled(name: str, ruling: str, *counts: tuple[int, int], topic: str = "") -> Ran:
    return Ran(name, ruling, topic=topic, exhibits=(curve(*counts),), kind="retention")


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        ("passed", "failed", "regressed"),
        ("failed", "passed", "fixed"),
        ("failed", "failed", "still_failing"),
        ("passed", "passed", "unchanged"),
        ("inconclusive", "inconclusive", "unchanged"),
        ("skipped", "skipped", "unchanged"),
        ("passed", "error", "not_compared"),
        ("error", "failed", "not_compared"),
        ("error", "error", "not_compared"),
        ("skipped", "failed", "not_compared"),
        ("passed", "inconclusive", "not_compared"),
    ],
)
def test_the_status_of_a_case(tmp_path: Path, before: str, now: str, status: str) -> None:
    assert both(tmp_path, [Ran("a", before)], [Ran("a", now)]).statuses == {"a": status}


def test_cases_are_paired_by_suite_id_and_row_in_any_order(tmp_path: Path) -> None:
    before = [Ran("a", row="x"), Ran("a", row="y"), Ran("b"), Ran("old"), Ran("c", suite="Other")]
    now = [Ran("c"), Ran("b", "failed"), Ran("a", "failed", row="y"), Ran("a", row="x")]
    found = both(tmp_path, before, now)
    assert [(str(case.half.case), case.status.value) for case in found.comparison.cases] == [
        ("c", "new"), ("b", "regressed"), ("a[y]", "regressed"), ("a[x]", "unchanged"),
        ("old", "gone"), ("c", "gone"),
    ]  # fmt: skip


def test_a_case_whose_repeats_differ_now_is_newly_flaky(tmp_path: Path) -> None:
    before, now = sampled("a", "passed", (10, 10)), sampled("a", "passed", (9, 10))
    assert both(tmp_path, [before], [now]).statuses == {"a": "newly_flaky"}
    assert both(tmp_path, [now], [now]).statuses == {"a": "unchanged"}


def test_repeats_are_counted_by_the_conversations_that_findings_name(tmp_path: Path) -> None:
    outcomes = ("passed", "failed", "passed", "error", "inconclusive")
    findings = (
        *(finding(word, trial=n) for n, word in enumerate(outcomes, 1)),
        finding("failed", check="latency", trial=1, warn_only=True),
    )
    found = both(tmp_path, [Ran("a")], [Ran("a", "passed", findings=findings)])
    (case,) = found.comparison.cases
    assert case.now is not None
    assert (case.now.passed, case.now.of, case.status) == (2, 3, Status.NEWLY_FLAKY)


def test_a_rate_that_falls_regresses_though_it_passes_still(tmp_path: Path) -> None:
    before, now = sampled("a", "passed", (30, 30)), sampled("a", "passed", (16, 30))
    found = both(tmp_path, [before], [now])
    (case,) = found.comparison.cases
    assert (case.status, case.significant) == (Status.REGRESSED, True)
    assert found.comparison.result is Result.WORSE
    (rate,) = found.evidence["a"].rates
    assert (rate.passed_before, rate.of_before, rate.passed, rate.of) == (30, 30, 16, 30)
    assert rate.low == pytest.approx(-0.6391, abs=1e-3)  # Newcombe 1998, method 10
    assert rate.low < rate.change < rate.high < 0


def test_a_rate_is_compared_where_both_runs_measured_it(tmp_path: Path) -> None:
    before = sampled("a", "passed", (20, 20), (20, 20))
    now = sampled("a", "passed", (20, 20), (20, 20), (0, 40))
    found = both(tmp_path, [before], [now])
    (case,) = found.comparison.cases
    assert case.both == (Count("", 40, 40), Count("", 40, 40))
    assert found.comparison.result is Result.NOT_WORSE


def test_of_rates_by_parts_the_whole_is_counted(tmp_path: Path) -> None:
    def ran(k: int) -> Ran:
        parts = (Rate("all", k, 20, 0, 1), Rate("family", k // 2, 10, 0, 1))
        return Ran("a", exhibits=(Rates("Attacks resisted", parts), curve((1, 1))), kind="attacks")

    (case,) = both(tmp_path, [ran(20)], [ran(18)]).comparison.cases
    assert case.both == (Count("", 20, 20), Count("", 18, 20))


def test_agreement_is_a_rate_whatever_the_title_says(tmp_path: Path) -> None:
    def ran(k: int, n: int) -> Ran:
        agree = Groups(f"What {n} replies say", (), Rate("agree", k, n, 0, 1))
        return Ran("a", exhibits=(agree,), kind="consistency")

    found = both(tmp_path, [ran(10, 10)], [ran(8, 12)])
    (rate,) = found.evidence["a"].rates
    assert (rate.title, rate.passed, rate.of) == ("What 12 replies say", 8, 12)


def test_two_identical_runs_are_no_regression(tmp_path: Path) -> None:
    cases = [
        Ran("a"), Ran("b", "failed"), Ran("c", "error"), sampled("d", "passed", (17, 30)),
        Ran("e", "skipped"), Ran("f", "inconclusive"), Ran("suite", "failed", kind="suite"),
    ]  # fmt: skip
    found = both(tmp_path, cases, cases).comparison
    assert found.result is Result.NOT_WORSE
    assert found.rate is not None
    assert (found.rate.change, found.rate.falls) == (0.0, 1.0)
    assert found.rate.low < 0 < found.rate.high
    assert not found.of(Status.REGRESSED, Status.FIXED, Status.NEWLY_FLAKY)
    folder = save(tmp_path / "one", cases)
    assert compared(folder, folder).comparison.result is Result.NOT_WORSE


def test_an_error_counts_for_neither(tmp_path: Path) -> None:
    before = [Ran(f"a{n}") for n in range(20)]
    now = [Ran(f"a{n}", "error") for n in range(20)]
    found = both(tmp_path, before, now).comparison
    assert (found.result, found.rate) == (Result.NOT_COMPARED, None)
    found = both(tmp_path, [*before, Ran("b")], [*now, Ran("b")]).comparison
    assert found.rate is not None
    assert (found.rate.cases, found.rate.now) == (1, 1.0)


def test_what_a_suite_expects_as_a_whole_is_not_in_the_pass_rate(tmp_path: Path) -> None:
    cases = [Ran("a"), Ran("suite", "passed", kind="suite")]
    found = both(tmp_path, cases, [cases[0], Ran("suite", "failed", kind="suite")])
    assert found.statuses["suite"] == "regressed"
    assert found.comparison.rate is not None
    assert found.comparison.rate.cases == 1


def test_a_case_that_is_set_aside_does_not_count(tmp_path: Path) -> None:
    before, now = sampled("a", "passed", (30, 30)), sampled("a", "failed", (0, 30))
    found = both(tmp_path, [before, Ran("b")], [now._replace(aside=True), Ran("b")])
    assert found.statuses["a"] == "regressed"
    assert found.comparison.result is Result.NOT_WORSE
    assert found.comparison.rate is not None
    assert found.comparison.rate.cases == 1


def test_runs_without_a_common_case_have_no_baseline(tmp_path: Path) -> None:
    found = both(tmp_path, [Ran("a")], [Ran("b")])
    assert found.comparison.result is Result.NO_BASELINE
    assert both(tmp_path, [], []).comparison.result is Result.NO_BASELINE


def test_a_case_of_another_kind_is_not_counted_with_its_namesake(tmp_path: Path) -> None:
    found = both(tmp_path, [Ran("a")], [Ran("a", "failed", kind="attacks")]).comparison
    assert (found.cases[0].both, found.result) == (None, Result.NOT_COMPARED)


def test_a_fall_over_many_topics_is_worse(tmp_path: Path) -> None:
    before = [Ran(f"a{n}", topic=f"t{n % 20}") for n in range(60)]
    now = [one._replace(ruling="failed") if n % 3 == 0 else one for n, one in enumerate(before)]
    found = both(tmp_path, before, now).comparison
    assert found.rate is not None
    assert (found.result, found.suite_is_worse, found.rate.topics) == (Result.WORSE, True, 20)
    assert found.rate.change == pytest.approx(-1 / 3)
    assert found.rate.high < 0


def test_the_same_fall_in_one_topic_is_not(tmp_path: Path) -> None:
    before = [Ran(f"a{n}", topic="one") for n in range(60)]
    now = [one._replace(ruling="failed") if n % 3 == 0 else one for n, one in enumerate(before)]
    found = both(tmp_path, before, now).comparison
    assert found.result is Result.NOT_WORSE
    assert found.rate is not None
    assert (found.rate.topics, found.rate.sees, found.rate.repeats) == (1, None, None)


def test_rows_of_one_case_are_of_one_topic(tmp_path: Path) -> None:
    before = [Ran("a", row=str(n)) for n in range(60)]
    now = [one._replace(ruling="failed") for one in before]
    found = both(tmp_path, before, now).comparison
    assert found.rate is not None
    assert (found.rate.topics, found.result) == (1, Result.NOT_WORSE)


def test_what_is_tolerated_does_not_count(tmp_path: Path) -> None:
    before = [Ran(f"a{n}", topic=f"t{n % 20}") for n in range(60)]
    now = [one._replace(ruling="failed") if n % 3 == 0 else one for n, one in enumerate(before)]
    assert both(tmp_path, before, now, Gates(worse_by=Share(0.1))).comparison.result is Result.WORSE
    assert (
        both(tmp_path, before, now, Gates(worse_by=Share(0.34))).comparison.result
        is Result.NOT_WORSE
    )
    one, other = sampled("a", "passed", (30, 30)), sampled("a", "passed", (16, 30))
    assert (
        both(tmp_path, [one], [other], Gates(worse_by=Share(0.4))).comparison.result is Result.WORSE
    )
    assert (
        both(tmp_path, [one], [other], Gates(worse_by=Share(0.5))).comparison.result
        is Result.NOT_WORSE
    )


def test_cases_that_could_show_nothing_cost_the_others_nothing(tmp_path: Path) -> None:
    alone = [sampled("a", "passed", (10, 10))], [sampled("a", "failed", (3, 10))]
    crowd = [Ran(f"b{n}") for n in range(500)]
    (single,) = both(tmp_path, *alone).comparison.cases
    many = both(tmp_path, [*alone[0], *crowd], [*alone[1], *crowd]).comparison
    assert many.cases[0].held == single.held
    assert many.cases[0].significant
    assert many.cases[1].held is None


def test_the_gate_divides_its_error_by_holm(tmp_path: Path) -> None:
    fallen = sampled("a", "passed", (10, 10)), sampled("a", "failed", (3, 10))
    steady = [sampled(f"b{n}", "passed", (10, 10)) for n in range(9)]
    found = both(tmp_path, [fallen[0], *steady], [fallen[1], *steady]).comparison
    case = found.cases[0]
    assert case.falls is not None
    assert case.held == pytest.approx(10 * case.falls)
    assert not case.significant
    assert case.status is Status.REGRESSED


@pytest.mark.parametrize("churn", [0.0, 0.15])
def test_the_gate_is_seldom_red_without_a_fall(tmp_path: Path, churn: float) -> None:
    """At most 5 in 100: 13 or more of 100 would be seen once in 600 (binomial)."""
    rng = random.Random(11)

    def drawn(rate: float) -> int:
        return sum(rng.random() < rate for _ in range(5))

    red = 0
    for number in range(100):
        shift = {t: rng.choice((-churn, churn)) for t in range(12)}
        before = [sampled(f"c{i}", "passed", (drawn(0.8), 5), topic=str(i % 12)) for i in range(36)]
        now = [
            sampled(f"c{i}", "passed", (drawn(0.8 + shift[i % 12]), 5), topic=str(i % 12))
            for i in range(36)
        ]
        place = tmp_path / str(number)
        place.mkdir()
        with (
            opened(save(place / "a", before)) as old,
            opened(save(place / "b", now)) as new,
        ):
            red += compare(old, new).result is Result.WORSE
    assert red < 13


def half(name: str, place: int) -> Half:
    return Half(CaseId("s", name), "conversations", Ruling.PASSED, (), "", False, place)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.permutations("abcdefgh"))
def test_every_half_is_joined_once(some: list[str], all_of_them: list[str]) -> None:
    before = [half(name, n) for n, name in enumerate(some)]
    now = [half(name, n) for n, name in enumerate(all_of_them)]
    pairs = list(joined(before, now))
    assert sorted(new.case.case for _, new in pairs if new) == sorted("abcdefgh")
    assert sorted(old.case.case for old, _ in pairs if old) == sorted(some)
    assert all(old is None or new is None or old.case == new.case for old, new in pairs)


def test_runs_in_one_order_are_joined_as_they_are_read() -> None:
    read = 0

    def counting():
        nonlocal read
        for n in range(1000):
            read += 1
            yield half(str(n), n)

    pairs = joined(counting(), (half(str(n), n) for n in range(1000)))
    next(pairs)
    assert read == 1


def test_a_run_of_some_cases_is_not_whole(tmp_path: Path) -> None:
    whole = save(tmp_path / "a", [Ran("a")])
    some = save(tmp_path / "b", [Ran("a")], cases=["a"])
    ended = save(tmp_path / "c", [Ran("a")])
    journal = ended / "journal.jsonl"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    assert compared(whole, some).comparison.before.whole
    assert not compared(whole, some).comparison.now.whole
    assert not compared(whole, ended).comparison.now.whole


def test_a_run_that_was_never_judged_is_refused(tmp_path: Path) -> None:
    folder = save(tmp_path / "a", [Ran("a")])
    (folder / "verdicts.jsonl").unlink()
    with pytest.raises(UsageError, match=r"holds no verdicts\.jsonl"), opened(folder):
        pass


def test_a_line_that_is_no_verdict_is_named(tmp_path: Path) -> None:
    folder = save(tmp_path / "a", [Ran("a"), Ran("b")])
    with (folder / "verdicts.jsonl").open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(UsageError, match=r"verdicts\.jsonl:3: this is not a verdict"):
        compared(folder, folder)
