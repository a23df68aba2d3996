"""Entities by BIO tags, with seqeval as the oracle."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.stats.classification import (
    NONE,
    Average,
    Labelled,
    Measure,
    Name,
    scores,
    tally,
    value,
)
from chatbot_qa.stats.tagging import Entity, cells, entities

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
TEXTS = st.lists(
    st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), min_size=1, max_size=8),
    min_size=1,
    max_size=8,
)
NAMES: tuple[Name, ...] = ("precision", "recall", "f1")
AVERAGES: tuple[Average, ...] = ("micro", "macro", "weighted")


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_every_measure_is_that_of_seqeval(texts: list[list[tuple[str, str]]]) -> None:
    from seqeval.metrics.v1 import precision_recall_fscore_support
    from seqeval.scheme import IOB2

    true = [[one for one, _ in text] for text in texts]
    said = [[other for _, other in text] for text in texts]
    kinds = sorted({entity.kind for tags in (*true, *said) for entity in entities(tags)})
    found = [cell for pair in zip(true, said, strict=True) for cell in cells(*pair, kinds)]
    counts = tally(((cell, 1.0) for cell in found), len(kinds))
    for average in (None, *AVERAGES) if kinds else ():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted: Any = precision_recall_fscore_support(
                true, said, average=average, scheme=IOB2, zero_division=0
            )
        for name, oracle in zip(NAMES, wanted, strict=False):
            if average is None:
                ours = [value(Measure(name, label=n), counts) for n in range(len(kinds))]
                assert ours == pytest.approx(list(oracle), abs=1e-9)
            else:
                assert value(Measure(name, average), counts) == pytest.approx(oracle, abs=1e-9)


def test_entities_are_read_strictly() -> None:
    tags = ["I-PER", "B-PER", "I-PER", "I-LOC", "B-LOC", "B-LOC", "O", "I-LOC"]
    assert entities(tags) == (Entity("PER", 1, 3), Entity("LOC", 4, 5), Entity("LOC", 5, 6))
    with pytest.raises(ValueError, match="'PER' is no tag"):
        entities(["PER"])


def test_a_wrong_end_is_missed_and_made_up() -> None:
    found = cells(["B-PER", "I-PER"], ["B-PER", "O"], ("LOC", "PER"))
    assert found == ((1, NONE), (NONE, 1))


def test_entities_of_one_text_stand_or_fall_together() -> None:
    texts = [((0, 0),) * 5] * 8 + [((0, NONE),) * 5] * 2
    (together,) = scores([Labelled(text) for text in texts], 1, [Measure("recall", label=0)], 1)
    (apart,) = scores(
        [Labelled((cell,)) for text in texts for cell in text], 1, [Measure("recall", label=0)], 1
    )
    assert together.value == apart.value == 0.8
    assert together.at_least() < apart.at_least() - 0.1
