from __future__ import annotations

import re
import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.overlap import exact, plain_words, rouge, token_overlap, words

ASCII = st.text(alphabet=string.ascii_letters + string.digits + string.punctuation + " \n")
FEW = st.lists(st.sampled_from(["the", "a", "cat", "Cat", "sat,", "mat", "x2", "an"])).map(" ".join)
TEXTS = st.one_of(ASCII, FEW)
VARIANTS = ("rouge1", "rouge2", "rougeL")


@given(TEXTS, TEXTS)
def test_rouge_is_that_of_googles_rouge_score(reference, candidate):
    scorer = pytest.importorskip("rouge_score.rouge_scorer").RougeScorer(VARIANTS)
    for variant, told in scorer.score(reference, candidate).items():
        ours = rouge(reference, candidate, variant)
        assert ours.precision == pytest.approx(told.precision, abs=1e-12)
        assert ours.recall == pytest.approx(told.recall, abs=1e-12)
        assert ours.f1 == pytest.approx(told.fmeasure, abs=1e-12)


def squads_words(text):
    """The task's own steps, one after another (Rajpurkar and others 2016)."""
    text = text.lower()
    text = "".join(letter for letter in text if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


@given(TEXTS, TEXTS)
def test_exact_match_and_f1_are_squads_on_ascii(reference, candidate):
    wanted, given_ = squads_words(reference), squads_words(candidate)
    assert exact(reference, candidate) == (wanted == given_)
    shared = sum((Counter(wanted.split()) & Counter(given_.split())).values())
    if not wanted or not given_:
        f1 = float(wanted == given_)
    elif not shared:
        f1 = 0.0
    else:
        precision, recall = shared / len(given_.split()), shared / len(wanted.split())
        f1 = 2 * precision * recall / (precision + recall)
    assert token_overlap(reference, candidate).f1 == pytest.approx(f1, abs=1e-12)


def common_by_table(first, second):
    row = [0] * (len(second) + 1)
    for one in first:
        above = row
        row = [0]
        for place, other in enumerate(second):
            row.append(above[place] + 1 if one == other else max(row[place], above[place + 1]))
    return row[-1]


LETTERS = st.lists(st.sampled_from("abc"), max_size=90)


@given(LETTERS, LETTERS)
def test_the_longest_common_sequence_is_that_of_the_table(first, second):
    found = rouge(" ".join(first), " ".join(second), "rougeL")
    common = common_by_table(first, second)
    assert round(found.recall * len(first)) == common
    assert round(found.precision * len(second)) == common


@given(st.text(), st.text())
def test_they_are_between_0_and_1_turned_round_and_1_for_the_same(first, second):
    for variant in VARIANTS:
        one, other = rouge(first, second, variant), rouge(second, first, variant)
        assert 0 <= one.f1 <= 1
        assert (one.precision, one.recall) == (other.recall, other.precision)
    assert rouge(first, first, "rouge1").f1 == (1.0 if words(first) else 0.0)
    assert exact(first, first)
    assert token_overlap(first, first).f1 == 1.0
    assert token_overlap(first, second).f1 == token_overlap(second, first).f1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't stop_now, A-1042!", ("don", "t", "stop", "now", "a", "1042")),
        ("Straße über Cafe\u0301", ("straße", "über", "café")),
        ("हिन्दी में", ("हिन्दी", "में")),
        ("猫がいる x1", ("猫", "が", "い", "る", "x1")),
        ("?! …", ()),
    ],
)
def test_words_of_several_scripts(text, found):
    assert words(text) == found


def test_plain_words_drop_articles_and_the_punctuation_of_other_alphabets():
    assert plain_words("The «Eiffel Tower», an icon。") == ("eiffel", "tower", "icon")
    assert plain_words("Anthem") == ("anthem",)
