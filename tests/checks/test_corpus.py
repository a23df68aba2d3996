"""BLEU, chrF and TER of many replies together are sacrebleu's."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_qa.checks.corpus import METRICS, Metric, TooLong
from chatbot_qa.stats.corpus import corpus

WORDS = [
    "the",
    "The",
    "cat",
    "cats",
    "sat",
    "on",
    "a",
    "mat",
    ",",
    ".",
    "and",
    "dog",
    "house",
    "猫",
    "was",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
REFERENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
ROWS = st.lists(st.tuples(TEXT, REFERENCE, REFERENCE), min_size=1, max_size=8)

Oracle = Callable[[list[str], list[list[str]]], float]
ORACLES: dict[str, Oracle] = {
    "BLEU": lambda said, wanted: sacrebleu.corpus_bleu(said, wanted, force=True).score,
    "BLEU (without case)": lambda said, wanted: (
        sacrebleu.corpus_bleu(said, wanted, lowercase=True, force=True).score
    ),
    "BLEU (char)": lambda said, wanted: (
        sacrebleu.corpus_bleu(said, wanted, tokenize="char", force=True).score
    ),
    "chrF": lambda said, wanted: sacrebleu.corpus_chrf(said, wanted).score,
    "chrF++": lambda said, wanted: sacrebleu.corpus_chrf(said, wanted, word_order=2).score,
    "TER": lambda said, wanted: sacrebleu.corpus_ter(said, wanted).score,
}


def value(metric: Metric, rows: list[tuple[str, list[str]]]) -> float:
    added = [metric.added(said, wanted) for said, wanted in rows]
    return corpus(added, metric.scale, seed=1, draws=1).value


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_the_score_of_all_rows_is_sacrebleus(name: str, rows: list[tuple[str, str, str]]) -> None:
    said, *wanted = ([row[place] for row in rows] for place in range(3))
    told = ORACLES[name](said, wanted)
    found = value(METRICS[name], [(one, [first, second]) for one, first, second in rows])
    assert found == pytest.approx(told / 100, abs=1e-9)


def test_it_is_not_the_mean_of_rows() -> None:
    rows = [("the cat sat on", ["the cat sat on"]), ("dog " * 20, ["the cat " * 10])]
    metric = METRICS["BLEU"]
    mean = sum(value(metric, [row]) for row in rows) / 2
    assert abs(value(metric, rows) - mean) > 0.1


def noisy(text: str, random: Random, share: float) -> str:
    return " ".join(w if random.random() > share else random.choice(WORDS) for w in text.split())


@pytest.mark.parametrize("name", ["BLEU", "chrF", "TER"])
def test_the_interval_holds_the_score_of_very_many_rows(name: str) -> None:
    random, metric = Random(2), METRICS[name]

    def drawn(count: int) -> list[tuple[str, list[str]]]:
        wanted = [" ".join(random.choices(WORDS, k=random.randint(4, 14))) for _ in range(count)]
        return [(noisy(one, random, 0.3), [one]) for one in wanted]

    truth = value(metric, drawn(2000))
    held = 0
    for seed in range(30):
        added = [metric.added(*row) for row in drawn(25)]
        found = corpus(added, metric.scale, seed, draws=200).drawn
        held += found.at_least(0.975) <= truth <= found.at_most(0.975)
    assert held >= 26


@pytest.mark.parametrize("name", ["BLEU", "chrF", "chrF++", "TER"])
def test_a_few_perfect_rows_do_not_show_that_all_are(name: str) -> None:
    metric = METRICS[name]
    added = [metric.added(one, [one]) for one in ("the cat sat on a mat", "a dog was on the mat")]
    found = corpus(added, metric.scale, seed=1)
    assert found.value == pytest.approx(0.0 if metric.less else 1.0)
    if metric.less:
        assert found.drawn.at_least() == pytest.approx(0.0)
        assert 0.2 < found.drawn.at_most() < 1
    else:
        assert found.drawn.at_most() == pytest.approx(1.0)
        assert 0.1 < found.drawn.at_least() < 0.8


def test_an_empty_reply_scores_nothing() -> None:
    for name in ("BLEU", "chrF"):
        metric = METRICS[name]
        found = corpus([metric.added("", ["the cat sat on the mat"])], metric.scale, seed=1)
        assert found.value == 0.0
        assert found.drawn.at_most() > 0.2
    ter = METRICS["TER"]
    assert corpus([ter.added("", ["the cat"])], ter.scale, seed=1).value == 1.0


def test_ter_of_long_texts_is_not_computed() -> None:
    with pytest.raises(TooLong, match="up to 120 words, and there are 121"):
        METRICS["TER"].added("word " * 121, ["a word"])
    with pytest.raises(TooLong):
        METRICS["TER"].added("a word", ["word " * 121])
    assert METRICS["BLEU"].added("word " * 121, ["a word"]).numbers[0] == 121


def test_every_metric_has_a_name_of_its_own() -> None:
    assert len(METRICS) == 15
    assert {name: metric.name for name, metric in METRICS.items()} == {n: n for n in METRICS}
    assert Metric("bleu", tokens="zh", ignore_case=True).name == "BLEU (zh, without case)"
