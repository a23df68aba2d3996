"""Linear heads and trees: what they say of a few numbers."""

from __future__ import annotations

import pytest

from chatbot_qa.text.refusals.features import BUCKETS, numbers
from chatbot_qa.text.refusals.model import Grove, Head, Pair, heads, sigmoid
from chatbot_qa.text.refusals.reading import read
from tests.text.test_refusals import cases

EITHER = Grove(
    bias=0.5,
    names=["a", "b"],
    trees=[
        [(0, 0.5, 1, 2), (-1, -1.0, 0, 0), (1, 2.0, 3, 4), (-1, 1.0, 0, 0), (-1, 4.0, 0, 0)],
        [(-1, 0.25, 0, 0)],
    ],
)


@pytest.mark.parametrize(
    ("known", "total"),
    [({}, -0.25), ({"a": 0.5}, -0.25), ({"a": 1.0, "b": 2.0}, 1.75), ({"a": 1.0, "b": 2.1}, 4.75)],
)
def test_a_grove_adds_the_leaves_that_the_numbers_lead_to(known, total):
    assert EITHER.logit(known) == pytest.approx(total)


def test_a_pair_is_the_mean_of_both():
    head = Head(bias=1_000, named={"a": 2_000})
    pair = Pair(head, EITHER)
    assert head.logit({"a": 1.0}, ()) == pytest.approx(3.0)
    assert pair.probability({"a": 1.0}, ()) == pytest.approx(sigmoid((3.0 + 1.75) / 2))


def test_what_is_shipped_names_numbers_that_there_are():
    """A name that no reading has is left over from other features."""
    names = ("seen", "further_seen", "everyday", "general", "aimed", "service")
    rows = [one for name in names for one in cases(name)]
    known = {name for row in rows for name in numbers(read(row["reply"], row["ask"]))}
    long = "\n".join(row["reply"] for row in rows)
    for start in range(0, len(long), 2_000):
        known |= set(numbers(read(long[start:], rows[start // 2_000]["ask"])))
    for pair in (heads().refused, heads().missed):
        assert set(pair.grove.names) <= known
        assert len(pair.grove.trees) > 1
    assert len(heads().refused.head.hashed) == BUCKETS
