from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.stats.multiplicity import benjamini_hochberg, holm

ps = st.lists(st.floats(0, 1), max_size=12)


@pytest.mark.parametrize(("ours", "method"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
@given(ps.filter(bool))
def test_they_are_those_of_statsmodels(ours, method, values):
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    oracle = multitest.multipletests(values, method=method)[1]
    assert ours(values) == pytest.approx(oracle, abs=1e-9)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@given(ps)
def test_order_stays_and_nothing_gets_smaller(adjust, values):
    found = adjust(values)
    assert len(found) == len(values)
    assert all(p <= q <= 1 for p, q in zip(values, found, strict=True))
    assert adjust(values[::-1]) == pytest.approx(found[::-1])
    for p, q in zip(values, found, strict=True):
        assert all(other >= q for one, other in zip(values, found, strict=True) if one >= p)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_one_test_stays_as_it_is(adjust):
    assert adjust([0.03]) == (0.03,)
    assert adjust([]) == ()
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([0.2, 1.2])
