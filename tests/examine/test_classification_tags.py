"""``map: tags``: a tag for each word, entities counted as seqeval counts them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from chatbot_qa.domain.exhibits import Matrix, Rates, Table
from chatbot_qa.examine.classification_tags import tags_in, word_cells
from chatbot_qa.stats.classification import NONE

from .bots import examined
from .test_classification import case, shown

TEXTS = [
    ("Anna lives in New York", "B-PER O O B-LOC I-LOC"),
    ("Ben met Anna", "B-PER O B-PER"),
    ("nobody came", "O O"),
]
TRUE = dict(TEXTS)
KEYS = "map: tags\nexpect: [f1: {at_least: 20%, average: micro}, accuracy: {at_least: 20%}]"


def right(said: Sequence[str], _: Random) -> str:
    return TRUE[said[-1]]


@pytest.mark.parametrize(
    ("reply", "tags", "why"),
    [
        ("B-PER O", "B-PER O", ""),
        ('["B-PER", "O"]', "B-PER O", ""),
        ("O", "", "has another number of tags: 1 for 2 words"),
        ("Anna is a person", "", "names no tags"),
        ("[1, 2]", "", "names no tags"),
        ("", "", "names no tags"),
    ],
)
def test_a_reply_is_as_many_tags_as_there_are_words(reply: str, tags: str, why: str) -> None:
    found = tags_in(reply, 2)
    assert (found.label, found.why) == (tags, why)


def test_a_bot_that_finds_every_entity_passes() -> None:
    verdict, _ = examined("classification", case(KEYS, TEXTS), right)
    assert verdict.ruling == "passed"
    assert [one.check for one in verdict.findings] == ["f1", "accuracy"]
    table = shown(verdict, Table)[0]
    assert isinstance(table, Table)
    assert [row[:3] for row in table.rows[:2]] == [("PER", "3", "3"), ("LOC", "1", "1")]
    assert table.rows[2][:3] == ("micro", "4", "4")


def test_entities_and_words_are_counted_apart() -> None:
    def bot(said: Sequence[str], _: Random) -> str:
        cut = {"Anna lives in New York": "B-PER O O B-LOC O", "nobody came": "O B-ORG"}
        return cut.get(said[-1]) or TRUE[said[-1]]

    verdict, _ = examined("classification", case(KEYS, TEXTS), bot)
    f1, accuracy = verdict.findings
    assert f1.reason.startswith("micro F1 is 75.0%")
    assert accuracy.reason.startswith("accuracy is 80.0%")
    (matrix,) = shown(verdict, Matrix)
    assert isinstance(matrix, Matrix)
    assert matrix.true == ("O", "B-LOC", "I-LOC", "B-PER")
    assert matrix.given == ("O", "B-LOC", "I-LOC", "B-PER", "B-ORG") or matrix.given == (
        *matrix.true,
        "B-ORG",
    )
    assert matrix.counts[0] == (4, 0, 0, 0, 1)
    assert matrix.counts[2] == (1, 0, 0, 0, 0)
    (rates,) = shown(verdict, Rates)
    assert isinstance(rates, Rates)
    assert [(one.label, one.passed, one.of) for one in rates.rates] == [("all", 1, 3)]


def test_a_reply_without_tags_misses_every_entity() -> None:
    keys = "map: tags\nexpect: [recall: {at_least: 90%, average: micro}, unmapped: {at_most: 30%}]"
    verdict, _ = examined("classification", case(keys, TEXTS * 8), lambda said, _: "Who knows?")
    assert verdict.ruling == "failed"
    assert verdict.findings[0].reason.startswith("micro recall is 0.0%")
    assert verdict.findings[1].reason.startswith("24 of 24 replies name no one label")
    assert word_cells("B-PER O", "") == ((0, NONE), (0, NONE))


def test_examples_are_drawn_whatever_their_tags() -> None:
    keys = f"{KEYS}\nsplit: {{folds: 3}}\nshots: 2\nsystem: '${{shots}}'"
    _, trials = examined("classification", case(keys, TEXTS), right)
    told = trials[0].sessions["bot"].system or ""
    assert told.count("Label: ") == 2
    assert TEXTS[0][0] not in told
