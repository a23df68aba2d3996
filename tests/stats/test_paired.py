from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.intervals import Interval
from chatbot_qa.stats.paired import Pair, change, detectable, fell, repeats_for


def pair(topic, before, after, of=5):
    return Pair(topic, before, of, after, of)


pairs = st.lists(
    st.builds(pair, st.integers(0, 6), st.integers(0, 5), st.integers(0, 5)),
    min_size=1,
    max_size=20,
)
MANY = [
    pair(topic, 5, 5 - (topic * case) % 4) for topic in range(20) for case in range(1 + topic % 3)
]


def test_one_run_compared_with_itself_shows_nothing():
    found = change([pair(topic, k, k) for topic in range(8) for k in (5, 3)])
    assert (found.mean, found.falls, found.topics) == (0, 1, 8)
    assert found.interval.low == pytest.approx(-found.interval.high)
    assert 0.1 < found.interval.high < 0.3
    more = change([pair(topic, k, k) for topic in range(80) for k in (5, 3)])
    assert more.interval.high < found.interval.high / 3


@pytest.mark.parametrize("topics", [8, 30])
def test_cases_that_make_up_for_each_other_show_nothing(topics):
    """4/5 - 5/5 and 4/5 - 3/5 do not add up to 0 in floating point."""
    found = change([pair(topic, k, 4) for topic in range(topics) for k in (5, 3)])
    assert (found.mean, found.falls) == (0, 1)
    assert found.interval.high == pytest.approx(-found.interval.low) != 0


def test_a_fall_in_every_topic_is_as_rare_as_signs_can_be():
    found = change([pair(topic, 5, 3 + topic % 2) for topic in range(6)])
    assert found.mean == pytest.approx(-0.3)
    assert found.falls == pytest.approx(1 / 2**6)
    assert found.interval == Interval(pytest.approx(-0.4), pytest.approx(-0.2))


def test_signs_of_few_topics_show_nothing():
    found = change([pair(topic, 5, 0) for topic in range(4)])
    assert found.falls == pytest.approx(1 / 16)
    assert found.interval == Interval(-1, 1)


@given(pairs)
def test_the_p_value_is_that_of_all_signs_written_out(rows):
    totals = {}
    for row in rows:
        totals[row.topic] = totals.get(row.topic, 0) + row.change
    found = change(rows)
    seen = sum(totals.values())
    as_far = [
        sum(sign * total for sign, total in zip(signs, totals.values(), strict=True)) <= seen + 1e-9
        for signs in product((1, -1), repeat=len(totals))
    ]
    assert found.falls == pytest.approx(sum(as_far) / len(as_far))


@given(pairs, st.sampled_from([0.8, 0.9, 0.95]))
def test_a_bound_is_where_the_signs_begin_to_rule_out(rows, confidence):
    """Shifted to just outside of it, what is left leans too far; just inside, it does not."""
    found = change(rows, confidence)
    totals = {}
    for row in rows:
        total, cases = totals.get(row.topic, (0, 0))
        totals[row.topic] = total + row.change, cases + 1

    def rises_beyond(shift):
        left = [total - shift * cases for total, cases in totals.values()]
        ways = list(product((1, -1), repeat=len(left)))
        far = [
            sum(s * x for s, x in zip(way, left, strict=True)) >= sum(left) - 1e-9 for way in ways
        ]
        return sum(far) / len(ways) <= (1 - confidence) / 2 + 1e-9

    if any(abs(total) > 1e-9 for total, _ in totals.values()):
        low = found.interval.low
        if low > -1:
            assert rises_beyond(low - 1e-6)
        assert not rises_beyond(low + 1e-6)


@given(pairs)
def test_the_mean_lies_inside_and_turning_the_runs_around_turns_the_interval(rows):
    found = change(rows)
    assert found.interval.low - 1e-9 <= found.mean <= found.interval.high + 1e-9
    turned = change(
        [Pair(r.topic, r.passed_after, r.of_after, r.passed_before, r.of_before) for r in rows]
    )
    assert (turned.interval.low, turned.interval.high) == pytest.approx(
        (-found.interval.high, -found.interval.low), abs=1e-9
    )


def test_many_topics_are_judged_by_students_t():
    stats = pytest.importorskip("scipy.stats")
    rows = [pair(topic, 5, 5 - (topic % 4 == 0) - (topic % 7 == 0)) for topic in range(20)]
    found = change(rows)
    oracle = stats.ttest_1samp([row.change for row in rows], 0, alternative="less")
    assert found.falls == pytest.approx(oracle.pvalue, abs=1e-9)
    both = stats.ttest_1samp([row.change for row in rows], 0).confidence_interval(0.95)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (both.low, both.high), abs=1e-9
    )


