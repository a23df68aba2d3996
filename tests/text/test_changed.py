"""What an edit did: handmade pairs, and floors under the figures of ``bench/agreement.py``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import agreement as bench
from bench import contradiction
from chatbot_qa.text.changed import Change, changed, weights
from chatbot_qa.text.changed_edits import edits, tokens
from chatbot_qa.text.changed_words import alike, bases, known, lists, of_one_family, opposed

TEXT = (
    "Ann tells Bob that she wants to return the {} coat which he bought for her on {}. "
    "Bob {} to go to the shop {} lunch."
)
BASE = TEXT.format("red", "Monday", "agrees", "after")


@pytest.mark.parametrize(
    ("edited", "mark"),
    [
        (TEXT.format("red", "Friday", "agrees", "after"), "family"),
        (TEXT.format("blue", "Monday", "agrees", "after"), "family"),
        (TEXT.format("red", "Monday", "refuses", "after"), "opposed"),
        (TEXT.format("red", "Monday", "agrees", "before"), "opposed"),
        (TEXT.format("red", "Monday", "agrees", "after").replace("Bob", "Tom"), "names"),
        (TEXT.format("red", "Monday", "does not agree", "after"), "deny more"),
        (TEXT.format("red", "Monday", "accepts", "after"), "alike"),
        (TEXT.format("red", "Monday", "agreed", "after"), "inflected"),
        (TEXT.format("old red", "Monday", "agrees", "after"), "added"),
        (TEXT.format("", "Monday", "agrees", "after"), "taken"),
    ],
)
def test_an_edit_is_marked_for_what_it_is(edited, mark):
    assert mark in {one for edit in edits(tokens(BASE), tokens(edited)) for one in edit.marks}


@pytest.mark.parametrize(
    ("original", "edited", "state"),
    [
        (BASE, TEXT.format("red", "Friday", "agrees", "after"), Change.CHANGED),
        (BASE, TEXT.format("red", "Monday", "refuses", "after"), Change.CHANGED),
        (BASE, BASE.replace("Ann tells", "Ann does not tell"), Change.CHANGED),
        ("It is $20 for all of us.", "It is $25 for all of us.", Change.CHANGED),
        (BASE, TEXT.format("red", "Monday", "consents", "after"), Change.SAME),
        (BASE, BASE.replace("shop", "store"), Change.SAME),
        (BASE, BASE.upper(), Change.SAME),
        ("He is not insured at the moment.", "He is uninsured at the moment.", Change.SAME),
        ("José is in the shop.", "Jose is in the shop.", Change.SAME),
        ("Sie haben 30 Tage Zeit.", "Sie haben 14 Tage Zeit.", Change.UNSURE),
    ],
)  # fmt: skip
def test_whether_an_edited_text_says_the_same(original, edited, state):
    assert changed(original, edited).state is state


def test_one_denial_for_another_is_none_the_more():
    found = edits(tokens("It does not work."), tokens("It fails to work."))
    marks = {mark for edit in found for mark in edit.marks}
    assert "alike" in marks
    assert not {"deny more", "deny less", "turned"} & marks


def test_the_most_telling_edit_has_its_place():
    edited = TEXT.format("red", "Friday", "agrees", "after").replace("shop", "store")
    found = changed(BASE, edited)
    assert found.first is not None
    assert found.second is not None
    assert BASE[slice(*found.first)] == "Monday"
    assert edited[slice(*found.second)] == "Friday"


def test_more_harmless_edits_do_not_make_up_for_one_that_tells():
    one = changed(BASE, BASE.replace("Monday", "Friday"))
    more = changed(BASE, BASE.replace("Monday", "Friday").replace("shop", "store"))
    assert more.score >= one.score


def test_words_are_known_in_all_their_forms():
    assert alike("buys", "purchased")
    assert opposed("accepted", "refuses")
    assert opposed("able", "unable")
    assert of_one_family("Fridays".lower(), "monday")
    assert "plan" in bases("planned")
    assert not known("zyzzyva")
    assert not alike("buy", "sell")


def test_no_pair_is_alike_and_a_listed_opposite():
    both = [pair for pair in lists().opposed if len(pair) == 2 and alike(*sorted(pair))]
    assert both == []


def test_every_weight_is_of_a_mark_that_can_be_set():
    assert weights().same_below < weights().changed_from
    assert {"opposed", "number", "family", "alike"} <= set(weights().marks)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_have_a_score(original, edited):
    found = changed(original, edited)
    assert 0 <= found.score <= 1
    assert changed(original, original).state is Change.SAME


@pytest.fixture(scope="module")
def figures():
    if not bench.DATA.exists():
        pytest.skip(f"{bench.DATA} is not there")
    return {one.name: one for one in bench.figures()}


def test_changed_facts_are_caught_where_the_weights_have_not_seen_them(figures):
    assert figures["changed facts caught, 5 folds"].value >= 0.63
    across = [one.value for name, one in figures.items() if name.startswith("caught on")]
    assert len(across) == 2
    assert min(across) >= 0.55
    assert all(one.low <= one.value <= one.high for one in figures.values())


def test_few_contradictions_are_told_and_most_rightly():
    if not contradiction.DATA.exists():
        pytest.skip(f"{contradiction.DATA} is not there")
    found = {one.name: one.value for one in contradiction.figures()}
    assert found["contradicting among those called disagree"] >= 0.6
    assert found["kappa, unsure being consistent"] > 0
