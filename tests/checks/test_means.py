"""Means of a whole corpus are those of what the checks of single replies come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from chatbot_qa.checks import meteor as of_meteor
from chatbot_qa.checks import metrics
from chatbot_qa.checks.corpus import METRICS, SCORES, Score
from chatbot_qa.checks.means import MEANS, ExactMean, Mean, MeteorMean, RougeMean, TokenMean
from chatbot_qa.checks.meteor import meteor
from chatbot_qa.checks.metrics import exact_match, rouge, token_f1
from chatbot_qa.stats.corpus import corpus
from tests.checks.talk import judged, seen

WORDS = ["the", "The", "cat", "cats", "sat", "on", "a", "mat", ",", ".", "and", "dog", "café"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
REFERENCE = TEXT.filter(lambda text: any(word in text for word in ("cat", "sat", "dog")))
ROWS = st.lists(st.tuples(TEXT, REFERENCE, REFERENCE), min_size=1, max_size=6)

CHECKS: list[tuple[Mean, Callable[..., Any], dict[str, Any]]] = [
    (RougeMean("rougeL", "f1"), rouge, {"at_least": 0.5}),
    (
        RougeMean("rouge1", "recall"),
        rouge,
        {"at_least": 0.5, "variant": "rouge1", "part": "recall"},
    ),
    (RougeMean("rouge2"), rouge, {"at_least": 0.5, "variant": "rouge2"}),
    (MeteorMean(), meteor, {"at_least": 0.5}),
    (MeteorMean(synonyms=False), meteor, {"at_least": 0.5, "synonyms": False}),
    (MeteorMean("german"), meteor, {"at_least": 0.5, "language": "german"}),
    (TokenMean(), token_f1, {"at_least": 0.5}),
    (TokenMean("precision"), token_f1, {"at_least": 0.5, "part": "precision"}),
    (ExactMean(), exact_match, {}),
]


def value(score: Score, rows: Sequence[tuple[str, tuple[str, ...]]]) -> float:
    added = [score.added(said, wanted) for said, wanted in rows]
    return corpus(added, score.scale, seed=1, draws=1).value


@pytest.mark.parametrize(("mean", "check", "options"), CHECKS, ids=[one[0].name for one in CHECKS])
@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_it_is_the_mean_of_what_the_check_comes_to(
    mean: Mean,
    check: Callable[..., Any],
    options: dict[str, Any],
    rows: list[tuple[str, str, str]],
) -> None:
    pairs = [(said, (first, second)) for said, first, second in rows]
    own = [judged(check, seen(said), value=wanted, **options).score for said, wanted in pairs]
    assert value(mean, pairs) == pytest.approx(sum(map(known, own)) / len(own), abs=1e-9)


def known(score: float | None) -> float:
    assert score is not None
    return score


@pytest.mark.parametrize("variant", ["rouge1", "rouge2", "rougeL"])
@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_rouge_is_the_mean_of_googles(variant: str, rows: list[tuple[str, str, str]]) -> None:
    plain = [tuple(text.replace("é", "e") for text in row) for row in rows]
    scorer = RougeScorer([variant])
    own = [
        max(scorer.score(wanted, said)[variant].fmeasure for wanted in references)
        for said, *references in plain
    ]
    found = value(SCORES[f"{variant} (f1)"], [(said, (*wanted,)) for said, *wanted in plain])
    assert found == pytest.approx(sum(own) / len(own), abs=1e-9)


def test_a_row_adds_its_score_and_one() -> None:
    added = TokenMean().added("the cat sat", ("a dog", "the cat"), "page 7")
    assert added.numbers == (pytest.approx(2 / 3), 1.0)
    assert added.topic == "page 7"
    assert ExactMean().added("A cat!", ("dog", "the cat")).numbers == (1.0, 1.0)
    assert ExactMean().added("A cat!", ("dog",)).topic is None


@pytest.mark.parametrize(
    ("name", "worked"),
    [
        ("token f1", (2 * 2 / 5 + 1 / 2) / 2),
        ("token precision", (2 / 3 + 1 / 2) / 2),
        ("token recall", (2 / 2 + 1 / 2) / 2),
        ("rouge1 (recall)", (3 / 3 + 1 / 2) / 2),
        ("rouge2 (precision)", (1 / 3 + 0) / 2),
        ("rougeL (f1)", (2 * 3 / 7 + 1 / 2) / 2),
        ("exact match", 0.0),
    ],
)
def test_means_worked_by_hand(name: str, worked: float) -> None:
    """Of two replies, the second of which is nearer to its second reference."""
    rows = [("The cat also sat.", ("the cat sat",)), ("cat mat", ("dogs bark", "cat house"))]
    assert value(SCORES[name], rows) == pytest.approx(worked, abs=1e-12)


def test_every_score_has_a_name_of_its_own() -> None:
    assert len(MEANS) == 9 + 3 + 13 + 3 + 1
    assert len(SCORES) == len(METRICS) + len(MEANS)
    assert {name: score.name for name, score in SCORES.items()} == {n: n for n in SCORES}
    assert {type(one) for one in MEANS.values()} == {RougeMean, MeteorMean, TokenMean, ExactMean}
    names = ("rouge2 (recall)", "METEOR", "METEOR (without synonyms)", "METEOR (german)")
    assert {*names, "token f1", "exact match"} <= {*MEANS}


@pytest.mark.parametrize("name", [name for name in SCORES if name != "METEOR (with synonyms)"])
@settings(max_examples=8, deadline=None)
@given(text=REFERENCE)
def test_a_reply_that_is_its_reference_scores_the_floor_at_least(name: str, text: str) -> None:
    score = SCORES[name]
    found = value(score, [(text, (text,))])
    assert found == 0 if score.less else found >= score.floor - 1e-9


def test_floors_are_reached() -> None:
    for name in ("BLEU", "rouge2 (f1)", "METEOR (without synonyms)"):
        assert value(SCORES[name], [("cat", ("cat",))]) == pytest.approx(SCORES[name].floor)


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("BLEU", " ", False),
        ("BLEU", "?!", True),
        ("rougeL (f1)", "?!", False),
        ("rougeL (f1)", "The", True),
        ("METEOR", "?!", True),
        ("METEOR", " ", False),
        ("token f1", "The", False),
        ("exact match", "The!", False),
        ("exact match", "cat", True),
    ],
)
def test_which_words_count(name: str, text: str, counts: bool) -> None:
    assert SCORES[name].counts(text) is counts


def test_only_what_needs_a_library_lacks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    for module in (metrics, of_meteor):
        module.lacking.cache_clear()
    try:
        lacking = {name: score.lacking for name, score in SCORES.items()}
    finally:
        for module in (metrics, of_meteor):
            module.lacking.cache_clear()
    for name, flaw in lacking.items():
        family = SCORES[name].family
        library = {"bleu": "sacrebleu", "chrf": "sacrebleu", "ter": "sacrebleu", "meteor": "nltk"}
        if family in library:
            assert flaw is not None
            assert flaw.message == f"needs {library[family]}, which is not installed"
        else:
            assert flaw is None


def test_synonyms_of_other_languages_are_lacking_everywhere() -> None:
    flaw = MeteorMean("german", synonyms=True).lacking
    assert flaw is not None
    assert "English alone" in flaw.message


def test_what_lowers_meteor_here_is_remarked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_meteor, "_wordnet", lambda: None)
    assert MeteorMean().remark == "without synonyms: WordNet is not installed"
    assert MeteorMean(synonyms=False).remark == MeteorMean("german").remark == ""
    assert MeteorMean(synonyms=True).lacking is not None
    monkeypatch.setattr(of_meteor, "_wordnet", object)
    assert MeteorMean().remark == ""
    assert MeteorMean(synonyms=True).lacking is None