def test_topics_of_several_sizes_are_weighed_as_a_regression_with_clusters_does():
    api = pytest.importorskip("statsmodels.api")
    numpy = pytest.importorskip("numpy")
    groups = numpy.array([row.topic for row in MANY])
    fit = api.OLS([row.change for row in MANY], numpy.ones(len(MANY))).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}, use_t=True
    )
    found = change(MANY)
    size = len(set(groups))
    error = fit.bse[0] * (size / (size - 1)) ** 0.5
    reach = pytest.importorskip("scipy.stats").t.ppf(0.975, size - 1) * error
    assert found.mean == pytest.approx(fit.params[0], abs=1e-9)
    assert found.interval.low == pytest.approx(fit.params[0] - reach, abs=1e-9)


def test_the_same_fall_in_every_one_of_many_topics_is_certain():
    found = change([pair(topic, 5, 4) for topic in range(30)])
    assert found.falls == pytest.approx(0, abs=1e-12)
    assert change([pair(topic, 4, 5) for topic in range(30)]).falls == pytest.approx(1)


def test_a_bound_never_leaves_what_a_change_can_be():
    rows = [pair(topic, 1, topic == 0, of=1) for topic in range(13)]
    assert change(rows).interval.low == -1
    rows = [pair(topic, topic == 0, 1, of=1) for topic in range(13)]
    assert change(rows).interval.high == 1


def test_nothing_to_compare_is_refused():
    with pytest.raises(ValueError, match="no pair"):
        change([])


def drawn(rng, topics, cases, repeats, rate, fall):
    def passed(chance):
        return sum(rng.random() < chance for _ in range(repeats))

    return [
        pair(topic, passed(rate), passed(rate - fall), repeats)
        for topic in range(topics)
        for _ in range(cases)
    ]


def test_what_is_said_to_be_seen_is_seen():
    rng = Random(5)
    rows = drawn(rng, 12, 5, 5, 0.9, 0)
    fall = detectable(rows, power=0.9)
    seen = sum(change(drawn(rng, 12, 5, 5, 0.9, fall)).falls <= 0.05 for _ in range(120)) / 120
    assert 0.06 < fall < 0.14
    assert 0.8 <= seen <= 0.98


@pytest.mark.parametrize(
    "after",
    [[5] * 8, [5, 5, 5, 4, 5, 5, 3, 5], [5, 5, 0, 5, 1, 5, 5, 5]],
    ids=["same", "near", "far"],
)
@pytest.mark.parametrize("repeats", [5, 20])
def test_the_fall_that_is_seen_lies_as_many_errors_away_as_it_must(after, repeats):
    stats = pytest.importorskip("scipy.stats")
    rows = [pair(topic, 5, k) for topic, k in enumerate(after)]
    rates = [(5 + k + 0.5) / 11 for k in after]
    noise = sum(2 * p * (1 - p) / 5 for p in rates) / 8
    changes = [k / 5 - 1 for k in after]
    mean = sum(changes) / 8
    apart = max(0, sum((x - mean) ** 2 for x in changes) / 7 - noise)
    fall = detectable(rows, 0.8, 0.1, repeats)
    left = [max(0, p - fall) for p in rates]
    variance = sum(
        apart + p * (1 - p) / 5 + q * (1 - q) / repeats for p, q in zip(rates, left, strict=True)
    )
    reach = stats.t.ppf(0.9, 7) + stats.t.ppf(0.8, 7)
    assert fall == pytest.approx(reach * variance**0.5 / 8, abs=1e-6)


def test_more_repeats_see_smaller_falls_up_to_what_topics_allow():
    rows = drawn(Random(5), 12, 5, 5, 0.9, 0)
    falls = [detectable(rows, repeats=n) for n in (5, 10, 50)]
    assert falls[0] > falls[1] > falls[2]
    assert falls[0] == detectable(rows)
    n = repeats_for(rows, fall=falls[1])
    assert n == 10
    assert repeats_for(rows, fall=0.01) is None


def test_too_few_topics_see_nothing():
    assert detectable([pair(topic, 5, 5) for topic in range(4)]) is None
    assert detectable([pair(topic, 5, 5) for topic in range(5)]) is not None
    assert detectable([pair(0, 5, 4)]) is None
    assert repeats_for([pair(topic, 5, 5) for topic in range(4)], 0.5) is None


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_one_case_is_judged_by_fishers_exact_test(before, after, data):
    stats = pytest.importorskip("scipy.stats")
    passed = data.draw(st.integers(0, before)), data.draw(st.integers(0, after))
    table = [[passed[1], after - passed[1]], [passed[0], before - passed[0]]]
    oracle = stats.fisher_exact(table, alternative="less").pvalue
    assert fell(Pair("t", passed[0], before, passed[1], after)) == pytest.approx(oracle, abs=1e-9)
