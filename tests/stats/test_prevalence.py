from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.prevalence import (
    Detector,
    corrected,
    mixed,
    together,
)

GOOD = Detector(0.93, 300, 0.97, 900)

counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
sizes = st.integers(1, 1000)
detectors = st.builds(Detector, st.floats(0, 1), sizes, st.floats(0, 1), sizes)


def test_the_share_is_what_rogan_and_gladen_say():
    """Brucellosis in a herd, the example of epiR's manual: 23 of 150, read at .96 and .89."""
    found = corrected(23, 150, Detector(0.96, 1e9, 0.89, 1e9))
    assert found is not None
    assert round(found.share, 3) == 0.051
    assert found.low == 0 < found.share < found.high < 0.13


@pytest.mark.parametrize("k", [1, 30, 100, 199])
def test_the_interval_of_a_detector_that_never_errs_is_that_of_agresti_and_coull(k):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    low, high = proportion.proportion_confint(k, 200, method="agresti_coull")
    found = corrected(k, 200, Detector(1, 1e12, 1, 1e12))
    assert found is not None
    assert (found.share, found.low, found.high) == pytest.approx((k / 200, low, high), abs=1e-6)


def test_the_interval_is_that_of_the_delta_method_where_samples_are_large():
    """An oracle of its own: what drawing all three samples again and again comes to."""
    np = pytest.importorskip("numpy")
    rng = np.random.default_rng(1)
    read = rng.binomial(20_000, 0.3, 40_000) / 20_000
    sensitivity = rng.binomial(3000, 0.8, 40_000) / 3000
    specificity = rng.binomial(9000, 0.9, 40_000) / 9000
    drawn = (read + specificity - 1) / (sensitivity + specificity - 1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    found = corrected(6000, 20_000, Detector(0.8, 3000, 0.9, 9000))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-3)


@pytest.mark.parametrize(
    "detector",
    [
        Detector(0.5, 100, 0.5, 100),
        Detector(0.2, 100, 0.5, 100),
        Detector(1, 0, 1, 100),
        Detector(1, 100, 1, 0),
        Detector(0.9, 1, 0.2, 1000),
    ],
)
def test_a_detector_that_tells_too_little_corrects_nothing(detector):
    assert corrected(5, 50, detector) is None


def test_nothing_read_says_nothing():
    assert corrected(0, 0, GOOD) is None
    with pytest.raises(ValueError, match="3 of 2"):
        corrected(3, 2, GOOD)


@given(counts, detectors)
def test_whatever_is_found_is_a_share_inside_its_interval(count, detector):
    found = corrected(*count, detector)
    if found is not None:
        assert 0 <= found.low <= found.share <= found.high <= 1


@given(counts, st.floats(0.6, 1), st.floats(0.6, 1), st.integers(5, 100))
def test_the_more_rows_a_detector_was_measured_on_the_narrower(count, found, passed, rows):
    few, many = (corrected(*count, Detector(found, n, passed, n)) for n in (rows, 1000 * rows))
    if few is not None and many is not None and few.low > 0 and few.high < 1:
        assert many.high - many.low <= few.high - few.low + 1e-9


@given(st.integers(0, 100), st.floats(0.95, 0.99), st.floats(0.5, 0.9))
def test_the_surer_the_wider(k, high, low):
    sure, less = corrected(k, 100, GOOD, high), corrected(k, 100, GOOD, low)
    assert sure is not None
    assert less is not None
    assert sure.low <= less.low + 1e-9
    assert sure.high >= less.high - 1e-9


def test_several_that_watch_miss_as_the_worst_and_alarm_as_all():
    found = together([Detector(0.9, 50, 0.98, 400), Detector(0.8, 100, 0.95, 300)])
    assert found == Detector(0.8, 50, pytest.approx(0.931), 300)
    assert together([GOOD]) == GOOD


def test_a_sample_of_several_has_their_means():
    other = Detector(0.8, 100, 0.95, 400)
    found = mixed([GOOD, GOOD, other, other])
    assert found == Detector(pytest.approx(0.865), 100, pytest.approx(0.96), 400)


def test_a_mixed_sample_is_estimated_without_bias():
    """Half of it is read by a good detector, half by a poor one; 3 of 10 are so."""
    rng, poor = Random(1), Detector(0.7, 300, 0.8, 300)
    of = 20_000
    read = sum(
        rng.random() < (one.sensitivity if rng.random() < 0.3 else 1 - one.specificity)
        for one in (GOOD, poor) * (of // 2)
    )
    found = corrected(read, of, mixed([GOOD, poor] * (of // 2)))
    assert found is not None
    assert found.share == pytest.approx(0.3, abs=0.02)
