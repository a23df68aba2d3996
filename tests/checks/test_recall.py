from __future__ import annotations

import pytest

from chatbot_qa.checks.recall import recalls
from tests.checks.talk import FAILED, PASSED, UNSURE, judged, negated, seen


@pytest.mark.parametrize(
    ("reply", "value", "outcome"),
    [
        ("Your order is A-1042.", "A-1042", PASSED),
        ("Your order is a 1042.", "A-1042", PASSED),
        ("Your order is A1042.", "A-1042", PASSED),
        ("Your order is A-10421.", "A-1042", FAILED),
        ("Your order is XA-1042.", "A-1042", FAILED),
        ("Your order is not A-1042.", "A-1042", FAILED),
        ("I'm not sure whether it was A-1042.", "A-1042", FAILED),
        ("I could not find order A-1042.", "A-1042", PASSED),
        ("Your order A-1042 is not ready.", "A-1042", PASSED),
        ("Hola, JOSÉ!", "Jose", PASSED),
        ("The zip is 98,187.", "98187", PASSED),
        ("The zip is 2134.", "02134", FAILED),
        ("You have thirty days.", "30 days", PASSED),
        ("You have thirty weeks.", "30 days", FAILED),
        ("It arrives on May 20th.", "2024-05-20", PASSED),
        ("It arrives on May 21st.", "2024-05-20", FAILED),
        ("You write C++.", "C++", PASSED),
        ("You write C.", "C++", FAILED),
        ("Mail to ann@acme.example.", "ann@acme.example", PASSED),
    ],
)
def test_a_value_is_recalled_however_it_is_formatted(reply, value, outcome):
    assert judged(recalls, seen(reply), value=value).outcome is outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("It's 98187.", PASSED),
        ("It's 98178.", FAILED),
        ("Not 98178 but 98187.", PASSED),
        ("Not 98187 but 98178.", FAILED),
        ("It's 98187, not 98178.", PASSED),
        ("It's 98178, not 98187.", FAILED),
        ("98187 (was 98178)", PASSED),
        ("98178 (was 98187)", FAILED),
        ("I changed it from 98178 to 98187.", PASSED),
        ("I changed it from 98187 to 98178.", FAILED),
        ("I replaced 98178 with 98187.", PASSED),
        ("98178 → 98187", PASSED),
        ("98187 → 98178", FAILED),
        ("The old zip was 98178; the new one is 98187.", PASSED),
        ("It is 98187 instead of 98178.", PASSED),
        ("It used to be 98178, now it is 98187.", PASSED),
        ("Your zip is 98187, previously 98178.", PASSED),
        ("Die neue PLZ ist 98187, nicht 98178.", PASSED),
        ("Ya no es 98178, ahora es 98187.", PASSED),
        ("98178, 98187", UNSURE),
        ("I do not have one.", FAILED),
    ],
)
def test_of_two_values_the_current_one_decides(reply, outcome):
    finding = judged(recalls, seen(reply), value="98187", instead_of="98178")
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("I can't recall your order A-1042.", FAILED),
        ("I have no record of A-1042.", FAILED),
        ("You do not have A-1042.", FAILED),
        ("I have not forgotten: it is A-1042.", PASSED),
        ("No problem, your order is A-1042.", PASSED),
        ("It's not A-1041 but A-1042.", PASSED),
        ("I don't know when A-1042 will arrive.", PASSED),
        ("I'm not sure, maybe A-1042?", UNSURE),
        ("I have no idea, A-1042 perhaps.", UNSURE),
        ("No recuerdo su pedido A-1042.", FAILED),
        ("No tengo constancia de A-1042.", FAILED),
        ("No lo he olvidado: es A-1042.", PASSED),
        ("No es A-1041 sino A-1042.", PASSED),
        ("Ni idea, quizás A-1042.", UNSURE),
        ("Ich kann mich nicht an A-1042 erinnern.", FAILED),
        ("Ich habe keine Angaben zu A-1042.", FAILED),
        ("Kein Problem, Ihre Bestellung ist A-1042.", PASSED),
        ("Nicht A-1041, sondern A-1042.", PASSED),
        ("Keine Ahnung, vielleicht A-1042.", UNSURE),
        ("Je ne me souviens pas de A-1042.", FAILED),
        ("Je n'ai aucune trace de A-1042.", FAILED),
        ("Pas de problème, c'est A-1042.", PASSED),
        ("Ce n'est pas A-1041 mais A-1042.", PASSED),
        ("Aucune idée, peut-être A-1042.", UNSURE),
        ("Não me lembro do pedido A-1042.", FAILED),
        ("Não tenho registro de A-1042.", FAILED),
        ("Sem problema, é A-1042.", PASSED),
        ("Não é A-1041, mas A-1042.", PASSED),
        ("Não tenho certeza, talvez A-1042.", UNSURE),
    ],
)
def test_what_is_denied_is_not_recalled_and_what_is_guessed_is_unsure(reply, outcome):
    assert judged(recalls, seen(reply), value="A-1042").outcome is outcome


