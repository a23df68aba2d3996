from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_qa.text.claim import Bound, Kind
from chatbot_qa.text.claims import claims
from chatbot_qa.text.clauses import clauses, polarity, stem_of
from chatbot_qa.text.numbers import bare
from chatbot_qa.text.wanted import wanted

SAME = [
    ("within 30 days", "within thirty days"),
    ("2 weeks", "14 days"),
    ("a year: 12 months", "1 year"),
    ("24 hours", "1 day"),
    ("5 business days", "5 Werktage"),
    ("$5", "5 dollars"),
    ("EUR 20", "20 €"),
    ("it is free of charge", "kostenlos"),
    ("10 %", "ten percent"),
    ("$1.5k", "1,500 dollars"),
    ("9 am", "9:00"),
    ("5:30 pm", "17h30"),
    ("noon", "12:00"),
    ("17 Uhr", "5 pm"),
    ("9-17 Uhr", "from 9:00 to 17:00"),
    ("2024-05-20", "May 20, 2024"),
    ("May 20", "20. Mai 2024"),
    ("on Friday", "am Freitag"),
    ("Mon-Fri", "Monday to Friday"),
    ("3-5 days", "3 to 5 days"),
    ("order A-1042", "order A1042"),
    ("+1 800 555 1234", "1-800-555-1234"),
    ("see https://www.shop.example/faq.", "www.shop.example/faq"),
    ("mail Help@Shop.example", "help@shop.example"),
    ("by Jane Austen", "by Austen"),
]
OTHER = [
    ("30 days", "31 days"),
    ("5 days", "5 business days"),
    ("5 days", "5 dollars"),
    ("5 dollars", "5 euros"),
    ("9 am", "9 pm"),
    ("May 20, 2024", "May 20, 2025"),
    ("within 30 days", "after 30 days"),
    ("3-5 days", "3-6 days"),
    ("Mon-Fri", "Mon-Sat"),
    ("in New York", "in New Delhi"),
    ("A-1042", "A-1043"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_values_that_are_written_differently_are_the_same(first, second):
    one, other = claims(first).values[-1], claims(second).values[-1]
    assert one.same(other)
    assert other.same(one)


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_values_that_differ(first, second):
    one, other = claims(first).values[-1], claims(second).values[-1]
    assert not one.same(other)
    assert not other.same(one)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("You have 30 days.", [Kind.NUMBER]),
        ("Mail help@shop.example by 5 pm on Friday.", [Kind.ADDRESS, Kind.TIME, Kind.WEEKDAY]),
        ("Order A-1042 ships on May 20.", [Kind.CODE, Kind.DAY]),
        ("Ask Ann Lee in Berlin.", [Kind.NAME, Kind.NAME]),
        ("It's Sydney.", [Kind.NAME]),
        ("Returns are free to all; feel free to ask.", []),
        ("Das Paket liegt im Laden.", []),
        ("I am sure. You can call. The end.", []),
    ],
)
def test_what_is_a_value(text, kinds):
    assert [one.kind for one in claims(text).values] == kinds


def test_a_value_has_its_bound_its_text_and_its_place():
    text = "You’ll get it within 30 days, for at least $5."
    days, price = claims(text).values
    assert (days.bound, price.bound) == (Bound.UP_TO, Bound.FROM)
    assert [text[one.start : one.end] for one in (days, price)] == ["30 days", "$5"]
    assert (days.text, price.text) == ("30 days", "$5")


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("tickets are refundable", [False]),
        ("tickets are not refundable", [True]),
        ("tickets are non-refundable", [True]),
        ("tickets are not non-refundable", [False]),
        ("shoes are returnable, socks are not", [False, True]),
        ("you can return shoes but not socks", [False, True]),
        ("you can't return it", [True]),
        ("not only cheap", [False]),
        ("es ist nicht erstattbar", [True]),
        ("kein problem", [True]),
        ("ce n'est pas possible", [True]),
        ("no hay ningun reembolso", [True]),
        ("nunca aceptamos devoluciones", [True]),
        ("nao pode devolver no prazo", [True]),
        ("voce pode devolver no site em 30 dias", [False]),
    ],
)
def test_a_denial_reaches_as_far_as_its_clause(text, denied):
    assert [clause.denied for clause in clauses(text)] == denied


def test_what_a_clause_is_about():
    (clause,) = clauses("sale items cannot be returned")
    assert clause.words == (stem_of("sales")[0], stem_of("item")[0], stem_of("returns")[0])
    assert stem_of("non-refundable") == (stem_of("refunds")[0], True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes, you can.", "yes"), ("Sure!", "yes"), ("Hi Ann, yes you can", "yes"),
        ("No.", "no"), ("Unfortunately not, sorry", "no"), ("I'm sorry, but no.", "no"),
        ("Ja, gerne", "yes"), ("Nein", "no"), ("Sí, claro", "yes"), ("Oui !", "yes"),
        ("Non, désolé", "no"), ("Sim, pode", "yes"), ("Não", "no"),
        ("No problem, come in", ""), ("You can", ""), ("Si vous voulez", ""), ("", ""),
    ],
)  # fmt: skip
def test_how_a_text_opens(text, said):
    assert polarity(bare(text)) == said


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        ("How long do I have?", Kind.NUMBER),
        ("Was kostet der Versand?", Kind.NUMBER),
        ("¿Cuánto cuesta?", Kind.NUMBER),
        ("When do you open?", Kind.TIME),
        ("Quando chega?", Kind.DAY),
        ("Who wrote it?", Kind.NAME),
        ("What is your phone number?", Kind.ADDRESS),
        ("What is my order number?", Kind.CODE),
    ],
)
def test_what_a_question_wants(ask, kind):
    assert kind in wanted(ask)


def test_a_question_whose_form_does_not_tell_wants_nothing():
    assert wanted("Tell me about jackets") == frozenset()


@given(st.text(max_size=80))
def test_any_text_is_read_and_places_are_places(text):
    said = claims(text)
    for one in said.values:
        assert 0 <= one.start < one.end <= len(text)
        assert one.same(one)
        assert one.text in text
    for before, after in zip(said.values, said.values[1:], strict=False):
        assert before.end <= after.start
