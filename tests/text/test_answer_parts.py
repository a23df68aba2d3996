from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.answer_parts import Kind, alternatives, grouped, question


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("Celtic", ("Celtic",)),
        ("1998/2015/1997", ("1998", "2015", "1997")),
        ("15/18/13", ("15", "18", "13")),
        ("1983/June 24, 1983", ("1983", "June 24, 1983")),
        ("54 Mbit/s", ("54 Mbit/s",)),
        ("160km/hour", ("160km/hour",)),
        ("24/7", ("24/7",)),
        ("5/6/2020", ("5/6/2020",)),
        ("United Nations (UN)", ("United Nations (UN)", "United Nations", "UN")),
        ("hit points or health points", (
            "hit points or health points", "hit points", "health points")),
        ("Celtic/Celtic", ("Celtic",)),
        ("«Emma»", ("Emma",)),
        ("", ()),
        ("?/!", ()),
    ],
)  # fmt: skip
def test_alternatives(reference, parts):
    assert alternatives(reference) == parts


@given(st.lists(st.from_regex(r"[A-Z][a-z]{3,8}", fullmatch=True), min_size=1, unique=True))
def test_names_parted_by_slashes_come_back(names):
    assert alternatives("/".join(names)) == tuple(names)[:40]


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        ("Who wrote Emma?", Kind.WHO),
        ("when did it open", Kind.WHEN),
        ("In what year did it open?", Kind.WHEN),
        ("Where is it made?", Kind.WHERE),
        ("How many seats has it?", Kind.MANY),
        ("What does it mean?", Kind.WHY),
        ("What is it called?", Kind.WHAT),
        ("Wer hat es erfunden?", Kind.WHO),
        ("Wie viele Tage habe ich?", Kind.MANY),
        ("¿Cuándo abrió?", Kind.WHEN),
        ("¿Dónde está?", Kind.WHERE),
        ("Combien de jours ?", Kind.MANY),
        ("Qui l'a écrit ?", Kind.WHO),
        ("Quem escreveu?", Kind.WHO),
        ("Onde fica?", Kind.WHERE),
        ("", Kind.WHAT),
    ],
)
def test_what_a_question_asks_for(ask, kind):
    assert question(ask).kind is kind


def test_answers_that_share_a_word_are_one():
    assert grouped(("1983", "June 24, 1983", "Hawaii", "the state of Hawaii")) == (0, 0, 2, 2)
    assert grouped(("Hawaii", "Arizona", "Hawaii and Arizona")) == (0, 0, 0)


@given(st.lists(st.sampled_from(["a b", "b c", "d", "e f", "f", "g"]), unique=True).map(tuple))
def test_a_group_is_named_by_its_first_member(options):
    groups = grouped(options)
    assert len(groups) == len(options)
    assert all(groups[group] == group <= place for place, group in enumerate(groups))