@pytest.mark.parametrize(
    "reply", ["I don't know Priya.", "Ich kenne Priya nicht.", "No conozco a Priya."]
)
def test_a_bot_that_does_not_know_a_name_does_not_recall_it(reply):
    assert judged(recalls, seen(reply), value="Priya").outcome is FAILED


def test_a_guess_is_unsure_though_the_replaced_value_is_denied():
    finding = judged(
        recalls, seen("Perhaps it is 98187, not 98178."), value="98187", instead_of="98178"
    )
    assert finding.outcome is UNSURE


def test_a_failure_quotes_the_turn_that_said_it_and_the_reply():
    before = [("Hi, my order number is A-1042.", "Hello!"), ("When is it due?", "On Monday.")]
    finding = judged(recalls, seen("Could you tell me your order?", before=before), value="A-1042")
    assert finding.outcome is FAILED
    assert finding.reason == 'the reply does not name "A-1042", said in turn 1'
    assert [(quote.label, quote.text) for quote in finding.quotes] == [
        ("turn 1 said", "Hi, my order number is A-1042."),
        ("reply 3 of 3", "Could you tell me your order?"),
    ]


def test_a_value_that_the_bot_gave_is_quoted_from_its_reply():
    before = [("Hi", "Ticket number: T-77."), ("Ok", "Fine.")]
    finding = judged(recalls, seen("No idea.", before=before), value="T-77")
    assert [quote.label for quote in finding.quotes] == ["reply 1 of 3", "reply 3 of 3"]


@pytest.mark.parametrize(
    "reply",
    [
        "I don't know your name.",
        "Das weiß ich nicht.",
        "I'm not sure I understand. Is it about an order, a return or a delivery?",
    ],
)
def test_no_more_is_said_of_a_reply_without_the_value_than_that(reply):
    finding = judged(recalls, seen(reply), value="Priya")
    assert finding.reason == 'the reply does not name "Priya"'


def test_not_recalls_after_being_told_to_forget():
    assert negated(recalls, seen("I have no record of it."), value="A-1042").outcome is PASSED
    finding = negated(recalls, seen("It is A-1042."), value="A-1042")
    assert finding.outcome is FAILED
    assert finding.reason == 'the reply names "A-1042"'
    assert finding.quotes


PRIYA = [("My name is Priya.", "Hello!")]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("My name is Priya, I'm your assistant!", FAILED),
        ("I'm Priya. How can I help?", FAILED),
        ("Your name is Priya.", PASSED),
        ("Your name is Priya, and I'm Lina.", PASSED),
        ('You told me: "My name is Priya".', PASSED),
        ("I'm Priya's assistant, and your name is Priya.", PASSED),
        ("Is it Priya, Anna or Maria?", UNSURE),
        ("Anna or Priya.", UNSURE),
        ("It is spelled P-R-I-Y-A.", PASSED),
        ("P R I Y A", PASSED),
        ("P-R-I-T-A", FAILED),
    ],
)
def test_the_user_s_name_is_recalled_as_theirs(reply, outcome):
    finding = judged(recalls, seen(reply, "What is my name?", PRIYA), value="Priya")
    assert finding.outcome is outcome


def test_the_bot_s_own_name_is_recalled_as_its_own():
    told = [("Who are you?", "I'm Lina.")]
    assert judged(recalls, seen("I'm Lina.", "Who?", told), value="Lina").outcome is PASSED
